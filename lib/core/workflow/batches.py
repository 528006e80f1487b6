"""Batches: sentences of unequal length padded to a rectangle, and what a loader does with a data set."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lib.core.workflow.text import PAD_ID


@dataclass(frozen=True)
class Batch:
    """``ids`` int64 and ``mask`` bool, both (sentences, longest): False where a place is padding.

    >>> collate([(5, 3), (7,)]).ids.tolist()
    [[5, 3], [7, 0]]
    """

    ids: NDArray[np.int64]
    mask: NDArray[np.bool_]

    @property
    def padding_share(self) -> float:
        """Share of the places that hold padding, 0 to 1."""
        return 1 - float(self.mask.mean()) if self.mask.size else 0.0


def collate(encoded: Sequence[Sequence[int]]) -> Batch:
    """Sentences as one batch, the shorter ones padded at their end.

    >>> collate([(5, 3), (7,)]).mask.tolist()
    [[True, True], [True, False]]

    Raises: ValueError for a batch without sentences.
    """
    longest = max(len(ids) for ids in encoded)
    ids = np.full((len(encoded), longest), PAD_ID, dtype=np.int64)
    mask = np.zeros((len(encoded), longest), dtype=np.bool_)
    for row, numbers in enumerate(encoded):
        ids[row, : len(numbers)] = numbers
        mask[row, : len(numbers)] = True
    return Batch(ids, mask)


def batch_sizes(samples: int, batch_size: int, *, drop_last: bool = False) -> tuple[int, ...]:
    """Sizes of the batches of one epoch, as ``DataLoader`` makes them.

    >>> batch_sizes(10, 4), batch_sizes(10, 4, drop_last=True)
    ((4, 4, 2), (4, 4))
    """
    full, rest = divmod(samples, batch_size)
    return (*(batch_size,) * full, *((rest,) if rest and not drop_last else ()))
