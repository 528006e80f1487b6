"""The page: settings, the run that is shown live, what it has learned, and the program."""

from __future__ import annotations

import streamlit as st

from lib.core.lessons import load_lesson
from lib.core.mnist import MnistFileError
from lib.jobs.manager import get_manager
from lib.lessons.train.controls import controls
from lib.lessons.train.live import live
from lib.lessons.train.results import results
from lib.lessons.train.shown import shown_run
from lib.lessons.train.state import TABLE
from lib.lessons.train.steps import steps
from lib.lessons.train.texts import TRAIN_TEXTS
from lib.ui.frame import frame
from lib.ui.runs.texts import RUN_TEXTS


def show() -> None:
    """The page."""
    view = frame("train")
    texts, runs = TRAIN_TEXTS[view.lang], RUN_TEXTS[view.lang]
    lesson = load_lesson("train", view.lang)
    get_manager().warm_up()
    st.title(texts.title)
    st.markdown(lesson["intro"].body)
    with TABLE.read(view.lang) as state:
        shown = shown_run(state, texts)
        with st.container(key="train_body"):
            settings, charts = st.columns([3, 7], gap="medium")
        with settings:
            config = controls(view, state, texts)
        with charts:
            live(view, texts, config, shown)
        with (
            st.container()
        ):  # each part keeps its place, and with it its state, whether others are there or not
            if shown is not None:
                try:
                    results(view, state, texts, shown)
                except MnistFileError as error:
                    st.error(
                        runs.mnist_problem.format(
                            path=error.path.name, reason=runs.file_reasons[error.reason]
                        )
                    )
        steps(state, texts, config, lesson)
