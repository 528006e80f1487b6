"""/convolution: move W, F, P, S and D, see the window slide, and read the output shape and every sum."""

from __future__ import annotations

import numpy as np
import streamlit as st

from lib.core.conv.code import snippet
from lib.core.conv.data import Pixels, fits_picture, test_digits
from lib.core.conv.layer import LayerKind
from lib.core.conv.legality import Problem, problem_of
from lib.core.conv.look import Look, LookError, parse_look
from lib.core.conv.settings import Settings
from lib.core.lessons import load_lesson
from lib.core.mnist import MnistFileError
from lib.ui.address import keep_in_address
from lib.ui.components.conv import Shown, conv_picture
from lib.ui.convolution.controls import choose_kind, choose_preset, controls, explain_address
from lib.ui.convolution.report import (
    offer_exact,
    show_cost,
    show_formula,
    show_headline,
    show_problem,
    show_rounding,
)
from lib.ui.frame import frame
from lib.ui.texts.convolution import CONVOLUTION_TEXTS, PICTURE_TEXTS

LOOK = "look"
BAD_LOOK, LOOK_NEWS = "_bad_look", "_look_news"
CHAPTERS = {LayerKind.TRANSPOSED: "transposed", LayerKind.MAX_POOL: "pool", LayerKind.AVG_POOL: "pool"}

view = frame("convolution")
texts = CONVOLUTION_TEXTS[view.lang]


def chosen_look() -> Look:
    """Input and kernel as the address has them; explains a text that means none, until the learner makes one."""
    text = st.query_params.get(LOOK)
    if text != st.session_state.get(f"_seen_{LOOK}"):
        st.session_state[LOOK_NEWS] = st.session_state.get(LOOK_NEWS, 0) + 1
    look = Look()
    try:
        look = parse_look(Look().text if text is None else text)
        keep_in_address(LOOK, text)
    except LookError:
        st.session_state[BAD_LOOK] = True
        keep_in_address(LOOK, None)
    with st.container():
        if st.session_state.get(BAD_LOOK):
            st.warning(texts.bad_look.format(example=Look().text), icon=":material/link_off:")
    return look


def keep_look(look: Look) -> None:
    """Write what the learner made of the picture into the address."""
    st.session_state[BAD_LOOK] = False
    keep_in_address(LOOK, None if look == Look() else look.text)


def digit(number: int) -> Pixels:
    """A test image; blank, with a message, where the file is not there."""
    with st.container():
        try:
            pixels: Pixels = test_digits()[number]
            return pixels
        except MnistFileError as error:
            st.error(texts.mnist_problem.format(path=error.path.name))
    return np.zeros((28, 28), np.uint8)


def first_screen() -> tuple[Settings, Problem | None, Look, Pixels]:
    """Kind, presets, sliders, shape, formula and the picture; what they come to."""
    head = choose_kind(texts)
    look = chosen_look()
    choose_preset(texts)
    settings = controls(texts, head)
    layer = settings.layer
    problem = problem_of(layer)
    with st.container(key="conv_headline"):
        shape_column, formula_column = st.columns([10, 11], gap="small", vertical_alignment="center")
    with shape_column:
        show_headline(texts, layer, problem)
    with formula_column:
        if problem is None:
            show_formula(view, layer)
        else:
            show_problem(texts, settings, problem)
    pixels = digit(look.number)
    conv_picture(
        Shown(layer, problem, fits_picture(layer), look, st.session_state.get(LOOK_NEWS, 0), pixels),
        colours=view.palette,
        dark=view.dark,
        texts=PICTURE_TEXTS[view.lang],
        on_look=keep_look,
    )
    return settings, problem, look, pixels


@st.fragment
def body() -> None:
    """What a control changes; the frame around it is left alone."""
    explain_address(view, texts)
    with st.container(key="conv_top", gap="xsmall"):
        settings, problem, look, pixels = first_screen()
    layer = settings.layer
    lesson = load_lesson("convolution", view.lang)
    chapter = CHAPTERS.get(layer.kind, "conv")
    words, code = st.columns([4, 6], gap="medium")
    with words:
        st.markdown(lesson[chapter].body)
        if problem is None:
            show_rounding(view, texts, layer)
            offer_exact(texts, settings)
            show_cost(texts, layer)
        for key in (f"{chapter}_shape", f"{chapter}_weights"):
            st.markdown(f"**{lesson[key].title}{texts.stop}** {lesson[key].body}")
    with code:
        written = snippet(layer, look, pixels)
        st.markdown(f"**{view.texts.code_heading}**")
        printed = "\n".join(f"# {line}" for line in written.printed.splitlines())
        block = f"{written.code}\n\n# {texts.prints}\n{printed}"
        st.code(block, language="python", height=460 if block.count("\n") > 22 else "content")


body()
