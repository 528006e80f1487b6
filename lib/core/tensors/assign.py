"""Writing through an index: ``x[[0, 0, 1]] += 1``, read with ``ast`` and carried out on a copy of x."""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

import numpy as np

from lib.core.tensors.create import number_text
from lib.core.tensors.errors import TORCH_RAISES, Problem, TensorInputError, TorchError
from lib.core.tensors.index import (
    NAME,
    IndexExpression,
    Subscript,
    apply_access,
    index_of,
    python_key,
    resolved,
)
from lib.core.tensors.parse import check_depth, not_allowed, number_of, shorten, syntax_tree, tidy
from lib.core.tensors.selection import select
from lib.core.tensors.trace import Traced, number_elements, shares_storage

if TYPE_CHECKING:
    import torch


class Change(StrEnum):
    """What is written: a value, or the old one changed by it."""

    SET = "="
    ADD = "+="
    SUBTRACT = "-="
    MULTIPLY = "*="
    DIVIDE = "/="


_SIGNS: dict[type[ast.operator], Change] = {
    ast.Add: Change.ADD,
    ast.Sub: Change.SUBTRACT,
    ast.Mult: Change.MULTIPLY,
    ast.Div: Change.DIVIDE,
}
_IN_PLACE: dict[Change, Callable[[Any, Any], Any]] = {
    Change.ADD: operator.iadd,
    Change.SUBTRACT: operator.isub,
    Change.MULTIPLY: operator.imul,
    Change.DIVIDE: operator.itruediv,
}


@dataclass(frozen=True)
class Assignment:
    """``target`` is x or an index of it, ``value`` the number at the right; ``code`` is the line as Python writes it.

    >>> parse_assignment("x[[0,0,1]]+=1").code
    'x[[0, 0, 1]] += 1'
    """

    target: IndexExpression
    change: Change
    value: float
    code: str


def parse_assignment(text: str) -> Assignment:
    """One line that writes a number into x.

    >>> parse_assignment("x[x > 2] = 0").change
    <Change.SET: '='>

    Raises: TensorInputError: NOT_ALLOWED for what writes nothing into x, and as ``parse_index``.
    """
    clean = tidy(text)
    try:
        tree = ast.parse(clean)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        syntax_tree(clean)  # says where
        raise TensorInputError(Problem.SYNTAX, {"text": shorten(clean), "column": 1}) from None
    check_depth(tree, clean)
    match tree.body:
        case [ast.Assign(targets=[ast.Subscript() as target], value=right)]:
            change = Change.SET
        case [ast.AugAssign(target=ast.Subscript() | ast.Name() as target, op=sign, value=right)] if (
            type(sign) in _SIGNS
        ):
            change = _SIGNS[type(sign)]
        case [statement, *_]:
            raise not_allowed(statement)
        case _:
            raise TensorInputError(Problem.EMPTY)
    expression = index_of(target)
    if expression.accesses and not isinstance(expression.accesses[-1], Subscript):
        raise not_allowed(target)
    value = number_of(right)
    return Assignment(expression, change, value, f"{expression.code} {change} {number_text(value)}")


@dataclass(frozen=True)
class Written:
    """What an assignment did to x; ``after`` is None where torch refused.

    ``changed`` are the places of x whose values differ, in row-major order. ``repeated`` are the places that the
    index names more than once, with how often. ``lost`` says that a copy was written into, and x is what it was.
    """

    before: torch.Tensor
    after: torch.Tensor | None = None
    changed: tuple[int, ...] = ()
    named: int = 0
    repeated: tuple[tuple[int, int], ...] = ()
    lost: bool = False
    error: TorchError | None = None
    problem: TensorInputError | None = None


def expanded(tensor: torch.Tensor) -> torch.Tensor:
    """A tensor of the same shape whose places along axis 0 are all the first one: one memory for all of them.

    >>> import torch
    >>> expanded(torch.arange(6).reshape(2, 3)).stride()
    (0, 1)
    """
    return tensor[:1].clone().expand(tensor.shape) if tensor.dim() and len(tensor) else tensor


def write(assignment: Assignment, tensor: torch.Tensor, *, is_expanded: bool = False) -> Written:
    """Carry the assignment out on a copy of the tensor; raises nothing that a learner's input can cause.

    >>> import torch
    >>> done = write(parse_assignment("x[[0, 0, 1]] += 1"), torch.zeros(3))
    >>> done.after.tolist(), done.repeated
    ([1.0, 1.0, 0.0], ((0, 2),))
    """
    x = expanded(tensor) if is_expanded else tensor.clone()
    before = x.clone()
    numbered = number_elements([before])[0]
    named = select(assignment.target, numbered)
    if named.problem is not None:
        return Written(before, problem=named.problem)
    try:
        lost = not _store(assignment, Traced(x, numbered.layers))
    except TORCH_RAISES as error:
        return Written(before, error=TorchError.of(error))
    assert named.after is not None
    numbers, counts = np.unique(named.after.source_map(), return_counts=True)
    return Written(
        before,
        x,
        tuple(np.flatnonzero(((before != x) & ~(before.isnan() & x.isnan())).reshape(-1).numpy()).tolist()),
        len(numbers),
        tuple((int(n), int(c)) for n, c in zip(numbers, counts, strict=True) if c > 1),
        lost,
    )


def _store(assignment: Assignment, traced: Traced) -> bool:
    """What Python does with the line; False where what was written into is no part of x."""
    into: Any = traced.values
    if not assignment.target.accesses:  # x += 1
        _IN_PLACE[assignment.change](into, assignment.value)
        return True
    *chain, last = assignment.target.accesses
    current = traced
    for access in chain:
        current = apply_access(resolved(access, traced.values), current)
    into = current.values
    last = resolved(last, traced.values)
    assert isinstance(last, Subscript)
    key = python_key(last)
    if assignment.change is Change.SET:
        into[key] = assignment.value
    else:
        into[key] = _IN_PLACE[assignment.change](into[key], assignment.value)
    return shares_storage(traced.values, into)


def counted_code(assignment: Assignment) -> str | None:
    """The line that counts a place as often as the index names it, for ``+=`` with one list; None for others.

    >>> counted_code(parse_assignment("x[[0, 0, 1]] += 1"))
    'x.index_put_((torch.tensor([0, 0, 1]),), torch.tensor(1, dtype=x.dtype), accumulate=True)'
    """
    target = assignment.target
    if assignment.change is not Change.ADD or len(target.accesses) != 1:
        return None
    (access,) = target.accesses
    if not isinstance(access, Subscript) or not all(text.startswith("[") for text in access.texts):
        return None
    indices = ", ".join(f"torch.tensor({text})" for text in access.texts)
    comma = "," if len(access.texts) == 1 else ""
    value = f"torch.tensor({number_text(assignment.value)}, dtype={NAME}.dtype)"
    return f"{NAME}.index_put_(({indices}{comma}), {value}, accumulate=True)"
