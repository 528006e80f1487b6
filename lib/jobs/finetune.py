"""Fine-tunings side by side as a work of :mod:`lib.jobs`. Imports torch: for workers only."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from lib.core.finetune import training
from lib.core.finetune.config import FinetuneConfig


def train(config: FinetuneConfig, *, chunk_steps: Callable[[], int]) -> Iterator[object]:
    """The points and the modes' reports."""
    yield from training.train(config, chunk_steps=chunk_steps)
