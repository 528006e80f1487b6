"""Number formats: what each dtype can hold, what a cast loses, and what two of them become together."""

from __future__ import annotations

import math
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from lib.core.tensors.create import DTYPES
from lib.core.tensors.errors import TORCH_RAISES, TorchError
from lib.core.tensors.parse import number_of, syntax_tree

if TYPE_CHECKING:
    import torch

ALIASES: dict[str, tuple[str, ...]] = {
    "float64": ("torch.double", ".double()"),
    "float32": ("torch.float", ".float()"),
    "float16": ("torch.half", ".half()"),
    "bfloat16": (".bfloat16()",),
    "int64": ("torch.long", ".long()"),
    "int32": ("torch.int", ".int()"),
    "int16": ("torch.short", ".short()"),
    "int8": (".char()",),
    "uint8": (".byte()",),
    "bool": (".bool()",),
}
"""Other names: those of the torch module and the methods that cast to the dtype."""
NUMPY_TWINS: dict[str, str | None] = {
    **{name: f"np.{name}" for name in DTYPES},
    "bool": "np.bool_",
    "bfloat16": None,
}
# sign, exponent and fraction bits of the floating formats (IEEE 754; bfloat16: Google's "brain" format)
FIELDS: dict[str, tuple[int, int, int]] = {
    "float64": (1, 11, 52),
    "float32": (1, 8, 23),
    "float16": (1, 5, 10),
    "bfloat16": (1, 8, 7),
}


@dataclass(frozen=True)
class DtypeInfo:
    """One dtype: bytes an element, lowest and highest value, and for floats the gap after 1 and how many
    decimal digits always survive."""

    name: str
    aliases: tuple[str, ...]
    numpy: str | None
    nbytes: int
    lowest: float
    highest: float
    epsilon: float | None
    digits: int | None


@lru_cache(maxsize=1)
def dtype_table() -> tuple[DtypeInfo, ...]:
    """All dtypes that the pages offer, as torch describes them.

    >>> next(info for info in dtype_table() if info.name == "int8").highest
    127
    """
    return tuple(_info(name) for name in ALIASES)


def _info(name: str) -> DtypeInfo:
    import torch

    dtype = getattr(torch, name)
    nbytes = torch.empty((), dtype=dtype).element_size()
    shared = (name, ALIASES[name], NUMPY_TWINS[name], nbytes)
    if dtype == torch.bool:
        return DtypeInfo(*shared, 0, 1, None, None)
    if dtype.is_floating_point:
        limits = torch.finfo(dtype)
        digits = math.floor(-math.log10(limits.eps))
        return DtypeInfo(*shared, limits.min, limits.max, limits.eps, digits)
    whole = torch.iinfo(dtype)
    return DtypeInfo(*shared, whole.min, whole.max, None, None)


class Loss(StrEnum):
    """What a cast did to a value. Pages word it."""

    NOTHING = "nothing"
    ROUNDED = "rounded"
    WRAPPED = "wrapped"
    FRACTION_CUT = "fraction_cut"
    TO_INFINITY = "to_infinity"
    TO_ZERO = "to_zero"
    TO_BOOL = "to_bool"
    UNDEFINED = "undefined"


@dataclass(frozen=True)
class Cast:
    """A value in one dtype and after the cast to another; exact decimal texts, and the bits of the result.

    ``stored`` is what the source dtype already made of the typed value. ``fields`` are the bit counts of
    sign, exponent and fraction (floats), or of sign and value. ``cut`` are the source's highest bits, which a
    narrower whole number has no room for. ``stored_exactly`` is False where the source dtype already changed the
    typed value.
    """

    typed: float
    stored: str
    result: str
    bits: str
    fields: tuple[int, int, int]
    loss: Loss
    error: TorchError | None = None
    stored_exactly: bool = True
    cut: str = ""


def parse_value(text: str) -> float:
    """One typed number.

    >>> parse_value("-0.1")
    -0.1

    Raises: TensorInputError.
    """
    return number_of(syntax_tree(text))


def cast(value: float, source: str, target: str) -> Cast:
    """Store a value in one dtype and cast it to another, with torch.

    >>> cast(300, "int64", "int8").result, cast(0.1, "float32", "float16").result
    ('44', '0.0999755859375')
    >>> done = cast(300, "int16", "int8")
    >>> done.cut, done.bits
    ('00000001', '00101100')
    """
    import torch

    try:
        stored = torch.tensor(value, dtype=getattr(torch, source))
        result = stored.to(getattr(torch, target))
    except TORCH_RAISES as error:
        refused = TorchError.of(error)
        return Cast(value, "", "", "", (0, 0, 0), Loss.UNDEFINED, refused)
    before, after = stored.item(), result.item()
    return Cast(
        typed=value,
        stored=exact(before),
        result=exact(after),
        bits=bits_of(result),
        fields=FIELDS.get(target, (0 if target in {"uint8", "bool"} else 1, 0, _value_bits(target))),
        loss=_loss(before, after, target),
        stored_exactly=before == value or value != value,
        cut=_cut(stored, result),
    )


def _cut(stored: torch.Tensor, result: torch.Tensor) -> str:
    """The highest bits of a whole number that the narrower type of another leaves out."""
    import torch

    if any(each.dtype.is_floating_point or each.dtype == torch.bool for each in (stored, result)):
        return ""
    bits = bits_of(stored)
    return bits[: max(0, len(bits) - 8 * result.element_size())]


def _value_bits(target: str) -> int:
    if target in FIELDS:
        return 0
    nbytes = next(info.nbytes for info in dtype_table() if info.name == target)
    return 8 * nbytes - (0 if target in {"uint8", "bool"} else 1)


def _loss(before: Any, after: Any, target: str) -> Loss:
    if target == "bool":
        return Loss.NOTHING if before in (0, 1) else Loss.TO_BOOL
    if before == after or (before != before and after != after):
        return Loss.NOTHING
    if target in FIELDS:
        if math.isinf(after):
            return Loss.TO_INFINITY
        return Loss.TO_ZERO if after == 0 else Loss.ROUNDED
    limits = next(info for info in dtype_table() if info.name == target)
    if not math.isfinite(before) or not limits.lowest <= math.trunc(before) <= limits.highest:
        return Loss.WRAPPED if isinstance(before, int) else Loss.UNDEFINED
    return Loss.FRACTION_CUT


def exact(value: Any) -> str:
    """The value in full decimal digits, as the machine holds it.

    >>> exact(0.5), exact(0.1)[:12]
    ('0.5', '0.1000000000')
    """
    if isinstance(value, float):
        if not math.isfinite(value):
            return str(value)
        text = format(Decimal(value), "f")
        return text if len(text) <= 60 else f"{value!r}"
    return str(value)


def bits_of(tensor: torch.Tensor) -> str:
    """The bits of a 0-D tensor, the highest first.

    >>> import torch
    >>> bits_of(torch.tensor(1, dtype=torch.int8))
    '00000001'
    """
    import torch

    width = tensor.element_size()
    same_width = {1: torch.uint8, 2: torch.int16, 4: torch.int32, 8: torch.int64}[width]
    number = tensor.view(same_width).item() if tensor.dtype != torch.bool else int(tensor.item())
    return format(int(number) % 2 ** (8 * width), f"0{8 * width}b")


def promote(left: str, right: str) -> str:
    """The dtype of ``a + b`` for tensors of two dtypes.

    >>> promote("int64", "float16"), promote("uint8", "int8"), promote("float16", "bfloat16")
    ('float16', 'int16', 'float32')
    """
    import torch

    promoted = torch.promote_types(getattr(torch, left), getattr(torch, right))
    return str(promoted).removeprefix("torch.")


class Promotion(StrEnum):
    """Why two dtypes become what they become. Pages word it."""

    SAME = "same"
    CATEGORY = "category"
    WIDER = "wider"
    NEXT = "next"


def promotion(left: str, right: str) -> Promotion:
    """The rule behind :func:`promote`: categories first (bool, integer, floating), widths within one only.

    >>> promotion("int64", "float16"), promotion("uint8", "int8")
    (<Promotion.CATEGORY: 'category'>, <Promotion.NEXT: 'next'>)
    """
    if left == right:
        return Promotion.SAME
    if _category(left) != _category(right):
        return Promotion.CATEGORY
    return Promotion.WIDER if promote(left, right) in {left, right} else Promotion.NEXT


def _category(name: str) -> int:
    return 2 if name in FIELDS else int(name != "bool")


@dataclass(frozen=True)
class Division:
    """``a / b``, ``a // b`` and ``torch.div(a, b, rounding_mode="trunc")`` as torch prints them."""

    true: str
    floor: str
    trunc: str


def divide(a: int, b: int) -> Division:
    """Divide two int64 tensors three ways.

    >>> divide(-7, 2)
    Division(true='tensor(-3.5000)', floor='tensor(-4)', trunc='tensor(-3)')

    Raises: ZeroDivisionError where torch refuses an integer division by zero.
    """
    import torch

    if b == 0:
        raise ZeroDivisionError
    left, right = torch.tensor(a), torch.tensor(b)
    truncated = torch.div(left, right, rounding_mode="trunc")
    return Division(str(left / right), str(left // right), str(truncated))


def cast_code(value: float, source: str, target: str) -> str:
    """The cast as Python.

    >>> print(cast_code(300, "int64", "int8").splitlines()[-1])
    print(y.item())
    """
    number = repr(value)
    if isinstance(value, float) and not math.isfinite(value):
        number = f"float('{value}')"
    return (
        f"import torch\n\nx = torch.tensor({number}, dtype=torch.{source})\n"
        f"y = x.to(torch.{target})\nprint(y.item())"
    )
