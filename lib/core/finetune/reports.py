"""What a comparison of fine-tunings tells whoever watches it. Imports no torch."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lib.core.finetune.config import Mode


@dataclass(frozen=True)
class PointReport:
    """One point of a curve: fractions, 0 to 1, of CURVE_IMAGES test images.

    ``new`` is on the new task, ``old`` on the digits that the base network knew (None from scratch). ``labels``
    are images a class.
    """

    mode: Mode
    labels: int
    step: int
    new: float
    old: float | None


@dataclass(frozen=True)
class ModeReport:
    """A mode at its end: measured on all test images.

    ``trainable`` of ``parameters`` learned; ``seconds`` of training; ``moved`` has for each parameter that the
    base network has the length of its change and its own length before (Euclidean norms); ``kernels`` are those
    of the first layer, before and after, (8, 3, 3) each; ``batches`` is batch norm's counter before and after,
    ``running`` the mean absolute change of the first batch norm's running mean. ``tested`` images are behind
    ``new``.
    """

    mode: Mode
    labels: int
    new: float
    old_before: float | None
    old: float | None
    trainable: int
    parameters: int
    seconds: float
    moved: dict[str, tuple[float, float]]
    kernels: tuple[NDArray[np.float32], NDArray[np.float32]]
    batches: tuple[int, int]
    running: float
    tested: int
