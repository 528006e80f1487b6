"""Vanishing and exploding gradients, measured layer by layer."""

from __future__ import annotations

import html
import math

import streamlit as st

from lib.core.autograd.depth import (
    EXPLODES,
    VANISHES,
    Init,
    Measured,
    Nonlinearity,
    Stack,
    depth_code,
    measure,
    printed,
)
from lib.core.lessons import load_lesson
from lib.figures.palette import Palette
from lib.lessons.autograd.more_texts import DEPTH_TEXTS, DepthTexts
from lib.lessons.autograd.shared import with_output
from lib.lessons.autograd.state import DEPTH, INIT, NONLINEARITY
from lib.lessons.autograd.texts import AutogradTexts
from lib.ui.frame import Frame
from lib.ui.state import State
from lib.ui.torch_once import use_torch

_LOW, _HIGH = -16, 16
_WIDTH, _HEIGHT = 900, 260


@st.cache_data(show_spinner=False, max_entries=1024)
def _measured(stack: Stack) -> Measured:
    use_torch()
    return measure(stack)


def depth_topic(view: Frame, texts: AutogradTexts, state: State) -> str:
    """The whole part; returns its program."""
    words = DEPTH_TEXTS[view.lang]
    picture = st.container()
    left, right = st.columns(2, gap="medium")
    with left:
        depth = state.slider(DEPTH, words.depth)
        state.choice(NONLINEARITY, words.nonlinearity)
    with right:
        init = Init(
            state.choice(INIT, words.init, format=lambda each: words.inits[Init(each)], widget="pills")
        )
    stack = Stack(depth, Nonlinearity(state[NONLINEARITY]), init)
    result = _measured(stack)
    with picture:
        st.markdown(f"**{words.chart}**")
        st.html(columns(result, view.palette, words, stack))
        st.markdown(f"{words.loss.format(loss=f'{result.loss:.4g}')}. {verdict_of(words, result)}")
    st.markdown(load_lesson("autograd", view.lang)["depth"].body)
    _table(words, depth)
    return with_output(depth_code(stack), printed(stack, result), texts)


def verdict_of(words: DepthTexts, result: Measured) -> str:
    """What these gradients mean."""
    if not result.norms[0] > 0:
        return words.dead.format(loss=f"{result.loss:.3f}")
    if result.norms.max() > EXPLODES:
        said = words.explodes.format(ratio=f"{result.norms.max():.1e}")
    elif result.ratio < VANISHES:
        said = words.vanishes.format(ratio=f"{result.ratio:.1e}")
    else:
        said = words.fair.format(ratio=f"{result.ratio:.2g}")
    return f"{said} {words.huge}" if result.loss > 5 else said


def columns(result: Measured, colours: Palette, words: DepthTexts, stack: Stack) -> str:
    """One column a layer on a logarithmic scale, as SVG."""
    count = len(result.norms)
    slot = (_WIDTH - 60) / count
    bottom = _HEIGHT - 24
    parts = []
    for tick in range(_LOW, _HIGH + 1, 8):
        y = _place(tick)
        parts.append(
            f'<line x1="56" x2="{_WIDTH}" y1="{y:.1f}" y2="{y:.1f}" stroke="{colours.grid}"/>'
            f'<text x="50" y="{y + 5:.1f}" text-anchor="end">10<tspan dy="-6" font-size="13">{tick}</tspan></text>'
        )
    for layer, norm in enumerate(result.norms):
        power = math.log10(norm) if norm > 0 else float(_LOW)
        power = min(max(power, _LOW), _HIGH)
        zero, top = _place(0), _place(power)
        x = 60 + layer * slot
        colour = _colour(float(norm), colours)
        y, tall = min(zero, top), max(abs(zero - top), 2)
        parts.append(
            f'<rect x="{x:.1f}" y="{y:.1f}" width="{max(slot * 0.75, 2):.1f}" height="{tall:.1f}" rx="2" '
            f'fill="{colour}"/>'
        )
    parts.append(f'<text x="60" y="{bottom + 20}">1</text>')
    parts.append(f'<text x="{_WIDTH - 4}" y="{bottom + 20}" text-anchor="end">{count}</text>')
    reading = words.reading.format(
        depth=stack.depth, first=f"{result.norms[0]:.2e}", last=f"{result.norms[-1]:.2e}"
    )
    return (
        f'<svg viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" aria-label="{html.escape(reading)}" '
        f'style="width:100%;max-height:20rem;min-height:11rem;font-size:18px" fill="{colours.ink}" '
        f'preserveAspectRatio="none">{"".join(parts)}</svg>'
    )


def _place(power: float) -> float:
    share = (power - _LOW) / (_HIGH - _LOW)
    return 8 + (1 - share) * (_HEIGHT - 40)


def _colour(norm: float, colours: Palette) -> str:
    if norm > EXPLODES:
        return colours.wrong
    return colours.input if norm < VANISHES * 1e-2 else colours.output


def _table(words: DepthTexts, depth: int) -> None:
    st.markdown(f"**{words.table.format(depth=depth)}**")
    head = "| | " + " | ".join(words.inits[init] for init in Init) + " |"
    lines = [head, "|---|" + "---|" * len(Init)]
    for each in Nonlinearity:
        cells = []
        for init in Init:
            ratio = _measured(Stack(depth, each, init)).ratio
            cells.append(f"{ratio:.1e}" if ratio and not VANISHES < ratio < EXPLODES else f"{ratio:.2g}")
        lines.append(f"| {each} | " + " | ".join(cells) + " |")
    with st.container(key="autograd_depths"):
        st.markdown("\n".join(lines))
