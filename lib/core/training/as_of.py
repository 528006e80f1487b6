"""What asks for a network as it was in the middle of its training. Imports no torch."""

from __future__ import annotations

from dataclasses import dataclass

from lib.core.training.config import TrainConfig
from lib.core.training.errors import require_whole


@dataclass(frozen=True)
class AsOfConfig:
    """The network of a run after ``step`` of its steps.

    >>> AsOfConfig(TrainConfig(), 37).total_steps
    37

    Raises: ConfigError where the run has no such step.
    """

    run: TrainConfig
    step: int

    def __post_init__(self) -> None:
        require_whole("step", self.step, 0, self.run.total_steps)

    @property
    def identity(self) -> str:
        """Equal for equal networks."""
        return f"{self.run.identity}@{self.step}"

    @property
    def total_steps(self) -> int:
        """Steps to train."""
        return self.step

    @property
    def steps_per_epoch(self) -> int:
        """As the run has it."""
        return self.run.steps_per_epoch

    @property
    def device(self) -> str:
        """Where the run trains."""
        return self.run.device
