"""The values of an expression's names: ``a=2; b=-3; W=[[1,2],[3,4]]``."""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from lib.core.autograd.expression import check_name, cleaned, parse_python
from lib.core.autograd.problems import MAX_DIMS, MAX_ELEMENTS, MAX_SIZE, MAX_TEXT, ExpressionError, Problem

Array = NDArray[np.float64]
Values = Mapping[str, Array]
_ASSIGNMENT = re.compile(r"([^\W\d]\w*)\s*=(?!=)\s*")


def parse_values(text: str) -> dict[str, Array]:
    """Scalars and small tensors by name, as float64; semicolons or commas between them.

    >>> parse_values("a=2; W=[[1, 2], [3, 4]]")["W"].shape
    (2, 2)

    Raises: ExpressionError, with the place.
    """
    text = cleaned(text)
    if len(text) > MAX_TEXT:
        details = {"length": len(text), "limit": MAX_TEXT}
        raise ExpressionError(Problem.TOO_LONG, text[: MAX_TEXT + 1], MAX_TEXT, MAX_TEXT + 1, details)
    found = list(_ASSIGNMENT.finditer(text))
    first = found[0].start() if found else len(text)
    if text[:first].strip(" ;,"):
        raise ExpressionError(Problem.SYNTAX, text, 0, first)
    values: dict[str, Array] = {}
    for number, match in enumerate(found):
        name = match[1]
        end = found[number + 1].start() if number + 1 < len(found) else len(text)
        check_name(name, text, match.start(1), match.end(1))
        if name in values:
            raise ExpressionError(Problem.NAME_TAKEN, text, match.start(1), match.end(1), {"name": name})
        values[name] = _value(text, name, match.end(), end)
    return values


def literal(value: Array) -> str:
    """A number or nested lists, as short as they can be.

    >>> literal(np.array([[1.0, -0.25]]))
    '[[1,-0.25]]'
    """
    if value.ndim == 0:
        return repr(float(value)).removesuffix(".0")
    return "[" + ",".join(literal(each) for each in value) + "]"


def _value(text: str, name: str, start: int, end: int) -> Array:
    end = start + len(text[start:end].rstrip(" ;,"))
    try:
        tree = parse_python(text[start:end])
    except ExpressionError as error:
        raise ExpressionError(Problem.BAD_VALUE, text, start + error.start, end, {"name": name}) from None
    if len(tree.body) != 1 or not isinstance(tree.body[0], ast.Expr):
        raise ExpressionError(Problem.BAD_VALUE, text, start, end, {"name": name})
    nested = _nested(tree.body[0].value, text, name, start)
    try:
        array = np.array(nested, dtype=np.float64)
    except ValueError:
        raise ExpressionError(Problem.RAGGED, text, start, end, {"name": name}) from None
    if array.size > MAX_ELEMENTS or array.ndim > MAX_DIMS or array.size == 0:
        details: dict[str, str | int] = {"name": name, "limit": MAX_ELEMENTS}
        raise ExpressionError(Problem.TOO_MANY_ELEMENTS, text, start, end, details)
    return array


def _nested(node: ast.expr, text: str, name: str, offset: int) -> object:
    if isinstance(node, ast.List | ast.Tuple):
        return [_nested(part, text, name, offset) for part in node.elts]
    sign, number = 1.0, node
    while isinstance(number, ast.UnaryOp) and isinstance(number.op, ast.USub | ast.UAdd):
        sign, number = (-sign if isinstance(number.op, ast.USub) else sign), number.operand
    # Columns count bytes; a value that is none of ours may hold characters of several.
    start, end = offset + node.col_offset, min(len(text), offset + (node.end_col_offset or 0))
    if (
        not isinstance(number, ast.Constant)
        or isinstance(number.value, bool)
        or not isinstance(number.value, int | float)
    ):
        raise ExpressionError(Problem.BAD_VALUE, text, min(start, end), end, {"name": name})
    if not abs(number.value) <= MAX_SIZE:
        details = {"number": text[start:end], "limit": f"{MAX_SIZE:,.0f}"}
        raise ExpressionError(Problem.BAD_NUMBER, text, start, end, details)
    return sign * float(number.value)
