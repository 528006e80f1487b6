"""Lines that run across a page, ruled or squared, taken out of its ink. Pure NumPy; imports no torch.

A line is what lies in one row all along the picture once that is sheared the right way; a digit is not.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from lib.core.digits.components import find_parts

Floats = NDArray[np.float32]

_STEEPEST = 0.16
"""Slope up to which lines are looked for: nine degrees."""
_COARSE_SIDE = 240
_SEGMENTS = 7
THICKEST = 0.012
"""Of the picture's longer side: a line is no thicker."""
_REACH = 2
"""Rows by which a line may stray from straight."""


def without_lines(ink: Floats, noise: float) -> Floats:
    """(H, W) ink -> the same without lines along and across; what is fainter than ``noise`` is no line.

    >>> page = np.zeros((60, 80), np.float32); page[::12] = 0.3; page[20:40, 40:44] = 0.8
    >>> cleared = without_lines(page, 0.05)
    >>> float(cleared[12, 10]), float(cleared[30, 41]).__round__(3)
    (0.0, 0.8)
    """
    for _ in range(2):
        ink = np.ascontiguousarray(_along(ink, noise).T)
    return ink


def _sheared(ink: Floats, slope: float) -> Floats:
    """Row y of the result follows a line that rises ``slope`` pixels a column, through row y of the middle."""
    height, width = ink.shape
    shift = np.rint((np.arange(width) - width / 2) * slope).astype(np.intp)
    rows = np.clip(np.arange(height)[:, None] + shift, 0, height - 1)
    return np.asarray(np.take_along_axis(ink, rows, axis=0))


def _slope(ink: Floats, noise: float) -> float:
    """The slope at which the rows' means differ most."""
    height, width = ink.shape
    step = max(1, round(max(height, width) / _COARSE_SIDE))
    small = np.clip(ink[: height // step * step, : width // step * step], 0, 8 * noise)
    small = small.reshape(height // step, step, width // step, step).mean(axis=(1, 3))
    slopes = np.linspace(-_STEEPEST, _STEEPEST, 65)
    best = slopes[int(np.argmax([_sharpness(small, slope) for slope in slopes]))]
    finer = best + np.linspace(-0.005, 0.005, 9)
    clipped = np.clip(ink, 0, 8 * noise)[:, ::3]
    return float(finer[int(np.argmax([_sharpness(clipped, 3 * slope) for slope in finer]))])


def _sharpness(ink: Floats, slope: float) -> float:
    profile = _sheared(ink, slope).mean(axis=1)
    return float(np.square(np.diff(profile)).sum())


def _along(ink: Floats, noise: float) -> Floats:
    height, width = ink.shape
    if min(height, width) < 3 * _SEGMENTS:
        return ink
    slope = _slope(ink, noise)
    sheared = _sheared(ink, slope)
    segments = np.stack([np.median(part, axis=1) for part in np.array_split(sheared, _SEGMENTS, axis=1)])
    near = np.max([np.roll(segments, step, axis=1) for step in range(-_REACH, _REACH + 1)], axis=0)
    across = np.median(near, axis=0)  # in more than half of the segments
    across[across < noise] = 0
    parts = find_parts(across[:, None] > 0)
    broad = parts.area > THICKEST * max(height, width) + 2 * _REACH + 1
    across[broad[parts.labels[:, 0]]] = 0
    if not across.any():
        return ink
    level = np.minimum(near, 1.15 * across)
    # Between the middles of the segments, and back to where the line was.
    share = np.clip((np.arange(width) + 0.5) / width * _SEGMENTS - 0.5, 0, _SEGMENTS - 1)
    low = np.floor(share).astype(np.intp)
    high = np.minimum(low + 1, _SEGMENTS - 1)
    rows = np.clip(
        np.arange(height)[:, None] - np.rint((np.arange(width) - width / 2) * slope).astype(np.intp),
        0,
        height - 1,
    )
    line = np.maximum(level[low[None, :], rows], level[high[None, :], rows])
    # Where two lines cross there is twice as much: the other one's share stays for the other direction.
    left = np.where(ink <= 1.5 * line, 0, np.where(ink <= 2.3 * line, ink - line, ink))
    return np.asarray(left, dtype=np.float32)
