"""The training images that lie nearest to a drawing, pixel by pixel. Imports torch."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from lib.core.mnist import load_mnist

_CHUNK = 500
"""Images turned into floats at a time, in one buffer that stays in the cache: all 60,000 would need 188 MB."""


@dataclass(frozen=True)
class Neighbour:
    """A training image: its index, its label, and its distance to the drawing in units of one full pixel."""

    index: int
    label: int
    distance: float


@cache
def _training_rows() -> tuple[Tensor, Tensor]:
    """Bytes (60000, 784) and their squared lengths (60000,); the bytes are those of MNIST itself."""
    images = load_mnist().train_images
    rows = torch.from_numpy(images).view(len(images), -1)
    lengths, buffer = torch.empty(len(rows)), torch.empty(_CHUNK, rows.shape[1])
    for chunk, into in zip(torch.split(rows, _CHUNK), torch.split(lengths, _CHUNK), strict=True):
        pixels = buffer[: len(chunk)].copy_(chunk)
        torch.linalg.vecdot(pixels, pixels, out=into)
    return rows, lengths


@torch.inference_mode()
def nearest(fed: NDArray[np.uint8], count: int) -> list[Neighbour]:
    """(28, 28) -> the ``count`` nearest training images by Euclidean distance, nearest first.

    >>> first = nearest(load_mnist().train_images[7], 1)[0]
    >>> first.index, first.distance
    (7, 0.0)
    """
    rows, lengths = _training_rows()
    pixels = torch.from_numpy(fed.reshape(-1).astype(np.float32))
    products = torch.empty(len(rows))
    buffer = torch.empty(_CHUNK, rows.shape[1])
    for chunk, into in zip(torch.split(rows, _CHUNK), torch.split(products, _CHUNK), strict=True):
        torch.mv(buffer[: len(chunk)].copy_(chunk), pixels, out=into)
    # |a - b|^2 = |a|^2 - 2 a.b + |b|^2; every term is a whole number below 2^26, hardly rounded in float32.
    squares = (lengths - 2 * products + pixels.square().sum()).clamp_min(0)
    best = squares.topk(count, largest=False)
    labels = load_mnist().train_labels
    exact = [float(np.linalg.norm(rows[i].numpy().astype(np.float64) - pixels.numpy())) for i in best.indices]
    found = [
        Neighbour(int(i), int(labels[i]), distance / 255)
        for i, distance in zip(best.indices, exact, strict=True)
    ]
    return sorted(found, key=lambda neighbour: neighbour.distance)
