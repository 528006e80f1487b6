"""Softmax and cross-entropy with their gradient, by hand: what ``F.cross_entropy`` computes. Imports no torch."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from lib.core.autograd.numbers import SHORT
from lib.core.autograd.values import Array

MIN_CLASSES, MAX_CLASSES = 2, 10
LARGEST_LOGIT = 50.0


class LogitsError(ValueError):
    """A text that is no list of logits."""


def parse_logits(text: str) -> tuple[float, ...]:
    """Two to ten finite numbers from -50 to 50 with commas or spaces between them.

    >>> parse_logits("2, 0.5 -1")
    (2.0, 0.5, -1.0)

    Raises: LogitsError.
    """
    parts = text.replace("，", ",").replace(",", " ").split()
    try:
        numbers = tuple(float(part) for part in parts if part.isascii() and len(part) < 20)
    except ValueError:
        raise LogitsError(text) from None
    is_good = len(numbers) == len(parts) and MIN_CLASSES <= len(numbers) <= MAX_CLASSES
    if not is_good or not all(abs(number) <= LARGEST_LOGIT for number in numbers):
        raise LogitsError(text)
    return numbers


def write_logits(logits: Sequence[float]) -> str:
    """The inverse of :func:`parse_logits`.

    >>> write_logits((2.0, 0.5))
    '2, 0.5'
    """
    return ", ".join(repr(number).removesuffix(".0") for number in logits)


@dataclass(frozen=True)
class Sample:
    """One sample: ``target`` is a class, ``smoothing`` label_smoothing from 0 to 1; ``as_probabilities`` says that
    softmax was applied once before the loss, which applies it again.
    """

    logits: tuple[float, ...]
    target: int
    smoothing: float = 0.0
    as_probabilities: bool = False

    def __post_init__(self) -> None:
        if not 0 <= self.target < len(self.logits) or not 0 <= self.smoothing <= 1:
            raise ValueError(f"class {self.target} of {len(self.logits)}, smoothing {self.smoothing}")


@dataclass(frozen=True, eq=False)
class CrossEntropy:
    """Loss, and over the classes: ``p`` of the loss's own softmax, the wanted ``q``, d loss / d logits."""

    loss: float
    p: Array
    q: Array
    gradient: Array


def softmax(logits: Array) -> Array:
    """exp(z) / sum(exp(z)), over the last axis.

    >>> softmax(np.zeros(4)).tolist()
    [0.25, 0.25, 0.25, 0.25]
    """
    shifted = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return np.asarray(shifted / shifted.sum(axis=-1, keepdims=True))


def cross_entropy(sample: Sample) -> CrossEntropy:
    """-sum(q log p), with its gradient p - q (through a second softmax where there was one).

    >>> round(cross_entropy(Sample((0.0,) * 10, 3)).loss, 4)
    2.3026
    """
    logits = np.array(sample.logits)
    classes = len(logits)
    once = softmax(logits)
    fed = once if sample.as_probabilities else logits
    p = softmax(fed)
    q = np.full(classes, sample.smoothing / classes)
    q[sample.target] += 1 - sample.smoothing
    shifted = fed - fed.max()
    log_p = shifted - np.log(np.exp(shifted).sum())
    gradient = p - q
    if sample.as_probabilities:
        gradient = once * (gradient - once @ gradient)
    return CrossEntropy(float(-(q * log_p).sum()), p, q, gradient)


def floor_with_probabilities(classes: int) -> float:
    """What the loss cannot go below where probabilities are fed to it: 1 for the true class, 0 for the others.

    >>> round(floor_with_probabilities(10), 4)
    1.4612
    """
    return math.log(math.e + classes - 1) - 1


def floor_with_smoothing(classes: int, smoothing: float) -> float:
    """What the loss cannot go below with label smoothing: the entropy of q.

    >>> round(floor_with_smoothing(10, 0.1), 4)
    0.5003
    """
    rest = smoothing / classes
    true = 1 - smoothing + rest
    parts = [true, *[rest] * (classes - 1)]
    return -sum(part * math.log(part) for part in parts if part > 0)


def untrained_loss(classes: int) -> float:
    """Of a network that finds all classes equally likely: ln K.

    >>> round(untrained_loss(10), 3)
    2.303
    """
    return math.log(classes)


@dataclass(frozen=True)
class WeightedMean:
    """Two samples' losses, the weights of their classes, and what 'mean' makes of them."""

    losses: tuple[float, float]
    weights: tuple[float, float]

    @property
    def mean(self) -> float:
        """torch's: sum of weighted losses by the sum of the weights.

        >>> WeightedMean((1.0, 3.0), (1.0, 3.0)).mean
        2.5
        """
        total = sum(weight * loss for weight, loss in zip(self.weights, self.losses, strict=True))
        return total / sum(self.weights)

    @property
    def by_count(self) -> float:
        """What many expect: by the number of samples.

        >>> WeightedMean((1.0, 3.0), (1.0, 3.0)).by_count
        5.0
        """
        return sum(weight * loss for weight, loss in zip(self.weights, self.losses, strict=True)) / len(
            self.losses
        )


BATCH_LOGITS = ((2.0, 0.0, 0.0), (2.0, 0.0, 0.0))
BATCH_TARGETS = (0, 1)


def weighted_mean(weight: float) -> WeightedMean:
    """Two samples, one of class 0 (weight 1), one of class 1 with the given weight.

    >>> mean = weighted_mean(1.0)
    >>> mean.mean == mean.by_count
    True
    """
    losses = [
        cross_entropy(Sample(logits, target)).loss
        for logits, target in zip(BATCH_LOGITS, BATCH_TARGETS, strict=True)
    ]
    return WeightedMean((losses[0], losses[1]), (1.0, weight))


def loss_code(sample: Sample, weight: float) -> str:
    """The program: one sample's loss and gradient, and the weighted mean of two.

    >>> exec(loss_code(Sample((0.0, 0.0), 0), 1.0))
    loss = 0.693147
    softmax = [0.5, 0.5]
    gradient = [-0.5, 0.5]
    weighted mean = 1.23954
    """
    smoothing = f", label_smoothing={sample.smoothing!r}" if sample.smoothing else ""
    fed = "logits.softmax(dim=1)" if sample.as_probabilities else "logits"
    note = "  # a mistake: cross_entropy applies softmax itself" if sample.as_probabilities else ""
    batch = [list(row) for row in BATCH_LOGITS]
    weights = [1.0, weight, 1.0]
    return f"""\
import torch
import torch.nn.functional as F


{SHORT}

logits = torch.tensor([{list(sample.logits)}], dtype=torch.float64, requires_grad=True)
fed = {fed}{note}
loss = F.cross_entropy(fed, torch.tensor([{sample.target}]){smoothing})
loss.backward()
print("loss =", short(loss.item()))
print("softmax =", short(fed.softmax(dim=1)[0].tolist()))
print("gradient =", short(logits.grad[0].tolist()))

batch = torch.tensor({batch}, dtype=torch.float64)
weight = torch.tensor({weights}, dtype=torch.float64)
mean = F.cross_entropy(batch, torch.tensor({list(BATCH_TARGETS)}), weight=weight)
print("weighted mean =", short(mean.item()))"""
