"""Reading typed shapes and nested lists with ``ast`` and an allow-list; nothing is ever evaluated."""

from __future__ import annotations

import ast
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

from lib.core.tensors.errors import (
    MAX_DIMS,
    MAX_TEXT,
    Problem,
    TensorInputError,
    check_elements,
)

Scalar = int | float | bool
Nested = Scalar | list["Nested"]

# What a keyboard set to Chinese types for the same signs.
_FULL_WIDTH = str.maketrans("，（）［］【】：；－。．０１２３４５６７８９", ",()[][]:;-..0123456789")
_SHAPE = re.compile(r"[(\[]?\s*(?:-?\d+(?:(?:\s*[,x×*]\s*|\s+)-?\d+)*)?\s*,?\s*[)\]]?")
_PRINTED = re.compile(r"^torch\.Size\((.*)\)$")
_SHOWN = 60
MAX_DEPTH = 80
"""Levels of a typed text's tree; as many masks as MAX_TEXT holds, joined in a row, have fewer."""


def shorten(text: str) -> str:
    """At most 60 characters of a text, for messages.

    >>> shorten("ab")
    'ab'
    """
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"


def tidy(text: str, longest: int = MAX_TEXT) -> str:
    """Full-width signs made plain, blanks around removed, length checked.

    >>> tidy(" （2， 3） ")
    '(2, 3)'

    Raises: TensorInputError (EMPTY, TOO_LONG).
    """
    clean = text.translate(_FULL_WIDTH).replace("　", " ").strip()
    if not clean:
        raise TensorInputError(Problem.EMPTY)
    if len(clean) > longest:
        raise TensorInputError(Problem.TOO_LONG, {"length": len(clean), "limit": longest})
    return clean


def syntax_tree(text: str, longest: int = MAX_TEXT) -> ast.expr:
    """The tree of one Python expression, parsed and not run. What was written by us may be WRITTEN_TEXT long.

    Raises: TensorInputError (EMPTY, TOO_LONG, SYNTAX, and NOT_ALLOWED above MAX_DEPTH).
    """
    clean = tidy(text, longest)
    try:
        tree = ast.parse(clean, mode="eval").body
    except SyntaxError as error:
        # Python says 0 where the text ends too early.
        details: dict[str, str | int] = {"text": shorten(clean), "column": error.offset or len(clean)}
        raise TensorInputError(Problem.SYNTAX, details) from None
    except (ValueError, RecursionError, MemoryError):
        raise TensorInputError(Problem.SYNTAX, {"text": shorten(clean), "column": 1}) from None
    check_depth(tree, clean)
    return tree


def check_depth(tree: ast.AST, text: str) -> None:
    """Raise TensorInputError (NOT_ALLOWED) where the text's tree has more than MAX_DEPTH levels.

    >>> check_depth(ast.parse("---1"), "---1")
    """
    level = [tree]
    # Level by level: what calls itself, as ``ast.unparse`` does, would not come back from a deep one.
    for _ in range(MAX_DEPTH):
        level = [child for node in level for child in ast.iter_child_nodes(node)]
        if not level:
            return
    raise TensorInputError(Problem.NOT_ALLOWED, {"text": shorten(text)})


def not_allowed(node: ast.AST) -> TensorInputError:
    """The refusal of a construct outside the allow-list, with its text."""
    return TensorInputError(Problem.NOT_ALLOWED, {"text": shorten(ast.unparse(node))})


NUMBER_NAMES = frozenset({"nan", "inf", "math"})
"""Names that stand for numbers or hold them, besides torch's."""


def number_of(node: ast.expr) -> Scalar:
    """A literal number, sign included.

    >>> number_of(syntax_tree("-2.5"))
    -2.5

    Raises: TensorInputError (NOT_ALLOWED).
    """
    if isinstance(node, ast.Constant) and isinstance(node.value, bool | int | float):
        return node.value
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub | ast.UAdd):
        value = number_of(node.operand)
        return -value if isinstance(node.op, ast.USub) else +value
    named = dotted_name(node)
    if named in {"inf", "math.inf", "torch.inf", "nan", "math.nan", "torch.nan"}:
        return math.inf if named.endswith("inf") else math.nan
    raise not_allowed(node)


class _FullNames(ast.NodeTransformer):
    def visit_Name(self, node: ast.Name) -> ast.expr:
        if node.id in {"nan", "inf"}:
            return ast.Attribute(ast.Name("torch", ast.Load()), node.id, ast.Load())
        return node

    def visit_Attribute(self, node: ast.Attribute) -> ast.expr:
        name = dotted_name(node)
        if name in {"math.nan", "math.inf"}:
            return self.visit_Name(ast.Name(node.attr, ast.Load()))
        self.generic_visit(node)
        return node


def runnable(node: ast.expr) -> str:
    """The expression as code that needs torch and no other name for nan and inf.

    >>> runnable(syntax_tree("[nan, 1, -inf]"))
    '[torch.nan, 1, -torch.inf]'
    """
    # A copy, since the transformer changes the tree that it is given.
    return ast.unparse(_FullNames().visit(ast.parse(ast.unparse(node), mode="eval").body))


def whole_of(node: ast.expr) -> int:
    """A literal whole number.

    Raises: TensorInputError (NOT_ALLOWED).
    """
    value = number_of(node)
    if isinstance(value, bool) or not isinstance(value, int):
        raise not_allowed(node)
    return value


def dotted_name(node: ast.expr) -> str | None:
    """``torch.float32`` of its node; None where the node is no dotted name."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        before = dotted_name(node.value)
        return None if before is None else f"{before}.{node.attr}"
    return None


def check_shape(sizes: Sequence[int]) -> tuple[int, ...]:
    """The sizes as a tuple, when a learner may have a tensor of that shape.

    >>> check_shape([2, 3])
    (2, 3)

    Raises: TensorInputError (NEGATIVE_SIZE, TOO_MANY_DIMS, TOO_MANY_ELEMENTS).
    """
    for size in sizes:
        if size < 0:
            raise TensorInputError(Problem.NEGATIVE_SIZE, {"size": size})
    if len(sizes) > MAX_DIMS:
        raise TensorInputError(Problem.TOO_MANY_DIMS, {"dims": len(sizes), "limit": MAX_DIMS})
    check_elements(math.prod(sizes))
    return tuple(sizes)


def parse_sizes(text: str) -> tuple[int, ...]:
    """Whole numbers separated by commas, blanks or the sign ×, brackets or not; -1 is allowed.

    >>> parse_sizes("(2, -1)"), parse_sizes("2 3 4"), parse_sizes("2x3"), parse_sizes("torch.Size([2, 3])")
    ((2, -1), (2, 3, 4), (2, 3), (2, 3))

    Raises: TensorInputError (EMPTY, TOO_LONG, NOT_ALLOWED).
    """
    clean = _PRINTED.sub(r"\1", tidy(text))
    if not _SHAPE.fullmatch(clean):
        raise TensorInputError(Problem.NOT_ALLOWED, {"text": shorten(clean)})
    numbers = re.findall(r"-?\d+", clean)
    if any(len(number) > 15 for number in numbers):
        raise TensorInputError(Problem.NOT_ALLOWED, {"text": shorten(clean)})
    return tuple(int(number) for number in numbers)


def parse_shape(text: str) -> tuple[int, ...]:
    """A tensor's shape as typed.

    >>> parse_shape("2, 3, 4")
    (2, 3, 4)
    >>> parse_shape("2, -3")
    Traceback (most recent call last):
    ...
    lib.core.tensors.errors.TensorInputError: negative_size: size=-3

    Raises: TensorInputError.
    """
    return check_shape(parse_sizes(text))


@dataclass(frozen=True)
class NestedList:
    """A nested list as typed: ``values`` nested as it was, ``shape`` what ``torch.tensor`` makes of it."""

    values: Nested
    shape: tuple[int, ...]


def nested_list(node: ast.expr) -> NestedList:
    """Numbers in nested lists or tuples; a single number is a 0-D tensor.

    >>> nested_list(syntax_tree("[[1, 2], [3, 4]]")).shape
    (2, 2)
    >>> nested_list(syntax_tree("[[1, 2], [3]]"))
    Traceback (most recent call last):
    ...
    lib.core.tensors.errors.TensorInputError: ragged: place=[1], length=1, first=[0], expected=2

    Raises: TensorInputError (RAGGED, MIXED_DEPTH, NOT_A_NUMBER, NOT_ALLOWED, TOO_MANY_DIMS).
    """
    shape = _shape_of(node, ())
    if len(shape) > MAX_DIMS:
        raise TensorInputError(Problem.TOO_MANY_DIMS, {"dims": len(shape), "limit": MAX_DIMS})
    return NestedList(_values_of(node), shape)


def _place(path: tuple[int, ...]) -> str:
    return "".join(f"[{index}]" for index in path) or "[]"


def _shape_of(node: ast.expr, path: tuple[int, ...]) -> tuple[int, ...]:
    if not isinstance(node, ast.List | ast.Tuple):
        _check_number(node, path)
        return ()
    shapes = [_shape_of(part, (*path, index)) for index, part in enumerate(node.elts)]
    for index, shape in enumerate(shapes):
        if len(shape) == len(shapes[0]) and shape != shapes[0]:
            axis = next(i for i, pair in enumerate(zip(shape, shapes[0], strict=True)) if pair[0] != pair[1])
            inside = (0,) * axis
            raise TensorInputError(
                Problem.RAGGED,
                {
                    "place": _place((*path, index, *inside)),
                    "length": shape[axis],
                    "first": _place((*path, 0, *inside)),
                    "expected": shapes[0][axis],
                },
            )
        if len(shape) != len(shapes[0]):
            details = {"place": _place((*path, index)), "first": _place((*path, 0))}
            raise TensorInputError(Problem.MIXED_DEPTH, details)
    return (len(shapes), *(shapes[0] if shapes else ()))


def _check_number(node: ast.expr, path: tuple[int, ...]) -> None:
    if isinstance(node, ast.Constant) and isinstance(node.value, str | bytes | None | complex):
        details = {"place": _place(path), "value": shorten(ast.unparse(node))}
        raise TensorInputError(Problem.NOT_A_NUMBER, details)
    number_of(node)


def _values_of(node: ast.expr) -> Nested:
    if isinstance(node, ast.List | ast.Tuple):
        return [_values_of(part) for part in node.elts]
    return number_of(node)


def literal_values(text: str, longest: int = MAX_TEXT) -> object:
    """A nested list exactly as typed, ragged and mixed input included, so that torch can say its reason.

    >>> literal_values("[[1, 2], ['a']]")
    [[1, 2], ['a']]

    Raises: TensorInputError (EMPTY, TOO_LONG, SYNTAX, NOT_ALLOWED).
    """
    return _literal(syntax_tree(text, longest))


def _literal(node: ast.expr) -> object:
    if isinstance(node, ast.List | ast.Tuple):
        return [_literal(part) for part in node.elts]
    if isinstance(node, ast.Constant) and isinstance(node.value, str | None):
        return node.value
    return number_of(node)
