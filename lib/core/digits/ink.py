"""A drawing as strokes: short enough for an address, and drawn anew from it. Imports no torch.

The canvas hands over its own pixels after each stroke. The strokes are for what comes later: a reload, an undo,
a drawing that a teacher sends.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from lib.core.digits.prepare import Ink

CANVAS = 280
MIN_PEN, MAX_PEN = 4, 40
MAX_STROKES = 60
MAX_TEXT = 1600
MAX_POINTS = 3000
"""Of a drawing that a browser hands over: a pen makes a hundred a second; of more, every second, third ... is taken."""
_DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-_"
_BASE = len(_DIGITS)
_STROKE_END = "."
_FIRST_TOLERANCE = 1.0
_OVERSAMPLING = 4
_CURVE_STEPS = 8

Point = tuple[int, int]


class InkError(ValueError):
    """A text that is no drawing."""


@dataclass(frozen=True)
class Stroke:
    """One line of the pen: its width and its points (x right, y down), in pixels of the canvas."""

    pen: int
    points: tuple[Point, ...]


def _number(value: int) -> str:
    return _DIGITS[value // _BASE] + _DIGITS[value % _BASE]


def encode_strokes(strokes: Sequence[Stroke]) -> str:
    """Strokes as a text of letters that need no escaping in an address; points that hardly matter are left out.

    >>> encode_strokes([Stroke(18, ((0, 0), (140, 1), (279, 0)))])
    'I00004N00'
    """
    tolerance = _FIRST_TOLERANCE
    kept = list(strokes)[-MAX_STROKES:]
    while True:
        kept = [Stroke(stroke.pen, simplify(stroke.points, tolerance)) for stroke in kept]
        text = _STROKE_END.join(map(_encode, kept))
        if len(text) <= MAX_TEXT:
            return text
        tolerance *= 1.5
        if tolerance > CANVAS:
            kept = kept[1:]


def _encode(stroke: Stroke) -> str:
    return _DIGITS[stroke.pen] + "".join(_number(x) + _number(y) for x, y in stroke.points)


def parse_strokes(text: str) -> tuple[Stroke, ...]:
    """The inverse of :func:`encode_strokes`.

    >>> parse_strokes("I00004N00")
    (Stroke(pen=18, points=((0, 0), (279, 0))),)

    Raises: InkError where the text is no drawing.
    """
    if not text:
        return ()
    parts = text.split(_STROKE_END)
    if len(text) > MAX_TEXT or len(parts) > MAX_STROKES:
        raise InkError(text[:20])
    return tuple(_parse(part) for part in parts)


def _parse(part: str) -> Stroke:
    values = [_DIGITS.find(letter) for letter in part]
    if len(values) < 5 or len(values) % 4 != 1 or min(values) < 0:
        raise InkError(part[:20])
    pen, rest = values[0], values[1:]
    if not MIN_PEN <= pen <= MAX_PEN:
        raise InkError(part[:20])
    numbers = [high * _BASE + low for high, low in zip(rest[::2], rest[1::2], strict=True)]
    if max(numbers) > CANVAS:
        raise InkError(part[:20])
    return Stroke(pen, tuple(zip(numbers[::2], numbers[1::2], strict=True)))


def simplify(points: Sequence[Point], tolerance: float) -> tuple[Point, ...]:
    """Leave out points that lie within ``tolerance`` pixels of the line through those that stay.

    >>> simplify(((0, 0), (5, 0), (10, 0), (10, 9)), 1.0)
    ((0, 0), (10, 0), (10, 9))

    Source: D. Douglas, T. Peucker (1973), "Algorithms for the reduction of the number of points".
    """
    keep = {0, len(points) - 1}
    spans = [(0, len(points) - 1)]
    while spans:
        first, last = spans.pop()
        if last - first < 2:
            continue
        inner = np.array(points[first + 1 : last], dtype=np.float64)
        distances = _distances(inner, np.array(points[first], float), np.array(points[last], float))
        furthest = int(distances.argmax())
        if distances[furthest] > tolerance:
            middle = first + 1 + furthest
            keep.add(middle)
            spans += [(first, middle), (middle, last)]
    return tuple(points[index] for index in sorted(keep))


def _distances(
    points: NDArray[np.float64], start: NDArray[np.float64], end: NDArray[np.float64]
) -> NDArray[np.float64]:
    """From each point (N, 2) to the line's piece between start and end."""
    along = end - start
    length = float(along @ along)
    if length == 0:
        return np.asarray(np.hypot(*(points - start).T))
    share = np.clip((points - start) @ along / length, 0, 1)
    return np.asarray(np.hypot(*(points - start - share[:, None] * along).T))


def render_strokes(strokes: Sequence[Stroke]) -> Ink:
    """Strokes -> (280, 280) white on black, anti-aliased, with round ends and corners as the canvas has them.

    >>> ink = render_strokes([Stroke(20, ((40, 140), (240, 140)))])
    >>> ink.shape, int(ink[140, 140]), int(ink[140, 20]), int(ink[151, 140])
    ((280, 280), 255, 0, 0)
    """
    size = CANVAS * _OVERSAMPLING
    picture = Image.new("L", (size, size))
    pencil = ImageDraw.Draw(picture)
    for stroke in strokes:
        points = [(x * _OVERSAMPLING, y * _OVERSAMPLING) for x, y in stroke.points]
        width = stroke.pen * _OVERSAMPLING
        if len(points) > 1:
            pencil.line(points, fill=255, width=width)
        for x, y in points:
            pencil.ellipse([x - width / 2, y - width / 2, x + width / 2 - 1, y + width / 2 - 1], fill=255)
    return np.asarray(picture.resize((CANVAS, CANVAS), Image.Resampling.BOX), dtype=np.uint8)


def strokes_of_canvas(drawing: Mapping[str, Any] | None) -> tuple[Stroke, ...]:
    """The strokes of a Fabric.js drawing, moved, scaled or turned as the learner left them.

    What is no pen stroke is passed over: the drawing comes from a browser.

    >>> path = [["M", 10, 20], ["Q", 10, 20, 15, 20], ["L", 20, 20]]
    >>> strokes_of_canvas({"objects": [{"type": "Path", "path": path, "strokeWidth": 18}]})
    (Stroke(pen=18, points=((10, 20), (20, 20))),)
    """
    objects = drawing.get("objects") if isinstance(drawing, Mapping) else None
    if not isinstance(objects, list):
        return ()
    strokes: list[Stroke] = []
    latest = objects[-MAX_STROKES:]
    for each in latest:
        try:
            strokes.append(_stroke(each, MAX_POINTS // len(latest)))
        except (TypeError, ValueError, KeyError, IndexError, AttributeError, OverflowError):
            continue
    return tuple(strokes)


def _stroke(each: Mapping[str, Any], most: int) -> Stroke:
    path = each["path"][:: math.ceil(len(each["path"]) / most)]
    corners = [[float(number) for number in command[1:3]] for command in path]
    points = np.array(corners, dtype=np.float64).reshape(-1, 2)
    across, down = float(each.get("scaleX", 1)), float(each.get("scaleY", 1))
    turn = math.radians(float(each.get("angle", 0)))
    middle = _middle(path)
    place = np.array([float(each.get("left", middle[0])), float(each.get("top", middle[1]))])
    rotation = np.array([[math.cos(turn), math.sin(turn)], [-math.sin(turn), math.cos(turn)]])
    moved = ((points - middle) * [across, down]) @ rotation + place
    if not np.isfinite(moved).all():
        raise ValueError("not a place on the canvas")
    pen = round(float(each["strokeWidth"]) * math.sqrt(abs(across * down)))
    on_canvas = np.clip(np.rint(moved), 0, CANVAS).astype(int).tolist()
    distinct = [p for i, p in enumerate(on_canvas) if i == 0 or p != on_canvas[i - 1]]
    return Stroke(min(max(pen, MIN_PEN), MAX_PEN), tuple((x, y) for x, y in distinct))


def _middle(path: Sequence[Sequence[Any]]) -> NDArray[np.float64]:
    """The middle of a path's bounding box, about which Fabric.js places, scales and turns it."""
    points: list[NDArray[np.float64]] = []
    for command in path:
        numbers = np.array([float(number) for number in command[1:]]).reshape(-1, 2)
        if command[0] == "Q" and points:
            start, (control, end) = points[-1], numbers
            for share in np.linspace(0, 1, _CURVE_STEPS + 1)[1:]:
                first = start + (control - start) * share
                points.append(first + (control + (end - control) * share - first) * share)
        else:
            points.extend(numbers)
    all_points = np.array(points)
    return np.asarray((all_points.min(axis=0) + all_points.max(axis=0)) / 2)


def canvas_objects(strokes: Sequence[Stroke]) -> list[dict[str, Any]]:
    """Strokes as Fabric.js paths, white, for the canvas to begin with."""
    return [
        {
            "type": "Path",
            "path": [["M", *stroke.points[0]], *(["L", x, y] for x, y in _at_least_two(stroke.points))],
            "fill": None,
            "stroke": "#ffffff",
            "strokeWidth": stroke.pen,
            "strokeLineCap": "round",
            "strokeLineJoin": "round",
        }
        for stroke in strokes
    ]


def _at_least_two(points: Sequence[Point]) -> Sequence[Point]:
    return points[1:] or points
