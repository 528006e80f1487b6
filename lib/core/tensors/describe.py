"""Facts about a tensor: dtype, bytes, strides, a one-line summary, and its histogram beside the theory."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from lib.core.tensors.create import Creation, CreationKind

if TYPE_CHECKING:
    import torch

BINS = 24


@dataclass(frozen=True)
class TensorFacts:
    """What a tensor says about itself; ``nbytes`` counts its elements, not the storage behind it."""

    shape: tuple[int, ...]
    dtype: str
    device: str
    stride: tuple[int, ...]
    element_size: int
    nbytes: int
    contiguous: bool
    requires_grad: bool
    summary: str


def facts(tensor: torch.Tensor) -> TensorFacts:
    """The facts of a tensor of at most MAX_ELEMENTS elements.

    >>> import torch
    >>> facts(torch.zeros(2, 3)).nbytes
    24
    """
    return TensorFacts(
        shape=tuple(tensor.shape),
        dtype=str(tensor.dtype),
        device=str(tensor.device),
        stride=tuple(tensor.stride()),
        element_size=tensor.element_size(),
        nbytes=tensor.numel() * tensor.element_size(),
        contiguous=tensor.is_contiguous(),
        requires_grad=tensor.requires_grad,
        summary=summary(tensor),
    )


def summary(tensor: torch.Tensor) -> str:
    """One line: shape, dtype, range, mean and standard deviation, and how many are not finite.

    >>> import torch
    >>> summary(torch.tensor([0.0, 1.0]))
    'tensor[2] float32 · 2 elements, 8 bytes · min 0, max 1, mean 0.5, std 0.7071'
    """
    sizes = ", ".join(map(str, tensor.shape))
    nbytes = tensor.numel() * tensor.element_size()
    dtype = str(tensor.dtype).removeprefix("torch.")
    head = f"tensor[{sizes}] {dtype} · {_counted(tensor.numel(), 'element')}, {_counted(nbytes, 'byte')}"
    if not tensor.numel():
        return head
    values = as_float64(tensor)
    finite = values[np.isfinite(values)]
    parts = []
    if finite.size:
        parts.append(f"min {finite.min():.4g}, max {finite.max():.4g}, mean {finite.mean():.4g}")
        if finite.size > 1:
            parts.append(f"std {finite.std(ddof=1):.4g}")
    if finite.size < values.size:
        parts.append(f"{values.size - finite.size} not finite")
    return f"{head} · {', '.join(parts)}"


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}" + ("" if count == 1 else "s")


def as_float64(tensor: torch.Tensor) -> NDArray[np.float64]:
    """The values, flattened in row-major order, as float64."""
    import torch

    values: NDArray[np.float64] = tensor.detach().to("cpu", torch.float64).reshape(-1).numpy()
    return values


@dataclass(frozen=True)
class Histogram:
    """Densities per bin (B,), bin edges (B + 1,), and the theoretical density at the bins' centres (B,).

    For whole-number draws a bin is one number and the density its share; ``theory`` is None where the values
    are not drawn at random; ``expected`` and ``deviation`` are the distribution's mean and deviation.
    """

    density: NDArray[np.float64]
    edges: NDArray[np.float64]
    theory: NDArray[np.float64] | None
    expected: float | None
    deviation: float | None


def histogram(tensor: torch.Tensor, spec: Creation) -> Histogram | None:
    """The histogram of a tensor beside the distribution that its specification draws from.

    >>> spec = Creation(CreationKind.RANDINT, shape=(100,), low=0, high=5)
    >>> histogram(spec.make(), spec).theory.tolist()
    [0.2, 0.2, 0.2, 0.2, 0.2]

    None where there is nothing to count: no elements, or none that is finite.
    """
    values = as_float64(tensor)
    values = values[np.isfinite(values)]
    if not values.size:
        return None
    edges = _edges(values, spec)
    counts, edges = np.histogram(values, bins=edges)
    widths = np.diff(edges)
    density = counts / (values.size * widths)
    theory, expected, deviation = _theory(edges, spec)
    return Histogram(density, edges, theory, expected, deviation)


def _edges(values: NDArray[np.float64], spec: Creation) -> NDArray[np.float64]:
    low, high = float(values.min()), float(values.max())
    if spec.kind is CreationKind.RANDINT and spec.high - spec.low <= 4 * BINS:
        return np.arange(spec.low, spec.high + 1, dtype=np.float64) - 0.5
    if spec.kind is CreationKind.RAND:
        return np.linspace(0, 1, BINS + 1)
    if spec.kind is CreationKind.RANDN or spec.kind is CreationKind.RANDN_LIKE:
        reach = max(4.0, abs(low), abs(high))
        return np.linspace(-reach, reach, BINS + 1)
    if low == high or not np.all(np.diff(np.linspace(low, high, BINS + 1)) > 0):
        reach = max(0.5, abs(low) * 1e-6)
        return np.linspace(low - reach, low + reach, 4)
    return np.linspace(low, high, BINS + 1)


def _theory(
    edges: NDArray[np.float64], spec: Creation
) -> tuple[NDArray[np.float64] | None, float | None, float | None]:
    centres = (edges[:-1] + edges[1:]) / 2
    if spec.kind is CreationKind.RAND:
        return np.ones_like(centres), 0.5, math.sqrt(1 / 12)
    if spec.kind in {CreationKind.RANDN, CreationKind.RANDN_LIKE}:
        bell: NDArray[np.float64] = np.exp(-(centres**2) / 2) / math.sqrt(2 * math.pi)
        return bell, 0.0, 1.0
    if spec.kind is CreationKind.RANDINT and spec.high > spec.low:
        count = spec.high - spec.low
        deviation = math.sqrt((count**2 - 1) / 12)
        return np.full_like(centres, 1 / count), (spec.low + spec.high - 1) / 2, deviation
    return None, None, None
