"""One batch on several devices: how it is split, and what becomes of the gradients. Imports no torch.

A linear model of two weights and a bias, float64, squared error: small enough that each gradient is three numbers.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from enum import StrEnum

import numpy as np

from lib.core.autograd.values import Array

MIN_BATCH, MAX_BATCH = 2, 16
STEPS = 3
RATE = 0.1
RANKS = 2
_FIRST_WEIGHTS = (0.5, -0.3, 0.1)
"""Of the first feature, of the second, and the bias."""


class Reduction(StrEnum):
    """What the loss makes of its samples: ``reduction=`` of ``F.mse_loss``."""

    MEAN = "mean"
    SUM = "sum"


@dataclass(frozen=True)
class ParallelConfig:
    """A run: ``batch`` samples, ``first`` of them for process 0, the rest for process 1."""

    batch: int = 8
    first: int = 4
    reduction: Reduction = Reduction.MEAN
    device: str = "cpu"

    def __post_init__(self) -> None:
        if not MIN_BATCH <= self.batch <= MAX_BATCH or not 1 <= self.first < self.batch:
            raise ValueError(
                f"{self.first} of {self.batch} samples: {MIN_BATCH} to {MAX_BATCH}, each at least one"
            )

    @property
    def identity(self) -> str:
        """Equal for configs whose results are equal."""
        return json.dumps(asdict(self), sort_keys=True)

    @property
    def total_steps(self) -> int:
        """Training steps."""
        return STEPS

    @property
    def steps_per_epoch(self) -> int:
        """All of them."""
        return STEPS

    @property
    def shards(self) -> tuple[int, int]:
        """Samples of each process.

        >>> ParallelConfig(8, 3).shards
        (3, 5)
        """
        return self.first, self.batch - self.first

    @property
    def is_faithful(self) -> bool:
        """Whether DDP's averaged gradient is a single process's: a mean loss, and equal shards."""
        return self.reduction is Reduction.MEAN and 2 * self.first == self.batch


@dataclass(frozen=True, eq=False)
class ParallelStep:
    """What one training step made: gradients (3,) of each process before averaging, as DDP left them, and of a single
    process that sees the whole batch; the parameters (3,) after the step, of each process and of that single one.
    """

    steps_done: int
    local: tuple[Array, Array]
    averaged: Array
    single: Array
    parameters: tuple[Array, Array]
    single_parameters: Array
    pids: tuple[int, int] = (0, 0)


def batch_of(count: int) -> tuple[Array, Array]:
    """(x, y): features (N, 2) on a fixed pattern, and what a slightly noisy line makes of them (N, 1).

    Seven digits, so that no gradient of six stands in the middle between two roundings.
    """
    number = np.arange(count)
    x = np.stack([np.cos(1.3 * number), (number % 5) / 2 - 1], axis=1).round(2)
    y = (1.5 * x[:, :1] - x[:, 1:] + 0.5 + 0.1 * np.sin(7 * number)[:, None]).round(7)
    return x, y


def gradient(parameters: Array, x: Array, y: Array, reduction: Reduction) -> Array:
    """Of the squared error, by hand: (3,) for weights and bias."""
    error = x @ parameters[:2] + parameters[2] - y[:, 0]
    inputs = np.concatenate([x, np.ones((len(x), 1))], axis=1)
    total = 2 * inputs.T @ error
    return np.asarray(total / len(x) if reduction is Reduction.MEAN else total)


def simulate(config: ParallelConfig) -> list[ParallelStep]:
    """What DDP's rule (each process its own loss, gradients averaged) comes to, without any process.

    >>> step = simulate(ParallelConfig(8, 4))[0]
    >>> bool(np.allclose(step.averaged, step.single))
    True
    """
    x, y = batch_of(config.batch)
    shards = [slice(0, config.first), slice(config.first, None)]
    together, single = np.array(_FIRST_WEIGHTS), np.array(_FIRST_WEIGHTS)
    steps = []
    for number in range(STEPS):
        first, second = (gradient(together, x[part], y[part], config.reduction) for part in shards)
        averaged = (first + second) / RANKS
        alone = gradient(single, x, y, config.reduction)
        together, single = together - RATE * averaged, single - RATE * alone
        steps.append(ParallelStep(number + 1, (first, second), averaged, alone, (together, together), single))
    return steps


def relative_difference(ours: Array, theirs: Array) -> float:
    """How far apart two gradients are, as a share of the second's length.

    >>> relative_difference(np.array([1.0, 0.0]), np.array([2.0, 0.0]))
    0.5
    """
    return float(np.linalg.norm(ours - theirs) / max(float(np.linalg.norm(theirs)), 1e-300))


def first_weights() -> Array:
    """(3,) before any step."""
    return np.array(_FIRST_WEIGHTS)
