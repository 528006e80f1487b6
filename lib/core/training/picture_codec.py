"""Pictures of a network while it learns, in 8 bits: how they are written, read and thinned. Imports no torch.

A picture says how each weight's level has moved since the picture before it, compressed: 100 steps of 50 images
take 1 MB instead of 4.
"""

from __future__ import annotations

import math
import zlib
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lib.core.training.config import CLASSES, TrainConfig
from lib.core.training.reports import Picture

MAX_IMAGES = 50
CONFUSION_DIGITS = 1000
EVERY_STEP_TO = 100
GROWTH = 1.08
"""From one picture's step to the next one's, later on."""
RUN_BYTES = 4_000_000
"""Of one run's pictures together."""
NO_NUMBER = -128
_MOST, _LIMIT, _BEND = 127, 4.0, 2000.0
_FASTEST = 1


def levels_of(weights: NDArray[np.floating]) -> NDArray[np.int8]:
    """Weights -> levels from -127 to 127, the same shape; finer near 0, where they start. -128 is no number.

    >>> levels_of(np.array([0.0, 0.01, -0.5, 99.0, np.nan])).tolist()
    [0, 30, -92, 127, -128]

    Source: the mu-law of ITU-T G.711, for weights up to 4.
    """
    with np.errstate(invalid="ignore"):
        bent = np.log(1 + np.minimum(np.abs(weights) * (_BEND / _LIMIT), _BEND))  # log1p takes twice as long
        bent = np.copysign(np.rint(bent * (_MOST / math.log1p(_BEND))), weights)
    return np.where(np.isnan(weights), NO_NUMBER, bent).astype(np.int8)


def weights_of(levels: NDArray[np.int8]) -> NDArray[np.float32]:
    """The weights that levels stand for; NaN for -128.

    >>> [round(float(weight), 3) for weight in weights_of(np.array([0, 30, -93], np.int8))]
    [0.0, 0.01, -0.521]
    """
    share = np.abs(levels.astype(np.float64)) / _MOST
    weights = np.sign(levels) * _LIMIT * np.expm1(share * np.log1p(_BEND)) / _BEND
    return np.where(levels == NO_NUMBER, np.nan, weights).astype(np.float32)


def packed(levels: NDArray[np.int8], before: NDArray[np.int8] | None) -> bytes:
    """Levels as what has to be added, modulo 256, to those before them; without any, as they are."""
    moved = levels if before is None else (levels.view(np.uint8) - before.view(np.uint8))
    # Steps between levels have no words that return: looking for them costs time, and makes a fifth more bytes.
    writer = zlib.compressobj(level=_FASTEST, strategy=zlib.Z_HUFFMAN_ONLY)
    return writer.compress(moved.tobytes()) + writer.flush()


def unpacked(picture: Picture, before: NDArray[np.int8] | None) -> NDArray[np.int8]:
    """(count, side, side): a picture's levels; ``before`` are those of the picture that it follows.

    >>> first = levels_of(np.array([[[0.1]]]))
    >>> shot = Picture(0, -1, 0.0, 1, 1, packed(first, None), b"", b"", True)
    >>> unpacked(shot, None).tolist() == first.tolist()
    True
    """
    moved = np.frombuffer(zlib.decompress(picture.levels), np.uint8)
    if picture.after >= 0:
        if before is None:
            raise ValueError(f"step {picture.step} needs step {picture.after}")
        moved = moved + before.view(np.uint8).ravel()
    return moved.view(np.int8).reshape(picture.count, picture.side, picture.side)


def thinned(pictures: Sequence[Picture], kept: Sequence[bool]) -> list[Picture]:
    """Those that are kept, each now following the one kept before it. The first and the last must be."""
    found: list[Picture] = []
    levels: NDArray[np.int8] | None = None
    last: NDArray[np.int8] | None = None
    was_dropped = False
    for picture, is_kept in zip(pictures, kept, strict=True):
        levels = unpacked(picture, levels)
        if is_kept:
            if was_dropped:
                after = found[-1].step if found else -1
                picture = replace(picture, after=after, levels=packed(levels, last))
            found.append(picture)
            last = levels
        was_dropped = not is_kept
    return found


def spared(steps: Sequence[int], count: int, *, every_step_to: int = EVERY_STEP_TO) -> list[bool]:
    """Which ``count`` of some steps to keep: the first, the last, early ones, and the rest evenly by ratio.

    >>> spared([0, 1, 2, 3, 4, 8, 16], 4, every_step_to=0)
    [True, False, True, False, True, False, True]
    """
    kept = [step <= every_step_to for step in steps]
    kept[0] = kept[-1] = True
    free = [i for i, is_kept in enumerate(kept) if not is_kept]
    room = max(0, count - sum(kept))
    if room < len(free):
        places = np.log(np.array([steps[i] for i in free], np.float64))
        wanted = np.linspace(places[0], places[-1], room + 2)[1:-1]
        chosen = {int(np.abs(places - place).argmin()) for place in wanted}
    else:
        chosen = set(range(len(free)))
    for place in chosen:
        kept[free[place]] = True
    return kept


def due_steps(total: int) -> list[int]:
    """The steps of which there is a picture in any case: every one to 100, then ever wider apart, and the last.

    >>> due_steps(9380)[99:104], len(due_steps(9380))
    ([99, 100, 108, 117, 127], 160)
    """
    steps = list(range(min(total, EVERY_STEP_TO) + 1))
    while steps[-1] < total:
        steps.append(min(total, int(np.ceil(steps[-1] * GROWTH)) if steps[-1] >= EVERY_STEP_TO else total))
    return steps


def picture_shape(config: TrainConfig) -> tuple[int, int]:
    """How many images of the first layer's weights a picture has, and their side.

    >>> picture_shape(TrainConfig()), picture_shape(TrainConfig(hidden=()))
    ((50, 28), (10, 28))
    """
    if config.is_convolutional:
        return min(MAX_IMAGES, config.conv[0].channels), config.conv[0].kernel
    return min(MAX_IMAGES, config.layer_sizes[1]), 28


def ten_digits(labels: NDArray[Any]) -> list[int]:
    """Where each digit from 0 to 9 is first seen among the test images: the ten that every picture reads.

    >>> ten_digits(np.array([1, 0, 1, *range(2, 10)]))[:3]
    [1, 0, 3]
    """
    return [int(np.flatnonzero(labels == digit)[0]) for digit in range(CLASSES)]
