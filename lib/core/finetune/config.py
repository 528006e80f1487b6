"""Someone else's task for a trained network: which parts learn, how fast, from how many labels. Imports no torch."""

from __future__ import annotations

import hashlib
import json
import math
from dataclasses import asdict, dataclass
from enum import StrEnum

import numpy as np

from lib.core.digits.tray import MAX_KEPT
from lib.core.training.config import IMAGE_PIXELS, ConfigError

OLD_CLASSES = (0, 1, 2, 3, 4)
"""What the base network was trained on."""
NEW_CLASSES = (5, 6, 7, 8, 9)
CHANNELS = (8, 16)
FEATURES = CHANNELS[1] * 7 * 7
HIDDEN = 32
BATCH = 32
MIN_LABELS, MAX_LABELS = 10, 500
SWEEP = (10, 20, 50, 100, 200, 500)
MAX_STEPS = 600
CLOSE_LOOK = 15
"""Steps from the start that are measured one by one."""
CURVE_IMAGES = 500
"""Test images behind each point of a curve; the last number is measured on all."""


class Mode(StrEnum):
    """How the new task is learned. Values stand in addresses."""

    SCRATCH = "scratch"
    PARTIAL = "partial"
    FULL = "full"
    SHARED = "shared"
    """Full, with one head for all ten digits instead of a new one: what forgets."""


COMPARED = (Mode.SCRATCH, Mode.PARTIAL, Mode.FULL)


class Base(StrEnum):
    """The base network: convolutions, then the head, or a hidden layer before the head."""

    PLAIN = "plain"
    HIDDEN = "hidden"


def parameter_shapes(base: Base, classes: int) -> dict[str, tuple[int, ...]]:
    """Names and shapes of all parameters, in order.

    >>> list(parameter_shapes(Base.PLAIN, 5))[-2:], parameter_shapes(Base.PLAIN, 5)["head.weight"]
    (['head.weight', 'head.bias'], (5, 784))
    """
    first, second = CHANNELS
    shapes: dict[str, tuple[int, ...]] = {
        "conv1.weight": (first, 1, 3, 3),
        "conv1.bias": (first,),
        "bn1.weight": (first,),
        "bn1.bias": (first,),
        "conv2.weight": (second, first, 3, 3),
        "conv2.bias": (second,),
        "bn2.weight": (second,),
        "bn2.bias": (second,),
    }
    width = FEATURES
    if base is Base.HIDDEN:
        shapes |= {"hidden.weight": (HIDDEN, FEATURES), "hidden.bias": (HIDDEN,)}
        width = HIDDEN
    return shapes | {"head.weight": (classes, width), "head.bias": (classes,)}


HEAD = ("head.weight", "head.bias")


@dataclass(frozen=True)
class OwnDigits:
    """A learner's drawings: 784 bytes each, a byte each for what they say they meant, and 1 where held out."""

    images: bytes
    labels: bytes
    held: bytes

    def __post_init__(self) -> None:
        count = len(self.labels)
        if not 2 <= count <= MAX_KEPT or len(self.images) != count * IMAGE_PIXELS or max(self.labels) > 9:
            raise ConfigError("digits", count, f"2 to {MAX_KEPT}, 28 x 28, labels 0 to 9")
        if len(self.held) != count or set(self.held) != {0, 1}:
            raise ConfigError("held", sum(self.held), "some to learn from, some to measure on")


@dataclass(frozen=True)
class FinetuneConfig:
    """One comparison: the same labels and batches for every mode.

    ``labels`` are images a class: one number for curves over steps, several for a sweep. ``old_rate`` and
    ``new_rate`` are Adam's learning rates of the trained layers and of the new last one (and of everything from
    scratch). ``trainable`` are the parameters that a partial fine-tuning lets learn. ``own`` replaces the digits
    5 to 9 by a learner's drawings of any digit.

    >>> FinetuneConfig().total_steps
    1200
    """

    labels: tuple[int, ...] = (10,)
    steps: int = 300
    old_rate: float = 0.001
    new_rate: float = 0.01
    base: Base = Base.PLAIN
    trainable: tuple[str, ...] = HEAD
    seed: int = 0
    own: OwnDigits | None = None
    device: str = "cpu"

    def __post_init__(self) -> None:
        if not 1 <= len(self.labels) <= len(SWEEP) or not all(
            MIN_LABELS <= count <= MAX_LABELS for count in self.labels
        ):
            raise ConfigError("labels", self.labels, f"{MIN_LABELS} to {MAX_LABELS}")
        if not CLOSE_LOOK <= self.steps <= MAX_STEPS:
            raise ConfigError("steps", self.steps, f"{CLOSE_LOOK} to {MAX_STEPS}")
        for name in ("old_rate", "new_rate"):
            rate = getattr(self, name)
            if not (math.isfinite(rate) and 1e-6 <= rate <= 1):
                raise ConfigError(name, rate, "0.000001 to 1")
        unknown = set(self.trainable) - set(parameter_shapes(self.base, 5))
        if unknown or not self.trainable:
            raise ConfigError("trainable", self.trainable, ", ".join(parameter_shapes(self.base, 5)))
        if not 0 <= self.seed <= 999:
            raise ConfigError("seed", self.seed, "0 to 999")

    @property
    def is_sweep(self) -> bool:
        """Whether several numbers of labels are compared."""
        return len(self.labels) > 1

    @property
    def modes(self) -> tuple[Mode, ...]:
        """What is trained; the forgetting head makes sense for the other half of the digits only."""
        return COMPARED if self.is_sweep or self.own is not None else tuple(Mode)

    @property
    def steps_per_epoch(self) -> int:
        """Steps of all modes together for one number of labels."""
        return self.steps * len(self.modes)

    @property
    def total_steps(self) -> int:
        """Minibatches in all."""
        return self.steps_per_epoch * len(self.labels)

    @property
    def measured_steps(self) -> tuple[int, ...]:
        """After which steps a curve has a point: each of the first, then ever wider apart.

        >>> FinetuneConfig(steps=60).measured_steps[:3], FinetuneConfig(steps=60).measured_steps[-2:]
        ((0, 1, 2), (55, 60))
        """
        later = np.geomspace(CLOSE_LOOK, self.steps, 18).round().astype(int).tolist()
        return tuple(sorted({*range(CLOSE_LOOK + 1), *later}))

    @property
    def identity(self) -> str:
        """Equal for configs with equal results."""
        plain = asdict(self)
        if self.own is not None:
            plain["own"] = hashlib.sha256(self.own.images + self.own.labels + self.own.held).hexdigest()
        return hashlib.sha256(json.dumps(plain, sort_keys=True).encode()).hexdigest()[:16]
