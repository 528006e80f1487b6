"""Shape, legality and values against PyTorch itself, over all kinds of layers."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch.utils.flop_counter import FlopCounterMode

from lib.core.conv.cost import cost, weight_shape
from lib.core.conv.data import full_weight_shape
from lib.core.conv.layer import Layer, LayerKind
from lib.core.conv.legality import problem_of
from lib.core.conv.shape import axis_shape, output_shape
from lib.core.conv.taps import axis_taps
from lib.core.conv.values import forward
from tests.core.conv.cases import layers, legal_groups, torch_forward, torch_layer, torch_refusal

LEGALITY_SETTINGS = 2_000
VALUE_SETTINGS = 2_000


@pytest.mark.parametrize("kind", list(LayerKind))
def test_legal_exactly_when_torch_does_not_raise_and_with_its_shape(kind: LayerKind) -> None:
    """With five kinds, 10,000 settings; each is judged as it is drawn, so a failure shrinks to its core."""
    legal = 0

    @settings(max_examples=LEGALITY_SETTINGS, deadline=None, derandomize=True, database=None)
    @given(layers(kind))
    def agrees(layer: Layer) -> None:
        nonlocal legal
        problem = problem_of(layer)
        found = None if problem is None else (problem.error, problem.message)
        assert found == torch_refusal(layer)
        if problem is None:
            legal += 1
            made = torch_layer(layer)(torch.zeros(layer.input_shape))
            assert tuple(made.shape) == output_shape(layer)

    agrees()
    # Both answers must have been put to the test.
    assert LEGALITY_SETTINGS / 10 < legal < LEGALITY_SETTINGS


@pytest.mark.parametrize("kind", list(LayerKind))
def test_values_are_torchs(kind: LayerKind) -> None:
    compared = 0

    @settings(max_examples=VALUE_SETTINGS, deadline=None, derandomize=True, database=None)
    @given(layers(kind).map(legal_groups), st.integers(0, 2**32 - 1))
    def agrees(layer: Layer, seed: int) -> None:
        nonlocal compared
        if problem_of(layer) is not None:
            return
        compared += 1
        rng = np.random.default_rng(seed)
        inputs = rng.normal(size=(layer.in_channels, layer.height.size, layer.width.size))
        shape = full_weight_shape(layer)
        weight = rng.normal(size=shape) if shape else None
        bias = rng.normal(size=layer.out_channels) if shape and layer.bias else None
        expected = torch_forward(layer, inputs, weight, bias)
        np.testing.assert_allclose(forward(layer, inputs, weight, bias), expected, rtol=0, atol=1e-9)

    agrees()
    assert compared > VALUE_SETTINGS / 10


@settings(max_examples=300, deadline=None, derandomize=True, database=None)
@given(layers())
def test_cells_after_the_last_window_are_those_after_the_last_that_is_used(layer: Layer) -> None:
    if problem_of(layer) is not None or layer.kind is LayerKind.TRANSPOSED:
        return
    for axis in layer.axes:
        taps = axis_taps(layer, axis)
        shape = axis_shape(layer, axis)
        used = int(taps.position.max()) + 1
        padded = len(taps.source)
        reach = (shape.output - 1) * axis.stride + axis.effective_kernel
        assert shape.overhang == max(reach - padded, 0)
        if shape.overhang:
            continue  # the last window stands out beyond the padding, so nothing lies after it
        assert shape.after == padded - used


@settings(max_examples=300, deadline=None, derandomize=True, database=None)
@given(layers().map(legal_groups))
def test_costs_are_torchs(layer: Layer) -> None:
    if problem_of(layer) is not None:
        return
    made = torch_layer(layer)
    costs = cost(layer)
    assert (costs.dense_parameters is None) == (layer.kind is LayerKind.MAX_POOL)
    assert costs.parameters == sum(p.numel() for p in made.parameters())
    weight = dict(made.named_parameters()).get("weight")
    assert costs.weight_shape == (() if weight is None else tuple(weight.shape)) == weight_shape(layer)
    with FlopCounterMode(display=False) as counter, torch.no_grad():
        output = made(torch.zeros(layer.input_shape))
    assert costs.macs == counter.get_total_flops() / 2
    assert costs.output_bytes == output.nbytes
    if weight is not None:
        samples = layer.batch if layer.batched else 1
        features = torch.zeros(layer.input_shape).numel() // samples, output.numel() // samples
        with torch.device("meta"):
            dense = torch.nn.Linear(*features, bias=layer.bias)
        assert costs.dense_parameters == sum(p.numel() for p in dense.parameters())
