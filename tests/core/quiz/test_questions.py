"""Each question's program prints its answer; the oracle is the program, run as anybody would."""

from __future__ import annotations

import ast
import math
import operator
import re
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lib.core.lessons import load_lesson
from lib.core.quiz.question import (
    ERROR,
    MAX_ANSWER,
    TOPICS,
    AnswerError,
    Form,
    Kind,
    Mistake,
    Question,
    known_mistakes,
)
from lib.core.quiz.sheet import MAKERS, example
from lib.ui.lang import Lang
from tests.core.programs import printed

OFTEN = settings(max_examples=60, deadline=None)
seeds = st.integers(0, 10_000)


def test_every_kind_has_one_topic_and_a_maker() -> None:
    assert [kind for kinds in TOPICS.values() for kind in kinds] == list(Kind) == list(MAKERS)


@pytest.mark.parametrize("kind", Kind)
@OFTEN
@given(seed=seeds)
def test_the_program_prints_the_answer(kind: Kind, seed: int) -> None:
    question = example(kind, seed)
    assert question.kind is kind
    assert printed(question.program).rstrip() == question.answer


@pytest.mark.parametrize("kind", Kind)
@OFTEN
@given(seed=seeds)
def test_the_answer_is_right_and_no_mistake_is(kind: Kind, seed: int) -> None:
    question = example(kind, seed)
    assert question.is_right(question.read(question.answer))
    for wrong, mistake in question.mistakes.items():
        assert question.mistake(question.read(wrong)) is mistake
        assert not question.is_right(question.read(wrong))


@pytest.mark.parametrize("kind", Kind)
@OFTEN
@given(seed=seeds)
def test_what_may_be_seen_before_does_not_depend_on_the_answer_alone(kind: Kind, seed: int) -> None:
    question = example(kind, seed)
    if question.form is not Form.OPTION:
        assert all(str(drawn.tensor.tolist()) != question.answer for drawn in question.before)
    else:
        assert question.answer in question.options


def test_every_mistake_is_made_somewhere() -> None:
    made = {
        mistake for kind in Kind for seed in range(300) for mistake in example(kind, seed).mistakes.values()
    }
    assert made == set(Mistake)


@pytest.mark.parametrize("lang", Lang)
@pytest.mark.parametrize("kind", Kind)
def test_the_explanation_uses_all_numbers_and_no_others(kind: Kind, lang: Lang) -> None:
    section = load_lesson("quiz", lang)[kind]
    for seed in range(20):
        question = example(kind, seed)
        assert section.slots | {"answer"} == {*question.slots, "answer"}
        assert question.answer in section.body.format(answer=question.answer, **question.slots)


OPERATIONS: dict[type[ast.AST], Callable[..., float]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.USub: operator.neg,
}


def worked_out(text: str) -> float:
    """What a formula of an explanation comes to."""

    def of(node: ast.AST) -> float:
        match node:
            case ast.Expression(body=body):
                return of(body)
            case ast.Constant(value=int() | float() as value):
                return value
            case ast.BinOp(left=left, op=op, right=right):
                return OPERATIONS[type(op)](of(left), of(right))
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                return -of(operand)
            case ast.Call(args=[inside]):
                return math.floor(of(inside))
        raise AssertionError(ast.dump(node))

    python = text.replace("·", "*").replace("−", "-").replace("⌊", "floor(").replace("⌋", ")")
    return of(ast.parse(python.strip(), mode="eval"))


FORMULAS = {
    Kind.CONV_SIZE: r"^(.*) = \*\*",
    Kind.POOL_SIZE: r": (.*) = \*\*|：(.*) = \*\*",
    Kind.FIELD: r"^(.*) = \*\*",
    Kind.FLATTENED: r"(?:: |：)(.*) = \*\*",
    Kind.GRADIENT: r"(?:end: \d\. |次数：\d。)(.*) = \*\*",
    Kind.MOMENTUM: r"(?:: |：)(.*) = \*\*",
    Kind.ADAM: r"(?:gradient\. |= [\d.]+。)(1.*) = \*\*",
    Kind.CONV_PARAMETERS: None,
}
"""Where an explanation's formula stands; None: its factors are looked for one by one below."""


@pytest.mark.parametrize("lang", Lang)
@pytest.mark.parametrize("kind", [kind for kind, pattern in FORMULAS.items() if pattern])
def test_the_formula_comes_to_the_answer(kind: Kind, lang: Lang) -> None:
    pattern = FORMULAS[kind]
    assert pattern is not None
    for seed in range(60):
        question = example(kind, seed)
        said = load_lesson("quiz", lang)[kind].body.format(answer=question.answer, **question.slots)
        found = re.search(pattern, said)
        assert found, said
        formula = next(filter(None, found.groups()))
        assert math.isclose(worked_out(formula), float(question.answer), abs_tol=1e-3), (said, formula)


def test_products_in_words_come_to_the_answer() -> None:
    for seed in range(100):
        numbers = {name: int(value) for name, value in example(Kind.CONV_PARAMETERS, seed).slots.items()}
        weights = numbers["out"] * numbers["each"] * numbers["f"] ** 2
        assert weights + numbers["bias"] == int(example(Kind.CONV_PARAMETERS, seed).answer)
        numbers = {name: int(value) for name, value in example(Kind.CONV_PRODUCTS, seed).slots.items()}
        cells = numbers["out"] * numbers["w"] ** 2
        assert cells * numbers["channels"] * numbers["f"] ** 2 == int(
            example(Kind.CONV_PRODUCTS, seed).answer
        )
        numbers = {name: int(value) for name, value in example(Kind.LINEAR_PARAMETERS, seed).slots.items()}
        first = (numbers["inputs"] + 1) * numbers["hidden"]
        second = (numbers["hidden"] + 1) * numbers["out"]
        assert first + second == int(example(Kind.LINEAR_PARAMETERS, seed).answer)
        numbers = {name: int(value) for name, value in example(Kind.STEPS, seed).slots.items()}
        assert numbers["each"] * numbers["epochs"] == int(example(Kind.STEPS, seed).answer)
        assert numbers["rest"] == numbers["images"] % numbers["batch"]


def of_form(form: Form) -> Question:
    return example(
        {
            Form.NUMBER: Kind.STEPS,
            Form.LIST: Kind.CONV_SHAPE,
            Form.LIST_OR_ERROR: Kind.BROADCAST,
            Form.OPTION: Kind.DTYPE,
        }[form]
    )


@pytest.mark.parametrize(
    ("form", "typed", "read"),
    [
        (Form.NUMBER, " 12 ", "12"),
        (Form.NUMBER, "12.0", "12"),
        (Form.NUMBER, "1,876", "1876"),
        (Form.NUMBER, "１２", "12"),
        (Form.NUMBER, "−3", "-3"),
        (Form.NUMBER, "1e3", "1000"),
        (Form.LIST, "2, 3", "[2, 3]"),
        (Form.LIST, "2 3", "[2, 3]"),
        (Form.LIST, "(2,3,)", "[2, 3]"),
        (Form.LIST, "torch.Size([2, 3])", "[2, 3]"),
        (Form.LIST, "2×3", "[2, 3]"),
        (Form.LIST, "2，3", "[2, 3]"),
        (Form.LIST, "2、3", "[2, 3]"),
        (Form.LIST, "[]", "[]"),
        (Form.LIST, "7", "[7]"),
        (Form.LIST, "【1，64，17】。", "[1, 64, 17]"),
        (Form.LIST, "size([2, 3])", "[2, 3]"),
        (Form.LIST, "1·64", "[1, 64]"),
        (Form.LIST_OR_ERROR, "Error", ERROR),
        (Form.LIST_OR_ERROR, '"error"', ERROR),
        (Form.LIST_OR_ERROR, "RuntimeError:", ERROR),
        (Form.LIST_OR_ERROR, "会报错。", ERROR),
        (Form.LIST_OR_ERROR, "报错", ERROR),
        (Form.LIST_OR_ERROR, "RuntimeError", ERROR),
        (Form.OPTION, "Float32", "float32"),
    ],
)
def test_an_answer_may_be_written_in_several_ways(form: Form, typed: str, read: str) -> None:
    assert of_form(form).read(typed) == read


@pytest.mark.parametrize(
    ("form", "typed"),
    [
        *(
            (form, text)
            for form in Form
            for text in ("", " ", "?", "1" * (MAX_ANSWER + 1), "__import__('os')")
        ),
        (Form.NUMBER, "1, 2"),
        (Form.NUMBER, "inf"),
        (Form.NUMBER, "1e999"),
        (Form.NUMBER, "nan"),
        (Form.NUMBER, "1e16"),
        (Form.NUMBER, "9" * 60),
        (Form.LIST, "2, , 3"),
        (Form.LIST, "2.5, 3"),
        (Form.LIST, "error"),
        (Form.OPTION, "float"),
    ],
)
def test_what_is_no_answer_is_refused(form: Form, typed: str) -> None:
    with pytest.raises(AnswerError):
        of_form(form).read(typed)


@pytest.mark.parametrize("form", Form)
@settings(max_examples=300, deadline=None)
@given(typed=st.one_of(st.text(max_size=80), st.text("0123456789,.-[]() e", max_size=20)))
def test_any_text_is_refused_or_reads_as_one_answer(form: Form, typed: str) -> None:
    question = of_form(form)
    try:
        given_answer = question.read(typed)
    except AnswerError:
        return
    assert question.read(given_answer) == given_answer
    assert len(given_answer) < 2 * MAX_ANSWER + 20
    question.is_right(given_answer)


def test_a_rounded_number_may_be_off_by_one_in_its_last_digit() -> None:
    question = example(Kind.LOSS, 3)
    exact = float(question.answer)
    assert question.is_right(question.read(f"{exact + 0.01:.2f}"))
    assert not question.is_right(question.read(f"{exact + 0.03:.2f}"))


def test_a_comma_before_decimals_is_a_point() -> None:
    question = example(Kind.ADAM, 1)
    comma = question.answer.replace(".", ",")
    assert question.is_right(question.read(comma))
    assert question.is_right(question.read(comma.replace(",", "，")))


def test_of_two_mistakes_with_one_answer_the_first_counts() -> None:
    pairs = (("4", Mistake.ROUNDED_UP), ("4", Mistake.UNPADDED), ("3", Mistake.UNSTRIDED))
    assert known_mistakes("3", *pairs) == {"4": Mistake.ROUNDED_UP}
