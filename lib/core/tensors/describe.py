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
    summary: Summary


@dataclass(frozen=True)
class Summary:
    """The one-line summary's parts; ``low`` to ``mean`` are None without a finite element, ``std`` below two.

    >>> import torch
    >>> summarise(torch.tensor([0.0, 1.0]))
    Summary(shape=(2,), dtype='float32', elements=2, nbytes=8, low=0.0, high=1.0, mean=0.5, std=0.707..., not_finite=0)
    """

    shape: tuple[int, ...]
    dtype: str
    elements: int
    nbytes: int
    low: float | None = None
    high: float | None = None
    mean: float | None = None
    std: float | None = None
    not_finite: int = 0


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
        summary=summarise(tensor),
    )


def summarise(tensor: torch.Tensor) -> Summary:
    """Shape, dtype, range, mean and standard deviation of the finite elements, and how many are not finite."""
    shape, dtype = tuple(tensor.shape), str(tensor.dtype).removeprefix("torch.")
    nbytes = tensor.numel() * tensor.element_size()
    values = as_float64(tensor)
    finite = values[np.isfinite(values)]
    missing = values.size - finite.size
    if not finite.size:
        return Summary(shape, dtype, values.size, nbytes, not_finite=missing)
    low, high, mean = float(finite.min()), float(finite.max()), float(finite.mean())
    std = float(finite.std(ddof=1)) if finite.size > 1 else None
    return Summary(shape, dtype, values.size, nbytes, low, high, mean, std, missing)


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
