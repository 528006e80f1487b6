"""What cannot be read in a learner's program, and in which line."""

from __future__ import annotations

import ast
from enum import StrEnum

SHOWN = 60


class Problem(StrEnum):
    """What cannot be read. The page words each; slots are those of :class:`ReadError`."""

    TOO_LONG = "too_long"
    SYNTAX = "syntax"
    EMPTY = "empty"
    NOTHING = "nothing"
    UNKNOWN = "unknown"
    """A layer or function that this explorer does not have: ``text``."""
    NOT_A_CALL = "not_a_call"
    """A layer that is made elsewhere: ``text``."""
    ARGUMENT = "argument"
    """An argument that ``text`` does not have, or has twice: ``argument``."""
    MISSING = "missing"
    VALUE = "value"
    """``text`` = ``argument`` is not possible here: ``allowed``."""
    DEFAULT_ONLY = "default_only"
    """``argument`` of ``text`` is known at its default alone: ``allowed``."""
    NOT_CONSTANT = "not_constant"
    STATEMENT = "statement"
    BRANCH = "branch"
    """A tensor goes on that is not the newest one."""
    TWICE = "twice"
    """A layer with weights that is used twice: ``text``."""
    FLATTEN = "flatten"
    """Reshaping other than to (batch, everything else)."""
    ROWS = "rows"
    SQUARE = "square"
    """The input is not square, or too large: ``allowed``."""


class ReadError(ValueError):
    """Why a program is no stack, and in which line (from 1, 0 where it is no line's fault)."""

    def __init__(
        self, problem: Problem, line: int = 0, *, text: str = "", argument: str = "", allowed: str = ""
    ) -> None:
        super().__init__(f"line {line}: {problem} {text} {argument}".strip())
        self.problem, self.line = problem, line
        self.text, self.argument, self.allowed = text, argument, allowed


def refused(
    problem: Problem, node: ast.AST, *, text: str = "", argument: str = "", allowed: str = ""
) -> ReadError:
    """The refusal of a part of the program, which is quoted unless ``text`` says what is meant.

    >>> node = ast.parse("nn.LSTM(3, 4)").body[0]
    >>> str(refused(Problem.UNKNOWN, node))
    'line 1: unknown nn.LSTM(3, 4)'
    """
    said = text or (ast.unparse(node) if isinstance(node, ast.expr | ast.stmt) else "")
    first = said.strip().split("\n")[0]
    cut = first if len(first) <= SHOWN else f"{first[: SHOWN - 1]}…"
    return ReadError(problem, getattr(node, "lineno", 0), text=cut, argument=argument, allowed=allowed)
