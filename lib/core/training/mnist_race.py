"""Several optimizers on MNIST, side by side from the same weights and batches: settings and reports. No torch."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from lib.core.thin import smooth
from lib.core.training.config import ConfigError, OptimizerKind, TrainConfig

MAX_ENTRANTS = 5
MAX_HIDDEN = 128
"""Muon makes a matrix of this size orthogonal at every step."""
MAX_EPOCHS = 5
REST_RATE, REST_DECAY = 0.001, 0.01
"""Muon takes matrices between hidden layers alone: AdamW with these moves biases and the last layer."""
RANGE_STEPS = 300
RANGE_LOW, RANGE_HIGH = 1e-6, 10.0


class Rule(StrEnum):
    """Who can take part: all of /train's, and Muon. The values stand in addresses."""

    SGD = "SGD"
    MOMENTUM = "SGD+momentum"
    NESTEROV = "Nesterov"
    ADAGRAD = "Adagrad"
    RMSPROP = "RMSprop"
    ADAM = "Adam"
    ADAMW = "AdamW"
    MUON = "Muon"


@dataclass(frozen=True)
class Entrant:
    """A rule with its learning rate and weight decay."""

    rule: Rule
    learning_rate: float
    weight_decay: float = 0.0


@dataclass(frozen=True)
class MnistRaceConfig:
    """A race: up to five rules train one 784-hidden-10 network each, with the same weights and batches.

    With ``is_range_test`` each learning rate rises from 1e-6 to 10 over 300 steps instead.

    >>> MnistRaceConfig((Entrant(Rule.MUON, 0.02),), hidden=256)
    Traceback (most recent call last):
    ...
    lib.core.training.errors.ConfigError: hidden = 256 is not possible; allowed: 1 to 128, whole
    """

    entrants: tuple[Entrant, ...]
    hidden: int = 50
    batch_size: int = 64
    epochs: int = 1
    train_share: float = 1.0
    seed: int = 0
    device: str = "cpu"
    is_range_test: bool = False

    def __post_init__(self) -> None:
        if not 1 <= len(self.entrants) <= MAX_ENTRANTS:
            raise ConfigError("entrants", len(self.entrants), f"1 to {MAX_ENTRANTS}")
        if not 1 <= self.hidden <= MAX_HIDDEN:
            raise ConfigError("hidden", self.hidden, f"1 to {MAX_HIDDEN}, whole")
        if not 1 <= self.epochs <= MAX_EPOCHS:
            raise ConfigError("epochs", self.epochs, f"1 to {MAX_EPOCHS}, whole")
        for place in range(len(self.entrants)):
            self.train_config(place)

    def train_config(self, place: int) -> TrainConfig:
        """The run of one entrant; for Muon its ``optimizer`` is that of the rest. Raises: ConfigError."""
        entrant = self.entrants[place]
        kind = OptimizerKind.ADAMW if entrant.rule is Rule.MUON else OptimizerKind(entrant.rule)
        return TrainConfig(
            hidden=(self.hidden,),
            optimizer=kind,
            learning_rate=entrant.learning_rate,
            weight_decay=entrant.weight_decay,
            batch_size=self.batch_size,
            epochs=self.epochs,
            train_share=self.train_share,
            seed=self.seed,
            device=self.device,
        )

    @property
    def steps_per_epoch(self) -> int:
        """Minibatches an epoch, for each entrant; all 300 steps of a range test."""
        return RANGE_STEPS if self.is_range_test else int(self.train_config(0).steps_per_epoch)

    @property
    def total_steps(self) -> int:
        """Minibatches in the whole race, for each entrant.

        >>> MnistRaceConfig((Entrant(Rule.ADAM, 0.001),)).total_steps
        938
        """
        return RANGE_STEPS if self.is_range_test else self.steps_per_epoch * self.epochs

    @property
    def identity(self) -> str:
        """Equal for equal races: learners who start the same one share it."""
        text = json.dumps(asdict(self), sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()[:16]


@dataclass(frozen=True)
class RaceSteps:
    """Losses of consecutive minibatches: float32 (entrants, steps). ``first_step`` counts from 0."""

    first_step: int
    losses: NDArray[np.float32]

    @property
    def steps_done(self) -> int:
        """Steps trained once this report is out."""
        return self.first_step + int(self.losses.shape[1])


@dataclass(frozen=True)
class RaceEpoch:
    """The end of an epoch on the 10,000 test images: for each entrant its loss and how many are right."""

    epoch: int
    steps_done: int
    test_losses: tuple[float, ...]
    test_correct: tuple[int, ...]


def losses_of(reports: Sequence[object], entrants: int) -> NDArray[np.float32]:
    """All losses so far, (entrants, steps).

    >>> losses_of([RaceSteps(0, np.ones((2, 3), np.float32))], 2).shape
    (2, 3)
    """
    parts = [report.losses for report in reports if isinstance(report, RaceSteps)]
    return np.concatenate(parts, axis=1) if parts else np.empty((entrants, 0), np.float32)


def range_rates() -> NDArray[np.float64]:
    """The range test's learning rates, evenly on a logarithmic scale."""
    return np.geomspace(RANGE_LOW, RANGE_HIGH, RANGE_STEPS)


SMOOTHING = 0.9
"""Of the losses that are drawn, and of those that a rate is suggested from."""
_WARM_UP = 20


def suggested_rate(losses: NDArray[np.float32]) -> float | None:
    """Where the smoothed loss of a range test falls most steeply, two digits; None where it does not fall.

    Looked for before the smoothed loss's lowest point. Source: Smith 2017, "Cyclical learning rates", as fastai
    reads it ("steep").

    >>> rates = range_rates()
    >>> falling = 2.3 / (1 + rates / 0.01) + np.where(rates > 1, rates, 0)
    >>> 0.002 < suggested_rate(falling.astype(np.float32)) < 0.03
    True
    """
    finite = np.isfinite(losses)
    end = len(losses) if finite.all() else int(np.argmin(finite))
    if end < 2 * _WARM_UP:
        return None
    smoothed = smooth(losses[:end].astype(np.float32), SMOOTHING).astype(np.float64)
    lowest = int(np.argmin(smoothed))
    if lowest <= _WARM_UP or smoothed[lowest] > 0.95 * smoothed[0]:
        return None
    slopes = np.gradient(smoothed, np.log10(range_rates()[:end]))
    steepest = _WARM_UP + int(np.argmin(slopes[_WARM_UP : lowest + 1]))
    rate = float(range_rates()[steepest])
    return float(f"{rate:.2g}") if math.isfinite(rate) else None
