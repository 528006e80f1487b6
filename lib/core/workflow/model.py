"""The two small networks of the workflow, forward only and in NumPy: for the page, which then needs no torch.

Tests compare them with torch's.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lib.core.workflow.batches import Batch
from lib.core.workflow.path import DEVIATION, MEAN, Pooling, Transform

Weights = dict[str, NDArray[np.float32]]
"""Names as in ``state_dict()``."""


@dataclass(frozen=True)
class TextAnswer:
    """Every value on the way: ``vectors`` (N, L, 16), ``pooled`` (N, 16), ``logits`` and ``probabilities`` (N, 2)."""

    vectors: NDArray[np.float32]
    pooled: NDArray[np.float32]
    logits: NDArray[np.float32]
    probabilities: NDArray[np.float32]


def softmax(logits: NDArray[np.float32]) -> NDArray[np.float32]:
    """Probabilities along the last axis.

    >>> softmax(np.zeros((1, 2), np.float32)).tolist()
    [[0.5, 0.5]]
    """
    powers = np.exp(logits - logits.max(axis=-1, keepdims=True))
    shares: NDArray[np.float32] = powers / powers.sum(axis=-1, keepdims=True)
    return shares


def read_text(weights: Weights, pooling: Pooling, batch: Batch) -> TextAnswer:
    """Embedding, pooling, linear layer, softmax; every sentence needs a token at least."""
    vectors = weights["embedding.weight"][batch.ids]
    pooled = pool(vectors, batch.mask, pooling)
    logits = _linear(pooled, weights, "head")
    return TextAnswer(vectors, pooled, logits, softmax(logits))


def pool(vectors: NDArray[np.float32], mask: NDArray[np.bool_], pooling: Pooling) -> NDArray[np.float32]:
    """One vector a sentence: (N, L, D), (N, L) -> (N, D).

    >>> two = np.array([[[2.0], [0.0]]], np.float32), np.array([[True, False]])
    >>> [pool(*two, pooling).item() for pooling in (Pooling.MEAN, Pooling.MEAN_UNMASKED)]
    [2.0, 1.0]
    """
    kept = mask[..., None]
    if pooling is Pooling.MAX:
        highest: NDArray[np.float32] = np.where(kept, vectors, np.float32(-np.inf)).max(axis=1)
        return highest
    if pooling is Pooling.MEAN_UNMASKED:
        mean: NDArray[np.float32] = vectors.mean(axis=1)
        return mean
    total: NDArray[np.float32] = (vectors * kept).sum(axis=1) / kept.sum(axis=1).astype(np.float32)
    return total


def prepare(pixels: NDArray[np.uint8], transform: Transform) -> NDArray[np.float32]:
    """What a transform makes of pictures' bytes; the shape stays.

    >>> prepare(np.array([255], np.uint8), Transform.NORMALIZE).round(1).astype(float).round(1).tolist()
    [2.8]
    """
    values = pixels.astype(np.float32)
    if transform is Transform.BYTES:
        return values
    values = values / np.float32(255)
    return (values - np.float32(MEAN)) / np.float32(DEVIATION) if transform is Transform.NORMALIZE else values


def hidden_units(weights: Weights, values: NDArray[np.float32]) -> NDArray[np.float32]:
    """The hidden layer after ReLU (N, hidden) of prepared pictures (N, 28, 28)."""
    units: NDArray[np.float32] = np.maximum(_linear(values.reshape(len(values), -1), weights, "1"), 0)
    return units


def read_pictures(weights: Weights, values: NDArray[np.float32]) -> NDArray[np.float32]:
    """Logits (N, 10) of prepared pictures (N, 28, 28)."""
    if "3.weight" in weights:
        return _linear(hidden_units(weights, values), weights, "3")
    return _linear(values.reshape(len(values), -1), weights, "1")


def _linear(values: NDArray[np.float32], weights: Weights, layer: str) -> NDArray[np.float32]:
    result: NDArray[np.float32] = values @ weights[f"{layer}.weight"].T + weights[f"{layer}.bias"]
    return result
