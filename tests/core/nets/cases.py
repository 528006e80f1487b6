"""Random networks for hypothesis, and what PyTorch itself says of them."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass

import torch
from hypothesis import strategies as st
from torch import Tensor, nn

from lib.core.conv.layer import NamedPadding, PaddingMode
from lib.core.nets.graph import INPUT, Network, Row
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
    Shape,
)
from lib.core.nets.modules import module_of
from lib.core.nets.shapes import shape_after

TORCHS = [each for each in Function if each is not Function.SCALED_TANH]


def pairs(low: int, high: int) -> st.SearchStrategy[tuple[int, int]]:
    one = st.integers(low, high)
    return one.map(lambda value: (value, value)) | st.tuples(one, one)


def fitting(values: st.SearchStrategy[int]) -> st.SearchStrategy[int | None]:
    """Mostly what comes, now and then a number that may be wrong."""
    return st.one_of(st.none(), st.none(), st.none(), st.none(), st.none(), values)


# Made once: hypothesis is slow at making strategies, fast at drawing from them.
CHANNELS = st.sampled_from((1, 2, 3, 4, 6))
ONES, ZEROS = st.just((1, 1)), st.just((0, 0))
POOLING = {"kernel": pairs(1, 3), "stride": pairs(1, 3), "padding": ZEROS | pairs(0, 1)}
INPLACE = st.sampled_from((Function.RELU, Function.LEAKY_RELU))
FUNCTIONS = st.builds(Activation, st.sampled_from(TORCHS)) | st.builds(Activation, INPLACE, st.booleans())
CONVS = st.builds(
    Conv,
    out_channels=CHANNELS,
    kernel=pairs(1, 4),
    stride=pairs(1, 2),
    padding=pairs(0, 2),
    dilation=ONES | pairs(1, 2),
    groups=st.sampled_from((1, 1, 1, 1, 1, 2, 3)),
    bias=st.booleans(),
    padding_mode=st.just(PaddingMode.ZEROS) | st.sampled_from(list(PaddingMode)),
    named_padding=st.sampled_from((None, None, None, *NamedPadding)),
    in_channels=fitting(CHANNELS),
)
KINDS: tuple[st.SearchStrategy[Layer], ...] = (
    CONVS,
    CONVS,
    st.builds(MaxPool, **POOLING, ceil_mode=st.booleans())
    # Padded and dilated, torch 2.13 writes outside its memory in backward where a window sees padding alone.
    | st.builds(MaxPool, kernel=pairs(1, 3), stride=pairs(1, 3), dilation=pairs(1, 2)),
    st.builds(AvgPool, **POOLING, ceil_mode=st.booleans(), count_include_pad=st.booleans()),
    st.builds(AdaptiveAvgPool, pairs(1, 4)) | st.builds(AdaptiveMaxPool, pairs(1, 4)),
    st.builds(BatchNorm, fitting(CHANNELS)),
    st.builds(Dropout, st.sampled_from((0, 30, 100)), st.booleans()),
    FUNCTIONS,
    FUNCTIONS,
    st.builds(Flatten) | st.builds(Linear, st.integers(1, 5), st.booleans(), fitting(st.integers(1, 9))),
)
LAYERS = st.one_of(KINDS)
OVERWRITING = st.one_of(
    FUNCTIONS, st.builds(Activation, INPLACE, st.just(True)), st.builds(Dropout, inplace=st.just(True))
)
LAYERS_AND_JOINS = st.one_of(*KINDS, st.just(Add()), st.just(Concat()))
BATCH, CHANNELS_IN, SIDE, COUNT = st.integers(1, 3), st.integers(1, 4), st.integers(1, 14), st.integers(1, 8)
PERCENT = st.integers(0, 99)


@st.composite
def networks(draw: st.DrawFn, *, joins: bool = False, overwriting: bool = False) -> Network:
    """Mostly legal: where a row has not fitted, another one is tried a few times.

    ``overwriting`` prefers activations, many of them in place: those that break only in backward.
    """
    shape = (draw(BATCH), draw(CHANNELS_IN), draw(SIDE), draw(SIDE))
    rows: list[Row] = []
    shapes: dict[int, Shape] = {INPUT: shape}
    for number in range(draw(COUNT)):
        for _ in range(3):
            row = _row(draw, number, joins=joins, overwriting=overwriting)
            made = shape_after(row.layer, tuple(shapes[source] for source in row.inputs))
            if isinstance(made, tuple):
                break
        rows.append(row)
        if not isinstance(made, tuple):
            break
        shapes[number] = made
    return Network(shape, tuple(rows))


def _row(draw: st.DrawFn, number: int, *, joins: bool, overwriting: bool) -> Row:
    kinds = LAYERS_AND_JOINS if joins and number else LAYERS
    layer = draw(OVERWRITING if overwriting and draw(PERCENT) < 60 else kinds)
    previous = number - 1
    other = draw(PERCENT) % (number + 1) - 1
    if isinstance(layer, Add | Concat):
        return Row(layer, (previous, other))
    return Row(layer, (other if joins and draw(PERCENT) < 15 else previous,))


@dataclass(frozen=True)
class Ran:
    """What a forward pass in PyTorch gave: the rows' shapes, what stopped it, and what it kept."""

    shapes: tuple[Shape, ...]
    error: tuple[int, str, str] | None
    """Row, exception, text."""
    kept: tuple[int, ...]
    modules: tuple[nn.Module, ...]
    output: Tensor | None


class Keeper:
    """Counts what autograd keeps, each storage once, at the first row that keeps it; no parameters, no buffers."""

    def __init__(self) -> None:
        self.row = 0
        self.bytes: dict[int, int] = {}
        self.known: set[int] = set()
        self.alive: list[Tensor] = []

    def leave_out(self, module: nn.Module) -> None:
        for tensor in (*module.parameters(), *module.buffers()):
            self.known.add(tensor.untyped_storage()._cdata)

    def pack(self, tensor: Tensor) -> Tensor:
        storage = tensor.untyped_storage()
        if storage._cdata not in self.known:
            self.known.add(storage._cdata)
            self.alive.append(tensor.detach())  # keeps the address from being used again
            self.bytes[self.row] = self.bytes.get(self.row, 0) + storage.nbytes()
        return tensor.detach()


def run(network: Network) -> Ran:
    """Build and call the rows one by one."""
    keeper = Keeper()
    values: dict[int, Tensor] = {INPUT: torch.randn(network.input_shape)}
    shapes: list[Shape] = []
    modules: list[nn.Module] = []
    error = None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for number, row in enumerate(network.rows):
            inputs = [values[source] for source in row.inputs]
            keeper.row = number
            try:
                module = module_of(row.layer, tuple(inputs[0].shape))
                keeper.leave_out(module)
                with torch.autograd.graph.saved_tensors_hooks(keeper.pack, lambda tensor: tensor):
                    values[number] = module(*inputs)
            except (ValueError, RuntimeError, IndexError) as raised:
                error = (number, type(raised).__name__, str(raised))
                break
            modules.append(module)
            shapes.append(tuple(values[number].shape))
    kept = tuple(keeper.bytes.get(number, 0) for number in range(len(shapes)))
    return Ran(tuple(shapes), error, kept, tuple(modules), values[len(shapes) - 1] if shapes else None)


def run_plainly(network: Network) -> Tensor:
    """The output of a legal network without hooks, which would hide what in-place layers overwrite."""
    values: dict[int, Tensor] = {INPUT: torch.randn(network.input_shape)}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for number, row in enumerate(network.rows):
            inputs = [values[source] for source in row.inputs]
            values[number] = module_of(row.layer, tuple(inputs[0].shape))(*inputs)
    return values[len(network.rows) - 1]


def backward_refusal(outputs: Sequence[Tensor]) -> tuple[str, str] | None:
    """What the backward pass raises; None where it works."""
    total = sum((output.sum() for output in outputs), torch.zeros(()))
    if not total.requires_grad:
        return None
    try:
        total.backward()  # type: ignore[no-untyped-call]
    except RuntimeError as error:
        return type(error).__name__, str(error)
    return None
