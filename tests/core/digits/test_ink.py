"""Drawings as strokes: in an address and back, and from what a browser sends."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lib.core.digits.ink import (
    CANVAS,
    MAX_PEN,
    MAX_POINTS,
    MAX_TEXT,
    MIN_PEN,
    InkError,
    Stroke,
    canvas_objects,
    encode_strokes,
    parse_strokes,
    render_strokes,
    strokes_of_canvas,
)

quiet = settings(deadline=None, derandomize=True, database=None)
point = st.tuples(st.integers(0, CANVAS), st.integers(0, CANVAS))
stroke = st.builds(Stroke, st.integers(MIN_PEN, MAX_PEN), st.lists(point, min_size=1, max_size=40).map(tuple))
json = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=5) | st.integers(),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["objects", "path", "strokeWidth", "left", "scaleX", "angle"]), inner, max_size=4
        )
    ),
    max_leaves=12,
)


@quiet
@given(st.lists(stroke, max_size=12))
def test_what_an_address_holds_is_stable_and_short(strokes: list[Stroke]) -> None:
    text = encode_strokes(strokes)
    assert len(text) <= MAX_TEXT
    again = parse_strokes(text)
    assert encode_strokes(again) == text
    assert [each.pen for each in again] == [each.pen for each in strokes][-len(again) :] or not again


@quiet
@given(st.lists(stroke, min_size=1, max_size=3))
def test_a_short_drawing_looks_the_same_after_its_way_through_an_address(strokes: list[Stroke]) -> None:
    before, after = render_strokes(strokes), render_strokes(parse_strokes(encode_strokes(strokes)))
    assert np.abs(before.astype(int) - after.astype(int)).mean() < 4


@pytest.mark.parametrize(
    "text", ["!", "I", "I000", "I0000000", "0" + "0000", "I" + "____", "I0000..", "é0000"]
)
def test_other_texts_are_no_drawings(text: str) -> None:
    with pytest.raises(InkError):
        parse_strokes(text)


@quiet
@given(json)
def test_whatever_a_browser_sends_is_read_or_passed_over(sent: object) -> None:
    for each in strokes_of_canvas(sent):  # type: ignore[arg-type]
        assert MIN_PEN <= each.pen <= MAX_PEN
        assert all(0 <= x <= CANVAS and 0 <= y <= CANVAS for x, y in each.points)


@quiet
@given(st.lists(stroke, max_size=5))
def test_the_canvas_begins_with_what_it_reported(strokes: list[Stroke]) -> None:
    back = strokes_of_canvas({"objects": canvas_objects(strokes)})
    assert [each.pen for each in back] == [each.pen for each in strokes]
    assert np.array_equal(render_strokes(back), render_strokes(strokes))


def test_a_stroke_that_was_moved_scaled_and_turned() -> None:
    path = [["M", 100, 100], ["L", 100, 140]]
    one = {"type": "Path", "path": path, "strokeWidth": 10, "left": 50, "top": 60, "scaleX": 2, "scaleY": 2}
    (upright,) = strokes_of_canvas({"objects": [one]})
    assert upright == Stroke(20, ((50, 20), (50, 100)))
    (turned,) = strokes_of_canvas({"objects": [{**one, "angle": 90}]})
    assert turned == Stroke(20, ((90, 60), (10, 60)))
    assert math.dist(*turned.points) == math.dist(*upright.points)


@pytest.mark.parametrize(("strokes", "points"), [(1, 50_000), (60, 1000)])
def test_a_drawing_of_any_length_becomes_a_short_one(strokes: int, points: int) -> None:
    ways = np.random.default_rng(0).integers(-12, 13, (strokes, points, 2)).cumsum(axis=1) % CANVAS
    paths = [[["M", *way[0].tolist()], *(["L", *place] for place in way[1:].tolist())] for way in ways]
    drawing = {"objects": [{"type": "Path", "path": path, "strokeWidth": 18} for path in paths]}
    found = strokes_of_canvas(drawing)
    assert len(found) == strokes
    assert 2 * strokes < sum(len(stroke.points) for stroke in found) <= MAX_POINTS
    text = encode_strokes(found)
    assert 0 < len(text) <= MAX_TEXT
    assert parse_strokes(text)
