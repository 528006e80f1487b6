"""A network as a graph of rows: each names its layer and the rows that feed it. Imports no torch."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from lib.core.conv.layer import LayerError
from lib.core.nets.layers import Add, Concat, Layer, Shape

INPUT = -1
"""The number of the network's input among the rows."""
MAX_SIZE = 2048
MAX_BATCH = 1024


@dataclass(frozen=True)
class Row:
    """One layer: ``inputs`` are numbers of earlier rows, or ``INPUT``; ``name`` is its module's path.

    ``block`` groups rows that belong together ("layer1.0"), empty for none; ``branch`` is the path inside it.
    """

    layer: Layer
    inputs: tuple[int, ...]
    name: str = ""
    block: str = ""
    branch: int = 0


@dataclass(frozen=True)
class Network:
    """Rows in the order in which they run; the last one is the output.

    ``side`` are rows that end in an auxiliary output.

    >>> sequence((4, 3, 8, 8), [Add()])
    Traceback (most recent call last):
    ...
    lib.core.conv.layer.LayerError: inputs of row 1 = (-1,) is not possible; allowed: 2 or more earlier rows
    """

    input_shape: Shape
    rows: tuple[Row, ...]
    side: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        if len(self.input_shape) != 4 or min(self.input_shape) < 1:
            raise LayerError("input", self.input_shape, "(N, C, H, W), each from 1")
        if self.input_shape[0] > MAX_BATCH or max(self.input_shape[2:]) > MAX_SIZE:
            raise LayerError("input", self.input_shape, f"N up to {MAX_BATCH}, H and W up to {MAX_SIZE}")
        for number, row in enumerate(self.rows):
            joins = isinstance(row.layer, Add | Concat)
            if not row.inputs or any(not INPUT <= source < number for source in row.inputs):
                raise LayerError(f"inputs of row {number + 1}", row.inputs, "earlier rows")
            if joins != (len(row.inputs) > 1):
                allowed = "2 or more earlier rows" if joins else "1 earlier row"
                raise LayerError(f"inputs of row {number + 1}", row.inputs, allowed)

    def resized(self, *, batch: int | None = None, size: int | None = None) -> Network:
        """The same rows with another batch or another square input.

        >>> sequence((1, 3, 8, 8), []).resized(batch=2, size=5).input_shape
        (2, 3, 5, 5)
        """
        n, c, h, w = self.input_shape
        h, w = (h, w) if size is None else (size, size)
        return replace(self, input_shape=(n if batch is None else batch, c, h, w))


def sequence(input_shape: Shape, layers: Iterable[Layer]) -> Network:
    """A network in which each row feeds the next."""
    rows = tuple(Row(layer, (number - 1,)) for number, layer in enumerate(layers))
    return Network(input_shape, rows)


class Builder:
    """Writes a network down row by row, each from the one before unless told otherwise."""

    def __init__(self, input_shape: Shape) -> None:
        self._input_shape = input_shape
        self.rows: list[Row] = []
        self.place = INPUT
        """The row from which the next one goes on."""

    @property
    def last(self) -> int:
        """Number of the newest row, ``INPUT`` where there is none."""
        return len(self.rows) - 1

    def add(
        self,
        name: str,
        layer: Layer,
        source: int | Sequence[int] | None = None,
        *,
        block: str = "",
        branch: int = 0,
    ) -> int:
        """Append a row, from the one before unless ``source`` names others; returns its number."""
        inputs = (self.place,) if source is None else (source,) if isinstance(source, int) else tuple(source)
        self.rows.append(Row(layer, inputs, name, block, branch))
        self.place = self.last
        return self.last

    def resume(self, place: int) -> None:
        """Go on from an earlier row."""
        self.place = place

    def network(self, side: Sequence[int] = ()) -> Network:
        """What was written."""
        return Network(self._input_shape, tuple(self.rows), tuple(side))
