"""A typed expression as a graph's plan: parsed with :mod:`ast` against an allow-list, never evaluated.

``h = relu(W @ x); (h * h).sum()`` is allowed: assignments, then one expression. Functions may be written
``f(x)``, ``x.f()``, ``torch.f(x)`` or ``F.f(x)``; ``sum`` and ``mean`` take ``dim`` and ``keepdim``.
"""

from __future__ import annotations

import ast
import keyword
import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from lib.core.autograd.problems import (
    MAX_DIMS,
    MAX_NAME,
    MAX_OPERATIONS,
    MAX_SIZE,
    MAX_TEXT,
    ExpressionError,
    Problem,
)


class Op(StrEnum):
    """What a node does."""

    LEAF = "leaf"
    ADD = "+"
    SUB = "-"
    MUL = "*"
    DIV = "/"
    POW = "**"
    MATMUL = "@"
    NEG = "neg"
    RELU = "relu"
    TANH = "tanh"
    SIGMOID = "sigmoid"
    EXP = "exp"
    LOG = "log"
    SQRT = "sqrt"
    SUM = "sum"
    MEAN = "mean"
    DETACH = "detach"


FUNCTIONS: dict[str, Op] = {
    op.value: op for op in (Op.RELU, Op.TANH, Op.SIGMOID, Op.EXP, Op.LOG, Op.SQRT, Op.SUM, Op.MEAN, Op.DETACH)
}
REDUCTIONS = (Op.SUM, Op.MEAN)
NO_GRAD = "no_grad"
ALLOWED_FUNCTIONS = (*FUNCTIONS, NO_GRAD)
_BINARY: dict[type[ast.operator], Op] = {
    ast.Add: Op.ADD,
    ast.Sub: Op.SUB,
    ast.Mult: Op.MUL,
    ast.Div: Op.DIV,
    ast.Pow: Op.POW,
    ast.MatMult: Op.MATMUL,
}
_ARITHMETIC: dict[Op, Callable[[float, float], float]] = {
    Op.ADD: lambda a, b: a + b,
    Op.SUB: lambda a, b: a - b,
    Op.MUL: lambda a, b: a * b,
    Op.DIV: lambda a, b: a / b,
    Op.POW: math.pow,
}
# Same length, so that every place in the text stays where it is.
_FULL_WIDTH = str.maketrans("（）［］＋－＊／＝；，．＠：", "()[]+-*/=;,.@:")


@dataclass(frozen=True)
class Node:
    """One node of the plan. ``inputs`` are indices of earlier nodes, None where ``constant`` stands.

    ``name`` is a leaf's, or what an assignment called it; ``source`` its text; ``start`` and ``end`` its place.
    ``untracked`` says that it was made inside ``no_grad``. ``dims`` are those that a sum or a mean is over, None
    for all of them; ``keepdim`` leaves them there with size 1.
    """

    op: Op
    inputs: tuple[int | None, ...] = ()
    constant: float | None = None
    name: str = ""
    source: str = ""
    start: int = 0
    end: int = 0
    untracked: bool = False
    dims: tuple[int, ...] | None = None
    keepdim: bool = False

    @property
    def constant_array(self) -> NDArray[np.float64]:
        """The constant as a scalar tensor."""
        return np.asarray(self.constant, np.float64)

    @property
    def sign(self) -> str:
        """What stands on the node.

        >>> Node(Op.POW, (0, None), constant=2.0).sign, Node(Op.DIV, (None, 0), constant=1.0).sign
        ('** 2', '1 /')
        >>> Node(Op.SUM, (0,), dims=(1,), keepdim=True).sign
        'sum(dim=1, keepdim=True)'
        """
        if self.dims is not None:
            dims = str(self.dims[0]) if len(self.dims) == 1 else str(self.dims)
            return f"{self.op}(dim={dims}{', keepdim=True' if self.keepdim else ''})"
        if self.constant is None:
            return "-" if self.op is Op.NEG else self.op.value
        number = f"{self.constant:g}"
        return f"{number} {self.op}" if self.inputs[0] is None else f"{self.op} {number}"


@dataclass(frozen=True)
class Expression:
    """The plan: nodes in order of their making, the last of which is ``output``; ``text`` is what was typed."""

    text: str
    nodes: tuple[Node, ...]
    output: int

    @property
    def leaves(self) -> tuple[str, ...]:
        """Names that need a value, in order of appearance.

        >>> parse_expression("b * a + b").leaves
        ('b', 'a')
        """
        return tuple(node.name for node in self.nodes if node.op is Op.LEAF)


def cleaned(text: str) -> str:
    """The text on one line, full-width signs made plain.

    >>> cleaned(" （a＋b）＊2 ")
    '(a+b)*2'
    """
    return " ".join(text.translate(_FULL_WIDTH).split())


def parse_expression(text: str) -> Expression:
    """The plan of a typed expression.

    >>> [node.sign for node in parse_expression("(a*b + c)**2").nodes]
    ['leaf', 'leaf', '*', 'leaf', '+', '** 2']

    Raises: ExpressionError, with the place.
    """
    text = cleaned(text)
    if not text:
        raise ExpressionError(Problem.EMPTY, text)
    if len(text) > MAX_TEXT:
        details = {"length": len(text), "limit": MAX_TEXT}
        raise ExpressionError(Problem.TOO_LONG, text[: MAX_TEXT + 1], MAX_TEXT, MAX_TEXT + 1, details)
    return _Reader(text).read(parse_python(text))


def parse_python(text: str) -> ast.Module:
    """Python's own parser, its complaints as ours. Raises: ExpressionError (SYNTAX)."""
    try:
        return ast.parse(text, mode="exec")
    except SyntaxError as error:
        at = max(0, (error.offset or 1) - 1)
        end = (error.end_offset or 0) - 1 if error.end_lineno in (None, error.lineno) else at + 1
        raise ExpressionError(Problem.SYNTAX, text, at, max(end, at + 1)) from None
    except (ValueError, RecursionError, MemoryError):
        raise ExpressionError(Problem.SYNTAX, text, 0, len(text)) from None


def check_name(name: str, text: str, start: int, end: int) -> None:
    """Raise ExpressionError (BAD_NAME) where a name cannot be a variable's."""
    reserved = name in ALLOWED_FUNCTIONS or name in ("torch", "F") or keyword.iskeyword(name)
    if not name.isascii() or len(name) > MAX_NAME or reserved or name.startswith("_"):
        details: dict[str, str | int] = {"name": name[: MAX_NAME + 8], "limit": MAX_NAME}
        raise ExpressionError(Problem.BAD_NAME, text, start, end, details)


class _Reader:
    """Walks the syntax tree and collects nodes; places are characters, where ast counts bytes."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._bytes = text.encode()
        self._nodes: list[Node] = []
        self._names: dict[str, int | float] = {}
        self._untracked = False

    def read(self, tree: ast.Module) -> Expression:
        *assignments, last = tree.body or [ast.Pass()]
        for statement in assignments:
            self._assign(statement)
        if isinstance(last, ast.Assign):
            self._assign(last)
            name = self._text[slice(*self._span(last.targets[0]))]
            raise ExpressionError(
                Problem.LAST_IS_ASSIGNMENT, self._text, *self._span(last), details={"name": name}
            )
        if not isinstance(last, ast.Expr):
            raise self._refuse(last)
        output = self._value(last.value)
        if isinstance(output, float):
            raise ExpressionError(Problem.NO_NAME, self._text, *self._span(last))
        return Expression(self._text, tuple(self._nodes), output)

    def _span(self, node: ast.AST) -> tuple[int, int]:
        first = getattr(node, "col_offset", 0)
        last = getattr(node, "end_col_offset", None) or len(self._bytes)
        return len(self._bytes[:first].decode()), len(self._bytes[:last].decode())

    def _refuse(self, node: ast.AST) -> ExpressionError:
        start, end = self._span(node)
        return ExpressionError(Problem.NOT_ALLOWED, self._text, start, end, {"part": self._text[start:end]})

    def _assign(self, statement: ast.stmt) -> None:
        if not isinstance(statement, ast.Assign) or len(statement.targets) != 1:
            raise self._refuse(statement)
        target = statement.targets[0]
        if not isinstance(target, ast.Name):
            raise self._refuse(target)
        check_name(target.id, self._text, *self._span(target))
        value = self._value(statement.value)
        if target.id in self._names:
            raise ExpressionError(
                Problem.NAME_TAKEN, self._text, *self._span(target), details={"name": target.id}
            )
        self._names[target.id] = value
        if isinstance(value, int) and not self._nodes[value].name:
            self._nodes[value] = replace(self._nodes[value], name=target.id)

    def _value(self, node: ast.expr) -> int | float:
        """Index of a node, or a number."""
        if isinstance(node, ast.Constant):
            return self._number(node)
        if isinstance(node, ast.Name):
            return self._leaf(node)
        if isinstance(node, ast.BinOp):
            return self._binary(node)
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub | ast.UAdd):
            value = self._value(node.operand)
            if isinstance(node.op, ast.UAdd):
                return value
            return -value if isinstance(value, float) else self._add(node, Op.NEG, (value,))
        if isinstance(node, ast.Call):
            return self._call(node)
        raise self._refuse(node)

    def _number(self, node: ast.Constant) -> float:
        if isinstance(node.value, bool) or not isinstance(node.value, int | float):
            raise self._refuse(node)
        return self._checked(node, float(node.value) if abs(node.value) <= MAX_SIZE else math.inf)

    def _checked(self, node: ast.AST, value: float) -> float:
        if not abs(value) <= MAX_SIZE:
            start, end = self._span(node)
            details = {"number": self._text[start:end], "limit": f"{MAX_SIZE:,.0f}"}
            raise ExpressionError(Problem.BAD_NUMBER, self._text, start, end, details)
        return value

    def _leaf(self, node: ast.Name) -> int | float:
        if node.id not in self._names:
            check_name(node.id, self._text, *self._span(node))
            tracked, self._untracked = self._untracked, False
            self._names[node.id] = self._add(node, Op.LEAF, (), name=node.id)
            self._untracked = tracked
        return self._names[node.id]

    def _binary(self, node: ast.BinOp) -> int | float:
        op = _BINARY.get(type(node.op))
        if op is None:
            between = self._span(node.left)[1], self._span(node.right)[0]
            sign = self._text[slice(*between)]
            start = between[0] + len(sign) - len(sign.lstrip(" )"))
            part = sign.strip(" ()")
            if isinstance(node.op, ast.BitXor):
                raise ExpressionError(Problem.USE_POWER, self._text, start, start + 1)
            raise ExpressionError(Problem.NOT_ALLOWED, self._text, start, start + len(part), {"part": part})
        left, right = self._value(node.left), self._value(node.right)
        if op is Op.MATMUL and (isinstance(left, float) or isinstance(right, float)):
            details = {"left": "()", "right": "()"}
            raise ExpressionError(Problem.MATMUL, self._text, *self._span(node), details=details)
        if isinstance(left, float) and isinstance(right, float):
            return self._fold(node, op, left, right)
        if isinstance(left, float):
            return self._add(node, op, (None, int(right)), constant=left)
        if isinstance(right, float):
            return self._add(node, op, (left, None), constant=right)
        return self._add(node, op, (left, right))

    def _fold(self, node: ast.BinOp, op: Op, left: float, right: float) -> float:
        try:
            value = _ARITHMETIC[op](left, right)
        except (OverflowError, ZeroDivisionError, ValueError):
            value = math.inf
        return self._checked(node, value)

    def _call(self, node: ast.Call) -> int | float:
        name, subject = self._function(node)
        arguments = [*([subject] if subject is not None else []), *node.args]
        is_reduction = FUNCTIONS.get(name) in REDUCTIONS
        is_too_much = len(arguments) > 1 or bool(node.keywords)
        if not arguments or (is_too_much and not is_reduction) or isinstance(arguments[0], ast.Starred):
            raise ExpressionError(Problem.ARGUMENTS, self._text, *self._span(node), details={"name": name})
        if name == NO_GRAD:
            outer, self._untracked = self._untracked, True
            inside = self._value(arguments[0])
            self._untracked = outer
            if isinstance(arguments[0], ast.Name):  # in PyTorch, too, nothing would be cut: no operation ran
                raise ExpressionError(
                    Problem.NO_GRAD_OF_NAME, self._text, *self._span(node), details={"name": arguments[0].id}
                )
            return inside
        value = self._value(arguments[0])
        if isinstance(value, float):
            raise ExpressionError(Problem.NO_NAME, self._text, *self._span(node))
        added = self._add(node, FUNCTIONS[name], (value,))
        if is_reduction:
            dims, keepdim = self._over(node, name, arguments[1:])
            self._nodes[added] = replace(self._nodes[added], dims=dims, keepdim=keepdim)
        return added

    def _over(self, node: ast.Call, name: str, places: list[ast.expr]) -> tuple[tuple[int, ...] | None, bool]:
        """``dim`` and ``keepdim`` of a sum or a mean, by place or by name."""
        refused = ExpressionError(Problem.DIMS, self._text, *self._span(node), details={"name": name})
        given: dict[str, ast.expr] = dict(zip(("dim", "keepdim"), places, strict=False))
        for keyword_ in node.keywords:
            if keyword_.arg not in ("dim", "keepdim") or keyword_.arg in given:
                raise refused
            given[keyword_.arg] = keyword_.value
        if len(places) > 2 or (given and "dim" not in given):
            raise refused
        try:
            values = {key: ast.literal_eval(value) for key, value in given.items()}
        except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
            raise refused from None
        dim, keepdim = values.get("dim"), values.get("keepdim", False)
        dims = dim if isinstance(dim, tuple | list) else (dim,)
        is_whole = all(isinstance(each, int) and not isinstance(each, bool) for each in dims)
        if not isinstance(keepdim, bool) or (given and not (dims and is_whole and len(dims) <= MAX_DIMS)):
            raise refused
        return (tuple(dims) if given else None), keepdim

    def _function(self, node: ast.Call) -> tuple[str, ast.expr | None]:
        function = node.func
        if isinstance(function, ast.Name):
            name, subject = function.id, None
        elif isinstance(function, ast.Attribute):
            owner = function.value
            is_module = isinstance(owner, ast.Name) and owner.id in ("torch", "F")
            name, subject = function.attr, None if is_module else owner
        else:
            raise self._refuse(function)
        if name not in ALLOWED_FUNCTIONS or (name == NO_GRAD and subject is not None):
            start, end = self._span(function)
            raise ExpressionError(
                Problem.UNKNOWN_FUNCTION, self._text, max(start, end - len(name)), end, {"name": name[:24]}
            )
        return name, subject

    def _add(
        self,
        node: ast.AST,
        op: Op,
        inputs: tuple[int | None, ...],
        *,
        constant: float | None = None,
        name: str = "",
    ) -> int:
        start, end = self._span(node)
        if op is not Op.LEAF and sum(each.op is not Op.LEAF for each in self._nodes) >= MAX_OPERATIONS:
            raise ExpressionError(
                Problem.TOO_MANY_OPERATIONS, self._text, start, end, {"limit": MAX_OPERATIONS}
            )
        source = self._text[start:end]
        self._nodes.append(Node(op, inputs, constant, name, source, start, end, self._untracked))
        return len(self._nodes) - 1
