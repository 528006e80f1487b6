"""Making a tensor: one frozen specification that gives the tensor, the code for it and a text for addresses.

The module imports torch inside the functions that need real tensors.
"""

from __future__ import annotations

import ast
import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from lib.core.tensors.errors import (
    MAX_ELEMENTS,
    TORCH_RAISES,
    WRITTEN_TEXT,
    Problem,
    TensorInputError,
    TorchError,
    check_elements,
)
from lib.core.tensors.parse import (
    Scalar,
    check_shape,
    dotted_name,
    nested_list,
    not_allowed,
    number_of,
    parse_shape,
    runnable,
    shorten,
    syntax_tree,
    tidy,
    whole_of,
)

if TYPE_CHECKING:
    import torch

MAX_SEED = 2**31 - 1
MAX_NUMBER = 2**53
MAX_PARTS = 6
_DEVICE = re.compile(r"cpu|mps|cuda(:\d{1,2})?")

DTYPES = (
    "float32",
    "float64",
    "float16",
    "bfloat16",
    "int64",
    "int32",
    "int16",
    "int8",
    "uint8",
    "bool",
)
"""The dtypes a learner can choose, the usual ones first."""


class CreationKind(StrEnum):
    """A function that makes a tensor. Values stand in addresses and in code."""

    ZEROS = "zeros"
    ONES = "ones"
    FULL = "full"
    EMPTY = "empty"
    RAND = "rand"
    RANDN = "randn"
    RANDN_LIKE = "randn_like"
    RANDINT = "randint"
    TENSOR = "tensor"
    EYE = "eye"
    ARANGE = "arange"
    LINSPACE = "linspace"
    STACK = "stack"
    FROM_NUMPY = "from_numpy"


RANDOM = frozenset({CreationKind.RAND, CreationKind.RANDN, CreationKind.RANDN_LIKE, CreationKind.RANDINT})
SHAPED = frozenset(
    {
        CreationKind.ZEROS,
        CreationKind.ONES,
        CreationKind.FULL,
        CreationKind.EMPTY,
        CreationKind.RAND,
        CreationKind.RANDN,
        CreationKind.RANDINT,
    }
)
WITHOUT_DTYPE = frozenset({CreationKind.STACK, CreationKind.FROM_NUMPY})


@dataclass(frozen=True)
class Creation:
    """How a tensor is made; equal specifications make equal tensors (``empty`` is the exception).

    ``shape`` serves the functions that take one, and reshapes an ``arange`` when it is not empty;
    ``data`` is the nested list of ``tensor`` and ``from_numpy``; ``parts`` the tensors of ``stack`` and the
    one of ``randn_like``; ``start``, ``end``, ``step`` and ``count`` those of ``arange`` and ``linspace``;
    ``rows`` and ``columns`` those of ``eye``.

    >>> Creation(CreationKind.RANDN, shape=(2, 3), seed=1).expression
    'randn(2, 3, seed=1)'
    >>> Creation(CreationKind.ZEROS, shape=(200, 200))
    Traceback (most recent call last):
    ...
    lib.core.tensors.errors.TensorInputError: too_many_elements: elements=40000, limit=10000
    """

    kind: CreationKind
    shape: tuple[int, ...] = ()
    dtype: str | None = None
    device: str = "cpu"
    seed: int = 0
    requires_grad: bool = False
    fill: Scalar = 0
    low: int = 0
    high: int = 10
    start: Scalar = 0
    end: Scalar = 10
    step: Scalar = 1
    count: int = 5
    rows: int = 3
    columns: int = 3
    data: str = "[1, 2, 3]"
    parts: tuple[Creation, ...] = ()
    dim: int = 0

    def __post_init__(self) -> None:
        check_shape(self.shape)
        if self.dtype is not None and self.dtype not in DTYPES:
            raise _bad("dtype", self.dtype, ", ".join(DTYPES))
        if not _DEVICE.fullmatch(self.device):
            raise _bad("device", self.device, "cpu, cuda:0, mps")
        _require_whole("seed", self.seed, 0, MAX_SEED)
        for name in ("low", "high", "rows", "columns", "count"):
            _require_whole(name, getattr(self, name), -MAX_NUMBER, MAX_NUMBER)
        for name in ("start", "end", "step"):
            _require_finite(name, getattr(self, name))
        if len(self.parts) > MAX_PARTS:
            raise _bad("parts", len(self.parts), f"0–{MAX_PARTS}")
        wanted = {CreationKind.RANDN_LIKE: (1, 1), CreationKind.STACK: (1, MAX_PARTS)}.get(self.kind)
        if wanted and not wanted[0] <= len(self.parts) <= wanted[1]:
            raise _bad("parts", len(self.parts), f"{wanted[0]}–{wanted[1]}")
        check_elements(self.elements)

    @property
    def elements(self) -> int:
        """How many elements the tensor will hold, known before anything is allocated.

        >>> Creation(CreationKind.ARANGE, start=0, end=1, step=0.25).elements
        4
        """
        if self.kind is CreationKind.EYE:
            return max(self.rows, 0) * max(self.columns, 0)
        if self.kind is CreationKind.LINSPACE:
            return max(self.count, 0)
        if self.kind is CreationKind.ARANGE:
            return arange_length(self.start, self.end, self.step, self.dtype)
        if self.kind in {CreationKind.STACK, CreationKind.RANDN_LIKE}:
            return sum(part.elements for part in self.parts)
        if self.kind in {CreationKind.TENSOR, CreationKind.FROM_NUMPY}:
            return self.data.count(",") + 1
        return math.prod(self.shape)

    def make(self) -> torch.Tensor:
        """The tensor, made by torch; on the CPU the seed gives what ``torch.manual_seed`` gives.

        Raises: TensorInputError for typed lists; whatever torch raises (see ``errors.TORCH_RAISES``).
        """
        made = _MAKERS[self.kind](self)
        return made.requires_grad_() if self.requires_grad and not made.requires_grad else made

    @property
    def expression(self) -> str:
        """The text that :func:`parse_creation` reads back: what stands in addresses."""
        return f"{self.kind}({', '.join(self._arguments(_part_expression, seed=True))})" + self._reshaped()

    def code(self, name: str = "x") -> str:
        """Lines of Python that make this tensor under a name.

        >>> print(Creation(CreationKind.RANDN, shape=(2, 3), seed=1).code())
        torch.manual_seed(1)
        x = torch.randn(2, 3)
        """
        lines: list[str] = []
        names: list[str] = []
        for index, part in enumerate(self.parts):
            names.append(f"{name}{index + 1}")
            lines.append(part.code(names[-1]))
        if self.kind in RANDOM:
            lines.append(f"torch.manual_seed({self.seed})")
        remaining = iter(names)
        arguments = ", ".join(self._arguments(lambda _part: next(remaining), seed=False))
        lines.append(f"{name} = torch.{self.kind}({arguments}){self._reshaped()}")
        if self.requires_grad and self.kind in WITHOUT_DTYPE:
            lines.append(f"{name}.requires_grad_()")
        return "\n".join(lines)

    def _reshaped(self) -> str:
        if self.kind is CreationKind.ARANGE and self.shape:
            return f".reshape({', '.join(map(str, self.shape))})"
        return ""

    def _arguments(self, part_text: Callable[[Creation], str], *, seed: bool) -> list[str]:
        arguments = self._own_arguments(part_text, numpy_call=not seed)
        if self.dtype is not None and self.kind not in WITHOUT_DTYPE:
            arguments.append(f"dtype={self.dtype if seed else 'torch.' + self.dtype}")
        if self.device != "cpu" and self.kind not in WITHOUT_DTYPE:
            arguments.append(f"device={self.device!r}")
        if self.requires_grad and (seed or self.kind not in WITHOUT_DTYPE):
            arguments.append("requires_grad=True")
        if seed and self.kind in RANDOM and self.seed:
            arguments.append(f"seed={self.seed}")
        return arguments

    def _own_arguments(self, part_text: Callable[[Creation], str], *, numpy_call: bool) -> list[str]:
        kind = self.kind
        sizes = [str(size) for size in self.shape] if self.shape else ["()"]
        if kind is CreationKind.FULL:
            return [_tuple_text(self.shape), number_text(self.fill)]
        if kind is CreationKind.RANDINT:
            return [str(self.low), str(self.high), _tuple_text(self.shape)]
        if kind in SHAPED:
            return sizes
        if kind is CreationKind.EYE:
            return [str(self.rows)] if self.rows == self.columns else [str(self.rows), str(self.columns)]
        if kind is CreationKind.ARANGE:
            return _arange_arguments(self.start, self.end, self.step)
        if kind is CreationKind.LINSPACE:
            return [number_text(self.start), number_text(self.end), str(self.count)]
        if kind is CreationKind.TENSOR:
            return [_data_code(self.data) if numpy_call else self.data]
        if kind is CreationKind.FROM_NUMPY:
            inner = f", dtype=np.{_numpy_dtype(self.dtype)}" if self.dtype else ""
            shown = f", dtype={self.dtype}" if self.dtype else ""
            return [f"np.array({_data_code(self.data)}{inner})"] if numpy_call else [self.data + shown]
        parts = [part_text(part) for part in self.parts]
        if kind is CreationKind.STACK:
            return [f"[{', '.join(parts)}]", *([f"dim={self.dim}"] if self.dim else [])]
        return parts


def _bad(name: str, value: object, allowed: str) -> TensorInputError:
    return TensorInputError(
        Problem.BAD_VALUE, {"name": name, "value": shorten(str(value)), "allowed": allowed}
    )


def _require_whole(name: str, value: object, low: int, high: int) -> None:
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        raise _bad(name, value, f"{low}–{high}")


def _require_finite(name: str, value: Scalar) -> None:
    if not abs(value) <= MAX_NUMBER:  # a nan compares as False
        raise _bad(name, value, "±2**53")


def _part_expression(part: Creation) -> str:
    return part.expression


def _data_code(data: str) -> str:
    return runnable(syntax_tree(data, WRITTEN_TEXT))


def number_text(value: Scalar) -> str:
    """A number as code, nan and inf included.

    >>> number_text(float("nan")), number_text(2)
    ('torch.nan', '2')
    """
    if isinstance(value, int):  # also one that no float holds: what becomes of it is torch's to say
        return repr(value)
    if math.isnan(value):
        return "torch.nan"
    if math.isinf(value):
        return "torch.inf" if value > 0 else "-torch.inf"
    return repr(value)


def _tuple_text(shape: tuple[int, ...]) -> str:
    return repr(tuple(shape))


def _arange_arguments(start: Scalar, end: Scalar, step: Scalar) -> list[str]:
    if step == 1 and not isinstance(step, float):
        return [number_text(end)] if start == 0 and not isinstance(start, float) else [str(start), str(end)]
    return [number_text(start), number_text(end), number_text(step)]


WHOLE_DTYPES = frozenset({"int64", "int32", "int16", "int8", "uint8"})


def arange_length(start: Scalar, end: Scalar, step: Scalar, dtype: str | None) -> int:
    """How many elements ``torch.arange`` makes; 0 where it refuses.

    It is ceil((end - start) / step) in double precision. int64 alone cuts the three numbers to whole ones first.

    >>> arange_length(0.6, 0.9, 0.1, None), arange_length(0, 10, 1.99, "int64"), arange_length(0, 1, 0.25, "int32")
    (4, 10, 4)

    Raises: TensorInputError where the quotient overflows.
    Source: aten/src/ATen/native/RangeFactories.cpp, ``arange_out``.
    """
    is_whole = dtype is None and all(isinstance(number, int) for number in (start, end, step))
    if is_whole or dtype == "int64":
        start, end, step = int(start), int(end), int(step)
        return 0 if step == 0 else max(0, -(-(end - start) // step))
    if step == 0 or (end - start) / step < 0:
        return 0  # torch refuses these; nothing is allocated
    length = (end - start) / step
    if math.isinf(length):  # a step so small that the quotient overflows
        raise _bad("step", step, f"(end - start) / step ≤ {MAX_ELEMENTS}")
    return math.ceil(length)


def _numpy_dtype(dtype: str | None) -> str:
    return "bool_" if dtype == "bool" else str(dtype)


def _torch_dtype(name: str | None) -> Any:
    import torch

    return None if name is None else getattr(torch, name)


def _generator(spec: Creation) -> torch.Generator:
    import torch

    return torch.Generator(spec.device).manual_seed(spec.seed)


def _options(spec: Creation) -> dict[str, Any]:
    # With requires_grad in the call itself, a refusal is the message of the call that the code shows.
    return {
        "dtype": _torch_dtype(spec.dtype),
        "device": spec.device,
        "requires_grad": spec.requires_grad and spec.kind not in WITHOUT_DTYPE,
    }


def _simple(name: str) -> Callable[[Creation], torch.Tensor]:
    def make(spec: Creation) -> torch.Tensor:
        import torch

        made: torch.Tensor = getattr(torch, name)(spec.shape, **_options(spec))
        return made

    return make


def _seeded(name: str) -> Callable[[Creation], torch.Tensor]:
    def make(spec: Creation) -> torch.Tensor:
        import torch

        made: torch.Tensor = getattr(torch, name)(spec.shape, generator=_generator(spec), **_options(spec))
        return made

    return make


def _make_full(spec: Creation) -> torch.Tensor:
    import torch

    return torch.full(spec.shape, spec.fill, **_options(spec))


def _make_empty(spec: Creation) -> torch.Tensor:
    """A recycled block, as the allocator hands one out: its last owner here is a tensor of this function's.

    Real ``torch.empty`` may show what lay in the server's memory, which is nobody's business.
    """
    import torch

    dtype = torch.empty(0, **_options(spec)).dtype
    width = torch.empty((), dtype=dtype).element_size()
    floats = max(1, -(-math.prod(spec.shape) * width // 4))
    block = last_owner(floats, spec.seed).to(spec.device)
    if dtype == torch.bool:  # any byte but 0 and 1 is no bool
        return (block.view(torch.uint8)[: math.prod(spec.shape)] % 2).bool().reshape(spec.shape)
    return block.view(dtype)[: math.prod(spec.shape)].reshape(spec.shape)


def last_owner(elements: int, seed: int) -> torch.Tensor:
    """The float32 tensor (elements + padding to 8 bytes) whose block ``empty`` gets next."""
    import torch

    even = elements + elements % 2
    return torch.randn(even, generator=torch.Generator().manual_seed(seed))


def _make_randn_like(spec: Creation) -> torch.Tensor:
    import torch

    like = spec.parts[0].make().detach()
    dtype = _torch_dtype(spec.dtype) or like.dtype
    generator = torch.Generator(like.device).manual_seed(spec.seed)
    options = {**_options(spec), "dtype": dtype, "device": like.device}
    return torch.randn(like.shape, generator=generator, **options)


def _make_randint(spec: Creation) -> torch.Tensor:
    import torch

    return torch.randint(spec.low, spec.high, spec.shape, generator=_generator(spec), **_options(spec))


def _make_tensor(spec: Creation) -> torch.Tensor:
    import torch

    values = nested_list(syntax_tree(spec.data, WRITTEN_TEXT)).values
    return torch.tensor(values, **_options(spec))


def _make_from_numpy(spec: Creation) -> torch.Tensor:
    import numpy as np
    import torch

    values = nested_list(syntax_tree(spec.data, WRITTEN_TEXT)).values
    if spec.dtype == "bfloat16":
        raise _bad("dtype", spec.dtype, "NumPy: " + ", ".join(d for d in DTYPES if d != "bfloat16"))
    return torch.from_numpy(np.array(values, dtype=_numpy_dtype(spec.dtype) if spec.dtype else None))


def _make_eye(spec: Creation) -> torch.Tensor:
    import torch

    return torch.eye(spec.rows, spec.columns, **_options(spec))


def _make_arange(spec: Creation) -> torch.Tensor:
    import torch

    made = torch.arange(spec.start, spec.end, spec.step, **_options(spec))
    return made.reshape(spec.shape) if spec.shape else made


def _make_linspace(spec: Creation) -> torch.Tensor:
    import torch

    return torch.linspace(spec.start, spec.end, spec.count, **_options(spec))


def _make_stack(spec: Creation) -> torch.Tensor:
    import torch

    return torch.stack([part.make() for part in spec.parts], dim=spec.dim)


_MAKERS: dict[CreationKind, Callable[[Creation], torch.Tensor]] = {
    CreationKind.ZEROS: _simple("zeros"),
    CreationKind.ONES: _simple("ones"),
    CreationKind.FULL: _make_full,
    CreationKind.EMPTY: _make_empty,
    CreationKind.RAND: _seeded("rand"),
    CreationKind.RANDN: _seeded("randn"),
    CreationKind.RANDN_LIKE: _make_randn_like,
    CreationKind.RANDINT: _make_randint,
    CreationKind.TENSOR: _make_tensor,
    CreationKind.EYE: _make_eye,
    CreationKind.ARANGE: _make_arange,
    CreationKind.LINSPACE: _make_linspace,
    CreationKind.STACK: _make_stack,
    CreationKind.FROM_NUMPY: _make_from_numpy,
}


def arange_of(shape: tuple[int, ...]) -> Creation:
    """The tensor a typed shape stands for: 0, 1, 2, ... in that shape, so that each element has a number.

    >>> arange_of((2, 3)).expression
    'arange(6).reshape(2, 3)'
    """
    if not shape:
        return Creation(CreationKind.TENSOR, data="0")
    return Creation(CreationKind.ARANGE, shape=check_shape(shape), end=math.prod(shape))


def nested_creation(text: str) -> Creation:
    """``torch.tensor`` of a typed nested list.

    Raises: TensorInputError with the place where the list is ragged or mixed.
    """
    nested = nested_list(syntax_tree(text))
    check_shape(nested.shape)
    return Creation(CreationKind.TENSOR, data=ast.unparse(syntax_tree(text)))


def torch_reason(values: object) -> TorchError | None:
    """Why ``torch.tensor(values)`` is refused; None where it is not.

    >>> torch_reason([[1, 2], [3]]).message
    'expected sequence of length 2 at dim 1 (got 1)'
    """
    import torch

    try:
        torch.tensor(values)
    except TORCH_RAISES as error:
        return TorchError.of(error)
    return None


def parse_creation(text: str, names: Mapping[str, Creation] | None = None) -> Creation:
    """A tensor as typed: a shape, a nested list, a call such as ``randn(2, 3, seed=1)``, or a known name.

    >>> parse_creation("2, 3") == arange_of((2, 3))
    True
    >>> parse_creation("torch.ones(2, dtype=torch.int8)").dtype
    'int8'
    >>> parse_creation("__import__('os')")
    Traceback (most recent call last):
    ...
    lib.core.tensors.errors.TensorInputError: not_allowed: text=__import__('os')

    Raises: TensorInputError.
    """
    clean = tidy(text)
    known = names or {}
    if clean in known:
        return known[clean]
    if clean[0] == "[":
        return nested_creation(clean)
    if clean[0] in "-0123456789(" or clean.startswith("torch.Size"):
        return arange_of(parse_shape(clean))
    return _creation_of(syntax_tree(clean), known)


def _creation_of(node: ast.expr, names: Mapping[str, Creation]) -> Creation:
    if isinstance(node, ast.Name):
        if node.id in names:
            return names[node.id]
        known = ", ".join(names) or "—"
        raise TensorInputError(Problem.UNKNOWN_NAME, {"name": shorten(node.id), "known": known})
    if not isinstance(node, ast.Call):
        raise not_allowed(node)
    if isinstance(node.func, ast.Attribute) and node.func.attr == "reshape" and not node.keywords:
        inner = _creation_of(node.func.value, names)
        if inner.kind is not CreationKind.ARANGE or inner.shape:
            raise not_allowed(node)
        shape = check_shape(_shape_arguments(node.args))
        if math.prod(shape) != inner.elements:
            raise _bad("reshape", shape, f"{inner.elements}")
        return replace(inner, shape=shape)
    name = (dotted_name(node.func) or "").removeprefix("torch.")
    if name not in set(CreationKind):
        raise not_allowed(node)
    spec = _positional(CreationKind(name), node, names)
    for keyword in node.keywords:
        spec = _with_keyword(spec, keyword)
    return spec


def _shape_arguments(arguments: list[ast.expr]) -> tuple[int, ...]:
    if len(arguments) == 1 and isinstance(arguments[0], ast.Tuple | ast.List):
        arguments = arguments[0].elts
    return tuple(whole_of(argument) for argument in arguments)


def _positional(kind: CreationKind, node: ast.Call, names: Mapping[str, Creation]) -> Creation:
    args = node.args
    if kind is CreationKind.FULL and len(args) == 2:
        return Creation(kind, shape=check_shape(_shape_arguments(args[:1])), fill=number_of(args[1]))
    if kind is CreationKind.RANDINT and len(args) in {2, 3}:
        low, high = (0, whole_of(args[0])) if len(args) == 2 else (whole_of(args[0]), whole_of(args[1]))
        return Creation(kind, low=low, high=high, shape=check_shape(_shape_arguments(args[-1:])))
    if kind in SHAPED and kind not in {CreationKind.FULL, CreationKind.RANDINT}:
        return Creation(kind, shape=check_shape(_shape_arguments(args)))
    if kind is CreationKind.EYE and len(args) in {1, 2}:
        rows = whole_of(args[0])
        return Creation(kind, rows=rows, columns=whole_of(args[1]) if len(args) == 2 else rows)
    if kind is CreationKind.ARANGE and len(args) in {1, 2, 3}:
        numbers = [number_of(argument) for argument in args]
        start, end = (0, numbers[0]) if len(numbers) == 1 else (numbers[0], numbers[1])
        return Creation(kind, start=start, end=end, step=numbers[2] if len(numbers) == 3 else 1)
    if kind is CreationKind.LINSPACE and len(args) == 3:
        return Creation(kind, start=number_of(args[0]), end=number_of(args[1]), count=whole_of(args[2]))
    if kind in {CreationKind.TENSOR, CreationKind.FROM_NUMPY} and len(args) == 1:
        check_shape(nested_list(args[0]).shape)
        return Creation(kind, data=ast.unparse(args[0]))
    if kind is CreationKind.STACK and len(args) == 1 and isinstance(args[0], ast.List | ast.Tuple):
        return Creation(kind, parts=tuple(_creation_of(part, names) for part in args[0].elts))
    if kind is CreationKind.RANDN_LIKE and len(args) == 1:
        return Creation(kind, parts=(_creation_of(args[0], names),))
    raise not_allowed(node)


def _with_keyword(spec: Creation, keyword: ast.keyword) -> Creation:
    value = keyword.value
    if keyword.arg == "dtype" and (name := dotted_name(value)):
        return replace(spec, dtype=name.removeprefix("torch."))
    if keyword.arg == "device" and isinstance(value, ast.Constant) and isinstance(value.value, str):
        return replace(spec, device=value.value)
    if keyword.arg == "requires_grad" and isinstance(value, ast.Constant):
        return replace(spec, requires_grad=value.value is True)
    if keyword.arg == "seed":
        return replace(spec, seed=whole_of(value))
    if keyword.arg == "dim" and spec.kind is CreationKind.STACK:
        return replace(spec, dim=whole_of(value))
    raise not_allowed(value)
