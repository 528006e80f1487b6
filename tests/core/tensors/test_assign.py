"""Writing through an index against Python and torch themselves."""

from __future__ import annotations

import math

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from lib.core.tensors.assign import Written, counted_code, expanded, parse_assignment, write
from lib.core.tensors.errors import Problem, TensorInputError, TorchError

LINES = (
    "x[0, 1, 2] = 99",
    "x[[0, 0, 1]] += 1",
    "x[..., ::2] -= 3",
    "x[x > 9] = 0",
    "x[x[0] > 1] = 7",
    "x[:, [0, 1], [2, 2]] *= 10",
    "x[0][1] = 5",
    "x[[0]][0] = 5",
    "x[None, 1] += 2",
    "x += 1",
    "x *= 0.5",
    "x[0] /= 2",
    "x[7] = 1",
    "x[[0, 1], [0, 1, 2]] = 1",
    "x[:, torch.tensor([2, 0])] = -1",
    "x[0] = 1.5",
)


def by_python(line: str, x: torch.Tensor) -> torch.Tensor | Exception:
    """The line, run."""
    try:
        exec(line, {"torch": torch, "x": x})  # noqa: S102
    except (RuntimeError, TypeError, IndexError) as error:
        return error
    return x


def check(done: Written, truth: torch.Tensor | Exception, before: torch.Tensor) -> None:
    if isinstance(truth, Exception):
        assert done.after is None
        assert done.error is not None
        assert done.error.message == str(truth)
        return
    assert done.after is not None
    assert torch.equal(done.after, truth)
    assert set(done.changed) == set((before != truth).reshape(-1).nonzero().flatten().tolist())


@pytest.mark.filterwarnings("ignore:Use of .* on expanded tensors is deprecated")
@pytest.mark.parametrize("dtype", [torch.int64, torch.float32])
@pytest.mark.parametrize("is_expanded", [False, True])
@pytest.mark.parametrize("line", LINES)
def test_a_line_does_what_python_does(line: str, is_expanded: bool, dtype: torch.dtype) -> None:
    x = torch.arange(24).reshape(2, 3, 4).to(dtype)
    start = expanded(x) if is_expanded else x
    before = start.clone()
    done = write(parse_assignment(line), x, is_expanded=is_expanded)
    assert torch.equal(x, torch.arange(24).reshape(2, 3, 4).to(dtype)), "the learner's tensor is left alone"
    check(done, by_python(line, expanded(x) if is_expanded else x.clone()), before)


@given(
    st.lists(st.integers(-3, 2), min_size=1, max_size=6),
    st.sampled_from(["=", "+=", "-=", "*="]),
    st.integers(-5, 5),
)
def test_places_named_twice_are_written_once(places: list[int], sign: str, value: int) -> None:
    x = torch.arange(6).reshape(3, 2)
    assignment = parse_assignment(f"x[{places}] {sign} {value}")
    done = write(assignment, x)
    check(done, by_python(assignment.code, x.clone()), x)
    often = {row: [place % 3 for place in places].count(row) for row in range(3)}
    assert dict(done.repeated) == {
        2 * row + column: count for row, count in often.items() for column in range(2) if count > 1
    }
    counted = counted_code(assignment)
    assert (counted is not None) == (sign == "+=")
    if counted is not None:
        truth = by_python(counted, x.clone())
        assert isinstance(truth, torch.Tensor)
        assert truth.tolist() == [[int(x[r, c]) + value * often[r] for c in range(2)] for r in range(3)]


def test_what_is_lost_and_what_is_shared() -> None:
    x = torch.arange(24).reshape(2, 3, 4)
    assert write(parse_assignment("x[[0]][0] = 5"), x).lost
    assert not write(parse_assignment("x[0][1] = 5"), x).lost
    done = write(parse_assignment("x[0, 0, 0] = 99"), x, is_expanded=True)
    assert done.changed == (0, 12)
    assert done.named == 1


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("x[0]", Problem.NOT_ALLOWED),
        ("x = 5", Problem.NOT_ALLOWED),
        ("x[0] = open('f')", Problem.NOT_ALLOWED),
        ("x[0] = x[1]", Problem.NOT_ALLOWED),
        ("x[0] **= 2", Problem.NOT_ALLOWED),
        ("x[0] = y[1] = 2", Problem.NOT_ALLOWED),
        ("x.flip(0) += 1", Problem.SYNTAX),
        ("import os", Problem.NOT_ALLOWED),
        ("x[0] = 1; x[1] = 2", Problem.NOT_ALLOWED),
        ("x[", Problem.SYNTAX),
        (" ", Problem.EMPTY),
        ("y += 1", Problem.UNKNOWN_NAME),
    ],
)
def test_other_lines_are_refused(text: str, problem: Problem) -> None:
    with pytest.raises(TensorInputError) as refused:
        parse_assignment(text)
    assert refused.value.problem is problem


def test_a_copy_that_would_be_too_large_is_no_line_to_carry_out() -> None:
    x = torch.zeros(2, 5000)
    for line in ("x[[0, 1, 0]] = 5", "x[[0, 1, 0]][0] += 5"):
        done = write(parse_assignment(line), x)
        assert done.problem is not None
        assert done.problem.problem is Problem.TOO_MANY_ELEMENTS
        assert (done.after, done.error, done.named, done.changed) == (None, None, 0, ())
        assert torch.equal(done.before, x)


def test_what_was_before_stays_beside_what_came_of_it() -> None:
    x = torch.tensor([math.nan, 1.0, math.nan])
    done = write(parse_assignment("x[:2] = nan"), x)
    assert (done.changed, done.named) == ((1,), 2)
    done = write(parse_assignment("x[0] = 5"), x)
    assert done.changed == (0,)
    assert done.before.isnan().tolist() == [True, False, True]
    refused = write(parse_assignment("x[7] = 1"), x)
    assert refused.error is not None
    assert refused.before.isnan().tolist() == [True, False, True]


def test_x_itself_is_never_lost_and_a_masked_copy_is() -> None:
    x = torch.arange(6).reshape(2, 3)
    assert not write(parse_assignment("x += 1"), x).lost
    assert write(parse_assignment("x[x > 2][0] = 5"), x).lost


@pytest.mark.parametrize("x", [torch.tensor(5), torch.zeros(0, 2), torch.ones(3)])
def test_any_tensor_can_be_expanded(x: torch.Tensor) -> None:
    made = expanded(x)
    assert made.shape == x.shape
    assert made.dim() == 0 or made.numel() == 0 or made.stride(0) == 0


@pytest.mark.parametrize(
    "line", ["x[0] += 1", "x[x > 2] += 1", "x[:] += 1", "x[0][1] += 1", "x += 1", "x[[0]] -= 1"]
)
def test_other_lines_have_nothing_to_count(line: str) -> None:
    assert counted_code(parse_assignment(line)) is None


def test_two_lists_are_counted_too() -> None:
    x = torch.zeros(2, 3)
    counted = counted_code(parse_assignment("x[[0, 0, 1], [1, 1, 2]] += 2"))
    assert counted is not None
    truth = by_python(counted, x.clone())
    assert isinstance(truth, torch.Tensor)
    assert truth.tolist() == [[0, 4, 0], [0, 0, 2]]


@pytest.mark.parametrize("sign", ["=", "+="])
def test_a_number_that_no_dtype_holds_is_torchs_refusal(sign: str) -> None:
    line = f"x[0] {sign} 1{'0' * 320}"
    assignment = parse_assignment(line)
    assert assignment.code == line
    done = write(assignment, torch.zeros(3))
    with pytest.raises((OverflowError, ValueError, RuntimeError)) as caught:
        exec(line, {"x": torch.zeros(3)})  # noqa: S102
    assert done.error == TorchError.of(caught.value)
    if sign == "+=":
        assert f"(1{'0' * 320}, " in str(counted_code(parse_assignment(line.replace("x[0]", "x[[0]]"))))
