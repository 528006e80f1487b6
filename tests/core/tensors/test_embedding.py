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
    MAX_DRAWN,
    MAX_WEIGHTS,
    Lookup,
    Updater,
    compare_costs,
    drawn_rows,
    look_up,
    nearest,
    normal_table,
    one_hot_code,
    parse_indices,
    project,
    rows_moved,
)
from lib.core.tensors.errors import Problem, TensorInputError
from lib.core.tensors.words import GROUPS, WORDS, context_pairs, group_of, learn, learning_code, sentences
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


@pytest.mark.parametrize(
    "elements", [15, 16, KEPT_FROM - 16, KEPT_FROM, KEPT_FROM + 1, 17_017, 999_999, MAX_WEIGHTS]
)
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
    assert len(drawn_rows(many)) == MAX_DRAWN
    assert drawn_rows(lookup) == (0, 1, 7, 50, 98, 99)
    assert drawn_rows(Lookup(100, 4, (0,), (1,))) == (0, 1, 2, 3, 4, 99)
    assert drawn_rows(Lookup(6, 4, (5,), (1,))) == (0, 1, 2, 3, 4, 5)
    assert drawn_rows(Lookup(3, 4, (0, -1, 3), (3,))) == (0, 1, 2)


def test_both_ways_agree_and_are_measured() -> None:
    costs = compare_costs(Lookup(200, 16, (1, 5, 5), (3,)))
    assert costs.equal
    assert costs.lookup_seconds > 0 < costs.one_hot_seconds


def test_bytes_and_multiplications_are_those_of_torchs_tensors() -> None:
    lookup = Lookup(200, 16, (1, 5, 5), (3,))
    one_hot = torch.nn.functional.one_hot(lookup.index_tensor(), lookup.vocabulary).float()
    assert lookup.index_bytes == lookup.index_tensor().nbytes
    assert lookup.one_hot_bytes == one_hot.nbytes == 3 * 200 * 4
    assert lookup.multiplications == one_hot.numel() * lookup.width == 3 * 200 * 16


def test_seconds_are_the_clocks(monkeypatch: pytest.MonkeyPatch) -> None:
    ticks = iter([10.0, 10.5, 20.0, 20.25, 30.0, 32.0, 40.0, 41.0])
    monkeypatch.setattr("lib.core.tensors.embedding.time.perf_counter", lambda: next(ticks))
    costs = compare_costs(Lookup(20, 2, (1,), (1,)), repeats=2)
    assert (costs.lookup_seconds, costs.one_hot_seconds) == (0.25, 1)


@pytest.mark.parametrize(
    "lookup",
    [
        Lookup(20, 3, (1, 5, 5, 0), (2, 2)),
        Lookup(20, 3, (1, 5, 19), (3,), padding_idx=-1),
        Lookup(20, 3, (), (0,)),
        Lookup(20, 3, (4,), ()),
    ],
)
def test_the_code_looks_up_what_the_page_shows(lookup: Lookup, capsys: pytest.CaptureFixture[str]) -> None:
    looked = look_up(lookup)
    space: dict[str, torch.Tensor] = {}
    if lookup.indices:
        exec(lookup.code(backward=True), space)  # noqa: S102
        rows = torch.tensor(
            [row for row, value in zip(looked.grad_rows, looked.grad_values, strict=True) if value]
        )
        assert capsys.readouterr().out == f"{torch.Size(lookup.output_shape)}\n{rows}\n"
    assert "backward" not in lookup.code()
    exec(one_hot_code(lookup), space)  # noqa: S102
    assert capsys.readouterr().out == "True\n"
    assert looked.output is not None
    assert np.array_equal(space["vectors"].detach().reshape(-1, 3).numpy(), looked.output)


def test_the_nearest_are_so_by_cosine_and_the_first_of_equals() -> None:
    vectors = torch.randn(9, 4, generator=torch.Generator().manual_seed(3)) * 0.01
    vectors[7] = vectors[2]
    found = nearest(vectors.numpy(), 5)
    assert len(found) == 5
    assert len(nearest(vectors.numpy(), 5, 20)) == 8
    cosines = torch.cosine_similarity(vectors, vectors[5:6])
    for index, cosine in nearest(vectors.numpy(), 5, 20):
        assert cosine == pytest.approx(cosines[index].item(), abs=1e-5)
    order = [index for index, _ in nearest(vectors.numpy(), 5, 20)]
    assert order.index(2) + 1 == order.index(7)
    ones = np.ones((40, 2), dtype=np.float32)
    assert [index for index, _ in nearest(ones, 0, 39)] == list(range(1, 40))


def test_words_are_guessed_from_the_others_of_their_sentence() -> None:
    contexts, targets = context_pairs()
    assert contexts.dtype == targets.dtype == np.int64
    whole = {tuple(line) for line in sentences().tolist()}
    rebuilt = [
        (target, *context)
        if third == 0
        else (context[0], target, context[1])
        if third == 1
        else (*context, target)
        for third in range(3)
        for context, target in list(zip(contexts.tolist(), targets.tolist(), strict=True))[third * 100 :][
            :100
        ]
    ]
    assert sorted(rebuilt) == sorted([*whole] * 3)


@pytest.mark.parametrize(("width", "seed"), [(8, 0), (2, 7)])
def test_the_code_learns_the_same_table(width: int, seed: int, capsys: pytest.CaptureFixture[str]) -> None:
    learned = learn(width, seed)
    assert learned.steps.tolist() == list(range(0, 121, 5))
    assert [str(learned.losses.dtype), str(learned.tables.dtype)] == ["float32", "float32"]
    space: dict[str, torch.Tensor] = {}
    exec(learning_code(width, seed, "cat", 3), space)  # noqa: S102
    assert np.allclose(space["table"].numpy(), learned.tables[-1], atol=1e-4)
    loss, *neighbours = capsys.readouterr().out.splitlines()
    assert learned.losses[-1] < float(loss) < learned.losses[-2]
    told = [(WORDS[index], round(cosine, 2)) for index, cosine in nearest(learned.tables[-1], 0, 3)]
    assert [line.split()[0] for line in neighbours] == [word for word, _ in told]
    projected = project(list(learned.tables))[-1]
    assert np.allclose(np.abs(space["places"].numpy()), np.abs(projected), atol=1e-3)
    if (width, seed) == (8, 0):
        assert np.array_equal(learn().tables, learned.tables)


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
    line = project([np.array([[1], [2], [6]], dtype=np.float32)])
    assert np.abs(line).tolist() == [[[2, 0], [1, 0], [3, 0]]]
    assert frames.dtype == line.dtype == np.float32
    assert sum(len(group.words) for group in GROUPS) == len(WORDS)


def test_which_rows_each_optimizer_moves() -> None:
    everything = tuple(range(EXAMPLE_ROWS))
    first, second = EXAMPLE_STEPS
    both = tuple(sorted({*first, *second}))
    rows_moved.cache_clear()
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
