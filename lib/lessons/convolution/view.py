"""The page: the layer's settings, its picture, and what they come to."""

from __future__ import annotations

import numpy as np
import streamlit as st

from lib.core.conv.code import snippet
from lib.core.conv.data import Pixels, fits_picture, test_digits
from lib.core.conv.layer import LayerKind
from lib.core.conv.legality import Problem, problem_of
from lib.core.conv.settings import MAX_SIZE, Settings
from lib.core.lessons import load_lesson
from lib.core.mnist import MnistFileError
from lib.lessons.convolution.controls import choose_kind, choose_preset, controls
from lib.lessons.convolution.picture import KEY, Shown, conv_picture
from lib.lessons.convolution.report import (
    offer_exact,
    show_cost,
    show_formula,
    show_headline,
    show_problem,
    show_rounding,
)
from lib.lessons.convolution.state import (
    KIND,
    LARGE,
    LAST_LOOK,
    LOOK,
    LOOK_NEWS,
    NUMBERS,
    RELU,
    SEEN_NEWS,
    TABLE,
    open_by_address,
    say_numbers,
)
from lib.lessons.convolution.texts import CONVOLUTION_TEXTS, PICTURE_TEXTS, ConvolutionTexts
from lib.ui.components.code import code_block
from lib.ui.frame import Frame, frame
from lib.ui.state import State, reported

CHAPTERS = {LayerKind.TRANSPOSED: "transposed", LayerKind.MAX_POOL: "pool", LayerKind.AVG_POOL: "pool"}


def show() -> None:
    """The page."""
    body(frame("convolution"))


@st.fragment
def body(view: Frame) -> None:
    """What a control changes; the frame around it is left alone."""
    texts = CONVOLUTION_TEXTS[view.lang]
    with TABLE.read(view.lang) as state:
        _follow_address(state)
        with st.container(key="conv_top", gap="xsmall"):
            settings, problem, pixels = first_screen(view, state, texts)
        say_numbers(state)
        layer = settings.layer
        lesson = load_lesson("convolution", view.lang)
        chapter = CHAPTERS.get(layer.kind, "conv")
        words, code = st.columns([4, 6], gap="medium")
        with words:
            st.markdown(lesson[chapter].body)
            if problem is None:
                show_rounding(view, texts, layer)
                offer_exact(view, texts, settings)
                show_cost(view, texts, layer)
            for key in (f"{chapter}_shape", f"{chapter}_weights", f"{chapter}_terms"):
                if key in lesson:
                    st.markdown(f"**{lesson[key].title}{view.texts.stop.strip()}** {lesson[key].body}")
        with code:
            written = snippet(layer, state[LOOK], pixels, relu=has_relu(state))
            st.markdown(f"**{view.texts.code_heading}**")
            printed = "\n".join(f"# {line}" for line in written.printed.splitlines())
            block = f"{written.code}\n\n# {texts.prints}\n{printed}"
            code_block(block, height=460)


def first_screen(
    view: Frame, state: State, texts: ConvolutionTexts
) -> tuple[Settings, Problem | None, Pixels]:
    """Kind, presets, sliders, shape, formula and the picture; what they come to."""
    head = choose_kind(state, texts)
    choose_preset(texts)
    settings = controls(state, texts, head)
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
            show_problem(view, texts, settings, problem)
    look = state[LOOK]
    pixels = digit(look.number, texts)
    conv_picture(
        Shown(layer, problem, fits_picture(layer), has_relu(state), look, state[LOOK_NEWS], pixels),
        colours=view.palette,
        dark=view.dark,
        texts=PICTURE_TEXTS[view.lang],
        on_look=reported(TABLE, LOOK, KEY),
    )
    return settings, problem, pixels


def has_relu(state: State) -> bool:
    """Whether an activation follows the layer; none follows a pool."""
    return state[RELU] and not state[KIND].is_pool


def _follow_address(state: State) -> None:
    """A kind alone opens with what it is for; large sizes need long sliders; the picture must know foreign looks."""
    if state[SEEN_NEWS] != state.news:
        state.set(SEEN_NEWS, state.news)
        open_by_address(state)
        if max(state[NUMBERS["W"]], state[NUMBERS["H"]]) > MAX_SIZE:
            state.set(LARGE, True)
        if state[LOOK] != state[LAST_LOOK] or state[LOOK_NEWS] == 0:
            state.set(LOOK_NEWS, state[LOOK_NEWS] + 1)
    state.set(LAST_LOOK, state[LOOK])


def digit(number: int, texts: ConvolutionTexts) -> Pixels:
    """A test image; blank, with a message, where the file is not there."""
    with st.container():
        try:
            pixels: Pixels = test_digits()[number]
            return pixels
        except MnistFileError as error:
            st.error(texts.mnist_problem.format(path=error.path.name))
    return np.zeros((28, 28), np.uint8)
