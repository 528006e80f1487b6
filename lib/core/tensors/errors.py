"""What can be wrong with what a learner typed, and what PyTorch refuses. Imports no torch."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

MAX_ELEMENTS = 10_000
"""A tensor that a learner makes holds at most this many elements."""
MAX_DIMS = 5
"""Axes that a tensor has which a learner makes."""
MAX_RESULT_DIMS = 8
"""Axes that a result may have: what is made of a tensor is drawn up to here."""
MAX_TEXT = 400
"""Characters of one typed expression."""
WRITTEN_TEXT = 4 * MAX_TEXT
"""Of the same expression as Python writes it: with a blank after each comma, and names in full."""


class Problem(StrEnum):
    """What is wrong with a typed text. The value is stable; pages word it in the learner's language."""

    EMPTY = "empty"
    SYNTAX = "syntax"
    TOO_LONG = "too_long"
    NOT_ALLOWED = "not_allowed"
    BAD_VALUE = "bad_value"
    UNKNOWN_NAME = "unknown_name"
    NEGATIVE_SIZE = "negative_size"
    TOO_MANY_DIMS = "too_many_dims"
    TOO_MANY_ELEMENTS = "too_many_elements"
    RAGGED = "ragged"
    MIXED_DEPTH = "mixed_depth"
    NOT_A_NUMBER = "not_a_number"
    ASSIGNMENT = "assignment"
    UNSUPPORTED = "unsupported"
    TRUTH_VALUE = "truth_value"
    NOT_AN_INDEX_DTYPE = "not_an_index_dtype"


SLOTS: dict[Problem, tuple[str, ...]] = {
    Problem.EMPTY: (),
    Problem.SYNTAX: ("text", "column"),
    Problem.TOO_LONG: ("length", "limit"),
    Problem.NOT_ALLOWED: ("text",),
    Problem.BAD_VALUE: ("name", "value", "allowed"),
    Problem.UNKNOWN_NAME: ("name", "known"),
    Problem.NEGATIVE_SIZE: ("size",),
    Problem.TOO_MANY_DIMS: ("dims", "limit"),
    Problem.TOO_MANY_ELEMENTS: ("elements", "limit"),
    Problem.RAGGED: ("place", "length", "first", "expected"),
    Problem.MIXED_DEPTH: ("place", "first"),
    Problem.NOT_A_NUMBER: ("place", "value"),
    Problem.ASSIGNMENT: ("text",),
    Problem.UNSUPPORTED: ("text",),
    Problem.TRUTH_VALUE: ("text",),
    Problem.NOT_AN_INDEX_DTYPE: ("dtype",),
}
"""The numbers and texts that come with each problem."""


@dataclass(eq=False)
class TensorInputError(ValueError):
    """A text that cannot become a tensor, shape or index: which problem, with its numbers.

    >>> print(too_many_elements(20_000))
    too_many_elements: elements=20000, limit=10000
    """

    problem: Problem
    details: Mapping[str, str | int] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{self.problem}: " + ", ".join(f"{name}={value}" for name, value in self.details.items())


def too_many_elements(elements: int) -> TensorInputError:
    """The refusal of a tensor above the limit, raised before anything is allocated."""
    return TensorInputError(Problem.TOO_MANY_ELEMENTS, {"elements": elements, "limit": MAX_ELEMENTS})


def check_elements(elements: int) -> None:
    """Raise TensorInputError where a tensor would hold more than MAX_ELEMENTS elements."""
    if elements > MAX_ELEMENTS:
        raise too_many_elements(elements)


def check_dims(dims: int) -> None:
    """Raise TensorInputError where a result would have more than MAX_RESULT_DIMS axes."""
    if dims > MAX_RESULT_DIMS:
        raise TensorInputError(Problem.TOO_MANY_DIMS, {"dims": dims, "limit": MAX_RESULT_DIMS})


def commented(line: str, why: object) -> str:
    """A refused line of code as comments: the line, and why under it, short enough for a narrow screen.

    >>> print(commented("y = x[5]", "IndexError: index 5 is out of bounds"))
    # y = x[5]
    #   IndexError: index 5 is out of bounds
    """
    text = " ".join(str(why).split())
    wrapped = textwrap.wrap(text, 76, initial_indent="#   ", subsequent_indent="#   ", break_long_words=False)
    return "\n".join([f"# {line}", *wrapped])


@dataclass(frozen=True)
class TorchError:
    """An exception of PyTorch's own: its type's name and its message, word for word."""

    kind: str
    message: str

    @classmethod
    def of(cls, error: BaseException) -> TorchError:
        """What torch raised, without the C++ trace that some builds append.

        >>> TorchError.of(IndexError("index out of range in self")).kind
        'IndexError'
        """
        return cls(type(error).__name__, str(error).split("\nException raised from")[0].strip())

    def __str__(self) -> str:
        return f"{self.kind}: {self.message}"


TORCH_RAISES = (RuntimeError, TypeError, ValueError, IndexError, AssertionError, OverflowError)
"""What torch raises on bad arguments (NotImplementedError is a RuntimeError)."""
