"""What a running training tells whoever watches it. Imports no torch: reports cross process borders."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class StepsReport:
    """Losses of consecutive minibatches, as they were trained.

    ``first_step`` counts from 0 over the whole run; ``losses`` is float32, one mean cross-entropy (nats) a
    minibatch; ``seconds`` is the training time so far, pauses left out; ``samples`` the images seen so far.
    """

    first_step: int
    losses: NDArray[np.float32]
    seconds: float
    samples: int

    @property
    def steps_done(self) -> int:
        """Steps trained once this report is out."""
        return self.first_step + len(self.losses)


@dataclass(frozen=True)
class EpochReport:
    """The end of an epoch, measured on all 10,000 test images.

    ``epoch`` counts from 1; ``train_loss`` is the mean of the epoch's minibatch losses, weighted by their
    size, as the textbook loop prints it.
    """

    epoch: int
    steps_done: int
    train_loss: float
    test_loss: float
    test_correct: int
    test_total: int
    seconds: float

    @property
    def test_accuracy(self) -> float:
        """Percent of the test images that are right."""
        return 100 * self.test_correct / self.test_total


@dataclass(frozen=True)
class FinalReport:
    """What the trained network is and does: the last report of a run that was not stopped.

    ``weights`` has the names of ``nn.Sequential(Flatten, Linear, act, ..., Linear).state_dict()``:
    ``"1.weight"`` of shape (hidden, 784), ``"1.bias"``, ``"3.weight"``, ...
    ``predictions`` is uint8 (10000,), ``confidences`` float32 (10000,): softmax at the predicted class;
    ``label_confidences`` float32 (10000,): softmax at the true class.
    """

    weights: dict[str, NDArray[np.float32]]
    predictions: NDArray[np.uint8]
    confidences: NDArray[np.float32]
    label_confidences: NDArray[np.float32] = field(repr=False)
    seconds: float = 0.0


@dataclass(frozen=True)
class Picture:
    """What the network looked like after ``step`` steps, 0 before the first: see :mod:`.picture_codec`.

    ``levels``: zlib, (count, side, side) int8, the first layer's weights as images, modulo 256 less those of the
    picture of step ``after`` (-1: of none). ``probabilities``: uint8 (10, 10) in 255ths, a row for each of ten
    test digits. ``confusion``: int16 little-endian (10, 10) of 1,000 test digits, row = label. ``loss`` is that of
    the last minibatch, NaN before any. ``is_finite``: whether all outputs were numbers.
    """

    step: int
    after: int
    loss: float
    count: int
    side: int
    levels: bytes = field(repr=False)
    probabilities: bytes = field(repr=False)
    confusion: bytes = field(repr=False)
    is_finite: bool


Report = StepsReport | EpochReport | FinalReport
