"""Digits found in photographs: made-up ones of every kind of trouble, read by the bundled network."""

from __future__ import annotations

import io

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from PIL import Image
from torch import nn

from lib.core.digits.classifier import answer, load_classifier
from lib.core.digits.components import find_parts, running_max
from lib.core.digits.examples import example_strokes
from lib.core.digits.ink import render_strokes
from lib.core.digits.lines import without_lines
from lib.core.digits.prepare import prepare
from lib.core.digits.upload import KEPT_SIDE, UploadError, UploadProblem, ink_of_picture
from lib.core.mnist import load_mnist
from lib.core.training.bundled import bundled
from tests.core.digits.photos import BLANKS, SCENES, photo

HELD_OUT = 5000
"""The first seed of pictures on which nothing was tuned."""
OF_EACH = 2
quiet = settings(deadline=None, derandomize=True, database=None, max_examples=40)


@pytest.fixture(scope="module")
def network() -> nn.Sequential:
    return load_classifier(bundled().config, bundled().weights)


def read(network: nn.Sequential, content: bytes) -> int | None:
    """The digit; None where the picture is refused."""
    try:
        prepared = prepare(ink_of_picture(content).ink)
    except UploadError:
        return None
    assert prepared is not None
    return answer(network, prepared.pixels).digit


def test_nine_of_ten_photographs_are_read_and_no_kind_fails(network: nn.Sequential) -> None:
    right = {}
    for scene in SCENES:
        made = [photo(scene, HELD_OUT + seed) for seed in range(OF_EACH)]
        right[scene] = sum(read(network, each.content) == each.label for each in made)
    assert sum(right.values()) >= 0.9 * OF_EACH * len(SCENES), right
    assert min(right.values()) >= 1, right


@pytest.mark.parametrize("scene", list(BLANKS))
def test_a_page_without_a_digit_gets_no_guess(scene: str) -> None:
    for seed in range(OF_EACH):
        with pytest.raises(UploadError) as caught:
            ink_of_picture(photo(scene, HELD_OUT + seed).content)
        assert caught.value.problem in (UploadProblem.NO_CONTRAST, UploadProblem.NO_SIGN)


def file(picture: Image.Image) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, format="PNG")
    return buffer.getvalue()


def test_two_digits_are_not_guessed_at() -> None:
    sheet = np.hstack([render_strokes(example_strokes(digit)) for digit in (4, 2)])
    with pytest.raises(UploadError) as caught:
        ink_of_picture(file(Image.fromarray(255 - sheet)))
    assert caught.value.problem is UploadProblem.SEVERAL


def test_strokes_of_one_digit_stay_together_and_dirt_does_not() -> None:
    sheet = render_strokes(example_strokes(5)).copy()
    rows = np.flatnonzero(sheet.any(axis=1))
    gap = rows[0] + 28
    sheet[gap : gap + 6] = 0  # the upper bar is on its own
    alone = prepare(sheet)
    sheet[5:12, 260:267] = 255
    sheet[150:155, 20:24] = 255
    found = prepare(ink_of_picture(file(Image.fromarray(255 - sheet))).ink)
    assert alone is not None
    assert found is not None
    assert abs(found.box.height - alone.box.height) <= 2
    assert abs(found.box.width - alone.box.width) <= 2


def test_mnists_own_pictures_are_read_as_they_are(network: nn.Sequential) -> None:
    mnist = load_mnist()
    right = 0
    for index in range(40):
        image = mnist.test_images[index] if index % 2 else 255 - mnist.test_images[index]
        right += read(network, file(Image.fromarray(image))) == mnist.test_labels[index]
    assert right >= 39


def test_thin_strokes_are_widened_and_it_is_said() -> None:
    thin = ink_of_picture(photo("ballpoint", HELD_OUT).content)
    thick = ink_of_picture(file(Image.fromarray(255 - render_strokes(example_strokes(2)))))
    assert thin.is_widened
    assert not thick.is_widened
    prepared = prepare(thin.ink)
    assert prepared is not None
    assert 1.5 < prepared.stroke_width < 3.5


@quiet
@given(
    arrays(
        np.uint8,
        st.tuples(st.integers(1, 40), st.integers(1, 40)),
        elements=st.sampled_from([0, 40, 120, 200, 255]),
    )
)
def test_any_picture_gives_ink_or_a_reason(grey: np.ndarray[tuple[int, int], np.dtype[np.uint8]]) -> None:
    try:
        found = ink_of_picture(file(Image.fromarray(grey)))
    except UploadError:
        return
    assert found.ink.dtype == np.uint8
    assert found.ink.any()
    assert max(found.ink.shape) <= 2 * KEPT_SIDE


def flooded(mask: np.ndarray[tuple[int, int], np.dtype[np.bool_]]) -> list[set[tuple[int, int]]]:
    """The parts of a mask, by walking from cell to cell."""
    left = {(int(y), int(x)) for y, x in np.argwhere(mask)}
    found = []
    while left:
        part, ahead = set(), [left.pop()]
        while ahead:
            y, x = ahead.pop()
            part.add((y, x))
            beside = {(y + down, x + right) for down in (-1, 0, 1) for right in (-1, 0, 1)} & left
            left -= beside
            ahead += beside
        found.append(part)
    return found


@quiet
@given(arrays(np.bool_, st.tuples(st.integers(1, 20), st.integers(1, 20))))
def test_parts_are_those_of_a_walk(mask: np.ndarray[tuple[int, int], np.dtype[np.bool_]]) -> None:
    parts = find_parts(mask)
    walked = flooded(mask)
    assert len(parts) == len(walked)
    assert not parts.labels[~mask].any()
    for part in walked:
        rows, columns = np.array(sorted(part)).T
        (name,) = set(parts.labels[rows, columns].tolist())
        assert parts.area[name] == len(part)
        box = [rows.min(), columns.min(), rows.max() + 1, columns.max() + 1]
        assert parts.boxes[name].tolist() == box


@quiet
@given(
    arrays(np.uint8, st.tuples(st.integers(1, 20), st.integers(1, 20))),
    st.integers(0, 12),
    st.integers(0, 1),
)
def test_the_running_maximum_is_that_of_each_window(
    values: np.ndarray[tuple[int, int], np.dtype[np.uint8]], half: int, axis: int
) -> None:
    lines = np.moveaxis(values, axis, 0)
    slow = [lines[max(0, at - half) : at + half + 1].max(axis=0) for at in range(len(lines))]
    fast = np.moveaxis(running_max(values, 2 * half + 1, axis), axis, 0)
    np.testing.assert_array_equal(fast, np.stack(slow))


@pytest.mark.parametrize("slope", [-0.1, -0.03, 0.0, 0.05])
def test_lines_go_and_ink_stays(slope: float) -> None:
    random = np.random.default_rng(0)
    y, x = np.mgrid[:300, :400]
    along = np.abs((y - slope * x) % 40 - 20) < 1.2
    across = np.abs((x + slope * y) % 40 - 20) < 1.2
    page = np.where(along | across, 0.3, 0).astype(np.float32)
    page[100:200, 180:200] = 0.85
    cleared = without_lines(page + random.normal(0, 0.01, page.shape).astype(np.float32), 0.04)
    assert float((cleared[:, :150] > 0.15).mean()) < 0.01
    assert float((cleared[100:200, 180:200] > 0.5).mean()) > 0.98
