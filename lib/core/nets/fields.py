"""Receptive fields: which cells of the network's input a unit can see at all. Imports no torch."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

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


@dataclass(frozen=True)
class Even:
    """Fields of ``count`` units along one axis, all of one ``size``, each ``jump`` cells after the one before.

    The first begins at cell ``first``, below 0 where it reaches into the padding.

    >>> Even(first=-1, size=3, jump=1, count=8).interval(7)
    (6, 8)
    """

    first: int
    size: int
    jump: int
    count: int

    @property
    def least(self) -> int:
        """Cells of the smallest: all have one size."""
        return self.size

    def interval(self, unit: int) -> tuple[int, int]:
        """First and last cell that a unit sees."""
        low = self.first + self.jump * unit
        return low, low + self.size - 1


@dataclass(frozen=True)
class Uneven:
    """Fields that differ from unit to unit, as after an adaptive pool whose bins are not equal."""

    intervals: tuple[tuple[int, int], ...]

    @property
    def count(self) -> int:
        """How many units."""
        return len(self.intervals)

    @property
    def size(self) -> int:
        """Cells of the largest.

        >>> Uneven(((0, 2), (2, 6))).size
        5
        """
        return max(high - low + 1 for low, high in self.intervals)

    @property
    def least(self) -> int:
        """Cells of the smallest."""
        return min(high - low + 1 for low, high in self.intervals)

    @property
    def jump(self) -> None:
        """There is no one distance."""
        return

    def interval(self, unit: int) -> tuple[int, int]:
        """First and last cell that a unit sees."""
        return self.intervals[unit]


AxisField = Even | Uneven


@dataclass(frozen=True)
class Field:
    """What a row's units see along each axis. ``whole``: each unit sees all that its input had, as in a classifier.

    >>> whole_input((1, 3, 4, 5)).width.count
    5
    """

    height: AxisField
    width: AxisField
    whole: bool = False

    @property
    def sizes(self) -> tuple[int, int]:
        """Cells of the input, (height, width), of the largest field."""
        return self.height.size, self.width.size

    def exceeds(self, height: int, width: int) -> bool:
        """Whether the field of every unit, not only the largest, is larger than an input of that size.

        >>> Field(Uneven(((0, 2), (1, 5))), Even(0, 3, 1, 4)).exceeds(4, 4)
        False
        """
        return self.height.least > height or self.width.least > width

    def covers(self, height: int, width: int) -> bool:
        """Whether every unit's field reaches from the first to the last cell of an input of that size.

        >>> Field(Even(0, 26, 0, 1), Even(-2, 30, 0, 1)).covers(28, 28)
        False
        """
        axes = ((self.height, height), (self.width, width))
        ends = ((axis.interval(unit), size) for axis, size in axes for unit in range(axis.count))
        return all(low <= 0 and high >= size - 1 for (low, high), size in ends)


def whole_input(shape: Shape) -> Field:
    """The input seen by itself: each cell sees one."""
    return Field(Even(0, 1, 1, shape[2]), Even(0, 1, 1, shape[3]))


@lru_cache(16_384)
def field_after(layer: Layer, fields: tuple[Field, ...], shapes: tuple[Shape, ...], output: Shape) -> Field:
    """The fields behind a layer, given those of its inputs, for a network whose borders play no part.

    >>> one = whole_input((1, 3, 32, 32))
    >>> field_after(Conv(8), (one,), ((1, 3, 32, 32),), (1, 8, 30, 30)).sizes
    (3, 3)

    Source: Araujo, Norris, Sim: Computing receptive fields of convolutional neural networks, Distill 2019.
    """
    first, shape = fields[0], shapes[0]
    match layer:
        case Conv() | MaxPool() | AvgPool():
            made = windows(layer, shape)
            axes = zip((first.height, first.width), made.axes, strict=True)
            height, width = (
                _slide(each, axis.effective_kernel, axis.stride, made.pads(axis)[0], count)
                for (each, axis), count in zip(axes, output[2:], strict=True)
            )
            return Field(height, width, first.whole)
        case SparseConv() | Subsample():
            kernel, stride = (layer.kernel, 1) if isinstance(layer, SparseConv) else (2, 2)
            height, width = (
                _slide(each, kernel, stride, 0, count)
                for each, count in zip((first.height, first.width), output[2:], strict=True)
            )
            return Field(height, width, first.whole)
        case AdaptiveAvgPool() | AdaptiveMaxPool():
            return Field(_bins(first.height, output[2]), _bins(first.width, output[3]), first.whole)
        case Flatten() | Rbf():
            return _everything(fields, output)
        case Linear():
            return _linear(first, output)
        case Add() | Concat():
            return _meet(fields, shapes, output)
    return first


def _slide(field: AxisField, kernel: int, stride: int, before: int, count: int) -> AxisField:
    if isinstance(field, Even):
        first = field.first - before * field.jump
        return Even(first, field.size + (kernel - 1) * field.jump, field.jump * stride, count)
    last = field.count - 1
    intervals = []
    for unit in range(count):
        start = unit * stride - before
        low, high = min(max(start, 0), last), min(max(start + kernel - 1, 0), last)
        intervals.append(_hull(field.intervals[low : high + 1]))
    return Uneven(tuple(intervals))


def _hull(intervals: Sequence[tuple[int, int]]) -> tuple[int, int]:
    return min(low for low, _ in intervals), max(high for _, high in intervals)


def bins(cells: int, count: int) -> tuple[tuple[int, int], ...]:
    """First and last cell of each bin of an adaptive pool.

    >>> bins(7, 3)
    ((0, 2), (2, 4), (4, 6))

    Source: aten/src/ATen/native/AdaptivePooling.h, start_index and end_index.
    """
    return tuple((unit * cells // count, -(-(unit + 1) * cells // count) - 1) for unit in range(count))


def _bins(field: AxisField, count: int) -> AxisField:
    if isinstance(field, Even) and field.count % count == 0:
        each = field.count // count
        return Even(field.first, field.size + (each - 1) * field.jump, field.jump * each, count)
    return Uneven(
        tuple((field.interval(low)[0], field.interval(high)[1]) for low, high in bins(field.count, count))
    )


def _extent(field: AxisField) -> tuple[int, int]:
    if isinstance(field, Even):
        return field.first, field.interval(field.count - 1)[1]
    return _hull(field.intervals)


def _all_the_same(interval: tuple[int, int], count: int) -> Even:
    low, high = interval
    return Even(low, high - low + 1, 0, count)


def _everything(fields: Sequence[Field], output: Shape) -> Field:
    counts = output[2:] if len(output) == 4 else (1, 1)
    height = _hull([_extent(each.height) for each in fields])
    width = _hull([_extent(each.width) for each in fields])
    return Field(_all_the_same(height, counts[0]), _all_the_same(width, counts[1]), whole=True)


def _linear(field: Field, output: Shape) -> Field:
    """On a picture it acts on the last dimension: each unit sees whole rows."""
    if len(output) != 4:
        return field
    return Field(field.height, _all_the_same(_extent(field.width), output[3]), field.whole)


def _meet(fields: tuple[Field, ...], shapes: tuple[Shape, ...], output: Shape) -> Field:
    """Where branches meet a unit sees what any of them sees."""
    if any(len(shape) != 4 for shape in shapes):
        return _everything(fields, output)
    height = _union([each.height for each in fields], output[2])
    width = _union([each.width for each in fields], output[3])
    return Field(height, width, all(each.whole for each in fields))


def _union(fields: Sequence[AxisField], count: int) -> AxisField:
    even = [each for each in fields if isinstance(each, Even) and each.count == count]
    if len(even) == len(fields) and len({each.jump for each in even}) == 1:
        first = min(each.first for each in even)
        return Even(first, max(each.first + each.size for each in even) - first, even[0].jump, count)
    return Uneven(
        tuple(
            _hull([each.interval(unit if each.count == count else 0) for each in fields])
            for unit in range(count)
        )
    )
