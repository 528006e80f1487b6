"""Which cells count: set one cell after the other in PyTorch, and see whether the output notices."""

from __future__ import annotations

import warnings
from dataclasses import replace

import pytest
import torch
from hypothesis import given, settings

from lib.core.conv.coverage import Coverage, coverage
from lib.core.conv.layer import Axis, Layer, LayerKind, NamedPadding, square
from lib.core.conv.legality import problem_of
from tests.core.conv.cases import layers, torch_layer

MOST_CELLS = 200


def noticed(layer: Layer) -> int:
    """Input cells that change the layer's output when they alone are not zero; all weights are one."""
    sizes = [axis.size for axis in layer.axes]
    cells = torch.eye(torch.Size(sizes).numel()).reshape(-1, 1, *sizes)
    with warnings.catch_warnings(), torch.no_grad():
        warnings.simplefilter("ignore")  # "same" with an even kernel warns about a copy
        made = torch_layer(layer)
        for weight in made.parameters():
            weight.fill_(1)
        nothing = made(torch.zeros_like(cells[:1]))  # −∞ where a pool's window holds padding only
        return int((made(cells) != nothing).flatten(1).any(dim=1).sum())


def alone(layer: Layer) -> Layer:
    """The layer with one channel and without bias: what it reads is the same."""
    return replace(layer, in_channels=1, out_channels=1, groups=1, bias=False)


def padded(layer: Layer) -> Layer:
    """A convolution without padding over an input that has it already."""
    sizes = [axis.size + sum(layer.pads(axis)) for axis in (layer.height, layer.width)]
    height, width = (
        replace(axis, size=size, padding=0)
        for axis, size in zip((layer.height, layer.width), sizes, strict=True)
    )
    if layer.kind is LayerKind.CONV1D:
        height = layer.height
    return replace(layer, height=height, width=width, named_padding=NamedPadding.VALID)


@settings(max_examples=400, deadline=None, derandomize=True, database=None)
@given(layers().map(alone))
def test_read_cells_are_those_that_torch_notices(layer: Layer) -> None:
    if problem_of(layer) is not None:
        return
    found = coverage(layer)
    if found.cells > MOST_CELLS:
        return
    assert found.pixels - found.lost == noticed(layer)
    if layer.kind.is_conv:
        assert found.cells - found.unread == noticed(padded(layer))


@pytest.mark.parametrize(
    ("layer", "expected"),
    [
        (square(size=8, kernel=1, stride=2), Coverage(64, 48, 64, 48)),
        (square(size=7, kernel=1, stride=2), Coverage(49, 33, 49, 33)),
        (square(size=8, kernel=3, stride=2), Coverage(64, 15, 64, 15)),
        (square(size=6, kernel=3, stride=2, padding=1), Coverage(64, 15, 36, 0)),
        (square(LayerKind.MAX_POOL, size=5, kernel=2, stride=2), Coverage(25, 9, 25, 9)),
        (
            replace(square(LayerKind.MAX_POOL, size=5, kernel=2, stride=2), ceil_mode=True),
            Coverage(25, 0, 25, 0),
        ),
        (Layer(LayerKind.TRANSPOSED, Axis(3, 1, padding=1), Axis(3, 1, padding=1)), Coverage(9, 8, 9, 8)),
    ],
)
def test_cases_known_by_hand(layer: Layer, expected: Coverage) -> None:
    assert coverage(layer) == expected
    assert noticed(replace(layer, bias=False)) == expected.pixels - expected.lost
