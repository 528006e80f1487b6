"""Index expressions: what is selected, explained and refused, against torch indexing with the same text."""

from __future__ import annotations

import ast
from random import Random

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as some

from lib.core.tensors.errors import TORCH_RAISES, Problem, TensorInputError, TorchError
from lib.core.tensors.index import (
    Gather,
    Many,
    Rest,
    Subscript,
    Whole,
    consumed,
    parse_index,
    parse_mask,
    python_key,
)
from lib.core.tensors.refusals import Meaning, explain
from lib.core.tensors.selection import (
    Effect,
    Selection,
    gather_rule,
    index_presets,
    result_shape,
    select,
)
from lib.core.tensors.trace import number_elements
from tests.core.tensors.cases import BATCH, SEEDS, THOROUGH, draw_shape, values_of


def python(text: str, x: torch.Tensor) -> torch.Tensor | TorchError:
    """What Python makes of the text itself."""
    try:
        result: torch.Tensor = eval(text, {"x": x, "torch": torch})  # noqa: S307
    except TORCH_RAISES as error:
        return TorchError.of(error)
    return result


def draw_item(random: Random, size: int) -> str:
    kind = random.random()
    if kind < 0.25:
        return str(
            random.randint(-size - 1, size) if random.random() < 0.2 else random.randint(0, max(size - 1, 0))
        )
    if kind < 0.6:
        ends = [random.choice(["", str(random.randint(-size - 1, size + 1))]) for _ in range(2)]
        step = random.choice(["", "", ":", ":1", ":2", ":3", ":-1", ":-2", ":-3"])
        return ":".join(ends) + step
    if kind < 0.75:
        places = [random.randint(-size, size) if random.random() < 0.1 else random.randrange(max(size, 1))]
        places *= random.choice((1, 2, 2))
        text = str(places)
        return f"torch.tensor({text})" if random.random() < 0.3 else text
    if kind < 0.82:
        flags = [random.random() < 0.5 for _ in range(size + (random.random() < 0.1))]
        return str(flags) if flags else "[0]"
    return "None" if kind < 0.9 else "..."


def draw_text(random: Random, shape: tuple[int, ...]) -> str:
    if random.random() < 0.1:
        masks = [
            "x > 5",
            "x % 2 == 0",
            "x != 3, None",
            "x >= 100",
            "(x > 2) & (x < 9)",
            "~(x == 1) | (x > 7)",
            "7 > x",
            "0 == x % 2",
            "x != x",
            "x <= x[0]",
            "x[0] > 3",
            "x[:, 0] > 1",
            "x[..., -1] >= x[..., 0]",
            "x[0]",
            "x[x > 9]",
            "0, x[0] > 3",
        ]
        return f"x[{random.choice(masks)}]"
    count = random.randint(0, len(shape)) + (random.random() < 0.1)
    items = [draw_item(random, shape[axis] if axis < len(shape) else 2) for axis in range(count)] or ["..."]
    text = f"x[{', '.join(items)}{',' if random.random() < 0.1 else ''}]"
    return text + random.choice(
        [
            *[
                "",
                "",
                "",
                "[0]",
                "[..., None]",
                "[:1]",
                ".flip(0)",
                ".flip(0, -1)",
                ".flip([0])",
                ".flip((0, -1))",
            ],
            *[".T", ".mT", ".t()", ".transpose(0, -1)", ".permute(1, 0)", ".permute((1, -1, 0))", ".T[0]"],
        ]
    )


def check_stages(chosen: Selection, x: torch.Tensor) -> None:
    """Each access that worked: what it was applied to, and what each of its items did to which axes."""
    for written, stage in zip(chosen.expression.accesses, chosen.stages, strict=False):
        assert type(stage.access) is type(written)
        reached = python(stage.prefix, x)
        assert isinstance(reached, torch.Tensor)
        assert tuple(reached.shape) == stage.before
        if not isinstance(written, Subscript):
            assert (stage.notes, stage.moved) == ((), False)
            continue
        texts = [note.text for note in stage.notes]
        assert texts[: len(written.texts)] == list(written.texts)
        assert set(texts[len(written.texts) :]) <= {":"}
        axes = [axis for note in stage.notes for axis in note.axes]
        assert sorted(axes) == list(range(len(stage.before)))
        for note in stage.notes:
            assert note.sizes == tuple(stage.before[axis] for axis in note.axes)


def check_text(text: str, shape: tuple[int, ...]) -> bool:
    x = values_of(shape)
    traced = number_elements([x])[0]
    expression = parse_index(text)
    chosen = select(expression, traced)
    assert (chosen.expression, chosen.before) == (expression, traced)
    check_stages(chosen, x)
    expected = python(text, x)
    if isinstance(expected, TorchError):
        assert chosen.error == expected, f"{text} on {shape}"
        assert chosen.fix is None or isinstance(python(chosen.fix, x), torch.Tensor)
        return False
    after = chosen.after
    assert after is not None, f"{text} on {shape}: {chosen}"
    assert torch.equal(after.values, expected)
    assert after.values.stride() == expected.stride()
    assert torch.equal(x.reshape(-1)[after.source_map()], after.values.reshape(-1))
    for stage in chosen.stages:
        if stage.notes:
            assert result_shape(stage.notes, moved=stage.moved) == stage.after, f"{text} on {shape}"
    assert len(chosen.stages) == len(expression.accesses)
    if chosen.stages:
        assert chosen.stages[-1].after == after.shape
    if after.values.numel():
        kept = x.clone()
        after.values[(0,) * after.values.dim()] = -5
        assert chosen.shares == (not torch.equal(kept, x))
    return True


def test_indices_do_what_torch_does() -> None:
    seen = {True: 0, False: 0}

    @THOROUGH
    @given(SEEDS)
    def agree(seed: int) -> None:
        random = Random(seed)
        for _ in range(2 * BATCH):
            shape = draw_shape(random)
            seen[check_text(draw_text(random, shape), shape)] += 1

    agree()
    assert seen[True] > 1500
    assert seen[False] > 300


@pytest.mark.parametrize(
    "text",
    [
        "x[0, 1:3, ::2]",
        "x[..., -1]",
        "x[[0, 1]]",
        "x[:, None]",
        "x[x > 5]",
        "x[[0, 1], :, [1, 2]]",
        "x[0, :, [1, 2]]",
        "x.gather(2, torch.tensor([[[0], [1], [3]]]))",
        "x[torch.tensor([[0, 1], [1, 0]])]",
        "x[[True, False]]",
        "x[0][1][2]",
        "x",
    ],
)
def test_the_examples_of_the_page(text: str) -> None:
    assert check_text(text, (2, 3, 4))


@pytest.mark.parametrize(
    "text",
    [
        "__import__('os').system('true')",
        "x[__import__('os')]",
        "x.__class__",
        "x[0].__class__",
        "x[(lambda: 0)()]",
        "x[y]",
        "x['a']",
        "x[[[0, 1], [1, 0]]]",
        "x[0:'a']",
        "x[x > 3 > 2]",
        "x[x % 0 == 1]",
        "x[3 > 2]",
        "x[x > y]",
        "y[0][x > 3]",
        "x[x.shape]",
        "y",
        "x[x > 3 and x < 9]",
        "x[not x > 3]",
        "x[(x > 3) & 2]",
        "x[(x > 3) + (x < 9)]",
        "x[0][0][0][0][0]",
        "x.sum(0)",
        "x[" * 200,
        "x[10**9]",
        "[x for x in x]",
        "x[99999999999999999999999]",
        "x[[9999999999999999999999]]",
        "",
        "x[0",
    ],
)
def test_other_texts_are_refused(text: str) -> None:
    with pytest.raises(TensorInputError):
        parse_index(text)


def test_a_list_that_would_copy_too_much_is_refused() -> None:
    x = number_elements([torch.zeros(2, 4999)])[0]
    chosen = select(parse_index("x[[0, 1, 0]]"), x)
    assert chosen.problem is not None
    assert chosen.problem.problem is Problem.TOO_MANY_ELEMENTS


def test_negative_steps_are_refused_with_a_way_out() -> None:
    chosen = select(parse_index("x[::-1]"), number_elements([torch.arange(4)])[0])
    assert chosen.error == TorchError("ValueError", "step must be greater than zero")
    assert chosen.fix == "x.flip(0)"


@pytest.mark.parametrize(
    "text", ["x > 9", "(x > 3) & (x < 9)", "~(x % 2 == 0) | (x == 4)", "(x > 3) ^ (x > 9)", "[True, False]",
             "[[True, False, True], [False, False, True]]", "torch.tensor([False, True])"],
)  # fmt: skip
def test_a_mask_is_what_torch_makes_of_the_text(text: str) -> None:
    x = values_of((2, 3, 4))
    mask = parse_mask(text)
    chosen = select(parse_index("x[mask]", mask), number_elements([x])[0])
    tensor = torch.as_tensor(python(text, x))
    assert chosen.after is not None
    assert torch.equal(chosen.after.values, x[tensor])
    assert torch.equal(torch.as_tensor(python(mask.code, x)), tensor)


@pytest.mark.parametrize(
    "text", ["x > 3 and x < 9", "x", "[1, 0]", "x + 1", "mask", "[[True], [False, True]]"]
)
def test_other_masks_are_refused(text: str) -> None:
    with pytest.raises(TensorInputError):
        parse_mask(text)


def test_gathers_rule_holds_cell_by_cell() -> None:
    x = values_of((2, 3, 4))
    text = "x.gather(-1, torch.tensor([[[0], [1], [3]]]))"
    expression = parse_index(text)
    chosen = select(expression, number_elements([x])[0])
    (access,) = expression.accesses
    assert isinstance(access, Gather)
    rule = gather_rule("x", access, 3).removeprefix("y[i, j, k] = ")
    index = torch.tensor(access.index.values)
    assert chosen.after is not None
    for i, j, k in torch.cartesian_prod(*map(torch.arange, index.shape)).tolist():
        expected = eval(rule, {"x": x, "index": index, "i": i, "j": j, "k": k})  # noqa: S307
        assert chosen.after.values[i, j, k] == expected


@pytest.mark.parametrize(
    "shape",
    [(), (0,), (1,), (2,), (5,), (1, 1), (3, 4), (2, 1), (2, 3, 4), (1, 5, 2), (2, 2, 2, 2), (1, 2, 3, 2, 2)],
)
def test_presets_work_on_every_shape(shape: tuple[int, ...]) -> None:
    mask = parse_mask("x > 1")
    traced = number_elements([values_of(shape)])[0]
    for name, code in index_presets(shape).items():
        assert select(parse_index(code, mask), traced).after is not None, (name, code)
    if len(shape) > 1 and 0 not in shape:
        chosen = select(parse_index(index_presets(shape)["diagonal"]), traced).after
        assert chosen is not None
        block = values_of(shape)[(0,) * (len(shape) - 2)]
        assert torch.equal(chosen.values, block.diagonal()[: len(chosen.values)])


def test_lists_side_by_side_go_in_step() -> None:
    chosen = select(parse_index("x[[0, 1], [1, 2]]"), number_elements([values_of((2, 3, 4))])[0])
    (stage,) = chosen.stages
    assert [(note.effect, note.result) for note in stage.notes] == [
        (Effect.LISTED, (2,)),
        (Effect.PAIRED, ()),
        (Effect.KEPT, (4,)),
    ]


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("x[4 > x]", "x[x < 4]"),
        ("x[4 <= x]", "x[x >= 4]"),
        ("tensor[0, 1]", "x[0, 1]"),
        ("t[t[:, 0] > 5]", "x[x[:, 0] > 5]"),
        ("tensor[torch.tensor([1, 0])]", "x[torch.tensor([1, 0])]"),
    ],
)
def test_texts_that_mean_the_same(text: str, same: str) -> None:
    x = values_of((2, 3))
    chosen = select(parse_index(text), number_elements([x])[0])
    assert chosen.after is not None
    assert torch.equal(chosen.after.values, torch.as_tensor(python(same, x)))


def test_a_bool_tensor_is_its_own_mask() -> None:
    x = values_of((2, 3)) % 2 == 0
    chosen = select(parse_index("x[x]"), number_elements([x])[0])
    assert chosen.after is not None
    assert torch.equal(chosen.after.values, x[x])
    assert [note.effect for note in chosen.stages[0].notes] == [Effect.MASKED]


def test_a_row_mask_takes_the_first_axis_alone() -> None:
    x = values_of((2, 3))
    chosen = select(parse_index("x[x[:, 0] > 1]"), number_elements([x])[0])
    (stage,) = chosen.stages
    assert [(note.effect, note.axes) for note in stage.notes] == [(Effect.MASKED, (0,)), (Effect.KEPT, (1,))]


@given(
    some.integers(1, 9),
    some.one_of(some.none(), some.integers(-11, 11)),
    some.one_of(some.none(), some.integers(-11, 11)),
    some.integers(-4, -1),
)
def test_the_way_out_of_a_negative_step_selects_the_same(
    size: int, start: int | None, stop: int | None, step: int
) -> None:
    x = torch.arange(2 * size).reshape(2, size)
    ends = ["" if end is None else str(end) for end in (start, stop)]
    chosen = select(parse_index(f"x[:, {':'.join(ends)}:{step}]"), number_elements([x])[0])
    assert chosen.error is not None
    assert chosen.fix is not None
    expected = x.numpy()[:, start:stop:step]
    assert torch.as_tensor(python(chosen.fix, x)).tolist() == expected.tolist()


@pytest.mark.parametrize("lists", [("[1, 0]", "[0, 1, 2]"), ("[1, 0]", "[0, 1, 2]", "[3, 2, 1, 0]")])
def test_lists_that_do_not_pair_become_a_grid(lists: tuple[str, ...]) -> None:
    x = values_of((2, 3, 4))
    chosen = select(parse_index(f"x[{', '.join(lists)}]"), number_elements([x])[0])
    assert chosen.error is not None
    explained = explain(chosen.error)
    assert explained is not None
    assert explained.meaning is Meaning.LISTS_DIFFER
    assert chosen.fix is not None
    grid = np.ix_(*(ast.literal_eval(each) for each in lists))
    assert torch.as_tensor(python(chosen.fix, x)).tolist() == x.numpy()[grid].tolist()


def test_an_axis_of_size_zero_has_no_places() -> None:
    chosen = select(parse_index("x[0]"), number_elements([torch.zeros(0, 3)])[0])
    assert chosen.error is not None
    explained = explain(chosen.error)
    assert explained is not None
    assert explained.meaning is Meaning.NO_PLACES
    assert explained.details == {"dim": "0"}


@pytest.mark.parametrize(
    ("text", "fix"),
    [
        ("x[5]", "x[1]"),
        ("x[-7]", "x[-2]"),
        ("x[1.7]", "x[1]"),
        ("x[9.5]", "x[1]"),
        ("x[0, 1, 2, 3]", "x[0, 1, 2]"),
        ("x[..., 9]", "x[..., 3]"),
        ("x[0, ..., -9]", "x[0, ..., -4]"),
        ("x[9, ...]", "x[1, ...]"),
        ("x[..., ..., 9]", "x[..., 3]"),
        ("x[..., 0, 0, 0, 0]", "x[..., 0, 0, 0]"),
        ("x[None, ..., 9]", "x[None, ..., 3]"),
        ("x[None, 5]", "x[None, 1]"),
        ("x[::0]", "x[:]"),
        ("x[0, 1:3:0]", "x[0, 1:3]"),
        ("x[0, 9, 1:]", "x[0, 2, 1:]"),
        ("x[[0, 5]]", "x[[0, 1]]"),
        ("x[:, [7, 5], 1]", "x[:, [2, 2], 1]"),
        ("x[torch.tensor([0, -9])]", "x[torch.tensor([0, -2])]"),
        ("x[[True, False, True]]", "x[[True, False]]"),
        ("x[[True]]", "x[[True, False]]"),
        ("x[0, torch.tensor([True])]", "x[0, torch.tensor([True, False, False])]"),
        ("x[::-1, ::-2]", "x.flip(0, 1)[:, ::2]"),
        ("x[..., ::-1]", "x.flip(2)"),
        ("x[0][9]", "x[0][2]"),
        ("x[[1, 9], 7, [0, 1, 2]]", "x[torch.tensor([[1], [1]]), 2, [0, 1, 2]]"),
        ("x[[5], x[0] > 3]", "x[[1], x[0] > 3]"),
        ("x[[True, True], [True, True, True]]", None),
        ("x[[[True], [False]]]", None),
        ("x.gather(0, torch.tensor([5]))", None),
        ("x.flip(5)", None),
        ("x.T[9]", "x.T[3]"),
        ("x.permute(2, 0, 1)[0, 9]", "x.permute(2, 0, 1)[0, 1]"),
        ("x.transpose(0, 5)", None),
        ("x.t()", None),
    ],
)
def test_the_way_out_is_the_nearest(text: str, fix: str | None) -> None:
    x = values_of((2, 3, 4))
    if text.startswith("x[[["):  # a mask of two axes, by its name
        chosen = select(parse_index("x[mask]", parse_mask(text[2:-1])), number_elements([x])[0])
    else:
        chosen = select(parse_index(text), number_elements([x])[0])
    assert chosen.error is not None
    assert chosen.fix == fix
    assert fix is None or isinstance(python(fix, x), torch.Tensor)


@pytest.mark.parametrize(
    ("text", "before"),
    [
        ("x[9]", []),
        ("x[0][9]", [(2, 3, 4)]),
        ("x[0][1][7]", [(2, 3, 4), (3, 4)]),
        ("x[1:].flip(5)", [(2, 3, 4)]),
    ],
)
def test_a_refused_access_keeps_what_worked_before_it(text: str, before: list[tuple[int, ...]]) -> None:
    chosen = select(parse_index(text), number_elements([values_of((2, 3, 4))])[0])
    assert chosen.error is not None
    assert [stage.before for stage in chosen.stages] == before


def test_the_presets_of_a_shape() -> None:
    always = {"comparison": "x[x > 9]", "mask": "x[mask]", "new_axis": "x[:, None]"}
    assert index_presets((5, 6)) == always | {
        "first": "x[1]",
        "row": "x[..., 1, :]",
        "column": "x[..., 2]",
        "diagonal": "x[[0, 1, 2, 3], [0, 1, 2, 3]]",
        "step": "x[:, ::2]",
        "transpose": "x.T",
        "gather": "x.gather(1, torch.tensor([[0], [1], [3]]))",
    }
    assert index_presets((1, 2, 2)) == always | {
        "first": "x[0]",
        "row": "x[..., 1, :]",
        "column": "x[..., 1]",
        "diagonal": "x[0, [0, 1], [0, 1]]",
        "step": "x[0, :, ::2]",
        "transpose": "x.transpose(-2, -1)",
        "gather": "x.gather(2, torch.tensor([[[0], [1]]]))",
    }
    line = {"first": "x[1]", "step": "x[::2]", "gather": "x.gather(0, torch.tensor([3, 1, 0]))"}
    assert index_presets((7,)) == always | line


def test_what_an_expression_remembers() -> None:
    mask = parse_mask("x > 3")
    named = parse_index("x[mask]", mask)
    assert named.mask is mask
    assert parse_index("x[0]", mask).mask is None
    assert parse_index("tensor[torch.tensor([0])]").typed_name == "tensor"
    assert parse_index("x[0]").typed_name == "x"
    assert parse_index(f"{'y' * 70}[0]").typed_name == "y" * 60


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("x[1.5]", 1.5),
        ("x[[0, 1]]", [0, 1]),
        ("x[[True, False]]", [True, False]),
        ("x[1:, ::2]", (slice(1, None), slice(None, None, 2))),
        ("x[..., None]", (..., None)),
        ("x[0,]", (0,)),
    ],
)
def test_torch_gets_what_python_would_hand_it(text: str, key: object) -> None:
    (access,) = parse_index(text).accesses
    assert isinstance(access, Subscript)
    assert python_key(access) == key


def test_rest_takes_what_is_left_once() -> None:
    assert consumed([Rest(), Rest(), Whole(0)], (2, 3, 4)) == [(0, 1), (), (2,)]


def test_a_mask_of_two_axes_takes_both() -> None:
    x = values_of((2, 3, 4))
    mask = parse_mask("[[True, False, True], [False, False, True]]")
    chosen = select(parse_index("x[mask]", mask), number_elements([x])[0])
    (stage,) = chosen.stages
    assert [(note.effect, note.axes, note.result) for note in stage.notes] == [
        (Effect.MASKED, (0, 1), (3,)),
        (Effect.KEPT, (2,), (4,)),
    ]
    assert isinstance(mask, Many)
    assert torch.equal(mask.mask(x), torch.as_tensor(python(mask.code, x)))


@pytest.mark.parametrize(
    ("shape", "legal", "too_much"),
    [
        ((2, 5000), "x[[0, 1]]", "x[[0, 1, 0]]"),
        ((100, 2, 50), "x[:, [0, 1]]", "x[:, [0, 1, 0]]"),
        ((100, 50, 2), "x[:, :, [0, 1]]", "x[:, :, [0, 1, 0]]"),
        ((100, 50, 2), "x[..., [0, 1]]", "x[..., [0, 1, 0]]"),
        ((1, 5000), "x[x[:, 0] < 1]", "x[torch.tensor([[0, 0], [0, 0]])]"),
    ],
)
def test_what_lists_would_copy_is_counted_to_the_last_element(
    shape: tuple[int, ...], legal: str, too_much: str
) -> None:
    traced = number_elements([torch.zeros(shape)])[0]
    assert select(parse_index(legal), traced).after is not None
    chosen = select(parse_index(too_much + "[0]"), traced)
    assert chosen.problem is not None
    assert (chosen.problem.problem, chosen.stages) == (Problem.TOO_MANY_ELEMENTS, ())
    made = python(too_much, traced.values)
    assert isinstance(made, torch.Tensor)
    assert chosen.problem.details == {"elements": made.numel(), "limit": 10_000}
    late = select(parse_index("x[:]" + too_much.removeprefix("x")), traced)
    assert late.problem is not None
    assert [stage.prefix for stage in late.stages] == ["x"]
    assert (late.expression.code, late.before) == ("x[:]" + too_much.removeprefix("x"), traced)


@pytest.mark.parametrize(
    ("index", "mask", "elements"),
    [
        ("x[x[:, None] > x]", None, 200**2),
        ("x[mask]", "x[:, None] > x", 200**2),
        ("x[(x[:, None, None] > x[:, None]) & (x > -1)]", None, 200**2),
        ("x[(x[:50, None, None] > x[:9]) & (x[:50, None] > 1)]", None, 50 * 50 * 9),
        ("x[(x[:50, None, None] > 1) ^ (x[:50, None] > 1) ^ (x[:9] > 1)]", None, 50 * 50 * 9),
        ("x[0, x[x[:, None] > x] > 1]", None, 200**2),
        ("x[x[x[:101, None] > x[:100]] > 1]", None, 101 * 100),
    ],
)
def test_a_mask_of_too_many_cells_is_refused(index: str, mask: str | None, elements: int) -> None:
    rule = None if mask is None else parse_mask(mask)
    chosen = select(parse_index(index, rule), number_elements([torch.arange(200)])[0])
    assert chosen.problem is not None, chosen.error
    assert chosen.problem.problem is Problem.TOO_MANY_ELEMENTS
    assert chosen.problem.details["elements"] == elements


def test_a_mask_may_be_as_large_as_a_tensor() -> None:
    x = torch.arange(100)
    mask = parse_mask("(x[:, None] > x) & (x > -1)")
    assert mask.mask(x).numel() == 10_000
    assert select(parse_index("x[:, None][mask]", mask), number_elements([x])[0]).problem is None


def test_masks_that_clash_are_torchs_refusal() -> None:
    x = torch.arange(200)
    chosen = select(parse_index("x[(x[:150] > 1) & (x > 1)]"), number_elements([x])[0])
    with pytest.raises(RuntimeError) as caught:
        (x[:150] > 1) & (x > 1)
    assert chosen.error == TorchError.of(caught.value)


def test_lists_that_span_a_grid_are_counted_as_one() -> None:
    x = number_elements([torch.zeros(2, 150, dtype=torch.int64)])[0]
    chosen = select(parse_index("x[x[..., None], x[:, None]]"), x)
    assert chosen.problem is not None, chosen.after
    assert chosen.problem.problem is Problem.TOO_MANY_ELEMENTS


def test_a_mask_of_bytes_takes_one_place_a_byte() -> None:
    x = torch.full((3, 3), 5, dtype=torch.uint8)
    chosen = select(parse_index("x[x[0], [0, 1, 2]]"), number_elements([x])[0])
    (stage,) = chosen.stages
    assert result_shape(stage.notes, moved=stage.moved) == stage.after == (3,)


@pytest.mark.parametrize(
    ("text", "dims"),
    [
        ("x[None, None, None, None, None, None, None]", 9),
        (f"x[{'None, ' * 63}]", 65),
        (f"x[[0], {'None, ' * 7}]", 9),
        ("x[None, None, None, None, None][None, None]", 9),
        ("x[x[:, None, None, None, None, None, None, None] > 1]", 9),
    ],
)
def test_a_result_of_too_many_axes_is_refused(text: str, dims: int) -> None:
    traced = number_elements([torch.zeros(2, 2)])[0]
    chosen = select(parse_index(text), traced)
    assert chosen.problem is not None, chosen.error
    assert chosen.problem.problem is Problem.TOO_MANY_DIMS
    assert chosen.problem.details == {"dims": dims, "limit": 8}
    assert select(parse_index("x[None, None, None, None, None, None]"), traced).after is not None
