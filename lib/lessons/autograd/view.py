"""/autograd: a gradient flows back along the edges; without zero_grad() it is added to the last one."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from lib.lessons.autograd.batch_view import batch_topic
from lib.lessons.autograd.depth_view import depth_topic
from lib.lessons.autograd.graph_view import graph_topic
from lib.lessons.autograd.loss_view import loss_topic
from lib.lessons.autograd.module_view import module_topic
from lib.lessons.autograd.parallel_view import parallel_topic
from lib.lessons.autograd.state import TABLE, TOPIC, Topic
from lib.lessons.autograd.step_view import step_topic
from lib.lessons.autograd.texts import AUTOGRAD_TEXTS, AutogradTexts
from lib.ui.components.code import code_block
from lib.ui.frame import Frame, frame
from lib.ui.state import State

TOPICS: dict[Topic, Callable[[Frame, AutogradTexts, State], str]] = {
    Topic.GRAPH: graph_topic,
    Topic.STEP: step_topic,
    Topic.BATCHES: batch_topic,
    Topic.LOSS: loss_topic,
    Topic.DEPTH: depth_topic,
    Topic.MODULE: module_topic,
    Topic.PARALLEL: parallel_topic,
}


def show() -> None:
    """The page."""
    view = frame("autograd")
    texts = AUTOGRAD_TEXTS[view.lang]
    st.title(texts.title)
    st.fragment(_body)(view, texts)


def _body(view: Frame, texts: AutogradTexts) -> None:
    """What a control changes; the frame around it is left alone."""
    with TABLE.read(view.lang) as state:
        topic = state.choice(
            TOPIC, texts.topic, format=lambda each: texts.topics[each], label_visibility="collapsed"
        )
        program = TOPICS[topic](view, texts, state)
        st.markdown(f"**{view.texts.code_heading}**")
        code_block(program)
