"""Index expressions as in Python, read with ``ast`` against an allow-list and applied piece by piece."""

from __future__ import annotations

import ast
import math
import operator
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Any

import numpy as np

from lib.core.tensors.create import number_text
from lib.core.tensors.errors import (
    TORCH_RAISES,
    Problem,
    TensorInputError,
    TorchError,
    check_dims,
    check_elements,
)
from lib.core.tensors.ops import broadcast_sizes
from lib.core.tensors.parse import (
    NUMBER_NAMES,
    Nested,
    nested_list,
    not_allowed,
    number_of,
    runnable,
    shorten,
    syntax_tree,
    tidy,
    whole_of,
)
from lib.core.tensors.trace import Traced, shares_storage

if TYPE_CHECKING:
    import torch

MAX_INDEX = 2**40
MAX_CHAIN = 4
NAME = "x"
MASK = "mask"


@dataclass(frozen=True)
class Whole:
    """``x[2]``: one place of an axis; the axis disappears."""

    value: int


@dataclass(frozen=True)
class Range:
    """``x[start:stop:step]``; None where nothing is written."""

    start: int | None
    stop: int | None
    step: int | None

    def __str__(self) -> str:
        written = ["" if part is None else str(part) for part in (self.start, self.stop)]
        return ":".join([*written, *([] if self.step is None else [str(self.step)])])


@dataclass(frozen=True)
class Many:
    """A list of places or of booleans; ``as_tensor`` where it is written ``torch.tensor([...])``."""

    values: Nested
    shape: tuple[int, ...]
    is_mask: bool
    as_tensor: bool

    def mask(self, _tensor: torch.Tensor) -> torch.Tensor:
        """The values as a tensor of their own."""
        import torch

        return torch.tensor(self.values)

    @property
    def code(self) -> str:
        """The values as Python."""
        return f"torch.tensor({self.values})" if self.as_tensor else str(self.values)


@dataclass(frozen=True)
class Part:
    """``x``, or what subscripts select of it, inside another index: ``x[:, 0]``, ``x % 2``."""

    accesses: tuple[Access, ...] = ()
    text: str = "x"
    modulus: int | None = None

    def of(self, tensor: torch.Tensor) -> torch.Tensor:
        """The part of that x. Raises: TensorInputError, and whatever torch raises."""
        part = Traced(tensor, ())
        for access in self.accesses:
            part = apply_access(resolved(access, tensor), part)
        return part.values if self.modulus is None else part.values % self.modulus

    @property
    def code(self) -> str:
        """The part as Python."""
        return self.text if self.modulus is None else f"{self.text} % {self.modulus}"


@dataclass(frozen=True)
class Compared:
    """A mask made on the spot: ``x > 5``, ``x % 2 == 0``, ``x[:, 0] > 1``, ``x != x``."""

    comparison: str
    right: float | Part
    left: Part = Part()

    def mask(self, tensor: torch.Tensor) -> torch.Tensor:
        """The boolean tensor, of the shape of what is compared."""
        left = self.left.of(tensor)  # first, as Python does: its refusal is the one that is seen
        right = self.right.of(tensor) if isinstance(self.right, Part) else self.right
        _check_together(left, right)
        result: torch.Tensor = _COMPARISONS[self.comparison](left, right)
        return result

    @property
    def code(self) -> str:
        """The comparison as Python."""
        right = self.right.code if isinstance(self.right, Part) else number_text(self.right)
        return f"{self.left.code} {self.comparison} {right}"


@dataclass(frozen=True)
class Joined:
    """Two masks cell by cell: ``(x > 3) & (x < 9)``; ``sign`` is &, | or ^."""

    sign: str
    left: MaskRule
    right: MaskRule

    def mask(self, tensor: torch.Tensor) -> torch.Tensor:
        """The boolean tensor."""
        left, right = self.left.mask(tensor), self.right.mask(tensor)
        _check_together(left, right)
        result: torch.Tensor = _JOINS[self.sign](left, right)
        return result

    @property
    def code(self) -> str:
        """The masks as Python."""
        return f"({self.left.code}) {self.sign} ({self.right.code})"


@dataclass(frozen=True)
class Inverted:
    """``~(x > 3)``: True where the other is False."""

    inner: MaskRule

    def mask(self, tensor: torch.Tensor) -> torch.Tensor:
        """The boolean tensor."""
        return ~self.inner.mask(tensor)

    @property
    def code(self) -> str:
        """The mask as Python."""
        return f"~({self.inner.code})"


def _check_together(left: torch.Tensor, right: torch.Tensor | float) -> None:
    """Raise TensorInputError where two tensors together, cell by cell, would have too many cells."""
    if isinstance(right, int | float):
        return
    together = broadcast_sizes(tuple(left.shape), tuple(right.shape))
    if together is not None:  # what clashes, torch refuses in its own words
        check_elements(math.prod(together))


MaskRule = Compared | Joined | Inverted
_JOINS: dict[str, Callable[[Any, Any], Any]] = {"&": operator.and_, "|": operator.or_, "^": operator.xor}
_JOIN_SIGNS: dict[type[ast.operator], str] = {ast.BitAnd: "&", ast.BitOr: "|", ast.BitXor: "^"}
_COMPARISONS: dict[str, Callable[[Any, Any], Any]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_MIRRORED = {"==": "==", "!=": "!=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}
"""What Python asks the right side of a comparison where the left side is a plain number."""
_SIGNS: dict[type[ast.cmpop], str] = {
    ast.Eq: "==",
    ast.NotEq: "!=",
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
}


@dataclass(frozen=True)
class Rest:
    """``...``: as many whole axes as are left."""


@dataclass(frozen=True)
class NewAxis:
    """``None``: a new axis of size 1."""


@dataclass(frozen=True)
class NotWhole:
    """``1.5``: no index, which torch says in its own words."""

    value: float


@dataclass(frozen=True, eq=False)
class Computed:
    """A rule or a part of x, computed: a mask, or places where it holds whole numbers. ``code`` as typed."""

    code: str
    values: torch.Tensor

    @property
    def is_mask(self) -> bool:
        """Whether torch reads it as a mask; uint8 is one for old code's sake."""
        return str(self.values.dtype) in {"torch.bool", "torch.uint8"}


Mask = MaskRule | Many
"""What the name ``mask`` may stand for: a rule for x, or booleans."""
Item = Whole | NotWhole | Range | Many | MaskRule | Part | Computed | Rest | NewAxis


@dataclass(frozen=True)
class Subscript:
    """One pair of square brackets; ``texts`` are its items as written."""

    items: tuple[Item, ...]
    texts: tuple[str, ...]
    is_tuple: bool


@dataclass(frozen=True)
class Gather:
    """``x.gather(dim, torch.tensor([[...]]))``."""

    dim: int
    index: Many


@dataclass(frozen=True)
class Flip:
    """``x.flip(0, 1)``: what PyTorch has instead of negative steps."""

    dims: tuple[int, ...]


@dataclass(frozen=True)
class Reorder:
    """``x.T``, ``x.mT``, ``x.t()``, ``x.transpose(0, 1)``, ``x.permute(1, 0)``: the axes in another order, a view."""

    name: str
    dims: tuple[int, ...] = ()

    @property
    def code(self) -> str:
        """The access as Python."""
        called = f"({', '.join(map(str, self.dims))})"
        return f".{self.name}{'' if self.name in _REORDERS_UNCALLED else called}"

    def of(self, tensor: torch.Tensor) -> torch.Tensor:
        """The view. Raises: whatever torch raises."""
        match self.name:
            # Where torch would write a warning to the server's log: the same without.
            case "T" if tensor.dim() != 2:
                return tensor.permute(tuple(reversed(range(tensor.dim()))))
            case "mT" if not tensor.dim():
                return tensor.permute(())
            case "T" | "mT":
                view: torch.Tensor = getattr(tensor, self.name)
                return view
            case "t":
                return tensor.t()
            case "transpose":
                return tensor.transpose(*self.dims)
            case _:
                return tensor.permute(self.dims)


_REORDERS_UNCALLED = frozenset({"T", "mT"})
_REORDERS = {"t": 0, "transpose": 2, "permute": None}
"""Calls that reorder axes, and how many numbers they take; None for as many as there are axes."""
Access = Subscript | Gather | Flip | Reorder


@dataclass(frozen=True)
class IndexExpression:
    """``x`` with up to MAX_CHAIN subscripts; ``code`` is the expression as Python writes it.

    >>> parse_index("x[0, 1:3,::2]").code
    'x[0, 1:3, ::2]'
    """

    accesses: tuple[Access, ...]
    code: str
    prefixes: tuple[str, ...] = ()
    """What each access is applied to, as Python: ``x``, then ``x[0]``, ..."""
    mask: Mask | None = None
    """What ``mask`` stands for, where the expression names it."""
    typed_name: str = NAME
    """The name that was typed for ``x``: an index copied from elsewhere has another."""


def parse_mask(text: str) -> Mask:
    """What the name ``mask`` is to stand for: comparisons of ``x`` with numbers, or a list of booleans.

    >>> parse_mask("(x % 2 == 0) & ~(x > 9)").code
    '(x % 2 == 0) & (~(x > 9))'
    >>> parse_mask("[True, False]").code
    'torch.tensor([True, False])'

    Raises: TensorInputError.
    """
    node = _with_x(syntax_tree(text))[0]
    if isinstance(node, ast.List | ast.Call):
        booleans = _tensor_call(node) if isinstance(node, ast.Call) else _many(node, as_tensor=True)
        if not booleans.is_mask:
            raise not_allowed(node)
        return booleans
    return _mask_rule(node)


def _mask_rule(node: ast.expr) -> MaskRule:
    if isinstance(node, ast.Compare):
        return _compared(node)
    if isinstance(node, ast.BinOp) and (sign := _JOIN_SIGNS.get(type(node.op))):
        return Joined(sign, _mask_rule(node.left), _mask_rule(node.right))
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Invert):
        return Inverted(_mask_rule(node.operand))
    if isinstance(node, ast.BoolOp) or (isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not)):
        raise TensorInputError(Problem.TRUTH_VALUE, {"text": shorten(ast.unparse(node))})
    raise not_allowed(node)


def _is_mask_rule(node: ast.expr) -> bool:
    joins = isinstance(node, ast.BinOp) and type(node.op) in _JOIN_SIGNS
    inverts = isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Invert | ast.Not)
    return joins or inverts or isinstance(node, ast.Compare | ast.BoolOp)


def names_mask(text: str) -> bool:
    """Whether an expression, complete or not, has the name ``mask``.

    >>> names_mask("x[mask"), names_mask("x[x > 5]")
    (True, False)
    """
    return re.search(rf"\b{MASK}\b", text) is not None


def _expression_tree(text: str) -> ast.expr:
    try:
        return syntax_tree(text)
    except TensorInputError as problem:
        if problem.problem is Problem.SYNTAX and _is_assignment(text):
            raise TensorInputError(Problem.ASSIGNMENT, {"text": shorten(tidy(text))}) from None
        raise


def _is_assignment(text: str) -> bool:
    try:
        body = ast.parse(tidy(text)).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return len(body) == 1 and isinstance(body[0], ast.Assign | ast.AugAssign | ast.AnnAssign)


_KNOWN_NAMES = frozenset({NAME, MASK, "torch", *NUMBER_NAMES})


def _with_x(node: ast.expr) -> tuple[ast.expr, str]:
    """The tree with ``x`` for the one tensor it names, and that name: ``tensor[0, 1]`` is about x."""
    functions = {id(call.func) for call in ast.walk(node) if isinstance(call, ast.Call)}
    names = [each for each in ast.walk(node) if isinstance(each, ast.Name) and id(each) not in functions]
    unknown = {each.id for each in names if each.id not in _KNOWN_NAMES}
    if len(unknown) != 1 or any(each.id == NAME for each in names) or isinstance(node, ast.Name):
        return node, NAME
    for each in names:
        if each.id in unknown:
            each.id = NAME
    return node, unknown.pop()[:60]


def parse_index(text: str, mask: Mask | None = None) -> IndexExpression:
    """An index expression on ``x``; nothing but x, numbers, slices, ``...``, ``None``, masks and reordered axes is
    let through.

    Another name in x's place is taken for x.

    ``mask`` is what the name stands for; without it the name is unknown.

    >>> parse_index("x[[0, 2]]").accesses[0].items[0].values
    [0, 2]
    >>> parse_index("x[__import__('os')]")
    Traceback (most recent call last):
    ...
    lib.core.tensors.errors.TensorInputError: not_allowed: text=__import__('os')

    Raises: TensorInputError.
    """
    return index_of(_expression_tree(text), mask)


def index_of(tree: ast.expr, mask: Mask | None = None) -> IndexExpression:
    """As :func:`parse_index`, of a tree. Raises: TensorInputError.

    >>> index_of(ast.parse("t[0][1]", mode="eval").body).code
    'x[0][1]'
    """
    node, typed_name = _with_x(tree)
    code = runnable(node)
    accesses, prefixes = _accesses(node, mask)
    return IndexExpression(accesses, code, prefixes, mask if names_mask(code) else None, typed_name)


def _accesses(node: ast.expr, mask: Mask | None) -> tuple[tuple[Access, ...], tuple[str, ...]]:
    """The accesses of a chain, and what each is applied to as Python."""
    accesses: list[Access] = []
    prefixes: list[str] = []
    while not (isinstance(node, ast.Name) and node.id == NAME):
        if isinstance(node, ast.Subscript):
            accesses.append(_subscript(node.slice, mask))
            node = node.value
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            accesses.append(_call(node, node.func.attr))
            node = node.func.value
        elif isinstance(node, ast.Attribute) and node.attr in _REORDERS_UNCALLED:
            accesses.append(Reorder(node.attr))
            node = node.value
        elif isinstance(node, ast.Name):
            raise TensorInputError(Problem.UNKNOWN_NAME, {"name": node.id[:60], "known": NAME})
        else:
            raise not_allowed(node)
        if len(accesses) > MAX_CHAIN:
            details: dict[str, str | int] = {"name": "[...]", "value": "…", "allowed": f"1–{MAX_CHAIN}"}
            raise TensorInputError(Problem.BAD_VALUE, details)
        prefixes.append(runnable(node))
    return tuple(reversed(accesses)), tuple(reversed(prefixes))


def _subscript(node: ast.expr, mask: Mask | None) -> Subscript:
    is_tuple = isinstance(node, ast.Tuple)
    parts = node.elts if isinstance(node, ast.Tuple) else [node]
    return Subscript(
        tuple(_item(part, mask) for part in parts), tuple(ast.unparse(part) for part in parts), is_tuple
    )


def _item(node: ast.expr, mask: Mask | None) -> Item:
    if isinstance(node, ast.Name) and node.id == MASK and mask is not None:
        return mask
    if isinstance(node, ast.Constant) and isinstance(node.value, bool):
        raise TensorInputError(Problem.UNSUPPORTED, {"text": repr(node.value)})
    if isinstance(node, ast.Constant) and isinstance(node.value, float):
        return NotWhole(node.value)
    if isinstance(node, ast.Slice):
        return Range(
            *(None if part is None else _place(part) for part in (node.lower, node.upper, node.step))
        )
    if isinstance(node, ast.Constant) and node.value is Ellipsis:
        return Rest()
    if isinstance(node, ast.Constant) and node.value is None:
        return NewAxis()
    if isinstance(node, ast.List):
        many = _many(node, as_tensor=False)
        if len(many.shape) > 1:  # torch reads a bare nested list in its own way, and warns that it will not
            raise TensorInputError(Problem.UNSUPPORTED, {"text": shorten(ast.unparse(node))})
        return many
    if _is_mask_rule(node):
        return _mask_rule(node)
    if isinstance(node, ast.Call):
        return _tensor_call(node)
    if isinstance(node, ast.Name | ast.Subscript):
        return _part(node)
    return Whole(_place(node))


def _place(node: ast.expr) -> int:
    if isinstance(node, ast.Constant) and node.value is None:
        raise not_allowed(node)
    value = whole_of(node)
    if abs(value) > MAX_INDEX:
        raise not_allowed(node)
    return value


def _many(node: ast.expr, *, as_tensor: bool) -> Many:
    nested = nested_list(node)
    flat = list(_flatten(nested.values))
    is_mask = bool(flat) and all(isinstance(value, bool) for value in flat)
    whole = all(isinstance(value, int) and not isinstance(value, bool) for value in flat)
    if not is_mask and (not whole or any(abs(value) > MAX_INDEX for value in flat)):
        raise not_allowed(node)
    return Many(nested.values, nested.shape, is_mask, as_tensor)


def _flatten(values: Nested) -> list[int | float | bool]:
    if isinstance(values, list):
        return [number for part in values for number in _flatten(part)]
    return [values]


def _tensor_call(node: ast.Call) -> Many:
    named = ast.unparse(node.func)
    if named not in {"torch.tensor", "tensor"} or len(node.args) != 1 or node.keywords:
        raise not_allowed(node)
    return _many(node.args[0], as_tensor=True)


def _compared(node: ast.Compare) -> Compared:
    sign = _SIGNS.get(type(node.ops[0]))
    if len(node.ops) != 1 or sign is None:
        raise not_allowed(node)
    left, right = _operand(node.left), _operand(node.comparators[0])
    if isinstance(left, Part):
        return Compared(sign, right, left)
    if isinstance(right, Part):
        return Compared(_MIRRORED[sign], left, right)
    raise not_allowed(node)


def _operand(node: ast.expr) -> float | Part:
    is_name = isinstance(node, ast.Name) and node.id not in NUMBER_NAMES
    if is_name or isinstance(node, ast.Subscript):
        return _part(node)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mod):
        modulus = whole_of(node.right)
        if modulus == 0:
            raise not_allowed(node)
        return replace(_part(node.left), modulus=modulus)
    return number_of(node)


def _part(node: ast.expr) -> Part:
    if not isinstance(node, ast.Name | ast.Subscript):
        raise not_allowed(node)
    return Part(_accesses(node, None)[0], runnable(node))


def _call(node: ast.Call, name: str) -> Access:
    if name == "flip":
        return Flip(_dims(node, may_be_listed=True))
    if name not in _REORDERS:
        return _gather(node)
    if name == "permute" and not node.args:
        raise not_allowed(node)
    dims = _dims(node, may_be_listed=name == "permute")
    if len(dims) != _REORDERS[name] and _REORDERS[name] is not None:
        raise not_allowed(node)
    return Reorder(name, dims)


def _dims(node: ast.Call, *, may_be_listed: bool) -> tuple[int, ...]:
    if node.keywords:
        raise not_allowed(node)
    parts = node.args
    if may_be_listed and len(parts) == 1 and isinstance(parts[0], ast.List | ast.Tuple):
        parts = parts[0].elts
    return tuple(_place(part) for part in parts)


def _gather(node: ast.Call) -> Gather:
    function = node.func
    assert isinstance(function, ast.Attribute)
    if function.attr != "gather" or len(node.args) != 2 or node.keywords:
        raise not_allowed(node)
    index = node.args[1]
    if not isinstance(index, ast.Call):
        raise not_allowed(index)
    return Gather(whole_of(node.args[0]), _tensor_call(index))


def resolved(access: Access, whole: torch.Tensor) -> Access:
    """The access with each rule and part of x computed; ``whole`` is x.

    Raises: TensorInputError, and whatever torch raises.
    """
    if not isinstance(access, Subscript):
        return access
    return replace(access, items=tuple(_resolved_item(item, whole) for item in access.items))


def _resolved_item(item: Item, whole: torch.Tensor) -> Item:
    if not isinstance(item, MaskRule | Part):
        return item
    values = item.of(whole) if isinstance(item, Part) else item.mask(whole)
    return Computed(item.code, values)


def python_key(access: Subscript) -> Any:
    """What stands between the brackets, its rules resolved, as Python hands it to torch.

    >>> access = parse_index("x[0, 1:]").accesses[0]
    >>> assert isinstance(access, Subscript)
    >>> python_key(access)
    (0, slice(1, None, None))
    """
    parts = [_python_item(item) for item in access.items]
    return tuple(parts) if access.is_tuple else parts[0]


def _python_item(item: Item) -> Any:
    """One part between the brackets."""
    import torch

    match item:
        case Whole(value) | NotWhole(value):
            return value
        case Range(start, stop, step):
            return slice(start, stop, step)
        case Rest():
            return Ellipsis
        case Computed(values=values):
            return values
        case Many(values, _shape, _is_mask, as_tensor):
            return torch.tensor(values) if as_tensor else values
        case _:
            return None


def apply_access(access: Access, traced: Traced) -> Traced:
    """One subscript of a traced tensor, its rules resolved.

    Raises: TensorInputError above MAX_ELEMENTS before anything is allocated, and above MAX_RESULT_DIMS; whatever
    torch raises.
    """
    import torch

    if isinstance(access, Gather):
        index = torch.tensor(access.index.values)
        return traced.apply(lambda tensor: tensor.gather(access.dim, index))
    if isinstance(access, Flip):
        return traced.apply(lambda tensor: tensor.flip(access.dims))
    if isinstance(access, Reorder):
        return traced.apply(access.of)
    key = python_key(access)
    _check_result(access, traced.shape)
    made = traced.apply(lambda tensor: tensor[key])
    check_dims(len(made.shape))
    return made


def _check_result(access: Subscript, shape: tuple[int, ...]) -> None:
    """An upper bound of the result's elements: lists, where there are any, times the axes that stay whole."""
    lists = [_listed_shape(item) for item in access.items if isinstance(item, Many | Computed)]
    together = broadcast_sizes(*lists)
    if not lists or together is None:  # what clashes, torch refuses in its own words
        return
    taken = consumed(access.items, shape)
    kept = 1
    for item, axes in zip(access.items, taken, strict=False):
        if isinstance(item, Range | Rest):
            kept *= math.prod(shape[axis] for axis in axes)
    named = {axis for axes in taken for axis in axes}
    kept *= math.prod(size for axis, size in enumerate(shape) if axis not in named)
    check_elements(math.prod(together) * kept)


def consumed(items: Sequence[Item], shape: tuple[int, ...]) -> list[tuple[int, ...]]:
    """Which axes of the input each item takes; axes beyond the last are left out.

    >>> consumed([Whole(0), Rest(), NewAxis(), Whole(1)], (2, 3, 4))
    [(0,), (1,), (), (2,)]
    """
    widths = [_width(item) for item in items]
    rest = max(len(shape) - sum(width for width in widths if width is not None), 0)
    taken: list[tuple[int, ...]] = []
    axis = 0
    for width in widths:
        count = rest if width is None else width
        taken.append(tuple(a for a in range(axis, axis + count) if a < len(shape)))
        axis += count
        rest = 0 if width is None else rest
    return taken


def _width(item: Item) -> int | None:
    if isinstance(item, Rest):
        return None
    if isinstance(item, NewAxis):
        return 0
    if isinstance(item, Computed):
        return item.values.dim() if item.is_mask else 1
    return len(item.shape) if isinstance(item, Many) and item.is_mask else 1


class Effect(StrEnum):
    """What an item does to its axis. Pages word it."""

    PICKED = "picked"
    SLICED = "sliced"
    LISTED = "listed"
    MASKED = "masked"
    KEPT = "kept"
    NEW = "new"
    PAIRED = "paired"


@dataclass(frozen=True)
class AxisNote:
    """One item and its axes: ``sizes`` before and ``result`` after (empty where the axis disappears).

    Several lists or masks go in step: the first has their common axes as its result, the others, PAIRED, none.
    """

    effect: Effect
    text: str
    axes: tuple[int, ...]
    sizes: tuple[int, ...]
    result: tuple[int, ...]


@dataclass(frozen=True)
class Stage:
    """One access of a chain: what it was applied to, as Python, and the shapes before and after.

    ``notes`` explain a subscript axis by axis; ``moved`` says that lists with something between them put their
    axis first.
    """

    access: Access
    prefix: str
    before: tuple[int, ...]
    after: tuple[int, ...]
    notes: tuple[AxisNote, ...] = ()
    moved: bool = False


@dataclass(frozen=True)
class Selection:
    """What an index expression selects, or why it cannot.

    ``stages`` are the accesses that worked, ``fix`` is an index that works where this one does not. ``flags`` is
    what the name ``mask`` stands for, where the expression has it and torch makes it.
    """

    expression: IndexExpression
    before: Traced
    after: Traced | None = None
    stages: tuple[Stage, ...] = ()
    error: TorchError | None = None
    problem: TensorInputError | None = None
    fix: str | None = None
    flags: torch.Tensor | None = None

    @property
    def shares(self) -> bool:
        """Whether the result is a view of ``x``."""
        return self.after is not None and shares_storage(self.before.values, self.after.values)


def select(expression: IndexExpression, traced: Traced) -> Selection:
    """Apply an expression to a tensor; raises nothing that a learner's input can cause.

    >>> import torch
    >>> from lib.core.tensors.trace import number_elements
    >>> x = number_elements([torch.arange(24).reshape(2, 3, 4)])[0]
    >>> select(parse_index("x[0, 1:3, ::2]"), x).after.values.tolist()
    [[4, 6], [8, 10]]
    """
    current = traced
    stages: list[Stage] = []
    flags: torch.Tensor | None = None
    try:  # first, as in the code for the screen: its refusal is the one that is seen
        if expression.mask is not None:
            flags = expression.mask.mask(traced.values)
    except TensorInputError as problem:
        return Selection(expression, traced, problem=problem)
    except TORCH_RAISES as error:
        return Selection(expression, traced, error=TorchError.of(error))
    for written, prefix in zip(expression.accesses, expression.prefixes, strict=True):
        try:
            access = resolved(written, traced.values)
            following = apply_access(access, current)
        except TensorInputError as problem:
            return Selection(expression, traced, stages=tuple(stages), problem=problem, flags=flags)
        except TORCH_RAISES as error:
            fix, torchs = suggest(expression, traced), TorchError.of(error)
            return Selection(expression, traced, stages=tuple(stages), error=torchs, fix=fix, flags=flags)
        notes: tuple[AxisNote, ...] = ()
        moved = False
        if isinstance(access, Subscript):
            notes, moved = axis_notes(access, current.shape), has_split_lists(access.items)
        stages.append(Stage(access, prefix, current.shape, following.shape, notes, moved))
        current = following
    return Selection(expression, traced, current, tuple(stages), flags=flags)


def gather_rule(name: str, gather: Gather, ndim: int) -> str:
    """Where each cell of a gather comes from, as an equation.

    >>> gather_rule("x", Gather(-1, Many([[0]], (1, 1), False, True)), 2)
    'y[i, j] = x[i, index[i, j]]'
    """
    letters = "ijklmnop"[:ndim]
    place = ", ".join(letters)
    taken = [
        f"index[{place}]" if axis == gather.dim % ndim else letter for axis, letter in enumerate(letters)
    ]
    return f"y[{place}] = {name}[{', '.join(taken)}]"


def index_presets(shape: tuple[int, ...]) -> dict[str, str]:
    """Examples by name that work on a tensor of a shape; those that need more axes or places are left out.

    >>> index_presets((3, 4))["diagonal"], index_presets((2, 3, 4))["diagonal"]
    ('x[[0, 1, 2], [0, 1, 2]]', 'x[0, [0, 1, 2], [0, 1, 2]]')
    """
    if not shape or 0 in shape:
        return {"comparison": f"x[{NAME} > 9]", "mask": "x[mask]", "new_axis": "x[None]"}
    lead = "0, " * (len(shape) - 2)
    presets = {"first": f"x[{min(1, shape[0] - 1)}]"}
    if len(shape) > 1:
        presets["row"] = f"x[..., {min(1, shape[-2] - 1)}, :]"
        presets["column"] = f"x[..., {min(2, shape[-1] - 1)}]"
        both = list(range(min(*shape[-2:], 4)))
        presets["diagonal"] = f"x[{lead}{both}, {both}]"
        presets["step"] = f"x[{lead}:, ::2]"
        presets["transpose"] = "x.T" if len(shape) == 2 else "x.transpose(-2, -1)"
    else:
        presets["step"] = "x[::2]"
    places = [min(place, shape[-1] - 1) for place in (0, 1, 3)]
    rows = min(shape[-2] if len(shape) > 1 else 1, len(places))
    nested: object = [[place] for place in places[:rows]] if len(shape) > 1 else places[::-1]
    for _ in range(len(shape) - 2):
        nested = [nested]
    return presets | {
        "comparison": f"x[{NAME} > 9]",
        "mask": "x[mask]",
        "new_axis": "x[:, None]",
        "gather": f"x.gather({len(shape) - 1}, torch.tensor({nested}))",
    }


def axis_notes(access: Subscript, shape: tuple[int, ...]) -> tuple[AxisNote, ...]:
    """What each item of a legal subscript does, in the order of writing; untouched axes at the end."""
    taken = consumed(access.items, shape)
    common = np.broadcast_shapes(
        *(_listed_shape(item) for item in access.items if isinstance(item, Many | Computed))
    )
    notes: list[AxisNote] = []
    for item, text, axes in zip(access.items, access.texts, taken, strict=True):
        sizes = tuple(shape[axis] for axis in axes)
        effect, result = _effect(item, sizes, common)
        if effect in {Effect.LISTED, Effect.MASKED} and any(
            note.effect in {Effect.LISTED, Effect.MASKED} for note in notes
        ):
            effect, result = Effect.PAIRED, ()
        notes.append(AxisNote(effect, text, axes, sizes, result))
    last = max((axis for axes in taken for axis in axes), default=-1)
    kept = [AxisNote(Effect.KEPT, ":", (a,), (shape[a],), (shape[a],)) for a in range(last + 1, len(shape))]
    return (*notes, *kept)


def _listed_shape(item: Many | Computed) -> tuple[int, ...]:
    if isinstance(item, Computed):
        return (int(item.values.count_nonzero()),) if item.is_mask else tuple(item.values.shape)
    return (sum(map(bool, _flatten(item.values))),) if item.is_mask else item.shape


def _effect(item: Item, sizes: tuple[int, ...], common: tuple[int, ...]) -> tuple[Effect, tuple[int, ...]]:
    match item:
        case Whole() | NotWhole():
            return Effect.PICKED, ()
        case Range(start, stop, step):
            return Effect.SLICED, (len(range(*slice(start, stop, step).indices(sizes[0]))),)
        case NewAxis():
            return Effect.NEW, (1,)
        case Many(is_mask=True) | Computed(is_mask=True):
            return Effect.MASKED, common
        case Many() | Computed():
            return Effect.LISTED, common
        case _:
            return Effect.KEPT, sizes


def has_split_lists(items: Sequence[Item]) -> bool:
    """Whether lists or masks have a slice, ``...`` or ``None`` between them; torch then puts their axis first.

    >>> has_split_lists(parse_index("x[[0, 1], :, [1, 2]]").accesses[0].items)
    True
    """
    # Unlike NumPy, torch takes single places out first: they neither join nor part the lists.
    others = [item for item in items if not isinstance(item, Whole)]
    lists = [
        index for index, item in enumerate(others) if isinstance(item, Many | MaskRule | Part | Computed)
    ]
    return bool(lists) and lists[-1] - lists[0] + 1 != len(lists)


def result_shape(notes: Sequence[AxisNote], *, moved: bool) -> tuple[int, ...]:
    """The result's shape put together from the notes: what the explanation on screen adds up to.

    >>> result_shape([AxisNote(Effect.PICKED, "0", (0,), (2,), ()), AxisNote(Effect.KEPT, ":", (1,), (3,), (3,))],
    ...              moved=False)
    (3,)
    """
    shape: list[int] = []
    common: tuple[int, ...] = ()
    for note in notes:
        if moved and note.effect in {Effect.LISTED, Effect.MASKED}:
            common = note.result
        else:
            shape += note.result
    return (*common, *shape)


def suggest(expression: IndexExpression, traced: Traced) -> str | None:
    """The nearest expression that works: places moved inside, surplus items dropped, steps made positive.

    >>> import torch
    >>> from lib.core.tensors.trace import number_elements
    >>> suggest(parse_index("x[5, 0, 0]"), number_elements([torch.zeros(2, 3)])[0])
    'x[1, 0]'
    """
    text = NAME
    current = traced
    try:
        for written in expression.accesses:
            access = resolved(written, traced.values)
            if isinstance(access, Reorder):
                text += access.code
                current = apply_access(access, current)
                continue
            if not isinstance(access, Subscript):
                return None
            flipped = _flipped(access.items, current.shape)
            text += f".flip({', '.join(map(str, flipped))})" if flipped else ""
            items = _fitted(access.items, current.shape)
            if not items:
                return None
            accesses: list[Access] = [Flip(flipped)] if flipped else []
            if not flipped or any(item not in (Range(None, None, None), Rest()) for item in items):
                text += f"[{', '.join(map(_item_text, items))}]"
                accesses.append(_parsed_alone(text))
            for each in accesses:
                current = apply_access(resolved(each, traced.values), current)
    except (TensorInputError, *TORCH_RAISES):
        return None
    return text


def _parsed_alone(text: str) -> Access:
    return parse_index(text).accesses[-1]


def _flipped(items: Sequence[Item], shape: tuple[int, ...]) -> tuple[int, ...]:
    """The axes that are to be read backwards: PyTorch has ``flip`` for that.

    >>> _flipped([Range(None, None, -2)], (2, 3))
    (0,)
    """
    taken = consumed(items, shape)
    return tuple(
        axes[0]
        for item, axes in zip(items, taken, strict=True)
        if isinstance(item, Range) and item.step is not None and item.step < 0 and axes
    )


def _forwards(item: Range, size: int) -> Range:
    """What a range with a negative step selects, counted from the other end.

    >>> str(_forwards(Range(5, 1, -2), 7)), str(_forwards(Range(None, None, -2), 7))
    ('1:5:2', '::2')
    """
    assert item.step is not None
    start, stop, step = slice(item.start, item.stop, item.step).indices(size)
    return Range(
        None if item.start is None else size - 1 - start,
        None if item.stop is None else size - 1 - stop,
        None if step == -1 else -step,
    )


def _fitted(items: Sequence[Item], shape: tuple[int, ...]) -> list[Item]:
    fitted: list[Item] = []
    for item, axes in zip(items, consumed(items, shape), strict=True):
        is_surplus = len(axes) < (_width(item) or 0)
        if not is_surplus and not (isinstance(item, Rest) and item in fitted):
            fitted.append(_fit_item(item, tuple(shape[axis] for axis in axes)))
    return _as_grid(fitted)


def _as_grid(items: list[Item]) -> list[Item]:
    """Lists that cannot go in step, turned so that they span a grid: the first as a column, the last as a row."""
    places = [index for index, item in enumerate(items) if isinstance(item, Many)]
    lists = [item for item in items if isinstance(item, Many)]
    try:
        np.broadcast_shapes(*map(_listed_shape, lists))
    except ValueError:
        if any(item.is_mask or len(item.shape) != 1 for item in lists):
            return items
        turned = list(items)
        for rank, (index, item) in enumerate(zip(places[:-1], lists[:-1], strict=True)):
            values: list[Nested] = list(_flatten(item.values))
            for _ in range(len(lists) - 1 - rank):
                values = [[value] for value in values]
            turned[index] = Many(values, (len(values), *(1,) * (len(lists) - 1 - rank)), False, True)
        return turned
    return items


def _fit_item(item: Item, sizes: tuple[int, ...]) -> Item:
    if isinstance(item, Whole) and sizes[0]:
        return Whole(min(max(item.value, -sizes[0]), sizes[0] - 1))
    if isinstance(item, NotWhole):
        return _fit_item(Whole(int(item.value)), sizes)
    if isinstance(item, Range) and item.step is not None and item.step <= 0:
        return _forwards(item, sizes[0]) if item.step else replace(item, step=None)
    if isinstance(item, Many) and not item.is_mask and len(item.shape) == 1 and sizes[0]:
        places = [min(max(int(value), -sizes[0]), sizes[0] - 1) for value in _flatten(item.values)]
        return Many(list(places), item.shape, False, item.as_tensor)
    if isinstance(item, Many) and item.is_mask and len(item.shape) == 1:
        flags = [bool(value) for value in _flatten(item.values)][: sizes[0]]
        flags += [False] * (sizes[0] - len(flags))
        return Many(list(flags), (len(flags),), True, item.as_tensor)
    return item


def _item_text(item: Item) -> str:
    match item:
        case Whole(value) | NotWhole(value):
            return str(value)
        case Range():
            return str(item)
        case Rest():
            return "..."
        case NewAxis():
            return "None"
        case Compared() | Joined() | Inverted() | Many() | Part() | Computed():
            return item.code
