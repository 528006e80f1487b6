"""Storage views, shared memory and dtypes against torch and NumPy."""

from __future__ import annotations

import math
from dataclasses import replace
from decimal import Decimal
from itertools import product
from random import Random

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from lib.core.tensors.create import DTYPES
from lib.core.tensors.dtypes import (
    FIELDS,
    Cast,
    Loss,
    Promotion,
    cast,
    cast_code,
    divide,
    dtype_table,
    exact,
    promote,
    promotion,
)
from lib.core.tensors.errors import TensorInputError, TorchError
from lib.core.tensors.sharing import (
    FROM_ARRAY,
    TENSOR_DTYPES,
    Edit,
    Experiment,
    Refusal,
    Way,
    _shares,
    edits_text,
    parse_edits,
    result_shape,
    run,
)
from lib.core.tensors.strides import (
    MAX_SIZE,
    MAX_VIEW_ELEMENTS,
    PRESETS,
    STORAGE,
    LeavesStorageError,
    View,
    fit,
    highest_offset,
    highest_size,
    highest_stride,
    numpy_flip_strides,
)
from tests.core.tensors.cases import BATCH, SEEDS, THOROUGH


@THOROUGH
@given(SEEDS)
def test_views_are_as_strided_and_stay_inside(seed: int) -> None:
    random = Random(seed)
    for _ in range(BATCH):
        axes = random.randint(1, 3)
        size = tuple(random.randint(-1, 14) for _ in range(axes))
        stride = tuple(random.randint(-1, 30) for _ in range(axes))
        view = fit(size, stride, random.randint(-1, 40))
        expected = torch.arange(STORAGE).as_strided(view.size, view.stride, view.offset)
        assert view.places().tolist() == expected.tolist()
        assert view.contiguous == expected.is_contiguous()
        assert view.highest == int(expected.max())
        assert fit(view.size, view.stride, view.offset) == view
        assert torch.equal(view.tensor(3 * torch.arange(STORAGE)), 3 * expected)
        for axis in range(axes):
            check_limits(view, axis)
        limit = highest_offset(view)
        View(view.size, view.stride, limit)
        with pytest.raises(LeavesStorageError):
            View(view.size, view.stride, limit + 1)


def check_limits(view: View, axis: int) -> None:
    """The highest legal slider value is legal, and one more leaves the storage (or the screen)."""

    def changed(values: tuple[int, ...], value: int) -> tuple[int, ...]:
        return (*values[:axis], value, *values[axis + 1 :])

    most = highest_size(view, axis)
    assert most <= MAX_SIZE
    assert most == 1 or math.prod(changed(view.size, most)) <= MAX_VIEW_ELEMENTS
    View(changed(view.size, most), view.stride, view.offset)
    if view.stride[axis] and most < MAX_SIZE and math.prod(changed(view.size, most + 1)) <= 216:
        with pytest.raises(LeavesStorageError):
            View(changed(view.size, most + 1), view.stride, view.offset)
    furthest = highest_stride(view, axis)
    View(view.size, changed(view.stride, furthest), view.offset)
    if view.size[axis] > 1:
        with pytest.raises(LeavesStorageError):
            View(view.size, changed(view.stride, furthest + 1), view.offset)
    else:
        assert furthest == view.storage - 1


def test_an_axis_may_not_make_more_elements_than_a_screen_shows() -> None:
    for size, stride in (((12, 12, 1), (0, 0, 1)), ((12, 9, 1), (0, 0, 1)), ((12, 6, 1), (0, 0, 1))):
        check_limits(View(size, stride, 0), 2)
    assert [highest_size(View((12, n, 1), (0, 0, 1), 0), 2) for n in (12, 9, 6)] == [1, 2, 3]


def test_blocks_that_touch_share_nothing() -> None:
    numbers = np.arange(8)
    assert not _shares(numbers[:4], numbers[4:])
    assert not _shares(numbers[4:], numbers[:4])
    assert _shares(numbers[:5], numbers[4:])
    assert _shares(numbers[4:], numbers[:5])


def test_presets_are_what_they_are_called() -> None:
    storage = torch.arange(STORAGE)
    matrix = storage[:12].reshape(3, 4)
    named = {
        "rows": matrix,
        "transpose": matrix.t(),
        "diagonal": matrix.diagonal(),
        "column": matrix[:, 2],
        "window": storage.unfold(0, 3, 1)[:6],
        "broadcast": storage[:4].expand(3, 4),
        "blocks": storage.reshape(2, 3, 4),
        "flip": matrix,  # the page flips it: no view can
    }
    for preset, view in PRESETS.items():
        assert torch.equal(view.tensor(), named[preset]), preset
        assert view.stride == named[preset].stride()


@pytest.mark.parametrize("way", list(Way))
@THOROUGH
@given(SEEDS)
def test_edits_go_through_exactly_where_memory_is_shared(way: Way, seed: int) -> None:
    random = Random(seed)
    dtype = random.choice(("float32", "float64", "int64"))
    edits = tuple(
        Edit(
            side := random.choice("ab"),
            random.randrange(math.prod(result_shape(way)) if side == "b" else 6),
            value,
        )
        for value in range(100, 100 + random.randint(0, 4))
    )
    result = run(Experiment(way, dtype, edits=edits))
    assert result.left is not None
    assert result.right is not None
    space: dict[str, object] = {}
    exec(Experiment(way, dtype, edits=edits).code().replace("print", "id"), space)  # noqa: S102
    for box, name in ((result.left, "a"), (result.right, "b")):
        expected = np.asarray(space[name], dtype=np.float64)
        assert np.array_equal(box.values, expected)
    if edits:
        only = run(Experiment(way, dtype, edits=(edits[0],)))
        if not (way is Way.SLICE and edits[0].side == "a" and edits[0].place % 3 == 0):
            assert (bool(only.changed_left) and bool(only.changed_right)) == result.shares


def test_pointers_are_evidence() -> None:
    together = run(Experiment(Way.NUMPY))
    apart = run(Experiment(Way.CLONE))
    assert together.left is not None
    assert together.right is not None
    assert together.left.pointer == together.right.pointer
    assert (together.left.kind, together.right.kind) == (
        "torch.Tensor · torch.float32",
        "numpy.ndarray · float32",
    )
    for way, dtype in product((Way.TENSOR, Way.CLONE), ("float32", "float64", "int64")):
        shown = run(Experiment(way, dtype))
        assert shown.left is not None
        assert shown.left.kind.endswith(dtype)
    assert apart.left is not None
    assert apart.right is not None
    assert apart.left.pointer != apart.right.pointer


@pytest.mark.parametrize("way", [way for way in Way if way not in FROM_ARRAY])
@pytest.mark.parametrize("dtype", TENSOR_DTYPES)
@pytest.mark.parametrize("requires_grad", [True, False])
def test_refusals_are_torchs(way: Way, dtype: str, requires_grad: bool) -> None:
    experiment = Experiment(way, dtype, requires_grad)
    result = run(experiment)
    space: dict[str, object] = {}
    if result.error is None:
        exec(experiment.code().replace("print", "id"), space)  # noqa: S102
        assert result.refusal is None
    else:
        is_whole = requires_grad and dtype == "int64"
        reason = Refusal.REQUIRES_GRAD if requires_grad else Refusal.DTYPE
        assert result.refusal is (Refusal.GRAD_OF_WHOLE if is_whole else reason)
        assert (result.right, result.shares) == (None, False)
        values = None if result.left is None else result.left.values.tolist()
        assert values == (None if is_whole else [[1, 2, 3], [4, 5, 6]])
        with pytest.raises((RuntimeError, TypeError)) as refused:
            exec(experiment.code().replace("print", "id"), space)  # noqa: S102
        assert str(refused.value).startswith(result.error.message)


def test_refusals_of_other_arrays_and_devices() -> None:
    for way in (Way.FROM_NUMPY, Way.TENSOR):
        refused = run(Experiment(way, "str"))
        assert refused.error is not None
        assert (refused.left, refused.refusal) == (None, Refusal.DTYPE)
    away = Experiment(Way.NUMPY, device="meta", requires_grad=True)
    refused = run(away)
    assert refused.error is not None
    assert (refused.left, refused.refusal) == (None, Refusal.DEVICE)
    made = "a = torch.tensor([[1, 2, 3], [4, 5, 6]], dtype=torch.float32, device='meta', requires_grad=True)"
    assert made in away.code().splitlines()


@pytest.mark.parametrize("way", [Way.CLONE, Way.DETACH, Way.TO_OTHER])
def test_edits_of_a_tensor_with_a_gradient_run_as_shown(way: Way) -> None:
    experiment = Experiment(
        way, requires_grad=True, edits=(Edit("a", 1, 50), Edit("b", 5, 60), Edit("a", 0, 70))
    )
    result = run(experiment)
    space: dict[str, torch.Tensor] = {}
    exec(experiment.code().replace("print", "id"), space)  # noqa: S102
    for box, name in ((result.left, "a"), (result.right, "b")):
        assert box is not None
        assert box.values.tolist() == space[name].tolist()


@pytest.mark.parametrize(
    ("view", "made", "flipped"),
    [
        (View((2, 3), (3, 1), 1), None, False),
        (View((3, 2), (1, 3)), None, True),
        (View((2, 2), (4, 2), 1, storage=12), "x = 2 * torch.arange(12).reshape(3, 4)", True),
    ],
)
def test_the_code_of_a_view_prints_what_it_says_of_itself(
    view: View, made: str | None, flipped: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    space: dict[str, torch.Tensor] = {}
    exec(view.code(made, flipped=flipped), space)  # noqa: S102
    v = space["v"]
    assert torch.equal(v, view.tensor((2 if made else 1) * torch.arange(view.storage)))
    shown = f"{v}\n{v.size()} {v.shape} {view.stride} {view.offset} {view.contiguous}\n"
    turned = v.flip(0)
    shown += f"{turned} {turned.stride()} False\n" if flipped else ""
    assert capsys.readouterr().out == shown
    assert flipped or "flip" not in view.code(made)


@given(
    st.lists(st.tuples(st.integers(1, 5), st.integers(0, 7)), min_size=1, max_size=3),
    st.integers(-3, 70),
    st.integers(30, 64),
)
def test_offsets_give_way_before_sizes(axes: list[tuple[int, int]], offset: int, storage: int) -> None:
    size, stride = tuple(size for size, _ in axes), tuple(stride for _, stride in axes)
    view = fit(size, stride, offset, storage)
    assert (view.stride, view.storage) == (stride, storage)
    span = sum((n - 1) * step for n, step in axes)
    if span < storage:
        assert (view.size, view.offset) == (size, min(max(offset, 0), storage - 1 - span))
    else:
        assert view.offset == 0
        assert all(size <= wanted for size, wanted in zip(view.size, size, strict=True))
        assert view.size[0] == min(size[0], highest_size(replace(view, size=(1,) * len(size)), 0))


def test_strides_beyond_the_storage_are_its_last_place() -> None:
    assert fit((1, 1), (23, 24), 23) == View((1, 1), (23, 23), 23)
    assert fit((1,), (-1,), 24) == View((1,), (0,), 23)


@given(
    st.lists(st.builds(Edit, st.sampled_from("ab"), st.integers(0, 5), st.integers(-999, 999)), max_size=12)
)
def test_edits_survive_the_address(edits: list[Edit]) -> None:
    assert list(parse_edits(edits_text(edits))) == edits


@pytest.mark.parametrize(
    "text", ["a", "c0=1", "a0=", "a0=1.5", "a0=9999", "a00000=1", "a0=x", "a-1=2", "a٣=1"]
)
def test_bad_edits_are_refused(text: str) -> None:
    with pytest.raises(TensorInputError):
        parse_edits(text)


def test_the_table_is_numpys_too() -> None:
    dtype_table.cache_clear()
    assert {info.name for info in dtype_table()} == set(DTYPES)
    for info in dtype_table():
        if info.numpy is None or info.name == "bool":
            continue
        twin = np.dtype(info.name)
        limits = np.finfo(twin) if twin.kind == "f" else np.iinfo(twin)
        assert info.nbytes == twin.itemsize
        assert (info.lowest, info.highest) == (limits.min, limits.max)
        for alias in info.aliases:
            if alias.startswith("torch."):
                assert getattr(torch, alias.removeprefix("torch.")) == getattr(torch, info.name)
            else:
                method = alias.strip(".()")
                assert getattr(torch.zeros(1), method)().dtype == getattr(torch, info.name)
        if info.digits is not None:
            assert info.digits == np.finfo(twin).precision


@THOROUGH
@given(SEEDS)
def test_casts_lose_what_they_say(seed: int) -> None:
    random = Random(seed)
    for _ in range(BATCH):
        source, target = random.choice(DTYPES), random.choice(DTYPES)
        value = random.choice(
            (0, 1, -1, 300, 70000, 0.1, -2.9, 1e-9, 1e20, 16777217, 2**40, math.inf, math.nan)
        )
        done = cast(value, source, target)
        try:
            stored = torch.tensor(value, dtype=getattr(torch, source))
        except (RuntimeError, ValueError, OverflowError, TypeError) as error:
            assert done == Cast(value, "", "", "", (0, 0, 0), Loss.UNDEFINED, TorchError.of(error))  # noqa: PT017
            continue
        result = stored.to(getattr(torch, target))
        assert (float(done.result) if target != "bool" else done.result == "True") == pytest.approx(
            result.item(), nan_ok=True, rel=1e-15
        )
        assert done.typed == value or math.isnan(value)
        assert done.stored_exactly == (stored.item() == value or math.isnan(value))
        assert done.stored == str(stored.item()) or Decimal(done.stored) == Decimal(stored.item())
        check_loss(done.loss, stored, result)
        assert len(done.bits) == 8 * result.element_size() == sum(done.fields)
        check_bits(done.bits, result, target)
        space: dict[str, torch.Tensor] = {}
        exec(cast_code(value, source, target).replace("print", "id"), space)  # noqa: S102
        assert space["y"].tolist() == pytest.approx(result.tolist(), nan_ok=True)


def check_loss(loss: Loss, stored: torch.Tensor, result: torch.Tensor) -> None:
    """What a cast did, said in other words."""
    before, after = stored.item(), result.item()
    is_kept = before == after or (before != before and after != after)
    if result.dtype == torch.bool:
        is_kept = before in {0, 1}
        expected = Loss.TO_BOOL
    elif result.dtype.is_floating_point:
        expected = Loss.TO_INFINITY if result.isinf() else Loss.ROUNDED if after else Loss.TO_ZERO
    else:
        limits = torch.iinfo(result.dtype)
        fits = math.isfinite(before) and limits.min <= int(before) <= limits.max
        outside = Loss.UNDEFINED if stored.dtype.is_floating_point else Loss.WRAPPED
        expected = Loss.FRACTION_CUT if fits else outside
    assert loss is (Loss.NOTHING if is_kept else expected), (stored, result)


@pytest.mark.parametrize("target", ["uint8", "int8", "int16", "int32", "bool", "float16", "bfloat16"])
@pytest.mark.parametrize("source", ["int64", "float64"])
def test_the_last_numbers_that_fit(source: str, target: str) -> None:
    dtype = getattr(torch, target)
    values: list[float] = [0, 1, 2, -1]
    if dtype.is_floating_point:
        values += [1e-9, 1e9, 65504, 65520, 2049, 257]
    elif dtype != torch.bool:
        limits = torch.iinfo(dtype)
        values += [limits.min - 1, limits.min, limits.max, limits.max + 1]
    for value in values:
        for shift in (0, 0.5, -0.5) if source == "float64" else (0,):
            typed = value + shift if source == "float64" else int(value)
            stored = torch.tensor(typed, dtype=getattr(torch, source))
            check_loss(cast(typed, source, target).loss, stored, stored.to(dtype))


def test_every_line_of_the_table_is_torchs() -> None:
    digits = {"float64": 15, "float32": 6, "float16": 3, "bfloat16": 2}
    dtype_table.cache_clear()
    for info in dtype_table():
        dtype = getattr(torch, info.name)
        assert info.nbytes == torch.zeros(1, dtype=dtype).nbytes
        assert info.digits == digits.get(info.name)
        if dtype == torch.bool:
            assert (info.lowest, info.highest, info.epsilon) == (False, True, None)
        elif info.digits is not None:
            limits = torch.finfo(dtype)
            assert (info.lowest, info.highest, info.epsilon) == (limits.min, limits.max, limits.eps)
            assert limits.resolution == pytest.approx(10.0**-info.digits)
        else:
            whole = torch.iinfo(dtype)
            assert (info.lowest, info.highest, info.epsilon) == (whole.min, whole.max, None)


def test_numbers_are_written_in_full_up_to_sixty_digits() -> None:
    assert exact(2.0**-58) == f"{2.0**-58:.58f}"
    assert exact(2.0**-59) == repr(2.0**-59)
    assert exact(1e20) == "1" + 20 * "0"
    assert (exact(-math.inf), exact(True), exact(-7)) == ("-inf", "True", "-7")
    assert "torch.tensor(0.1," in cast_code(0.1, "float32", "float16")


def check_bits(bits: str, result: torch.Tensor, target: str) -> None:
    """The bits, put together by hand, are the number."""
    if target in FIELDS:
        _, exponent_bits, fraction_bits = FIELDS[target]
        sign = -1 if bits[0] == "1" else 1
        exponent, fraction = int(bits[1 : 1 + exponent_bits], 2), int(bits[1 + exponent_bits :], 2)
        bias = 2 ** (exponent_bits - 1) - 1
        if exponent == 2**exponent_bits - 1:
            assert math.isinf(result.item()) == (fraction == 0)
            return
        scale = 2.0 ** (max(exponent, 1) - bias)
        assert result.item() == sign * scale * ((exponent > 0) + fraction / 2**fraction_bits)
    elif target not in {"uint8", "bool"}:
        assert int(result.item()) == int(bits, 2) - (2 ** len(bits) if bits[0] == "1" else 0)


def test_promotion_is_what_a_sum_has() -> None:
    for left in DTYPES:
        for right in DTYPES:
            total = torch.ones(1, dtype=getattr(torch, left)) + torch.ones(1, dtype=getattr(torch, right))
            assert str(total.dtype) == f"torch.{promote(left, right)}"


def test_division_by_zero_raises() -> None:
    assert divide(7, -2).floor == "tensor(-4)"
    with pytest.raises(ZeroDivisionError):
        divide(1, 0)


@pytest.mark.parametrize("left", DTYPES)
@pytest.mark.parametrize("right", DTYPES)
def test_the_rule_of_a_promotion_says_what_torch_does(left: str, right: str) -> None:
    def holds_all_of(wide: str, narrow: str) -> bool:
        """Whether the extreme numbers of one dtype, and its finest step, are the same in another."""
        dtype = getattr(torch, narrow)
        if dtype.is_floating_point:
            floats = torch.finfo(dtype)
            extremes = torch.tensor([floats.max, floats.min, 1 + floats.eps], dtype=dtype)
        else:
            whole = torch.iinfo(dtype)
            extremes = torch.tensor([whole.max, whole.min, whole.max - 1], dtype=dtype)
        return bool(extremes.to(getattr(torch, wide)).tolist() == extremes.tolist())

    result, rule = promote(left, right), promotion(left, right)
    if rule is Promotion.SAME:
        assert result == left == right
    elif rule is Promotion.CATEGORY:
        ranks = {name: (name != "bool") + getattr(torch, name).is_floating_point for name in (left, right)}
        assert ranks[left] != ranks[right]
        assert result == max(ranks, key=lambda name: ranks[name])
    elif rule is Promotion.WIDER:
        other = right if result == left else left
        assert holds_all_of(result, other)
    else:
        assert result not in {left, right}
        assert not holds_all_of(left, right)
        assert not holds_all_of(right, left)
        assert holds_all_of(result, left)
        assert holds_all_of(result, right)


@given(st.lists(st.integers(1, 4), min_size=1, max_size=3), st.sampled_from(["int64", "float32", "int8"]))
def test_numpys_flip_is_a_view_with_these_strides(sizes: list[int], dtype: str) -> None:
    tensor = torch.zeros(sizes, dtype=getattr(torch, dtype)).transpose(0, -1)
    array = tensor.numpy()
    turned = np.flip(array, 0)
    assert np.shares_memory(array, turned)
    assert numpy_flip_strides(tensor) == turned.strides
    assert tensor.flip(0).data_ptr() != tensor.data_ptr()


WHOLE = ("uint8", "int8", "int16", "int32", "int64")


@given(st.sampled_from(WHOLE), st.sampled_from(WHOLE), st.data())
def test_what_is_cut_off_and_what_is_kept_are_the_sources_bits(
    source: str, target: str, data: st.DataObject
) -> None:
    limits = torch.iinfo(getattr(torch, source))
    value = data.draw(st.integers(max(limits.min, -(2**53)), min(limits.max, 2**53)))
    done = cast(value, source, target)
    assert len(done.cut) == max(0, limits.bits - torch.iinfo(getattr(torch, target)).bits)
    if done.cut:
        assert int(done.cut + done.bits, 2) == value % 2**limits.bits
    assert cast(float(value), "float64", target).cut == ""
