"""The page: settings, the run that is shown live, what it has learned, and the program."""

from __future__ import annotations

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from lib.core.lessons import Section, load_lesson
from lib.jobs.manager import get_manager
from lib.lessons.train.controls import controls
from lib.lessons.train.live import live
from lib.lessons.train.results import results
from lib.lessons.train.shown import shown_run
from lib.lessons.train.state import TABLE
from lib.lessons.train.steps import steps
from lib.lessons.train.texts import TRAIN_TEXTS, TrainTexts
from lib.ui.components.columns import settings_and_picture
from lib.ui.frame import Frame, frame


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
        # Each part keeps its place, and with it its state, whether others are there or not.
        place, below = st.container(), st.container()
        with settings:
            _settings(view, texts, lesson, below)
        with charts:
            live(view, texts, shown, place)
        if shown is not None:
            with place:
                results(view, state, texts, shown)


@st.fragment
def _settings(view: Frame, texts: TrainTexts, lesson: dict[str, Section], below: DeltaGenerator) -> None:
    """What the next training would be, and its program: all that changes when a setting does."""
    with TABLE.read(view.lang, explains=False) as state:
        config = controls(view, state, texts)
        with below:
            steps(state, texts, config, lesson)
