"""The output's shape, and what the floor leaves out."""

from __future__ import annotations

from dataclasses import dataclass

from lib.core.conv.layer import Axis, Layer, LayerKind


@dataclass(frozen=True)
class AxisShape:
    """One axis of the formula, with its numbers.

    ``numerator`` is what is divided by the stride (W + pads - D(F - 1) - 1); ``output`` the result, which is
    below 1 where the window does not fit. ``after`` are the last cells of the padded input, behind the last
    window, where the division leaves a remainder. ``overhang`` are cells by which the last window of
    ``ceil_mode`` stands out beyond the padded input.
    """

    numerator: int
    stride: int
    output: int
    after: int = 0
    overhang: int = 0

    @property
    def is_exact(self) -> bool:
        """Whether the stride divides the numerator.

        >>> from lib.core.conv.layer import square
        >>> axis_shape(square(size=8, kernel=3, stride=2), Axis(8, 3, 2)).is_exact
        False
        """
        return self.numerator % self.stride == 0


def output_size(layer: Layer, axis: Axis) -> int:
    """Cells along one output axis; below 1 where the window does not fit.

    >>> from lib.core.conv.layer import square
    >>> five = Axis(size=5, kernel=3, stride=2)
    >>> output_size(square(size=5, kernel=3, stride=2), five)
    2

    Source: torch.nn.Conv2d, ConvTranspose2d and MaxPool2d documentation, "Shape"; for ceil_mode the rule that
    a window may not start in the padding after the input (aten/src/ATen/native/Pool.h, pooling_output_shape).
    """
    if layer.kind is LayerKind.TRANSPOSED:
        return (axis.size - 1) * axis.stride - 2 * axis.padding + axis.effective_kernel + axis.output_padding
    before, after = layer.pads(axis)
    numerator = axis.size + before + after - axis.effective_kernel
    if not (layer.kind.is_pool and layer.ceil_mode):
        return numerator // axis.stride + 1
    size = -(-numerator // axis.stride) + 1
    starts_in_padding = (size - 1) * axis.stride >= axis.size + before
    return size - 1 if starts_in_padding else size


def axis_shape(layer: Layer, axis: Axis) -> AxisShape:
    """The formula's numbers along one axis.

    >>> from lib.core.conv.layer import square
    >>> axis_shape(square(size=8, kernel=3, stride=2), Axis(8, 3, 2))
    AxisShape(numerator=5, stride=2, output=3, after=1, overhang=0)
    """
    output = output_size(layer, axis)
    if layer.kind is LayerKind.TRANSPOSED:
        return AxisShape((axis.size - 1) * axis.stride, 1, output)
    before, after = layer.pads(axis)
    padded = axis.size + before + after
    numerator = padded - axis.effective_kernel
    reach = (output - 1) * axis.stride + axis.effective_kernel
    return AxisShape(
        numerator,
        axis.stride,
        output,
        after=max(padded - reach, 0) if output >= 1 else 0,
        overhang=max(reach - padded, 0) if output >= 1 else 0,
    )


def output_shape(layer: Layer) -> tuple[int, ...]:
    """Sizes of the output, (N, C_out, H_out, W_out) or without N; only for a layer without a problem.

    >>> from lib.core.conv.layer import worked_example
    >>> output_shape(worked_example())
    (32, 64, 128, 128)
    """
    return (*layer.batch_shape, layer.output_channels, *output_sizes(layer))


def output_sizes(layer: Layer) -> tuple[int, ...]:
    """The output's cells along each axis, height first.

    >>> from lib.core.conv.layer import square
    >>> output_sizes(square(size=7, kernel=3))
    (5, 5)
    """
    return tuple(output_size(layer, axis) for axis in layer.axes)
