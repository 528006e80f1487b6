"""What each layer makes of the shape that comes, or PyTorch's refusal, word for word. Imports no torch."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from math import prod

from lib.core.conv import layer as window
from lib.core.conv import legality
from lib.core.conv.layer import Axis, LayerKind, PaddingMode
from lib.core.conv.shape import output_shape
from lib.core.nets.failures import Problem, Why
from lib.core.nets.layers import (
    Activation,
    AdaptiveAvgPool,
    AdaptiveMaxPool,
    Add,
    AvgPool,
    BatchNorm,
    Concat,
    Conv,
    Dropout,
    Flatten,
    Layer,
    Linear,
    MaxPool,
    Rbf,
    Shape,
    SparseConv,
    Subsample,
)

_AT_CONSTRUCTION = {legality.Reason.GROUPS_IN, legality.Reason.GROUPS_OUT, legality.Reason.SAME_STRIDE}
_AT_PADDING = {legality.Reason.REFLECT, legality.Reason.CIRCULAR}
_PADDING_RANKS = """Padding size 4 is not supported for {rank}D input tensor.
Supported combinations for non-constant padding:
  - 2D or 3D input: padding size = 2 (pads last dimension)
  - 3D or 4D input: padding size = 4 (pads last 2 dimensions)
  - 4D or 5D input: padding size = 6 (pads last 3 dimensions)"""
CACHED = 16_384


@lru_cache(CACHED)
def shape_after(layer: Layer, shapes: tuple[Shape, ...]) -> Shape | Problem:
    """The output's shape for inputs of these shapes, or why there is none.

    >>> shape_after(Conv(64, padding=(1, 1)), ((32, 3, 128, 128),))
    (32, 64, 128, 128)
    >>> shape_after(Linear(10, in_features=400), ((1, 576),)).message
    'mat1 and mat2 shapes cannot be multiplied (1x576 and 400x10)'
    >>> shape_after(Concat(), ((1, 64, 7, 7), (1, 32, 7, 7)))
    (1, 96, 7, 7)
    """
    first = shapes[0]
    match layer:
        case Conv():
            return _conv(layer, first)
        case MaxPool() | AvgPool():
            return _pool(layer, first)
        case AdaptiveAvgPool() | AdaptiveMaxPool():
            return _adaptive(layer, first)
        case BatchNorm():
            return _batch_norm(layer, first)
        case Linear():
            return _linear(layer, first)
        case Flatten():
            return (first[0], prod(first[1:]))
        case Dropout() | Activation():
            return first
        case Add():
            return _add(shapes)
        case Concat():
            return _concat(shapes)
        case SparseConv() | Subsample() | Rbf():
            return _of_1998(layer, first)


def windows(layer: Conv | MaxPool | AvgPool, shape: Shape, *, groups: int | None = None) -> window.Layer:
    """The layer as the convolution page's arithmetic takes it, on an input (N, C, H, W).

    >>> windows(Conv(8), (1, 3, 5, 7)).width
    Axis(size=7, kernel=3, stride=1, padding=0, dilation=1, output_padding=0)
    """
    dilation = (1, 1) if isinstance(layer, AvgPool) else layer.dilation
    settings = zip(shape[2:], layer.kernel, layer.stride, layer.padding, dilation, strict=True)
    height, width = (Axis(*numbers) for numbers in settings)
    common = {"height": height, "width": width, "batch": shape[0], "in_channels": shape[1]}
    match layer:
        case MaxPool():
            return window.Layer(LayerKind.MAX_POOL, **common, ceil_mode=layer.ceil_mode)  # type: ignore[arg-type]
        case AvgPool():
            return window.Layer(
                LayerKind.AVG_POOL,
                **common,  # type: ignore[arg-type]
                ceil_mode=layer.ceil_mode,
                count_include_pad=layer.count_include_pad,
            )
    return window.Layer(
        LayerKind.CONV2D,
        **common,  # type: ignore[arg-type]
        out_channels=layer.out_channels,
        groups=layer.groups if groups is None else groups,
        bias=layer.bias,
        padding_mode=layer.padding_mode,
        named_padding=layer.named_padding,
    )


@lru_cache(CACHED)
def sees_padding_alone(layer: Layer, shape: Shape) -> bool:
    """Whether a window of a max pool that PyTorch accepts holds no cell of its input, only padding.

    A dilation larger than the input steps across it. torch 2.13 then gives -inf, and an index past the plane,
    through which ``backward()`` writes outside its memory (CPU; no error is raised).

    >>> sees_padding_alone(MaxPool((2, 2), (1, 1), (1, 1), (3, 3)), (1, 1, 2, 2))
    True
    >>> sees_padding_alone(MaxPool((2, 2), (1, 1), (1, 1), (2, 2)), (1, 1, 2, 2))
    False
    """
    if not isinstance(layer, MaxPool) or len(shape) != 4:
        return False
    out = shape_after(layer, (shape,))
    if isinstance(out, Problem):
        return False
    for axis, cells in zip(windows(layer, shape).axes, out[2:], strict=True):
        # Padding is at most half a kernel, so that only windows that begin before the input can miss it.
        for start in range(-axis.padding, min(0, cells * axis.stride - axis.padding), axis.stride):
            taps = range(start, start + axis.kernel * axis.dilation, axis.dilation)
            if not any(0 <= tap < axis.size for tap in taps):
                return True
    return False


def _problem(found: legality.Problem) -> Problem:
    return Problem(Why(found.reason.value), found.error, found.message, dict(found.details))


def _sizes(shape: Sequence[int]) -> str:
    return f"[{', '.join(map(str, shape))}]"


def _conv(layer: Conv, shape: Shape) -> Shape | Problem:
    given = shape if len(shape) == 4 else (*shape[:2], 1, 1)
    declared = given[1] if layer.in_channels is None else layer.in_channels
    made = windows(layer, (given[0], declared, *given[2:]))
    problem = legality.problem_of(made)
    if problem is not None and problem.reason in _AT_CONSTRUCTION:
        return _problem(problem)
    if len(shape) != 4:
        return _not_spatial_conv(layer, shape)
    if declared != shape[1]:
        problem = legality.problem_of(replace(made, in_channels=shape[1], groups=1))
        if problem is None or problem.reason not in _AT_PADDING:
            return _wrong_channels(layer, declared, shape, made)
    return output_shape(made) if problem is None else _problem(problem)


def _wrong_channels(layer: Conv, declared: int, shape: Shape, made: window.Layer) -> Problem:
    weight = (layer.out_channels, declared // layer.groups, *layer.kernel)
    seen = _padded_first(layer, shape, made)
    message = (
        f"Given groups={layer.groups}, weight of size {_sizes(weight)}, expected input{_sizes(seen)} to have "
        f"{declared} channels, but got {shape[1]} channels instead"
    )
    return Problem(Why.IN_CHANNELS, "RuntimeError", message, {"declared": declared, "comes": shape[1]})


def _padded_first(layer: Conv, shape: Shape, made: window.Layer) -> Shape:
    """The input as the convolution itself sees it: other padding modes pad it before."""
    if layer.padding_mode is PaddingMode.ZEROS:
        return shape
    return (*shape[:2], *(axis.size + sum(made.pads(axis)) for axis in made.axes))


def _not_spatial_conv(layer: Conv, shape: Shape) -> Problem:
    if layer.padding_mode is PaddingMode.ZEROS:
        message = (
            f"Expected 3D (unbatched) or 4D (batched) input to conv2d, but got input of size: {_sizes(shape)}"
        )
        return Problem(Why.NOT_SPATIAL, "RuntimeError", message, {"rank": len(shape)})
    message = _PADDING_RANKS.format(rank=len(shape))
    return Problem(Why.NOT_SPATIAL, "NotImplementedError", message, {"rank": len(shape)})


def _pool(layer: MaxPool | AvgPool, shape: Shape) -> Shape | Problem:
    if len(shape) == 4:
        made = windows(layer, shape)
        problem = legality.problem_of(made)
        return output_shape(made) if problem is None else _problem(problem)
    details = {"rank": len(shape)}
    if isinstance(layer, AvgPool):
        message = f"Dimension out of range (expected to be in range of [-{len(shape)}, {len(shape) - 1}], but got -3)"
        return Problem(Why.NOT_SPATIAL, "IndexError", message, details)
    message = "non-empty 3D or 4D (batch mode) tensor expected for input"
    return Problem(Why.NOT_SPATIAL, "RuntimeError", message, details)


def _adaptive(layer: AdaptiveAvgPool | AdaptiveMaxPool, shape: Shape) -> Shape | Problem:
    if len(shape) == 4:
        return (*shape[:2], *layer.output)
    message = "Input dimension should be at least 3"
    return Problem(Why.NOT_SPATIAL, "ValueError", message, {"rank": len(shape)})


def _batch_norm(layer: BatchNorm, shape: Shape) -> Shape | Problem:
    if len(shape) != 4:
        message = f"expected 4D input (got {len(shape)}D input)"
        return Problem(Why.NOT_SPATIAL, "ValueError", message, {"rank": len(shape)})
    if shape[0] * prod(shape[2:]) == 1:
        message = f"Expected more than 1 value per channel when training, got input size torch.Size({_sizes(shape)})"
        return Problem(Why.ONE_VALUE, "ValueError", message)
    declared = shape[1] if layer.num_features is None else layer.num_features
    if declared != shape[1]:
        message = f"running_mean should contain {shape[1]} elements not {declared}"
        return Problem(Why.NUM_FEATURES, "RuntimeError", message, {"declared": declared, "comes": shape[1]})
    return shape


def _linear(layer: Linear, shape: Shape) -> Shape | Problem:
    declared = shape[-1] if layer.in_features is None else layer.in_features
    if declared == shape[-1]:
        return (*shape[:-1], layer.out_features)
    message = (
        f"mat1 and mat2 shapes cannot be multiplied ({prod(shape[:-1])}x{shape[-1]} and "
        f"{declared}x{layer.out_features})"
    )
    details = {"declared": declared, "comes": shape[-1], "all": prod(shape[1:])}
    return Problem(Why.IN_FEATURES, "RuntimeError", message, details)


def _add(shapes: tuple[Shape, ...]) -> Shape | Problem:
    """Sums from left to right, sizes of 1 stretched as everywhere in PyTorch."""
    total = shapes[0]
    for other in shapes[1:]:
        made: list[int] = []
        rank = max(len(total), len(other))
        for back in range(1, rank + 1):
            a = total[-back] if back <= len(total) else 1
            b = other[-back] if back <= len(other) else 1
            if a != b and 1 not in (a, b):
                message = (
                    f"The size of tensor a ({a}) must match the size of tensor b ({b}) at non-singleton "
                    f"dimension {rank - back}"
                )
                return Problem(Why.ADD_SIZES, "RuntimeError", message, {"a": a, "b": b})
            made.append(max(a, b))
        total = tuple(reversed(made))
    return total


def _concat(shapes: tuple[Shape, ...]) -> Shape | Problem:
    first = shapes[0]
    for number, other in enumerate(shapes[1:], start=1):
        if len(other) != len(first):
            message = f"Tensors must have same number of dimensions: got {len(first)} and {len(other)}"
            return Problem(Why.CONCAT_SIZES, "RuntimeError", message, {"a": len(first), "b": len(other)})
        for axis, (a, b) in enumerate(zip(first, other, strict=True)):
            if axis != 1 and a != b:
                message = (
                    f"Sizes of tensors must match except in dimension 1. Expected size {a} but got size {b} "
                    f"for tensor number {number} in the list."
                )
                return Problem(Why.CONCAT_SIZES, "RuntimeError", message, {"a": a, "b": b})
    return (first[0], sum(shape[1] for shape in shapes), *first[2:])


def _of_1998(layer: SparseConv | Subsample | Rbf, shape: Shape) -> Shape | Problem:
    match layer:
        case SparseConv():
            one = _conv(
                Conv(1, (layer.kernel, layer.kernel), in_channels=len(layer.sources[0])),
                (shape[0], len(layer.sources[0]), *shape[2:]),
            )
            return one if isinstance(one, Problem) else (one[0], len(layer.sources), *one[2:])
        case Subsample():
            return _pool(AvgPool(), shape)
        case Rbf():
            return _rbf(layer, shape)


def _rbf(layer: Rbf, shape: Shape) -> Shape | Problem:
    return (shape[0], layer.units)
