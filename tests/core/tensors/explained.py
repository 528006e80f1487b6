"""An explanation against torch itself: its message says the reason, and the fix's own code lines run."""

from __future__ import annotations

import math
import re

import torch

from lib.core.tensors.errors import TORCH_RAISES, TorchError
from lib.core.tensors.explain import REASON_SLOTS, Explanation, Fix, Reason, explain
from lib.core.tensors.ops import Outcome, Step, StepKind
from lib.core.tensors.trace import Traced

SAID: dict[str, set[Reason]] = {
    r"range of \[(?P<low>-?\d+), (?P<high>-?\d+)\], but got (?P<value>-?\d+)": {Reason.DIM_RANGE},
    r"dim (?P<value>\d+) appears multiple times": {Reason.DIM_TWICE},
    r"start_dim cannot come after": {Reason.DIM_ORDER},
    r"expects each tensor to be equal size": {Reason.SIZES_DIFFER, Reason.DIMS_DIFFER},
    r"Sizes of tensors must match|must match the size of tensor b": {Reason.SIZES_DIFFER},
    r"same number of dimensions: got (?P<a>\d+) and (?P<b>\d+)": {Reason.DIMS_DIFFER},
    r"cannot be concatenated|at least a 1-dimensional": {Reason.ZERO_DIM},
    r"is invalid for input of size (?P<elements>\d+)": {
        Reason.TOO_FEW_ELEMENTS,
        Reason.TOO_MANY_ELEMENTS,
        Reason.NO_WHOLE_REST,
    },
    r"unspecified dimension": {Reason.NO_WHOLE_REST},
    r"only one dimension can be inferred": {Reason.ONE_UNKNOWN},
    r"view size is not compatible": {Reason.NOT_CONTIGUOUS},
    r"expects a tensor with <= 2 dimensions, but self is (?P<ndim>\d+)D": {Reason.TOO_MANY_AXES},
    r"duplicate dims|does not match the length": {Reason.NOT_A_PERMUTATION},
    r"must match the existing size|isn't allowed in a leading": {Reason.EXPAND_SIZE},
    r"sizes provided \((?P<given>\d+)\)": {Reason.TOO_FEW_SIZES},
    r"repeat dims can not be smaller": {Reason.TOO_FEW_SIZES},
    r"to be greater than 0, got: (?P<value>-?\d+)": {Reason.BAD_COUNT},
    r"got split_size=(?P<value>-?\d+)": {Reason.BAD_COUNT},
    r"split_size can only be (?P<value>0)": {Reason.BAD_COUNT},
    r"invalid shape dimension (?P<value>-\d+)": {Reason.BAD_COUNT},
    r"negative dimension": {Reason.BAD_COUNT},
    r"multiplication overflow": {Reason.BAD_COUNT, Reason.EXPAND_SIZE},
}
WHOLE_SHAPE = {
    Reason.TOO_FEW_ELEMENTS,
    Reason.TOO_MANY_ELEMENTS,
    Reason.NO_WHOLE_REST,
    Reason.TOO_MANY_AXES,
}
"""Reasons for which all axes of the tensor that goes in are marked."""


def call(step: Step, x: torch.Tensor, b: torch.Tensor) -> torch.Tensor | TorchError:
    """The step as a learner writes it: its own code line, run by Python."""
    try:
        result: torch.Tensor = eval(step.code("x", "b"), {"torch": torch, "x": x, "b": b})  # noqa: S307
    except TORCH_RAISES as error:
        return TorchError.of(error)
    return result


def run_fix(fix: Fix, x: torch.Tensor, b: torch.Tensor) -> torch.Tensor | TorchError:
    """What Python makes of the steps of a fix."""
    if fix.other_shape is not None:
        b = torch.zeros(fix.other_shape, dtype=b.dtype)
    assert fix.steps
    for step in fix.steps:
        made = call(step, x, b)
        if isinstance(made, TorchError):
            return made
        x = made
    return x


def check_explanation(outcome: Outcome, first: Traced, second: Traced) -> Explanation:
    """The reason is the one that torch says, its numbers are the message's and the tensors', the fix works."""
    why = explain(outcome, second)
    assert outcome.error is not None
    told = f"{outcome.step} on {first.shape} and {second.shape}: {outcome.error.message}; {why}"
    pattern, reasons = next(each for each in SAID.items() if re.search(each[0], outcome.error.message))
    assert why.reason in reasons or (outcome.step.kind is StepKind.PERMUTE and pattern.startswith("range")), (
        told
    )
    assert set(why.numbers) == set(REASON_SLOTS[why.reason])
    if why.reason in reasons:
        said = re.search(pattern, outcome.error.message)
        assert said is not None
        assert (
            said.groupdict().items() <= {name: str(value) for name, value in why.numbers.items()}.items()
        ), told
    check_numbers(outcome.step, why, first.values, second.values)
    assert isinstance(run_fix(why.fix, first.values, second.values), torch.Tensor), told
    return why


def check_numbers(step: Step, why: Explanation, x: torch.Tensor, b: torch.Tensor) -> None:
    """What the numbers say of the tensors is so."""
    truth: dict[str, str | int] = {"ndim": x.dim(), "elements": x.numel()}
    sizes = step.arguments[0] if step.arguments else None
    if isinstance(sizes, tuple):
        known = math.prod(size for size in sizes if size != -1)
        wanted = " × ".join(map(str, sizes)) or "1"
        truth |= {"given": len(sizes), "known": known, "wanted": wanted, "places": known}
    if why.reason is Reason.DIMS_DIFFER:
        truth |= {"a": x.dim(), "b": b.dim()}
    if why.reason is Reason.SIZES_DIFFER:
        truth |= {"a": str(list(x.shape)), "b": str(list(b.shape))}
        check_clash(step, why, x, b)
    if why.reason is Reason.NOT_CONTIGUOUS:
        truth |= {"shape": str(list(x.shape)), "stride": str(x.stride())}
    if why.reason is Reason.DIM_ORDER:
        truth |= dict(zip(("start", "end"), map(str, step.arguments), strict=True))
    if why.reason is Reason.BAD_COUNT and isinstance(sizes, tuple):
        is_repeat = step.kind is StepKind.REPEAT
        truth["value"] = min(sizes) if is_repeat else next(size for size in sizes if size < -1)
    assert all(truth.get(name, value) == value for name, value in why.numbers.items()), why
    if why.reason in WHOLE_SHAPE:
        assert why.clash == tuple((0, axis) for axis in range(x.dim()))
    elif why.reason not in {Reason.SIZES_DIFFER, Reason.NOT_CONTIGUOUS, Reason.EXPAND_SIZE}:
        assert why.clash == ()
    if "wanted" in why.numbers and isinstance(sizes, tuple):
        assert (x.numel() < math.prod(sizes)) == (why.reason is Reason.TOO_FEW_ELEMENTS)


def check_clash(step: Step, why: Explanation, x: torch.Tensor, b: torch.Tensor) -> None:
    """With the marked sizes of the second tensor made the first one's torch joins them; one less, and it does not."""
    pairs = list(zip(why.clash[::2], why.clash[1::2], strict=True))
    told = ", ".join(f"{x.shape[left]} ≠ {b.shape[right]}" for (_, left), (_, right) in pairs)
    assert why.numbers["axes"] == told
    assert [tensor for tensor, _ in why.clash] == [0, 1] * len(pairs)

    def joined(mended: list[tuple[tuple[int, int], tuple[int, int]]]) -> object:
        sizes = list(b.shape)
        for (_, left), (_, right) in mended:
            sizes[right] = x.shape[left]
        return call(step, x, torch.zeros(sizes, dtype=b.dtype))

    assert isinstance(joined(pairs), torch.Tensor)
    for left_out in pairs:
        assert isinstance(joined([pair for pair in pairs if pair != left_out]), TorchError)
