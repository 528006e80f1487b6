"""Which cells of the padded input no window reads, and which pixels are lost with them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lib.core.conv.layer import Axis, Layer
from lib.core.conv.taps import Ints, axis_taps

Bools = NDArray[np.bool_]


@dataclass(frozen=True)
class Coverage:
    """Cells of one channel. ``cells`` of the padded input, ``unread`` those of them that no window reads.

    ``pixels`` of the input itself, ``lost`` those of them that no window reads, as themselves or as a padded
    cell that copies them. A transposed layer pads nothing; its input cells are lost that write only into what
    padding crops.
    """

    cells: int
    unread: int
    pixels: int
    lost: int

    @property
    def reads_all(self) -> bool:
        """Whether each cell of the padded input counts somewhere."""
        return self.unread == 0


def read_counts(layer: Layer, axis: Axis) -> Ints:
    """(padded,): how many windows read the cells at this place of the axis; none where there is no window.

    >>> from lib.core.conv.layer import square
    >>> layer = square(size=5, kernel=3, stride=2, padding=1)
    >>> read_counts(layer, layer.width).tolist()
    [1, 1, 2, 1, 2, 1, 1]
    """
    taps = axis_taps(layer, axis)
    return np.bincount(taps.position[taps.position >= 0], minlength=len(taps.source))


def read_cells(layer: Layer, axis: Axis) -> Bools:
    """(padded,): whether a window reads the cells at this place of the axis.

    >>> from lib.core.conv.layer import square
    >>> layer = square(size=7, kernel=1, stride=2)
    >>> read_cells(layer, layer.width).astype(int).tolist()
    [1, 0, 1, 0, 1, 0, 1]
    """
    return read_counts(layer, axis) > 0


def coverage(layer: Layer) -> Coverage:
    """What the windows of a layer without a problem read.

    >>> from lib.core.conv.layer import square
    >>> coverage(square(size=8, kernel=3, stride=2))
    Coverage(cells=64, unread=15, pixels=64, lost=15)
    >>> coverage(square(size=7, kernel=1, stride=2)).lost
    33
    """
    cells = read_count = pixels = kept_count = 1
    for axis in layer.axes:
        read = read_cells(layer, axis)
        sources = axis_taps(layer, axis).source[read]
        cells *= len(read)
        read_count *= int(read.sum())
        pixels *= axis.size
        kept_count *= len(np.unique(sources[sources >= 0]))
    return Coverage(cells, cells - read_count, pixels, pixels - kept_count)
