"""The picture's inputs and the formula's remainders, cell by cell, by their plain definitions."""

from __future__ import annotations

import tracemalloc
from dataclasses import replace

import numpy as np
import pytest
import torch
from hypothesis import example, given, settings
from hypothesis import strategies as st

from lib.core.conv.code import snippet
from lib.core.conv.cost import cost
from lib.core.conv.data import (
    base_image,
    digit_rows,
    fits_picture,
    picture_data,
    picture_inputs,
    test_digits,
)
from lib.core.conv.layer import Axis, Layer, LayerKind, square
from lib.core.conv.legality import problem_of
from lib.core.conv.look import Edit, InputKind, KernelKind, Look
from lib.core.conv.shape import AxisShape, axis_shape
from tests.core.conv.cases import layers, legal_groups, torch_layer

PIXELS = np.zeros((28, 28), np.uint8)
SIDES = st.integers(1, 40)


@given(SIDES, SIDES)
def test_an_impulse_is_a_single_one_in_the_middle(height: int, width: int) -> None:
    image = base_image(Look(InputKind.IMPULSE), height, width, PIXELS)
    expected = [[int(r == height // 2 and c == width // 2) for c in range(width)] for r in range(height)]
    assert image.tolist() == expected
    assert image.dtype == np.int64


@given(SIDES, SIDES)
def test_a_checkerboard_has_an_eighth_of_the_width_as_its_square(height: int, width: int) -> None:
    tile = max(1, width // 8)
    image = base_image(Look(InputKind.CHECKER), height, width, PIXELS)
    assert image.tolist() == [
        [9 * ((r // tile + c // tile) % 2) for c in range(width)] for r in range(height)
    ]


@given(SIDES, SIDES)
def test_a_ramp_climbs_from_left_to_right_up_to_nine(height: int, width: int) -> None:
    image = base_image(Look(InputKind.RAMP), height, width, PIXELS)
    expected = [int(10 * c / max(width, 10) + 1e-9) for c in range(width)]
    assert image.tolist() == [expected] * height
    assert image.max() <= 9


@given(SIDES, SIDES, st.lists(st.text("0123456789", min_size=3, max_size=3), min_size=1, max_size=5))
def test_a_drawing_lies_in_the_corner_and_is_cut_where_it_is_larger(
    height: int, width: int, rows: list[str]
) -> None:
    image = base_image(Look(InputKind.DRAWN, drawn=tuple(rows)), height, width, PIXELS)
    for r in range(height):
        for c in range(width):
            assert image[r, c] == (int(rows[r][c]) if r < len(rows) and c < 3 else 0)


def test_the_brightest_cell_of_a_digit_is_nine_however_dark() -> None:
    assert digit_rows(PIXELS, 4, 4).max() == 0
    for value, side in ((1, 1), (1, 28), (255, 7)):
        lit = PIXELS.copy()
        lit[5, 5] = value
        assert digit_rows(lit, side, side).max() == 9


def test_a_digits_cells_are_the_means_of_the_pixels_under_them() -> None:
    pixels = test_digits()[0]
    for side in (4, 7, 14, 28):
        means = pixels.reshape(side, 28 // side, side, 28 // side).mean(axis=(1, 3))
        expected = np.floor(9 * means / means.max() + 0.5)
        np.testing.assert_array_equal(digit_rows(pixels, side, side), expected)


def test_channels_are_turned_edits_come_before_the_shift_and_those_outside_are_left_aside() -> None:
    layer = replace(square(size=4, kernel=1), in_channels=2)
    look = Look(
        InputKind.IMPULSE,
        shift=(1, -1),
        input_edits=(Edit((1, 3, 0), 7.0), Edit((2, 0, 0), 5.0), Edit((0, 4, 0), 5.0)),
    )
    inputs = picture_inputs(layer, look, PIXELS)
    expected = np.zeros((2, 4, 4))
    expected[0, 1, 3] = 1  # (2, 2), moved right and up
    expected[1, 2, 1] = 7
    np.testing.assert_array_equal(
        inputs, expected
    )  # the other channel's one was turned to column 3, then moved out


@settings(max_examples=200, deadline=None, derandomize=True, database=None)
@given(layers())
def test_bytes_are_those_of_torchs_tensors(drawn: Layer) -> None:
    layer = legal_groups(drawn)
    if problem_of(layer) is not None:
        return
    x = torch.zeros(layer.input_shape)
    with torch.no_grad():
        y = torch_layer(layer)(x)
    assert (cost(layer).input_bytes, cost(layer).output_bytes) == (x.nbytes, y.nbytes)


@pytest.mark.parametrize("kind", [LayerKind.CONV2D, LayerKind.MAX_POOL])
def test_a_window_that_does_not_fit_leaves_nothing_and_stands_out_nowhere(kind: LayerKind) -> None:
    for size in (1, 2, 3):
        axis = Axis(size=size, kernel=5, stride=2)
        result = axis_shape(Layer(kind, axis, axis), axis)
        assert result == AxisShape(size - 5, 2, (size - 5) // 2 + 1)
        assert result.output < 1


@given(st.integers(1, 20), st.integers(1, 6), st.integers(1, 5), st.integers(0, 3), st.integers(0, 2))
def test_a_transposed_axis_puts_its_cells_a_stride_apart(
    size: int, kernel: int, stride: int, padding: int, extra: int
) -> None:
    axis = Axis(size, kernel, stride, padding, 1, extra)
    result = axis_shape(Layer(LayerKind.TRANSPOSED, axis, axis), axis)
    last = range(0, size * stride, stride)[-1]
    assert (result.numerator, result.stride, result.after, result.overhang) == (last, 1, 0, 0)
    assert result.output == last + kernel + extra - 2 * padding


@pytest.mark.parametrize("at_once", [1, 2000])
@given(layers().map(legal_groups))
@example(layer=Layer(LayerKind.CONV2D, Axis(5, 3), Axis(5, 2), in_channels=4, out_channels=6, groups=2))
@example(layer=Layer(LayerKind.TRANSPOSED, Axis(5, 3), Axis(5, 2), in_channels=4, out_channels=6, groups=2))
def test_one_channel_is_that_of_all(at_once: int, layer: Layer) -> None:
    if problem_of(layer) is not None or not fits_picture(layer):
        return
    shown = picture_data(layer, Look(InputKind.RANDOM, kernel=KernelKind.RANDOM), PIXELS)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("lib.core.conv.data._WINDOW_CELLS", at_once)
        for channel, expected in enumerate(shown.outputs(layer)):
            np.testing.assert_allclose(shown.output(layer, channel), expected, rtol=1e-12)


def test_one_of_a_thousand_channels_takes_little_memory() -> None:
    axis = Axis(28, 11, padding=5)
    layer = Layer(LayerKind.CONV2D, axis, axis, in_channels=1024, out_channels=1024, groups=1024)
    assert fits_picture(layer)
    tracemalloc.start()
    snippet(layer, Look(), PIXELS)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 100 * 2**20
