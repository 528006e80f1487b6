"""What autograd keeps for backward, and what an in-place layer overwrites of it. Imports no torch.

A small model of PyTorch's own bookkeeping: tensors share storages, each storage has a version that in-place
layers raise, and each layer saves what its derivative needs. A storage counts once, at the first row that saves
it; parameters and buffers do not count, the network's input does.
Sources: tools/autograd/derivatives.yaml, torch/csrc/autograd/saved_variable.cpp, torch/nn/functional.py.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from math import prod

from lib.core.conv.layer import NamedPadding, PaddingMode
from lib.core.item_size import FLOAT_BYTES, INDEX_BYTES
from lib.core.nets.failures import Failure, Problem, When, Why
from lib.core.nets.graph import INPUT, Network
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
    Function,
    Layer,
    Linear,
    MaxPool,
    Rbf,
    Shape,
    SparseConv,
    Subsample,
)
from lib.core.nets.shapes import windows

_HINT = (
    "Hint: enable anomaly detection to find the operation that failed to compute its gradient, with "
    "torch.autograd.set_detect_anomaly(True, check_nan=False)."
)


@dataclass
class _Tensor:
    """A tensor of the forward pass: where its numbers lie, and the backward node that it came from."""

    storage: int
    shape: Shape
    grad: bool
    node: str
    base: _Tensor | None = None


@dataclass(frozen=True)
class _Saved:
    row: int
    storage: int
    version: int
    node: str
    shape: Shape


@dataclass(frozen=True)
class Kept:
    """Bytes that each row keeps for backward, and the failure of the backward pass, if it has one."""

    bytes: tuple[int, ...]
    failure: Failure | None = None
    culprits: tuple[int, ...] = ()
    """All rows that overwrite in place what an earlier one needs."""


@dataclass
class _Tape:
    """The forward pass in training, written down row by row."""

    sizes: list[int] = field(default_factory=list)
    versions: list[int] = field(default_factory=list)
    writers: dict[tuple[int, int], int] = field(default_factory=dict)
    """The row that made a version of a storage."""
    saved: list[_Saved] = field(default_factory=list)
    counted: set[int] = field(default_factory=set)
    bytes: dict[int, int] = field(default_factory=dict)
    row: int = INPUT

    def new(self, shape: Shape, *, grad: bool, node: str, item: int = FLOAT_BYTES) -> _Tensor:
        self.sizes.append(item * prod(shape))
        self.versions.append(0)
        return _Tensor(len(self.sizes) - 1, shape, grad, node if grad else "")

    def save(self, tensor: _Tensor, *, shape: Shape | None = None, node: str | None = None) -> None:
        storage = tensor.storage
        if storage not in self.counted:
            self.counted.add(storage)
            self.bytes[self.row] = self.bytes.get(self.row, 0) + self.sizes[storage]
        self.saved.append(
            _Saved(
                self.row,
                storage,
                self.versions[storage],
                tensor.node if node is None else node,
                tensor.shape if shape is None else shape,
            )
        )

    def save_new(self, count: int, item: int = FLOAT_BYTES) -> None:
        """Numbers of the row's own, such as a mask or the places of the maxima."""
        self.bytes[self.row] = self.bytes.get(self.row, 0) + item * count

    def overwrite(self, tensor: _Tensor, node: str) -> _Tensor:
        self.versions[tensor.storage] += 1
        self.writers[tensor.storage, self.versions[tensor.storage]] = self.row
        if tensor.grad:
            if tensor.base is not None:
                tensor.base.node = "CopySlices"
                tensor.node = "AsStridedBackward0"
            else:
                tensor.node = node
        return tensor


def kept_bytes(network: Network, shapes: tuple[Shape, ...]) -> Kept:
    """What backward keeps, row by row. ``shapes`` are the outputs' of the rows that run.

    >>> from lib.core.nets.graph import sequence
    >>> layers = [Conv(4, padding=(1, 1)), Activation(Function.SIGMOID), Activation(Function.RELU, inplace=True)]
    >>> kept = kept_bytes(sequence((2, 3, 8, 8), layers), ((2, 4, 8, 8),) * 3)
    >>> kept.bytes, kept.failure.row
    ((1536, 2048, 0), 2)
    """
    tape = _Tape()
    values = {INPUT: tape.new(network.input_shape, grad=False, node="")}
    for number, shape in enumerate(shapes):
        row = network.rows[number]
        tape.row = number
        values[number] = _run(tape, row.layer, [values[source] for source in row.inputs], shape)
    kept = tuple(tape.bytes.get(number, 0) for number in range(len(shapes)))
    broken = [each for each in tape.saved if tape.versions[each.storage] != each.version]
    if not broken:
        return Kept(kept)
    reached = _reached(network, len(shapes))
    broken = [each for each in broken if each.row in reached]
    if not broken:
        return Kept(kept)
    culprits = {tape.writers[each.storage, each.version + 1] for each in broken}
    # Backward begins with what ran last.
    return Kept(kept, _overwritten(tape, max(broken, key=lambda each: each.row)), tuple(sorted(culprits)))


def _reached(network: Network, count: int) -> set[int]:
    """The rows that the output depends on."""
    reached = {count - 1, *(row for row in network.side if row < count)}
    for number in range(count - 1, -1, -1):
        if number in reached:
            reached.update(network.rows[number].inputs)
    return reached


def _short(node: str) -> str:
    """A node's name as messages have it."""
    return node.removesuffix("Backward0").replace("Backward", "")


def _overwritten(tape: _Tape, saved: _Saved) -> Failure:
    now = tape.versions[saved.storage]
    origin = f", which is output 0 of {_short(saved.node)}," if saved.node else ""
    message = (
        "one of the variables needed for gradient computation has been modified by an inplace operation: "
        f"[torch.FloatTensor [{', '.join(map(str, saved.shape))}]]{origin} is at version {now}; expected "
        f"version {saved.version} instead. {_HINT}"
    )
    culprit = tape.writers[saved.storage, saved.version + 1]
    problem = Problem(Why.INPLACE, "RuntimeError", message, {"victim": saved.row + 1})
    return Failure(culprit, When.BACKWARD, problem, culprit)


def _run(tape: _Tape, layer: Layer, inputs: list[_Tensor], shape: Shape) -> _Tensor:
    x = inputs[0]
    match layer:
        case Conv():
            return _conv(tape, layer, x, shape)
        case Linear():
            flat = x.shape if len(x.shape) == 2 else (prod(x.shape[:-1]), x.shape[-1])
            tape.save(x, shape=flat)
            return _linear_output(tape, layer, shape)
        case BatchNorm():
            tape.save(x)
            tape.save_new(2 * x.shape[1])  # mean and 1 / standard deviation of the batch
            return tape.new(shape, grad=True, node="NativeBatchNormBackward0")
        case MaxPool() | AvgPool() | AdaptiveAvgPool() | AdaptiveMaxPool():
            return _pool(tape, layer, x, shape)
        case Dropout():
            return _dropout(tape, layer, x, shape)
        case Activation():
            return _activation(tape, layer, x, shape)
        case Flatten():
            return x if len(x.shape) == 2 else _view(x, shape)
        case Add() | Concat():
            node = "AddBackward0" if isinstance(layer, Add) else "CatBackward0"
            return tape.new(shape, grad=any(each.grad for each in inputs), node=node)
        case SparseConv() | Subsample() | Rbf():
            return _of_1998(tape, layer, x, shape)


def _view(x: _Tensor, shape: Shape) -> _Tensor:
    return _Tensor(x.storage, shape, x.grad, "ViewBackward0" if x.grad else "", base=x)


def _linear_output(tape: _Tape, layer: Linear, shape: Shape) -> _Tensor:
    if len(shape) == 2:
        return tape.new(shape, grad=True, node="AddmmBackward0" if layer.bias else "MmBackward0")
    made = tape.new(shape, grad=True, node="UnsafeViewBackward0")
    return _view(made, shape) if layer.bias else made


def _conv(tape: _Tape, layer: Conv, x: _Tensor, shape: Shape) -> _Tensor:
    tape.save(_padded(tape, layer, x))
    return tape.new(shape, grad=True, node="ConvolutionBackward0")


def _padded(tape: _Tape, layer: Conv, x: _Tensor) -> _Tensor:
    """The tensor that the convolution itself sees: a copy where PyTorch pads before it."""
    made = windows(layer, x.shape)
    pads = [made.pads(axis) for axis in made.axes]
    if layer.padding_mode is PaddingMode.ZEROS:
        if layer.named_padding is not NamedPadding.SAME or all(before == after for before, after in pads):
            return x
        grown = [after - before for before, after in pads]
        node = "ConstantPadNdBackward0"
    else:
        grown = [before + after for before, after in pads]
        if layer.padding_mode is not PaddingMode.CIRCULAR and x.grad:
            tape.save(x)
        node = {"reflect": "ReflectionPad2DBackward0", "replicate": "ReplicationPad2DBackward0"}.get(
            layer.padding_mode, "CopySlices"
        )
    size = tuple(cells + more for cells, more in zip(x.shape[2:], grown, strict=True))
    return tape.new((*x.shape[:2], *size), grad=x.grad, node=node)


def _pool(
    tape: _Tape, layer: MaxPool | AvgPool | AdaptiveAvgPool | AdaptiveMaxPool, x: _Tensor, shape: Shape
) -> _Tensor:
    is_mean = isinstance(layer, AdaptiveAvgPool) and layer.output == (1, 1)
    if x.grad and not is_mean:
        tape.save(x)
        if isinstance(layer, MaxPool | AdaptiveMaxPool):
            tape.save_new(prod(shape), INDEX_BYTES)
    names = {
        MaxPool: "MaxPool2DWithIndicesBackward0",
        AvgPool: "AvgPool2DBackward0",
        AdaptiveAvgPool: "MeanBackward1" if is_mean else "AdaptiveAvgPool2DBackward0",
        AdaptiveMaxPool: "AdaptiveMaxPool2DBackward0",
    }
    return tape.new(shape, grad=x.grad, node=names[type(layer)])


def _dropout(tape: _Tape, layer: Dropout, x: _Tensor, shape: Shape) -> _Tensor:
    if layer.percent == 0:
        return x
    if x.grad:
        # The mask is as large as the input; at p = 1 a single zero does.
        tape.save_new(1 if layer.percent == 100 else prod(shape))
    if layer.inplace:
        return tape.overwrite(x, "MulBackward0")
    return tape.new(shape, grad=x.grad, node="MulBackward0")


def _activation(tape: _Tape, layer: Activation, x: _Tensor, shape: Shape) -> _Tensor:
    node = {
        Function.RELU: "ReluBackward0",
        Function.LEAKY_RELU: "LeakyReluBackward1" if layer.inplace else "LeakyReluBackward0",
        Function.SIGMOID: "SigmoidBackward0",
        Function.TANH: "TanhBackward0",
        Function.GELU: "GeluBackward0",
        Function.SILU: "SiluBackward0",
        Function.SCALED_TANH: "TanhBackward0",
    }[layer.function]
    if layer.inplace:
        made = tape.overwrite(x, node)
        if x.grad:
            tape.save(made, node=node)
        return made
    saves_input = layer.function in {Function.LEAKY_RELU, Function.GELU, Function.SILU}
    if saves_input and x.grad:
        tape.save(x)
    made = tape.new(shape, grad=x.grad, node=node)
    if not saves_input and x.grad:
        tape.save(made)
    if layer.function is Function.SCALED_TANH:
        return tape.new(shape, grad=x.grad, node="MulBackward0")
    return made


def _of_1998(tape: _Tape, layer: SparseConv | Subsample | Rbf, x: _Tensor, shape: Shape) -> _Tensor:
    match layer:
        case SparseConv():
            copied = sum(len(maps) for maps in layer.sources)
            tape.save_new(copied * x.shape[0] * prod(x.shape[2:]))  # the chosen maps, once for each kernel
            if x.grad:
                tape.save_new(copied, INDEX_BYTES)
            return tape.new(shape, grad=True, node="CatBackward0")
        case Subsample():
            if x.grad:
                tape.save(x)
            tape.save_new(prod(shape))  # the sums, for the coefficients' gradient
            return tape.new(shape, grad=True, node="AddBackward0")
        case Rbf():
            if x.grad:
                tape.save_new(layer.units * prod(x.shape))
            return tape.new(shape, grad=x.grad, node="SumBackward1")
