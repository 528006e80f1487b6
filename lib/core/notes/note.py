"""Which sentences there are, and what a check of one finds. Without torch: a page asks before it needs any."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from lib.core.tensors.drawn import Drawn


class Note(StrEnum):
    """A sentence, in teaching order."""

    FLOOR = "floor"
    PADDED = "padded"
    FIELD = "field"
    CHANNELS = "channels"
    PAIR = "pair"
    MODE = "mode"
    GROUPS = "groups"
    SQUEEZE = "squeeze"
    CAT = "cat"
    SHARED = "shared"
    EMBEDDING = "embedding"
    ADAM = "adam"
    ADAMW = "adamw"
    ARGMAX = "argmax"
    PRETRAINED = "pretrained"
    RATES = "rates"
    PARALLEL = "parallel"


class PaddingWord(StrEnum):
    """A word for ``padding_mode``: four that nn.Conv2d takes, and one that it refuses."""

    ZEROS = "zeros"
    REFLECT = "reflect"
    REPLICATE = "replicate"
    CIRCULAR = "circular"
    MIRROR = "mirror"


class Way(StrEnum):
    """From a tensor to an array, or back."""

    NUMPY = "numpy"
    FROM_NUMPY = "from_numpy"
    TENSOR = "tensor"
    GRAD = "grad"
    """numpy() of a tensor that requires a gradient."""


TABLE_SHAPE = 6, 3
"""Of the embedding that is looked into."""
SCORES = [[1, 5, 2], [7, 2, 3]]
SQUEEZED_SHAPE = 1, 3, 1, 2
"""The shape of what is squeezed."""


class Verdict(StrEnum):
    """How the sentence stands to what PyTorch does, with these numbers."""

    SAME = "same"
    DIFFERS = "differs"
    REFUSED = "refused"
    """PyTorch raises an error."""
    UNUSUAL = "unusual"
    """PyTorch takes it, and it is not what is advised."""


@dataclass(frozen=True, eq=False)
class Found:
    """What the notes' sentence gives, and what PyTorch does, as the program prints them.

    ``pictures`` are tensors to look at, ``curves`` by name, from step 1 on: the length of each step, or how
    far the weight has come from its start.
    """

    notes: str
    pytorch: str
    verdict: Verdict
    pictures: tuple[Drawn, ...] = ()
    curves: Mapping[str, tuple[float, ...]] = field(default_factory=dict)

    @property
    def printed(self) -> str:
        """What the program prints.

        >>> print(Found("3.5", "3", Verdict.DIFFERS).printed)
        notes:   3.5
        PyTorch: 3
        """
        return f"notes:   {self.notes}\nPyTorch: {self.pytorch}"
