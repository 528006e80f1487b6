"""Reducing along a dim: which cells compete for each output cell, and who wins."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from lib.core.tensors.errors import TORCH_RAISES, TorchError
from lib.core.tensors.parse import literal_values

if TYPE_CHECKING:
    import torch


class Reduction(StrEnum):
    """A function along a dim. Values stand in addresses and in code."""

    ARGMAX = "argmax"
    MAX = "max"
    SUM = "sum"
    MEAN = "mean"
    SOFTMAX = "softmax"


WINNERS = frozenset({Reduction.ARGMAX, Reduction.MAX})


@dataclass(frozen=True)
class Reduced:
    """The result of a reduction, or torch's refusal.

    ``lanes`` (input elements,) int32: which output cell each input cell competes for (softmax: which group it
    is normalised with); ``winners`` (input elements,) bool: the cell that argmax or max takes. ``places`` are
    the ``indices`` that ``max`` gives beside its values along a dim. ``ties``: somewhere several are largest.
    """

    result: torch.Tensor | None
    lanes: NDArray[np.int32]
    winners: NDArray[np.bool_]
    error: TorchError | None = None
    places: torch.Tensor | None = None
    ties: bool = False


def reduce(kind: Reduction, tensor: torch.Tensor, dim: int | None, *, keepdim: bool = False) -> Reduced:
    """Reduce along one dim, or over all elements where ``dim`` is None.

    >>> import torch
    >>> scores = torch.tensor([[0.1, 0.7, 0.2], [0.2, 0.1, 0.7], [0.8, 0.1, 0.1]])
    >>> reduce(Reduction.ARGMAX, scores, 1).result.tolist()
    [1, 2, 0]
    """
    shape = tuple(tensor.shape)
    lanes = lane_map(shape, dim)
    none = np.zeros(lanes.shape, dtype=np.bool_)
    try:
        result = _run(kind, tensor, dim, keepdim=keepdim)
    except TORCH_RAISES as error:
        return Reduced(None, lanes, none, TorchError.of(error))
    winners = _winners(kind, tensor, dim) if kind in WINNERS else none
    places = None
    if kind is Reduction.MAX and dim is not None:
        places = tensor.max(dim=dim, keepdim=keepdim).indices
    return Reduced(result, lanes, winners, places=places, ties=kind in WINNERS and _has_ties(tensor, dim))


def _run(kind: Reduction, tensor: torch.Tensor, dim: int | None, *, keepdim: bool) -> torch.Tensor:
    import torch

    if kind is Reduction.SOFTMAX:
        if dim is None:
            return torch.softmax(tensor.reshape(-1), 0).reshape(tensor.shape)
        return torch.softmax(tensor, dim=dim)
    if kind is Reduction.ARGMAX:
        return torch.argmax(tensor, dim=dim, keepdim=keepdim and dim is not None)
    if dim is None:
        whole: torch.Tensor = getattr(torch, kind)(tensor)
        return whole
    result = getattr(torch, kind)(tensor, dim=dim, keepdim=keepdim)
    values: torch.Tensor = result.values if kind is Reduction.MAX else result
    return values


def lane_map(shape: tuple[int, ...], dim: int | None) -> NDArray[np.int32]:
    """The output cell, in row-major order, for which each input cell competes.

    >>> lane_map((2, 3), 1).tolist(), lane_map((2, 3), 0).tolist()
    ([0, 0, 0, 1, 1, 1], [0, 1, 2, 0, 1, 2])
    """
    if dim is None or not shape or not -len(shape) <= dim < len(shape):
        return np.zeros(math.prod(shape), dtype=np.int32)
    axis = dim % len(shape)
    kept = (*shape[:axis], 1, *shape[axis + 1 :])
    numbers = np.arange(math.prod(kept), dtype=np.int32).reshape(kept)
    return np.broadcast_to(numbers, shape).reshape(-1).copy()


def _has_ties(tensor: torch.Tensor, dim: int | None) -> bool:
    if not tensor.numel():
        return False
    best = tensor.amax() if dim is None or not tensor.dim() else tensor.amax(dim=dim, keepdim=True)
    alike = tensor == best
    counts = alike.sum() if dim is None or not tensor.dim() else alike.sum(dim=dim)
    return bool((counts > 1).any())


def _winners(kind: Reduction, tensor: torch.Tensor, dim: int | None) -> NDArray[np.bool_]:
    import torch

    if dim is None or not tensor.dim():
        flags = torch.zeros(tensor.numel(), dtype=torch.bool)
        flags[torch.argmax(tensor)] = True
    else:
        places = torch.argmax(tensor, dim=dim, keepdim=True)
        if kind is Reduction.MAX:
            places = torch.max(tensor, dim=dim, keepdim=True).indices
        flags = torch.zeros(tensor.shape, dtype=torch.bool).scatter_(dim, places, True)
    won: NDArray[np.bool_] = flags.reshape(-1).numpy()
    return won


def reduction_code(kind: Reduction, dim: int | None, *, keepdim: bool) -> str:
    """The reduction of ``x`` as a Python expression.

    >>> reduction_code(Reduction.MAX, 1, keepdim=True)
    'torch.max(x, dim=1, keepdim=True).values'
    """
    if dim is None:
        if kind is Reduction.SOFTMAX:
            return "torch.softmax(x.reshape(-1), dim=0).reshape(x.shape)"
        return f"torch.{kind}(x)"
    kept = ", keepdim=True" if keepdim and kind is not Reduction.SOFTMAX else ""
    return f"torch.{kind}(x, dim={dim}{kept})" + (".values" if kind is Reduction.MAX else "")


def refuse_nested_list(values: object) -> TorchError:
    """What torch says to ``torch.argmax`` of a plain nested list.

    >>> refuse_nested_list([[1, 2]]).kind
    'TypeError'
    """
    import torch

    try:
        torch.argmax(values)  # type: ignore[arg-type]
    except TypeError as error:
        return TorchError.of(error)
    raise AssertionError("torch.argmax takes a plain list now")


@dataclass(frozen=True)
class Guess:
    """What a learner expects of a result: how many numbers were typed, and how many of them are right."""

    typed: int
    right: int


def judge(guess: str, result: torch.Tensor) -> Guess:
    """Compare a typed list with a result, number by number in row-major order; two decimal places are enough.

    >>> import torch
    >>> judge("[1, 0]", torch.tensor([1, 2]))
    Guess(typed=2, right=1)

    Raises: TensorInputError.
    """
    typed = _numbers(literal_values(guess))
    right = sum(
        number is not None and (number == value or abs(number - value) <= _NEAR)
        for number, value in zip(typed, result.reshape(-1).double().tolist(), strict=False)
    )
    return Guess(len(typed), right)


_NEAR = 0.005 + 1e-6
"""Half a hundredth, and what float32 adds to it: 0.67 and 0.68 both stand for 0.675."""
_HUGE = 2**1000


def _numbers(values: object) -> list[float | None]:
    """All that a nested list holds; None for what is no number."""
    if isinstance(values, list):
        return [number for part in values for number in _numbers(part)]
    if isinstance(values, int) and abs(values) > _HUGE:  # more than a float holds
        return [None]
    return [float(values) if isinstance(values, int | float) else None]
