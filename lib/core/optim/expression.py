"""A function of x and y as a learner types it: parsed, never evaluated as Python.

The text becomes a list of operations (a tape). Values run up the tape, the gradient runs down it, as in
torch.autograd; ``expression.js`` does the same with the same list.
"""

from __future__ import annotations

import ast
import math
from dataclasses import dataclass
from enum import StrEnum

from lib.core.optim.rules import divide, root

MAX_LENGTH = 200
MAX_NODES = 120
MAX_POWER = 16
"""Whole powers up to this are products; others go through ``pow``."""
FUNCTIONS = ("sin", "cos", "tan", "tanh", "exp", "log", "sqrt", "abs")
CONSTANTS = {"pi": math.pi, "e": math.e}
VARIABLES = ("x", "y")
ALLOWED = f"x, y, {', '.join(CONSTANTS)}, + - * / ** ( ), {', '.join(FUNCTIONS)}"
"""What may stand in a function, without words."""


class Wrong(StrEnum):
    """What is wrong with a text; the page words it."""

    EMPTY = "empty"
    TOO_LONG = "too long"
    SYNTAX = "syntax"
    NAME = "name"
    NOT_ALLOWED = "not allowed"
    ARGUMENTS = "arguments"
    NUMBER = "number"
    CARET = "caret"
    NO_VARIABLE = "no variable"


@dataclass(eq=False)
class ExpressionError(ValueError):
    """A text that is no function of x and y: what is wrong, where (counted from 1), and the piece itself."""

    wrong: Wrong
    place: int
    piece: str = ""

    def __str__(self) -> str:
        return f"{self.wrong} at {self.place}: {self.piece!r}; allowed: {ALLOWED}"


@dataclass(frozen=True)
class Node:
    """One operation. ``a`` and ``b`` are places on the tape, -1 where there is none.

    ``value`` is a constant's number or a whole power's exponent; ``varies`` whether x or y is in it.
    """

    op: str
    a: int = -1
    b: int = -1
    value: float = 0.0
    varies: bool = True


@dataclass(frozen=True)
class Expression:
    """A function of x and y, as text and as its tape.

    >>> f = parse("(1 - x)**2 + 100*(y - x**2)**2")
    >>> f(0.0, 1.0), f.gradient(0.0, 1.0)
    (101.0, (-2.0, 200.0))
    """

    text: str
    tape: tuple[Node, ...]

    def __call__(self, x: float, y: float) -> float:
        """The value; infinite or not a number where the function has none that a float64 holds."""
        return self._forward(x, y)[-1]

    def gradient(self, x: float, y: float) -> tuple[float, float]:
        """The derivatives by x and y, with torch.autograd's conventions (|x| has slope 0 at 0)."""
        return self.evaluate(x, y)[1]

    def evaluate(self, x: float, y: float) -> tuple[float, tuple[float, float]]:
        """Value and gradient."""
        values = self._forward(x, y)
        slopes = [0.0] * len(values)
        slopes[-1] = 1.0
        dx = dy = 0.0
        for i in range(len(values) - 1, -1, -1):
            node = self.tape[i]
            if not node.varies:
                continue
            if node.op == "x":
                dx += slopes[i]
            elif node.op == "y":
                dy += slopes[i]
            else:
                self._spread(node, slopes[i], values[i], values, slopes)
        return values[-1], (dx, dy)

    def to_list(self) -> list[list[str | float]]:
        """The tape as plain JSON values, for the browser.

        >>> parse("2*x").to_list()
        [['num', -1, -1, 2.0, 0], ['x', -1, -1, 0.0, 1], ['*', 0, 1, 0.0, 1]]
        """
        return [[n.op, n.a, n.b, n.value, int(n.varies)] for n in self.tape]

    def _forward(self, x: float, y: float) -> list[float]:
        values: list[float] = []
        for node in self.tape:
            if node.op in VARIABLES:
                values.append(x if node.op == "x" else y)
            elif node.op == "num":
                values.append(node.value)
            elif node.b >= 0:
                values.append(_binary(node.op, values[node.a], values[node.b]))
            else:
                values.append(_unary(node, values[node.a]))
        return values

    def _spread(self, node: Node, g: float, value: float, values: list[float], slopes: list[float]) -> None:
        a = values[node.a]
        if node.b < 0:
            slopes[node.a] += _unary_slope(node, g, a, value)
            return
        b = values[node.b]
        for place, slope in zip((node.a, node.b), _binary_slopes(node.op, g, a, b, value), strict=True):
            if self.tape[place].varies:
                slopes[place] += slope


def power(base: float, exponent: float) -> float:
    """IEEE power: never complex, never an error.

    >>> power(-8.0, 0.5), power(10.0, 400.0), power(0.0, -1.0)
    (nan, inf, inf)
    """
    try:
        return math.pow(base, exponent)
    except OverflowError:
        return -math.inf if base < 0 and exponent % 2 == 1 else math.inf
    except ValueError:
        return math.inf if base == 0 else math.nan


def whole_power(base: float, exponent: int) -> float:
    """A product of up to 16 factors, or one over it.

    >>> whole_power(2.0, 3), whole_power(2.0, -1), whole_power(0.0, -1)
    (8.0, 0.5, inf)
    """
    product = 1.0
    for _ in range(abs(exponent)):
        product *= base
    return product if exponent >= 0 else divide(1.0, product)


def _binary(op: str, a: float, b: float) -> float:
    match op:
        case "+":
            return a + b
        case "-":
            return a - b
        case "*":
            return a * b
        case "/":
            return divide(a, b)
        case _:
            return power(a, b)


def _binary_slopes(op: str, g: float, a: float, b: float, value: float) -> tuple[float, float]:
    match op:
        case "+":
            return g, g
        case "-":
            return g, -g
        case "*":
            return g * b, g * a
        case "/":
            return divide(g, b), -g * divide(divide(a, b), b)
        case _:
            by_base = 0.0 if b == 0 else g * (b * power(a, b - 1))
            by_exponent = 0.0 if a == 0 and b >= 0 else g * (value * logarithm(a))
            return by_base, by_exponent


def logarithm(value: float) -> float:
    """IEEE logarithm.

    >>> logarithm(0.0), logarithm(-1.0)
    (-inf, nan)
    """
    if value > 0:
        return math.log(value)
    return -math.inf if value == 0 else math.nan


def _exponential(value: float) -> float:
    try:
        return math.exp(value)
    except OverflowError:
        return math.inf


def _unary(node: Node, a: float) -> float:
    match node.op:
        case "neg":
            return -a
        case "powi":
            return whole_power(a, int(node.value))
        case "exp":
            return _exponential(a)
        case "log":
            return logarithm(a)
        case "sqrt":
            return root(a)
        case "abs":
            return abs(a)
        case "tanh":
            return math.tanh(a)
    if not math.isfinite(a):
        return math.nan
    return {"sin": math.sin, "cos": math.cos, "tan": math.tan}[node.op](a)


def _unary_slope(node: Node, g: float, a: float, value: float) -> float:
    match node.op:
        case "neg":
            return -g
        case "powi":
            n = int(node.value)
            return 0.0 if n == 0 else g * (n * whole_power(a, n - 1))
        case "exp":
            return g * value
        case "log":
            return divide(g, a)
        case "sqrt":
            return divide(g, 2 * value)
        case "abs":
            return g * ((a > 0) - (a < 0))
        case "tanh":
            return g * (1 - value * value)
        case "tan":
            return g * (1 + value * value)
    if not math.isfinite(a):
        return math.nan
    return g * math.cos(a) if node.op == "sin" else g * -math.sin(a)


def parse(text: str) -> Expression:
    """The function that the text means. Raises: ExpressionError.

    >>> parse("x**2 + sin(3*y)").text
    'x**2 + sin(3*y)'
    >>> parse("x + foo(y)")
    Traceback (most recent call last):
    ...
    lib.core.optim.expression.ExpressionError: name at 5: 'foo'; allowed: x, y, pi, e, ...
    """
    text = " ".join(text.split())
    if not text:
        raise ExpressionError(Wrong.EMPTY, 1)
    if len(text) > MAX_LENGTH:
        raise ExpressionError(Wrong.TOO_LONG, MAX_LENGTH + 1, text[MAX_LENGTH : MAX_LENGTH + 10])
    try:
        tree = ast.parse(text, mode="eval")
    except SyntaxError as error:
        at_end = not error.offset or error.offset > len(text)
        place = len(text) if at_end else error.offset or 1
        raise ExpressionError(Wrong.SYNTAX, place, text[place - 1 : place + 9]) from None
    except (ValueError, RecursionError, MemoryError):
        raise ExpressionError(Wrong.SYNTAX, 1, text[:10]) from None
    reader = _Reader(text)
    reader.read(tree.body)
    if not reader.tape[-1].varies:
        raise ExpressionError(Wrong.NO_VARIABLE, 1, text)
    return Expression(text, tuple(reader.tape))


OPERATORS: dict[type[ast.operator], str] = {
    ast.Add: "+",
    ast.Sub: "-",
    ast.Mult: "*",
    ast.Div: "/",
    ast.Pow: "**",
}


class _Reader:
    """Walks the tree and writes the tape; equal operations get one place."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tape: list[Node] = []
        self._known: dict[Node, int] = {}

    def read(self, tree: ast.expr) -> int:
        """The place of the subtree's result."""
        match tree:
            case ast.Constant():
                return self._number(tree)
            case ast.Name():
                return self._name(tree)
            case ast.UnaryOp(op=ast.USub()):
                return self._add(tree, "neg", self.read(tree.operand))
            case ast.UnaryOp(op=ast.UAdd()):
                return self.read(tree.operand)
            case ast.BinOp():
                return self._operation(tree)
            case ast.Call():
                return self._call(tree)
        raise self._error(Wrong.NOT_ALLOWED, tree)

    def _number(self, tree: ast.Constant) -> int:
        number = tree.value
        if isinstance(number, bool) or not isinstance(number, int | float):
            raise self._error(Wrong.NOT_ALLOWED, tree)
        try:
            value = float(number)
        except OverflowError:
            value = math.inf
        if not math.isfinite(value):
            raise self._error(Wrong.NUMBER, tree)
        return self._add(tree, "num", value=value)

    def _name(self, tree: ast.Name) -> int:
        if tree.id in VARIABLES:
            return self._add(tree, tree.id)
        if tree.id in CONSTANTS:
            return self._add(tree, "num", value=CONSTANTS[tree.id])
        raise self._error(Wrong.NAME, tree)

    def _operation(self, tree: ast.BinOp) -> int:
        if isinstance(tree.op, ast.BitXor):
            raise self._error(Wrong.CARET, tree)
        if type(tree.op) not in OPERATORS:
            raise self._error(Wrong.NOT_ALLOWED, tree)
        op = OPERATORS[type(tree.op)]
        a, b = self.read(tree.left), self.read(tree.right)
        exponent = self.tape[b].value if self.tape[b].op == "num" else None
        if op == "**" and exponent is None and not self.tape[b].varies:  # as in x**-1
            exponent = self._constant(b)
        if op == "**" and exponent is not None and exponent % 1 == 0 and abs(exponent) <= MAX_POWER:
            return self._add(tree, "powi", a, value=exponent)
        return self._add(tree, op, a, b)

    def _call(self, tree: ast.Call) -> int:
        if not isinstance(tree.func, ast.Name) or tree.func.id not in FUNCTIONS:
            raise self._error(Wrong.NAME, tree.func)
        if len(tree.args) != 1 or tree.keywords or isinstance(tree.args[0], ast.Starred):
            raise self._error(Wrong.ARGUMENTS, tree)
        return self._add(tree, tree.func.id, self.read(tree.args[0]))

    def _constant(self, place: int) -> float:
        return Expression("", tuple(self.tape[: place + 1]))(0.0, 0.0)

    def _add(self, tree: ast.expr, op: str, a: int = -1, b: int = -1, value: float = 0.0) -> int:
        varies = op in VARIABLES or any(place >= 0 and self.tape[place].varies for place in (a, b))
        node = Node(op, a, b, value, varies)
        if node in self._known:
            return self._known[node]
        if len(self.tape) == MAX_NODES:
            raise self._error(Wrong.TOO_LONG, tree)
        self.tape.append(node)
        self._known[node] = len(self.tape) - 1
        return len(self.tape) - 1

    def _error(self, wrong: Wrong, tree: ast.expr) -> ExpressionError:
        piece = ast.get_source_segment(self.text, tree) or ""
        start = len(self.text.encode()[: tree.col_offset].decode(errors="ignore"))
        return ExpressionError(wrong, start + 1, piece[:30])
