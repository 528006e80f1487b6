"""What a tensor says about itself, and its histogram: edges, theory and counts against torch and NumPy."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import pytest
import torch

from lib.core.tensors.create import Creation, CreationKind, parse_creation
from lib.core.tensors.describe import Summary, facts, histogram, summarise


@pytest.mark.parametrize(
    "text",
    [
        "ones(2, 3)",
        "zeros(4, dtype=int8)",
        "rand(2, 2, requires_grad=True)",
        "tensor(7)",
        "tensor([True, False])",
    ],
)
@pytest.mark.parametrize("is_turned", [False, True])
def test_facts_are_the_tensors_own(text: str, is_turned: bool) -> None:
    tensor = parse_creation(text).make()
    tensor = tensor.transpose(0, -1) if is_turned and tensor.dim() > 1 else tensor
    about = facts(tensor)
    assert about.shape == tuple(tensor.shape)
    assert about.dtype == str(tensor.dtype)
    assert about.device == str(tensor.device) == "cpu"
    assert about.stride == tensor.stride()
    assert about.element_size == tensor.itemsize
    assert about.contiguous is tensor.is_contiguous()
    assert about.requires_grad is tensor.requires_grad
    plain = tensor.detach().double()
    assert about.summary.mean == pytest.approx(plain.mean().item())
    std = about.summary.std
    assert (None if std is None else pytest.approx(std)) == (
        plain.std().item() if tensor.numel() > 1 else None
    )


def test_a_summary_without_finite_elements() -> None:
    assert summarise(torch.tensor([math.nan, -math.inf])) == Summary((2,), "float32", 2, 8, not_finite=2)
    assert summarise(torch.tensor([math.nan, 3.0])) == Summary((2,), "float32", 2, 8, 3, 3, 3, None, 1)


def edges_of(values: Sequence[float], kind: CreationKind, low: int = 0, high: int = 10) -> list[float]:
    like = (Creation(CreationKind.ZEROS),) * (kind is CreationKind.RANDN_LIKE)
    spec = Creation(kind, parts=like, low=low, high=high)
    bars = histogram(torch.tensor(values, dtype=torch.float64), spec)
    assert bars is not None
    assert float((bars.density * np.diff(bars.edges)).sum()) == pytest.approx(1), "every value is in a bin"
    edges: list[float] = bars.edges.tolist()
    return edges


def test_the_edges_of_the_bins() -> None:
    assert edges_of([0.2, 0.3], CreationKind.RAND) == np.linspace(0, 1, 25).tolist()
    for kind in (CreationKind.RANDN, CreationKind.RANDN_LIKE):
        for values, reach in (([-1, 2], 4), ([-6, 1], 6), ([1, 7], 7)):
            assert edges_of(values, kind) == np.linspace(-reach, reach, 25).tolist()
    whole = edges_of([-3, 90], CreationKind.RANDINT, low=-3, high=93)
    assert whole == [number - 0.5 for number in range(-3, 94)]
    assert edges_of([-3, 90], CreationKind.RANDINT, low=-3, high=94) == np.linspace(-3, 90, 25).tolist()
    assert edges_of([-60, 60], CreationKind.RANDINT, low=-90, high=90) == np.linspace(-60, 60, 25).tolist()
    assert edges_of([2, 5, 11], CreationKind.TENSOR) == np.linspace(2, 11, 25).tolist()
    assert edges_of([2, 2.5], CreationKind.TENSOR) == np.linspace(2, 2.5, 25).tolist()


@pytest.mark.parametrize(("value", "reach"), [(3.0, 0.5), (-3.0, 0.5), (1e9, 1000.0), (-1e9, 1000.0)])
def test_one_value_has_a_bin_around_it(value: float, reach: float) -> None:
    expected = [value - reach, value - reach / 3, value + reach / 3, value + reach]
    assert edges_of([value, value], CreationKind.TENSOR) == pytest.approx(expected, rel=1e-12)


def test_values_too_near_for_bins_of_their_own_share_one() -> None:
    assert len(edges_of([1e16, 1e16 + 2], CreationKind.TENSOR)) == 4
    for steps in range(1, 60):  # from the next number to ones with room for bins between
        high = 1 + steps * 2**-52
        expected = np.linspace(1, high, 25)
        found = edges_of([1, high], CreationKind.TENSOR)
        assert found == expected.tolist() if (np.diff(expected) > 0).all() else len(found) == 4


@pytest.mark.parametrize(("low", "high"), [(0, 2), (-3, 9), (5, 6), (-90, 90)])
def test_whole_numbers_at_random_have_these_moments(low: int, high: int) -> None:
    spec = Creation(CreationKind.RANDINT, shape=(50,), low=low, high=high)
    bars = histogram(spec.make(), spec)
    assert bars is not None
    assert bars.theory is not None
    assert bars.theory.tolist() == [pytest.approx(1 / (high - low))] * len(bars.theory)
    assert bars.expected == pytest.approx(np.mean(range(low, high)))
    assert bars.deviation == pytest.approx(np.std(range(low, high)))


def test_uniform_numbers_have_these_moments_and_typed_ones_none() -> None:
    spec = Creation(CreationKind.RAND, shape=(50,))
    bars = histogram(spec.make(), spec)
    assert bars is not None
    many = (np.arange(100_000) + 0.5) / 100_000
    assert bars.expected == pytest.approx(many.mean())
    assert bars.deviation == pytest.approx(many.std())
    for spec in (Creation(CreationKind.TENSOR), Creation(CreationKind.RANDINT, low=5, high=5)):
        typed = histogram(torch.tensor([1, 2, 3]), spec)
        assert typed is not None
        assert (typed.theory, typed.expected, typed.deviation) == (None, None, None)
