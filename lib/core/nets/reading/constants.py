"""Numbers and texts of a learner's program that can be read off it without running it."""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Mapping
from typing import Any

from lib.core.nets.reading.errors import Problem, ReadError, refused

MAX_WHOLE = 2**40
"""No number of a layer is larger; what is multiplied again and again stays small."""
_ARITHMETIC: Mapping[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.FloorDiv: operator.floordiv,
}


class Constants:
    """What names mean at one place of the program."""

    def __init__(self, names: Mapping[str, Any] | None = None) -> None:
        self.names: dict[str, Any] = dict(names or {})

    def value(self, node: ast.expr) -> Any:
        """A number, a text, a flat tuple, or whole numbers added, subtracted, multiplied and divided.

        >>> Constants({"wide": 5}).value(ast.parse("16 * wide * wide", mode="eval").body)
        400

        Raises: ReadError for anything else.
        """
        match node:
            case ast.Constant(value=bool() | int() | float() | str() | None as value):
                return value
            case ast.Name(id=name) if name in self.names:
                return self.names[name]
            case ast.Tuple(elts=parts) | ast.List(elts=parts):
                values = tuple(self.value(part) for part in parts)
                if not any(isinstance(each, tuple) for each in values):
                    return values
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                value = self.value(operand)
                if isinstance(value, int | float):
                    return -value
            case ast.BinOp(left=left, op=op, right=right) if type(op) in _ARITHMETIC:
                first, second = self.value(left), self.value(right)
                if (
                    type(first) is int
                    and type(second) is int
                    and (second or not isinstance(op, ast.FloorDiv))
                ):
                    value = _ARITHMETIC[type(op)](first, second)
                    if abs(value) <= MAX_WHOLE:
                        return value
        raise refused(Problem.NOT_CONSTANT, node)

    def take(self, statement: ast.stmt) -> None:
        """Keep ``name = 5``; what any other statement gives a name to is not known any more."""
        match statement:
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                try:
                    self.names[name] = self.value(value)
                except ReadError:
                    self.names.pop(name, None)
            case ast.ClassDef() | ast.FunctionDef():
                self.names.pop(statement.name, None)
            case _:
                for each in ast.walk(statement):
                    if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Store):
                        self.names.pop(each.id, None)
