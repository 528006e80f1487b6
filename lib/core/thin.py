"""Long series made short enough to send, and noisy ones smooth enough to read."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
_BLOCK = 256


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
    buckets = max(1, (limit - 2) // 2)
    edges = np.linspace(0, len(y), buckets + 1).astype(int)
    lows = [a + int(np.argmin(y[a:b])) for a, b in pairwise(edges)]
    highs = [a + int(np.argmax(y[a:b])) for a, b in pairwise(edges)]
    chosen = np.unique([0, len(y) - 1, *lows, *highs])
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
    powers = weight ** np.arange(_BLOCK + 1)
    lags = np.subtract.outer(np.arange(_BLOCK), np.arange(_BLOCK))
    kernel = np.where(lags >= 0, (1 - weight) * weight ** np.maximum(lags, 0), 0)
    padded = np.zeros(-(-len(values) // _BLOCK) * _BLOCK)
    padded[: len(values)] = values
    blocks = padded.reshape(-1, _BLOCK) @ kernel.T
    carried = 0.0
    for block in blocks:
        block += carried * powers[1:]
        carried = block[-1]
    debias = 1 - weight ** np.arange(1, len(values) + 1)
    return (blocks.ravel()[: len(values)] / debias).astype(np.float32)
