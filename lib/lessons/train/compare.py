"""The learner's runs side by side: a table, a choice of what lies on the charts, and what to do with each."""

from __future__ import annotations

import contextlib
import re
import zlib
from collections import Counter
from collections.abc import Mapping
from typing import Any

import streamlit as st

from lib.core.training.config import TrainConfig
from lib.core.training.export import metrics_csv, metrics_json, seconds_to, weights_safetensors
from lib.jobs.manager import MAX_NAME, get_manager
from lib.jobs.views import NotOwnerError, RunView, UnknownRunError
from lib.lessons.train.live import MAX_OVERLAY
from lib.lessons.train.state import MANAGED, NEWEST, OVERLAY, RUN, TABLE
from lib.lessons.train.texts import TrainTexts
from lib.ui.owner import owner_token
from lib.ui.runs.runs import my_runs, run_names, settings_text
from lib.ui.runs.texts import RunTexts
from lib.ui.state import Key, State

TARGET_ACCURACY = 97.0


def compare(state: State, texts: TrainTexts, words: RunTexts) -> None:
    """Draw the table and its tools; nothing before the first run is over."""
    runs = [run for run in my_runs() if run.status.is_over]
    if not runs:
        return
    names = run_names(my_runs(), words)
    st.subheader(texts.compare)
    st.caption(texts.compare_hint)
    others = [run.id for run in runs if run.id != state[RUN]][-MAX_OVERLAY:]
    if others:
        state.choices(
            OVERLAY,
            texts.on_charts,
            options=others,
            format=lambda run_id: _literal(names.get(run_id, run_id)),
        )
    st.dataframe([_row(run, names, texts, words) for run in runs], hide_index=True)
    with st.expander(texts.manage, key="manage"):
        _manage(state, runs, names, texts)


def _row(run: RunView, names: dict[str, str], texts: TrainTexts, words: RunTexts) -> dict[str, object]:
    assert isinstance(run.config, TrainConfig)
    return {
        texts.column_name: names[run.id],
        texts.column_config: settings_text(run.config, words.settings),
        texts.column_status: words.status[run.status],
        texts.column_accuracy: run.epochs[-1].test_accuracy if run.epochs else None,
        texts.column_seconds: round(run.seconds, 2),
        texts.column_to_97: _seconds(seconds_to(run.epochs, TARGET_ACCURACY)),
    }


def _seconds(seconds: float | None) -> str:
    return "–" if seconds is None else f"{seconds:.2f}"


def _literal(name: str) -> str:
    """A learner's name for a run, without what Markdown would make of it.

    >>> _literal("**a** :red[b]")
    '\\\\*\\\\*a\\\\*\\\\* \\\\:red\\\\[b\\\\]'
    """
    return re.sub(r"([\\`*_{}\[\]<>$:#|~])", r"\\\1", name)


def _manage(state: State, runs: list[RunView], names: dict[str, str], texts: TrainTexts) -> None:
    by_id = {run.id: run for run in runs}
    newest = runs[-1].id
    if state[NEWEST] != newest:  # a new run is what one wants to name or download
        state.set(NEWEST, newest)
        state.set(MANAGED, newest)
    options = list(by_id)[::-1]
    if state[MANAGED] not in by_id:
        state.set(MANAGED, options[0])
    chosen = state[MANAGED]
    labels = _labels(by_id, names)
    state.part(
        # Streamlit keeps a choice by its label: with other labels it is another choice.
        f"manage_{zlib.crc32(repr([labels[run_id] for run_id in options]).encode())}",
        chosen,
        lambda key, moved: st.selectbox(
            texts.which_run,
            options,
            format_func=lambda run_id: labels.get(run_id, run_id),
            key=key,
            on_change=moved,
        ),
        changes=lambda run_id: {MANAGED: run_id},
    )
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.button(texts.show, on_click=TABLE.change, args=({RUN: chosen},), icon=":material/visibility:")
        state.part(
            f"name_{chosen}",
            by_id[chosen].name or "",
            lambda key, moved: st.text_input(
                texts.new_name, max_chars=MAX_NAME, key=key, width=240, on_change=moved
            ),
            changes=lambda name: _rename(chosen, name),
        )
        st.button(texts.rename, icon=":material/edit:")  # the field says its name when it is left
        st.button(texts.remove, on_click=_remove, args=(chosen,), icon=":material/delete:")
    _downloads(by_id[chosen], names[chosen], texts)


def _labels(by_id: Mapping[str, RunView], names: Mapping[str, str]) -> dict[str, str]:
    """A label of its own for each run, also where two have one name."""
    often = Counter(names[run_id] for run_id in by_id)
    return {
        run_id: names[run_id] if often[names[run_id]] == 1 else f"{names[run_id]} ({run.number})"
        for run_id, run in by_id.items()
    }


def _rename(run_id: str, name: str) -> dict[Key[Any], object]:
    with contextlib.suppress(UnknownRunError, NotOwnerError):  # it is gone: the table says so by itself
        get_manager().rename(run_id, owner_token(), name)
    return {}


def _remove(run_id: str) -> None:
    with contextlib.suppress(UnknownRunError, NotOwnerError):  # gone already
        get_manager().remove(run_id, owner_token())
    if TABLE.now()[RUN] == run_id:
        TABLE.change({RUN: ""})


def _downloads(run: RunView, name: str, texts: TrainTexts) -> None:
    config = run.config
    assert isinstance(config, TrainConfig)
    stem = "".join(c if c.isalnum() else "-" for c in name) or "run"
    with st.container(horizontal=True):
        st.download_button(
            texts.csv,
            data=lambda: metrics_csv(run.losses, run.epochs, config.steps_per_epoch),
            file_name=f"{stem}.csv",
            mime="text/csv",
            on_click="ignore",
            icon=":material/download:",
        )
        st.download_button(
            texts.json,
            data=lambda: metrics_json(config, run.losses, run.epochs),
            file_name=f"{stem}.json",
            mime="application/json",
            on_click="ignore",
            icon=":material/download:",
        )
        final = run.final
        if final is not None:
            st.download_button(
                texts.safetensors,
                data=lambda: weights_safetensors(config, final.weights),
                file_name=f"{stem}.safetensors",
                mime="application/octet-stream",
                on_click="ignore",
                icon=":material/download:",
            )
    if run.final is not None:
        st.caption(texts.weights_hint.format(file=f"{stem}.safetensors"))
