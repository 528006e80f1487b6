"""Going on with a trained network on a learner's own digits. Imports no torch."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lib.core.training.config import (
    IMAGE_PIXELS,
    TRAIN_IMAGES,
    ConfigError,
    OptimizerKind,
    TrainConfig,
)

MAX_DIGITS = 200
MAX_MIXED = 10_000
MAX_COPIES = 1000
OWN_SHARE = 0.25


def copies_for(digits: int, mixed: int) -> int:
    """How often each own digit is seen an epoch, so that own digits make about a quarter of it.

    >>> copies_for(10, 3000), copies_for(200, 100), copies_for(5, 0)
    (100, 1, 1)
    """
    wanted = mixed * OWN_SHARE / (1 - OWN_SHARE) / digits
    return min(max(1, round(wanted)), MAX_COPIES)


@dataclass(frozen=True, eq=False, kw_only=True)
class HandwritingConfig(TrainConfig):
    """A training that starts from trained weights and sees a learner's digits beside some of MNIST's.

    ``images`` holds the digits' pixels, 784 bytes each; ``labels`` a byte each. Every epoch passes through all
    of them ``copies`` times, and through the first ``mixed`` training images of MNIST: without these the
    network forgets what it could read before. ``start`` are the weights (names as in ``state_dict()``),
    ``start_name`` what the learner calls the network they come from.
    """

    images: bytes
    labels: bytes
    start: Mapping[str, NDArray[np.float32]]
    start_name: str = ""
    mixed: int = 3000
    copies: int = 1

    def __post_init__(self) -> None:
        super().__post_init__()
        count = len(self.labels)
        if not 1 <= count <= MAX_DIGITS or len(self.images) != count * IMAGE_PIXELS or max(self.labels) > 9:
            raise ConfigError("digits", count, f"1 to {MAX_DIGITS}, 28 x 28, labels 0 to 9")
        if not 0 <= self.mixed <= min(MAX_MIXED, TRAIN_IMAGES):
            raise ConfigError("mixed", self.mixed, f"0 to {MAX_MIXED}")
        if not 1 <= self.copies <= MAX_COPIES:
            raise ConfigError("copies", self.copies, f"1 to {MAX_COPIES}")

    def __eq__(self, other: object) -> bool:
        return isinstance(other, HandwritingConfig) and self.identity == other.identity

    def __hash__(self) -> int:
        return hash(self.identity)

    @property
    def digits(self) -> int:
        """How many digits of the learner's there are."""
        return len(self.labels)

    @property
    def train_images(self) -> int:
        """Images that one epoch passes through: own digits times copies, and MNIST's."""
        return self.digits * self.copies + self.mixed

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values; digits and weights as digests."""
        weights = hashlib.sha256()
        for name, values in sorted(self.start.items()):
            weights.update(name.encode() + np.ascontiguousarray(values).tobytes())
        return {
            **super().to_dict(),
            "digits": self.digits,
            "digits_sha256": hashlib.sha256(self.images + self.labels).hexdigest(),
            "start_sha256": weights.hexdigest(),
            "start_name": self.start_name,
            "mixed": self.mixed,
            "copies": self.copies,
        }

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> TrainConfig:
        """Not possible: the digits are not in the dictionary."""
        raise ConfigError("digits", values.get("digits_sha256"), "digests do not hold the digits")


def fine_tune_config(
    base: TrainConfig,
    start: Mapping[str, NDArray[np.float32]],
    start_name: str,
    images: NDArray[np.uint8],
    labels: NDArray[np.uint8],
    *,
    mixed: int,
    epochs: int,
) -> HandwritingConfig:
    """The base network's shape with Adam at 0.001, whatever it was trained with; own digits about a quarter.

    >>> from lib.core.training.bundled import bundled
    >>> one = np.zeros((1, 28, 28), np.uint8), np.array([1], np.uint8)
    >>> config = fine_tune_config(TrainConfig(), bundled().weights, "bundled", *one, mixed=300, epochs=2)
    >>> config.train_images, config.steps_per_epoch
    (400, 7)

    Raises: ConfigError where a number is not possible.
    """
    return HandwritingConfig(
        conv=base.conv,
        hidden=base.hidden,
        activation=base.activation,
        optimizer=OptimizerKind.ADAM,
        epochs=epochs,
        device=base.device,
        images=images.tobytes(),
        labels=labels.tobytes(),
        start=dict(start),
        start_name=start_name,
        mixed=mixed,
        copies=copies_for(len(labels), mixed),
    )
