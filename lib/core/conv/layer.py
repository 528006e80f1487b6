"""What a layer is: its kind, its settings along each axis, its channels. Imports no torch."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum


class LayerKind(StrEnum):
    """A layer that slides a window, named as in ``torch.nn``."""

    CONV2D = "Conv2d"
    CONV1D = "Conv1d"
    TRANSPOSED = "ConvTranspose2d"
    MAX_POOL = "MaxPool2d"
    AVG_POOL = "AvgPool2d"

    @property
    def is_pool(self) -> bool:
        """Whether it has no weights and keeps channels apart."""
        return self in {LayerKind.MAX_POOL, LayerKind.AVG_POOL}

    @property
    def is_conv(self) -> bool:
        """Whether it is a plain convolution, which alone takes padding modes, "same" and "valid"."""
        return self in {LayerKind.CONV1D, LayerKind.CONV2D}

    @property
    def dilates(self) -> bool:
        """Whether the layer has a dilation; AvgPool2d has none."""
        return self is not LayerKind.AVG_POOL


class PaddingMode(StrEnum):
    """What the padded cells hold."""

    ZEROS = "zeros"
    REFLECT = "reflect"
    REPLICATE = "replicate"
    CIRCULAR = "circular"


class NamedPadding(StrEnum):
    """Padding given by name instead of a number."""

    SAME = "same"
    VALID = "valid"


@dataclass(eq=False)
class LayerError(ValueError):
    """A setting that no control can reach: which one, what it was, and what is allowed."""

    setting: str
    value: object
    allowed: str

    def __str__(self) -> str:
        return f"{self.setting} = {self.value!r} is not possible; allowed: {self.allowed}"


def _require(setting: str, value: object, low: int) -> None:
    if isinstance(value, bool) or not isinstance(value, int) or value < low:
        raise LayerError(setting, value, f"whole, from {low}")


@dataclass(frozen=True)
class Axis:
    """The settings along one axis, in cells: the W, F, S, P, D of the formula.

    >>> Axis(size=7, kernel=3, dilation=2).effective_kernel
    5
    >>> Axis(size=0, kernel=3)
    Traceback (most recent call last):
    ...
    lib.core.conv.layer.LayerError: size = 0 is not possible; allowed: whole, from 1
    """

    size: int
    kernel: int
    stride: int = 1
    padding: int = 0
    dilation: int = 1
    output_padding: int = 0

    def __post_init__(self) -> None:
        for name in ("size", "kernel", "stride", "dilation"):
            _require(name, getattr(self, name), 1)
        for name in ("padding", "output_padding"):
            _require(name, getattr(self, name), 0)

    @property
    def effective_kernel(self) -> int:
        """Cells from the first to the last weight, holes of the dilation included: D(F - 1) + 1."""
        return self.dilation * (self.kernel - 1) + 1


POINT = Axis(size=1, kernel=1)
"""The height of a one-dimensional layer."""


@dataclass(frozen=True)
class Layer:
    """One layer and the input it gets: (N, C, H, W), or (N, C, W) for Conv1d; without N where not ``batched``.

    Illegal combinations are possible, as in PyTorch: ``legality.problem_of`` says what PyTorch says to them.
    ``named_padding`` overrides the axes' numbers. A pool's ``out_channels`` and ``groups`` are not used.
    """

    kind: LayerKind
    height: Axis
    width: Axis
    batch: int = 1
    in_channels: int = 1
    out_channels: int = 1
    groups: int = 1
    bias: bool = True
    padding_mode: PaddingMode = PaddingMode.ZEROS
    named_padding: NamedPadding | None = None
    ceil_mode: bool = False
    count_include_pad: bool = True
    batched: bool = True

    def __post_init__(self) -> None:
        for name in ("batch", "in_channels", "out_channels", "groups"):
            _require(name, getattr(self, name), 1)
        if self.kind is LayerKind.CONV1D and self.height != POINT:
            raise LayerError("height", self.height, "Axis(size=1, kernel=1) for Conv1d")
        if self.kind is LayerKind.AVG_POOL and (self.height.dilation, self.width.dilation) != (1, 1):
            raise LayerError("dilation", (self.height.dilation, self.width.dilation), "1 for AvgPool2d")
        if not self.kind.is_conv and self.named_padding is not None:
            raise LayerError("named_padding", self.named_padding, "None except for Conv1d and Conv2d")

    @property
    def axes(self) -> tuple[Axis, ...]:
        """The axes that the layer has, height first."""
        return (self.width,) if self.kind is LayerKind.CONV1D else (self.height, self.width)

    @property
    def input_shape(self) -> tuple[int, ...]:
        """Sizes of the input.

        >>> worked_example().input_shape
        (32, 3, 128, 128)
        """
        return (*self.batch_shape, self.in_channels, *(axis.size for axis in self.axes))

    @property
    def batch_shape(self) -> tuple[int, ...]:
        """The axes before the channels: (N,), or none."""
        return (self.batch,) if self.batched else ()

    @property
    def output_channels(self) -> int:
        """Channels of the output: a pool keeps its input's."""
        return self.in_channels if self.kind.is_pool else self.out_channels

    def pads(self, axis: Axis) -> tuple[int, int]:
        """Cells added before and after the input along an axis.

        "same" puts the odd cell at the end:

        >>> even = Axis(size=5, kernel=4)
        >>> Layer(LayerKind.CONV2D, even, even, named_padding=NamedPadding.SAME).pads(even)
        (1, 2)
        """
        if self.named_padding is NamedPadding.VALID:
            return 0, 0
        if self.named_padding is NamedPadding.SAME:
            total = axis.effective_kernel - 1
            return total // 2, total - total // 2
        return axis.padding, axis.padding

    def with_axes(self, height: Axis, width: Axis) -> Layer:
        """The same layer with other settings along the axes; the height of Conv1d stays."""
        return replace(self, height=self.height if self.kind is LayerKind.CONV1D else height, width=width)


def square(
    kind: LayerKind = LayerKind.CONV2D, *, size: int, kernel: int, stride: int = 1, padding: int = 0
) -> Layer:
    """A layer with the same settings along both axes.

    >>> square(size=7, kernel=3).input_shape
    (1, 1, 7, 7)
    """
    axis = Axis(size, kernel, stride, padding)
    return Layer(kind, POINT if kind is LayerKind.CONV1D else axis, axis)


def worked_example() -> Layer:
    """``Conv2d(3, 64, kernel_size=3, padding=1)`` on an input of shape [32, 3, 128, 128]."""
    axis = Axis(size=128, kernel=3, padding=1)
    return Layer(LayerKind.CONV2D, axis, axis, batch=32, in_channels=3, out_channels=64)
