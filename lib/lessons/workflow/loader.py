"""A DataLoader at work: order, workers, batches ahead; its arguments to change, and its program."""

from __future__ import annotations

import json
from dataclasses import asdict, replace

import streamlit as st

from lib.core.workflow.loading import (
    BATCH,
    MAX_WORKERS,
    PREFETCH,
    SAMPLES,
    LoaderSettings,
    epoch_ms,
    loader_script,
    printed,
    timetable,
)
from lib.lessons.workflow.state import DROP_LAST, EPOCH, PREPARE_MS, SHUFFLE, STEP_MS, WORKERS
from lib.lessons.workflow.texts import LOADER_TEXTS, LoaderTexts
from lib.ui.components.base import browser_component
from lib.ui.components.code import code_block
from lib.ui.components.table import table
from lib.ui.frame import Frame
from lib.ui.state import State, Values

_mount = browser_component("loader", html='<div class="loader"></div>')


def settings_of(values: Values) -> LoaderSettings:
    """What the controls say."""
    return LoaderSettings(
        values[SHUFFLE],
        values[DROP_LAST],
        values[WORKERS],
        values[EPOCH],
        prepare_ms=values[PREPARE_MS],
        step_ms=values[STEP_MS],
    )


def show_loader(view: Frame, state: State) -> None:
    """Picture, controls, how long an epoch takes with each number of workers, code."""
    texts = LOADER_TEXTS[view.lang]
    st.markdown(f"**{texts.title.format(samples=SAMPLES, size=BATCH)}**")
    picture, controls = st.columns([7, 3], gap="medium")
    with controls:
        state.toggle(SHUFFLE, "`shuffle`")
        state.toggle(DROP_LAST, "`drop_last`")
        state.slider(WORKERS, "`num_workers`")
        state.slider(EPOCH, texts.epoch)
        state.slider(PREPARE_MS, texts.prepare, step=10)
        state.slider(STEP_MS, texts.step, step=10)
    settings = settings_of(state)
    with picture:
        _mount(key="loader", data=json.dumps(_props(view, texts, settings), ensure_ascii=False))
        _times(texts, settings)
    st.markdown(texts.rules.format(prefetch=PREFETCH))
    lines = "\n".join(f"# {line}" for line in printed(settings).splitlines())
    code_block(f"{loader_script(settings)}\n# {texts.prints}\n{lines}", key="loader_code", height=320)


def _props(view: Frame, texts: LoaderTexts, settings: LoaderSettings) -> dict[str, object]:
    """What the script documents as Loader."""
    return {
        "batches": [asdict(batch) for batch in timetable(settings)],
        "workers": settings.workers,
        "longest": epoch_ms(replace(settings, workers=0)),
        "signature": str(settings),
        "labels": {**texts.picture, **view.texts.signs},
        "colours": view.palette.named("input", "weight", "output", "muted", "ink", "paper", "grid"),
    }


def _times(texts: LoaderTexts, settings: LoaderSettings) -> None:
    """The epoch's length for each number of workers, the chosen one in bold."""
    heads, cells = [], []
    for workers in range(MAX_WORKERS + 1):
        mark = "**" if workers == settings.workers else ""
        heads.append(f"{mark}{workers}{mark}")
        cells.append(f"{mark}{epoch_ms(replace(settings, workers=workers))} ms{mark}")
    table(["`num_workers`", *heads], [[texts.takes, *cells]], label=texts.takes)
