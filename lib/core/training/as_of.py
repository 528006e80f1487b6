"""What asks for a network as it was in the middle of its training. Imports no torch."""

from __future__ import annotations

from dataclasses import dataclass

from lib.core.training.again import Again
from lib.core.training.errors import require_whole


@dataclass(frozen=True)
class AsOfConfig(Again):
    """The network of a run after ``step`` of its steps.

    >>> from lib.core.training.config import TrainConfig
    >>> AsOfConfig(TrainConfig(), 37).total_steps
    37

    Raises: ConfigError where the run has no such step.
    """

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
