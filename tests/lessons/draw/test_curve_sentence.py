"""The sentence under a curve says of every value that was tried whether the digit is read there, and of no other."""

from __future__ import annotations

import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lib.core.digits.classifier import answer, load_classifier
from lib.core.digits.robustness import CURVE_POINTS, Change, Changes, Curve, curve_values, probability_curve
from lib.core.mnist import load_mnist
from lib.core.training.bundled import CNN, MLP, Recipe, bundled
from lib.lessons.draw.robust import curve_sentence
from lib.lessons.draw.texts import DRAW_TEXTS
from lib.ui.lang import Lang

NUMBER = r"(-?\d+(?:\.\d+)?(?:e-?\d+)?)"
SPANS = {
    Lang.EN: rf"from {NUMBER} to {NUMBER}|at {NUMBER}",
    Lang.ZH: rf"{NUMBER} 到 {NUMBER}|{NUMBER}",
}
CLAIM = {Lang.EN: r": read as \d (.*?);", Lang.ZH: r"：在 (.*?) 时读作"}


def claimed(
    sentence: str, lang: Lang, values: np.ndarray[tuple[int, ...], np.dtype[np.float64]]
) -> list[bool]:
    """At which of the values the sentence says that the digit is read."""
    texts = DRAW_TEXTS[lang]
    slots = {"low": f"{values[0]:g}", "high": f"{values[-1]:g}", "count": len(values)}
    change, digit = (
        sentence.split("：" if lang is Lang.ZH else ":")[0],
        re.search(r"(?:as|读作) (\d)", sentence),
    )
    assert digit
    whole = {"change": change, "digit": digit[1], **slots}
    if sentence == texts.curve_never.format(**whole):
        return [False] * len(values)
    if sentence == texts.curve_always.format(**whole):
        return [True] * len(values)
    part = re.search(CLAIM[lang], sentence)
    assert part
    said = np.zeros(len(values), bool)
    for low, high, alone in re.findall(SPANS[lang], part[1]):
        first, last = (float(alone),) * 2 if alone else (float(low), float(high))
        said |= (values > first - 1e-4) & (values < last + 1e-4)
    return said.tolist()


@pytest.mark.parametrize("lang", list(Lang))
@settings(deadline=None, derandomize=True, database=None, max_examples=60)
@given(
    pattern=st.lists(st.booleans(), min_size=CURVE_POINTS, max_size=CURVE_POINTS)
    | st.builds(lambda a, b: [a <= i < b for i in range(CURVE_POINTS)], *[st.integers(0, CURVE_POINTS)] * 2),
    along=st.sampled_from(list(Change)),
)
def test_any_curve(lang: Lang, pattern: list[bool], along: Change) -> None:
    values = curve_values(along)
    probabilities = np.eye(10, dtype=np.float32)[np.where(pattern, 7, 3)]
    sentence = curve_sentence(Curve(along, values, probabilities), 7, DRAW_TEXTS[lang])
    assert claimed(sentence, lang, values) == pattern


DIGITS = 20
"""Test images: two networks, six changes each, 240 curves."""


@pytest.mark.parametrize("recipe", [MLP, CNN], ids=["MLP", "CNN"])
def test_real_curves_of_both_bundled_networks(recipe: Recipe) -> None:
    model = load_classifier(recipe.config, bundled(recipe).weights)
    mnist, kinds = load_mnist(), set()
    for index in range(DIGITS):
        pixels = np.asarray(mnist.test_images[index].reshape(-1) / 255, dtype=np.float32)
        digit = answer(model, pixels).digit
        for along in Change:
            curve = probability_curve(model, pixels, Changes(), along)
            is_read = (curve.probabilities.argmax(1) == digit).tolist()
            kinds.add((all(is_read), sum(np.diff(is_read)) > 2))
            for lang in Lang:
                sentence = curve_sentence(curve, digit, DRAW_TEXTS[lang])
                assert claimed(sentence, lang, curve.values) == is_read
                assert f"{curve.values[0]:g}" in sentence
                assert f"{curve.values[-1]:g}" in sentence
    # Among them are curves that hold all the way, that break off, and that come back.
    assert kinds == {(True, False), (False, False), (False, True)}


def test_numbers_that_are_none_are_read_as_nothing() -> None:
    nothing = np.full((CURVE_POINTS, 10), np.nan, np.float32)
    curve = Curve(Change.NOISE, curve_values(Change.NOISE), nothing)
    assert "at none" in curve_sentence(curve, 0, DRAW_TEXTS[Lang.EN])
