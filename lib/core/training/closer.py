"""What asks for a run to be looked at more closely than its own pictures do. Imports no torch."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from lib.core.training.again import Again
from lib.core.training.config import IMAGE_PIXELS, TrainConfig
from lib.core.training.errors import ConfigError, require_whole
from lib.core.training.picture_codec import EVERY_STEP_TO, GROWTH, due_steps

WINDOW_PICTURES = 60
MACS_A_SECOND = 2e9
"""Of a training on one slow core, for a guess before anything was measured."""


@dataclass(frozen=True)
class Trained:
    """So many steps are done."""

    steps_done: int


@dataclass(frozen=True)
class DigitReport:
    """What the network says of a learner's own digit after ``step`` steps: probabilities, float32 (10,)."""

    step: int
    probabilities: NDArray[np.float32] = field(repr=False)


@dataclass(frozen=True)
class CloserConfig(Again):
    """A run's steps from ``first`` to ``last``, seen every so many steps; or what it says of a digit.

    With ``every`` there are pictures, without only what the network says of ``digit`` (28 x 28 bytes, row by row;
    empty for none), at the steps at which the run's own pictures are taken.

    >>> CloserConfig(TrainConfig(), 120, 128, every=4).steps
    [120, 124, 128]

    Raises: ConfigError where the run has no such steps.
    """

    first: int
    last: int
    every: int = 0
    digit: bytes = field(default=b"", repr=False)

    def __post_init__(self) -> None:
        require_whole("first", self.first, 0, self.run.total_steps)
        require_whole("last", self.last, self.first, self.run.total_steps)
        require_whole("every", self.every, 0, self.run.total_steps)
        if len(self.digit) not in (0, IMAGE_PIXELS):
            raise ConfigError("digit", len(self.digit), f"{IMAGE_PIXELS} bytes")

    @property
    def steps(self) -> list[int]:
        """After which of them it is looked at."""
        if self.every:
            return list(range(self.first, self.last + 1, self.every))
        return [step for step in due_steps(self.run.total_steps) if self.first <= step <= self.last]

    @property
    def identity(self) -> str:
        """Equal where the same would be seen."""
        digit = hashlib.sha256(self.digit).hexdigest()[:16] if self.digit else ""
        return f"{self.run.identity}@{self.first}-{self.last}/{self.every} {digit}"

    @property
    def total_steps(self) -> int:
        """Steps to train, from the run's first."""
        return self.last


def windows(step: int, total: int, steps_a_second: float) -> list[tuple[int, int, int]]:
    """Which stretches of a run, (first, last, every), are to be seen closer where it passes so slowly.

    Two pictures a second; the stretch that ``step`` lies in, and the next one from its middle on. None where the
    run's own pictures are as close. Equal for all who watch at the same pace.

    >>> windows(30, 9380, 1.0), windows(130, 9380, 1.0)
    ([(60, 119, 1)], [(120, 179, 1)])
    >>> windows(2000, 9380, 10.0), windows(2000, 9380, 2000.0)
    ([(1800, 2095, 5), (2100, 2395, 5)], [])
    """
    every = max(1, int(steps_a_second / 2))
    size = every * WINDOW_PICTURES
    found = []
    for place in (step // size, int(step / size + 0.5)):
        first, last = place * size, min(total, (place + 1) * size - every)
        is_close = last <= EVERY_STEP_TO or last * (GROWTH - 1) <= every
        if not is_close and first < total and (first, last, every) not in found:
            found.append((first, last, every))
    return found


def seconds_again(config: TrainConfig, steps: int, seconds: float, until: int) -> float:
    """About how long it takes to train ``until`` steps again, where ``steps`` took ``seconds``.

    >>> seconds_again(TrainConfig(), 100, 1.0, 500), seconds_again(TrainConfig(), 0, 0.0, 0)
    (5.0, 0.0)
    """
    if steps:
        return seconds / steps * until
    return config.macs * config.batch_size * until / MACS_A_SECOND
