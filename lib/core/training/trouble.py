"""What went wrong with a training, from its losses alone. Imports no torch."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from lib.core.training.config import CLASSES

GUESSING = math.log(CLASSES)
"""Cross-entropy (nats) of a network that gives each class the same probability: ln 10 = 2.3026."""
_NEAR, _ENOUGH_STEPS, _LAST = 0.05, 300, 100


class TroubleKind(StrEnum):
    """What it is; the page words it."""

    DIVERGED = "diverged"
    STUCK = "stuck"


@dataclass(frozen=True)
class Trouble:
    """``step`` counts from 1: where the loss was first no finite number, or how many were trained in vain."""

    kind: TroubleKind
    step: int


def trouble(losses: NDArray[np.float32]) -> Trouble | None:
    """What is wrong with minibatch losses (steps,), None where nothing is.

    >>> trouble(np.array([2.3, 99.0, np.inf, np.nan], np.float32))
    Trouble(kind=<TroubleKind.DIVERGED: 'diverged'>, step=3)
    >>> trouble(np.full(500, 2.303, np.float32))
    Trouble(kind=<TroubleKind.STUCK: 'stuck'>, step=500)
    >>> trouble(np.linspace(2.3, 0.1, 500, dtype=np.float32)) is None
    True
    """
    bad = np.flatnonzero(~np.isfinite(losses))
    if len(bad):
        return Trouble(TroubleKind.DIVERGED, int(bad[0]) + 1)
    if len(losses) >= _ENOUGH_STEPS and abs(float(losses[-_LAST:].mean()) - GUESSING) < _NEAR:
        return Trouble(TroubleKind.STUCK, len(losses))
    return None
