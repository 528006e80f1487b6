"""The picture's own arithmetic, run in Chromium, against PyTorch on the same layers."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from playwright.sync_api import Page, Route

from lib.core.conv.data import picture_bias, picture_inputs, picture_weight, test_digits
from lib.core.conv.layer import Layer, LayerKind
from lib.core.conv.legality import problem_of
from lib.core.conv.look import Look
from lib.core.conv.shape import output_shape
from lib.lessons.convolution.picture import layer_json
from lib.ui.components.base import ASSETS
from tests.core.conv.cases import layers, legal_groups, torch_forward
from tests.core.conv.test_code import looks
from tests.e2e.waits import value

pytestmark = pytest.mark.e2e
CASES = 400
MAX_CELLS = 20_000
ADDRESS = "http://shapelab.test/"
COMPUTE = """
async (html, { cases, pixels }) => {
  const a = { ...await import('/conv/arithmetic.js'), ...await import('/conv/look.js') };
  const plain = (numbers) => Array.from(numbers, (n) => Number.isFinite(n) ? n : String(n));
  return cases.map(([layer, text]) => {
    const look = a.parseLook(text);
    const model = a.makeModel(layer, look, pixels, true, true);
    const pool = layer.kind.endsWith('Pool2d');
    const channels = pool ? layer.inChannels : layer.outChannels;
    const outputs = [];
    let parts = 0;
    for (let o = 0; o < channels; o += 1) {
      const values = a.forward(model, o);
      outputs.push(plain(values));
      const last = [model.rows.outCells - 1, model.columns.outCells - 1];
      const total = a.partners(layer, o)
        .map((i) => a.partialSum(model, i, o, ...last))
        .reduce((sum, part) => sum + part, a.biasOf(layer, o));
      const shown = values[values.length - 1];
      parts = Math.max(parts, Object.is(total, shown) || total === shown ? 0 : Math.abs(total - shown));
    }
    return {
      text: a.lookText(look),
      inputs: plain(model.inputs),
      weight: model.weight && plain(model.weight),
      crop: [model.rows.crop, model.columns.crop],
      cells: [model.rows.outCells, model.columns.outCells],
      outputs,
      parts,
    };
  });
}
"""


def legal_cases(kind: LayerKind) -> list[tuple[Layer, Look]]:
    """Legal layers of a kind with a look each; the same ones every time."""
    found: list[tuple[Layer, Look]] = []

    @settings(max_examples=CASES, deadline=None, derandomize=True, database=None)
    @given(layers(kind).map(legal_groups), looks())
    def collect(layer: Layer, look: Look) -> None:
        if problem_of(layer) is None and math.prod(output_shape(layer)[1:]) <= MAX_CELLS:
            found.append((layer, look))

    collect()
    return found


def serve(route: Route) -> None:
    """The component's scripts, at an address of their own; the rest of the web is empty."""
    script = ASSETS / route.request.url.removeprefix(ADDRESS)
    if script.suffix == ".js":
        route.fulfill(content_type="text/javascript", body=script.read_text("utf-8"))
    else:
        route.fulfill(content_type="text/html", body="<!doctype html>")


def numbers(values: list[float | str]) -> np.ndarray[Any, np.dtype[np.float64]]:
    """JSON has no infinity: it came as its name."""
    return np.array([float(str(value).replace("Infinity", "inf")) for value in values])


@pytest.mark.parametrize("kind", list(LayerKind))
def test_the_browser_computes_what_torch_computes(page: Page, kind: LayerKind) -> None:
    cases = legal_cases(kind)
    assert len(cases) > CASES / 10
    page.route("**/*", serve)
    page.goto(ADDRESS)
    pixels = test_digits()[0]
    argument = {
        "cases": [[layer_json(layer), look.text] for layer, look in cases],
        "pixels": pixels.ravel().tolist(),
    }
    made = value(page.locator("html"), COMPUTE, argument)
    for (layer, look), got in zip(cases, made, strict=True):
        assert got["text"] == look.text
        assert got["parts"] <= 1e-9
        inputs, weight, bias = (
            picture_inputs(layer, look, pixels),
            picture_weight(layer, look),
            picture_bias(layer),
        )
        np.testing.assert_array_equal(numbers(got["inputs"]), inputs.ravel())
        assert (weight is None) == (got["weight"] is None)
        if weight is not None:
            np.testing.assert_array_equal(numbers(got["weight"]), weight.ravel())
        (top, left), (height, width) = got["crop"], got["cells"]
        outputs = np.stack([numbers(channel) for channel in got["outputs"]]).reshape(-1, height, width)
        expected = torch_forward(layer, inputs, weight, bias)
        _, rows, columns = expected.shape
        outputs = outputs[:, top : top + rows, left : left + columns]
        np.testing.assert_allclose(outputs, expected, rtol=0, atol=1e-9)
