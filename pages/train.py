"""/train: watch a network learn MNIST, live, in a process of its own."""

from __future__ import annotations

import streamlit as st

from lib.core.lessons import load_lesson
from lib.core.mnist import MnistFileError
from lib.jobs.manager import get_manager
from lib.ui.frame import frame
from lib.ui.texts.train import TRAIN_TEXTS
from lib.ui.training.compare import compare
from lib.ui.training.controls import controls
from lib.ui.training.live import live
from lib.ui.training.results import results
from lib.ui.training.runs import shown_run
from lib.ui.training.steps import steps

view = frame("train")
texts = TRAIN_TEXTS[view.lang]
lesson = load_lesson("train", view.lang)
get_manager().warm_up()

st.title(texts.title)
st.markdown(lesson["intro"].body)

shown = shown_run(texts)
settings, charts = st.columns([3, 7], gap="medium")
with settings:
    config = controls(view, texts)
with charts:
    live(view, texts, config, shown)

with st.container():  # each part keeps its place, and with it its state, whether others are there or not
    if shown is not None:
        try:
            results(view, texts, shown)
        except MnistFileError as error:
            st.error(
                texts.mnist_problem.format(path=error.path.name, reason=texts.file_reasons[error.reason])
            )
with st.container():
    compare(texts)
steps(texts, config, lesson)
