"""/embedding: look rows up, compare with one-hot times matrix, see which rows learn, and what they learn."""

from __future__ import annotations

import streamlit as st

from lib.core.lessons import load_lesson
from lib.core.tensors.embedding import look_up
from lib.core.tensors.words import WORDS
from lib.ui.address import bound_choice, check_address, choice, whole
from lib.ui.frame import frame
from lib.ui.tensor_pages.embedding import (
    MAX_WIDTH,
    VOCABULARIES,
    VOCABULARY,
    WORD_WIDTHS,
    code_of,
    controls,
    gradient_topic,
    lookup_topic,
    one_hot_topic,
    words_topic,
)
from lib.ui.tensors.words import TENSOR_WORDS
from lib.ui.texts.embedding import EMBEDDING_TEXTS
from lib.ui.torch_once import use_torch

view = frame("embedding")
texts, words = EMBEDDING_TEXTS[view.lang], TENSOR_WORDS[view.lang]
lesson = load_lesson("embedding", view.lang)
use_torch()
st.title(texts.title)


@st.fragment
def body() -> None:
    """What a control changes; the frame around it is left alone."""
    check_address(
        "embedding",
        [
            choice("topic", list(texts.topics)),
            whole(VOCABULARY, 1, VOCABULARIES[-1]),
            whole("width", 1, MAX_WIDTH),
            whole("pad", 0, VOCABULARIES[-1] - 1),
            choice("padded", ["true", "false"]),
            choice("wdim", WORD_WIDTHS),
            whole("wseed", 0, 999),
            choice("word", WORDS),
        ],
        view.lang,
    )

    topic = bound_choice(
        texts.topic,
        list(texts.topics),
        key="topic",
        default="lookup",
        format_func=lambda name: texts.topics[name],
    )
    st.markdown(lesson[topic].body)
    code = ""
    if topic == "words":
        code = words_topic(view, texts, words)
    else:
        draw = {"lookup": lookup_topic, "one_hot": one_hot_topic, "gradient": gradient_topic}[topic]
        settings, shown = st.columns([3, 7], gap="medium")
        with settings:
            lookup = controls(texts, words)
        if lookup is not None:
            looked = look_up(lookup)
            code = code_of(topic, lookup, looked)
            with shown:
                draw(view, texts, words, lookup, looked)
    if code:
        st.markdown(f"**{view.texts.code_heading}**")
        st.code(code, language="python")


body()
