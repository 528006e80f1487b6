"""Index expressions as in Python, read with ``ast`` against an allow-list and applied piece by piece."""

from __future__ import annotations

import ast
import math
import operator
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from lib.core.tensors.create import number_text
from lib.core.tensors.errors import (
    Problem,
    TensorInputError,
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
from lib.core.tensors.trace import Traced

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
    flat = list(flatten(nested.values))
    is_mask = bool(flat) and all(isinstance(value, bool) for value in flat)
    whole = all(isinstance(value, int) and not isinstance(value, bool) for value in flat)
    if not is_mask and (not whole or any(abs(value) > MAX_INDEX for value in flat)):
        raise not_allowed(node)
    return Many(nested.values, nested.shape, is_mask, as_tensor)


def flatten(values: Nested) -> list[int | float | bool]:
    """The numbers of nested lists in their order.

    >>> flatten([[1, 2], [3, 4]])
    [1, 2, 3, 4]
    """
    if isinstance(values, list):
        return [number for part in values for number in flatten(part)]
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
    lists = [listed_shape(item) for item in access.items if isinstance(item, Many | Computed)]
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
    widths = [width_of(item) for item in items]
    rest = max(len(shape) - sum(width for width in widths if width is not None), 0)
    taken: list[tuple[int, ...]] = []
    axis = 0
    for width in widths:
        count = rest if width is None else width
        taken.append(tuple(a for a in range(axis, axis + count) if a < len(shape)))
        axis += count
        rest = 0 if width is None else rest
    return taken


def width_of(item: Item) -> int | None:
    """How many axes of the input an item takes; None for ``...``, which takes what is left.

    >>> width_of(Whole(0)), width_of(NewAxis()), width_of(Rest())
    (1, 0, None)
    """
    if isinstance(item, Rest):
        return None
    if isinstance(item, NewAxis):
        return 0
    if isinstance(item, Computed):
        return item.values.dim() if item.is_mask else 1
    return len(item.shape) if isinstance(item, Many) and item.is_mask else 1


def listed_shape(item: Many | Computed) -> tuple[int, ...]:
    """The shape of the places that a list or a mask names: a mask names as many as it has True.

    >>> listed_shape(Many([2, 0], (2,), False, False)), listed_shape(Many([True, False], (2,), True, False))
    ((2,), (1,))
    """
    if isinstance(item, Computed):
        return (int(item.values.count_nonzero()),) if item.is_mask else tuple(item.values.shape)
    return (sum(map(bool, flatten(item.values))),) if item.is_mask else item.shape
