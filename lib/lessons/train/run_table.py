"""The learner's runs in one table beside the charts: named in place, laid over, shown, removed, taken away."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable, Mapping
from typing import Any

import streamlit as st

from lib.core.training.config import TrainConfig
from lib.core.training.export import metrics_csv, metrics_json, seconds_to, weights_safetensors
from lib.figures.palette import palette
from lib.figures.training import TARGET_ACCURACY
from lib.jobs.manager import MAX_NAME, get_manager
from lib.jobs.views import NotOwnerError, RunView, UnknownRunError
from lib.lessons.train.charts import Charted
from lib.lessons.train.state import ACTS_DONE, AT, MAX_OVERLAY, OPEN_RUN, OVERLAY, RUN, TABLE
from lib.lessons.train.texts import TrainTexts
from lib.ui.components.base import browser_component
from lib.ui.frame import Frame
from lib.ui.owner import owner_token
from lib.ui.runs.as_of import learned
from lib.ui.runs.runs import run_names, settings_text
from lib.ui.runs.texts import RUN_TEXTS, RunTexts
from lib.ui.state import Key, State, report

KEY = "run_table"
MAX_ACTS = 200
_mount = browser_component("run_table", html='<div class="run-table"></div>')


def run_table(
    view: Frame, state: State, texts: TrainTexts, charted: list[Charted], mine: list[RunView]
) -> None:
    """Draw the table, and the files of the run that is opened in it; nothing before there is a run.

    ``charted`` are the runs on the charts, with their colours; ``mine`` are the learner's.
    """
    runs = mine + [each.run for each in charted if each.run.id not in {run.id for run in mine}]
    if not runs:
        return
    words = RUN_TEXTS[view.lang]
    names = run_names(runs, words)
    colours = {each.run.id: each.colour for each in charted}
    token, number = state[ACTS_DONE]
    rows = [
        {**_row(run, names, words, state), "colour": colours.get(run.id, ""), "isMine": run in mine}
        for run in runs
    ]
    best = max((row["accuracy"] or 0.0 for row in rows), default=0.0)
    for row in rows:
        row["isBest"] = len(rows) > 1 and best > 0 and row["accuracy"] == best
    props = {
        "runs": rows,
        "done": {"token": token, "number": number},
        "most": MAX_OVERLAY,
        "longest": MAX_NAME,
        "labels": {**texts.run_table, **view.texts.signs},
        "colours": palette(dark=view.dark).named("input", "output", "muted", "ink", "grid"),
    }
    st.markdown(f"**{texts.compare}**")
    _mount(key=KEY, data=json.dumps(props, ensure_ascii=False), on_acts_change=take_acts)
    opened = {run.id: run for run in runs}.get(state[OPEN_RUN])
    if opened is not None:
        _downloads(opened, names[opened.id], texts)


def _row(run: RunView, names: Mapping[str, str], words: RunTexts, state: State) -> dict[str, Any]:
    assert isinstance(run.config, TrainConfig)
    return {
        "id": run.id,
        "number": run.number,
        "name": names[run.id],
        "given": run.name or "",
        "settings": settings_text(run.config, words.settings),
        "state": words.status[run.status],
        "accuracy": round(run.epochs[-1].test_accuracy, 2) if run.epochs else None,
        "seconds": round(run.seconds, 2) if run.status.is_over else None,  # the table is seldom redrawn
        "target": seconds_to(run.epochs, TARGET_ACCURACY),
        "isShown": run.id == state[RUN],
        "isLaid": run.id in state[OVERLAY],
        "isOpen": run.id == state[OPEN_RUN],
    }


def take_acts() -> None:
    """The component's callback: do each act that it reports and that has not been done yet, in order."""
    apply_acts(report(KEY, "acts"))


def apply_acts(reported: object) -> None:
    """Do what a report asks for; what is no report of our own script is left alone.

    A report repeats the acts that the script does not know to be done; their numbers say which are new.
    """
    found = _acts(reported)
    if found is None:
        return
    token, acts = found
    known, done = TABLE.now()[ACTS_DONE]
    before = done if token == known else 0
    try:
        for number, doing, run_id, value in acts:
            if number > before:
                # Where it is gone, the table says so by itself.
                with contextlib.suppress(UnknownRunError, NotOwnerError):
                    _DOINGS[doing](run_id, value)
    finally:  # what fails once is not done again with each report
        last = max((act[0] for act in acts), default=0)
        TABLE.change({ACTS_DONE: (token, max(last, before))})


def _laid() -> tuple[str, ...]:
    """What lies over the charts, but for runs that are gone: removed in another tab, or forgotten."""
    manager, there = get_manager(), []
    for run_id in TABLE.now()[OVERLAY]:
        with contextlib.suppress(UnknownRunError):
            manager.snapshot(run_id)
            there.append(run_id)
    return tuple(there)


def _acts(reported: object) -> tuple[str, list[tuple[int, str, str, str]]] | None:
    try:
        said = json.loads(reported) if isinstance(reported, str) else None
        if not isinstance(said, dict) or not isinstance(said["token"], str):
            return None
        acts = [
            (int(act["number"]), str(act["doing"]), str(act["run"]), str(act["value"]))
            for act in said["acts"][:MAX_ACTS]
        ]
    except (ValueError, TypeError, KeyError):
        return None
    return said["token"][:40], [act for act in acts if act[1] in _DOINGS]


def _rename(run_id: str, name: str) -> None:
    get_manager().rename(run_id, owner_token(), name)


def _lay(run_id: str, value: str) -> None:
    others = tuple(each for each in _laid() if each != run_id)
    if value == "on":
        get_manager().snapshot(run_id)  # an id that means no run is refused here
    TABLE.change({OVERLAY: (*others, run_id)[-MAX_OVERLAY:] if value == "on" else others})


def _show(run_id: str, _: str) -> None:
    get_manager().snapshot(run_id)
    TABLE.change({RUN: run_id, AT: ""})


def _files(run_id: str, _: str) -> None:
    TABLE.change({OPEN_RUN: "" if TABLE.now()[OPEN_RUN] == run_id else run_id})


def _remove(run_id: str, _: str) -> None:
    get_manager().remove(run_id, owner_token())
    now = TABLE.now()
    changes: dict[Key[Any], object] = {OVERLAY: tuple(each for each in _laid() if each != run_id)}
    if now[RUN] == run_id:
        changes[RUN] = ""
    TABLE.change(changes)


_DOINGS: dict[str, Callable[[str, str], None]] = {
    "rename": _rename,
    "lay": _lay,
    "show": _show,
    "files": _files,
    "remove": _remove,
}


def _downloads(run: RunView, name: str, texts: TrainTexts) -> None:
    config = run.config
    assert isinstance(config, TrainConfig)
    stem = "".join(c if c.isalnum() else "-" for c in name) or "run"
    with st.container(horizontal=True, key="run_files"):
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
        final = learned(run)
        if final is not None:
            st.download_button(
                texts.safetensors,
                data=lambda: weights_safetensors(config, final.weights),
                file_name=f"{stem}.safetensors",
                mime="application/octet-stream",
                on_click="ignore",
                icon=":material/download:",
            )
    if learned(run) is not None:
        st.caption(texts.weights_hint.format(file=f"{stem}.safetensors"))
