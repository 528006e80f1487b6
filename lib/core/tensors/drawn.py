"""A tensor that a lesson wants to have drawn, and what is special about its elements. Imports no torch."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    import numpy as np
    import torch
    from numpy.typing import NDArray

Role = Literal["input", "weight", "output", "element"]


@dataclass(frozen=True, eq=False)
class Drawn:
    """A tensor of the picture; ``title`` names it among the page's words, or is code where those have no such name.

    ``padding``, ``faded`` and ``chosen`` mark elements, in row-major order, bool (numel,). ``sources`` are the
    elements' numbers, int32 (numel,): with role "element" those that are one and the same have one colour.
    """

    title: str
    tensor: torch.Tensor
    role: Role
    padding: NDArray[np.bool_] | None = None
    faded: NDArray[np.bool_] | None = None
    chosen: NDArray[np.bool_] | None = None
    sources: NDArray[np.int32] | None = None
