"""Storage views, shared memory and dtypes against torch and NumPy."""

from __future__ import annotations

import math
from random import Random

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from lib.core.tensors.create import DTYPES
from lib.core.tensors.dtypes import (
    FIELDS,
    Loss,
    Promotion,
    cast,
    cast_code,
    divide,
    dtype_table,
    promote,
    promotion,
)
from lib.core.tensors.errors import TensorInputError
from lib.core.tensors.sharing import (
    FROM_ARRAY,
    TENSOR_DTYPES,
    Edit,
    Experiment,
    Way,
    edits_text,
    parse_edits,
    result_shape,
    run,
)
from lib.core.tensors.strides import (
    MAX_SIZE,
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
    View(changed(view.size, most), view.stride, view.offset)
    if view.stride[axis] and most < MAX_SIZE and math.prod(changed(view.size, most + 1)) <= 216:
        with pytest.raises(LeavesStorageError):
            View(changed(view.size, most + 1), view.stride, view.offset)
    furthest = highest_stride(view, axis)
    View(view.size, changed(view.stride, furthest), view.offset)
    if view.size[axis] > 1:
        with pytest.raises(LeavesStorageError):
            View(view.size, changed(view.stride, furthest + 1), view.offset)


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
    else:
        with pytest.raises((RuntimeError, TypeError)) as refused:
            exec(experiment.code().replace("print", "id"), space)  # noqa: S102
        assert str(refused.value).startswith(result.error.message)


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
            assert info.digits in {np.finfo(twin).precision, np.finfo(twin).precision + 1}


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
        except (RuntimeError, ValueError, OverflowError, TypeError):
            assert done.error is not None
            continue
        result = stored.to(getattr(torch, target))
        assert (float(done.result) if target != "bool" else done.result == "True") == pytest.approx(
            result.item(), nan_ok=True, rel=1e-15
        )
        assert (done.loss is Loss.NOTHING) == (
            stored.item() == result.item() or (stored.isnan() and result.isnan()).item()
        )
        assert len(done.bits) == 8 * result.element_size() == sum(done.fields)
        check_bits(done.bits, result, target)
        space: dict[str, torch.Tensor] = {}
        exec(cast_code(value, source, target).replace("print", "id"), space)  # noqa: S102
        assert space["y"].tolist() == pytest.approx(result.tolist(), nan_ok=True)


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
