"""A layer's numbers, by its taps: slow and plain, for the small inputs of the picture."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from lib.core.conv.layer import Layer, LayerKind
from lib.core.conv.taps import Ints, axis_taps

Floats = NDArray[np.float64]


def forward(layer: Layer, inputs: Floats, weight: Floats | None, bias: Floats | None) -> Floats:
    """The output of one sample: (C_in, H, W) -> (C_out, H_out, W_out); H is 1 for Conv1d.

    ``weight`` is (C_out, C_in / groups, F, F), for ConvTranspose2d (C_in, C_out / groups, F, F), None for a
    pool. Only for a layer without a problem.

    >>> from lib.core.conv.layer import square
    >>> forward(square(size=3, kernel=2), np.ones((1, 3, 3)), np.ones((1, 1, 2, 2)), None).tolist()
    [[[4.0, 4.0], [4.0, 4.0]]]
    """
    rows, columns = axis_taps(layer, layer.height), axis_taps(layer, layer.width)
    windows = _gather(inputs, rows.input_cells, columns.input_cells, _filler(layer))
    if layer.kind is LayerKind.MAX_POOL:
        return np.asarray(windows.max(axis=(2, 4)))
    if layer.kind is LayerKind.AVG_POOL:
        return np.asarray(windows.sum(axis=(2, 4)) / divisors(layer))
    assert weight is not None
    groups = layer.groups
    by_group = windows.reshape(groups, -1, *windows.shape[1:])
    if layer.kind is LayerKind.TRANSPOSED:
        parts = weight.reshape(groups, -1, *weight.shape[1:])
        outputs = np.einsum("gcakbl,gcokl->goab", by_group, parts, optimize=True)
    else:
        parts = weight.reshape(groups, -1, *weight.shape[1:])
        outputs = np.einsum("gcakbl,gockl->goab", by_group, parts, optimize=True)
    flat = outputs.reshape(-1, *outputs.shape[2:])
    return np.asarray(flat if bias is None else flat + bias[:, None, None])


def _filler(layer: Layer) -> float:
    return -np.inf if layer.kind is LayerKind.MAX_POOL else 0.0


def _gather(inputs: Floats, rows: Ints, columns: Ints, filler: float) -> Floats:
    """(C, H, W) -> (C, H_out, F, W_out, F): what each output cell meets."""
    bordered = np.pad(inputs, ((0, 0), (0, 1), (0, 1)), constant_values=filler)
    # NOWHERE is -1: the border cell.
    return np.asarray(bordered[:, rows[:, :, None, None], columns[None, None, :, :]])


def divisors(layer: Layer) -> Floats:
    """(H_out, W_out): by what AvgPool2d divides each window's sum.

    With ``count_include_pad`` padded cells count, yet not what ``ceil_mode`` lets stand out beyond them.

    >>> from lib.core.conv.layer import LayerKind, square
    >>> divisors(square(LayerKind.AVG_POOL, size=4, kernel=2, stride=2)).tolist()
    [[4.0, 4.0], [4.0, 4.0]]
    """
    counts = []
    for axis in (layer.height, layer.width):
        taps = axis_taps(layer, axis)
        counted = taps.position if layer.count_include_pad else taps.input_cells
        counts.append((counted >= 0).sum(axis=1))
    return np.asarray(np.outer(counts[0], counts[1]), dtype=np.float64)
