"""What a classifier gets right and wrong. Imports no torch."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from lib.core.training.config import CLASSES

Classes = NDArray[np.uint8]


def confusion(labels: Classes, predictions: Classes) -> NDArray[np.int64]:
    """(N,) and (N,) -> (10, 10): row = the true class, column = the predicted one.

    >>> int(confusion(np.array([7, 7], np.uint8), np.array([7, 1], np.uint8))[7, 1])
    1
    """
    pairs = labels.astype(np.int64) * CLASSES + predictions
    return np.bincount(pairs, minlength=CLASSES * CLASSES).reshape(CLASSES, CLASSES)


def per_digit_accuracy(matrix: NDArray[np.int64]) -> NDArray[np.float64]:
    """(10, 10) -> (10,): percent of each true class that is right; 0 where a class does not occur.

    >>> per_digit_accuracy(np.array([[3, 1], [0, 0]])).tolist()
    [75.0, 0.0]
    """
    totals = matrix.sum(axis=1)
    return np.asarray(100 * np.diagonal(matrix) / np.maximum(totals, 1), dtype=np.float64)


def worst_mistakes(
    labels: Classes, predictions: Classes, confidences: NDArray[np.float32], count: int
) -> NDArray[np.int64]:
    """Indices of at most ``count`` wrong predictions, the most confident first.

    >>> worst_mistakes(np.array([1, 2, 3]), np.array([1, 0, 0]), np.array([0.9, 0.5, 0.8]), 5).tolist()
    [2, 1]
    """
    wrong = np.flatnonzero(labels != predictions)
    order = np.argsort(-confidences[wrong], kind="stable")
    return wrong[order][:count]


def ten_images(drawn: int, total: int) -> NDArray[np.int64]:
    """Which ten of ``total`` images are looked at, in the draw of that number: other ones each time.

    >>> len(set(ten_images(0, 10_000).tolist())), ten_images(1, 10_000).tolist() == ten_images(0, 10_000).tolist()
    (10, False)
    """
    return np.random.default_rng(drawn).choice(total, 10, replace=False)


def final_line(correct: int, total: int) -> str:
    """The line with which the nine steps end.

    >>> final_line(9714, 10000)
    'Got 9714 / 10000 with accuracy 97.14'
    """
    return f"Got {correct} / {total} with accuracy {100 * correct / total:.2f}"
