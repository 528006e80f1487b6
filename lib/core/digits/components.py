"""Connected parts of a mask, and what belongs to one written sign. Pure NumPy; imports no torch."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Mask = NDArray[np.bool_]
Labels = NDArray[np.int32]


@dataclass(frozen=True, eq=False)
class Parts:
    """The N parts of a mask: ``labels`` (H, W), 0 where the mask is empty, else 1 to N.

    ``area`` (N + 1,) in pixels, ``boxes`` (N + 1, 4) as top, left, bottom, right (the last two exclusive), ``edge``
    (N + 1,) the length of the outline, in sides of pixels. Row 0 stands for no part.
    """

    labels: Labels
    area: NDArray[np.int64]
    boxes: NDArray[np.int64]
    edge: NDArray[np.int64]

    def __len__(self) -> int:
        """How many there are."""
        return len(self.area) - 1

    @property
    def extent(self) -> NDArray[np.int64]:
        """(N + 1,): the longer side of each box."""
        return np.asarray((self.boxes[:, 2:] - self.boxes[:, :2]).max(axis=1))

    @property
    def stroke(self) -> NDArray[np.float64]:
        """(N + 1,): roughly how wide each part's strokes are: twice the area over the outline."""
        # Steps along rows and columns overestimate the outline's length, by 4 / pi over all directions.
        return np.asarray(2 * self.area / np.maximum(self.edge * np.pi / 4, 1))


def find_parts(mask: Mask) -> Parts:
    """Parts that hang together, over corners, too.

    >>> parts = find_parts(np.array([[1, 0, 0, 1], [0, 1, 0, 1], [0, 0, 0, 0]], bool))
    >>> parts.labels.tolist()
    [[1, 0, 0, 2], [0, 1, 0, 2], [0, 0, 0, 0]]
    >>> parts.area.tolist(), parts.boxes[2].tolist()
    ([0, 2, 2], [0, 3, 2, 4])
    """
    height, width = mask.shape
    framed = np.zeros((height, width + 2), np.int8)
    framed[:, 1:-1] = mask
    steps = np.diff(framed, axis=1)
    # In row-major order, so that run k begins and ends at the k-th of each.
    row, start = np.nonzero(steps == 1)
    end = np.nonzero(steps == -1)[1]
    names = _joined(row, start, end, width)
    distinct, run_label = np.unique(names, return_inverse=True)
    count = len(distinct)
    labels = np.zeros((height, width), np.int32)
    labels[mask] = np.repeat(run_label + 1, end - start)
    area = np.bincount(run_label + 1, weights=end - start, minlength=count + 1).astype(np.int64)
    boxes = np.zeros((count + 1, 4), np.int64)
    boxes[1:, :2] = height + width
    np.minimum.at(boxes[:, 0], run_label + 1, row)
    np.minimum.at(boxes[:, 1], run_label + 1, start)
    np.maximum.at(boxes[:, 2], run_label + 1, row + 1)
    np.maximum.at(boxes[:, 3], run_label + 1, end)
    return Parts(labels, area, boxes, _outline(labels, count))


def _joined(
    row: NDArray[np.int64], start: NDArray[np.int64], end: NDArray[np.int64], width: int
) -> NDArray[np.int64]:
    """For each run of a row the smallest number among the runs that it hangs together with."""
    line = width + 2
    first_key, last_key = row * line + start, row * line + end
    above = (row - 1) * line
    # Runs of the row above that begin not after this one's end and end not before its start: corners touch.
    low = np.searchsorted(last_key, above + start, side="left")
    high = np.searchsorted(first_key, above + end, side="right")
    counts = np.maximum(high - low, 0)
    below = np.repeat(np.arange(len(row)), counts)
    offset = np.arange(len(below)) - np.repeat(np.cumsum(counts) - counts, counts)
    over = np.repeat(low, counts) + offset
    name = np.arange(len(row))
    while True:
        smallest = np.minimum(name[below], name[over])
        before = name.copy()
        np.minimum.at(name, name[below], smallest)
        np.minimum.at(name, name[over], smallest)
        while not np.array_equal(name, name[name]):
            name = name[name]
        if np.array_equal(before, name):
            return name


def _outline(labels: Labels, count: int) -> NDArray[np.int64]:
    framed = np.pad(labels, 1)
    edge = np.zeros(count + 1, np.int64)
    inside = framed[1:-1, 1:-1]
    for other in (framed[:-2, 1:-1], framed[2:, 1:-1], framed[1:-1, :-2], framed[1:-1, 2:]):
        edge += np.bincount(inside[(inside > 0) & (other == 0)], minlength=count + 1)
    return edge


def spread(mask: Mask, radius: int) -> Mask:
    """A mask grown by ``radius`` pixels in all directions, as a square grows.

    >>> spread(np.array([[0, 0, 0, 1]], bool), 2).tolist()
    [[False, True, True, True]]
    """
    grown = mask.astype(np.uint8)
    for axis in (0, 1):
        grown = running_max(grown, 2 * radius + 1, axis)
    return np.asarray(grown, dtype=bool)


def running_max(values: NDArray[np.uint8], window: int, axis: int) -> NDArray[np.uint8]:
    """The largest value of each window around a cell; outside of the picture nothing counts.

    >>> running_max(np.array([[0, 0, 9, 1, 0]], np.uint8), 3, 1).tolist()
    [[0, 9, 9, 9, 1]]
    """
    before = window // 2
    widths = [(0, 0), (0, 0)]
    widths[axis] = (before, window - 1 - before)
    padded = np.moveaxis(np.pad(values, widths), axis, 0)
    size = 1
    while 2 * size <= window:
        padded = np.maximum(padded[:-size], padded[size:])
        size *= 2
    if size < window:
        padded = np.maximum(padded[: len(padded) - (window - size)], padded[window - size :])
    return np.moveaxis(padded, 0, axis)
