"""What all have in common that train a run again: its data's epochs and its device. Imports no torch."""

from __future__ import annotations

from dataclasses import dataclass

from lib.core.training.config import TrainConfig


@dataclass(frozen=True)
class Again:
    """A run to be trained again, or a part of it.

    >>> Again(TrainConfig()).steps_per_epoch
    938
    """

    run: TrainConfig

    @property
    def steps_per_epoch(self) -> int:
        """As the run has it."""
        return self.run.steps_per_epoch

    @property
    def device(self) -> str:
        """Where the run trains."""
        return self.run.device
