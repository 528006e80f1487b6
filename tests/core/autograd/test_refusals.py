"""What is refused, and the place that is to blame."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lib.core.autograd.expression import parse_expression
from lib.core.autograd.graph import build_graph
from lib.core.autograd.problems import SLOTS, ExpressionError, Problem
from lib.core.autograd.values import parse_values


def refusal(parse: Callable[[str], object], text: str) -> ExpressionError | None:
    try:
        parse(text)
    except ExpressionError as error:
        return error
    return None


def marked(error: ExpressionError) -> str:
    return error.text[error.start : error.end]


@pytest.mark.parametrize(
    ("text", "problem", "place"),
    [
        ("", Problem.EMPTY, ""),
        ("a ^ 2", Problem.USE_POWER, "^"),
        ("(a) ^ (2)", Problem.USE_POWER, "^"),
        ("a // b", Problem.NOT_ALLOWED, "//"),
        ("a + sin(b)", Problem.UNKNOWN_FUNCTION, "sin"),
        ("a.backward()", Problem.UNKNOWN_FUNCTION, "backward"),
        ("__import__('os').system('ls')", Problem.UNKNOWN_FUNCTION, "system"),
        ("a + (lambda: 1)", Problem.NOT_ALLOWED, "lambda: 1"),
        ("a if b else c", Problem.NOT_ALLOWED, "a if b else c"),
        ("[a, b]", Problem.NOT_ALLOWED, "[a, b]"),
        ("a[0]", Problem.NOT_ALLOWED, "a[0]"),
        ("a < b", Problem.NOT_ALLOWED, "a < b"),
        ("import os", Problem.NOT_ALLOWED, "import os"),
        ("a; b = a", Problem.NOT_ALLOWED, "a"),
        ("'a' * 2", Problem.NOT_ALLOWED, "'a'"),
        ("a * 1j", Problem.NOT_ALLOWED, "1j"),
        ("a * True", Problem.NOT_ALLOWED, "True"),
        ("relu(a, b)", Problem.ARGUMENTS, "relu(a, b)"),
        ("relu(*a)", Problem.ARGUMENTS, "relu(*a)"),
        ("relu(a, dim=0)", Problem.ARGUMENTS, "relu(a, dim=0)"),
        ("1 + sum(a, axis=0)", Problem.DIMS, "sum(a, axis=0)"),
        ("sum(a, dim=b)", Problem.DIMS, "sum(a, dim=b)"),
        ("sum(a, keepdim=True)", Problem.DIMS, "sum(a, keepdim=True)"),
        ("sum(a, True)", Problem.DIMS, "sum(a, True)"),
        ("a.mean(0, keepdim=1)", Problem.DIMS, "a.mean(0, keepdim=1)"),
        ("a.mean(0, dim=0)", Problem.DIMS, "a.mean(0, dim=0)"),
        ("no_grad(a) * a", Problem.NO_GRAD_OF_NAME, "no_grad(a)"),
        ("h = a*b", Problem.LAST_IS_ASSIGNMENT, "h = a*b"),
        ("a = a*2; a", Problem.NAME_TAKEN, "a"),
        ("sum = a; sum", Problem.BAD_NAME, "sum"),
        ("2 + 3", Problem.NO_NAME, "2 + 3"),
        ("a * 1e99", Problem.BAD_NUMBER, "1e99"),
        ("a * 9**9**9", Problem.BAD_NUMBER, "9**9"),
        ("a * (1 / 0)", Problem.BAD_NUMBER, "1 / 0"),
        ("2 @ a", Problem.MATMUL, "2 @ a"),
        ("张 + a", Problem.BAD_NAME, "张"),
        ("a + 张", Problem.BAD_NAME, "张"),
        ("+".join(["a"] * 100), Problem.TOO_MANY_OPERATIONS, "+".join(["a"] * 34)),
        ("a" * 300, Problem.TOO_LONG, "a"),
    ],
)
def test_a_bad_expression_has_its_place(text: str, problem: Problem, place: str) -> None:
    with pytest.raises(ExpressionError) as caught:
        parse_expression(text)
    assert caught.value.problem is problem
    assert marked(caught.value) == place
    assert set(caught.value.details) == set(SLOTS[problem])


@pytest.mark.parametrize(("text", "column"), [("a + ", 4), ("a * (b + 2", 4), ("a b", 2), ("2a", 0)])
def test_syntax_errors_have_a_place(text: str, column: int) -> None:
    with pytest.raises(ExpressionError) as caught:
        parse_expression(text)
    assert caught.value.problem is Problem.SYNTAX
    assert caught.value.start == min(column, len(text.strip()))


@pytest.mark.parametrize(
    ("text", "problem", "place"),
    [
        ("a=2;a=3", Problem.NAME_TAKEN, "a"),
        ("a=two", Problem.BAD_VALUE, "two"),
        ("a=[1,[2]]", Problem.RAGGED, "[1,[2]]"),
        ("a=[]", Problem.TOO_MANY_ELEMENTS, "[]"),
        ("a=[[[1]]]", Problem.TOO_MANY_ELEMENTS, "[[[1]]]"),
        ("a=1e9", Problem.BAD_NUMBER, "1e9"),
        ("hello", Problem.SYNTAX, "hello"),
        ("a=;b=2", Problem.BAD_VALUE, ""),
        ("exp=2", Problem.BAD_NAME, "exp"),
        ("a=__import__('os')", Problem.BAD_VALUE, "__import__('os')"),
    ],
)
def test_bad_values_have_their_place(text: str, problem: Problem, place: str) -> None:
    with pytest.raises(ExpressionError) as caught:
        parse_values(text)
    assert caught.value.problem is problem
    assert marked(caught.value) == place
    assert set(caught.value.details) == set(SLOTS[problem])


@pytest.mark.parametrize(
    ("text", "problem", "place"),
    [
        ("a * z", Problem.UNKNOWN_NAME, "z"),
        ("u + v", Problem.SHAPES, "u + v"),
        ("1 + W @ v", Problem.MATMUL, "W @ v"),
        ("1 + sum(W, 2)", Problem.DIM, "sum(W, 2)"),
        ("W.mean(dim=(0, -2))", Problem.DIM_TWICE, "W.mean(dim=(0, -2))"),
        ("a @ u", Problem.MATMUL, "a @ u"),
    ],
)
def test_values_that_do_not_fit_have_their_place(text: str, problem: Problem, place: str) -> None:
    values = parse_values("a=2; u=[1,2,3]; v=[1,2]; W=[[1,2,3],[4,5,6]]")
    with pytest.raises(ExpressionError) as caught:
        build_graph(parse_expression(text), values)
    assert caught.value.problem is problem
    assert marked(caught.value) == place


def test_full_width_signs_are_understood() -> None:
    assert parse_expression("（a＋b）＊2").text == "(a+b)*2"


@settings(max_examples=300, deadline=None)
@given(st.one_of(st.text(max_size=60), st.text("ab12+-*/@^()=.;, relu\x00", max_size=60)))
def test_any_text_is_read_or_refused_with_a_place(text: str) -> None:
    for parse in (parse_expression, parse_values):
        error = refusal(parse, text)
        if error is not None:
            assert set(error.details) == set(SLOTS[error.problem])
            assert 0 <= error.start <= max(error.end, len(error.text))
            assert "\n" in error.marked
