"""Long series made short enough to send, and noisy ones smooth enough to read."""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
_BLOCK = 256
_NOTHING = 1e-17
"""Next to 1."""


def thin(
    x: NDArray[np.floating], y: NDArray[np.floating], limit: int
) -> tuple[NDArray[np.floating], NDArray[np.floating]]:
    """At most ``limit`` points of a series, in order: the lowest and the highest of each stretch.

    Peaks stay, so that the picture looks as it would with all points. ``limit`` is at least 4.

    >>> xs, ys = thin(np.arange(1000.0), np.eye(1, 1000, 500)[0], limit=10)
    >>> len(xs) <= 10, float(ys.max())
    (True, 1.0)
    """
    if len(y) <= limit:
        return x, y
    # The first and the last point stay besides: the curve starts and ends where the run does.
    size = -(-len(y) // max(1, (limit - 2) // 2))
    starts = np.arange(0, len(y), size)
    stretches = np.pad(y, (0, len(starts) * size - len(y)), mode="edge").reshape(-1, size)
    lows, highs = starts + stretches.argmin(axis=1), starts + stretches.argmax(axis=1)
    chosen = np.unique(np.concatenate([[0, len(y) - 1], lows, highs]))
    return x[chosen], y[chosen]


def smooth(values: Floats, weight: float) -> Floats:
    """TensorBoard's smoothing: an exponential moving average, debiased so that it starts at the first value.

    ``weight`` from 0 (nothing changes) to below 1. A value that is not finite makes all later ones so.

    >>> smooth(np.array([1.0, 2.5], np.float32), 0.5).tolist()
    [1.0, 2.0]

    Source: TensorBoard, vz_line_chart2, resmoothDataset.
    """
    if weight == 0 or len(values) == 0:
        return values
    # Within a block the recursion is one small matrix product; from block to block one number is carried on.
    powers, kernel = _recursion(weight)
    padded = np.zeros(-(-len(values) // _BLOCK) * _BLOCK)
    padded[: len(values)] = values
    blocks = padded.reshape(-1, _BLOCK) @ kernel.T
    carried = 0.0
    for block in blocks:
        block += carried * powers[1:]
        carried = block[-1]
    averages = blocks.ravel()[: len(values)]
    early = averages[: math.ceil(math.log(_NOTHING) / math.log(weight))]
    early /= 1 - weight ** np.arange(1, len(early) + 1)
    return averages.astype(np.float32)


@lru_cache(maxsize=8)
def _recursion(weight: float) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """What one number is worth after each step of a block, and what all numbers of a block make of its steps."""
    powers = np.asarray(weight ** np.arange(_BLOCK + 1), np.float64)
    lags = np.subtract.outer(np.arange(_BLOCK), np.arange(_BLOCK))
    kernel = np.where(lags >= 0, (1 - weight) * weight ** np.maximum(lags, 0), 0)
    return powers, np.asarray(kernel, np.float64)
