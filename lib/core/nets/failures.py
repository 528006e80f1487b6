"""What PyTorch refuses in a network, as data: in its own words, with the numbers of the explanation."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


class Why(StrEnum):
    """Why a row breaks. The page words each in the learner's language. The first ones are a lone layer's."""

    GROUPS_IN = "groups_in"
    GROUPS_OUT = "groups_out"
    SAME_STRIDE = "same_stride"
    REFLECT = "reflect"
    CIRCULAR = "circular"
    KERNEL_TOO_LARGE = "kernel_too_large"
    POOL_PADDING = "pool_padding"
    POOL_TOO_SMALL = "pool_too_small"
    IN_CHANNELS = "in_channels"
    IN_FEATURES = "in_features"
    NUM_FEATURES = "num_features"
    ONE_VALUE = "one_value"
    NOT_SPATIAL = "not_spatial"
    ADD_SIZES = "add_sizes"
    CONCAT_SIZES = "concat_sizes"
    SIZE = "size"
    INPLACE = "inplace"


class When(StrEnum):
    """When PyTorch notices."""

    FORWARD = "forward"
    BACKWARD = "backward"


@dataclass(frozen=True)
class Problem:
    """Why a layer does not take its input: ``error`` is the exception's name, ``message`` its text."""

    why: Why
    error: str
    message: str
    details: dict[str, int] = field(default_factory=dict, hash=False)


@dataclass(frozen=True)
class Failure:
    """A row that breaks. ``culprit`` is the row to change, which for in-place layers is a later one."""

    row: int
    when: When
    problem: Problem
    culprit: int
