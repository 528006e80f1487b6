"""A stack that a learner builds: rows that feed one another, with skips, and its compact code in the address.

The code is base64url of deflated bytes, at most 2,000 characters for the 150 rows that a stack may have. Two
writings of the same digits compete: one byte or more a digit, which deflates well where rows repeat, and one
large number in mixed radix, which bounds what the worst stack needs. The code's first letter says which it is.
"""

from __future__ import annotations

import base64
import binascii
import json
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from lib.core.conv.layer import LayerError, NamedPadding, PaddingMode
from lib.core.nets.graph import INPUT, Network, Row
from lib.core.nets.layers import (
    MAX_BINS,
    MAX_CHANNELS,
    MAX_DILATION,
    MAX_FEATURES,
    MAX_IN_FEATURES,
    MAX_KERNEL,
    MAX_PADDING,
    MAX_STRIDE,
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
    require_whole,
)

MAX_ROWS = 150
MAX_CODE = 2_000
_MOST_BYTES = 40_000


class StackError(ValueError):
    """A code, or a description from the browser, that is no stack."""


@dataclass(frozen=True)
class Argument:
    """One setting of a layer: its name here and in torch, its legal values, and how many digits it has.

    ``kind`` is "whole", "pair", "flag", "choice" or "fitting" (a whole number, or None for what comes).
    """

    name: str
    torch_name: str
    kind: str
    low: int = 0
    high: int = 1
    options: tuple[str | None, ...] = ()

    def radices(self) -> tuple[int, ...]:
        """How many values each digit has."""
        match self.kind:
            case "pair":
                return (self.high - self.low + 1,) * 2
            case "flag":
                return (2,)
            case "choice":
                return (len(self.options),)
            case "fitting":
                return (self.high + 1,)
        return (self.high - self.low + 1,)

    def to_digits(self, value: Any) -> tuple[int, ...]:
        """A value as digits.

        >>> Argument("stride", "stride", "pair", 1, 8).to_digits((2, 1))
        (1, 0)
        """
        match self.kind:
            case "pair":
                return tuple(part - self.low for part in value)
            case "flag":
                return (int(value),)
            case "choice":
                return (self.options.index(None if value is None else str(value)),)
            case "fitting":
                return (value or 0,)
        return (value - self.low,)

    def from_digits(self, digits: Sequence[int]) -> Any:
        """The value of digits; the opposite of ``to_digits``."""
        match self.kind:
            case "pair":
                return tuple(digit + self.low for digit in digits)
            case "flag":
                return bool(digits[0])
            case "choice":
                return self.options[digits[0]]
            case "fitting":
                return digits[0] or None
        return digits[0] + self.low


_MODES = tuple(str(mode) for mode in PaddingMode)
_NAMED = (None, *(str(name) for name in NamedPadding))
_FUNCTIONS = tuple(str(each) for each in Function if each is not Function.SCALED_TANH)
_SLIDING = (
    Argument("kernel", "kernel_size", "pair", 1, MAX_KERNEL),
    Argument("stride", "stride", "pair", 1, MAX_STRIDE),
    Argument("padding", "padding", "pair", 0, MAX_PADDING),
)
_DILATION = Argument("dilation", "dilation", "pair", 1, MAX_DILATION)
_BINS = (Argument("output", "output_size", "pair", 1, MAX_BINS),)
_INPLACE = Argument("inplace", "inplace", "flag")

ARGUMENTS: dict[type[Layer], tuple[Argument, ...]] = {
    Conv: (
        Argument("in_channels", "in_channels", "fitting", 1, MAX_CHANNELS),
        Argument("out_channels", "out_channels", "whole", 1, MAX_CHANNELS),
        *_SLIDING,
        _DILATION,
        Argument("groups", "groups", "whole", 1, MAX_CHANNELS),
        Argument("bias", "bias", "flag"),
        Argument("padding_mode", "padding_mode", "choice", options=_MODES),
        Argument("named_padding", "padding (name)", "choice", options=_NAMED),
    ),
    MaxPool: (*_SLIDING, _DILATION, Argument("ceil_mode", "ceil_mode", "flag")),
    AvgPool: (
        *_SLIDING,
        Argument("ceil_mode", "ceil_mode", "flag"),
        Argument("count_include_pad", "count_include_pad", "flag"),
    ),
    AdaptiveAvgPool: _BINS,
    AdaptiveMaxPool: _BINS,
    BatchNorm: (Argument("num_features", "num_features", "fitting", 1, MAX_CHANNELS),),
    Dropout: (Argument("percent", "p (%)", "whole", 0, 100), _INPLACE),
    Flatten: (),
    Linear: (
        Argument("in_features", "in_features", "fitting", 1, MAX_IN_FEATURES),
        Argument("out_features", "out_features", "whole", 1, MAX_FEATURES),
        Argument("bias", "bias", "flag"),
    ),
    Activation: (Argument("function", "function", "choice", options=_FUNCTIONS), _INPLACE),
    Add: (),
    Concat: (),
}
KINDS: tuple[type[Layer], ...] = tuple(ARGUMENTS)
KIND_NAMES: dict[type[Layer], str] = {
    Conv: "Conv2d",
    MaxPool: "MaxPool2d",
    AvgPool: "AvgPool2d",
    AdaptiveAvgPool: "AdaptiveAvgPool2d",
    AdaptiveMaxPool: "AdaptiveMaxPool2d",
    BatchNorm: "BatchNorm2d",
    Dropout: "Dropout",
    Flatten: "Flatten",
    Linear: "Linear",
    Activation: "Activation",
    Add: "Add",
    Concat: "Concat",
}
"""What a row's kind is called in descriptions from and to the browser."""


@dataclass(frozen=True)
class StackRow:
    """A layer after the one before it. ``other`` is the row that a join takes besides, 0 for the input."""

    layer: Layer
    other: int | None = None


@dataclass(frozen=True)
class Stack:
    """Rows on an input of so many channels.

    >>> Stack((StackRow(Flatten()), StackRow(Linear(10)))).network(size=8).rows[1].inputs
    (0,)
    """

    rows: tuple[StackRow, ...]
    channels: int = 3

    def __post_init__(self) -> None:
        if len(self.rows) > MAX_ROWS:
            raise LayerError("rows", len(self.rows), f"0–{MAX_ROWS}")
        require_whole("channels", self.channels, 1, MAX_CHANNELS)
        for number, row in enumerate(self.rows):
            if type(row.layer) not in ARGUMENTS:
                raise LayerError(f"row {number + 1}", type(row.layer).__name__, "a layer of torch.nn")
            if isinstance(row.layer, Add | Concat) != (row.other is not None):
                raise LayerError(f"row {number + 1}", row.other, "another row for Add and Concat alone")
            if row.other is not None and not 0 <= row.other <= number:
                raise LayerError(f"row {number + 1}", row.other, f"0–{number}")

    def network(self, *, size: int, batch: int = 1) -> Network:
        """The graph on a (batch, channels, size, size) input."""
        rows = tuple(
            Row(
                row.layer,
                (number - 1,) if row.other is None else (number - 1, row.other - 1),
                f"{number + 1}",
            )
            for number, row in enumerate(self.rows)
        )
        return Network((batch, self.channels, size, size), rows)

    def with_row(self, number: int, row: StackRow) -> Stack:
        """Another row in place of one."""
        return replace(self, rows=(*self.rows[:number], row, *self.rows[number + 1 :]))

    def without(self, number: int) -> Stack:
        """One row less; joins that took it take what fed it.

        >>> rows = (StackRow(Conv(3)), StackRow(Flatten()), StackRow(Add(), 2))
        >>> Stack(rows).without(1).rows[1].other
        1
        """
        kept = [
            row if row.other is None or row.other <= number else replace(row, other=row.other - 1)
            for place, row in enumerate(self.rows)
            if place != number
        ]
        return replace(self, rows=tuple(kept))

    def inserted(self, number: int, row: StackRow) -> Stack:
        """One row more, before row ``number``."""
        moved = [
            each if each.other is None or each.other <= number else replace(each, other=each.other + 1)
            for each in self.rows[number:]
        ]
        return replace(self, rows=(*self.rows[:number], row, *moved))


def general_stack(
    convolutions: int = 2, pools: int = 2, dense: int = 0, *, classes: int = 10, channels: int = 1
) -> Stack:
    """Input -> N x (conv + activation) -> M x pool -> K x (fully connected + activation) -> output.

    The pools stand behind the last of the convolutions, as far apart as they can: 2 and 2 alternate.

    >>> [type(row.layer).__name__ for row in general_stack(3, 1, 0).rows][-4:]
    ['Activation', 'MaxPool', 'Flatten', 'Linear']
    """
    relu = StackRow(Activation())
    rows: list[StackRow] = []
    for number in range(convolutions):
        channels_out = min(8 * 2**number, 128)
        rows += [StackRow(Conv(channels_out, (5, 5), padding=(2, 2))), relu]
        rows += [StackRow(MaxPool())] * _pools_behind(number, convolutions, pools)
    if not convolutions:
        rows += [StackRow(MaxPool())] * pools
    rows.append(StackRow(Flatten()))
    for _ in range(dense):
        rows += [StackRow(Linear(64)), relu]
    rows.append(StackRow(Linear(classes)))
    return Stack(tuple(rows), channels)


def _pools_behind(number: int, convolutions: int, pools: int) -> int:
    """How many of the pools stand behind one convolution.

    >>> [_pools_behind(number, 3, 2) for number in range(3)], [_pools_behind(number, 2, 3) for number in range(2)]
    ([0, 1, 1], [1, 2])
    """
    return pools * (number + 1) // convolutions - pools * number // convolutions


def stack_of(network: Network) -> Stack | None:
    """A network as a stack that can be edited; None where it is not one row after another.

    >>> from lib.core.nets.graph import sequence
    >>> stack_of(sequence((1, 3, 8, 8), [Flatten()])).rows
    (StackRow(layer=Flatten(), other=None),)
    """
    rows = []
    for number, row in enumerate(network.rows):
        is_join = isinstance(row.layer, Add | Concat)
        if type(row.layer) not in ARGUMENTS or len(row.inputs) > 2 or row.inputs[0] != number - 1:
            return None
        if isinstance(row.layer, Activation) and row.layer.function is Function.SCALED_TANH:
            return None
        rows.append(StackRow(row.layer, row.inputs[1] - INPUT if is_join else None))
    return Stack(tuple(rows), network.input_shape[1]) if len(rows) <= MAX_ROWS else None


# --- the code -------------------------------------------------------------------------------------------------


def _digits(stack: Stack) -> Iterator[tuple[int, int]]:
    """The stack as (digit, how many values it has)."""
    yield stack.channels - 1, MAX_CHANNELS
    yield len(stack.rows), MAX_ROWS + 1
    for row in stack.rows:
        kind = type(row.layer)
        yield KINDS.index(kind), len(KINDS)
        for argument in ARGUMENTS[kind]:
            yield from zip(
                argument.to_digits(getattr(row.layer, argument.name)), argument.radices(), strict=True
            )
        if row.other is not None:
            yield row.other, MAX_ROWS + 1


def _stack(read: Callable[[int], int]) -> Stack:
    """A stack from a reader of digits."""
    channels = read(MAX_CHANNELS) + 1
    rows = []
    for _ in range(read(MAX_ROWS + 1)):
        kind = KINDS[read(len(KINDS))]
        values = {}
        for argument in ARGUMENTS[kind]:
            values[argument.name] = argument.from_digits([read(radix) for radix in argument.radices()])
        other = read(MAX_ROWS + 1) if kind in (Add, Concat) else None
        rows.append(StackRow(_made(kind, values), other))
    return Stack(tuple(rows), channels)


def _made(kind: type[Layer], values: dict[str, Any]) -> Layer:
    if kind is Conv:
        named = values.get("named_padding")
        values["padding_mode"] = PaddingMode(values.get("padding_mode", PaddingMode.ZEROS))
        values["named_padding"] = None if named is None else NamedPadding(named)
    if kind is Activation:
        values["function"] = Function(values.get("function", Function.RELU))
    return kind(**values)


def write_code(stack: Stack) -> str:
    """The stack as text for an address, at most 2,000 characters.

    >>> read_code(write_code(general_stack(3, 1, 1))) == general_stack(3, 1, 1)
    True
    """
    digits = list(_digits(stack))
    spread = bytearray()
    for digit, _ in digits:
        while digit > 127:
            spread.append(digit & 127 | 128)
            digit >>= 7
        spread.append(digit)
    number = 0
    for digit, radix in reversed(digits):
        number = number * radix + digit
    dense = number.to_bytes((number.bit_length() + 7) // 8, "little")
    return min(("a" + _packed(bytes(spread)), "b" + _packed(dense)), key=len)


def _packed(data: bytes) -> str:
    squeeze = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = squeeze.compress(data) + squeeze.flush()
    return base64.urlsafe_b64encode(packed).rstrip(b"=").decode("ascii")


def _unpacked(text: str) -> bytes:
    try:
        packed = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
        stretch = zlib.decompressobj(-15)
        # A short text can stretch to gigabytes: no more is unpacked than any stack needs.
        data = stretch.decompress(packed, _MOST_BYTES)
    except (binascii.Error, ValueError, zlib.error) as error:
        raise StackError("the code is damaged") from error
    if not stretch.eof or stretch.unused_data:
        raise StackError("the code is damaged")
    return data


def read_code(text: str) -> Stack:
    """The stack that a code describes.

    >>> read_code("aQUFBQQ")
    Traceback (most recent call last):
    ...
    lib.core.nets.stack.StackError: the code is damaged

    Raises: StackError where it describes none.
    """
    if len(text) > MAX_CODE or not text.isascii() or text[:1] not in ("a", "b"):
        raise StackError("no code of a stack")
    data = _unpacked(text[1:])
    try:
        stack, rest = (_from_spread if text[0] == "a" else _from_dense)(data)
    except (LayerError, IndexError, ValueError) as error:
        raise StackError("the code describes no stack") from error
    if rest:
        raise StackError("the code is damaged")
    return stack


def _from_spread(data: bytes) -> tuple[Stack, int]:
    place = 0

    def read(radix: int) -> int:
        nonlocal place
        digit = shift = 0
        while True:
            byte = data[place]
            place += 1
            digit |= (byte & 127) << shift
            shift += 7
            if digit >= radix or shift > 42:
                raise StackError("the code describes no stack")
            if byte < 128:
                return digit

    stack = _stack(read)
    return stack, len(data) - place


def _from_dense(data: bytes) -> tuple[Stack, int]:
    if len(data) > MAX_CODE:
        raise StackError("no code of a stack")
    number = int.from_bytes(data, "little")

    def read(radix: int) -> int:
        nonlocal number
        number, digit = divmod(number, radix)
        return digit

    stack = _stack(read)
    return stack, number


# --- to the browser and back ----------------------------------------------------------------------------------


def layer_json(layer: Layer) -> dict[str, Any]:
    """A layer by its kind and arguments.

    >>> layer_json(Dropout(20))
    {'kind': 'Dropout', 'percent': 20, 'inplace': False}
    """
    values = {argument.name: getattr(layer, argument.name) for argument in ARGUMENTS[type(layer)]}
    return {"kind": KIND_NAMES[type(layer)], **values}


def stack_json(stack: Stack) -> dict[str, Any]:
    """A stack as the browser edits it."""
    rows = []
    for row in stack.rows:
        described = layer_json(row.layer)
        if row.other is not None:
            described["other"] = row.other
        rows.append(described)
    return {"channels": stack.channels, "rows": rows}


def forms_json() -> dict[str, Any]:
    """For each kind of row the arguments of its form and their defaults."""
    defaults: dict[type[Layer], Layer] = {Conv: Conv(16, padding=(1, 1)), Linear: Linear(10)}
    return {
        KIND_NAMES[kind]: {
            "arguments": [
                {
                    "name": each.name,
                    "torch": each.torch_name,
                    "kind": each.kind,
                    "low": each.low,
                    "high": each.high,
                    "options": list(each.options),
                }
                for each in arguments
            ],
            "new": layer_json(defaults.get(kind) or kind()),  # type: ignore[call-arg]
        }
        for kind, arguments in ARGUMENTS.items()
    }


_KIND_OF_NAME = {name: kind for kind, name in KIND_NAMES.items()}
MAX_JSON = 100_000


def stack_from_json(text: str) -> Stack:
    """The stack that the browser sent.

    >>> stack_from_json('{"channels": 1, "rows": [{"kind": "Flatten"}, {"kind": "Linear", "out_features": 4}]}')
    Stack(rows=(StackRow(layer=Flatten(), other=None), StackRow(layer=Linear(out_features=4, bias=True,
      in_features=None), other=None)), channels=1)

    Raises: StackError where it is none; its text says which row and what is allowed.
    """
    if len(text) > MAX_JSON:
        raise StackError("too long")
    try:
        sent = json.loads(text)
        rows = tuple(_row_from_json(each) for each in sent["rows"])
        return Stack(rows, sent["channels"])
    except LayerError as error:
        raise StackError(str(error)) from error
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise StackError("no description of a stack") from error


def _row_from_json(sent: Mapping[str, Any]) -> StackRow:
    kind = _KIND_OF_NAME[sent["kind"]]
    values = {}
    for argument in ARGUMENTS[kind]:
        if argument.name not in sent:
            continue
        value = sent[argument.name]
        values[argument.name] = tuple(value) if argument.kind == "pair" else value
        if argument.kind == "flag" and not isinstance(value, bool):
            raise LayerError(argument.torch_name, value, "true, false")
    other = sent.get("other")
    if other is not None and (isinstance(other, bool) or not isinstance(other, int)):
        raise LayerError("other", other, "a row")
    return StackRow(_made(kind, values), other)
