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
from lib.ui.components.table import table
from lib.ui.frame import Frame
from lib.ui.state import State
from lib.ui.torch_once import use_torch

DEPTHS = (2, 3, 5, 10, 20, 30, 50)
"""Few, since the table measures every combination: each once a server."""
_LOW, _HIGH = -16, 16


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
        depth = state.steps(DEPTH, words.depth, DEPTHS)
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
        st.markdown(f"{words.loss.format(loss=f'{result.loss:.4g}')} {verdict_of(words, result)}")
    st.markdown(load_lesson("autograd", view.lang)["depth"].body)
    _table(words, depth)
    return with_output(depth_code(stack), printed(stack, result), texts)


def verdict_of(words: DepthTexts, result: Measured) -> str:
    """What these gradients mean."""
    first, last, largest = (
        f"{value:.1e}" for value in (result.norms[0], result.norms[-1], result.norms.max())
    )
    if not result.norms[0] > 0:
        return words.dead.format(loss=f"{result.loss:.3f}")
    if result.norms.max() > EXPLODES:
        said = words.explodes.format(largest=largest)
    elif result.norms[-1] < VANISHES:
        said = words.fades.format(last=last)
    elif result.norms[0] < VANISHES:
        said = words.vanishes.format(first=first, last=last)
    else:
        said = words.fair.format(first=f"{result.norms[0]:.2g}", last=f"{result.norms[-1]:.2g}")
    return f"{said} {words.huge}" if result.loss > 5 else said


def columns(result: Measured, colours: Palette, words: DepthTexts, stack: Stack) -> str:
    """One column a layer on a logarithmic scale, from 1 up or down."""
    count = len(result.norms)
    parts = [_tick(power, colours) for power in range(_LOW, _HIGH + 1, 8)]
    for layer, norm in enumerate(result.norms):
        power = math.log10(norm) if norm > 0 else float(_LOW)
        top, bottom = _share(max(power, 0.0)), _share(min(power, 0.0))
        parts.append(
            f'<div style="position:absolute;left:{100 * layer / count:.2f}%;width:{72 / count:.2f}%;'
            f"top:{100 * (1 - top):.2f}%;height:{max(100 * (top - bottom), 0.8):.2f}%;min-width:2px;"
            f'border-radius:3px;background:{_colour(float(norm), colours)}"></div>'
        )
    reading = words.reading.format(
        depth=stack.depth, first=f"{result.norms[0]:.2e}", last=f"{result.norms[-1]:.2e}"
    )
    ends = (
        f'<div style="display:flex;justify-content:space-between;margin-left:3.4rem;font-size:.9375rem">'
        f"<span>1</span><span>{count}</span></div>"
    )
    return (
        f'<div role="img" aria-label="{html.escape(reading)}" style="position:relative;height:15rem;'
        f'margin:.6rem 0 .2rem 3.4rem">{"".join(parts)}</div>{ends}'
    )


def _tick(power: int, colours: Palette) -> str:
    label = "1" if power == 0 else f"10<sup>{power}</sup>".replace("-", "−")
    at = 100 * (1 - _share(power))
    return (
        f'<div style="position:absolute;left:0;right:0;top:{at:.2f}%;border-top:1px solid {colours.grid}"></div>'
        f'<span style="position:absolute;right:calc(100% + .4rem);top:calc({at:.2f}% - .75rem);'
        f'font-size:.9375rem;white-space:nowrap">{label}</span>'
    )


def _share(power: float) -> float:
    """How far up a power of ten stands, 0 to 1."""
    return (min(max(power, _LOW), _HIGH) - _LOW) / (_HIGH - _LOW)


def _colour(norm: float, colours: Palette) -> str:
    if norm > EXPLODES:
        return colours.wrong
    return colours.input if norm < VANISHES else colours.output


def _table(words: DepthTexts, depth: int) -> None:
    label = words.table.format(depth=depth)
    st.markdown(f"**{label}**")
    rows = []
    for each in Nonlinearity:
        cells = []
        for init in Init:
            norm = float(_measured(Stack(depth, each, init)).norms[0])
            cells.append(f"{norm:.1e}" if norm and not VANISHES < norm < EXPLODES else f"{norm:.2g}")
        rows.append([str(each), *cells])
    table([words.nonlinearity, *(words.inits[init] for init in Init)], rows, label=label)
