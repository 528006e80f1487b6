"""The smallest change that mends a stack, tried before it is offered. Imports no torch."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from lib.core.conv.layer import LayerError, NamedPadding, PaddingMode
from lib.core.nets.analysis import Analysis, analyse
from lib.core.nets.failures import Failure, Problem, When, Why
from lib.core.nets.graph import INPUT, Network
from lib.core.nets.layers import (
    MAX_PADDING,
    Activation,
    AvgPool,
    BatchNorm,
    Conv,
    Dropout,
    Flatten,
    Layer,
    Linear,
    MaxPool,
)
from lib.core.nets.shapes import shape_after, windows
from lib.core.nets.stack import MAX_ROWS, Stack, StackRow

MAX_OFFERS = 3


@dataclass(frozen=True)
class Fix:
    """A stack that works where the other broke. ``action`` is "set", "remove", "insert" or "batch".

    For "set" ``name`` and ``value`` are an argument's; ``row`` counts from 0.
    """

    action: str
    row: int
    stack: Stack
    batch: int
    name: str = ""
    value: object = None


def fixes(stack: Stack, *, size: int, batch: int, failure: Failure) -> tuple[Fix, ...]:
    """The smallest changes that let the broken row run, those first after which nothing breaks at all.

    >>> from lib.core.nets.layers import Linear
    >>> broken = Stack((StackRow(Flatten()), StackRow(Linear(10, in_features=100))))
    >>> found = analyse(broken.network(size=8))
    >>> [(fix.action, fix.name, fix.value) for fix in fixes(broken, size=8, batch=1, failure=found.failure)]
    [('set', 'in_features', 192), ('set', 'in_features', None), ('remove', '', None)]
    """
    before = analyse(stack.network(size=size, batch=batch))
    whole, part = [], []
    for fix in _candidates(stack, before, batch, failure):
        after = analyse(fix.stack.network(size=size, batch=fix.batch))
        if after.failure is None:
            whole.append(fix)
        elif _is_further(before, after, fix):
            part.append(fix)
    return tuple([*whole, *part][:MAX_OFFERS])


def _is_further(before: Analysis, after: Analysis, fix: Fix) -> bool:
    """Whether what was broken runs now; what comes later may still break."""
    if before.failure is None or after.failure is None:
        return False
    if before.failure.when is When.BACKWARD or after.failure.when is When.BACKWARD:
        return after.failure.when is When.BACKWARD and before.failure.when is When.FORWARD
    place = before.failure.row + {"insert": 2, "remove": 0}.get(fix.action, 1)
    return after.failure.row >= place


def _candidates(stack: Stack, found: Analysis, batch: int, failure: Failure) -> Iterator[Fix]:
    number = failure.culprit
    layer = stack.rows[number].layer
    if failure.when is When.BACKWARD:
        changed = stack
        for culprit in found.culprits:
            changed = _set(changed, culprit, "inplace", False) or changed
        yield Fix("set", number, changed, batch, "inplace", False)
    coming = found.network.input_shape if number == 0 else found.rows[number - 1].shape
    for name, value in _settings(layer, failure, coming):
        made = _set(stack, number, name, value)
        if made is not None:
            yield Fix("set", number, made, batch, name, value)
    if failure.problem.why is Why.ONE_VALUE:
        yield Fix("batch", number, stack, 2, "batch", 2)
    if failure.problem.why is Why.IN_FEATURES and len(coming) == 4 and len(stack.rows) < MAX_ROWS:
        yield Fix("insert", number, stack.inserted(number, StackRow(Flatten())), batch)
    if failure.problem.why is Why.NOT_SPATIAL:
        flat = next(
            (place for place in range(number - 1, -1, -1) if isinstance(stack.rows[place].layer, Flatten)),
            None,
        )
        if flat is not None:
            yield Fix("remove", flat, stack.without(flat), batch)
    yield Fix("remove", number, stack.without(number), batch)


def _set(stack: Stack, number: int, name: str, value: object) -> Stack | None:
    row = stack.rows[number]
    changes: dict[str, object] = {name: value}
    try:
        layer = replace(row.layer, **changes)  # type: ignore[arg-type]
        return stack.with_row(number, replace(row, layer=layer))
    except LayerError:
        return None


def _settings(layer: Layer, failure: Failure, coming: tuple[int, ...]) -> Iterator[tuple[str, object]]:
    """Arguments with other values, the smallest change first."""
    why = failure.problem.why
    match layer:
        case Conv() | MaxPool() | AvgPool() if len(coming) == 4 and why in _SLIDING:
            yield from _sliding(layer, coming, why)
        case Conv() if why is Why.IN_CHANNELS:
            yield from (("in_channels", coming[1]), ("in_channels", None))
        case Conv() if why in {Why.GROUPS_IN, Why.GROUPS_OUT}:
            yield from _groups(layer, coming)
        case Conv() if why is Why.SAME_STRIDE:
            yield from (("stride", (1, 1)), ("named_padding", None))
        case Conv() if why in {Why.REFLECT, Why.CIRCULAR}:
            yield "padding_mode", PaddingMode.ZEROS
            yield (
                "padding",
                tuple(min(cells, size - 1) for cells, size in zip(layer.padding, coming[2:], strict=True)),
            )
        case BatchNorm() if why is Why.NUM_FEATURES:
            yield from (("num_features", coming[1]), ("num_features", None))
        case Linear() if why is Why.IN_FEATURES:
            yield from (("in_features", coming[-1]), ("in_features", None))
        case Activation() | Dropout():
            return


_SLIDING = {Why.KERNEL_TOO_LARGE, Why.POOL_TOO_SMALL, Why.POOL_PADDING}


def _sliding(
    layer: Conv | MaxPool | AvgPool, coming: tuple[int, ...], why: Why
) -> Iterator[tuple[str, object]]:
    made = windows(layer, coming)
    axes = made.axes
    missing = [axis.effective_kernel - axis.size - sum(made.pads(axis)) for axis in axes]
    if why is Why.POOL_PADDING:
        yield "padding", tuple(min(axis.padding, axis.kernel // 2) for axis in axes)
        return
    if isinstance(layer, Conv) and layer.named_padding is NamedPadding.VALID:
        yield "named_padding", NamedPadding.SAME
        return
    padding = tuple(axis.padding + max(0, -(-gap // 2)) for axis, gap in zip(axes, missing, strict=True))
    if max(padding) <= MAX_PADDING:
        yield "padding", padding
    room = [axis.size + sum(made.pads(axis)) for axis in axes]
    yield (
        "kernel",
        tuple(
            min(axis.kernel, (cells - 1) // axis.dilation + 1) for axis, cells in zip(axes, room, strict=True)
        ),
    )
    if not isinstance(layer, AvgPool) and layer.dilation != (1, 1):
        yield "dilation", (1, 1)


def _groups(layer: Conv, coming: tuple[int, ...]) -> Iterator[tuple[str, object]]:
    incoming = coming[1] if layer.in_channels is None else layer.in_channels
    fitting = [each for each in range(1, layer.groups) if not (incoming % each or layer.out_channels % each)]
    if fitting:
        yield "groups", max(fitting)
    lower = layer.out_channels // layer.groups * layer.groups
    if not incoming % layer.groups:
        for channels in sorted(
            (lower, lower + layer.groups), key=lambda each: abs(each - layer.out_channels)
        ):
            yield "out_channels", channels


def runs_forward(network: Network) -> bool:
    """Whether every row takes what comes: shapes alone.

    >>> runs_forward(Stack((StackRow(Linear(3, in_features=2)),)).network(size=2))
    True
    """
    shapes = {INPUT: network.input_shape}
    for number, row in enumerate(network.rows):
        shape = shape_after(row.layer, tuple(shapes[source] for source in row.inputs))
        if isinstance(shape, Problem):
            return False
        shapes[number] = shape
    return True


def nearest_size(network: Network, *, low: int, high: int) -> int | None:
    """The nearest square input with which a network runs, None where there is none within 64 pixels.

    >>> from lib.core.nets.classics import Classic, classic
    >>> nearest_size(classic(Classic.ALEXNET, size=40), low=16, high=512)
    63
    """
    size = network.input_shape[2]
    for distance in range(1, 65):
        for tried in (size - distance, size + distance):
            if low <= tried <= high and runs_forward(network.resized(size=tried)):
                return tried
    return None


def smallest_size(network: Network, *, high: int) -> int | None:
    """The smallest larger input with which a network runs that its windows outgrow; None up to ``high``.

    >>> smallest_size(Stack((StackRow(MaxPool()), StackRow(MaxPool()))).network(size=2), high=64)
    4
    """
    low = network.input_shape[2]
    large = low
    while not runs_forward(network.resized(size=large)):
        if large == high:
            return None
        low, large = large, min(2 * large, high)
    while large - low > 1:
        middle = (low + large) // 2
        if runs_forward(network.resized(size=middle)):
            large = middle
        else:
            low = middle
    return large
