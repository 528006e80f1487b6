"""What a creation does to the numbers that were typed, where torch does it without a word. Imports no torch."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from typing import TYPE_CHECKING

from lib.core.tensors.create import WHOLE_DTYPES, Creation, CreationKind, number_text
from lib.core.tensors.parse import Nested, Scalar, nested_list, syntax_tree

if TYPE_CHECKING:
    import torch


class Surprise(StrEnum):
    """What happened to a number. The value is stable; pages word it in the learner's language."""

    STEP_CUT = "step_cut"
    END_REACHED = "end_reached"
    WRAPPED = "wrapped"
    FRACTION_CUT = "fraction_cut"
    TO_INFINITY = "to_infinity"


SLOTS: dict[Surprise, tuple[str, ...]] = {
    Surprise.STEP_CUT: ("step", "cut", "dtype", "count"),
    Surprise.END_REACHED: ("end", "quotient", "count"),
    Surprise.WRAPPED: ("typed", "stored", "dtype"),
    Surprise.FRACTION_CUT: ("typed", "stored", "dtype"),
    Surprise.TO_INFINITY: ("typed", "stored", "dtype"),
}
"""The numbers that come with each surprise."""


@dataclass(frozen=True)
class Surprised:
    """A surprise and its numbers."""

    surprise: Surprise
    details: dict[str, str] = field(default_factory=dict)


def surprises(spec: Creation, made: torch.Tensor) -> tuple[Surprised, ...]:
    """What torch did to the numbers of a specification on the way to the tensor it made; each kind once.

    >>> spec = Creation(CreationKind.TENSOR, data="[-1, 2]", dtype="uint8")
    >>> surprises(spec, spec.make())[0].details
    {'typed': '-1', 'stored': '255', 'dtype': 'uint8'}
    """
    found = list(_arange_surprises(spec, made.numel())) if spec.kind is CreationKind.ARANGE else []
    dtype = str(made.dtype).removeprefix("torch.")
    named = {each.surprise for each in found}
    for typed, stored in zip(
        _typed_numbers(spec, made.numel()), made.detach().reshape(-1).tolist(), strict=False
    ):
        surprise = _change(typed, stored, dtype)
        if surprise is not None and surprise not in named:
            named.add(surprise)
            details = {"typed": number_text(typed), "stored": number_text(stored), "dtype": dtype}
            found.append(Surprised(surprise, details))
    return tuple(found)


def _typed_numbers(spec: Creation, count: int) -> Iterator[Scalar]:
    if spec.kind is CreationKind.FULL:
        yield from [spec.fill] * min(count, 1)
    elif spec.kind is CreationKind.TENSOR:
        yield from _flat(nested_list(syntax_tree(spec.data)).values)
    elif spec.kind is CreationKind.ARANGE:
        start, step = spec.start, spec.step
        if spec.dtype in WHOLE_DTYPES:  # the cut is a surprise of its own
            start, step = int(start), int(step)
        yield from (start + index * step for index in range(count))


def _flat(values: Nested) -> Iterator[Scalar]:
    if isinstance(values, list):
        for part in values:
            yield from _flat(part)
    else:
        yield values


def _change(typed: Scalar, stored: Scalar, dtype: str) -> Surprise | None:
    if dtype in WHOLE_DTYPES and typed != stored:
        return Surprise.FRACTION_CUT if math.trunc(typed) == stored else Surprise.WRAPPED
    if dtype not in WHOLE_DTYPES and math.isinf(stored) and math.isfinite(typed):
        return Surprise.TO_INFINITY
    return None


def _arange_surprises(spec: Creation, count: int) -> Iterator[Surprised]:
    numbers = (spec.start, spec.end, spec.step)
    if spec.dtype in WHOLE_DTYPES and any(number != int(number) for number in numbers):
        name = next(number for number in reversed(numbers) if number != int(number))
        details = {"step": number_text(name), "cut": str(int(name)), "dtype": str(spec.dtype)}
        yield Surprised(Surprise.STEP_CUT, {**details, "count": str(count)})
        return
    start, end, step = (Fraction(repr(number)) for number in numbers)
    if step and count > max(0, math.ceil((end - start) / step)):
        quotient = repr((spec.end - spec.start) / spec.step)
        yield Surprised(
            Surprise.END_REACHED, {"end": number_text(spec.end), "quotient": quotient, "count": str(count)}
        )
