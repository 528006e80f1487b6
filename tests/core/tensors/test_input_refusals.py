"""Which typed texts are refused, as what, and with which numbers: what a page words from; limits to the last one."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest
import torch

from lib.core.tensors.assign import parse_assignment
from lib.core.tensors.create import MAX_NUMBER, MAX_SEED, Creation, CreationKind, parse_creation
from lib.core.tensors.embedding import Lookup, parse_indices
from lib.core.tensors.errors import SLOTS, Problem, TensorInputError, TorchError, check_elements, commented
from lib.core.tensors.index import parse_index, parse_mask
from lib.core.tensors.ops import Step, StepKind, parse_step, parse_steps
from lib.core.tensors.parse import (
    literal_values,
    nested_list,
    number_of,
    parse_shape,
    parse_sizes,
    runnable,
    shorten,
    syntax_tree,
    tidy,
)
from lib.core.tensors.sharing import Edit, parse_edits
from lib.core.tensors.strides import LeavesStorageError, View

Details = dict[str, str | int]


def read_nested(text: str) -> object:
    return nested_list(syntax_tree(text))


def made(text: str) -> torch.Tensor:
    return parse_creation(text).make()


def refused(read: Callable[..., object], *given: object, **named: object) -> tuple[Problem, Details]:
    """The refusal's class and numbers; that they are those its class promises."""
    with pytest.raises(TensorInputError) as caught:
        read(*given, **named)
    problem, details = caught.value.problem, dict(caught.value.details)
    assert set(details) == set(SLOTS[problem])
    return problem, details


NOT_ALLOWED, SYNTAX, BAD, UNKNOWN = (
    Problem.NOT_ALLOWED,
    Problem.SYNTAX,
    Problem.BAD_VALUE,
    Problem.UNKNOWN_NAME,
)
LONG = "y" * 70
STEPS = ", ".join(StepKind)


@pytest.mark.parametrize(
    ("read", "text", "problem", "details"),
    [
        (tidy, "x" * 401, Problem.TOO_LONG, {"length": 401, "limit": 400}),
        (tidy, " 　 ", Problem.EMPTY, {}),
        (syntax_tree, "x[0", SYNTAX, {"text": "x[0", "column": 2}),
        (syntax_tree, "1 +", SYNTAX, {"text": "1 +", "column": 3}),
        (syntax_tree, "1\0", SYNTAX, {"text": "1\0", "column": 2}),
        (syntax_tree, "12\ud800", SYNTAX, {"text": "12\ud800", "column": 1}),
        (parse_sizes, "2, a", NOT_ALLOWED, {"text": "2, a"}),
        (parse_sizes, "1" * 16, NOT_ALLOWED, {"text": "1" * 16}),
        (parse_shape, "2, -3", Problem.NEGATIVE_SIZE, {"size": -3}),
        (parse_shape, "1,1,1,1,1,1", Problem.TOO_MANY_DIMS, {"dims": 6, "limit": 5}),
        (parse_shape, "73, 137", Problem.TOO_MANY_ELEMENTS, {"elements": 10_001, "limit": 10_000}),
        (read_nested, "[[[[[[1]]]]]]", Problem.TOO_MANY_DIMS, {"dims": 6, "limit": 5}),
        (
            read_nested,
            "[[[1, 2], [3, 4]], [[5, 6, 7], [7, 8, 9]]]",
            Problem.RAGGED,
            {"place": "[1][0]", "length": 3, "first": "[0][0]", "expected": 2},
        ),
        (read_nested, "[[1], 2]", Problem.MIXED_DEPTH, {"place": "[1]", "first": "[0]"}),
        (read_nested, "[[[1]], [[1], 2]]", Problem.MIXED_DEPTH, {"place": "[1][1]", "first": "[1][0]"}),
        (read_nested, "[[1, None]]", Problem.NOT_A_NUMBER, {"place": "[0][1]", "value": "None"}),
        (read_nested, "2j", Problem.NOT_A_NUMBER, {"place": "[]", "value": "2j"}),
        (read_nested, "[1 + 1]", NOT_ALLOWED, {"text": "1 + 1"}),
        (literal_values, "[x]", NOT_ALLOWED, {"text": "x"}),
        (parse_mask, "x > 3 and x < 9", Problem.TRUTH_VALUE, {"text": "x > 3 and x < 9"}),
        (parse_mask, "not x > 3", Problem.TRUTH_VALUE, {"text": "not x > 3"}),
        (parse_mask, "-x", NOT_ALLOWED, {"text": "-x"}),
        (parse_mask, "x + 1", NOT_ALLOWED, {"text": "x + 1"}),
        (parse_mask, "[1, 0]", NOT_ALLOWED, {"text": "[1, 0]"}),
        (parse_index, "x[not x > 3]", Problem.TRUTH_VALUE, {"text": "not x > 3"}),
        (parse_index, "x[0] = 1", Problem.ASSIGNMENT, {"text": "x[0] = 1"}),
        (parse_index, "x[0] += 1", Problem.ASSIGNMENT, {"text": "x[0] += 1"}),
        (parse_index, "x: int = 1", Problem.ASSIGNMENT, {"text": "x: int = 1"}),
        (parse_index, "import os", SYNTAX, {"text": "import os", "column": 1}),
        (parse_index, "x[0] = 1; x[1] = 2", SYNTAX, {"text": "x[0] = 1; x[1] = 2", "column": 6}),
        (parse_index, "x[0", SYNTAX, {"text": "x[0", "column": 2}),
        (parse_index, "x[mask]", UNKNOWN, {"name": "mask", "known": "x"}),
        (parse_index, LONG, UNKNOWN, {"name": "y" * 60, "known": "x"}),
        (parse_index, "x[0][0][0][0][0]", BAD, {"name": "[...]", "value": "…", "allowed": "1–4"}),
        (parse_index, "x[True]", Problem.UNSUPPORTED, {"text": "True"}),
        (parse_index, "x[[[0, 1], [1, 0]]]", Problem.UNSUPPORTED, {"text": "[[0, 1], [1, 0]]"}),
        (parse_index, "x[None:2]", NOT_ALLOWED, {"text": "None"}),
        (parse_index, "x[1099511627777]", NOT_ALLOWED, {"text": "1099511627777"}),
        (parse_index, "x[[0, 1.5]]", NOT_ALLOWED, {"text": "[0, 1.5]"}),
        (parse_index, "x[[0, True]]", NOT_ALLOWED, {"text": "[0, True]"}),
        (parse_index, "x[[1099511627777]]", NOT_ALLOWED, {"text": "[1099511627777]"}),
        (parse_index, "x[len(x)]", NOT_ALLOWED, {"text": "len(x)"}),
        (
            parse_index,
            "x[torch.tensor([0], dtype=int)]",
            NOT_ALLOWED,
            {"text": "torch.tensor([0], dtype=int)"},
        ),
        (parse_index, "x[torch.tensor()]", NOT_ALLOWED, {"text": "torch.tensor()"}),
        (parse_index, "x[x > 3 > 2]", NOT_ALLOWED, {"text": "x > 3 > 2"}),
        (parse_index, "x[x in 3]", NOT_ALLOWED, {"text": "x in 3"}),
        (parse_index, "x[x % 0 == 1]", NOT_ALLOWED, {"text": "x % 0"}),
        (parse_index, "x[3 > 2]", NOT_ALLOWED, {"text": "3 > 2"}),
        (parse_index, "x[x.t() % 2 == 1]", NOT_ALLOWED, {"text": "x.t()"}),
        (parse_index, "x.flip(dims=0)", NOT_ALLOWED, {"text": "x.flip(dims=0)"}),
        (parse_index, "x.transpose(0)", NOT_ALLOWED, {"text": "x.transpose(0)"}),
        (parse_index, "x.t(0)", NOT_ALLOWED, {"text": "x.t(0)"}),
        (parse_index, "x.permute(dims=0)", NOT_ALLOWED, {"text": "x.permute(dims=0)"}),
        (parse_index, "x.data", NOT_ALLOWED, {"text": "x.data"}),
        (parse_index, "x.flip(None)", NOT_ALLOWED, {"text": "None"}),
        (parse_index, "x.gather(0, index=1)", NOT_ALLOWED, {"text": "x.gather(0, index=1)"}),
        (
            parse_index,
            "x.gather(0, torch.tensor([0]), out=1)",
            NOT_ALLOWED,
            {"text": "x.gather(0, torch.tensor([0]), out=1)"},
        ),
        (parse_index, "x.gather(0, [0])", NOT_ALLOWED, {"text": "[0]"}),
        (
            parse_index,
            "x.select(0, torch.tensor([0]))",
            NOT_ALLOWED,
            {"text": "x.select(0, torch.tensor([0]))"},
        ),
        (parse_assignment, "1\0", SYNTAX, {"text": "1\0", "column": 2}),
        (parse_assignment, "# nothing", Problem.EMPTY, {}),
        (parse_assignment, "x.flip(0)[0].t() += 1", SYNTAX, {"text": "x.flip(0)[0].t() += 1", "column": 18}),
        (parse_assignment, "x[0] = x[1]", NOT_ALLOWED, {"text": "x[1]"}),
        (parse_creation, "zeros(2, dtype=int4)", BAD, {"name": "dtype", "value": "int4"}),
        (parse_creation, "zeros(2, device='meta')", BAD, {"name": "device", "value": "meta"}),
        (parse_creation, "zeros(2, device=cpu)", NOT_ALLOWED, {"text": "cpu"}),
        (parse_creation, "zeros(2, device=1)", NOT_ALLOWED, {"text": "1"}),
        (parse_creation, "zeros(2, dim=1)", NOT_ALLOWED, {"text": "1"}),
        (parse_creation, "zeros(2, foo='a')", NOT_ALLOWED, {"text": "'a'"}),
        (parse_creation, "zeros(2, requires_grad=x)", NOT_ALLOWED, {"text": "x"}),
        (parse_creation, "stack([zeros(1)], foo=1)", NOT_ALLOWED, {"text": "1"}),
        (parse_creation, "rand(2, seed=-1)", BAD, {"name": "seed", "value": "-1", "allowed": f"0–{MAX_SEED}"}),
        (parse_creation, "arange(0, inf)", BAD, {"name": "end", "value": "inf", "allowed": "±2**53"}),
        (parse_creation, "linspace(nan, 1, 3)", BAD, {"name": "start", "value": "nan", "allowed": "±2**53"}),
        (parse_creation, "stack([])", BAD, {"name": "parts", "value": "0", "allowed": "1–6"}),
        (
            parse_creation,
            f"stack([{', '.join(['zeros(1)'] * 7)}])",
            BAD,
            {"name": "parts", "value": "7", "allowed": "0–6"},
        ),
        (parse_creation, "arange(0, 1, 1e-320)", BAD, {"name": "step", "value": "1e-320"}),
        (parse_creation, "arange(6).reshape(4)", BAD, {"name": "reshape", "value": "(4,)", "allowed": "6"}),
        (
            parse_creation,
            "arange(6).reshape(6).reshape(2, 3)",
            NOT_ALLOWED,
            {"text": "arange(6).reshape(6).reshape(2, 3)"},
        ),
        (parse_creation, "zeros(6).reshape(2, 3)", NOT_ALLOWED, {"text": "zeros(6).reshape(2, 3)"}),
        (
            parse_creation,
            "arange(6).reshape(2, 3, copy=1)",
            NOT_ALLOWED,
            {"text": "arange(6).reshape(2, 3, copy=1)"},
        ),
        (parse_creation, "arange(1, 2, 3, 4)", NOT_ALLOWED, {"text": "arange(1, 2, 3, 4)"}),
        (parse_creation, "linspace(1, 2)", NOT_ALLOWED, {"text": "linspace(1, 2)"}),
        (parse_creation, "eye(1, 2, 3)", NOT_ALLOWED, {"text": "eye(1, 2, 3)"}),
        (parse_creation, "randint(1)", NOT_ALLOWED, {"text": "randint(1)"}),
        (parse_creation, "full((2,))", NOT_ALLOWED, {"text": "full((2,))"}),
        (parse_creation, "stack(zeros(1))", NOT_ALLOWED, {"text": "stack(zeros(1))"}),
        (parse_creation, "stack([zeros(1)], 0)", NOT_ALLOWED, {"text": "stack([zeros(1)], 0)"}),
        (parse_creation, "tensor([1], [2])", NOT_ALLOWED, {"text": "tensor([1], [2])"}),
        (parse_creation, "randn_like(zeros(1), 2)", NOT_ALLOWED, {"text": "randn_like(zeros(1), 2)"}),
        (parse_creation, "randn_like(t9)", UNKNOWN, {"name": "t9", "known": "—"}),
        (parse_creation, "x.y.z", NOT_ALLOWED, {"text": "x.y.z"}),
        (parse_creation, "[[[[[[1]]]]]]", Problem.TOO_MANY_DIMS, {"dims": 6, "limit": 5}),
        (made, "from_numpy([1.0], dtype=bfloat16)", BAD, {"name": "dtype", "value": "bfloat16"}),
        (parse_step, "foo(1)", UNKNOWN, {"name": "foo", "known": STEPS}),
        (parse_step, "t(1)", BAD, {"name": "t", "value": "(1,)", "allowed": "()"}),
        (
            parse_step,
            "flatten(1, 2, 3)",
            BAD,
            {"name": "flatten", "value": "(1, 2, 3)", "allowed": "start_dim, end_dim"},
        ),
        (
            parse_step,
            "repeat(1000000001, 1)",
            BAD,
            {"name": "repeat", "value": "1000000001", "allowed": "±1000000000"},
        ),
        (
            parse_step,
            "cat(-1000000001)",
            BAD,
            {"name": "cat", "value": "-1000000001", "allowed": "±1000000000"},
        ),
        (parse_step, "unsqueeze((0, 1))", BAD, {"name": "unsqueeze dim", "value": "(0, 1)", "allowed": "int"}),
        (parse_step, "transpose((0, 1), 1)", BAD, {"name": "transpose dim0", "value": "(0, 1)"}),
        (parse_step, "chunk((1, 2), 0)", BAD, {"name": "chunk chunks", "value": "(1, 2)", "allowed": "int"}),
        (parse_step, "split(2, (0,))", BAD, {"name": "split dim", "value": "(0,)", "allowed": "int"}),
        (parse_step, "cat(0, piece=1)", NOT_ALLOWED, {"text": "cat(0, piece=1)"}),
        (parse_step, "chunk(2, foo=1)", NOT_ALLOWED, {"text": "chunk(2, foo=1)"}),
        (parse_step, "chunk(2, 0, dim=1)", NOT_ALLOWED, {"text": "chunk(2, 0, dim=1)"}),
        (parse_steps, ";".join(["t()"] * 9), BAD, {"name": "steps", "value": 9, "allowed": "0–8"}),
        (parse_indices, "[1.5, True]", Problem.NOT_AN_INDEX_DTYPE, {"dtype": "float32"}),
        (parse_indices, "[1, True]", Problem.NOT_AN_INDEX_DTYPE, {"dtype": "bool"}),
        (parse_indices, "[[[[1]]]]", Problem.TOO_MANY_DIMS, {"dims": 4, "limit": 3}),
        (parse_indices, str([0] * 65), Problem.TOO_MANY_ELEMENTS, {"elements": 65, "limit": 64}),
        (parse_indices, f"[{2**62}]", NOT_ALLOWED, {"text": f"[{2**62}]"}),
        (parse_edits, "a0=1;" + "b" * 70, NOT_ALLOWED, {"text": "b" * 60}),
        (parse_edits, "a0=1=2", NOT_ALLOWED, {"text": "a0=1=2"}),
        (parse_edits, "a00=1", NOT_ALLOWED, {"text": "a00=1"}),
    ],
)  # fmt: skip
def test_a_refusal_says_what_and_where(
    read: Callable[[str], object], text: str, problem: Problem, details: Details
) -> None:
    found, numbers = refused(read, text)
    assert found is problem
    assert details.items() <= numbers.items()


def test_a_refusal_says_what_would_be_legal() -> None:
    known = {"t1": Creation(CreationKind.ZEROS), "t2": Creation(CreationKind.ONES)}
    assert refused(parse_creation, "randn_like(t9)", known)[1] == {"name": "t9", "known": "t1, t2"}
    assert refused(parse_creation, "stack([t9])", known)[1]["known"] == "t1, t2"
    for text in ("zeros(2, dtype=int4)", "zeros(2, device='meta')", "arange(0, 1, 1e-320)"):
        assert refused(parse_creation, text)[1]["allowed"]
    assert "float32, float64" in str(refused(parse_creation, "zeros(2, dtype=x.y)")[1]["allowed"])
    numpy = str(refused(made, "from_numpy([1], dtype=bfloat16)")[1]["allowed"])
    for name in numpy.removeprefix("NumPy: ").split(", "):
        assert np.dtype(name) == torch.zeros(1, dtype=getattr(torch, name)).numpy().dtype
    assert "bfloat16" not in numpy


def test_sizes_are_a_tuple_and_a_dim_is_given_or_left_out() -> None:
    tuples = {"name": "view shape", "value": "6", "allowed": "(int, …)"}
    assert refused(Step, StepKind.VIEW, (6,)) == (BAD, tuples)
    none = {"name": "stack dim", "value": "None", "allowed": "int"}
    assert refused(Step, StepKind.STACK, (None,)) == (BAD, none)
    assert refused(Step, StepKind.STACK, ("a" * 70,))[1]["value"] == "a" * 59 + "…"
    for dim in (None, 0, (), (0, -1)):
        assert parse_step(Step(StepKind.SQUEEZE, (dim,)).text).arguments == (dim,)


@pytest.mark.parametrize(
    "settings",
    [
        {"kind": CreationKind.EYE, "rows": True},
        {"kind": CreationKind.EYE, "columns": 2.0},
        {"kind": CreationKind.LINSPACE, "count": MAX_NUMBER + 1},
        {"kind": CreationKind.RANDINT, "low": -MAX_NUMBER - 1},
        {"kind": CreationKind.RANDINT, "high": MAX_NUMBER + 1},
        {"kind": CreationKind.RAND, "seed": MAX_SEED + 1},
    ],
)
def test_a_number_that_is_none_or_too_large_is_named(settings: dict[str, object]) -> None:
    name, value = list(settings.items())[-1]
    problem, details = refused(Creation, **settings)
    allowed = f"0–{MAX_SEED}" if name == "seed" else f"{-MAX_NUMBER}–{MAX_NUMBER}"
    assert (problem, details) == (Problem.BAD_VALUE, {"name": name, "value": str(value), "allowed": allowed})


@pytest.mark.parametrize(
    ("settings", "problem", "details"),
    [
        ({"vocabulary": 0}, BAD, {"name": "num_embeddings", "value": "0", "allowed": "1–20000"}),
        ({"vocabulary": True}, BAD, {"name": "num_embeddings", "value": "True", "allowed": "1–20000"}),
        ({"width": 1001}, BAD, {"name": "embedding_dim", "value": "1001", "allowed": "1–1000"}),
        ({"width": "9" * 70}, BAD, {"name": "embedding_dim", "value": "9" * 60, "allowed": "1–1000"}),
        ({"padding_idx": 10_000}, BAD, {"name": "padding_idx", "value": "10000", "allowed": "-10000–9999"}),
        ({"padding_idx": -10_001}, BAD, {"name": "padding_idx", "value": "-10001", "allowed": "-10000–9999"}),
        ({"indices": (1,)}, Problem.TOO_MANY_ELEMENTS, {"elements": 1, "limit": 64}),
        (
            {"indices": (1,) * 65, "index_shape": (65,)},
            Problem.TOO_MANY_ELEMENTS,
            {"elements": 65, "limit": 64},
        ),
    ],
)
def test_a_table_that_is_refused(settings: dict[str, object], problem: Problem, details: Details) -> None:
    assert refused(Lookup, **settings) == (problem, details)


def test_the_last_ones_that_are_let_through() -> None:
    assert len(tidy("x" * 400)) == 400
    assert parse_sizes("9" * 15) == (int("9" * 15),)
    assert parse_sizes(str(torch.zeros(2, 3).shape)) == (2, 3)
    assert parse_creation(str(torch.zeros(2, 3).shape)).make().shape == (2, 3)
    assert parse_shape("1,1,1,1,10000") == (1, 1, 1, 1, 10_000)
    check_elements(10_000)
    assert parse_index(f"x[{2**40}, [{-(2**40)}], 0:{-(2**40)}]").accesses
    assert len(parse_index("x[0][0][0][0]").accesses) == 4
    assert len(parse_steps(";".join(["t()"] * 8))) == 8
    assert Step(StepKind.REPEAT, ((-(10**9), 10**9),)).piece == 0
    assert parse_indices(f"[{2**62 - 1}]") == ((2**62 - 1,), (1,))
    assert parse_indices("[[[1]]]")[1] == (1, 1, 1)
    assert len(parse_indices(str([7] * 64))[0]) == 64
    assert Lookup(20_000, 100, (0,) * 64, (64,), padding_idx=19_999).padding_row == 19_999
    assert Lookup(2, 1000, (0,), (1,), padding_idx=-2).padding_row == 0
    parts = (Creation(CreationKind.ZEROS, shape=(1,)),) * 6
    assert Creation(CreationKind.STACK, parts=parts, seed=MAX_SEED, high=MAX_NUMBER).make().shape == (6, 1)
    for count in (0, 2):
        with pytest.raises(TensorInputError) as caught:
            Creation(CreationKind.RANDN_LIKE, parts=parts[:count])
        assert caught.value.details == {"name": "parts", "value": str(count), "allowed": "1–1"}
    assert parse_edits("a0=1;" * 11 + "b5=-999;a1=2") == (*(Edit("a", 0, 1),) * 11, Edit("b", 5, -999))
    assert len(parse_edits(";".join(["a0=1"] * 13 + ["what is beyond is not read"]))) == 12
    assert View((1, 1, 24), (0, 0, 1)).highest == 23


@pytest.mark.parametrize(
    ("size", "stride", "offset"),
    [((2,), (1, 1), 0), ((), (), 0), ((1,) * 4, (1,) * 4, 0), ((0,), (1,), 0), ((2,), (-1,), 9), ((2,), (1,), -1)],
)  # fmt: skip
def test_views_that_are_none(size: tuple[int, ...], stride: tuple[int, ...], offset: int) -> None:
    with pytest.raises(ValueError, match=r"sizes|strides") as caught:
        View(size, stride, offset)
    assert not isinstance(caught.value, LeavesStorageError)


def test_long_texts_are_cut_to_sixty_signs() -> None:
    assert shorten("x" * 60) == "x" * 60
    assert shorten("x" * 61) == "x" * 59 + "…"


def test_a_refused_line_is_a_comment_however_long_its_reason() -> None:
    why = "RuntimeError: " + "a size does not match " * 9 + "b" * 90
    lines = commented("y = x[5]", why).split("\n")
    assert lines[0] == "# y = x[5]"
    assert all(line.startswith("#   ") for line in lines[1:])
    assert max(len(line) for line in lines[:-1]) in range(70, 77)
    assert lines[-1] == "#   " + "b" * 90, "a word stays whole"
    assert " ".join(line.removeprefix("#").strip() for line in lines[1:]) == why


DEEP = ["-" * 380 + "1", "[" * 150 + "1" + "]" * 150, "x" + "[0]" * 120, "x" + ".t()" * 95, "~" * 380 + "x"]


@pytest.mark.parametrize("deep", DEEP)
@pytest.mark.parametrize(
    ("read", "around"),
    [
        (syntax_tree, "{}"),
        (literal_values, "[{}]"),
        (parse_index, "x[{}]"),
        (parse_index, "x[x > {}]"),
        (parse_mask, "x > {}"),
        (parse_assignment, "x[{}] = 1"),
        (parse_assignment, "x[0] = {}"),
        (parse_assignment, "{}"),
        (parse_creation, "tensor({})"),
        (parse_creation, "foo({})"),
        (parse_step, "unsqueeze({})"),
        (parse_steps, "t();unsqueeze({})"),
        (parse_indices, "[{}]"),
    ],
)
def test_what_is_nested_too_deeply_is_refused(read: Callable[[str], object], around: str, deep: str) -> None:
    text = around.format(deep)
    problem, details = refused(read, text)
    assert problem is NOT_ALLOWED
    assert details == {"text": shorten(text.removeprefix("t();"))}


def test_as_many_masks_as_a_text_holds_can_be_joined() -> None:
    text = "|".join(f"(x>{number % 10})" for number in range(66))
    assert len(text) == 395
    assert parse_mask(text).mask(torch.arange(3)).tolist() == [False, True, True]
    assert parse_index("x[" + text[:-12] + "]").accesses


def test_torchs_error_is_kept_word_for_word() -> None:
    error = TorchError.of(RuntimeError(" a\nb\nException raised from f at x.cpp:1\nframe #0"))
    assert (error.kind, error.message, str(error)) == ("RuntimeError", "a\nb", "RuntimeError: a\nb")


@pytest.mark.parametrize(
    "text", ["inf", "-inf", "+inf", "nan", "math.inf", "-math.inf", "math.nan", "torch.inf", "torch.nan", "+2.5"]
)  # fmt: skip
def test_numbers_by_name(text: str) -> None:
    expected = eval(text, {"inf": math.inf, "nan": math.nan, "math": math, "torch": torch})  # noqa: S307
    assert number_of(syntax_tree(text)) == pytest.approx(expected, nan_ok=True)
    again = eval(runnable(syntax_tree(f"[{text}]")), {"torch": torch})  # noqa: S307
    assert again == pytest.approx([expected], nan_ok=True)


@pytest.mark.parametrize("text", ["other.inf", "x.y().inf", "math.pi", "'a'", "None"])
def test_other_names_are_no_numbers(text: str) -> None:
    assert refused(number_of, syntax_tree(text)) == (NOT_ALLOWED, {"text": text})
    assert runnable(syntax_tree(text)) == text
