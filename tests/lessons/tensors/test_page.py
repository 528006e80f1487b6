"""/tensors: every function in both languages, its code, its refusals."""

from __future__ import annotations

from typing import Any

import pytest
import torch

from lib.core.tensors.create import Creation, CreationKind
from tests.lessons.page import open_page, run_code, shown_text


@pytest.mark.parametrize("kind", list(CreationKind))
def test_the_code_makes_the_tensor_of_the_specification(kind: CreationKind) -> None:
    at = open_page("tensors", fn=kind, lang="zh" if len(kind) % 2 else "en")
    made, printed = run_code(at)
    defaults: dict[CreationKind, dict[str, Any]] = {
        CreationKind.TENSOR: {"data": "[[1, 2, 3], [4, 5, 6]]"},
        CreationKind.FROM_NUMPY: {"data": "[[1, 2, 3], [4, 5, 6]]"},
        CreationKind.EYE: {"rows": 4, "columns": 4},
        CreationKind.RANDN_LIKE: {"parts": (Creation(CreationKind.ONES, shape=(2, 3)),)},
        CreationKind.STACK: {
            "parts": (
                Creation(CreationKind.TENSOR, data="[1, 2, 3]"),
                Creation(CreationKind.TENSOR, data="[3, 2, 1]"),
            ),
        },
        CreationKind.FULL: {"shape": (4, 6), "fill": 7},
        CreationKind.ARANGE: {},
        CreationKind.LINSPACE: {},
    }
    spec = Creation(kind, **defaults.get(kind, {"shape": (4, 6)}))
    expected = spec.make()
    if kind is CreationKind.EMPTY:
        expected = torch.full((4, 6), 7.0)
    assert torch.equal(made["x"], expected)
    assert str(expected.shape) in printed


def test_arguments_come_from_the_address() -> None:
    at = open_page("tensors", fn="randint", shape="2,3", low="-5", high="-1", seed="7", dtype="int8")
    made, _ = run_code(at)
    torch.manual_seed(7)
    assert torch.equal(made["x"], torch.randint(-5, -1, (2, 3), dtype=torch.int8))


def test_too_many_elements_are_refused_with_the_limit() -> None:
    at = open_page("tensors", fn="zeros", shape="1000, 1000, 1000, 1000")
    assert "1000000000000" in at.error[0].value
    assert "10000" in at.error[0].value
    assert run_code(at)[0]["x"].shape == (4, 6)  # the first tensor, under the message


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ("[[1, 2], [3]]", "expected sequence of length 2 at dim 1 (got 1)"),
        ("[1, [2]]", "TypeError"),
        ("['a']", "too many dimensions 'str'"),
    ],
)
def test_ragged_and_mixed_lists_get_torchs_reason(data: str, words: str) -> None:
    at = open_page("tensors", fn="tensor", data=data)
    assert at.error
    assert words in shown_text(at)


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ({"fn": "nope"}, "fn=nope"),
        ({"seed": "-1"}, "seed=-1"),
        ({"dtype": "float128"}, "dtype=float128"),
        ({"device": "cuda:77"}, "device=cuda:77"),
    ],
)
def test_a_bad_address_is_explained_and_the_page_goes_on(query: dict[str, str], words: str) -> None:
    at = open_page("tensors", **query)
    assert words in at.warning[0].value
    assert at.code


@pytest.mark.parametrize(
    "query",
    [
        {"shape": "2, -3"},
        {"shape": "abc"},
        {"shape": "1,1,1,1,1,1"},
        {"fn": "arange", "step": "0"},
        {"fn": "arange", "start": "x"},
        {"fn": "arange", "end": "1e300"},
        {"fn": "randint", "low": "3", "high": "3"},
        {"fn": "randn", "dtype": "int64"},
        {"fn": "zeros", "dtype": "int64", "grad": "true"},
        {"fn": "tensor", "data": "__import__('os').system('true')"},
        {"fn": "tensor", "data": "[300]", "dtype": "int8"},
        {"fn": "from_numpy", "dtype": "bfloat16"},
        {"fn": "randn_like", "like": "nothing"},
        {"fn": "stack", "parts": "[1, 2]; [1]"},
        {"fn": "stack", "parts": ";;;"},
        {"fn": "full", "fill": "[1]"},
    ],
)
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_bad_input_gets_a_message_and_no_traceback(query: dict[str, str], lang: str) -> None:
    at = open_page("tensors", lang=lang, **query)
    assert at.error


def test_a_kept_tensor_can_be_used_by_name() -> None:
    at = open_page("tensors", fn="ones", shape="2, 2")
    at.button[0].click().run()
    assert "`t1` = `ones(2, 2)`" in shown_text(at)
    at.selectbox(key="fn").select("randn_like").run()
    at.text_input(key="like").input("t1").run()
    made, _ = run_code(at)
    assert made["x"].shape == (2, 2)
    assert at.query_params["like"] == "ones(2, 2)"  # which means the same to another learner
    at.button(key="remove_t1").click().run()
    assert run_code(at)[0]["x"].shape == (2, 2)
    assert not at.error


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ({"fn": "arange", "step": "1e-320"}, "1e-320"),
        ({"fn": "stack", "parts": "[99999999999999999999]; [1]"}, "Overflow when unpacking long"),
        ({"fn": "stack", "parts": "randint(5, 1, (2,))"}, "random_ expects 'from' to be less than 'to'"),
        (
            {"fn": "empty", "dtype": "int8", "fill": "1000"},
            "cannot be converted to type int8_t without overflow",
        ),
    ],
)
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_numbers_that_torch_cannot_take_are_refused_in_words(
    query: dict[str, str], words: str, lang: str
) -> None:
    at = open_page("tensors", lang=lang, **query)
    assert words in at.error[0].value


@pytest.mark.parametrize(
    "query",
    [
        {"fn": "tensor", "data": "[nan, -inf]"},
        {"fn": "from_numpy", "data": "[math.nan, -inf]"},
        {"fn": "full", "shape": "2", "fill": "nan"},
        {"fn": "empty", "shape": "2", "fill": "inf"},
    ],
)
def test_the_code_knows_nan_and_inf(query: dict[str, str]) -> None:
    made, _ = run_code(open_page("tensors", **query))
    assert not torch.isfinite(made["x"]).any()


def test_a_refused_tensor_leaves_the_last_good_one_and_cannot_be_kept() -> None:
    at = open_page("tensors", fn="randn", shape="2, 5")
    at.selectbox(key="dtype").select("int64").run()
    assert "int64" in at.error[0].value
    assert "float32" in at.error[0].value
    assert run_code(at)[0]["x"].shape == (2, 5)
    assert not any(button.key is None for button in at.button)


def test_an_empty_leaf_is_filled_out_of_autograds_sight() -> None:
    at = open_page("tensors", fn="empty", shape="2, 2", grad="true")
    made, _ = run_code(at)
    assert made["x"].requires_grad
    assert made["x"].tolist() == [[7, 7], [7, 7]]


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_whole_number_of_any_length_is_true(lang: str) -> None:
    at = open_page("tensors", fn="tensor", data=f"[1{'0' * 320}, 0]", dtype="bool", lang=lang)
    assert not at.error
    assert run_code(at)[0]["x"].tolist() == [True, False]


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_what_is_no_number_is_shown_as_text(lang: str) -> None:
    at = open_page("tensors", fn="tensor", data="['![x](http://y) `**b**`']", lang=lang)
    assert "`'![x](http://y) '**b**''`" in at.error[0].value
    assert at.error[0].value.count("`") == 2
