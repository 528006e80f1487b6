"""Reductions: results, lanes and winners against torch and plain loops."""

from __future__ import annotations

from random import Random

import numpy as np
import pytest
import torch
from hypothesis import given
from numpy.typing import NDArray

from lib.core.tensors.errors import TORCH_RAISES, TorchError
from lib.core.tensors.reduce import WINNERS, Reduction, lane_map, reduce, reduction_code, refuse_nested_list
from tests.core.tensors.cases import BATCH, SEEDS, THOROUGH, draw_shape


@pytest.mark.parametrize("kind", list(Reduction))
@THOROUGH
@given(SEEDS)
def test_reductions_are_torchs(kind: Reduction, seed: int) -> None:
    random = Random(seed)
    for _ in range(BATCH):
        shape = draw_shape(random)
        x = torch.randn(shape, generator=torch.Generator().manual_seed(seed % 999))
        if random.random() < 0.3:
            x = (2 * x).round().long()  # ties, and means that torch refuses
        dim = None if random.random() < 0.2 else random.randint(-len(shape) - 1, len(shape))
        keepdim = random.random() < 0.5
        reduced = reduce(kind, x, dim, keepdim=keepdim)
        try:
            expected = eval(reduction_code(kind, dim, keepdim=keepdim), {"torch": torch, "x": x})  # noqa: S307
        except TORCH_RAISES as error:
            assert reduced.error == TorchError.of(error)  # noqa: PT017
            assert np.array_equal(reduced.lanes, lane_map(shape, dim))
            assert not reduced.winners.any()
            continue
        assert reduced.result is not None
        assert torch.allclose(reduced.result, expected, rtol=0, atol=0, equal_nan=True)
        assert reduced.result.shape == expected.shape
        assert [str(reduced.lanes.dtype), str(reduced.winners.dtype)] == ["int32", "bool"]
        assert reduced.lanes.shape == reduced.winners.shape == (x.numel(),)
        if kind in WINNERS:
            groups = (
                [x.reshape(-1)] if dim is None or not shape else x.movedim(dim, -1).reshape(-1, shape[dim])
            )
            assert reduced.ties == any(
                int((group == group.max()).sum()) > 1 for group in groups if len(group)
            )
        else:
            assert not reduced.ties
        if x.numel() and kind in WINNERS:
            check_winners(kind, x, dim, reduced.winners, reduced.lanes)


def check_winners(
    kind: Reduction, x: torch.Tensor, dim: int | None, winners: NDArray[np.bool_], lanes: NDArray[np.int32]
) -> None:
    flat = x.reshape(-1).tolist()
    groups: dict[int, list[int]] = {}
    for place, lane in enumerate(lanes):
        groups.setdefault(int(lane), []).append(place)
    best = reduce(Reduction.MAX, x, dim).result
    assert best is not None
    for lane, places in groups.items():
        won = [place for place in places if winners[place]]
        assert len(won) == 1
        assert flat[won[0]] == max(flat[place] for place in places) == best.reshape(-1)[lane].item()
        if kind is Reduction.ARGMAX and dim is not None and x.dim():
            chosen = reduce(Reduction.ARGMAX, x, dim).result
            assert chosen is not None
            assert places.index(won[0]) == chosen.reshape(-1)[lane].item()


def test_a_dim_that_is_none_has_one_lane() -> None:
    for dim in (None, 2, -3):
        assert lane_map((2, 3), dim).tolist() == [0] * 6
    assert lane_map((2, 3), -2).tolist() == [0, 1, 2, 0, 1, 2]
    assert lane_map((), 0).tolist() == [0]
    assert {lane_map(shape, 0).dtype for shape in ((), (2, 3))} == {np.dtype(np.int32)}


def test_the_notes_example() -> None:
    scores = torch.tensor([[0.1, 0.7, 0.2], [0.2, 0.1, 0.7], [0.8, 0.1, 0.1]])
    reduced = reduce(Reduction.ARGMAX, scores, 1)
    assert reduced.result is not None
    assert reduced.result.tolist() == [1, 2, 0]
    assert reduced.winners.nonzero()[0].tolist() == [1, 5, 6]


def test_a_nested_list_is_refused() -> None:
    assert "must be Tensor, not list" in refuse_nested_list([[0.1, 0.7]]).message


@pytest.mark.parametrize("keepdim", [True, False])
def test_max_gives_its_places_too(keepdim: bool) -> None:
    x = torch.tensor([[3, 9, 1], [7, 7, 2]])
    found = reduce(Reduction.MAX, x, 1, keepdim=keepdim)
    assert found.places is not None
    assert torch.equal(found.places, torch.max(x, dim=1, keepdim=keepdim).indices)
    assert reduce(Reduction.MAX, x, None).places is None


@pytest.mark.parametrize("kind", [Reduction.ARGMAX, Reduction.MAX])
@pytest.mark.parametrize("dim", [None, 0, 1])
def test_of_equals_the_first_wins(kind: Reduction, dim: int | None) -> None:
    x = torch.tensor([[1, 5, 5], [5, 2, 5]])
    found = reduce(kind, x, dim)
    assert found.ties == (dim != 0 or bool((x[0] == x[1]).any()))
    lanes, winners = found.lanes, found.winners
    for lane in set(lanes.tolist()):
        cells = [i for i, other in enumerate(lanes.tolist()) if other == lane]
        best = max(int(x.flatten()[i]) for i in cells)
        first = next(i for i in cells if int(x.flatten()[i]) == best)
        assert [i for i in cells if winners[i]] == [first]
    assert not reduce(kind, torch.tensor([[1, 2], [4, 3]]), dim).ties
