"""What PyTorch refuses, in its own words and in its own order of checks, without PyTorch."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum

from lib.core.conv.layer import Axis, Layer, LayerKind, NamedPadding, PaddingMode
from lib.core.conv.shape import output_size


class Reason(StrEnum):
    """Why a layer is refused. The page words each in the learner's language."""

    GROUPS_IN = "groups_in"
    GROUPS_OUT = "groups_out"
    SAME_STRIDE = "same_stride"
    TRANSPOSED_MODE = "transposed_mode"
    REFLECT = "reflect"
    CIRCULAR = "circular"
    KERNEL_TOO_LARGE = "kernel_too_large"
    POOL_PADDING = "pool_padding"
    POOL_TOO_SMALL = "pool_too_small"
    OUTPUT_PADDING = "output_padding"
    OUTPUT_TOO_SMALL = "output_too_small"


@dataclass(frozen=True)
class Problem:
    """Why PyTorch refuses a layer: ``error`` is the exception's name, ``message`` its text, word for word.

    ``details`` are the numbers of the sentence that explains it.
    """

    reason: Reason
    error: str
    message: str
    details: dict[str, int] = field(default_factory=dict)


def problem_of(layer: Layer) -> Problem | None:
    """What PyTorch raises when it makes the layer or calls it; None where it works.

    >>> from lib.core.conv.layer import square
    >>> problem_of(square(size=5, kernel=3)) is None
    True
    >>> print(problem_of(square(size=5, kernel=7)).message)
    Calculated padded input size per channel: (5 x 5). Kernel size: (7 x 7). Kernel size can't be greater
    than actual input size
    """
    if layer.kind.is_pool:
        checks: tuple[Callable[[Layer], Problem | None], ...] = (_pool_padding, _pool_half, _pool_size)
    elif layer.kind is LayerKind.TRANSPOSED:
        checks = (_transposed_mode, _groups, _output_padding, _transposed_size)
    else:
        checks = (_groups, _same_stride, _pad_mode, _kernel_size)
    return next((problem for check in checks if (problem := check(layer)) is not None), None)


def _groups(layer: Layer) -> Problem | None:
    for name, channels, reason in (
        ("in_channels", layer.in_channels, Reason.GROUPS_IN),
        ("out_channels", layer.out_channels, Reason.GROUPS_OUT),
    ):
        if channels % layer.groups:
            details = {"channels": channels, "groups": layer.groups}
            return Problem(reason, "ValueError", f"{name} must be divisible by groups", details)
    return None


def _same_stride(layer: Layer) -> Problem | None:
    strides = [axis.stride for axis in layer.axes]
    if layer.named_padding is not NamedPadding.SAME or max(strides) == 1:
        return None
    message = "padding='same' is not supported for strided convolutions"
    return Problem(Reason.SAME_STRIDE, "ValueError", message, {"stride": max(strides)})


def _transposed_mode(layer: Layer) -> Problem | None:
    if layer.padding_mode is PaddingMode.ZEROS:
        return None
    message = 'Only "zeros" padding mode is supported for ConvTranspose2d'
    return Problem(Reason.TRANSPOSED_MODE, "ValueError", message)


def _pad_mode(layer: Layer) -> Problem | None:
    if layer.padding_mode is PaddingMode.REFLECT:
        return _reflect(layer)
    if layer.padding_mode is PaddingMode.CIRCULAR:
        for axis in layer.axes:
            if max(layer.pads(axis)) > axis.size:
                message = "Padding value causes wrapping around more than once."
                details = {"padding": max(layer.pads(axis)), "size": axis.size}
                return Problem(Reason.CIRCULAR, "RuntimeError", message, details)
    return None


def _reflect(layer: Layer) -> Problem | None:
    # PyTorch looks at the last dimension first.
    for back, axis in enumerate(reversed(layer.axes)):
        before, after = layer.pads(axis)
        if max(before, after) >= axis.size:
            message = (
                f"Argument #{4 + 2 * back}: Padding size should be less than the corresponding input "
                f"dimension, but got: padding ({before}, {after}) at dimension "
                f"{len(layer.input_shape) - 1 - back} of input {list(layer.input_shape)}"
            )
            details = {"padding": max(before, after), "size": axis.size}
            return Problem(Reason.REFLECT, "RuntimeError", message, details)
    return None


def _sizes(values: list[int]) -> str:
    return f"({' x '.join(map(str, values))})"


def _kernel_size(layer: Layer) -> Problem | None:
    padded = [axis.size + sum(layer.pads(axis)) for axis in layer.axes]
    kernels = [axis.effective_kernel for axis in layer.axes]
    worst = max(range(len(padded)), key=lambda i: kernels[i] - padded[i])
    if kernels[worst] <= padded[worst]:
        return None
    message = (
        f"Calculated padded input size per channel: {_sizes(padded)}. Kernel size: {_sizes(kernels)}. "
        "Kernel size can't be greater than actual input size"
    )
    details = {"kernel": kernels[worst], "padded": padded[worst]}
    return Problem(Reason.KERNEL_TOO_LARGE, "RuntimeError", message, details)


def _output_padding(layer: Layer) -> Problem | None:
    height, width = layer.height, layer.width
    for axis in layer.axes:
        if axis.output_padding >= axis.stride and axis.output_padding >= axis.dilation:
            message = (
                "output padding must be smaller than either stride or dilation, but got "
                f"output_padding_height: {height.output_padding} output_padding_width: {width.output_padding} "
                f"stride_height: {height.stride} stride_width: {width.stride} "
                f"dilation_height: {height.dilation} dilation_width: {width.dilation}"
            )
            details = {"output_padding": axis.output_padding, "limit": max(axis.stride, axis.dilation) - 1}
            return Problem(Reason.OUTPUT_PADDING, "RuntimeError", message, details)
    return None


def _transposed_size(layer: Layer) -> Problem | None:
    outputs = [output_size(layer, axis) for axis in layer.axes]
    if min(outputs) >= 1:
        return None
    message = (
        f"Given input size per channel: {_sizes([axis.size for axis in layer.axes])}. "
        f"Calculated output size per channel: {_sizes(outputs)}. Output size is too small"
    )
    return Problem(Reason.OUTPUT_TOO_SMALL, "RuntimeError", message, {"output": min(outputs)})


def _pool_padding(layer: Layer) -> Problem | None:
    for axis in layer.axes:
        if axis.padding > axis.effective_kernel // 2:
            message = (
                f"pad should be at most half of effective kernel size, but got pad={axis.padding}, "
                f"kernel_size={axis.kernel} and dilation={axis.dilation}"
            )
            return Problem(Reason.POOL_PADDING, "RuntimeError", message, _half(axis))
    return None


def _pool_half(layer: Layer) -> Problem | None:
    for axis in layer.axes:
        if axis.padding > axis.kernel // 2:
            height, width = layer.height, layer.width
            message = (
                "pad should be smaller than or equal to half of kernel size, but got "
                f"padW = {width.padding}, padH = {height.padding}, kW = {width.kernel}, kH = {height.kernel}"
            )
            return Problem(Reason.POOL_PADDING, "RuntimeError", message, _half(axis))
    return None


def _half(axis: Axis) -> dict[str, int]:
    return {"padding": axis.padding, "kernel": axis.kernel, "limit": axis.kernel // 2}


def _pool_size(layer: Layer) -> Problem | None:
    outputs = [output_size(layer, axis) for axis in layer.axes]
    if min(outputs) >= 1:
        return None
    channels = layer.in_channels
    given = "x".join(str(size) for size in (channels, *(axis.size for axis in layer.axes)))
    calculated = "x".join(str(size) for size in (channels, *outputs))
    message = f"Given input size: ({given}). Calculated output size: ({calculated}). Output size is too small"
    return Problem(Reason.POOL_TOO_SMALL, "RuntimeError", message, {"output": min(outputs)})
