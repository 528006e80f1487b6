"""What can be wrong with a typed expression or its values: which problem, where, with its numbers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

MAX_TEXT = 200
"""Characters of a typed expression, and of its values."""
MAX_OPERATIONS = 32
MAX_ELEMENTS = 24
MAX_DIMS = 2
MAX_SIZE = 1e6
"""Largest number that may be typed."""
MAX_NAME = 12


class Problem(StrEnum):
    """What is wrong. The value is stable; the page words it in the learner's language."""

    EMPTY = "empty"
    TOO_LONG = "too_long"
    SYNTAX = "syntax"
    NOT_ALLOWED = "not_allowed"
    USE_POWER = "use_power"
    UNKNOWN_FUNCTION = "unknown_function"
    ARGUMENTS = "arguments"
    UNKNOWN_NAME = "unknown_name"
    NAME_TAKEN = "name_taken"
    BAD_NAME = "bad_name"
    NO_NAME = "no_name"
    TOO_MANY_OPERATIONS = "too_many_operations"
    BAD_NUMBER = "bad_number"
    BAD_VALUE = "bad_value"
    RAGGED = "ragged"
    TOO_MANY_ELEMENTS = "too_many_elements"
    SHAPES = "shapes"
    MATMUL = "matmul"
    DIMS = "dims"
    DIM = "dim"
    DIM_TWICE = "dim_twice"
    LAST_IS_ASSIGNMENT = "last_is_assignment"
    NO_GRAD_OF_NAME = "no_grad_of_name"


SLOTS: dict[Problem, tuple[str, ...]] = {
    Problem.EMPTY: (),
    Problem.TOO_LONG: ("length", "limit"),
    Problem.SYNTAX: (),
    Problem.NOT_ALLOWED: ("part",),
    Problem.USE_POWER: (),
    Problem.UNKNOWN_FUNCTION: ("name",),
    Problem.ARGUMENTS: ("name",),
    Problem.UNKNOWN_NAME: ("name", "known"),
    Problem.NAME_TAKEN: ("name",),
    Problem.BAD_NAME: ("name", "limit"),
    Problem.NO_NAME: (),
    Problem.TOO_MANY_OPERATIONS: ("limit",),
    Problem.BAD_NUMBER: ("number", "limit"),
    Problem.BAD_VALUE: ("name",),
    Problem.RAGGED: ("name",),
    Problem.TOO_MANY_ELEMENTS: ("name", "limit"),
    Problem.SHAPES: ("left", "right"),
    Problem.MATMUL: ("left", "right"),
    Problem.DIMS: ("name",),
    Problem.DIM: ("dim", "low", "high", "shape"),
    Problem.DIM_TWICE: ("dim",),
    Problem.LAST_IS_ASSIGNMENT: ("name",),
    Problem.NO_GRAD_OF_NAME: ("name",),
}
"""The numbers and texts that come with each problem."""


@dataclass(eq=False)
class ExpressionError(ValueError):
    """A text that means no expression: ``start`` and ``end`` are the characters of ``text`` that are to blame.

    >>> print(ExpressionError(Problem.USE_POWER, "a ^ 2", 2, 3).marked)
    a ^ 2
      ^
    """

    problem: Problem
    text: str
    start: int = 0
    end: int = 0
    details: Mapping[str, str | int] = field(default_factory=dict)

    @property
    def marked(self) -> str:
        """The text, and under it carets at the place."""
        start = min(self.start, len(self.text))
        width = max(1, min(self.end, len(self.text)) - start)
        blank = "".join("　" if ord(each) > 0x2E7F else " " for each in self.text[:start])
        return f"{self.text}\n{blank}{'^' * width}"

    def __str__(self) -> str:
        return f"{self.problem} at {self.start}: " + ", ".join(f"{k}={v}" for k, v in self.details.items())
