"""Why a step is refused and what mends it: each reason and each kind of fix, and the smallest fix against torch."""

from __future__ import annotations

import re
from itertools import pairwise, product
from random import Random

import pytest
import torch
from hypothesis import given

from lib.core.tensors.errors import Problem, TorchError
from lib.core.tensors.explain import Fix, Reason, explain, unmergeable
from lib.core.tensors.ops import (
    Step,
    StepKind,
    parse_step,
    parse_steps,
    pipeline_code,
    result_elements,
    run_pipeline,
    steps_text,
    try_step,
)
from lib.core.tensors.trace import Traced, number_elements
from tests.core.tensors.cases import BATCH, SEEDS, THOROUGH, draw_inputs, draw_step, values_of
from tests.core.tensors.explained import call, check_explanation, run_fix


def pair(a: tuple[int, ...], b: tuple[int, ...]) -> tuple[Traced, Traced]:
    first, second = number_elements([values_of(a), values_of(b, 1)])
    return first, second


@pytest.mark.parametrize(
    ("text", "a", "b", "reason", "fix", "other"),
    [
    ("stack(5)", (2, 3), (3,), Reason.DIM_RANGE, "stack(2)", (2, 3)),
    ("cat(2)", (0,), (0, 1), Reason.DIM_RANGE, "cat(1)", None),
    ("cat(5)", (2, 3), (), Reason.ZERO_DIM, "cat(1)", (2, 3)),
    ("chunk(0, 5)", (4,), (), Reason.BAD_COUNT, "chunk(1, 0)", None),
    ("chunk(0, 5)", (), (), Reason.ZERO_DIM, "unsqueeze(0);chunk(1, 0)", None),
    ("split(0, 5)", (4,), (), Reason.DIM_RANGE, "split(1, 0)", None),
    ("split(-1, 5)", (4,), (), Reason.BAD_COUNT, "split(1, 0)", None),
    ("reshape((-2, -1, -1))", (2, 3), (), Reason.BAD_COUNT, "reshape((1, -1, 6))", None),
    ("reshape((-1, -1, -2))", (2, 3), (), Reason.ONE_UNKNOWN, "reshape((6,))", None),
    ("reshape((3, -3, -2))", (2, 3), (), Reason.BAD_COUNT, "reshape((3, 1, 2))", None),
    ("stack(5)", (2, 3), (2, 3), Reason.DIM_RANGE, "stack(2)", None),
    ("stack(-4)", (2, 3), (2, 3), Reason.DIM_RANGE, "stack(-3)", None),
    ("stack(5)", (2, 3), (2, 4), Reason.DIM_RANGE, "stack(2)", (2, 3)),
    ("stack(0)", (2, 3), (3,), Reason.DIMS_DIFFER, "stack(0)", (2, 3)),
    ("cat(2)", (2, 3), (2, 3), Reason.DIM_RANGE, "cat(1)", None),
    ("cat(0)", (2, 3), (2, 4), Reason.SIZES_DIFFER, "cat(1)", None),
    ("cat(1)", (2, 3), (4, 3), Reason.SIZES_DIFFER, "cat(0)", None),
    ("cat(0)", (2, 3, 4), (5, 6, 4), Reason.SIZES_DIFFER, "cat(0)", (5, 3, 4)),
    ("cat(0)", (2, 3), (3,), Reason.DIMS_DIFFER, "cat(0)", (2, 3)),
    ("cat(0)", (), (3,), Reason.ZERO_DIM, "unsqueeze(0);cat(0)", (3,)),
    ("cat(0)", (), (), Reason.ZERO_DIM, "stack(0)", None),
    ("cat(0)", (), (2, 3), Reason.ZERO_DIM, "unsqueeze(0);cat(0)", (1,)),
    ("cat(0)", (2, 3), (), Reason.ZERO_DIM, "cat(0)", (2, 3)),
    ("cat(-1)", (2, 3, 4), (5, 3, 4), Reason.SIZES_DIFFER, "cat(0)", None),
    ("cat(1)", (2, 3, 4), (5, 6, 7), Reason.SIZES_DIFFER, "cat(1)", (2, 6, 4)),
    ("add()", (2, 3), (2, 4), Reason.SIZES_DIFFER, "add()", (2, 3)),
    ("add()", (3,), (4,), Reason.SIZES_DIFFER, "unsqueeze(1);add()", None),
    ("add()", (2, 3, 4), (3, 5), Reason.SIZES_DIFFER, "add()", (3, 4)),
    ("add()", (3, 5), (2, 3, 4), Reason.SIZES_DIFFER, "add()", (2, 3, 5)),
    ("add()", (2, 3), (3, 2), Reason.SIZES_DIFFER, "unsqueeze(2);add()", None),
    ("add()", (4, 1, 3), (2, 5), Reason.SIZES_DIFFER, "add()", (2, 3)),
    ("add()", (2,), (2, 3), Reason.SIZES_DIFFER, "unsqueeze(1);add()", None),
    ("add()", (3, 2), (3,), Reason.SIZES_DIFFER, "unsqueeze(2);add()", None),
    ("squeeze(2)", (2, 3), (), Reason.DIM_RANGE, "squeeze(1)", None),
    ("squeeze((0, 2))", (2, 3), (), Reason.DIM_RANGE, "squeeze((0, 1))", None),
    ("squeeze((1, -1, 5))", (2, 3), (), Reason.DIM_TWICE, "squeeze((1,))", None),
    ("squeeze((0, -3))", (1, 3), (), Reason.DIM_RANGE, "squeeze((0,))", None),
    ("unsqueeze(3)", (2, 3), (), Reason.DIM_RANGE, "unsqueeze(2)", None),
    ("flatten(1, 0)", (2, 3), (), Reason.DIM_ORDER, "flatten(0, 1)", None),
    ("flatten(3, 0)", (2, 3), (), Reason.DIM_RANGE, "flatten(0, 1)", None),
    ("flatten(0, 2)", (2, 3), (), Reason.DIM_RANGE, "flatten(0, 1)", None),
    ("transpose(0, 2)", (2, 3), (), Reason.DIM_RANGE, "transpose(0, 1)", None),
    ("t()", (2, 3, 4), (), Reason.TOO_MANY_AXES, "transpose(-2, -1)", None),
    ("permute((0, 0, 1))", (2, 3, 4), (), Reason.NOT_A_PERMUTATION, "permute((0, 1, 2))", None),
    ("permute((2, -3))", (2, 3, 4), (), Reason.NOT_A_PERMUTATION, "permute((2, 0, 1))", None),
    ("permute((5, 1, 0))", (2, 3, 4), (), Reason.NOT_A_PERMUTATION, "permute((1, 0, 2))", None),
    ("permute((-1, -1, 0))", (2, 3, 4), (), Reason.NOT_A_PERMUTATION, "permute((2, 0, 1))", None),
    ("permute((-3, 1, 0, 2))", (2, 3, 4), (), Reason.NOT_A_PERMUTATION, "permute((0, 1, 2))", None),
    ("expand((3,))", (2, 3), (), Reason.TOO_FEW_SIZES, "expand((-1, 3))", None),
    ("expand((4, 3))", (2, 3), (), Reason.EXPAND_SIZE, "expand((2, 3))", None),
    ("expand((4, 5))", (1, 3), (), Reason.EXPAND_SIZE, "expand((4, 3))", None),
    ("expand((-1, 2, 3))", (2, 3), (), Reason.EXPAND_SIZE, "expand((1, 2, 3))", None),
    ("expand((-2, 3))", (1, 3), (), Reason.BAD_COUNT, "expand((1, 3))", None),
    ("expand((2, 4))", (2, 3), (), Reason.EXPAND_SIZE, "expand((2, 3))", None),
    ("expand((-2, -2, 3))", (1, 3), (), Reason.EXPAND_SIZE, "expand((1, 1, 3))", None),
    ("expand((5,))", (2, 1), (), Reason.TOO_FEW_SIZES, "expand((-1, 5))", None),
    ("expand((3, 2, 4))", (2, 3), (), Reason.EXPAND_SIZE, "expand((3, 2, 3))", None),
    ("repeat((2,))", (2, 3), (), Reason.TOO_FEW_SIZES, "repeat((1, 2))", None),
    ("repeat((2, -1))", (2, 3), (), Reason.BAD_COUNT, "repeat((2, 1))", None),
    ("repeat((-2, 3, 1))", (2, 3), (), Reason.BAD_COUNT, "repeat((2, 3, 1))", None),
    ("chunk(0, 0)", (4,), (), Reason.BAD_COUNT, "chunk(1, 0)", None),
    ("chunk(-1, 0)", (4,), (), Reason.BAD_COUNT, "chunk(1, 0)", None),
    ("chunk(2, 1)", (4,), (), Reason.DIM_RANGE, "chunk(2, 0)", None),
    ("chunk(2, 0)", (), (), Reason.ZERO_DIM, "unsqueeze(0);chunk(2, 0)", None),
    ("split(0, 0)", (4,), (), Reason.BAD_COUNT, "split(1, 0)", None),
    ("split(2, 0)", (), (), Reason.ZERO_DIM, "unsqueeze(0);split(2, 0)", None),
    ("split(-3, 5)", (4,), (), Reason.BAD_COUNT, "split(1, 0)", None),
    ("reshape((4,))", (2, 3), (), Reason.TOO_MANY_ELEMENTS, "reshape((6,))", None),
    ("reshape((4, 2))", (2, 3), (), Reason.TOO_FEW_ELEMENTS, "reshape((3, 2))", None),
    ("reshape((-1, 4))", (2, 3), (), Reason.NO_WHOLE_REST, "reshape((-1, 3))", None),
    ("reshape((-1, -1))", (2, 3), (), Reason.ONE_UNKNOWN, "reshape((-1, 1))", None),
    ("reshape((-1, -1, -1))", (2, 3), (), Reason.ONE_UNKNOWN, "reshape((6,))", None),
    ("reshape((-2, 3))", (2, 3), (), Reason.BAD_COUNT, "reshape((2, 3))", None),
    ("reshape((-1, 0))", (2, 3), (), Reason.NO_WHOLE_REST, "reshape((-1, 1))", None),
    ("reshape((0, -1))", (0, 3), (), Reason.NO_WHOLE_REST, "reshape((1, 0))", None),
    ("reshape((5, 5))", (3, 4), (), Reason.TOO_FEW_ELEMENTS, "reshape((1, 12))", None),
    ("reshape(())", (2, 3), (), Reason.TOO_MANY_ELEMENTS, "reshape((6,))", None),
    ("reshape((2, 2))", (2, 3), (), Reason.TOO_MANY_ELEMENTS, "reshape((2, 3))", None),
    ("reshape((1, 4, 3))", (2, 3), (), Reason.TOO_FEW_ELEMENTS, "reshape((1, 2, 3))", None),
    ("reshape((4, -1, 5))", (4, 6), (), Reason.NO_WHOLE_REST, "reshape((4, -1, 6))", None),
    ("reshape((7, 5))", (4, 6), (), Reason.TOO_FEW_ELEMENTS, "reshape((1, 24))", None),
    ("reshape((-3,))", (2, 3), (), Reason.BAD_COUNT, "reshape((6,))", None),
    ("reshape((4, 0))", (2, 3), (), Reason.TOO_MANY_ELEMENTS, "reshape((2, 3))", None),
    ("reshape((-3, 4))", (2, 4), (), Reason.BAD_COUNT, "reshape((2, 4))", None),
    ("view((7,))", (2, 3), (), Reason.TOO_FEW_ELEMENTS, "view((6,))", None),
    ("reshape((3, 3))", (0, 4), (), Reason.TOO_FEW_ELEMENTS, "reshape((3, 0))", None),
    ("reshape((1, 1))", (5,), (), Reason.TOO_MANY_ELEMENTS, "reshape((1, 5))", None),
    ("reshape((4, 9, 2))", (3, 4, 5), (), Reason.TOO_FEW_ELEMENTS, "reshape((4, 3, 5))", None),
    ("reshape((-1, 4, 7))", (2, 3, 4), (), Reason.NO_WHOLE_REST, "reshape((-1, 4, 6))", None),
    ("reshape((6, -1, -1))", (2, 3), (), Reason.ONE_UNKNOWN, "reshape((6, -1, 1))", None),
    ],
)  # fmt: skip
def test_a_refusal_is_explained_and_mended(
    text: str,
    a: tuple[int, ...],
    b: tuple[int, ...],
    reason: Reason,
    fix: str,
    other: tuple[int, ...] | None,
) -> None:
    first, second = pair(a, b)
    why = check_explanation(try_step(parse_step(text), first, second), first, second)
    assert (why.reason, steps_text(why.fix.steps), why.fix.other_shape) == (reason, fix, other)


@THOROUGH
@given(SEEDS)
def test_a_reshape_that_one_size_would_mend_is_mended_by_one(seed: int) -> None:
    random = Random(seed)
    for _ in range(BATCH // 2):
        first, second = draw_inputs(random)
        step = draw_step(random, StepKind.RESHAPE, first.shape)
        outcome = try_step(step, first, second)
        (sizes,) = step.arguments
        assert isinstance(sizes, tuple)
        if outcome.error is None or len(sizes) > 3:
            continue
        (mended,) = explain(outcome, second).fix.steps[0].arguments
        assert isinstance(mended, tuple)
        x = first.values
        ways = [
            (*sizes[:axis], size, *sizes[axis + 1 :])
            for axis in range(len(sizes))
            for size in range(1, x.numel() + 1)
        ]
        if any(isinstance(call(Step(StepKind.RESHAPE, (way,)), x, x), torch.Tensor) for way in ways):
            assert sum(old != new for old, new in zip(sizes, mended, strict=True)) == 1, (step, first.shape)


@pytest.mark.parametrize("size", range(1, 14))
def test_an_unknown_stays_unknown_and_the_other_size_becomes_the_nearest_divisor(size: int) -> None:
    first, second = pair((12,), ())
    x = first.values
    outcome = try_step(Step(StepKind.RESHAPE, ((-1, size),)), first, second)
    if 12 % size == 0:
        assert outcome.after is not None
        return
    (step,) = explain(outcome, second).fix.steps
    works = [
        n for n in range(1, 14) if isinstance(call(Step(StepKind.RESHAPE, ((-1, n),)), x, x), torch.Tensor)
    ]
    nearest = min(abs(n - size) for n in works)
    assert step.arguments == ((-1, max(n for n in works if abs(n - size) == nearest)),)


@THOROUGH
@given(SEEDS)
def test_axes_that_cannot_merge_are_those_that_torch_cannot_merge(seed: int) -> None:
    random = Random(seed)
    for _ in range(BATCH // 2):
        x = draw_inputs(random)[0].values
        if not x.numel():
            continue
        marked: set[int] = set()
        for left, right in pairwise(axis for axis, size in enumerate(x.shape) if size != 1):
            part = x[tuple(slice(None) if axis in {left, right} else 0 for axis in range(x.dim()))]
            if isinstance(call(Step(StepKind.VIEW, ((part.numel(),),)), part, part), TorchError):
                marked |= {left, right}
        assert unmergeable(tuple(x.shape), x.stride()) == sorted(marked)


@pytest.mark.parametrize("shape", [(1, 3), (2, 1), (2, 3), (3,), (1,)])
def test_an_expansion_keeps_what_can_be_kept(shape: tuple[int, ...]) -> None:
    first, second = pair(shape, ())
    lead = 2 - len(shape)
    for sizes in product((-3, -2, -1, 0, 1, 2, 3), repeat=2):
        outcome = try_step(Step(StepKind.EXPAND, (sizes,)), first, second)
        if outcome.error is None:
            continue
        why = check_explanation(outcome, first, second)
        (mended,) = why.fix.steps[0].arguments
        assert isinstance(mended, tuple)
        for axis, (old, new) in enumerate(zip(sizes, mended, strict=True)):
            size = 0 if axis < lead else shape[axis - lead]
            is_legal = old > 0 if axis < lead else old in {-1, size} or (size == 1 and old >= 0)
            assert (old == new) == is_legal, (sizes, mended)
        wrong = [
            axis for axis, size in enumerate(shape) if size != 1 and sizes[axis + lead] not in {-1, size}
        ]
        assert list(why.clash) == [(0, axis) for axis in wrong]
        told = [str(size) for size in sizes[:lead] if size < 0]
        told += [f"{shape[axis]} → {sizes[axis + lead]}" for axis in wrong]
        assert why.numbers.get("axes", "") == ", ".join(told)


@pytest.mark.parametrize("dtype", [torch.float64, torch.int32])
def test_a_fix_with_another_second_tensor_keeps_its_dtype(dtype: torch.dtype) -> None:
    first, second = number_elements([torch.ones(2, 3), torch.ones(5, 7, dtype=dtype)])
    fix = explain(try_step(parse_step("add()"), first, second), second).fix
    assert fix == Fix((Step(StepKind.ADD),), (2, 3))
    made = run_fix(fix, first.values, second.values)
    assert isinstance(made, torch.Tensor)
    assert made.dtype == torch.promote_types(torch.float32, dtype)


def test_beyond_the_last_piece_is_the_last_one_in_the_code_too() -> None:
    first, second = pair((5,), ())
    (outcome,) = run_pipeline(parse_steps("chunk(2, 0, piece=7)"), first, second)
    space: dict[str, object] = {}
    exec(pipeline_code([outcome.step], "a = torch.arange(5)", ""), space)  # noqa: S102
    made = space["x"]
    assert isinstance(made, torch.Tensor)
    assert made.tolist() == [3, 4]
    outcome = try_step(parse_step("split(3, 4, piece=9)"), first, second)
    assert explain(outcome, second).fix.steps == (Step(StepKind.SPLIT, (3, 0), piece=1),)


def test_a_size_that_only_torch_makes_is_refused() -> None:
    first, second = number_elements([torch.zeros(1, 0), torch.zeros(2)])
    problem = try_step(parse_step("expand((-2, 0))"), first, second).problem
    assert problem is not None
    assert (problem.problem, problem.details) == (Problem.NEGATIVE_SIZE, {"size": -2})


@pytest.mark.parametrize("text", ["unsqueeze(0)", "stack(0)", "reshape((1, 1, 1, 1, 1, 1, 1, 1, 1))"])
def test_more_axes_than_a_screen_shows_are_refused(text: str) -> None:
    problem = try_step(parse_step(text), *pair((1,) * 8, (1,) * 8)).problem
    assert problem is not None
    assert (problem.problem, problem.details) == (Problem.TOO_MANY_DIMS, {"dims": 9, "limit": 8})
    for legal in ("squeeze(0)", "cat(0)", "reshape((1, 1, 1, 1, 1, 1, 1, 1))"):
        assert try_step(parse_step(legal), *pair((1,) * 8, (1,) * 8)).after is not None
    assert try_step(parse_step("stack(0)"), *pair((1,) * 7, (1,) * 7)).after is not None


@pytest.mark.parametrize(
    ("text", "size", "pieces"),
    [
        ("split(1, 0)", 65, 65),
        ("split(2, -1)", 129, 65),
        ("chunk(65, 0)", 65, 65),
        ("chunk(65, -1)", 200, 65),
        ("split(1, 0)", 64, 0),
        ("split(2, -1)", 128, 0),
        ("chunk(64, 0)", 200, 0),
        ("chunk(500, 0)", 64, 0),
    ],
)
def test_more_pieces_than_a_screen_shows_are_refused(text: str, size: int, pieces: int) -> None:
    outcome = try_step(parse_step(text), *pair((size,), ()))
    assert (outcome.problem is not None) == bool(pieces)
    if outcome.problem is not None:
        assert outcome.problem.problem is Problem.BAD_VALUE
        details = {"name": text.partition("(")[0], "value": pieces, "allowed": "≤ 64"}
        assert outcome.problem.details == details


@THOROUGH
@given(SEEDS)
def test_elements_are_counted_before_they_are_made(seed: int) -> None:
    random = Random(seed)
    for kind in StepKind:
        first, second = draw_inputs(random)
        step = draw_step(random, kind, first.shape)
        counted = result_elements(step, first.shape, second.shape)
        made = call(step, first.values, second.values)
        if isinstance(made, TorchError):
            is_named = kind in {StepKind.ADD, StepKind.EXPAND}
            assert counted == 0 or not is_named or re.search("leading|overflow", made.message)
        elif min(made.shape, default=0) >= 0:
            exact = kind in {StepKind.EXPAND, StepKind.REPEAT, StepKind.ADD, StepKind.STACK, StepKind.CAT}
            assert counted == made.numel() if exact else counted >= made.numel()
