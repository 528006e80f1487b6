"""Gradient accumulation: when k parts are one big batch, and when they are not."""

from __future__ import annotations

import numpy as np
import streamlit as st

from lib.core.autograd.accumulate import (
    PARTS,
    SAMPLES,
    Accumulated,
    Accumulation,
    accumulate,
    accumulation_code,
    printed,
)
from lib.core.lessons import load_lesson
from lib.lessons.autograd.bars import Bar, bars, card, row_of, squares, verdict
from lib.lessons.autograd.more_texts import BATCH_TEXTS, BatchTexts
from lib.lessons.autograd.shared import with_output
from lib.lessons.autograd.state import DIVIDE, NORM, PARTS_KEY, UNEQUAL
from lib.lessons.autograd.texts import AutogradTexts
from lib.ui.frame import Frame
from lib.ui.state import State
from lib.ui.torch_once import use_torch


@st.cache_data(show_spinner=False, max_entries=64)
def _measured(settings: Accumulation) -> Accumulated:
    use_torch()
    return accumulate(settings)


def batch_topic(view: Frame, texts: AutogradTexts, state: State) -> str:
    """The whole part; returns its program."""
    words = BATCH_TEXTS[view.lang]
    picture = st.container()
    left, right = st.columns(2, gap="medium")
    with left:
        parts = state.steps(PARTS_KEY, words.parts, PARTS)
        divide = state.toggle(DIVIDE, words.divide)
    with right:
        unequal = state.toggle(UNEQUAL, words.unequal)
        norm = state.toggle(NORM, words.batch_norm)
    settings = Accumulation(parts, unequal, norm, divide)
    result = _measured(settings)
    with picture:
        _picture(view, words, settings, result)
    st.markdown(load_lesson("autograd", view.lang)["batches"].body)
    return with_output(accumulation_code(settings), printed(settings, result), texts)


def _picture(view: Frame, words: BatchTexts, settings: Accumulation, result: Accumulated) -> None:
    colours = view.palette
    largest = float(max(np.abs(result.whole).max(), np.abs(result.summed).max(), 1e-12))
    tints = [colours.series[part % 4] for part, size in enumerate(settings.sizes) for _ in range(size)]

    def column(title: str, values: object, colour: str, body: str) -> str:
        rows = [
            Bar(f"fc2[{number}]", float(value), colour) for number, value in enumerate(np.asarray(values))
        ]
        return card(title, body + bars(rows, largest=largest, colours=colours), colour)

    sizes = " + ".join(str(size) for size in settings.sizes)
    is_equal = result.difference < 1e-9
    said = words.equal if is_equal else words.differs.format(percent=f"{100 * result.difference:.1f}")
    st.html(
        row_of(
            column(
                words.whole.format(samples=SAMPLES),
                result.whole,
                colours.output,
                squares([colours.output] * SAMPLES),
            ),
            column(words.accumulated.format(sizes=sizes), result.summed, colours.weight, squares(tints)),
        )
        + verdict(said, is_good=is_equal, colours=colours)
    )
    st.markdown(" ".join(reasons(words, settings)))


def reasons(words: BatchTexts, settings: Accumulation) -> list[str]:
    """Why the two are equal, or not."""
    if settings.parts == 1:
        return [words.why_one]
    said = []
    if settings.unequal:
        said.append(words.why_unequal)
    if settings.batch_norm:
        said.append(words.why_norm)
        if 1 in settings.sizes:
            said.append(words.why_single)
    if not settings.divide:
        said.append(words.why_sum.format(parts=settings.parts))
    return said or [words.why_equal]
