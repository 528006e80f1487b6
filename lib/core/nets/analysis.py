"""A network's table: every row's shape, cost, kept bytes and receptive field, up to where it breaks."""

from __future__ import annotations

from dataclasses import dataclass

from lib.core.nets.costs import connections, macs, output_bytes, parameters
from lib.core.nets.failures import Failure, Problem, When
from lib.core.nets.fields import Field, field_after, whole_input
from lib.core.nets.graph import INPUT, Network
from lib.core.nets.layers import Conv, Linear, Rbf, Shape, SparseConv
from lib.core.nets.memory import kept_bytes
from lib.core.nets.shapes import shape_after


@dataclass(frozen=True)
class RowReport:
    """One row of the table. MACs and bytes are for the whole batch."""

    input_shapes: tuple[Shape, ...]
    shape: Shape
    parameters: int
    macs: int
    connections: int
    output_bytes: int
    kept_bytes: int
    field: Field

    @property
    def is_spatial(self) -> bool:
        """Whether the output is still a picture of maps."""
        return len(self.shape) == 4


@dataclass(frozen=True)
class Analysis:
    """The rows that run, the failure that ends them, if any, and the totals of what runs.

    >>> from lib.core.nets.graph import sequence
    >>> from lib.core.nets.layers import Conv, Flatten, Linear
    >>> found = analyse(sequence((1, 1, 28, 28), [Conv(8), Flatten(), Linear(10)]))
    >>> found.parameters, found.macs, found.rows[0].field.sizes
    (54170, 102752, (3, 3))
    """

    network: Network
    rows: tuple[RowReport, ...]
    failure: Failure | None
    culprits: tuple[int, ...] = ()

    @property
    def parameters(self) -> int:
        """Trainable numbers."""
        return sum(row.parameters for row in self.rows)

    @property
    def macs(self) -> int:
        """Multiply-accumulates of the batch."""
        return sum(row.macs for row in self.rows)

    @property
    def connections(self) -> int:
        """Links between units, for one picture."""
        return sum(row.connections for row in self.rows)

    @property
    def output_bytes(self) -> int:
        """Bytes of all outputs."""
        return sum(row.output_bytes for row in self.rows)

    @property
    def kept_bytes(self) -> int:
        """Bytes kept for backward."""
        return sum(row.kept_bytes for row in self.rows)

    @property
    def depth(self) -> int:
        """Layers with weights on the longest way through, as the networks' names count them."""
        deepest: dict[int, int] = {INPUT: 0}
        for number in range(len(self.rows)):
            before = max(deepest[source] for source in self.network.rows[number].inputs)
            deepest[number] = before + isinstance(
                self.network.rows[number].layer, Conv | Linear | SparseConv | Rbf
            )
        return deepest[len(self.rows) - 1] if self.rows else 0

    @property
    def last_map(self) -> int | None:
        """The number of the last row, before pooling to one cell, whose output still has height and width."""
        for number in range(len(self.rows) - 1, -1, -1):
            row = self.rows[number]
            if row.is_spatial and row.shape[2:] != (1, 1) and number not in self.network.side:
                return number
        return None


def analyse(network: Network) -> Analysis:
    """Run a network's arithmetic; nothing is allocated for its tensors."""
    shapes: list[Shape] = []
    fields: list[Field] = []
    failure = None
    start = whole_input(network.input_shape)
    for number, row in enumerate(network.rows):
        coming = tuple(network.input_shape if source == INPUT else shapes[source] for source in row.inputs)
        shape = shape_after(row.layer, coming)
        if isinstance(shape, Problem):
            failure = Failure(number, When.FORWARD, shape, number)
            break
        before = tuple(start if source == INPUT else fields[source] for source in row.inputs)
        shapes.append(shape)
        fields.append(field_after(row.layer, before, coming, shape))
    kept = kept_bytes(network, tuple(shapes))
    rows = []
    for number, shape in enumerate(shapes):
        row = network.rows[number]
        coming = tuple(network.input_shape if source == INPUT else shapes[source] for source in row.inputs)
        rows.append(
            RowReport(
                coming,
                shape,
                parameters(row.layer, coming[0]),
                macs(row.layer, coming[0], shape),
                connections(row.layer, coming[0], shape),
                output_bytes(shape),
                kept.bytes[number],
                fields[number],
            )
        )
    return Analysis(network, tuple(rows), failure or kept.failure, kept.culprits)
