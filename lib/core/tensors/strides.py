"""A storage and a view on it: size, stride and offset that never leave the storage. Imports no torch at load."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import torch

STORAGE = 24
MAX_STORAGE = 64
"""Elements of a learner's own tensor that still make a legible strip."""
MAX_VIEW_DIMS = 3
MAX_SIZE = 12
MAX_VIEW_ELEMENTS = 216


@dataclass(eq=False)
class LeavesStorageError(ValueError):
    """A view whose last element (``highest``) lies behind the storage's end (``storage`` elements)."""

    highest: int
    storage: int

    def __str__(self) -> str:
        return f"the view needs element {self.highest}, the storage ends at {self.storage - 1}"


@dataclass(frozen=True)
class View:
    """Sizes and strides of up to three axes and an offset, in elements, on a storage of ``storage`` elements.

    >>> View((2, 3), (3, 1)).places().tolist()
    [[0, 1, 2], [3, 4, 5]]
    >>> View((2, 30), (1, 1))
    Traceback (most recent call last):
    ...
    lib.core.tensors.strides.LeavesStorageError: the view needs element 30, the storage ends at 23

    Raises: LeavesStorageError; ValueError for sizes below 1 or negative strides.
    """

    size: tuple[int, ...]
    stride: tuple[int, ...]
    offset: int = 0
    storage: int = STORAGE

    def __post_init__(self) -> None:
        if len(self.size) != len(self.stride) or not 1 <= len(self.size) <= MAX_VIEW_DIMS:
            raise ValueError("as many strides as sizes, 1 to 3 axes")
        if min(self.size) < 1 or min(self.stride) < 0 or self.offset < 0:
            raise ValueError("sizes from 1, strides and offset from 0")
        if self.highest >= self.storage:
            raise LeavesStorageError(self.highest, self.storage)

    @property
    def highest(self) -> int:
        """The last storage place that the view reads."""
        return self.offset + sum((n - 1) * step for n, step in zip(self.size, self.stride, strict=True))

    @property
    def contiguous(self) -> bool:
        """Whether the elements lie in row-major order without gaps, as ``Tensor.is_contiguous`` says.

        >>> View((3, 2), (1, 3)).contiguous
        False
        """
        expected = 1
        for size, stride in zip(reversed(self.size), reversed(self.stride), strict=True):
            if size != 1:
                if stride != expected:
                    return False
                expected *= size
        return True

    def places(self) -> NDArray[np.int64]:
        """The storage place of each element: an array of shape ``size``."""
        places = np.full(self.size, self.offset, dtype=np.int64)
        for axis, stride in enumerate(self.stride):
            steps = np.arange(self.size[axis]) * stride
            places += steps.reshape([-1 if other == axis else 1 for other in range(len(self.size))])
        return places

    def tensor(self, storage: torch.Tensor | None = None) -> torch.Tensor:
        """The view on a flat tensor, ``torch.arange(self.storage)`` where none is given."""
        import torch

        flat = torch.arange(self.storage) if storage is None else storage
        return flat.as_strided(self.size, self.stride, self.offset)

    def code(self, made: str | None = None, *, flipped: bool = False) -> str:
        """Python that makes the view and prints what it says about itself.

        ``made`` are lines that make the tensor ``x`` whose elements are the storage.
        """
        storage = [made, "storage = x.flatten()"] if made else [f"storage = torch.arange({self.storage})"]
        flip = ["f = v.flip(0)", "print(f, f.stride(), f.data_ptr() == v.data_ptr())"]
        return "\n".join(
            [
                "import torch",
                "",
                *storage,
                f"v = storage.as_strided({self.size}, {self.stride}, {self.offset})",
                "print(v)",
                "print(v.size(), v.shape, v.stride(), v.storage_offset(), v.is_contiguous())",
                *(flip if flipped else []),
            ]
        )


def highest_size(view: View, axis: int) -> int:
    """The largest size of an axis that stays inside the storage and on the screen.

    >>> highest_size(View((2, 3), (3, 1)), 0)
    8
    """
    others = replace(view, size=(*view.size[:axis], 1, *view.size[axis + 1 :])).highest
    room = (view.storage - 1 - others) // view.stride[axis] + 1 if view.stride[axis] else MAX_SIZE
    rest = math.prod(view.size) // view.size[axis]
    return min(room, MAX_SIZE, max(1, MAX_VIEW_ELEMENTS // rest))


def highest_stride(view: View, axis: int) -> int:
    """The largest stride of an axis that stays inside the storage.

    >>> highest_stride(View((2, 3), (3, 1)), 0)
    21
    """
    if view.size[axis] == 1:
        return view.storage - 1
    others = replace(view, stride=(*view.stride[:axis], 0, *view.stride[axis + 1 :])).highest
    return (view.storage - 1 - others) // (view.size[axis] - 1)


def highest_offset(view: View) -> int:
    """The largest offset that stays inside the storage.

    >>> highest_offset(View((2, 3), (3, 1)))
    18
    """
    return view.storage - 1 - (view.highest - view.offset)


def fit(size: tuple[int, ...], stride: tuple[int, ...], offset: int, storage: int = STORAGE) -> View:
    """The nearest view inside the storage: offset first, then sizes, then strides give way.

    >>> fit((9, 9), (9, 9), 99).highest < STORAGE
    True
    """
    size = tuple(min(max(n, 1), MAX_SIZE) for n in size)
    stride = tuple(min(max(step, 0), storage - 1) for step in stride)
    offset = min(max(offset, 0), storage - 1)
    span = sum((n - 1) * step for n, step in zip(size, stride, strict=True))
    view = View(tuple(1 for _ in size), stride, min(offset, max(storage - 1 - span, 0)), storage)
    for axis, wanted in enumerate(size):
        legal = min(wanted, highest_size(view, axis))
        view = replace(view, size=(*view.size[:axis], legal, *view.size[axis + 1 :]))
    return view


class Preset(StrEnum):
    """A way to look at a storage. Values stand in addresses."""

    ROWS = "rows"
    TRANSPOSE = "transpose"
    DIAGONAL = "diagonal"
    WINDOW = "window"
    BROADCAST = "broadcast"
    COLUMN = "column"
    BLOCKS = "blocks"
    FLIP = "flip"


PRESETS: dict[Preset, View] = {
    Preset.ROWS: View((3, 4), (4, 1)),
    Preset.TRANSPOSE: View((4, 3), (1, 4)),
    Preset.DIAGONAL: View((3,), (5,)),
    Preset.WINDOW: View((6, 3), (1, 1)),
    Preset.BROADCAST: View((3, 4), (0, 1)),
    Preset.COLUMN: View((3,), (4,), 2),
    Preset.BLOCKS: View((2, 3, 4), (12, 4, 1)),
    Preset.FLIP: View((3, 4), (4, 1)),
}


def numpy_flip_strides(tensor: torch.Tensor) -> tuple[int, ...]:
    """Strides in bytes of ``np.flip(tensor.numpy(), 0)``, a view: PyTorch has no negative strides and copies.

    >>> import torch
    >>> numpy_flip_strides(torch.arange(12).reshape(3, 4))
    (-32, 8)
    """
    width = tensor.element_size()  # arithmetic, since NumPy has no bfloat16
    first, *others = tensor.stride()
    return (-first * width, *(stride * width for stride in others))
