"""What a layer costs: weights, multiplications, bytes; and what a fully connected layer would cost instead."""

from __future__ import annotations

from dataclasses import dataclass
from math import prod

from lib.core.conv.layer import Layer, LayerKind
from lib.core.conv.shape import output_shape
from lib.core.item_size import FLOAT_BYTES


@dataclass(frozen=True)
class Cost:
    """Of one forward pass in float32. ``macs_factors`` are the cells that are made (or, transposed, that stamp) and
    the products for each of them, those with padding included.

    ``dense_parameters`` are those of one ``nn.Linear`` from every input cell to every output cell of a sample;
    None for MaxPool2d, since no linear layer takes a maximum.
    """

    weight_shape: tuple[int, ...]
    parameters: int
    macs_factors: tuple[tuple[int, ...], tuple[int, ...]]
    input_bytes: int
    output_bytes: int
    dense_parameters: int | None

    @property
    def macs(self) -> int:
        """Multiply-accumulates."""
        cells, products = self.macs_factors
        return prod(cells) * prod(products)

    @property
    def times_fewer(self) -> float | None:
        """How many times fewer parameters than the fully connected layer; None where one of them has none.

        >>> from lib.core.conv.layer import square
        >>> cost(square(size=7, kernel=3)).times_fewer
        125.0
        """
        if self.dense_parameters is None or not self.parameters:
            return None
        return self.dense_parameters / self.parameters


def weight_shape(layer: Layer) -> tuple[int, ...]:
    """Shape of ``layer.weight``; empty for a pool.

    >>> from lib.core.conv.layer import worked_example
    >>> weight_shape(worked_example())
    (64, 3, 3, 3)
    """
    if layer.kind.is_pool:
        return ()
    kernels = tuple(axis.kernel for axis in layer.axes)
    if layer.kind is LayerKind.TRANSPOSED:
        return (layer.in_channels, layer.out_channels // layer.groups, *kernels)
    return (layer.out_channels, layer.in_channels // layer.groups, *kernels)


def cost(layer: Layer) -> Cost:
    """The costs of a layer without a problem.

    >>> from lib.core.conv.layer import worked_example
    >>> cost(worked_example()).parameters, cost(worked_example()).macs
    (1792, 905969664)
    """
    weights = weight_shape(layer)
    inputs, outputs = layer.input_shape, output_shape(layer)
    has_bias = layer.bias and bool(weights)
    parameters = prod(weights) + layer.out_channels * has_bias if weights else 0
    # Each weight of a transposed layer meets every input cell, each weight of the others makes every output cell.
    meets = inputs if layer.kind is LayerKind.TRANSPOSED else outputs
    cells_in, cells_out = prod(inputs[-1 - len(layer.axes) :]), prod(outputs[-1 - len(layer.axes) :])
    return Cost(
        weight_shape=weights,
        parameters=parameters,
        macs_factors=(meets, weights[1:]) if weights else ((), (0,)),
        input_bytes=FLOAT_BYTES * prod(inputs),
        output_bytes=FLOAT_BYTES * prod(outputs),
        dense_parameters=None
        if layer.kind is LayerKind.MAX_POOL
        else cells_in * cells_out + cells_out * has_bias,
    )
