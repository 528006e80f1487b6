"""The page: storage and view, who shares memory, what a dtype can hold."""

from __future__ import annotations

import streamlit as st

from lib.core.lessons import load_lesson
from lib.lessons.memory.dtypes import dtypes
from lib.lessons.memory.sharing import sharing
from lib.lessons.memory.state import TABLE, TOPIC, Topic
from lib.lessons.memory.storage import storage_and_view
from lib.lessons.memory.texts import MEMORY_TEXTS
from lib.ui.components.code import code_block
from lib.ui.frame import Frame, frame
from lib.ui.tensors.words import TENSOR_WORDS
from lib.ui.torch_once import use_torch

DRAW = {Topic.STRIDES: storage_and_view, Topic.SHARING: sharing, Topic.DTYPES: dtypes}


def show() -> None:
    """The page."""
    view = frame("memory")
    use_torch()
    st.title(MEMORY_TEXTS[view.lang].title)
    body(view)


@st.fragment
def body(view: Frame) -> None:
    """What a control changes; the frame around it is left alone."""
    texts, words = MEMORY_TEXTS[view.lang], TENSOR_WORDS[view.lang]
    with TABLE.read(view.lang) as state:
        topic = state.choice(
            TOPIC, texts.topic, format=lambda name: texts.topics[name], label_visibility="collapsed"
        )
        st.markdown(load_lesson("memory", view.lang)[topic].body)
        code = DRAW[topic](view, state, texts, words)
        st.markdown(f"**{view.texts.code_heading}**")
        code_block(code)
