"""/memory: storage and view, who shares memory, what a dtype can hold."""

from __future__ import annotations

import streamlit as st

from lib.core.lessons import load_lesson
from lib.core.tensors.create import DTYPES
from lib.core.tensors.sharing import ARRAY_DTYPES, TENSOR_DTYPES, Way
from lib.core.tensors.strides import MAX_SIZE, MAX_STORAGE
from lib.ui.address import bound_choice, check_address, choice, whole
from lib.ui.devices import devices
from lib.ui.frame import frame
from lib.ui.tensor_pages.memory import SIZES, STRIDES, dtypes, sharing, storage_and_view
from lib.ui.texts.memory import MEMORY_TEXTS
from lib.ui.texts.tensors import TENSOR_WORDS
from lib.ui.torch_once import use_torch

view = frame("memory")
texts, words = MEMORY_TEXTS[view.lang], TENSOR_WORDS[view.lang]
lesson = load_lesson("memory", view.lang)
use_torch()
st.title(texts.title)


@st.fragment
def body() -> None:
    """What a control changes; the frame around it is left alone."""
    check_address(
        "memory",
        [
            choice("topic", list(texts.topics)),
            whole("dims", 1, 3),
            *(whole(key, 1, MAX_SIZE) for key in SIZES),
            *(whole(key, 0, MAX_STORAGE - 1) for key in STRIDES),
            whole("off", 0, MAX_STORAGE - 1),
            choice("flip", ["true", "false"]),
            choice("way", [*Way]),
            choice("tdtype", TENSOR_DTYPES),
            choice("adtype", ARRAY_DTYPES),
            choice("agrad", ["true", "false"]),
            choice("adevice", [*(found.name for found in devices()), "meta"]),
            choice("from", DTYPES),
            choice("to", DTYPES),
            whole("num", -999, 999),
            whole("den", -999, 999),
        ],
        view.lang,
    )

    topic = bound_choice(
        texts.topic,
        list(texts.topics),
        key="topic",
        default="strides",
        format_func=lambda name: texts.topics[name],
    )
    st.markdown(lesson[topic].body)
    if topic == "strides":
        code = storage_and_view(view, texts, words)
    elif topic == "sharing":
        code = sharing(view, texts, words)
    else:
        code = dtypes(view, texts, words)
    st.markdown(f"**{view.texts.code_heading}**")
    st.code(code, language="python")


body()
