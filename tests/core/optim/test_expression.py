"""Typed functions: values and gradients against torch.autograd, in Python and in the browser; refusals."""

from __future__ import annotations

import math
import random
import re
from typing import Any

import pytest
import torch
from hypothesis import assume, example, given
from hypothesis import settings as budget
from hypothesis import strategies as st

from lib.core.optim.derivative import derivatives
from lib.core.optim.expression import FUNCTIONS, MAX_NODES, ExpressionError, Wrong, parse
from tests.core.optim.browser import ask
from tests.core.optim.cases import assert_close

T64 = torch.float64


def texts() -> st.SearchStrategy[str]:
    leaves = st.sampled_from(["x", "y", "x", "y", "2", "0.5", "3", "1.25", "pi", "e"])
    return st.recursive(
        leaves,
        lambda inner: st.one_of(
            st.tuples(inner, st.sampled_from("+-*/"), inner).map(lambda p: f"({p[0]} {p[1]} {p[2]})"),
            st.tuples(inner, st.sampled_from(["2", "3", "-1", "0", "0.5", "1.5", "x", "y"])).map(
                lambda p: f"({p[0]})**({p[1]})"
            ),
            st.tuples(st.sampled_from(FUNCTIONS), inner).map(lambda p: f"{p[0]}({p[1]})"),
            inner.map(lambda text: f"(-{text})"),
        ),
        max_leaves=8,
    )


def by_torch(text: str, at: tuple[float, float]) -> list[float]:
    x = torch.tensor(at[0], dtype=T64, requires_grad=True)
    y = torch.tensor(at[1], dtype=T64, requires_grad=True)
    space: dict[str, Any] = {name: getattr(torch, name) for name in FUNCTIONS}
    space |= {"x": x, "y": y, "T": lambda number: torch.tensor(number, dtype=T64)}
    space |= {"pi": torch.tensor(math.pi, dtype=T64), "e": torch.tensor(math.e, dtype=T64)}
    code = re.sub(r"(?<![\w.])(\d+\.?\d*)", r"T(\1)", text)
    value = eval(code, space)  # noqa: S307
    value.backward()
    return [float(value.detach()), *(0.0 if leaf.grad is None else float(leaf.grad) for leaf in (x, y))]


def rounding_decides(text: str, at: tuple[float, float]) -> bool:
    """Whether a change in the last digit of the place changes the result: then nothing can be compared."""
    f = parse(text)
    results = []
    for shift in (0.0, 3e-15, -3e-15):
        value, slopes = f.evaluate(at[0] * (1 + shift), at[1] * (1 + shift))
        results.append([value, *slopes])
    for first, second, third in zip(*results, strict=True):
        if len({math.isfinite(v) for v in (first, second, third)}) > 1:
            return True
        if math.isfinite(first) and max(abs(second - first), abs(third - first)) > 1e-10 * max(1, abs(first)):
            return True
    return False


@example(text="((x)**(y))**(-1)", x=0.0, y=1.0)
@example(text="((x)**(x) / x)", x=0.0, y=0.0)
@given(text=texts(), x=st.floats(-3, 3), y=st.floats(-3, 3))
@budget(max_examples=600, deadline=None)
def test_values_and_gradients_are_autograds(text: str, x: float, y: float) -> None:
    at = (round(x, 4), round(y, 4))
    try:
        f = parse(text)
    except ExpressionError:
        assume(
            not re.search("[xy]", text.replace("exp", ""))
        )  # a number alone: that is refused, and nothing else
        return
    if rounding_decides(text, at):
        return
    value, slopes = f.evaluate(*at)
    theirs = by_torch(text, at)
    # Autograd multiplies zero by infinity where a slope that is exactly zero needs no product here: what is left
    # is nothing, or the infinity of another branch.
    known = [
        s if (s == 0 or math.isinf(s)) and math.isnan(t) else t
        for s, t in zip(slopes, theirs[1:], strict=True)
    ]
    assert_close([value, *slopes], [theirs[0], *known])


def test_the_browser_computes_the_same() -> None:
    chance = random.Random(1)
    some = [
        "x**2/20 + y**2",
        "sin(3*x)*cos(2*y) + (x**2 + y**2)/10",
        "20 - 20*exp(-0.2*sqrt((x**2 + y**2)/2)) - exp((cos(2*pi*x) + cos(2*pi*y))/2) + e",
        "abs(x) + abs(y - 1) + tanh(x*y)",
        "log(1 + x**2) + tan(y/4)**2 + (x**2 + 1)**1.5 + 2**y",
        "x**-2 + 1/(1 + y**4)",
        "x**x + y**-0.5",
        "(x**16 - y**17)/(x - x)",
    ]
    points = [(round(chance.uniform(-3, 3), 3), round(chance.uniform(-3, 3), 3)) for _ in range(60)]
    points += [(0.0, 0.0), (1e200, -1e200), (0.0, 1.0)]
    questions = [{"task": "function", "tape": parse(text).to_list(), "points": points} for text in some]
    for text, answers in zip(some, ask(questions), strict=True):
        f = parse(text)
        for at, theirs in zip(points, answers, strict=True):
            value, slopes = f.evaluate(*at)
            assert_close(theirs, [value, *slopes])


@pytest.mark.parametrize(
    ("text", "wrong", "place"),
    [
        ("", Wrong.EMPTY, 1),
        ("x +", Wrong.SYNTAX, 3),
        ("x y", Wrong.SYNTAX, 0),
        ("z**2", Wrong.NAME, 1),
        ("x + foo(y)", Wrong.NAME, 5),
        ("x**2 + __import__('os')", Wrong.NAME, 8),
        ("x.real + y", Wrong.NOT_ALLOWED, 1),
        ("[x, y]", Wrong.NOT_ALLOWED, 1),
        ("x if y else 2", Wrong.NOT_ALLOWED, 1),
        ("(lambda: x)()", Wrong.NAME, 2),
        ("x % 2", Wrong.NOT_ALLOWED, 1),
        ("x == y", Wrong.NOT_ALLOWED, 1),
        ("x + 'a'", Wrong.NOT_ALLOWED, 5),
        ("x + True", Wrong.NOT_ALLOWED, 5),
        ("x^2 + y^2", Wrong.CARET, 1),
        ("sin(x, y)", Wrong.ARGUMENTS, 1),
        ("sin() + x", Wrong.ARGUMENTS, 1),
        ("x + 1e999", Wrong.NUMBER, 5),
        ("x + " + "9" * 180 + "e200", Wrong.NUMBER, 5),
        ("3 + 4", Wrong.NO_VARIABLE, 1),
        ("x + " * 60 + "x", Wrong.TOO_LONG, 201),
        ("(" * 150 + "x" + ")" * 40, Wrong.SYNTAX, 0),
        ("x + 数", Wrong.NAME, 5),
        ("x\0y", Wrong.SYNTAX, 0),
        ("x; y", Wrong.SYNTAX, 2),
    ],
)
def test_what_is_no_function_is_refused_with_its_place(text: str, wrong: Wrong, place: int) -> None:
    with pytest.raises(ExpressionError) as caught:
        parse(text)
    assert caught.value.wrong is wrong
    assert not place or caught.value.place == place, caught.value.place


@given(text=st.text(max_size=60))
@budget(max_examples=300, deadline=None)
def test_any_text_is_a_function_or_an_expression_error(text: str) -> None:
    try:
        f = parse(text)
    except ExpressionError:
        return
    f.evaluate(0.5, -0.5)
    assert len(f.tape) <= MAX_NODES


def test_deep_nesting_is_no_recursion_error() -> None:
    parse("-" * 100 + "x")
    parse("sin(" * 35 + "x" + ")" * 35)


@given(text=texts(), x=st.floats(-3, 3), y=st.floats(-3, 3))
@budget(max_examples=300, deadline=None)
def test_the_written_derivatives_are_the_gradient(text: str, x: float, y: float) -> None:
    at = (round(x, 4), round(y, 4))
    try:
        f = parse(text)
    except ExpressionError:
        return
    _, slopes = f.evaluate(*at)
    if rounding_decides(text, at) or not all(map(math.isfinite, slopes)):
        return
    space = {name: getattr(math, name) for name in (*FUNCTIONS, "pi", "e") if name != "abs"}
    for written, slope in zip(derivatives(f), slopes, strict=True):
        try:
            value = eval(written, {**space, "x": at[0], "y": at[1]})  # noqa: S307
        except (ZeroDivisionError, OverflowError, ValueError):
            continue  # 0 * inf in between: torch's order of the factors avoids it, Python's does not
        if not isinstance(value, complex) and math.isfinite(value):
            assert abs(value - slope) <= 1e-8 * max(1, abs(slope)), (text, written)
