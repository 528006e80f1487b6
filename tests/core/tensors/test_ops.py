"""Element maps, shapes, view-or-copy and errors of every step, against torch called directly."""

from __future__ import annotations

import math
from dataclasses import replace
from random import Random

import pytest
import torch
from hypothesis import given

from lib.core.tensors.errors import MAX_ELEMENTS, Problem, TensorInputError, TorchError
from lib.core.tensors.explain import Reason, explain
from lib.core.tensors.ops import (
    JOINS,
    PIECES,
    Step,
    StepKind,
    default_step,
    parse_step,
    parse_steps,
    pipeline_code,
    run_pipeline,
    steps_text,
    try_step,
)
from lib.core.tensors.trace import NO_SOURCE, Traced, number_elements
from tests.core.tensors.cases import BATCH, SEEDS, THOROUGH, draw_inputs, draw_step, values_of
from tests.core.tensors.explained import call, check_explanation


def writes_through(before: torch.Tensor, after: torch.Tensor) -> bool:
    """Whether a change of the result shows in the tensor it came from."""
    kept = before.clone()
    after[(0,) * after.dim()] = -99
    return not torch.equal(before, kept)


@pytest.mark.parametrize("kind", list(StepKind))
def test_every_step_does_what_torch_does(kind: StepKind) -> None:
    seen = {"legal": 0, "illegal": 0}

    @THOROUGH
    @given(SEEDS)
    def agree(seed: int) -> None:
        random = Random(seed)
        for _ in range(BATCH):
            first, second = draw_inputs(random)
            step = draw_step(random, kind, first.shape)
            seen["legal" if check_step(step, first, second) else "illegal"] += 1

    agree()
    assert seen["legal"] > 200
    assert kind is StepKind.CONTIGUOUS or seen["illegal"] > 100


def check_step(step: Step, first: Traced, second: Traced) -> bool:
    """Compare one step with torch; says whether torch accepts it."""
    outcome = try_step(step, first, second)
    expected = call(outcome.step, first.values, second.values)
    if outcome.problem is not None:
        assert isinstance(expected, torch.Tensor)
        details = outcome.problem.details
        if outcome.problem.problem is Problem.NEGATIVE_SIZE:  # torch 2.13 makes zeros(1, 0).expand(-2, 0)
            assert details == {"size": min(expected.shape)}
        else:
            assert details == {"elements": expected.numel(), "limit": MAX_ELEMENTS}
        return True
    if outcome.results:
        assert outcome.step == replace(step, piece=min(step.piece, len(outcome.results) - 1))
    if isinstance(expected, TorchError):
        assert outcome.error == expected, f"{step} on {first.shape}"
        check_explanation(outcome, first, second)
        return False
    after = outcome.after
    assert after is not None, f"torch accepts {step} on {first.shape}: {outcome}"
    assert (after.shape, after.values.stride()) == (tuple(expected.shape), expected.stride())
    assert torch.equal(after.values, expected)
    check_map(step, first, second, after)
    if after.values.numel():
        assert outcome.shares == writes_through(first.values, after.values)
    return True


def check_map(step: Step, first: Traced, second: Traced, after: Traced) -> None:
    """Every element's number leads back to an element of the same value."""
    pool = torch.full((4096,), -1)
    for traced in (first, second):
        pool[traced.layers[0].reshape(-1)] = traced.values.reshape(-1)
    if step.kind is StepKind.ADD:
        assert len(after.layers) == 2
        assert torch.equal(pool[after.layers[0]] + pool[after.layers[1]], after.values)
    else:
        assert torch.equal(pool[torch.from_numpy(after.source_map()).long()], after.values.reshape(-1))


def test_the_notes_example() -> None:
    a, b = number_elements([torch.tensor([1, 2, 3]), torch.tensor([3, 2, 1])])
    stacked = run_pipeline(parse_steps("stack(0)"), a, b)[0].after
    joined = run_pipeline(parse_steps("cat(0)"), a, b)[0].after
    assert stacked is not None
    assert joined is not None
    assert stacked.values.tolist() == [[1, 2, 3], [3, 2, 1]]
    assert joined.values.tolist() == [1, 2, 3, 3, 2, 1]


def test_a_view_of_a_transposed_tensor_fails_and_reshape_mends_it() -> None:
    a, b = number_elements([values_of((2, 3)), values_of((1,))])
    outcomes = run_pipeline(parse_steps("t();view((6,))"), a, b)
    assert outcomes[1].error is not None
    assert "at least one dimension spans across two contiguous subspaces" in outcomes[1].error.message
    why = explain(outcomes[1], b)
    assert why.reason == "not_contiguous"
    assert why.clash == ((0, 0), (0, 1))
    assert why.fix.steps == (Step(StepKind.RESHAPE, ((6,),)),)


def test_a_sum_of_a_sum_keeps_three_sources() -> None:
    a, b = number_elements([values_of((2, 1)), values_of((3,), 1)])
    after = run_pipeline(parse_steps("add();add();t()"), a, b)[-1].after
    assert after is not None
    assert [layer.shape for layer in after.layers] == [(3, 2)] * 3
    joined = run_pipeline(parse_steps("cat(0);add()"), number_elements([values_of((3,))])[0], a)[-1]
    assert joined.error is not None


def test_tensors_with_and_without_second_source_join() -> None:
    a, b = number_elements([values_of((3,)), values_of((3,), 1)])
    after = run_pipeline(parse_steps("add();cat(0)"), a, b)[-1].after
    assert after is not None
    assert after.source_map(1).tolist() == [3, 4, 5, NO_SOURCE, NO_SOURCE, NO_SOURCE]


@pytest.mark.parametrize(
    "text", ["repeat((100, 101))", "expand((5000, 1, 3))", "repeat((1000000000, 1000000000))"]
)
def test_more_than_the_limit_is_refused_before_it_is_allocated(text: str) -> None:
    a, b = number_elements([values_of((1, 3)), values_of((1,))])
    outcome = try_step(parse_step(text), a, b)
    assert outcome.problem is not None
    assert outcome.problem.problem is Problem.TOO_MANY_ELEMENTS
    assert outcome.problem.details["limit"] == MAX_ELEMENTS


def test_a_huge_split_is_refused() -> None:
    a, b = number_elements([values_of((500,)), values_of((1,))])
    assert try_step(parse_step("split(1, 0)"), a, b).problem is not None
    assert try_step(parse_step("chunk(400, 0)"), a, b).problem is not None
    assert len(try_step(parse_step("chunk(50, 0)"), a, b).results) == 50


@pytest.mark.parametrize("kind", list(StepKind))
@THOROUGH
@given(SEEDS)
def test_steps_survive_the_address(kind: StepKind, seed: int) -> None:
    random = Random(seed)
    step = draw_step(random, kind, draw_inputs(random)[0].shape)
    if kind not in PIECES:
        step = replace(step, piece=0)
    assert parse_steps(steps_text([step, step])) == (step, step)


@pytest.mark.parametrize(
    "text",
    ["__import__('os')", "stack(dim=a)", "foo()", "stack(1.5)", "t(1)", "x.t()", "stack(0", "1", "t(*a)"],
)
def test_other_texts_are_no_steps(text: str) -> None:
    with pytest.raises(TensorInputError):
        parse_step(text)


@pytest.mark.parametrize("kind", list(StepKind))
@pytest.mark.parametrize("shape", [(), (3,), (2, 3), (1, 2, 3), (2, 1, 3, 2)])
def test_a_fresh_step_is_legal_where_it_can_be(kind: StepKind, shape: tuple[int, ...]) -> None:
    a, b = number_elements([values_of(shape), values_of(shape, 1)])
    outcome = try_step(default_step(kind, shape), a, b)
    impossible = (kind in {StepKind.CAT, StepKind.CHUNK, StepKind.SPLIT} and not shape) or (
        kind is StepKind.T and len(shape) > 2
    )
    assert (outcome.after is None) == impossible


@pytest.mark.parametrize(
    ("kind", "shape", "text"),
    [
        (StepKind.EXPAND, (3,), "expand((2, 3))"),
        (StepKind.REPEAT, (4, 3), "repeat((1, 2))"),
        (StepKind.REPEAT, (), "repeat((2,))"),
        (StepKind.TRANSPOSE, (2, 3), "transpose(0, 1)"),
        (StepKind.TRANSPOSE, (3,), "transpose(0, 0)"),
        (StepKind.VIEW, (2, 3), "view((6,))"),
        (StepKind.SQUEEZE, (1, 3), "squeeze()"),
    ],
)
def test_a_fresh_step_in_full(kind: StepKind, shape: tuple[int, ...], text: str) -> None:
    assert default_step(kind, shape).text == text


def test_one_argument_changed_leaves_the_others() -> None:
    assert parse_step("split(2, 0, piece=1)").with_argument(0, 3) == Step(StepKind.SPLIT, (3, 0), piece=1)
    assert parse_step("split(2, 0, piece=0)").with_argument(1, -1) == Step(StepKind.SPLIT, (2, -1))


def test_the_code_of_a_pipeline_reproduces_it() -> None:
    a, b = number_elements([values_of((2, 3)), values_of((2, 3), 1)])
    pipeline = parse_steps("stack(1);permute((2, 0, 1));flatten(0, 1);chunk(2, 0, piece=1);add()")
    outcomes = run_pipeline(pipeline[:4], a, b)
    assert len(outcomes) == 4
    space: dict[str, object] = {}
    first, second = f"a = torch.tensor({a.values.tolist()})", f"b = torch.tensor({b.values.tolist()})"
    exec(pipeline_code(pipeline[:4], first, second), space)  # noqa: S102
    assert outcomes[-1].after is not None
    made = space["x"]
    assert isinstance(made, torch.Tensor)
    assert torch.equal(made, outcomes[-1].after.values)
    assert set(JOINS) == {StepKind.STACK, StepKind.CAT, StepKind.ADD}
    assert math.prod(made.shape) == 6


@pytest.mark.parametrize(
    ("shape", "wanted", "reason"),
    [((2, 3), (4,), Reason.TOO_MANY_ELEMENTS), ((2, 3), (4, 2), Reason.TOO_FEW_ELEMENTS)],
)
def test_a_reshape_says_on_which_side_the_elements_do_not_fit(
    shape: tuple[int, ...], wanted: tuple[int, ...], reason: Reason
) -> None:
    a, b = number_elements([values_of(shape), values_of((1,))])
    outcome = run_pipeline((Step(StepKind.RESHAPE, (wanted,)),), a, b)[0]
    assert outcome.error is not None
    assert "is invalid for input of size 6" in outcome.error.message
    assert explain(outcome, b).reason is reason


def test_the_code_of_a_refused_pipeline_runs_to_the_step_before_and_says_why() -> None:
    a, b = number_elements([values_of((2, 3)), values_of((1,))])
    steps = parse_steps("t();view((6,))")
    outcomes = run_pipeline(steps, a, b)
    refused = outcomes[-1].error
    assert refused is not None
    code = pipeline_code(steps, "a = torch.ones(2, 3)", "", refused)
    lines = code.split("\n")
    assert lines[:4] == ["import torch", "", "a = torch.ones(2, 3)", "x = a.t()"]
    assert lines[4] == f"# x = {steps[1].code('x', 'b')}"
    assert " ".join(line.removeprefix("#   ") for line in lines[5:-1]) == " ".join(str(refused).split())
    space: dict[str, object] = {}
    exec(code.replace("print", "shape = tuple"), space)  # noqa: S102
    assert space["shape"] == (3, 2)
    alone = pipeline_code(steps[1:], "a = torch.ones(2, 3).t()", "", refused).split("\n")
    assert (alone[3][:2], alone[-1]) == ("# ", "print(a.shape)")
