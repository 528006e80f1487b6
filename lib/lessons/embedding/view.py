"""The page: look rows up, compare with one-hot times matrix, see which rows learn, and what they learn."""

from __future__ import annotations

import streamlit as st

from lib.core.lessons import load_lesson
from lib.core.tensors.embedding import look_up
from lib.lessons.embedding.state import TABLE, TOPIC, Topic
from lib.lessons.embedding.texts import EMBEDDING_TEXTS, EmbeddingTexts
from lib.lessons.embedding.topics import (
    code_of,
    controls,
    costs,
    gradient_topic,
    lookup_topic,
    one_hot_topic,
    words_topic,
)
from lib.ui.components.code import code_block
from lib.ui.components.columns import settings_and_picture
from lib.ui.frame import Frame, frame
from lib.ui.state import State
from lib.ui.tensors.words import TENSOR_WORDS
from lib.ui.torch_once import use_torch

DRAW = {Topic.LOOKUP: lookup_topic, Topic.ONE_HOT: one_hot_topic, Topic.GRADIENT: gradient_topic}


def show() -> None:
    """The page."""
    view = frame("embedding")
    use_torch()
    st.title(EMBEDDING_TEXTS[view.lang].title)
    body(view)


@st.fragment
def body(view: Frame) -> None:
    """What a control changes; the frame around it is left alone."""
    texts = EMBEDDING_TEXTS[view.lang]
    with TABLE.read(view.lang) as state:
        topic = state.choice(
            TOPIC, texts.topic, format=lambda name: texts.topics[name], label_visibility="collapsed"
        )
        st.markdown(load_lesson("embedding", view.lang)[topic].body)
        if topic is Topic.WORDS:
            code = words_topic(view, state, texts, TENSOR_WORDS[view.lang])
        else:
            code = _table_topic(view, state, texts, topic)
        if code:
            st.markdown(f"**{view.texts.code_heading}**")
            code_block(code)


def _table_topic(view: Frame, state: State, texts: EmbeddingTexts, topic: Topic) -> str:
    """A topic about one table; returns its code, none where the table would be too large."""
    words = TENSOR_WORDS[view.lang]
    settings, shown = settings_and_picture("table")
    with settings:
        lookup = controls(state, texts, words)
    if lookup is None:
        return ""
    looked = look_up(lookup)
    with shown:
        DRAW[topic](view, texts, words, lookup, looked)
        if topic is Topic.ONE_HOT and looked.error is None:
            costs(state, texts, lookup)
    return code_of(topic, lookup, looked)
