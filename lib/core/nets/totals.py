"""The totals under torchinfo's table, as its source counts them. Imports no torch."""

from __future__ import annotations

from dataclasses import dataclass
from math import prod

from lib.core.item_size import FLOAT_BYTES
from lib.core.nets.analysis import Analysis
from lib.core.nets.tools import Tool, count_of


@dataclass(frozen=True)
class Totals:
    """Numbers of a network and of its whole batch; sizes in bytes."""

    parameters: int
    trainable: int
    mult_adds: int
    input_bytes: int
    pass_bytes: int
    """Twice the outputs of rows with parameters, once for their gradients; those of all other rows do not count."""
    parameter_bytes: int

    @property
    def fixed(self) -> int:
        """Parameters that are not trained."""
        return self.parameters - self.trainable

    @property
    def total_bytes(self) -> int:
        """What torchinfo estimates for everything."""
        return self.input_bytes + self.pass_bytes + self.parameter_bytes


def torchinfo_totals(found: Analysis) -> Totals:
    """Of a network without auxiliary outputs, in evaluation.

    >>> from lib.core.nets.analysis import analyse
    >>> from lib.core.nets.classics import Classic, classic
    >>> totals = torchinfo_totals(analyse(classic(Classic.ALEXNET)))
    >>> totals.pass_bytes, totals.total_bytes
    (3953472, 248958944)

    Source: torchinfo 1.8.0, ``ModelStatistics``. It adds the size of a Python object to the input, 64 bytes, which two
    digits of a MB do not show.
    """
    return Totals(
        parameters=found.parameters,
        trainable=found.parameters,  # what is fixed here, as the targets of LeNet-5's output, is a buffer
        mult_adds=count_of(found, Tool.TORCHINFO).total,
        input_bytes=FLOAT_BYTES * prod(found.network.input_shape),
        pass_bytes=sum(2 * row.output_bytes for row in found.rows if row.parameters),
        parameter_bytes=FLOAT_BYTES * found.parameters,
    )
