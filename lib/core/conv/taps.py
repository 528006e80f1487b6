"""Which input cell each output cell meets, and through which weight: all that a picture of a layer needs."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lib.core.conv.layer import Axis, Layer, LayerKind, PaddingMode
from lib.core.conv.shape import output_size

NOWHERE = -1
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class AxisTaps:
    """One axis of a layer without a problem.

    ``position`` is (O, F): the cell of the padded input that output o meets through weight k, NOWHERE where it
    meets none (a transposed layer's gaps, a window that stands out beyond the padding). ``source`` is (padded,):
    the input cell that a padded cell copies, NOWHERE where it is a zero.
    """

    position: Ints
    source: Ints

    @property
    def input_cells(self) -> Ints:
        """(O, F): the input cell behind each meeting, NOWHERE where it is a zero or nothing."""
        return np.where(self.position >= 0, self.source[self.position], NOWHERE)


def axis_taps(layer: Layer, axis: Axis) -> AxisTaps:
    """Taps along one axis.

    >>> from lib.core.conv.layer import square
    >>> layer = square(size=4, kernel=3, padding=1)
    >>> axis_taps(layer, layer.width).input_cells.tolist()
    [[-1, 0, 1], [0, 1, 2], [1, 2, 3], [2, 3, -1]]
    """
    outputs = np.arange(output_size(layer, axis))[:, None]
    reach = axis.dilation * np.arange(axis.kernel)
    if layer.kind is LayerKind.TRANSPOSED:
        cells, remainder = np.divmod(outputs + axis.padding - reach, axis.stride)
        inside = (remainder == 0) & (cells >= 0) & (cells < axis.size)
        return AxisTaps(np.where(inside, cells, NOWHERE), np.arange(axis.size))
    source = padded_source(layer, axis)
    position = outputs * axis.stride + reach
    return AxisTaps(np.where(position < len(source), position, NOWHERE), source)


def padded_source(layer: Layer, axis: Axis) -> Ints:
    """(before + size + after,): the input cell that each cell of the padded input holds, NOWHERE for a zero.

    >>> from dataclasses import replace
    >>> from lib.core.conv.layer import square
    >>> layer = square(size=4, kernel=3, padding=2)
    >>> padded_source(replace(layer, padding_mode=PaddingMode.REFLECT), layer.width).tolist()
    [2, 1, 0, 1, 2, 3, 2, 1]
    >>> padded_source(replace(layer, padding_mode=PaddingMode.CIRCULAR), layer.width).tolist()
    [2, 3, 0, 1, 2, 3, 0, 1]
    """
    before, after = layer.pads(axis)
    cells = np.arange(-before, axis.size + after)
    inside = (cells >= 0) & (cells < axis.size)
    last = axis.size - 1
    if not layer.kind.is_conv or layer.padding_mode is PaddingMode.ZEROS:
        return np.where(inside, cells, NOWHERE)
    if layer.padding_mode is PaddingMode.REPLICATE:
        return np.clip(cells, 0, last)
    if layer.padding_mode is PaddingMode.CIRCULAR:
        return cells % axis.size
    return np.asarray(last - np.abs(last - np.abs(cells)))
