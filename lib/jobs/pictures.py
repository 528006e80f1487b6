"""The pictures of one training: kept within a bound, so that any moment of it can be looked at again."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from lib.core.training.picture_codec import EVERY_STEP_TO, RUN_BYTES, packed, spared, thinned, unpacked
from lib.core.training.reports import Picture

_BYTES_BESIDES = 700
_SHARE_LEFT = 0.85
FEWEST = 24
"""What is left of a run's pictures where memory is short."""


class PictureLog:
    """Pictures with the moments at which they were made. Whoever has read some goes on where they stopped.

    >>> log = PictureLog()
    >>> log.append(0.1, Picture(0, -1, 2.3, 1, 1, b"", b"", b"", True))
    >>> [shot.step for shot in log.until(0.2)], log.until(0.05)
    ([0], ())
    """

    def __init__(self) -> None:
        self._shots: tuple[tuple[float, ...], tuple[Picture, ...]] = (), ()
        """Moments and pictures, replaced together: the store reads them in a thread of its own."""
        self.byte_count = 0
        self._levels: NDArray[np.int8] | None = None

    def append(self, seconds: float, picture: Picture) -> None:
        """Take the next one on; of older ones fewer are kept once they are too many."""
        seconds_before, before = self._shots
        if before and picture.after != before[-1].step:
            again = self._taken_up(picture)
            if again is None:
                return
            picture = again
        self._shots = (*seconds_before, seconds), (*before, picture)
        self.byte_count += _bytes(picture)
        if self.byte_count > RUN_BYTES:
            self._thin(int(len(self._shots[1]) * _SHARE_LEFT), EVERY_STEP_TO)
        if self.byte_count > RUN_BYTES:  # the early ones alone are too many
            self._thin(int(len(self._shots[1]) * _SHARE_LEFT), 0)

    def _taken_up(self, picture: Picture) -> Picture | None:
        """As it follows what there is, where a training went on from an earlier step; None of a step there is."""
        self._levels = unpacked(picture, self._levels if picture.after >= 0 else None)
        _, before = self._shots
        if picture.step <= before[-1].step:
            return None
        levels = None
        for each in before:
            levels = unpacked(each, levels)
        return replace(picture, after=before[-1].step, levels=packed(self._levels, levels))

    @property
    def taken(self) -> list[tuple[float, Picture]]:
        """All of them, each with its moment."""
        return list(zip(*self._shots, strict=True))

    def until(self, seconds: float) -> tuple[Picture, ...]:
        """Those that were made until a moment."""
        moments, pictures = self._shots
        count = bisect_right(moments, seconds)
        return pictures if count == len(pictures) else pictures[:count]

    def make_small(self) -> bool:
        """Keep a few alone, spread over the whole training; whether that made a difference."""
        if len(self._shots[1]) <= FEWEST:
            return False
        self._thin(FEWEST, 0)
        return True

    def _thin(self, count: int, every_step_to: int) -> None:
        moments, pictures = self._shots
        kept = spared([shot.step for shot in pictures], count, every_step_to=every_step_to)
        left = tuple(at for at, is_kept in zip(moments, kept, strict=True) if is_kept)
        self._shots = left, tuple(thinned(pictures, kept))
        self.byte_count = sum(map(_bytes, self._shots[1]))


def _bytes(picture: Picture) -> int:
    return len(picture.levels) + _BYTES_BESIDES
