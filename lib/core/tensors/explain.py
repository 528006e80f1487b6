"""Why a step is illegal: which sizes clash, and the smallest change that makes it legal.

Fixes are proposed from the smallest change upwards; torch runs each, and the first that works is offered.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import pairwise

from lib.core.tensors.ops import (
    PARAMETERS,
    Argument,
    Outcome,
    Role,
    Step,
    StepKind,
    broadcast_sizes,
    legal_range,
    run_pipeline,
)
from lib.core.tensors.trace import Traced, number_elements


class Reason(StrEnum):
    """Why torch refuses a step. Pages word it."""

    DIM_RANGE = "dim_range"
    DIM_TWICE = "dim_twice"
    DIM_ORDER = "dim_order"
    SIZES_DIFFER = "sizes_differ"
    DIMS_DIFFER = "dims_differ"
    ZERO_DIM = "zero_dim"
    TOO_FEW_ELEMENTS = "too_few_elements"
    TOO_MANY_ELEMENTS = "too_many_elements"
    NO_WHOLE_REST = "no_whole_rest"
    ONE_UNKNOWN = "one_unknown"
    NOT_CONTIGUOUS = "not_contiguous"
    TOO_MANY_AXES = "too_many_axes"
    NOT_A_PERMUTATION = "not_a_permutation"
    EXPAND_SIZE = "expand_size"
    TOO_FEW_SIZES = "too_few_sizes"
    BAD_COUNT = "bad_count"
    DTYPE = "dtype"


REASON_SLOTS: dict[Reason, tuple[str, ...]] = {
    Reason.DIM_RANGE: ("value", "low", "high"),
    Reason.DIM_TWICE: ("value",),
    Reason.DIM_ORDER: ("start", "end"),
    Reason.SIZES_DIFFER: ("a", "b", "axes"),
    Reason.DIMS_DIFFER: ("a", "b"),
    Reason.ZERO_DIM: (),
    Reason.TOO_FEW_ELEMENTS: ("elements", "wanted", "places"),
    Reason.TOO_MANY_ELEMENTS: ("elements", "wanted", "places"),
    Reason.NO_WHOLE_REST: ("elements", "known"),
    Reason.ONE_UNKNOWN: (),
    Reason.NOT_CONTIGUOUS: ("shape", "stride"),
    Reason.TOO_MANY_AXES: ("ndim",),
    Reason.NOT_A_PERMUTATION: ("ndim",),
    Reason.EXPAND_SIZE: ("axes",),
    Reason.TOO_FEW_SIZES: ("ndim", "given"),
    Reason.BAD_COUNT: ("value",),
    Reason.DTYPE: (),
}


@dataclass(frozen=True)
class Fix:
    """The smallest change found: steps in place of the illegal one, and a shape for the second tensor."""

    steps: tuple[Step, ...]
    other_shape: tuple[int, ...] | None = None


@dataclass(frozen=True)
class Explanation:
    """``clash`` lists (tensor, axis): tensor 0 is the one that went in, 1 the second, axes from 0.

    ``argument`` says which entries of the step's sizes clash, for steps that take sizes.
    """

    reason: Reason
    numbers: dict[str, str | int]
    clash: tuple[tuple[int, int], ...]
    fix: Fix


def explain(outcome: Outcome, other: Traced) -> Explanation:
    """Explain a step that torch refused.

    >>> import torch
    >>> from lib.core.tensors.ops import parse_step, try_step
    >>> a, b = number_elements([torch.zeros(2, 3), torch.zeros(2, 4)])
    >>> why = explain(try_step(parse_step("stack(0)"), a, b), b)
    >>> why.reason.value, why.clash, why.fix.other_shape
    ('sizes_differ', ((0, 1), (1, 1)), (2, 3))
    """
    reason, numbers, clash = _reason(outcome.step, outcome.before, other)
    return Explanation(reason, numbers, clash, _first_fix(outcome, other))


_Why = tuple[Reason, dict[str, str | int], tuple[tuple[int, int], ...]]


def _reason(step: Step, before: Traced, other: Traced) -> _Why:
    """The first of a step's faults, in the order in which torch looks for them: its message stands beside."""
    needs_axes = {StepKind.CAT: [before, other], StepKind.CHUNK: [before], StepKind.SPLIT: [before]}
    if not all(traced.shape for traced in needs_axes.get(step.kind, [])):
        return Reason.ZERO_DIM, {}, ()
    least = 1 if step.kind is StepKind.CHUNK else 0
    for parameter, argument in zip(PARAMETERS[step.kind], step.arguments, strict=True):
        if parameter.role in {Role.DIM, Role.NEW_DIM, Role.OPTIONAL_DIM}:
            low, high = legal_range(parameter.role, _axes(step, before.shape, other.shape))
            if (fault := _dim_fault(_listed(argument), low, high)) is not None:
                return fault
        if parameter.role is Role.COUNT and isinstance(argument, int) and argument < least:
            return Reason.BAD_COUNT, {"value": argument}, ()
    if step.kind in {StepKind.STACK, StepKind.CAT, StepKind.ADD}:
        return _join_reason(step, before.shape, other.shape)
    return _single_reason(step, before)


def _listed(argument: Argument) -> tuple[int, ...]:
    """A dim, several of them, or none."""
    if isinstance(argument, tuple):
        return argument
    return () if argument is None else (argument,)


def _dim_fault(dims: tuple[int, ...], low: int, high: int) -> _Why | None:
    """The first dim that does not exist, or that has been named already."""
    named: set[int] = set()
    for dim in dims:
        if not low <= dim <= high:
            return Reason.DIM_RANGE, {"value": dim, "low": low, "high": high}, ()
        if dim % -low in named:
            return Reason.DIM_TWICE, {"value": dim % -low}, ()
        named.add(dim % -low)
    return None


def _axes(step: Step, shape: tuple[int, ...], other: tuple[int, ...]) -> int:
    """The axes among which a dim is looked for: ``cat`` passes over an empty tensor of one axis."""
    return len(other if step.kind is StepKind.CAT and shape == (0,) else shape)


def _join_reason(step: Step, a: tuple[int, ...], b: tuple[int, ...]) -> _Why:
    if step.kind is not StepKind.ADD and len(a) != len(b):
        return Reason.DIMS_DIFFER, {"a": len(a), "b": len(b)}, ()
    dim = step.arguments[0] if step.arguments else None
    joined = dim % len(a) if step.kind is StepKind.CAT and isinstance(dim, int) else None
    ndim = max(len(a), len(b))
    clash: list[tuple[int, int]] = []
    axes = []
    for axis in range(-min(len(a), len(b)), 0):
        stretched = step.kind is StepKind.ADD and 1 in (a[axis], b[axis])
        if a[axis] != b[axis] and axis + ndim != joined and not stretched:
            clash += [(0, axis + len(a)), (1, axis + len(b))]
            axes.append(f"{a[axis]} ≠ {b[axis]}")
    if not axes:
        return Reason.DTYPE, {}, ()
    numbers: dict[str, str | int] = {"a": str(list(a)), "b": str(list(b)), "axes": ", ".join(axes)}
    return Reason.SIZES_DIFFER, numbers, tuple(clash)


def _single_reason(step: Step, before: Traced) -> _Why:
    shape = before.shape
    ndim = len(shape)
    sizes = step.arguments[0] if step.arguments and isinstance(step.arguments[0], tuple) else ()
    if step.kind is StepKind.FLATTEN:
        return Reason.DIM_ORDER, {"start": str(step.arguments[0]), "end": str(step.arguments[1])}, ()
    if step.kind is StepKind.SPLIT:
        return Reason.BAD_COUNT, {"value": 0}, ()
    if step.kind is StepKind.T:
        return Reason.TOO_MANY_AXES, {"ndim": ndim}, tuple((0, axis) for axis in range(ndim))
    if step.kind is StepKind.PERMUTE:
        return Reason.NOT_A_PERMUTATION, {"ndim": ndim}, ()
    if step.kind in {StepKind.EXPAND, StepKind.REPEAT} and len(sizes) < ndim:
        return Reason.TOO_FEW_SIZES, {"ndim": ndim, "given": len(sizes)}, ()
    if step.kind is StepKind.REPEAT:
        return Reason.BAD_COUNT, {"value": min(sizes)}, ()
    if step.kind is StepKind.EXPAND:
        return _expand_reason(sizes, shape)
    return _reshape_reason(sizes, before)


def _expand_reason(sizes: tuple[int, ...], shape: tuple[int, ...]) -> _Why:
    lead = len(sizes) - len(shape)
    axes = [f"{size}" for size in sizes[:lead] if size < 0]
    clash = []
    for axis, (size, old) in enumerate(zip(sizes[lead:], shape, strict=True)):
        if size != old and old != 1 and size != -1:
            clash.append((0, axis))
            axes.append(f"{old} → {size}")
    if not axes:
        return Reason.BAD_COUNT, {"value": min(sizes, default=0)}, ()
    return Reason.EXPAND_SIZE, {"axes": ", ".join(axes)}, tuple(clash)


def _reshape_reason(sizes: tuple[int, ...], before: Traced) -> _Why:
    elements = math.prod(before.shape)
    for axis, size in enumerate(sizes):
        if size < -1:
            return Reason.BAD_COUNT, {"value": size}, ()
        if size == -1 and -1 in sizes[:axis]:
            return Reason.ONE_UNKNOWN, {}, ()
    known = math.prod(size for size in sizes if size != -1)
    fits = (elements % known == 0 if known else False) if -1 in sizes else known == elements
    if not fits:
        wanted = " × ".join(map(str, sizes)) or "1"
        clash = tuple((0, axis) for axis in range(len(before.shape)))
        if -1 in sizes:
            return Reason.NO_WHOLE_REST, {"elements": elements, "known": known}, clash
        reason = Reason.TOO_FEW_ELEMENTS if elements < known else Reason.TOO_MANY_ELEMENTS
        return reason, {"elements": elements, "wanted": wanted, "places": known}, clash
    stride = before.values.stride()
    numbers: dict[str, str | int] = {"shape": str(list(before.shape)), "stride": str(tuple(stride))}
    return Reason.NOT_CONTIGUOUS, numbers, tuple((0, axis) for axis in unmergeable(before.shape, stride))


def unmergeable(shape: tuple[int, ...], stride: tuple[int, ...]) -> list[int]:
    """Axes that cannot be merged with the next one without a copy: stride[i] != size[i+1] * stride[i+1].

    >>> unmergeable((3, 2), (1, 3))
    [0, 1]
    """
    axes: set[int] = set()
    real = [axis for axis, size in enumerate(shape) if size != 1]
    for left, right in pairwise(real):
        if stride[left] != shape[right] * stride[right]:
            axes |= {left, right}
    return sorted(axes)


def _first_fix(outcome: Outcome, other: Traced) -> Fix:
    for fix in _proposals(outcome.step, outcome.before, other.shape):
        if (ran := _as_it_runs(fix, outcome.before, other)) is not None:
            return ran
    return Fix(())


def _as_it_runs(fix: Fix, before: Traced, other: Traced) -> Fix | None:
    """The fix with its steps as they are carried out; None where torch refuses one of them."""
    import torch

    if fix.other_shape is not None:
        other = number_elements([torch.zeros(fix.other_shape, dtype=other.values.dtype)])[0]
    outcomes = run_pipeline(fix.steps, before, other)
    ran = tuple(outcome.step for outcome in outcomes)
    return replace(fix, steps=ran) if outcomes[-1].after is not None else None


def _proposals(step: Step, before: Traced, other: tuple[int, ...]) -> Iterator[Fix]:
    clamped = _with_legal_dims(step, _axes(step, before.shape, other))
    if clamped != step:
        yield Fix((clamped,))
    if step.kind in {StepKind.STACK, StepKind.CAT, StepKind.ADD}:
        yield from _join_proposals(clamped, before.shape, other)
    else:
        yield from (Fix(steps) for steps in _single_proposals(clamped, before.shape))


def _with_legal_dims(step: Step, ndim: int) -> Step:
    arguments: list[Argument] = []
    for parameter, argument in zip(PARAMETERS[step.kind], step.arguments, strict=True):
        legal = argument
        if parameter.role in {Role.DIM, Role.NEW_DIM, Role.OPTIONAL_DIM}:
            low, high = legal_range(parameter.role, ndim)
            if isinstance(argument, int):
                legal = min(max(argument, low), high)
            elif isinstance(argument, tuple):
                legal = tuple(dict.fromkeys(min(max(dim, low), high) % -low for dim in argument))
        if parameter.role is Role.COUNT and isinstance(argument, int):
            legal = max(argument, 1)
        arguments.append(legal)
    return replace(step, arguments=tuple(arguments))


def _join_proposals(step: Step, a: tuple[int, ...], b: tuple[int, ...]) -> Iterator[Fix]:
    if step.kind is StepKind.CAT and len(a) == len(b):
        for dim in range(len(a)):
            yield Fix((Step(StepKind.CAT, (dim,)),))
        joined = step.arguments[0]
        assert isinstance(joined, int)
        sizes = list(a)
        if a:
            sizes[joined] = b[joined]
            yield Fix((step,), tuple(sizes))
    if step.kind is StepKind.ADD:
        for dim in range(len(a) + 1):
            opened = (*a[:dim], 1, *a[dim:])
            if broadcast_sizes(opened, b) is not None:
                yield Fix((Step(StepKind.UNSQUEEZE, (dim,)), step))
        lead = b[: max(len(b) - len(a), 0)]
        tail = b[len(lead) :]
        start = len(a) - len(tail)
        mended = [x if x != y and 1 not in (x, y) else y for x, y in zip(a[start:], tail, strict=True)]
        yield Fix((step,), (*lead, *mended))
    if step.kind is StepKind.CAT and not a:
        if not b:
            yield Fix((Step(StepKind.STACK, (0,)),))
        yield Fix((Step(StepKind.UNSQUEEZE, (0,)), Step(StepKind.CAT, (0,))), b if len(b) == 1 else (1,))
    yield Fix((step,), a)


def _single_proposals(step: Step, shape: tuple[int, ...]) -> Iterator[tuple[Step, ...]]:
    ndim = len(shape)
    sizes = step.arguments[0] if step.arguments and isinstance(step.arguments[0], tuple) else ()
    if step.kind is StepKind.FLATTEN:
        yield (Step(step.kind, (step.arguments[1], step.arguments[0])),)
    if step.kind is StepKind.T:
        yield (Step(StepKind.TRANSPOSE, (-2, -1)),)
    if step.kind is StepKind.PERMUTE:
        yield (Step(step.kind, (_nearest_permutation(sizes, ndim),)),)
    if step.kind is StepKind.REPEAT:
        counts = (*(1,) * (ndim - len(sizes)), *(abs(size) for size in sizes))
        yield (Step(step.kind, (counts,)),)
        yield (Step(step.kind, ((1,) * ndim,)),)
    if step.kind is StepKind.EXPAND:
        yield (Step(step.kind, (_nearest_expansion(sizes, shape),)),)
        yield (Step(step.kind, (shape,)),)
    if step.kind in {StepKind.CHUNK, StepKind.SPLIT} and not ndim:
        yield (Step(StepKind.UNSQUEEZE, (0,)), Step(step.kind, (step.arguments[0], 0)))
    if step.kind is StepKind.VIEW:
        yield (Step(StepKind.RESHAPE, (sizes,)),)
    if step.kind in {StepKind.RESHAPE, StepKind.VIEW}:
        for mended in _nearest_shapes(sizes, math.prod(shape)):
            yield (Step(step.kind, (mended,)),)
            yield (Step(StepKind.RESHAPE, (mended,)),)


def _nearest_permutation(dims: tuple[int, ...], ndim: int) -> tuple[int, ...]:
    kept: list[int] = []
    for dim in dims:
        if -ndim <= dim < ndim and dim % ndim not in kept:
            kept.append(dim % ndim)
    return (*kept, *(axis for axis in range(ndim) if axis not in kept))


def _nearest_expansion(sizes: tuple[int, ...], shape: tuple[int, ...]) -> tuple[int, ...]:
    padded = (*(-1,) * (len(shape) - len(sizes)), *sizes)
    lead = len(padded) - len(shape)
    grown = [max(size, 1) for size in padded[:lead]]
    pairs = zip(padded[lead:], shape, strict=True)
    kept = [size if size in {old, -1} or (old == 1 and size >= 0) else old for size, old in pairs]
    return (*grown, *kept)


def _nearest_divisor(number: int, wanted: int) -> int:
    """The divisor of a number that is nearest to another; the smaller the change, the better.

    >>> _nearest_divisor(6, 4)
    3
    """
    divisors = [low for low in range(1, number + 1) if number % low == 0]
    return min(divisors, key=lambda divisor: (abs(divisor - wanted), -divisor))


def _fitting_size(others: tuple[int, ...], wanted: int, elements: int) -> int | None:
    """What one size must be beside the others; where one of those is unknown, the nearest to what was wanted."""
    rest = math.prod(size for size in others if size != -1)
    if min(others, default=0) < -1 or others.count(-1) > 1 or rest == 0 or elements % rest:
        return None
    if -1 not in others:
        return elements // rest
    return _nearest_divisor(elements // rest, max(wanted, 1)) if elements else None


def _nearest_shapes(sizes: tuple[int, ...], elements: int) -> Iterator[tuple[int, ...]]:
    for axis in reversed(range(len(sizes))):  # one size changed, the last one first
        fitting = _fitting_size((*sizes[:axis], *sizes[axis + 1 :]), sizes[axis], elements)
        if fitting is not None:
            yield (*sizes[:axis], fitting, *sizes[axis + 1 :])
    positive = [max(size, 1) if size != -1 else -1 for size in sizes]
    for axis in reversed(range(len(sizes))):  # two changed: the size and what the rest leaves
        for other in reversed(range(axis)):
            rest = math.prod(abs(size) for index, size in enumerate(positive) if index not in {axis, other})
            if elements % rest == 0 and positive[other] > 0:
                share = math.gcd(elements // rest, positive[other])
                changed = list(positive)
                changed[other], changed[axis] = share, elements // rest // share
                yield tuple(changed)
    yield (elements,)
