"""Weights as images: the colours that the scale says, in a file that a class can afford."""

from __future__ import annotations

import base64
import io
import re

import numpy as np
import pytest
from PIL import Image

from lib.core.training.bundled import bundled
from lib.figures.digits import diverging, weight_grid_html
from lib.ui.lang import Lang
from lib.ui.texts.charts import CHART_TEXTS


@pytest.mark.parametrize("dark", [False, True])
def test_each_unit_is_there_in_the_scales_colours(dark: bool) -> None:
    weights = bundled().weights["1.weight"][:20]
    page = weight_grid_html(weights, dark=dark, texts=CHART_TEXTS[Lang.EN])
    files = [base64.b64decode(found) for found in re.findall(r"base64,([^\"]+)", page)]
    assert len(files) == len(weights)
    scale = float(np.quantile(np.abs(weights), 0.995))
    for file, unit in zip(files, weights, strict=True):
        seen = np.asarray(Image.open(io.BytesIO(file)).convert("RGB")).astype(int)
        meant = diverging(unit.reshape(28, 28), scale, dark=dark).astype(int)
        assert np.abs(seen - meant).max() <= 10  # half of one of thirty steps
    assert len(page) < 1500 * len(weights)


def test_zero_is_the_papers_colour_and_no_number_breaks_it() -> None:
    weights = np.zeros((1, 784), np.float32)
    weights[0, 0] = np.nan
    page = weight_grid_html(weights, dark=False, texts=CHART_TEXTS[Lang.EN])
    (found,) = re.findall(r"base64,([^\"]+)", page)
    seen = np.asarray(Image.open(io.BytesIO(base64.b64decode(found))).convert("RGB"))
    assert (seen.reshape(-1, 3) == diverging(np.zeros((1, 1)), 1.0, dark=False)[0, 0]).all()
