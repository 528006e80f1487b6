"""Softmax and cross-entropy: p, q, the gradient p - q, and the floors that surprise."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import streamlit as st

from lib.core.autograd.losses import (
    CrossEntropy,
    Sample,
    cross_entropy,
    floor_with_probabilities,
    floor_with_smoothing,
    loss_code,
    untrained_loss,
    weighted_mean,
)
from lib.core.autograd.numbers import written
from lib.core.autograd.values import Array
from lib.core.lessons import load_lesson
from lib.lessons.autograd.bars import Bar, bars, card, row_of
from lib.lessons.autograd.more_texts import LOSS_TEXTS, LossTexts
from lib.lessons.autograd.shared import with_output
from lib.lessons.autograd.state import FED, LOGITS, SMOOTHING, TABLE, TARGET, WEIGHT
from lib.lessons.autograd.texts import AutogradTexts
from lib.ui.frame import Frame
from lib.ui.state import Key, State, offers

_SURE = (50.0, *(0.0,) * 9)
_WANTED = (float(np.round(np.log(0.91 / 0.01), 3)), *(0.0,) * 9)
"""Where p is what label_smoothing=0.1 wants of ten classes."""
EXAMPLES: dict[str, tuple[tuple[float, ...], float, bool]] = {
    "three": ((2.0, 0.5, -1.0), 0.0, False),
    "untrained": ((0.0,) * 10, 0.0, False),
    "perfect": (_SURE, 0.0, False),
    "probabilities": (_SURE, 0.0, True),
    "smoothed": (_WANTED, 0.1, False),
}


def example_changes(name: str) -> Mapping[Key[Any], object]:
    """What an example sets."""
    logits, smoothing, fed = EXAMPLES[name]
    return {LOGITS: logits, SMOOTHING: smoothing, FED: fed, TARGET: 0}


def loss_topic(view: Frame, texts: AutogradTexts, state: State) -> str:
    """The whole part; returns its program."""
    words = LOSS_TEXTS[view.lang]
    offers(
        TABLE,
        "_loss_example",
        words.examples,
        list(EXAMPLES),
        changes=example_changes,
        format=lambda name: words.example_names[name],
    )
    picture = st.container()
    left, right = st.columns(2, gap="medium")
    with left:
        logits = state.text(LOGITS, words.logits)
        target = state.slider(TARGET, words.target, high=len(logits) - 1)
    with right:
        smoothing = state.slider(SMOOTHING, words.smoothing, step=0.05)
        fed = state.toggle(FED, words.fed)
    sample = Sample(logits, target, smoothing, fed)
    result = cross_entropy(sample)
    with picture:
        _picture(view, words, sample, result)
    st.markdown(load_lesson("autograd", view.lang)["loss"].body)
    weight = _weighted(words, state)
    lines = [
        f"loss = {written(np.array(result.loss))}",
        f"softmax = {written(result.p)}",
        f"gradient = {written(result.gradient)}",
        f"weighted mean = {written(np.array(weighted_mean(weight).mean))}",
    ]
    return with_output(loss_code(sample, weight), lines, texts)


def _picture(view: Frame, words: LossTexts, sample: Sample, result: CrossEntropy) -> None:
    colours = view.palette
    largest = max(float(np.abs(result.gradient).max()), 0.05)

    def column(title: str, values: Array, colour: str, size: float, *, signed: bool) -> str:
        rows = [
            Bar(f"{number}{' ✓' if number == sample.target else ''}", float(value), colour)
            for number, value in enumerate(values)
        ]
        return card(
            title, bars(rows, largest=size, colours=colours, signed=signed, name_width="2.4rem"), colour
        )

    gradient = words.through if sample.as_probabilities else words.gradient
    st.html(
        f'<div role="status" style="font-size:1.5rem;font-weight:700;margin-bottom:.4rem">'
        f"{words.loss.format(loss=f'{result.loss:.4f}')}</div>"
        + row_of(
            column(words.p, result.p, colours.input, 1.0, signed=False),
            column(words.q, result.q, colours.output, 1.0, signed=False),
            column(gradient, result.gradient, colours.weight, largest, signed=True),
        )
    )
    st.markdown(remark(words, sample, result))


def remark(words: LossTexts, sample: Sample, result: CrossEntropy) -> str:
    """The sentence that belongs to these numbers."""
    classes = len(sample.logits)
    said = []
    if len(set(sample.logits)) == 1:
        said.append(words.equal.format(classes=classes, floor=f"{untrained_loss(classes):.3f}"))
    elif not sample.as_probabilities and not sample.smoothing:
        said.append(words.plain.format(p=f"{result.p[sample.target]:.4g}"))
    if sample.as_probabilities and not sample.smoothing:
        floor = floor_with_probabilities(classes)
        said.append(words.probabilities.format(classes=classes, floor=f"{floor:.4f}"))
    if sample.smoothing and not sample.as_probabilities:
        floor = floor_with_smoothing(classes, sample.smoothing)
        true = 1 - sample.smoothing + sample.smoothing / classes
        said.append(
            words.smoothed.format(
                classes=classes, smoothing=f"{sample.smoothing:g}", floor=f"{floor:.4f}", true=f"{true:.3g}"
            )
        )
    return " ".join(said)


def _weighted(words: LossTexts, state: State) -> float:
    st.markdown(f"## {words.weighted_title}")
    weight = state.slider(WEIGHT, words.weight, step=0.5)
    mean = weighted_mean(weight)
    st.markdown(
        words.weighted.format(
            l0=f"{mean.losses[0]:.3f}",
            l1=f"{mean.losses[1]:.3f}",
            weight=f"{weight:g}",
            mean=f"{mean.mean:.3f}",
            count=f"{mean.by_count:.3f}",
        )
    )
    return weight
