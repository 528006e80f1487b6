"""/optimizers: a race downhill, each step in numbers; experiments; a race on MNIST."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import streamlit as st

from lib.core.lessons import load_lesson
from lib.core.optim.expression import ALLOWED, MAX_LENGTH, ExpressionError
from lib.core.optim.surfaces import SurfaceName
from lib.lessons.optimizers.experiments import experiments
from lib.lessons.optimizers.mnist import mnist
from lib.lessons.optimizers.picture import race_picture
from lib.lessons.optimizers.state import RACE, RESETS, SENT, SURFACE, TABLE, TOPIC, WINDOW, Topic
from lib.lessons.optimizers.texts import OPTIMIZERS_TEXTS, OptimizersTexts
from lib.ui.frame import Frame, frame
from lib.ui.state import Key, State, as_text, offers


def show() -> None:
    """The page."""
    view = frame("optimizers")
    with st.container(key="optimizers_title"):
        st.title(OPTIMIZERS_TEXTS[view.lang].title)
    body(view)


@st.fragment
def body(view: Frame) -> None:
    """What a control changes; the frame around it is left alone."""
    texts = OPTIMIZERS_TEXTS[view.lang]
    with TABLE.read(view.lang) as state:
        topic = state.choice(
            TOPIC, texts.topic, format=lambda name: texts.topics[name], label_visibility="collapsed"
        )
        st.markdown(load_lesson("optimizers", view.lang)[topic].body)
        if topic is Topic.RACE:
            race(view, state, texts)
            st.markdown(load_lesson("optimizers", view.lang)["rumours"].body)
        elif topic is Topic.EXPERIMENTS:
            experiments(view, state)
        else:
            mnist(view, state)


def race(view: Frame, state: State, texts: OptimizersTexts) -> None:
    """The surface to choose or to type, and the race on it."""
    shelf, field = st.columns([9, 5], gap="small", vertical_alignment="bottom")
    with shelf:
        offers(
            TABLE,
            "_surfaces",
            texts.surface,
            list(SurfaceName),
            changes=lambda name: {
                SURFACE: str(name),
                RACE: replace(TABLE.now()[RACE], start=None, step=None),
            },
            format=lambda name: texts.surfaces[name],
        )
    with field:
        is_typed = state[SURFACE] not in list(SurfaceName)
        text_place, window_place = st.columns([3, 1]) if is_typed else (st.container(), None)
        with text_place:
            surface = state.text(
                SURFACE,
                texts.surface,
                help=texts.surface_help.format(allowed=as_text(ALLOWED, MAX_LENGTH)),
                explain=lambda error: _explain(texts, error),
                on_change=lambda: TABLE.change(_own_start()),
            )
        if window_place is not None:
            with window_place:
                state.number(WINDOW, texts.window)
    half = state[WINDOW]
    stamp = f"{state.news} {state[RESETS]} {surface} {half}"
    if state[SENT][0] != stamp:
        state.set(SENT, (stamp, state[RACE]))
    race_picture(surface, half, state[SENT][1], stamp, view.lang, view.palette)


def _own_start() -> dict[Key[Any], object]:
    """Another surface: its race begins at its own start."""
    now = TABLE.now()
    return {RACE: replace(now[RACE], start=None, step=None), RESETS: now[RESETS] + 1}


def _explain(texts: OptimizersTexts, error: Exception | None) -> str:
    if not isinstance(error, ExpressionError):
        return texts.allowed.format(allowed=as_text(ALLOWED, MAX_LENGTH))
    said = texts.wrong[error.wrong].format(place=error.place, piece=as_text(error.piece), length=MAX_LENGTH)
    return f"{said}\n\n{texts.allowed.format(allowed=as_text(ALLOWED, MAX_LENGTH))}"
