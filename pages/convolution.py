"""/convolution: move W, F, P, S and D, see the window slide, and read the output shape and every sum."""

from __future__ import annotations

import numpy as np
import streamlit as st

from lib.core.conv.code import snippet
from lib.core.conv.data import Pixels, fits_picture, test_digits
from lib.core.conv.legality import problem_of
from lib.core.conv.look import Look, LookError, parse_look
from lib.core.lessons import load_lesson
from lib.core.mnist import MnistFileError
from lib.ui.components.conv import Shown, conv_picture
from lib.ui.convolution.controls import choose_kind, controls
from lib.ui.convolution.report import show_cost, show_problem, show_shape
from lib.ui.frame import frame
from lib.ui.texts.convolution import CONVOLUTION_TEXTS, PICTURE_TEXTS

LOOK = "look"

view = frame("convolution")
texts = CONVOLUTION_TEXTS[view.lang]
lesson = load_lesson("convolution", view.lang)


def chosen_look() -> Look:
    """Input and kernel as the address has them; explains a text that means none."""
    with st.container():
        try:
            return parse_look(st.query_params.get(LOOK, Look().text))
        except LookError:
            st.warning(texts.bad_look, icon=":material/link_off:")
    return Look()


def keep_look(look: Look) -> None:
    """Write what the learner made of the picture into the address."""
    if look == Look():
        st.query_params.pop(LOOK, None)
    else:
        st.query_params[LOOK] = look.text


def digit(number: int) -> Pixels:
    """A test image; blank, with a message, where the file is not there."""
    with st.container():
        try:
            pixels: Pixels = test_digits()[number]
            return pixels
        except MnistFileError as error:
            st.error(texts.mnist_problem.format(path=error.path.name))
    return np.zeros((28, 28), np.uint8)


st.title(texts.title)
st.markdown(lesson["intro"].body)


@st.fragment
def body() -> None:
    """What a control changes; the frame around it is left alone."""
    choose_kind(view, texts)
    look = chosen_look()
    settings_column, picture_column = st.columns([3, 7], gap="medium")
    with settings_column:
        settings = controls(texts)
    layer = settings.layer
    problem = problem_of(layer)
    with picture_column:
        with st.container():
            if problem is None:
                show_shape(view, texts, settings)
            else:
                show_problem(texts, settings, problem)
        pixels = digit(look.number)
        drawable = problem is None and fits_picture(layer)
        conv_picture(
            Shown(layer, problem, drawable, look, pixels),
            colours=view.palette,
            dark=view.dark,
            texts=PICTURE_TEXTS[view.lang],
            on_look=keep_look,
        )
    words, code = st.columns([4, 6], gap="medium")
    with words:
        if problem is None:
            show_cost(texts, layer)
        for key in ("floor", "sharing"):
            st.markdown(f"**{lesson[key].title}.** {lesson[key].body}")
    with code:
        written = snippet(layer, look, pixels)
        st.markdown(f"**{view.texts.code_heading}**")
        printed = "\n".join(f"# {line}" for line in written.printed.splitlines())
        block = f"{written.code}\n\n# {texts.prints}\n{printed}"
        st.code(block, language="python", height=460 if block.count("\n") > 22 else "content")


body()
