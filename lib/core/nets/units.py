"""The cells of the input that one unit really depends on: borders, padding and holes counted. Imports no torch."""

from __future__ import annotations

from lib.core.conv.layer import Axis, PaddingMode
from lib.core.nets.fields import bins
from lib.core.nets.graph import INPUT, Network
from lib.core.nets.layers import (
    AdaptiveAvgPool,
    AdaptiveMaxPool,
    Add,
    AvgPool,
    Concat,
    Conv,
    Flatten,
    Layer,
    Linear,
    MaxPool,
    Rbf,
    Shape,
    SparseConv,
    Subsample,
)
from lib.core.nets.shapes import windows

Cells = frozenset[int]
Region = tuple[Cells, Cells]
"""Rows and columns; a unit depends on where they cross."""
_NOTHING: Region = (frozenset(), frozenset())


def seen_by(
    network: Network, shapes: tuple[Shape, ...], row: int, unit: tuple[int, int]
) -> dict[int, Region]:
    """Which cells of each earlier row, and of the input, unit (y, x) of a row depends on.

    >>> from lib.core.nets.graph import sequence
    >>> seen = seen_by(sequence((1, 1, 5, 5), [Conv(1, padding=(1, 1))]), ((1, 1, 5, 5),), 0, (0, 2))
    >>> sorted(seen[INPUT][0]), sorted(seen[INPUT][1])
    ([0, 1], [1, 2, 3])
    """
    regions: dict[int, Region] = {row: (frozenset((unit[0],)), frozenset((unit[1],)))}
    for number in range(row, -1, -1):
        region = regions.get(number)
        if region is None or not (region[0] and region[1]):
            continue
        each = network.rows[number]
        for source in each.inputs:
            shape = network.input_shape if source == INPUT else shapes[source]
            back = _before(each.layer, region, shape, shapes[number])
            old = regions.get(source, _NOTHING)
            # A branch that sees nothing along one axis sees nothing.
            if back[0] and back[1]:
                regions[source] = (old[0] | back[0], old[1] | back[1])
    return regions


def _before(layer: Layer, region: Region, shape: Shape, output: Shape) -> Region:
    everything = _everything(shape)
    match layer:
        case Conv() | MaxPool() | AvgPool():
            made = windows(layer, shape)
            mode = layer.padding_mode if isinstance(layer, Conv) else PaddingMode.ZEROS
            rows, columns = (
                _window(cells, axis, made.pads(axis)[0], mode)
                for cells, axis in zip(region, made.axes, strict=True)
            )
            return rows, columns
        case SparseConv() | Subsample():
            kernel, stride = (layer.kernel, 1) if isinstance(layer, SparseConv) else (2, 2)
            rows, columns = (
                _window(cells, Axis(size, kernel, stride), 0, PaddingMode.ZEROS)
                for cells, size in zip(region, shape[2:], strict=True)
            )
            return rows, columns
        case AdaptiveAvgPool() | AdaptiveMaxPool():
            return _binned(region[0], shape[2], output[2]), _binned(region[1], shape[3], output[3])
        case Linear() if len(shape) == 4:
            return region[0], everything[1]
        case Flatten() | Rbf():
            return everything
        case Add() | Concat() if len(shape) == 4:
            return tuple(
                frozenset((0,)) if size == 1 else cells for cells, size in zip(region, shape[2:], strict=True)
            )  # type: ignore[return-value]
        case Add():
            return everything
    return region


def _everything(shape: Shape) -> Region:
    if len(shape) == 4:
        return frozenset(range(shape[2])), frozenset(range(shape[3]))
    return frozenset((0,)), frozenset((0,))


def _window(cells: Cells, axis: Axis, before: int, mode: PaddingMode) -> Cells:
    found = set()
    for cell in cells:
        for tap in range(axis.kernel):
            place = _source(cell * axis.stride - before + tap * axis.dilation, axis.size, mode)
            if place is not None:
                found.add(place)
    return frozenset(found)


def _source(place: int, size: int, mode: PaddingMode) -> int | None:
    """The cell whose value stands at a place of the padded input; None for a zero."""
    if 0 <= place < size:
        return place
    match mode:
        case PaddingMode.REFLECT:
            return -place if place < 0 else 2 * (size - 1) - place
        case PaddingMode.REPLICATE:
            return min(max(place, 0), size - 1)
        case PaddingMode.CIRCULAR:
            return place % size
    return None


def _binned(cells: Cells, size: int, count: int) -> Cells:
    found = bins(size, count)
    return frozenset(place for cell in cells for place in range(found[cell][0], found[cell][1] + 1))
