"""Rows as PyTorch modules, and a network of them that runs. Imports torch: only for those who run networks."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import torch
from torch import Tensor, nn

from lib.core.nets.graph import INPUT, Network
from lib.core.nets.layers import (
    Activation,
    AdaptiveAvgPool,
    AdaptiveMaxPool,
    Add,
    AvgPool,
    BatchNorm,
    Conv,
    Dropout,
    Flatten,
    Function,
    Layer,
    Linear,
    MaxPool,
    Rbf,
    Shape,
    SparseConv,
    Subsample,
)


class SparseConv2d(nn.Module):
    """C3 of LeNet-5: (N, 6, H, W) -> (N, 16, H - 4, W - 4); each kernel looks at some of the maps."""

    def __init__(self, sources: Sequence[Sequence[int]], kernel_size: int) -> None:
        super().__init__()
        self.sources = [list(maps) for maps in sources]
        self.convs = nn.ModuleList(nn.Conv2d(len(maps), 1, kernel_size) for maps in sources)

    def forward(self, x: Tensor) -> Tensor:
        """One convolution for each output map."""
        pairs = zip(self.convs, self.sources, strict=True)
        return torch.cat([conv(x[:, maps]) for conv, maps in pairs], dim=1)


class Subsampling(nn.Module):
    """S2 and S4 of LeNet-5: (N, C, H, W) -> (N, C, H / 2, W / 2)."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.coefficient = nn.Parameter(torch.full((channels, 1, 1), 0.25))
        self.bias = nn.Parameter(torch.zeros(channels, 1, 1))

    def forward(self, x: Tensor) -> Tensor:
        """The sum of four cells, times a coefficient, plus a bias."""
        return nn.functional.avg_pool2d(x, 2, divisor_override=1) * self.coefficient + self.bias


class ScaledTanh(nn.Module):
    """The activation of LeNet-5, 1.7159 tanh(2x / 3)."""

    def forward(self, x: Tensor) -> Tensor:
        """Element by element."""
        return 1.7159 * torch.tanh(2 / 3 * x)


class RBF(nn.Module):
    """The output of LeNet-5: (N, F) -> (N, units), squared distances to fixed targets."""

    targets: Tensor

    def __init__(self, features: int, units: int) -> None:
        super().__init__()
        self.register_buffer("targets", torch.ones(units, features))

    def forward(self, x: Tensor) -> Tensor:
        """The smaller, the likelier."""
        return (x[:, None] - self.targets).pow(2).sum(dim=2)


class _Join(nn.Module):
    def __init__(self, join: Callable[[Sequence[Tensor]], Tensor]) -> None:
        super().__init__()
        self._join = join

    def forward(self, *inputs: Tensor) -> Tensor:
        return self._join(inputs)


def _sum(inputs: Sequence[Tensor]) -> Tensor:
    total = inputs[0]
    for other in inputs[1:]:
        total = total + other
    return total


def module_of(layer: Layer, shape: Shape) -> nn.Module:
    """The layer in PyTorch, for an input of this shape.

    >>> module_of(Conv(8, padding=(1, 1)), (1, 3, 8, 8))
    Conv2d(3, 8, kernel_size=(3, 3), stride=(1, 1), padding=(1, 1))
    """
    match layer:
        case Conv():
            return nn.Conv2d(
                shape[1] if layer.in_channels is None else layer.in_channels,
                layer.out_channels,
                layer.kernel,
                layer.stride,
                layer.padding if layer.named_padding is None else str(layer.named_padding),
                layer.dilation,
                layer.groups,
                layer.bias,
                layer.padding_mode.value,
            )
        case Linear():
            features = shape[-1] if layer.in_features is None else layer.in_features
            return nn.Linear(features, layer.out_features, layer.bias)
        case BatchNorm():
            return nn.BatchNorm2d(shape[1] if layer.num_features is None else layer.num_features)
        case SparseConv():
            return SparseConv2d(layer.sources, layer.kernel)
        case Subsample():
            return Subsampling(shape[1])
        case Rbf():
            return RBF(shape[1], layer.units)
    return _without_weights(layer)


def _without_weights(layer: Layer) -> nn.Module:
    match layer:
        case MaxPool():
            return nn.MaxPool2d(
                layer.kernel, layer.stride, layer.padding, layer.dilation, ceil_mode=layer.ceil_mode
            )
        case AvgPool():
            return nn.AvgPool2d(
                layer.kernel, layer.stride, layer.padding, layer.ceil_mode, layer.count_include_pad
            )
        case AdaptiveAvgPool():
            return nn.AdaptiveAvgPool2d(layer.output)
        case AdaptiveMaxPool():
            return nn.AdaptiveMaxPool2d(layer.output)
        case Dropout():
            return nn.Dropout(layer.percent / 100, layer.inplace)
        case Flatten():
            return nn.Flatten()
        case Activation():
            if layer.function is Function.SCALED_TANH:
                return ScaledTanh()
            made: nn.Module = getattr(nn, layer.function)(**{"inplace": True} if layer.inplace else {})
            return made
        case Add():
            return _Join(_sum)
    return _Join(lambda inputs: torch.cat(list(inputs), dim=1))


class RunningNetwork(nn.Module):
    """A network that runs row by row; ``shapes`` are the rows' outputs, for the sizes of its weights."""

    def __init__(self, network: Network, shapes: Sequence[Shape]) -> None:
        super().__init__()
        self.network = network
        self.rows = nn.ModuleList(
            module_of(row.layer, network.input_shape if row.inputs[0] == INPUT else shapes[row.inputs[0]])
            for row in network.rows
        )

    def forward(self, x: Tensor, last: int | None = None) -> Tensor:
        """The output of the last row, or of row ``last``."""
        values = {INPUT: x}
        for number, (row, module) in enumerate(zip(self.network.rows, self.rows, strict=True)):
            values[number] = module(*(values[source] for source in row.inputs))
            if number == last:
                break
        return values[max(values)]
