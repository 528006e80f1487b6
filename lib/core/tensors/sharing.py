"""Two boxes: an original and what was made of it. Edit a cell in one and see whether the other changes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lib.core.tensors.errors import TORCH_RAISES, Problem, TensorInputError, TorchError

ROWS, COLUMNS = 2, 3
MAX_EDITS = 12
MAX_EDIT = 999


class Way(StrEnum):
    """A way from the original to the second box. Values stand in addresses."""

    NUMPY = "numpy"
    FROM_NUMPY = "from_numpy"
    AS_TENSOR = "as_tensor"
    AS_OTHER = "as_other"
    TENSOR = "tensor"
    CLONE = "clone"
    DETACH = "detach"
    VIEW = "view"
    RESHAPE = "reshape"
    RESHAPE_T = "reshape_t"
    SLICE = "slice"
    TO_SAME = "to_same"
    TO_OTHER = "to_other"


FROM_ARRAY = frozenset({Way.FROM_NUMPY, Way.AS_TENSOR, Way.AS_OTHER, Way.TENSOR})
"""Ways whose original is a NumPy array."""
TENSOR_DTYPES = ("float32", "float64", "int64", "bfloat16")
ARRAY_DTYPES = ("float32", "float64", "int64", "str")


class Refusal(StrEnum):
    """Why torch refuses a way. Pages word it and the way out."""

    REQUIRES_GRAD = "requires_grad"
    DTYPE = "dtype"
    DEVICE = "device"
    GRAD_OF_WHOLE = "grad_of_whole"
    OTHER = "other"


@dataclass(frozen=True)
class Edit:
    """A new value for one cell: ``side`` "a" is the original, "b" the second box; ``place`` in row-major order."""

    side: str
    place: int
    value: int


@dataclass(frozen=True)
class Experiment:
    """What is made of the original, and the edits that followed.

    >>> Experiment(Way.CLONE, edits=(Edit("a", 0, 99),)).code().splitlines()[-3:]
    ['a[0, 0] = 99', 'print(a)', 'print(b)']
    """

    way: Way
    dtype: str = "float32"
    requires_grad: bool = False
    device: str = "cpu"
    edits: tuple[Edit, ...] = ()

    def code(self) -> str:
        """The experiment as Python that runs as it stands, up to a refusal if there is one."""
        lines = ["import numpy as np", "import torch", "", self._original_code(), f"b = {CALLS[self.way]}"]
        lines += [f"{_edit_target(self, edit)} = {edit.value}" for edit in self.edits]
        if self.requires_grad and self.edits:
            lines[5:] = ["with torch.no_grad():", *(f"    {line}" for line in lines[5:])]
        return "\n".join([*lines, "print(a)", "print(b)"])

    def _original_code(self) -> str:
        values = "[[1, 2, 3], [4, 5, 6]]"
        if self.way in FROM_ARRAY:
            return (
                f"a = np.array({values}, dtype={self.dtype if self.dtype == 'str' else f'np.{self.dtype}'})"
            )
        options = f", dtype=torch.{self.dtype}"
        if self.device != "cpu":
            options += f", device={self.device!r}"
        if self.requires_grad:
            options += ", requires_grad=True"
        return f"a = torch.tensor({values}{options})"


CALLS: dict[Way, str] = {
    Way.NUMPY: "a.numpy()",
    Way.FROM_NUMPY: "torch.from_numpy(a)",
    Way.AS_TENSOR: "torch.as_tensor(a)",
    Way.AS_OTHER: "torch.as_tensor(a, dtype=torch.float16)",
    Way.TENSOR: "torch.tensor(a)",
    Way.CLONE: "a.clone()",
    Way.DETACH: "a.detach()",
    Way.VIEW: "a.view(3, 2)",
    Way.RESHAPE: "a.reshape(3, 2)",
    Way.RESHAPE_T: "a.t().reshape(2, 3)",
    Way.SLICE: "a[:, 1:]",
    Way.TO_SAME: "a.to(a.dtype)",
    Way.TO_OTHER: "a.to(torch.float16)",
}
"""What makes b, as Python."""

_MAKERS: dict[Way, Callable[[Any], Any]] = {
    Way.NUMPY: lambda a: a.numpy(),
    Way.FROM_NUMPY: lambda a: _torch().from_numpy(a),
    Way.AS_TENSOR: lambda a: _torch().as_tensor(a),
    Way.AS_OTHER: lambda a: _torch().as_tensor(a, dtype=_torch().float16),
    Way.TENSOR: lambda a: _torch().tensor(a),
    Way.CLONE: lambda a: a.clone(),
    Way.DETACH: lambda a: a.detach(),
    Way.VIEW: lambda a: a.view(3, 2),
    Way.RESHAPE: lambda a: a.reshape(3, 2),
    Way.RESHAPE_T: lambda a: a.t().reshape(2, 3),
    Way.SLICE: lambda a: a[:, 1:],
    Way.TO_SAME: lambda a: a.to(a.dtype),
    Way.TO_OTHER: lambda a: a.to(_torch().float16),
}


def _torch() -> Any:
    import torch

    return torch


def result_shape(way: Way) -> tuple[int, int]:
    """Shape of the second box.

    >>> result_shape(Way.SLICE)
    (2, 2)
    """
    return {Way.VIEW: (3, 2), Way.RESHAPE: (3, 2), Way.SLICE: (2, 2)}.get(way, (ROWS, COLUMNS))


def _edit_target(experiment: Experiment, edit: Edit) -> str:
    rows, columns = (ROWS, COLUMNS) if edit.side == "a" else result_shape(experiment.way)
    place = edit.place % (rows * columns)  # as ``run`` does: another way may give b fewer cells
    return f"{edit.side}[{place // columns}, {place % columns}]"


@dataclass(frozen=True)
class Box:
    """One of the two: its values (rows, columns) float64, its type's name, and where its first element lies."""

    values: NDArray[np.float64]
    kind: str
    pointer: int


@dataclass(frozen=True)
class Shared:
    """What the experiment showed; ``right`` is None where torch refused, with its words and the reason.

    ``changed`` are the places of each box that differ from the values it began with.
    """

    left: Box | None
    right: Box | None
    shares: bool = False
    changed_left: tuple[int, ...] = ()
    changed_right: tuple[int, ...] = ()
    error: TorchError | None = None
    refusal: Refusal | None = None


def run(experiment: Experiment) -> Shared:
    """Make both boxes with torch and NumPy, apply the edits, compare.

    >>> run(Experiment(Way.NUMPY, edits=(Edit("b", 0, 99),))).left.values.tolist()
    [[99.0, 2.0, 3.0], [4.0, 5.0, 6.0]]
    """
    try:
        left = _original(experiment)
    except TORCH_RAISES as error:
        return Shared(None, None, error=TorchError.of(error), refusal=Refusal.GRAD_OF_WHOLE)
    try:
        right = _MAKERS[experiment.way](left)
    except TORCH_RAISES as error:
        shown = None if experiment.device != "cpu" or experiment.dtype == "str" else _box(left)
        return Shared(shown, None, error=TorchError.of(error), refusal=_refusal(experiment))
    before = _values(left).copy(), _values(right).copy()
    for edit in experiment.edits:
        _apply(left if edit.side == "a" else right, edit)
    boxes = _box(left), _box(right)
    changed = [_changed(old, box.values) for old, box in zip(before, boxes, strict=True)]
    return Shared(*boxes, _shares(left, right), changed[0], changed[1])


def _changed(before: NDArray[np.float64], after: NDArray[np.float64]) -> tuple[int, ...]:
    return tuple(np.flatnonzero(before.reshape(-1) != after.reshape(-1)).tolist())


def _original(experiment: Experiment) -> Any:
    values = [[1, 2, 3], [4, 5, 6]]
    if experiment.way in FROM_ARRAY:
        return np.array(values, dtype=experiment.dtype)
    torch = _torch()
    dtype = getattr(torch, experiment.dtype)
    return torch.tensor(values, dtype=dtype, device=experiment.device, requires_grad=experiment.requires_grad)


def _refusal(experiment: Experiment) -> Refusal:
    if experiment.device != "cpu":
        return Refusal.DEVICE
    if experiment.requires_grad and experiment.way is Way.NUMPY:
        return Refusal.REQUIRES_GRAD
    return Refusal.DTYPE if experiment.dtype in {"bfloat16", "str"} else Refusal.OTHER


def _apply(box: Any, edit: Edit) -> None:
    place = np.unravel_index(edit.place % int(np.prod(box.shape)), tuple(box.shape))
    with _torch().no_grad():
        box[tuple(int(index) for index in place)] = edit.value


def _values(box: Any) -> NDArray[np.float64]:
    if isinstance(box, np.ndarray):
        return box.astype(np.float64)
    values: NDArray[np.float64] = box.detach().to(_torch().float64).numpy()
    return values


def _box(box: Any) -> Box:
    if isinstance(box, np.ndarray):
        return Box(_values(box).copy(), f"numpy.ndarray · {box.dtype}", int(box.ctypes.data))
    return Box(_values(box).copy(), f"torch.Tensor · {box.dtype}", int(box.data_ptr()))


def _block(box: Any) -> tuple[int, int]:
    """First address and end of the memory block that a box looks at."""
    if isinstance(box, np.ndarray):
        return int(box.ctypes.data), int(box.ctypes.data) + int(box.nbytes)
    storage = box.untyped_storage()
    return int(storage.data_ptr()), int(storage.data_ptr()) + int(storage.nbytes())


def _shares(left: Any, right: Any) -> bool:
    (start, end), (other_start, other_end) = _block(left), _block(right)
    return start < other_end and other_start < end


def edits_text(edits: Sequence[Edit]) -> str:
    """Edits as they stand in an address; the latest MAX_EDITS.

    >>> edits_text([Edit("a", 0, 99), Edit("b", 5, -1)])
    'a0=99;b5=-1'
    """
    return ";".join(f"{edit.side}{edit.place}={edit.value}" for edit in edits[-MAX_EDITS:])


def parse_edits(text: str) -> tuple[Edit, ...]:
    """The inverse of :func:`edits_text`.

    Raises: TensorInputError.
    """
    edits = []
    for part in filter(None, text.split(";")[: MAX_EDITS + 1]):
        place, _, value = part.strip().partition("=")
        digits = value.removeprefix("-")
        legal = place[:1] in {"a", "b"} and place[1:].isascii() and place[1:].isdecimal()
        if not legal or not digits.isascii() or not digits.isdecimal() or len(digits) > 3 or len(place) > 2:
            raise TensorInputError(Problem.NOT_ALLOWED, {"text": part[:60]})
        edits.append(Edit(place[0], int(place[1:]), int(value)))
    return tuple(edits[:MAX_EDITS])
