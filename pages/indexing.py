"""/indexing: select cells with an index as in Python; reduce along a dim."""

from __future__ import annotations

import streamlit as st

from lib.core.lessons import load_lesson
from lib.ui.address import bound_choice, check_address, choice, whole
from lib.ui.frame import frame
from lib.ui.tensor_pages.indexing import reduction, selection
from lib.ui.texts.indexing import INDEXING_TEXTS
from lib.ui.texts.tensors import TENSOR_WORDS
from lib.ui.torch_once import use_torch

view = frame("indexing")
texts, words = INDEXING_TEXTS[view.lang], TENSOR_WORDS[view.lang]
lesson = load_lesson("indexing", view.lang)
use_torch()
st.title(texts.title)


@st.fragment
def body() -> None:
    """What a control changes; the frame around it is left alone."""
    check_address(
        "indexing",
        [
            choice("topic", list(texts.topics)),
            choice("op", ["argmax", "max", "sum", "mean", "softmax"]),
            whole("rdim", -5, 4),
            choice("keepdim", ["true", "false"]),
            choice("along", ["true", "false"]),
        ],
        view.lang,
    )

    topic = bound_choice(
        texts.topic,
        list(texts.topics),
        key="topic",
        default="select",
        format_func=lambda name: texts.topics[name],
    )
    st.markdown(lesson[topic].body)
    code = selection(view, texts, words) if topic == "select" else reduction(view, texts, words)
    st.markdown(f"**{view.texts.code_heading}**")
    st.code(code, language="python")


body()
