"""What torch does to typed numbers without a word: told wherever it happens, and only there."""

from __future__ import annotations

import math

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as some

from lib.core.tensors.create import (
    DTYPES,
    WHOLE_DTYPES,
    Creation,
    CreationKind,
    arange_length,
    parse_creation,
)
from lib.core.tensors.errors import MAX_ELEMENTS, TORCH_RAISES, Problem, TensorInputError
from lib.core.tensors.surprises import SLOTS, Surprise, Surprised, surprises

NUMBERS = some.one_of(
    some.integers(-40, 40), some.decimals(-40, 40, places=2, allow_nan=False).map(float), some.just(0.1)
)


def found(**settings: object) -> dict[Surprise, Surprised]:
    spec = Creation(**settings)  # type: ignore[arg-type]
    return {each.surprise: each for each in surprises(spec, spec.make())}


@given(NUMBERS, NUMBERS, NUMBERS, some.sampled_from([None, *(name for name in DTYPES if name != "bool")]))
def test_arange_has_as_many_elements_as_torchs(
    start: float, end: float, step: float, dtype: str | None
) -> None:
    try:
        made = torch.arange(start, end, step, dtype=getattr(torch, dtype) if dtype else None)
    except TORCH_RAISES:
        return
    assert arange_length(start, end, step, dtype) == made.numel()


def test_elements_beyond_the_limit_are_counted_with_the_cut_step() -> None:
    with pytest.raises(TensorInputError) as caught:
        Creation(CreationKind.ARANGE, start=0, end=19_800, step=1.99, dtype="int64")
    assert caught.value.problem is Problem.TOO_MANY_ELEMENTS
    assert caught.value.details == {"elements": 19_800, "limit": MAX_ELEMENTS}


@given(NUMBERS, NUMBERS, NUMBERS)
def test_an_end_that_rounding_lets_in_is_told(start: float, end: float, step: float) -> None:
    spec = Creation(CreationKind.ARANGE, start=start, end=end, step=step, dtype="float64")
    try:
        made = spec.make()
    except TORCH_RAISES:
        return
    told = Surprise.END_REACHED in {each.surprise for each in surprises(spec, made)}
    is_in = made.numel() > 0 and math.isclose(made[-1].item(), end, rel_tol=1e-12, abs_tol=1e-12)
    assert told == is_in


@pytest.mark.parametrize(
    ("settings", "surprise", "details"),
    [
        (
            {"kind": CreationKind.ARANGE, "start": 0.6, "end": 0.9, "step": 0.1},
            Surprise.END_REACHED,
            {"end": "0.9", "quotient": "3.0000000000000004", "count": "4"},
        ),
        (
            {"kind": CreationKind.ARANGE, "end": 1, "step": 0.25, "dtype": "int32"},
            Surprise.STEP_CUT,
            {"step": "0.25", "cut": "0", "dtype": "int32", "count": "4"},
        ),
        (
            {"kind": CreationKind.TENSOR, "data": "[-1]", "dtype": "uint8"},
            Surprise.WRAPPED,
            {"typed": "-1", "stored": "255", "dtype": "uint8"},
        ),
        (
            {"kind": CreationKind.FULL, "shape": (2,), "fill": 2.7, "dtype": "int64"},
            Surprise.FRACTION_CUT,
            {"typed": "2.7", "stored": "2", "dtype": "int64"},
        ),
    ],
)
def test_named_surprises(settings: dict[str, object], surprise: Surprise, details: dict[str, str]) -> None:
    assert found(**settings)[surprise].details == details
    assert tuple(details) == SLOTS[surprise]


@given(some.lists(NUMBERS, min_size=1, max_size=5), some.sampled_from(DTYPES))
def test_a_changed_number_is_told_and_a_kept_one_is_not(numbers: list[float], dtype: str) -> None:
    spec = Creation(CreationKind.TENSOR, data=str(numbers), dtype=dtype)
    try:
        made = spec.make()
    except TORCH_RAISES:
        return
    is_changed = dtype in WHOLE_DTYPES and made.tolist() != numbers
    assert bool(surprises(spec, made)) == is_changed


def test_what_else_is_told_once_or_not_at_all() -> None:
    cut = {"kind": CreationKind.ARANGE, "start": 0.5, "end": 9, "step": 2.5, "dtype": "int32"}
    assert set(found(**cut)) == {Surprise.STEP_CUT}
    spec = Creation(CreationKind.TENSOR, data="[1e6, 1e7, -1e6]", dtype="float16")
    assert [each.surprise for each in surprises(spec, spec.make())] == [Surprise.TO_INFINITY]
    down = {"kind": CreationKind.ARANGE, "start": 2, "end": -3, "step": -1, "dtype": "uint8"}
    told = found(**down)
    assert told[Surprise.WRAPPED].details == {"typed": "-1", "stored": "255", "dtype": "uint8"}
    assert found(kind=CreationKind.ARANGE, start=0, end=1, step=0.25, dtype="float64") == {}
    assert found(kind=CreationKind.ZEROS, shape=(3,), start=0.6, end=0.9, step=0.1) == {}
    assert set(found(kind=CreationKind.ARANGE, start=0, end=3e5, step=1e5, dtype="float16")) == {
        Surprise.TO_INFINITY
    }


def test_a_number_of_any_length_is_true_and_no_surprise() -> None:
    spec = parse_creation(f"tensor([1{'0' * 320}, 0], dtype=bool)")
    made = spec.make()
    assert made.tolist() == [True, False]
    assert surprises(spec, made) == ()
