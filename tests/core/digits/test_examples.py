"""The examples are digits: both bundled networks read each as what it is."""

from __future__ import annotations

import pytest

from lib.core.digits.classifier import answer, load_classifier
from lib.core.digits.examples import example_strokes
from lib.core.digits.ink import encode_strokes, parse_strokes, render_strokes
from lib.core.digits.prepare import prepare
from lib.core.training.bundled import CNN, MLP, Recipe, bundled


@pytest.mark.parametrize("recipe", [MLP, CNN], ids=lambda recipe: str(recipe.file))
@pytest.mark.parametrize("digit", range(10))
def test_it_is_read_as_what_it_is(digit: int, recipe: Recipe) -> None:
    prepared = prepare(render_strokes(example_strokes(digit)))
    assert prepared is not None
    said = answer(load_classifier(recipe.config, bundled(recipe).weights), prepared.pixels)
    assert said.digit == digit
    assert said.confidence > 0.6


@pytest.mark.parametrize("digit", range(10))
def test_it_fits_into_an_address(digit: int) -> None:
    text = encode_strokes(example_strokes(digit))
    assert len(parse_strokes(text)) == len(example_strokes(digit))
