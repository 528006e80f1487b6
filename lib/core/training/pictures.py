"""Pictures of a training: what its first layer looks like, what it says of some test digits, step by step.

To take one costs the training a copy of the weights; a :class:`Draft` is finished when there is time.
"""

from __future__ import annotations

import time
from bisect import bisect_right
from collections.abc import Mapping, Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from lib.core.training.closer import DigitReport
from lib.core.training.config import CLASSES, TrainConfig
from lib.core.training.conv_network import ConvNetwork
from lib.core.training.data import MnistTensors
from lib.core.training.network import Network
from lib.core.training.picture_codec import (
    CONFUSION_DIGITS,
    due_steps,
    levels_of,
    packed,
    picture_shape,
    ten_digits,
)
from lib.core.training.reports import Picture
from lib.core.training.state import held_bytes

LIVE_SECONDS = 0.4
"""A training so slow that the steps due are further apart is looked at this often."""


def make_network(config: TrainConfig) -> Network | ConvNetwork:
    """The network that the engine trains for a config."""
    return ConvNetwork(config) if config.is_convolutional else Network(config)


class Draft:
    """A picture whose numbers have not been worked out yet. Drafts are finished in the order they were made.

    ``state`` is a copy of the network's memory after ``step`` steps.
    """

    def __init__(self, recorder: Recorder, step: int, loss: float, state: dict[str, Tensor]) -> None:
        self.step, self.state = step, state
        self._recorder, self._loss = recorder, loss

    @property
    def nbytes(self) -> int:
        """What it holds until then."""
        return held_bytes(self.state)

    def finish(self) -> Picture:
        """Work them out; in any thread."""
        return self._recorder.finish(self.step, self._loss, self.state)


class Recorder:
    """Says of which steps there is to be a picture, and makes them."""

    def __init__(self, config: TrainConfig, data: MnistTensors, steps: Sequence[int] | None = None) -> None:
        """``steps``: those of which there is to be one, in order; without them as :func:`due_steps` says."""
        self._due = due_steps(config.total_steps) if steps is None else steps
        self._is_live = steps is None
        self._count, self._side = picture_shape(config)
        self._shadow = make_network(config)
        labels = data.test_labels[:CONFUSION_DIGITS]
        self._data = data
        self._pairs = labels * CLASSES
        self._ten = torch.tensor(ten_digits(labels.cpu().numpy()), device=labels.device)
        self._before: NDArray[np.int8] | None = None
        self._last_step = -1
        self._taken_at = time.perf_counter()

    def limit(self, steps_done: int, wanted: int) -> int:
        """How many of the steps wanted may be trained before the next picture is due."""
        place = bisect_right(self._due, steps_done)
        return min(wanted, self._due[place] - steps_done) if place < len(self._due) else wanted

    def is_due(self, steps_done: int) -> bool:
        """Whether there is to be one now."""
        place = bisect_right(self._due, steps_done) - 1
        if place >= 0 and self._due[place] == steps_done:
            return True
        return self._is_live and time.perf_counter() - self._taken_at > LIVE_SECONDS

    def begins_with(self, steps_done: int) -> bool:
        """Whether there is to be one before anything is trained: always, unless the steps were chosen."""
        return self._is_live or steps_done in self._due

    def take(self, network: Network | ConvNetwork, step: int, loss: float) -> Draft:
        """Copy what is needed; ``loss`` is that of the minibatch just trained."""
        self._taken_at = time.perf_counter()
        return Draft(self, step, loss, {name: value.clone() for name, value in network.memory.items()})

    @torch.inference_mode()
    def finish(self, step: int, loss: float, state: dict[str, Tensor]) -> Picture:
        """What a network in this state looks like and says."""
        for name, value in self._shadow.memory.items():
            value.copy_(state[name])
        levels = levels_of(self._shadow.first_weights()[: self._count].cpu().numpy())
        levels = np.ascontiguousarray(levels.reshape(self._count, self._side, self._side))
        logits = self._logits()
        said = logits.t().max(dim=0).indices  # of digits that lie side by side: ten times as fast as argmax
        counts = torch.bincount(self._pairs + said, minlength=CLASSES * CLASSES)
        ten = torch.nan_to_num(logits[self._ten].softmax(dim=1), nan=0.0)
        picture = Picture(
            step=step,
            after=self._last_step,
            loss=loss,
            count=self._count,
            side=self._side,
            levels=packed(levels, self._before),
            probabilities=(ten * 255).round().to(torch.uint8).cpu().numpy().tobytes(),
            confusion=counts.to(torch.int16).cpu().numpy().tobytes(),
            is_finite=bool(torch.isfinite(logits).all()),
        )
        self._before, self._last_step = levels, step
        return picture

    def _logits(self) -> Tensor:
        """(1000, 10): what the network says of the first test digits."""
        if isinstance(self._shadow, Network):
            return self._shadow.lit_logits(self._data.confusion_pixels)
        return self._shadow.logits(self._data.test_images[:CONFUSION_DIGITS])


class Reader:
    """Asks a network, as it was after some step, what it says of one digit."""

    def __init__(self, config: TrainConfig, digit: bytes) -> None:
        """``digit`` holds 28 x 28 pixels, row by row."""
        self._shadow = make_network(config)
        rows = torch.frombuffer(bytearray(digit), dtype=torch.uint8).view(1, -1)
        self._rows = rows.to(self._shadow.device)

    @torch.inference_mode()
    def read(self, step: int, state: Mapping[str, Tensor]) -> DigitReport:
        """Its ten probabilities.

        >>> config = TrainConfig()
        >>> report = Reader(config, bytes(784)).read(0, make_network(config).memory)
        >>> report.probabilities.shape, round(float(report.probabilities.sum()), 4)
        ((10,), 1.0)
        """
        for name, value in self._shadow.memory.items():
            value.copy_(state[name])
        return DigitReport(step, self._shadow.logits(self._rows).softmax(dim=1)[0].cpu().numpy())
