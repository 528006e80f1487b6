"""Five tools, five numbers: why counters of multiply-accumulates disagree about one network. Imports no torch.

Each rule is read from the tool's source; a test runs the tools themselves.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from math import prod

from lib.core.nets.analysis import Analysis, RowReport
from lib.core.nets.layers import (
    Activation,
    AdaptiveAvgPool,
    AdaptiveMaxPool,
    AvgPool,
    BatchNorm,
    Conv,
    Function,
    Layer,
    Linear,
    MaxPool,
    SparseConv,
    Subsample,
)


class Tool(StrEnum):
    """A counter."""

    FLOP_COUNTER = "FlopCounterMode / 2"
    TORCHINFO = "torchinfo"
    FVCORE = "fvcore"
    PTFLOPS = "ptflops"
    THOP = "thop"


class Extra(StrEnum):
    """What a tool counts besides the products of convolutions and linear layers."""

    BIASES = "biases"
    NORM_PARAMETERS = "norm_parameters"
    NORM_TWICE = "norm_twice"
    NORM_FOUR_TIMES = "norm_four_times"
    ACTIVATIONS = "activations"
    ACTIVATIONS_TWICE = "activations_twice"
    POOL_INPUTS = "pool_inputs"
    POOL_TWICE = "pool_twice"
    POOL_OUTPUTS = "pool_outputs"


@dataclass(frozen=True)
class Count:
    """What one tool says: ``extras`` are what it adds to the products, in order; their sum is the difference."""

    tool: Tool
    total: int
    extras: tuple[tuple[Extra, int], ...]


def five_counts(found: Analysis) -> tuple[Count, ...]:
    """The five numbers of a network without auxiliary outputs, in evaluation, for its whole batch.

    >>> from lib.core.nets.classics import Classic, classic
    >>> from lib.core.nets.analysis import analyse
    >>> [count.total for count in five_counts(analyse(classic(Classic.RESNET50)))]
    [4089184256, 4089238376, 4111512576, 4132436968, 4133742592]
    """
    return tuple(count_of(found, tool) for tool in _RULES)


def count_of(found: Analysis, tool: Tool) -> Count:
    """One of the five.

    >>> from lib.core.nets.classics import Classic, classic
    >>> from lib.core.nets.analysis import analyse
    >>> count_of(analyse(classic(Classic.RESNET50)), Tool.TORCHINFO).total
    4089238376
    """
    extras = []
    for extra, rule in _RULES[tool]:
        amount = sum(
            rule(row.layer, report) for row, report in zip(found.network.rows, found.rows, strict=False)
        )
        if amount:
            extras.append((extra, amount))
    return Count(tool, found.macs + sum(amount for _, amount in extras), tuple(extras))


Rule = Callable[[Layer, RowReport], int]


def _biases(layer: Layer, row: RowReport) -> int:
    """One addition for every output that has a bias."""
    return prod(row.shape) if isinstance(layer, Conv | Linear) and layer.bias else 0


def _torchinfo_biases(layer: Layer, row: RowReport) -> int:
    """A linear layer's parameters count once a picture wherever it stands, and so do the biases of a module of 1998."""
    if isinstance(layer, Linear) and len(row.shape) > 2:
        return row.shape[0] * row.parameters - row.macs
    match layer:
        case SparseConv():
            return prod(row.shape)
        case Subsample():
            return prod(row.shape[:2])
    return _biases(layer, row)


def _norm(times: int) -> Rule:
    return lambda layer, row: times * prod(row.shape) if isinstance(layer, BatchNorm) else 0


def _norm_parameters(layer: Layer, row: RowReport) -> int:
    return row.shape[0] * row.parameters if isinstance(layer, BatchNorm) else 0


def _relu_module(layer: Layer, row: RowReport) -> int:
    return (
        prod(row.shape)
        if isinstance(layer, Activation) and not layer.functional and _is_counted(layer)
        else 0
    )


def _relu_function(layer: Layer, row: RowReport) -> int:
    return prod(row.shape) if isinstance(layer, Activation) and layer.functional and _is_counted(layer) else 0


def _is_counted(layer: Activation) -> bool:
    return layer.function is Function.RELU


def _pools(layer: Layer, row: RowReport) -> int:
    is_pool = isinstance(layer, MaxPool | AvgPool | AdaptiveAvgPool | AdaptiveMaxPool)
    return prod(row.input_shapes[0]) if is_pool else 0


def _adaptive_inputs(layer: Layer, row: RowReport) -> int:
    return prod(row.input_shapes[0]) if isinstance(layer, AdaptiveAvgPool) else 0


def _thop_pools(layer: Layer, row: RowReport) -> int:
    match layer:
        case AvgPool():
            return prod(row.shape)
        case AdaptiveAvgPool():
            # Cells of a window, also a fraction of one, and a division.
            cells = prod(row.input_shapes[0][2:]) / prod(row.shape[2:])
            return int((cells + 1) * prod(row.shape))
    return 0


_RULES: dict[Tool, tuple[tuple[Extra, Rule], ...]] = {
    Tool.FLOP_COUNTER: (),
    Tool.TORCHINFO: ((Extra.BIASES, _torchinfo_biases), (Extra.NORM_PARAMETERS, _norm_parameters)),
    Tool.FVCORE: ((Extra.NORM_TWICE, _norm(2)), (Extra.POOL_INPUTS, _adaptive_inputs)),
    Tool.PTFLOPS: (
        (Extra.BIASES, _biases),
        (Extra.NORM_TWICE, _norm(2)),
        (Extra.ACTIVATIONS_TWICE, lambda layer, row: 2 * _relu_module(layer, row)),
        (Extra.ACTIVATIONS, _relu_function),
        (Extra.POOL_TWICE, lambda layer, row: 2 * _pools(layer, row)),
    ),
    Tool.THOP: ((Extra.NORM_FOUR_TIMES, _norm(4)), (Extra.POOL_OUTPUTS, _thop_pools)),
}
