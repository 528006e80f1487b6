"""The page: settings, the run that is shown live, what it has learned, and the program."""

from __future__ import annotations

import streamlit as st

from lib.core.lessons import load_lesson
from lib.jobs.manager import get_manager
from lib.lessons.train.controls import controls
from lib.lessons.train.live import live
from lib.lessons.train.results import results
from lib.lessons.train.shown import shown_run
from lib.lessons.train.state import TABLE
from lib.lessons.train.steps import steps
from lib.lessons.train.texts import TRAIN_TEXTS
from lib.ui.components.columns import settings_and_picture
from lib.ui.frame import frame


def show() -> None:
    """The page."""
    view = frame("train")
    texts = TRAIN_TEXTS[view.lang]
    lesson = load_lesson("train", view.lang)
    get_manager().warm_up()
    st.title(texts.title)
    st.markdown(lesson["intro"].body)
    with TABLE.read(view.lang) as state:
        shown = shown_run(state, texts)
        with st.container(key="train_body"):
            settings, charts = settings_and_picture("train")
        place = (
            st.container()
        )  # each part keeps its place, and with it its state, whether others are there or not
        with settings:
            config = controls(view, state, texts)
        with charts:
            live(view, texts, config, shown, place)
        if shown is not None:
            with place:
                results(view, state, texts, shown)
        steps(state, texts, config, lesson)
