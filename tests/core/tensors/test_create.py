"""Creation: equal to torch's own functions, told in code and in addresses, refused before it allocates."""

from __future__ import annotations

import ast
import math
import re
from random import Random

import numpy as np
import pytest
import torch
from hypothesis import given

from lib.core.tensors.create import (
    DTYPES,
    RANDOM,
    Creation,
    CreationKind,
    arange_length,
    arange_of,
    parse_creation,
    torch_reason,
)
from lib.core.tensors.describe import Summary, facts, histogram, summarise
from lib.core.tensors.errors import MAX_ELEMENTS, SLOTS, TORCH_RAISES, Problem, TensorInputError, TorchError
from lib.core.tensors.parse import literal_values, nested_list, parse_shape, parse_sizes, syntax_tree
from tests.core.tensors.cases import BATCH, SEEDS, THOROUGH, draw_shape


def draw_creation(random: Random, depth: int = 0) -> Creation:
    """Any specification, legal for torch or not."""
    kind = random.choice(list(CreationKind))
    if depth and kind in {CreationKind.STACK, CreationKind.RANDN_LIKE, CreationKind.FROM_NUMPY}:
        kind = CreationKind.RAND
    number = random.choice((0, 1, 3, -2, 0.5, 7.25))
    parts: tuple[Creation, ...] = ()
    if kind is CreationKind.RANDN_LIKE:
        parts = (draw_creation(random, depth + 1),)
    if kind is CreationKind.STACK:
        parts = (draw_creation(random, depth + 1),) * random.randint(1, 3)
    made = Creation(
        kind,
        shape=draw_shape(random) if kind not in {CreationKind.EYE, CreationKind.LINSPACE} else (),
        dtype=random.choice((None, None, *DTYPES)),
        seed=random.randint(0, 5),
        requires_grad=random.random() < 0.2,
        fill=number,
        low=random.randint(-3, 3),
        high=random.randint(0, 9),
        start=number,
        end=random.choice((10, 2.5, -4)),
        step=random.choice((1, 2, 0.5, -1, 0)),
        count=random.randint(-1, 9),
        rows=random.randint(0, 4),
        columns=random.randint(0, 4),
        data=random.choice(("[1, 2, 3]", "[[1.5, 2], [3, 4]]", "[True, False]", "7", "[]")),
        parts=parts,
        dim=random.randint(-2, 1),
    )
    if kind is CreationKind.ARANGE and random.random() < 0.7:
        made = arange_of(draw_shape(random))
    return made


def try_make(spec: Creation) -> torch.Tensor | TorchError:
    try:
        return spec.make()
    except TORCH_RAISES as error:
        return TorchError.of(error)


def same(left: torch.Tensor, right: torch.Tensor) -> bool:
    return (
        left.dtype == right.dtype
        and left.shape == right.shape
        and left.requires_grad == right.requires_grad
        and np.array_equal(left.detach().double().numpy(), right.detach().double().numpy(), equal_nan=True)
    )


@THOROUGH
@given(SEEDS)
def test_code_and_address_make_the_same_tensor(seed: int) -> None:
    random = Random(seed)
    for _ in range(BATCH):
        spec = draw_creation(random)
        made = try_make(spec)
        space: dict[str, torch.Tensor] = {}
        try:
            exec("import torch\nimport numpy as np\n" + spec.code("x"), space)  # noqa: S102
        except (*TORCH_RAISES, AttributeError) as error:
            assert isinstance(made, TorchError), f"{spec.code()}: {error}"  # noqa: PT017
            continue
        if isinstance(made, TorchError):
            # NumPy knows no bfloat16: the code would fail, the specification refuses it with its own words.
            assert "bfloat16" in spec.expression, f"{spec.code()} works, the specification: {made}"
            continue
        if CreationKind.EMPTY not in {spec.kind, *(part.kind for part in spec.parts)}:
            assert same(made, space["x"]), spec.code()
            again = parse_creation(spec.expression).make()
            assert same(made, again), spec.expression
        assert made.numel() <= max(spec.elements, 1)


@pytest.mark.parametrize(
    "text",
    [
        "zeros(101, 100)",
        "arange(10001)",
        "arange(0, 1, 0.00001)",
        "linspace(0, 1, 10001)",
        "eye(101, 100)",
        "stack([zeros(100, 100), zeros(100, 100)])",
        "full((101, 100), 1)",
        "randint(0, 9, (101, 100))",
        "101, 100",
        "zeros(99999999999, 99999999999)",
        "arange(9007199254740992)",
    ],
)
def test_more_than_the_limit_is_refused_before_it_is_allocated(
    text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(*_args: object) -> None:
        raise AssertionError("allocated")

    monkeypatch.setattr(Creation, "make", never)
    with pytest.raises(TensorInputError) as refused:
        parse_creation(text)
    assert refused.value.problem is Problem.TOO_MANY_ELEMENTS
    assert refused.value.details["limit"] == MAX_ELEMENTS


@pytest.mark.parametrize(
    "text",
    [
        "__import__('os').system('true')",
        "open('/etc/passwd')",
        "torch.load('x')",
        "zeros(2).numpy()",
        "zeros(*[1])",
        "zeros(2, out=3)",
        "(lambda: 0)()",
        "[x for x in range(9)]",
        "zeros(2 ** 99)",
        "torch.zeros(2, device='meta')",
        "zeros(2, device='cuda:0; rm')",
        "rand(2, seed=-1)",
        "nothing",
        "stack([])",
        "zeros(1,1,1,1,1,1)",
        "",
        "   ",
        "zeros(",
        "(" * 300,
        "x" * 500,
        "[1, 2" + ", 3" * 200 + "]",
    ],
)
def test_other_texts_are_refused(text: str) -> None:
    with pytest.raises(TensorInputError) as refused:
        parse_creation(text)
    assert set(refused.value.details) == set(SLOTS[refused.value.problem])


@THOROUGH
@given(SEEDS)
def test_nested_lists_are_read_as_torch_reads_them(seed: int) -> None:
    random = Random(seed)

    def draw(depth: int) -> object:
        if depth == 0 or random.random() < 0.1:
            return random.choice((1, -2, 2.5, True, 1, 1, "a" if random.random() < 0.1 else 3))
        ragged = random.random() < 0.1
        return [draw(depth - 1) for _ in range(random.randint(0, 3) if ragged else 2)]

    for _ in range(BATCH):
        values = draw(random.randint(0, 4))
        text = repr(values)
        assert literal_values(text) == values
        reason = torch_reason(values)
        try:
            read = nested_list(syntax_tree(text))
        except TensorInputError as problem:
            # An empty list hides the depth below it from torch, which then reads less strictly.
            assert reason is not None or "[]" in text.replace(" ", ""), f"{text}: {problem}"  # noqa: PT017
            continue
        assert reason is None, f"{text}: {reason}"
        assert torch.equal(torch.tensor(read.values), torch.tensor(values))
        assert read.shape == tuple(torch.tensor(values).shape)


def test_ragged_lists_name_the_place() -> None:
    with pytest.raises(TensorInputError) as refused:
        nested_list(syntax_tree("[[[1, 2], [3, 4]], [[5, 6], [7]]]"))
    assert refused.value.details == {"place": "[1][1]", "length": 1, "first": "[1][0]", "expected": 2}


def test_shapes_may_be_typed_in_chinese_signs() -> None:
    assert parse_shape("（２，３，４）") == (2, 3, 4)
    assert parse_sizes("2, -1") == (2, -1)


def test_names_are_looked_up() -> None:
    known = {"t1": arange_of((2, 2))}
    assert parse_creation("t1", known) == known["t1"]
    assert parse_creation("stack([t1, t1])", known).parts == (known["t1"],) * 2


@pytest.mark.parametrize("kind", sorted(RANDOM))
def test_the_histogram_approaches_the_theory(kind: CreationKind) -> None:
    parts = (Creation(CreationKind.ZEROS, shape=(100, 100)),) if kind is CreationKind.RANDN_LIKE else ()
    spec = Creation(kind, shape=(100, 100), low=-3, high=9, parts=parts)
    tensor = spec.make()
    bars = histogram(tensor, spec)
    assert bars is not None
    assert bars.theory is not None
    widths = np.diff(bars.edges)
    assert math.isclose(float((bars.density * widths).sum()), 1)
    assert math.isclose(float((bars.theory * widths).sum()), 1, abs_tol=0.01)
    # 10,000 draws: the share in a bin is within five standard errors of what is expected.
    share, expected = bars.density * widths, bars.theory * widths
    assert np.all(np.abs(share - expected) < 5 * np.sqrt(expected * (1 - expected) / 10_000) + 0.002)
    assert bars.expected == pytest.approx(float(tensor.double().mean()), abs=0.1)
    assert bars.deviation == pytest.approx(float(tensor.double().std()), rel=0.05)


@pytest.mark.parametrize("dtype", DTYPES)
def test_facts_are_torchs(dtype: str) -> None:
    tensor = Creation(CreationKind.ONES, shape=(3, 2), dtype=dtype).make().t()
    about = facts(tensor)
    assert about.nbytes == tensor.nbytes
    assert about.stride == (1, 2)
    assert not about.contiguous
    assert (about.summary.shape, about.summary.dtype) == ((2, 3), dtype)
    assert (about.summary.low, about.summary.high, about.summary.mean, about.summary.std) == (1, 1, 1, 0)


def test_a_summary_counts_what_is_not_finite() -> None:
    assert summarise(torch.tensor([1.0, math.inf, math.nan])).not_finite == 2
    assert summarise(torch.zeros(0)) == Summary((0,), "float32", 0, 0)


def test_empty_shows_the_bytes_of_its_last_owner() -> None:
    spec = Creation(CreationKind.EMPTY, shape=(2, 2), seed=4)
    owner = torch.randn(4, generator=torch.Generator().manual_seed(4))
    assert torch.equal(spec.make().reshape(-1), owner)
    as_whole = Creation(CreationKind.EMPTY, shape=(4,), dtype="int32", seed=4).make()
    assert torch.equal(as_whole.view(torch.float32), owner)


@pytest.mark.parametrize(
    ("text", "shortest"),
    [
        ("torch.arange(2, 7)", "arange(2, 7)"),
        ("torch.arange(7)", "arange(7)"),
        ("torch.arange(0, 1, 0.25)", "arange(0, 1, 0.25)"),
        ("torch.arange(1.5, 4)", "arange(1.5, 4)"),
        ("torch.arange(9, 2, -3)", "arange(9, 2, -3)"),
        ("torch.arange(6).reshape(2, 3)", "arange(6).reshape(2, 3)"),
        ("torch.arange(6).reshape((2, 3))", "arange(6).reshape(2, 3)"),
        ("torch.eye(3)", "eye(3)"),
        ("torch.eye(2, 3)", "eye(2, 3)"),
        ("torch.linspace(0, 1, 5)", "linspace(0, 1, 5)"),
        ("torch.full((2,), torch.inf)", "full((2,), torch.inf)"),
        ("torch.full([2], -torch.inf)", "full((2,), -torch.inf)"),
        ("torch.full((2, 3), torch.nan)", "full((2, 3), torch.nan)"),
        ("torch.full((), 2.5)", "full((), 2.5)"),
        ("torch.tensor([torch.nan, 1.0])", "tensor([torch.nan, 1.0])"),
        ("torch.tensor([nan, -inf])", "tensor([nan, -inf])"),
        ("torch.tensor([[1, 2], [3, 4]], dtype=torch.int8)", "tensor([[1, 2], [3, 4]], dtype=int8)"),
        ("torch.zeros(2, 3)", "zeros(2, 3)"),
        ("torch.zeros((2, 3), dtype=torch.bool)", "zeros(2, 3, dtype=bool)"),
        ("torch.ones([2], device='cpu')", "ones(2)"),
        ("torch.zeros(())", "zeros(())"),
        ("torch.rand(2, requires_grad=True)", "rand(2, requires_grad=True)"),
        ("torch.randint(5, (30,))", "randint(0, 5, (30,))"),
        ("torch.randint(-2, 5, (30,))", "randint(-2, 5, (30,))"),
        ("torch.stack([torch.zeros(2), torch.ones(2)])", "stack([zeros(2), ones(2)])"),
        ("torch.stack((torch.zeros(2), torch.ones(2)), dim=-1)", "stack([zeros(2), ones(2)], dim=-1)"),
        ("torch.from_numpy(np.array([1, 2], dtype=np.int8))", "from_numpy([1, 2], dtype=int8)"),
        ("torch.from_numpy(np.array([1, 0], dtype=np.bool_))", "from_numpy([1, 0], dtype=bool)"),
        ("torch.from_numpy(np.array([1.5, 0]))", "from_numpy([1.5, 0])"),
        ("torch.randn_like(torch.zeros(3, dtype=torch.float64))", "randn_like(zeros(3, dtype=float64))"),
    ],
)
def test_a_call_makes_what_python_makes_of_it(text: str, shortest: str) -> None:
    names = {"torch": torch, "np": np, "nan": math.nan, "inf": math.inf}
    torch.manual_seed(0)
    expected = eval(text, names)  # noqa: S307
    spec = parse_creation(shortest if "np.array" in text else text)
    assert spec.expression == shortest
    assert parse_creation(spec.expression) == spec
    assert same(spec.make(), expected)
    space: dict[str, torch.Tensor] = {}
    exec("import torch\nimport numpy as np\n" + spec.code("x"), space)  # noqa: S102
    assert same(space["x"], expected)


def test_a_typed_list_or_shape_is_read_as_the_tensor() -> None:
    for text in ("[[1, 2.5]]", "[True]", "[]"):
        assert same(parse_creation(text).make(), torch.tensor(ast.literal_eval(text)))
    assert same(parse_creation("()").make(), torch.tensor(0))
    assert same(parse_creation("2, 3").make(), torch.arange(6).reshape(2, 3))
    known = {"t1": parse_creation("arange(6)"), "t2": parse_creation("zeros(4)")}
    assert same(parse_creation("t1.reshape(2, 3)", known).make(), torch.arange(6).reshape(2, 3))
    assert parse_creation("randn_like(t2)", known).make().shape == (4,)


def test_a_device_is_written_where_it_is_not_the_cpu() -> None:
    spec = Creation(CreationKind.ZEROS, shape=(2,), device="cuda:0")
    assert spec.expression == "zeros(2, device='cuda:0')"
    assert spec.code() == "x = torch.zeros(2, device='cuda:0')"
    assert parse_creation(spec.expression) == spec


def test_a_refused_gradient_is_refused_by_the_call_that_is_shown() -> None:
    with pytest.raises(RuntimeError) as refused:
        torch.zeros(2, dtype=torch.int64, requires_grad=True)
    made = try_make(parse_creation("zeros(2, dtype=int64, requires_grad=True)"))
    assert made == TorchError.of(refused.value)


@pytest.mark.parametrize("dtype", ["bool", "float64", "int8"])
def test_recycled_bytes_of_any_width(dtype: str) -> None:
    made = Creation(CreationKind.EMPTY, shape=(3, 3), dtype=dtype, seed=4).make()
    assert made.shape == (3, 3)
    floats = 4 if dtype != "float64" else 18
    owner = torch.randn(floats, generator=torch.Generator().manual_seed(4))
    kept = owner.view(torch.uint8 if dtype == "bool" else getattr(torch, dtype))[:9]
    assert torch.equal(made.reshape(-1), kept % 2 == 1 if dtype == "bool" else kept)


@pytest.mark.parametrize(
    ("start", "end", "step", "dtype"),
    [(-1, 2**53, 2**40, None), (0, 5, 0, "int64"), (0, -1, 1.0, None), (0, 5, 0.0, None)],
)
def test_lengths_that_double_precision_or_a_refusal_decides(
    start: int, end: int, step: float, dtype: str | None
) -> None:
    try:
        expected = torch.arange(start, end, step, dtype=getattr(torch, dtype) if dtype else None).numel()
    except RuntimeError:
        expected = 0
    assert arange_length(start, end, step, dtype) == expected


@pytest.mark.parametrize("sign", ["", "-"])
@pytest.mark.parametrize("digits", [20, 320])
def test_a_whole_number_of_any_length_is_written_and_refused_by_torch(sign: str, digits: int) -> None:
    text = f"full((2,), {sign}1{'0' * digits})"
    spec = parse_creation(text)
    assert spec.expression == text
    assert spec.code("x") == f"x = torch.{text}"
    with pytest.raises((OverflowError, RuntimeError)) as caught:
        torch.full((2,), int(f"{sign}1{'0' * digits}"))
    with pytest.raises(type(caught.value), match=re.escape(str(caught.value))):
        spec.make()
