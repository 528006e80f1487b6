"""The embedding: table, lookup, gradient and training against torch.nn and torch.optim."""

from __future__ import annotations

import ast
from random import Random

import numpy as np
import pytest
import torch
from hypothesis import given
from torch import nn

from lib.core.tensors.embedding import (
    EXAMPLE_ROWS,
    EXAMPLE_STEPS,
    KEPT_FROM,
    MAX_WEIGHTS,
    Lookup,
    Updater,
    compare_costs,
    drawn_rows,
    look_up,
    nearest,
    normal_table,
    parse_indices,
    project,
    rows_moved,
)
from lib.core.tensors.errors import Problem, TensorInputError
from lib.core.tensors.words import GROUPS, WORDS, group_of, learn
from tests.core.tensors.cases import SEEDS, THOROUGH


@THOROUGH
@given(SEEDS)
def test_the_lookup_is_nn_embeddings(seed: int) -> None:
    random = Random(seed)
    vocabulary, width = random.choice((1, 3, 10, 500)), random.choice((1, 2, 7, 64))
    shape = random.choice(((), (3,), (2, 3), (2, 0), (1, 2, 2)))
    count = int(np.prod(shape, dtype=int))
    indices = tuple(random.randrange(-1 if random.random() < 0.1 else 0, vocabulary) for _ in range(count))
    padding = random.choice((None, None, random.randrange(-vocabulary, vocabulary)))
    lookup = Lookup(vocabulary, width, indices, shape, padding)
    torch.manual_seed(0)
    layer = nn.Embedding(vocabulary, width, padding_idx=padding)
    assert torch.equal(lookup.weight(), layer.weight.detach())
    looked = look_up(lookup)
    assert np.array_equal(looked.table, layer.weight.detach()[list(looked.rows)].numpy())
    if lookup.bad_indices:
        assert looked.error is not None
        with pytest.raises(IndexError, match=looked.error.message):
            layer(lookup.index_tensor())
        return
    output = layer(lookup.index_tensor())
    assert tuple(output.shape) == lookup.output_shape
    assert looked.output is not None
    assert np.array_equal(looked.output, output.detach().reshape(-1, width).numpy())
    output.sum().backward()
    assert layer.weight.grad is not None
    expected = layer.weight.grad.abs().sum(dim=1).nonzero().flatten().tolist()
    values = dict(zip(looked.grad_rows, looked.grad_values, strict=True))
    assert [row for row, value in values.items() if value] == expected
    assert all(layer.weight.grad[row, 0] == value for row, value in values.items())


@pytest.mark.parametrize("elements", [15, 16, KEPT_FROM - 16, KEPT_FROM, 1_000_000, 999_999, MAX_WEIGHTS])
def test_a_table_cut_from_the_longest_is_the_one_that_torch_draws(elements: int) -> None:
    torch.manual_seed(0)
    assert torch.equal(normal_table(elements), torch.empty(elements).normal_())


def test_the_default_is_the_notes_example() -> None:
    looked = look_up(Lookup())
    assert looked.output is not None
    assert looked.output.shape == (6, 100)
    assert Lookup().output_shape == (2, 3, 100)
    assert looked.grad_rows == (1, 2, 3, 4, 5, 6)


def test_rows_that_are_drawn_hold_what_matters() -> None:
    lookup = Lookup(100, 4, (50, 50, 7), (3,), padding_idx=-2)
    assert {0, 7, 50, 98, 99} <= set(drawn_rows(lookup))
    assert drawn_rows(Lookup(2, 2, (0,), (1,))) == (0, 1)
    many = Lookup(100, 4, tuple(range(20, 60)), (40,))
    assert len(drawn_rows(many)) == 12


def test_both_ways_agree_and_are_measured() -> None:
    costs = compare_costs(Lookup(200, 16, (1, 5, 5), (3,)))
    assert costs.equal
    assert costs.one_hot_bytes == 3 * 200 * 4
    assert costs.multiplications == 3 * 200 * 16
    assert costs.lookup_seconds > 0 < costs.one_hot_seconds


@pytest.mark.parametrize(
    "text", ["[1.5]", "[True]", "[[1], [2, 3]]", "x", "", str([0] * 65), "[[[[1]]]]", f"[{2**70}]"]
)
def test_bad_indices_are_refused(text: str) -> None:
    with pytest.raises(TensorInputError):
        parse_indices(text)


@pytest.mark.parametrize(("vocabulary", "width"), [(0, 1), (20_001, 1), (20_000, 101), (1, 0), (1, 1001)])
def test_tables_beyond_the_limits_are_refused(vocabulary: int, width: int) -> None:
    with pytest.raises(TensorInputError):
        Lookup(vocabulary, width, (0,), (1,))


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_words_of_a_group_end_up_together(seed: int) -> None:
    table = learn(width=8, seed=seed).tables[-1]
    right = sum(group_of(nearest(table, word, 1)[0][0]) == group_of(word) for word in range(len(WORDS)))
    assert right >= len(WORDS) - 2
    before = learn(width=8, seed=seed).tables[0]
    assert (
        sum(group_of(nearest(before, word, 1)[0][0]) == group_of(word) for word in range(len(WORDS))) < right
    )


def test_learning_repeats_and_projects() -> None:
    first, second = learn(width=4, seed=5), learn(width=4, seed=5)
    assert np.array_equal(first.tables, second.tables)
    assert first.losses[-1] < first.losses[0]
    frames = project(list(first.tables))
    # The projection keeps the directions of largest variance: no other plane holds more of it.
    centred = first.tables[-1] - first.tables[-1].mean(axis=0)
    variances = np.linalg.svd(centred, compute_uv=False) ** 2
    assert float((frames[-1] ** 2).sum()) == pytest.approx(float(variances[:2].sum()), rel=1e-4)
    assert project([np.ones((3, 1), dtype=np.float32)]).shape == (1, 3, 2)
    assert sum(len(group.words) for group in GROUPS) == len(WORDS)


def test_which_rows_each_optimizer_moves() -> None:
    everything = tuple(range(EXAMPLE_ROWS))
    first, second = EXAMPLE_STEPS
    both = tuple(sorted({*first, *second}))
    assert rows_moved() == {
        Updater.SGD: (first, second),
        Updater.MOMENTUM: (first, both),
        Updater.ADAGRAD: (first, second),
        Updater.ADAM: (first, both),
        Updater.ADAMW: (everything, everything),
    }


@pytest.mark.parametrize(("text", "dtype"), [("[1.0, 2.0]", torch.float32), ("[True, False]", torch.bool)])
def test_indices_that_torch_refuses_for_their_dtype(text: str, dtype: torch.dtype) -> None:
    with pytest.raises(TensorInputError) as caught:
        parse_indices(text)
    assert caught.value.problem is Problem.NOT_AN_INDEX_DTYPE
    typed = torch.tensor(ast.literal_eval(text))
    assert caught.value.details == {"dtype": str(typed.dtype).removeprefix("torch.")}
    assert typed.dtype == dtype
    with pytest.raises(RuntimeError, match="Long, Int"):
        torch.nn.functional.embedding(typed, torch.ones(3, 2))
