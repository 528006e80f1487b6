"""What goes wrong on a GPU alone, for workers of tests. Imports torch."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import torch

from lib.core.training.reports import StepsReport
from lib.jobs import work
from tests.jobs.works import CountConfig

LITTLE_BYTES = 700 * 2**20
"""Enough for a small training with what torch's libraries take beside it."""


def have_little_memory() -> None:
    """To be preloaded: torch may take so much of the GPU's memory, and says that there is no more."""
    total = torch.cuda.get_device_properties(0).total_memory
    torch.cuda.set_per_process_memory_fraction(LITTLE_BYTES / total, 0)


@dataclass(frozen=True)
class FaultConfig(CountConfig):
    """Reads where there is nothing: from then on the GPU answers no call of the process any more."""


def read_beyond(config: FaultConfig, *, chunk_steps: Callable[[], int]) -> Iterator[object]:
    """One step, then the fault."""
    yield StepsReport(0, np.zeros(chunk_steps(), np.float32), seconds=0.0, samples=0)
    place = torch.tensor([7], device=config.device)
    yield torch.zeros(3, device=config.device)[place].cpu()


@dataclass(frozen=True)
class GreedyConfig(CountConfig):
    """Asks for more memory than :func:`have_little_memory` leaves."""


def ask_for_more(config: GreedyConfig, *, chunk_steps: Callable[[], int]) -> Iterator[object]:
    """One step, then the refusal."""
    yield StepsReport(0, np.zeros(chunk_steps(), np.float32), seconds=0.0, samples=0)
    yield torch.zeros(LITTLE_BYTES, device=config.device).sum().item()


work.register(GreedyConfig, "tests.jobs.gpu_works:ask_for_more")
work.register(FaultConfig, "tests.jobs.gpu_works:read_beyond")
