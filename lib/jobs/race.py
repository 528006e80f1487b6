"""A race of optimizers on MNIST as a work of :mod:`lib.jobs`. Imports torch: for workers only."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from lib.core.training import side_by_side
from lib.core.training.mnist_race import MnistRaceConfig


def train(config: MnistRaceConfig, *, chunk_steps: Callable[[], int]) -> Iterator[object]:
    """The race's reports."""
    return side_by_side.race(config, chunk_steps=chunk_steps)
