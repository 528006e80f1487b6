"""The workflow's trainings as a work of :mod:`lib.jobs`. Imports torch: for workers only."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from lib.core.workflow import training
from lib.core.workflow.path import WorkflowConfig


def train(config: WorkflowConfig, *, chunk_steps: Callable[[], int]) -> Iterator[object]:
    """The loop's reports, path after path."""
    yield from training.train(config, chunk_steps=chunk_steps)
