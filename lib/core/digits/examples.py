"""A digit of each kind as strokes, for a page on which nobody has drawn yet. Imports no torch."""

from __future__ import annotations

from lib.core.digits.ink import CANVAS, Stroke

PEN = 18
_MARGIN = 45
_STEPS = 6
_Line = tuple[tuple[int, int], ...]

# Knots of smooth lines, in a box of 100 x 100: x right, y down.
_KNOTS: dict[int, tuple[_Line, ...]] = {
    0: (((52, 3), (25, 18), (17, 52), (30, 90), (55, 96), (78, 75), (80, 38), (66, 8), (48, 4)),),
    1: (((38, 18), (54, 2), (54, 30), (52, 64), (50, 98)),),
    2: (
        ((20, 24), (34, 5), (60, 3), (74, 22), (64, 46), (40, 70), (18, 94)),
        ((18, 94), (50, 93), (84, 95)),
    ),
    3: (
        (
            (22, 12),
            (46, 2),
            (70, 12),
            (68, 34),
            (44, 46),
            (70, 56),
            (78, 76),
            (60, 95),
            (36, 97),
            (18, 86),
        ),
    ),
    4: (((28, 4), (22, 30), (18, 52), (46, 54), (82, 50)), ((66, 10), (62, 50), (60, 98))),
    5: (((78, 5), (52, 4), (30, 6)), ((30, 6), (27, 42), (52, 40), (74, 56), (72, 82), (48, 97), (20, 90))),
    6: (
        (
            (66, 4),
            (42, 24),
            (26, 56),
            (30, 86),
            (52, 97),
            (72, 82),
            (68, 60),
            (48, 52),
            (30, 66),
        ),
    ),
    7: (((18, 8), (48, 6), (80, 8)), ((80, 8), (62, 46), (44, 98))),
    8: (
        (
            (68, 14),
            (48, 3),
            (30, 16),
            (36, 36),
            (60, 52),
            (74, 74),
            (60, 95),
            (36, 95),
            (26, 74),
            (42, 52),
            (64, 34),
            (70, 16),
        ),
    ),
    9: (((70, 22), (50, 6), (28, 20), (30, 44), (52, 50), (70, 34), (72, 18), (70, 52), (62, 98)),),
}


def example_strokes(digit: int) -> tuple[Stroke, ...]:
    """Strokes of a digit, in the middle of the canvas.

    >>> len(example_strokes(7)), example_strokes(7)[0].points[0]
    (2, (79, 60))

    Raises: KeyError where there is no such digit.
    """
    return tuple(Stroke(PEN, _smooth(line)) for line in _KNOTS[digit])


def _smooth(knots: _Line) -> tuple[tuple[int, int], ...]:
    """A Catmull-Rom curve through the knots, in pixels of the canvas."""
    ends = (knots[0], *knots, knots[-1])
    points = [_pixel(*knots[0])]
    for a, b, c, d in zip(ends, ends[1:], ends[2:], ends[3:], strict=False):
        for step in range(1, _STEPS + 1):
            t = step / _STEPS
            x, y = (_between(p, q, r, s, t) for p, q, r, s in zip(a, b, c, d, strict=True))
            points.append(_pixel(x, y))
    return tuple(points)


def _between(a: float, b: float, c: float, d: float, t: float) -> float:
    return 0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3)


def _pixel(x: float, y: float) -> tuple[int, int]:
    scale = (CANVAS - 2 * _MARGIN) / 100
    return round(_MARGIN + x * scale), round(_MARGIN + y * scale)
