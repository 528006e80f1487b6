"""The learner's runs side by side: a table, a choice of what lies on the charts, and what to do with each."""

from __future__ import annotations

import contextlib
import re
import zlib

import streamlit as st

from lib.core.training.config import TrainConfig
from lib.core.training.export import metrics_csv, metrics_json, seconds_to, weights_safetensors
from lib.jobs.manager import MAX_NAME, get_manager
from lib.jobs.views import NotOwnerError, RunView, UnknownRunError
from lib.ui.owner import owner_token
from lib.ui.texts.train import TrainTexts
from lib.ui.training.live import MAX_OVERLAY, OVERLAY
from lib.ui.training.runs import my_runs, run_names, settings_text

TARGET_ACCURACY = 97.0
_NEWEST, _MANAGED = "_newest_run", "_managed_run"


def compare(texts: TrainTexts) -> None:
    """Draw the table and its tools; nothing before the first run is over."""
    runs = [run for run in my_runs() if run.status.is_over]
    if not runs:
        return
    names = run_names(my_runs(), texts)
    st.subheader(texts.compare)
    st.caption(texts.compare_hint)
    shown = st.query_params.get("run")
    others = [run.id for run in runs if run.id != shown][-MAX_OVERLAY:]
    if others:
        st.pills(
            texts.on_charts,
            others,
            selection_mode="multi",
            format_func=lambda run_id: _literal(names.get(str(run_id), str(run_id))),
            key=OVERLAY,
        )
    st.dataframe([_row(run, names, texts) for run in runs], hide_index=True)
    with st.expander(texts.manage, key="manage"):
        _manage(runs, names, texts)


def _row(run: RunView, names: dict[str, str], texts: TrainTexts) -> dict[str, object]:
    assert isinstance(run.config, TrainConfig)
    return {
        texts.column_name: names[run.id],
        texts.column_config: settings_text(run.config, texts.settings),
        texts.column_status: texts.status[run.status],
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


def _manage(runs: list[RunView], names: dict[str, str], texts: TrainTexts) -> None:
    by_id = {run.id: run for run in runs}
    newest = runs[-1].id
    if st.session_state.get(_NEWEST) != newest:  # a new run is what one wants to name or download
        st.session_state[_NEWEST] = st.session_state[_MANAGED] = newest
    options = list(by_id)[::-1]
    managed = st.session_state[_MANAGED]
    chosen = st.selectbox(
        texts.which_run,
        options,
        index=options.index(managed) if managed in by_id else 0,
        format_func=lambda run_id: names.get(run_id, run_id),
        # Streamlit keeps a choice by its label: with other labels it is another choice.
        key=f"manage_{zlib.crc32(repr([names[run_id] for run_id in options]).encode())}",
    )
    if chosen not in by_id:
        return
    st.session_state[_MANAGED] = chosen
    # Set once, not as the field's default: with another default it would be another field, and typing be lost.
    st.session_state.setdefault(_name_key(chosen), by_id[chosen].name or "")
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.button(texts.show, on_click=_show, args=(chosen,), icon=":material/visibility:")
        st.text_input(
            texts.new_name,
            max_chars=MAX_NAME,
            key=_name_key(chosen),
            width=240,
            on_change=_rename,
            args=(chosen,),
        )
        st.button(texts.rename, on_click=_rename, args=(chosen,), icon=":material/edit:")
        st.button(texts.remove, on_click=_remove, args=(chosen,), icon=":material/delete:")
    _downloads(by_id[chosen], names[chosen], texts)


def _show(run_id: str) -> None:
    st.query_params["run"] = run_id


def _name_key(run_id: str) -> str:
    return f"name_{run_id}"


def _rename(run_id: str) -> None:
    name: str = st.session_state[_name_key(run_id)]
    with contextlib.suppress(UnknownRunError, NotOwnerError):  # it is gone: the table says so by itself
        get_manager().rename(run_id, owner_token(), name)


def _remove(run_id: str) -> None:
    with contextlib.suppress(UnknownRunError, NotOwnerError):  # gone already
        get_manager().remove(run_id, owner_token())
    if st.query_params.get("run") == run_id:
        del st.query_params["run"]


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
