"""A frozen batch norm that still moves: its counters, call by call. NumPy only; tests compare it with torch's."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import cache

import numpy as np
from numpy.typing import NDArray

from lib.core.finetune.bundled import base_weights
from lib.core.finetune.config import NEW_CLASSES, Base
from lib.core.mnist import load_mnist

MOMENTUM = 0.1
"""``nn.BatchNorm2d``'s default: the share of the newest batch in the running statistics."""
BATCH_IMAGES = 32
MAX_CALLS = 12


class Call(StrEnum):
    """Something done to the frozen network; the value is its letter in the address."""

    TRAIN = "t"
    EVAL = "e"
    BN_EVAL = "b"
    FORWARD = "f"


CODE: dict[Call, str] = {
    Call.TRAIN: "model.train()",
    Call.EVAL: "model.eval()",
    Call.BN_EVAL: "model.bn1.eval()",
    Call.FORWARD: "model(batch)",
}


@dataclass(frozen=True)
class NormState:
    """The first batch norm after a call: its mode, its counter, and the running mean and variance of channel 0."""

    call: Call | None
    is_training: bool
    batches: int
    mean: float
    variance: float
    moved: bool


@cache
def _batch_statistics() -> tuple[float, float]:
    """Mean and unbiased variance of channel 0 before the first batch norm, over 32 images of the new digits."""
    weights = base_weights(Base.PLAIN)
    kernel, bias = weights["conv1.weight"][0, 0].astype(np.float64), float(weights["conv1.bias"][0])
    pixels = frozen_batch().astype(np.float64) / 255
    padded = np.pad(pixels, ((0, 0), (1, 1), (1, 1)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, (3, 3), axis=(1, 2))
    values = (windows * kernel).sum(axis=(3, 4)) + bias
    return float(values.mean()), float(values.var(ddof=1))


@cache
def frozen_batch() -> NDArray[np.uint8]:
    """The batch that passes through: the first 32 training images of the digits 5 to 9, (32, 28, 28)."""
    mnist = load_mnist()
    places = np.flatnonzero(np.isin(mnist.train_labels, NEW_CLASSES))[:BATCH_IMAGES]
    return mnist.train_images[places]


def replay(calls: str) -> tuple[NormState, ...]:
    """The state before anything, and after each call; every parameter has ``requires_grad=False``.

    >>> [state.batches - replay("")[0].batches for state in replay("tfbftf")]
    [0, 0, 1, 1, 1, 1, 2]

    Raises: ValueError for a letter that is no call.
    """
    weights = base_weights(Base.PLAIN)
    mean, variance = float(weights["bn1.running_mean"][0]), float(weights["bn1.running_var"][0])
    state = NormState(None, True, int(weights["bn1.num_batches_tracked"]), mean, variance, moved=False)
    states = [state]
    for letter in calls[:MAX_CALLS]:
        state = _after(state, Call(letter))
        states.append(state)
    return tuple(states)


def _after(state: NormState, call: Call) -> NormState:
    is_training = {Call.TRAIN: True, Call.EVAL: False, Call.BN_EVAL: False}.get(call, state.is_training)
    if call is not Call.FORWARD or not is_training:
        return NormState(call, is_training, state.batches, state.mean, state.variance, moved=False)
    mean, variance = _batch_statistics()
    return NormState(
        call,
        is_training,
        state.batches + 1,
        (1 - MOMENTUM) * state.mean + MOMENTUM * mean,
        (1 - MOMENTUM) * state.variance + MOMENTUM * variance,
        moved=True,
    )
