"""Weights as images: the colours that the scale says, in a file that a class can afford."""

from __future__ import annotations

import base64
import io
import re

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from lib.core.mnist import load_mnist
from lib.core.training.bundled import bundled
from lib.figures.digits import Caption, digit_grid_html, diverging, weight_grid_html
from lib.ui.lang import Lang
from lib.ui.texts.charts import CHART_TEXTS


def sheet_of(page: str) -> NDArray[np.int64]:
    """(H, W, 3): the one file that all tiles show."""
    (found,) = re.findall(r"base64,([^)\"]+)", page)
    return np.asarray(Image.open(io.BytesIO(base64.b64decode(found))).convert("RGB")).astype(np.int64)


@pytest.mark.parametrize("dark", [False, True])
def test_each_unit_is_there_in_the_scales_colours(dark: bool) -> None:
    weights = bundled().weights["1.weight"][:20]
    page = weight_grid_html(weights, dark=dark, texts=CHART_TEXTS[Lang.EN])
    sheet = sheet_of(page)
    scale = float(np.quantile(np.abs(weights), 0.995))
    places = [float(each) for each in re.findall(r"--at:([^\"]+)", page)]
    assert len(places) == len(weights)
    for place, unit in zip(places, weights, strict=True):
        top = round(place * (len(sheet) - 28))
        meant = diverging(unit.reshape(28, 28), scale, dark=dark).astype(int)
        assert np.abs(sheet[top : top + 28] - meant).max() <= 13  # half of one of twenty steps
    assert len(page) < 700 * len(weights)


def test_each_digit_has_its_part_of_the_sheet() -> None:
    images = load_mnist().test_images[:7]
    captions = [Caption(f"<{i}>", None, f"number {i}") for i in range(7)]
    page = digit_grid_html(images, captions, dark=False)
    sheet = sheet_of(page)[..., 0]
    found = re.findall(r'aria-label="number (\d)" style="--at:([^"]+)"', page)
    assert [int(number) for number, _ in found] == list(range(7))
    for number, place in found:
        top = round(float(place) * (len(sheet) - 28))
        assert np.array_equal(sheet[top : top + 28], images[int(number)])
    assert "&lt;6&gt;" in page


def test_zero_is_the_papers_colour_and_no_number_breaks_it() -> None:
    weights = np.zeros((1, 784), np.float32)
    weights[0, 0] = np.nan
    page = weight_grid_html(weights, dark=False, texts=CHART_TEXTS[Lang.EN])
    assert (sheet_of(page).reshape(-1, 3) == diverging(np.zeros((1, 1)), 1.0, dark=False)[0, 0]).all()
