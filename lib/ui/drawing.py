"""The digit that a learner drew or photographed last, as it was fed to the networks: other lessons ask theirs, too."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from lib.ui.learners import DRAWING
from lib.ui.owner import learner_store
from lib.ui.tray import kept_digits


def keep_drawing(fed: NDArray[np.uint8]) -> None:
    """Take the one on; ``fed`` is (28, 28)."""
    learner_store()[DRAWING] = fed.tobytes()


def last_drawing() -> bytes:
    """28 x 28 bytes, row by row: the last one drawn, else the last one kept in the tray; empty without any."""
    drawn: bytes = learner_store().get(DRAWING, b"")
    if drawn:
        return drawn
    kept = kept_digits()
    return kept[-1].pixels if kept else b""
