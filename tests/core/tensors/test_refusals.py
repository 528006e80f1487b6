"""What PyTorch's messages mean: each meaning is reached by a message that PyTorch gives today."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import torch

from lib.core.tensors.errors import TORCH_RAISES, TorchError
from lib.core.tensors.refusals import SLOTS, Explained, Meaning, explain

X = torch.zeros(2, 3)
CASES: list[tuple[Callable[[], object], Meaning, dict[str, str]]] = [
    (lambda: torch.randn(2, dtype=torch.int64), Meaning.FLOAT_ONLY, {"dtype": "int64"}),
    (lambda: torch.rand(2, dtype=torch.bool), Meaning.FLOAT_ONLY, {"dtype": "bool"}),
    (lambda: torch.softmax(torch.tensor([1, 2]), 0), Meaning.FLOAT_ONLY, {"dtype": "int64"}),
    (lambda: torch.mean(torch.tensor([1, 2])), Meaning.FLOAT_ONLY, {"dtype": "int64"}),
    (lambda: torch.linspace(0, 1, 3, dtype=torch.bool), Meaning.FLOAT_ONLY, {"dtype": "bool"}),
    (lambda: torch.arange(0, 5, dtype=torch.bool), Meaning.NOT_FOR_DTYPE, {"dtype": "bool"}),
    (lambda: torch.full((2,), 300, dtype=torch.uint8), Meaning.OVERFLOW, {"dtype": "uint8", "high": "255"}),
    (lambda: torch.tensor([300], dtype=torch.uint8), Meaning.OVERFLOW, {"dtype": "uint8"}),
    (lambda: torch.full((2,), 1e60, dtype=torch.float16), Meaning.OVERFLOW, {"dtype": "float16"}),
    (lambda: torch.tensor([2**40], dtype=torch.int32), Meaning.OVERFLOW, {"dtype": "int32"}),
    (lambda: torch.tensor([2**70]), Meaning.OVERFLOW, {"dtype": "int64"}),
    (lambda: torch.randint(0, 300, (2,), dtype=torch.uint8), Meaning.OVERFLOW, {"dtype": "uint8"}),
    (lambda: torch.zeros(2, dtype=torch.int64, requires_grad=True), Meaning.NO_GRADIENT, {}),
    (lambda: torch.arange(0, 5, 0), Meaning.STEP_ZERO, {}),
    (lambda: torch.arange(5, 0, 1), Meaning.STEP_SIGN, {}),
    (lambda: torch.randint(5, 5, (2,)), Meaning.LOW_HIGH, {}),
    (lambda: torch.argmax(torch.tensor([])), Meaning.NOTHING_TO_REDUCE, {}),
    (lambda: torch.argmax(torch.tensor([True])), Meaning.BOOL_ORDER, {}),
    (lambda: X.argmax(5), Meaning.DIM_RANGE, {"low": "-2", "high": "1"}),
    (lambda: X[5], Meaning.INDEX_RANGE, {"dim": "0", "size": "2", "last": "1"}),
    (lambda: torch.zeros(2, 0)[0, 0], Meaning.NO_PLACES, {"dim": "1"}),
    (lambda: X[[1, 0], [0, 1, 2]], Meaning.LISTS_DIFFER, {"shapes": "[2], [3]"}),
    (lambda: X[0, 0, 0], Meaning.TOO_MANY_INDICES, {"ndim": "2"}),
    (lambda: X[1.5], Meaning.NOT_AN_INDEX, {}),  # type: ignore[index]
    (lambda: X[::-1], Meaning.NEGATIVE_STEP, {}),
    (lambda: X[torch.tensor([True, False, True])], Meaning.MASK_SHAPE, {"mask": "[3]", "tensor": "[2, 3]"}),
    (lambda: X.gather(0, torch.tensor([1])), Meaning.GATHER_AXES, {}),
    (lambda: torch.stack([torch.zeros(2), torch.zeros(3)]), Meaning.SIZES_DIFFER, {}),
]


def explained(refused: Callable[[], object]) -> Explained | None:
    try:
        refused()
    except TORCH_RAISES as error:
        return explain(TorchError.of(error))
    raise AssertionError("torch accepts this now")


@pytest.mark.parametrize(("refused", "meaning", "details"), CASES)
def test_torchs_own_message_is_understood(
    refused: Callable[[], object], meaning: Meaning, details: dict[str, str]
) -> None:
    found = explained(refused)
    assert found is not None
    assert found.meaning is meaning
    assert details.items() <= found.details.items()
    assert set(SLOTS.get(meaning, ())) <= set(found.details)


def test_every_meaning_is_reached() -> None:
    assert {meaning for _, meaning, _ in CASES} == set(Meaning)


def test_the_ranges_are_torchs() -> None:
    for dtype in (torch.uint8, torch.int8, torch.int16, torch.int32, torch.int64):
        name = str(dtype).removeprefix("torch.")
        found = explain(
            TorchError("RuntimeError", f"value cannot be converted to type {name} without overflow")
        )
        assert found is not None
        limits = torch.iinfo(dtype)
        assert (found.details["low"], found.details["high"]) == (str(limits.min), str(limits.max))
