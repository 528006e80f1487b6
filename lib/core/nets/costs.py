"""What a row costs: parameters, multiply-accumulates, bytes. Imports no torch."""

from __future__ import annotations

from functools import lru_cache
from math import prod

from lib.core.conv.cost import cost
from lib.core.item_size import FLOAT_BYTES
from lib.core.nets.layers import BatchNorm, Conv, Layer, Linear, Rbf, Shape, SparseConv, Subsample
from lib.core.nets.shapes import CACHED, windows


@lru_cache(CACHED)
def parameters(layer: Layer, shape: Shape) -> int:
    """Trainable numbers of a layer that takes an input of this shape.

    >>> parameters(Conv(64), (1, 3, 224, 224))
    1792
    >>> parameters(Linear(10), (1, 84))
    850
    """
    match layer:
        case Conv():
            return cost(windows(layer, shape)).parameters
        case Linear():
            return (shape[-1] + layer.bias) * layer.out_features
        case BatchNorm():
            return 2 * shape[1]
        case SparseConv():
            return layer.parameters
        case Subsample():
            return 2 * shape[1]
    return 0


@lru_cache(CACHED)
def macs(layer: Layer, shape: Shape, output: Shape) -> int:
    """Multiply-accumulates of convolutions and matrix products, as ``FlopCounterMode`` counts them, halved.

    >>> macs(Conv(64, padding=(1, 1)), (1, 3, 224, 224), (1, 64, 224, 224))
    86704128

    Source: torch.utils.flop_counter, which leaves out biases, batch norm, pooling and activations.
    """
    match layer:
        case Conv():
            return cost(windows(layer, shape)).macs
        case Linear():
            return prod(output) * shape[-1]
        case SparseConv():
            weights = layer.parameters - len(layer.sources)
            return weights * output[0] * prod(output[2:])
    return 0


def connections(layer: Layer, shape: Shape, output: Shape) -> int:
    """Links between units as the paper of 1998 counts them: a product or a bias each, for one picture.

    >>> connections(Subsample(), (1, 6, 28, 28), (1, 6, 14, 14))
    5880
    """
    cells = prod(output[2:])
    match layer:
        case Conv() | SparseConv():
            return parameters(layer, shape) * cells
        case Linear():
            return parameters(layer, shape)
        case Subsample():
            return 5 * output[1] * cells
        case Rbf():
            return layer.units * shape[1]
    return 0


def output_bytes(output: Shape) -> int:
    """Bytes of an output in float32.

    >>> output_bytes((1, 64, 224, 224))
    12845056
    """
    return FLOAT_BYTES * prod(output)
