"""Preparing a drawing as MNIST's makers did: MNIST itself is the oracle."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from lib.core.digits.prepare import BOX_SIDE, MIDDLE, SIDE, centre_of_mass, find_box, prepare
from lib.core.mnist import load_mnist

CANVAS, ENLARGED = 280, 7
quiet = settings(deadline=None, derandomize=True, database=None)


def test_mnist_digits_enlarged_and_moved_come_back_to_the_pixel() -> None:
    random = np.random.default_rng(0)
    for image in load_mnist().test_images[:500]:
        canvas = np.zeros((CANVAS, CANVAS), np.uint8)
        top, left = random.integers(0, CANVAS - SIDE * ENLARGED + 1, 2)
        large = np.kron(image, np.ones((ENLARGED, ENLARGED), np.uint8))
        canvas[top : top + SIDE * ENLARGED, left : left + SIDE * ENLARGED] = large
        prepared = prepare(canvas)
        assert prepared is not None
        np.testing.assert_array_equal(prepared.fed, image)


@quiet
@given(arrays(np.uint8, st.tuples(st.integers(1, 60), st.integers(1, 60)), elements=st.integers(0, 255)))
def test_any_ink_ends_up_in_a_box_of_20_around_the_middle(
    ink: np.ndarray[tuple[int, int], np.dtype[np.uint8]],
) -> None:
    prepared = prepare(ink)
    if not ink.any():
        assert prepared is None
        return
    assert prepared is not None
    assert max(prepared.scaled.shape) == BOX_SIDE
    assert prepared.fed.shape == (SIDE, SIDE)
    assert prepared.fed.sum() == prepared.scaled.sum()  # nothing fell off the field
    if prepared.fed.any():
        for place, size, shift in zip(
            centre_of_mass(prepared.fed), prepared.scaled.shape, prepared.shift, strict=True
        ):
            assert abs(place - MIDDLE) <= 0.5 or shift in (0, SIDE - size)


def test_raw_is_the_mean_over_the_whole_canvas() -> None:
    ink = np.random.default_rng(1).integers(0, 256, (CANVAS, CANVAS)).astype(np.uint8)
    prepared = prepare(ink, raw=True)
    assert prepared is not None
    means = ink.reshape(SIDE, 10, SIDE, 10).mean(axis=(1, 3))
    assert np.abs(prepared.fed - means).max() <= 0.51


def test_stroke_width_is_that_of_a_bar() -> None:
    for width in (20, 40, 60):
        ink = np.zeros((CANVAS, CANVAS), np.uint8)
        ink[40:240, 100 : 100 + width] = 255
        prepared = prepare(ink)
        assert prepared is not None
        assert abs(prepared.stroke_width * 10 - width) < 0.35 * width
        assert find_box(ink) == prepared.box
