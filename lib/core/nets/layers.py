"""The layers of a network as data: their arguments, named and ordered as in ``torch.nn``. Imports no torch."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from lib.core.conv.layer import LayerError, NamedPadding, PaddingMode

Pair = tuple[int, int]
"""(height, width)"""
Shape = tuple[int, ...]

MAX_CHANNELS = 4096
MAX_FEATURES = 65_535
MAX_IN_FEATURES = 2**34
MAX_KERNEL = 11
MAX_STRIDE = 8
MAX_PADDING = 10
MAX_DILATION = 6
MAX_BINS = 32


def require_whole(setting: str, value: object, low: int, high: int) -> None:
    """Raise LayerError where a setting is no whole number from low to high.

    >>> require_whole("groups", True, 1, 8)
    Traceback (most recent call last):
    ...
    lib.core.conv.layer.LayerError: groups = True is not possible; allowed: 1–8
    """
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        raise LayerError(setting, value, f"{low}–{high}")


def _pair(setting: str, value: object, low: int, high: int) -> None:
    if not isinstance(value, tuple) or len(value) != 2:
        raise LayerError(setting, value, "a pair (height, width)")
    for part in value:
        require_whole(setting, part, low, high)


def _or_fitting(setting: str, value: int | None, high: int) -> None:
    if value is not None:
        require_whole(setting, value, 1, high)


@dataclass(frozen=True)
class Conv:
    """``nn.Conv2d``. ``in_channels`` None takes the channels that come, as ``nn.LazyConv2d`` does.

    ``named_padding`` overrides ``padding``.

    >>> Conv(64, kernel=(3, 3), padding=(1, 1)).kernel
    (3, 3)
    >>> Conv(0)
    Traceback (most recent call last):
    ...
    lib.core.conv.layer.LayerError: out_channels = 0 is not possible; allowed: 1–4096
    """

    out_channels: int
    kernel: Pair = (3, 3)
    stride: Pair = (1, 1)
    padding: Pair = (0, 0)
    dilation: Pair = (1, 1)
    groups: int = 1
    bias: bool = True
    padding_mode: PaddingMode = PaddingMode.ZEROS
    named_padding: NamedPadding | None = None
    in_channels: int | None = None

    def __post_init__(self) -> None:
        require_whole("out_channels", self.out_channels, 1, MAX_CHANNELS)
        _pair("kernel_size", self.kernel, 1, MAX_KERNEL)
        _pair("stride", self.stride, 1, MAX_STRIDE)
        _pair("padding", self.padding, 0, MAX_PADDING)
        _pair("dilation", self.dilation, 1, MAX_DILATION)
        require_whole("groups", self.groups, 1, MAX_CHANNELS)
        _or_fitting("in_channels", self.in_channels, MAX_CHANNELS)


@dataclass(frozen=True)
class MaxPool:
    """``nn.MaxPool2d``; its stride is always written out."""

    kernel: Pair = (2, 2)
    stride: Pair = (2, 2)
    padding: Pair = (0, 0)
    dilation: Pair = (1, 1)
    ceil_mode: bool = False

    def __post_init__(self) -> None:
        _pair("kernel_size", self.kernel, 1, MAX_KERNEL)
        _pair("stride", self.stride, 1, MAX_STRIDE)
        _pair("padding", self.padding, 0, MAX_PADDING)
        _pair("dilation", self.dilation, 1, MAX_DILATION)


@dataclass(frozen=True)
class AvgPool:
    """``nn.AvgPool2d``."""

    kernel: Pair = (2, 2)
    stride: Pair = (2, 2)
    padding: Pair = (0, 0)
    ceil_mode: bool = False
    count_include_pad: bool = True

    def __post_init__(self) -> None:
        _pair("kernel_size", self.kernel, 1, MAX_KERNEL)
        _pair("stride", self.stride, 1, MAX_STRIDE)
        _pair("padding", self.padding, 0, MAX_PADDING)


@dataclass(frozen=True)
class AdaptiveAvgPool:
    """``nn.AdaptiveAvgPool2d``: as many windows as asked for, whatever the input's size."""

    output: Pair = (1, 1)

    def __post_init__(self) -> None:
        _pair("output_size", self.output, 1, MAX_BINS)


@dataclass(frozen=True)
class AdaptiveMaxPool:
    """``nn.AdaptiveMaxPool2d``."""

    output: Pair = (1, 1)

    def __post_init__(self) -> None:
        _pair("output_size", self.output, 1, MAX_BINS)


@dataclass(frozen=True)
class BatchNorm:
    """``nn.BatchNorm2d`` in training: statistics of the batch. ``num_features`` None takes what comes."""

    num_features: int | None = None

    def __post_init__(self) -> None:
        _or_fitting("num_features", self.num_features, MAX_CHANNELS)


@dataclass(frozen=True)
class Dropout:
    """``nn.Dropout`` in training; ``percent`` is 100 p."""

    percent: int = 50
    inplace: bool = False

    def __post_init__(self) -> None:
        require_whole("p", self.percent, 0, 100)


@dataclass(frozen=True)
class Flatten:
    """``nn.Flatten()``: everything but the batch in one row."""


@dataclass(frozen=True)
class Linear:
    """``nn.Linear``; it acts on the last dimension. ``in_features`` None takes what comes."""

    out_features: int
    bias: bool = True
    in_features: int | None = None

    def __post_init__(self) -> None:
        require_whole("out_features", self.out_features, 1, MAX_FEATURES)
        _or_fitting("in_features", self.in_features, MAX_IN_FEATURES)


class Function(StrEnum):
    """An activation, named as its class in ``torch.nn``."""

    RELU = "ReLU"
    LEAKY_RELU = "LeakyReLU"
    SIGMOID = "Sigmoid"
    TANH = "Tanh"
    GELU = "GELU"
    SILU = "SiLU"
    SCALED_TANH = "ScaledTanh"

    @property
    def can_be_inplace(self) -> bool:
        """Whether this explorer offers its ``inplace=True``.

        >>> Function.RELU.can_be_inplace, Function.SIGMOID.can_be_inplace
        (True, False)
        """
        return self in {Function.RELU, Function.LEAKY_RELU}


@dataclass(frozen=True)
class Activation:
    """An activation function, element by element.

    ``functional`` says that the network's forward calls ``F.relu`` and has no module for it.
    """

    function: Function = Function.RELU
    inplace: bool = False
    functional: bool = False

    def __post_init__(self) -> None:
        if self.inplace and not self.function.can_be_inplace:
            raise LayerError("inplace", True, "False except for ReLU and LeakyReLU")


@dataclass(frozen=True)
class Add:
    """A skip: the sum of two tensors."""


@dataclass(frozen=True)
class Concat:
    """``torch.cat(..., dim=1)``: branches side by side in the channels."""


@dataclass(frozen=True)
class SparseConv:
    """C3 of LeNet-5: each output map has a kernel for some of the input maps only, and a bias.

    ``sources`` are the input maps of each output map.

    >>> C3.parameters
    1516
    """

    sources: tuple[tuple[int, ...], ...]
    kernel: int = 5

    @property
    def parameters(self) -> int:
        """Weights and biases."""
        return sum(len(maps) * self.kernel**2 + 1 for maps in self.sources)


@dataclass(frozen=True)
class Subsample:
    """S2 and S4 of LeNet-5: the sum of 2 x 2 cells times one coefficient a map, plus one bias a map."""


@dataclass(frozen=True)
class Rbf:
    """The output of LeNet-5: squared distance to ``units`` fixed targets (7 x 12 pictures of the digits)."""

    units: int = 10


Layer = (
    Conv
    | MaxPool
    | AvgPool
    | AdaptiveAvgPool
    | AdaptiveMaxPool
    | BatchNorm
    | Dropout
    | Flatten
    | Linear
    | Activation
    | Add
    | Concat
    | SparseConv
    | Subsample
    | Rbf
)

C3 = SparseConv(
    tuple(
        tuple(sorted((first + step) % 6 for step in steps))
        for steps, firsts in (
            ((0, 1, 2), range(6)),
            ((0, 1, 2, 3), range(6)),
            ((0, 1, 3, 4), range(3)),
            ((0, 1, 2, 3, 4, 5), range(1)),
        )
        for first in firsts
    )
)
"""Table I of LeCun, Bottou, Bengio, Haffner: Gradient-based learning applied to document recognition, 1998."""
