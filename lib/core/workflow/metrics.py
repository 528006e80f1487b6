"""Evaluation: the confusion of classes, and the numbers that are made from it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray


class Metric(StrEnum):
    """One number for a model. Values stand in addresses."""

    ACCURACY = "accuracy"
    PRECISION = "precision"
    RECALL = "recall"
    F1 = "f1"
    BALANCED = "balanced"


def confusion(labels: NDArray[np.uint8], predictions: NDArray[np.uint8], classes: int) -> NDArray[np.int64]:
    """How often each true class (row) was answered with each class (column): (classes, classes).

    >>> confusion(np.array([0, 1, 1], np.uint8), np.array([0, 0, 1], np.uint8), 2).tolist()
    [[1, 0], [1, 1]]
    """
    pairs = labels.astype(np.int64) * classes + predictions
    return np.bincount(pairs, minlength=classes * classes).reshape(classes, classes)


@dataclass(frozen=True)
class Scores:
    """Fractions, 0 to 1; None where one would divide by zero.

    With two classes precision, recall and F1 are those of the second; with more they are the mean of all
    classes, each counting the same ("macro"). ``balanced`` is the mean recall of all classes.
    """

    accuracy: float
    precision: float | None
    recall: float | None
    f1: float
    balanced: float

    def of(self, metric: Metric) -> float | None:
        """The one number."""
        value: float | None = getattr(self, metric.value)
        return value


def scores(table: NDArray[np.int64]) -> Scores:
    """All numbers of a confusion.

    >>> scores(np.array([[90, 0], [10, 0]]))
    Scores(accuracy=0.9, precision=None, recall=0.0, f1=0.0, balanced=0.5)
    """
    right = np.diag(table).astype(np.float64)
    answered, true = table.sum(axis=0), table.sum(axis=1)
    precision = _divided(right, answered)
    recall = _divided(right, true)
    f1 = np.nan_to_num(_divided(2 * right, answered + true))
    chosen = slice(1, 2) if len(table) == 2 else slice(None)
    return Scores(
        accuracy=float(right.sum() / max(1, table.sum())),
        precision=_mean(precision[chosen]),
        recall=_mean(recall[chosen]),
        f1=float(f1[chosen].mean()),
        balanced=float(np.nan_to_num(recall)[true > 0].mean()) if table.sum() else 0.0,
    )


def _divided(part: NDArray[np.float64], whole: NDArray[np.int64]) -> NDArray[np.float64]:
    shares: NDArray[np.float64] = np.divide(part, whole, out=np.full(len(part), np.nan), where=whole > 0)
    return shares


def _mean(values: NDArray[np.float64]) -> float | None:
    return None if np.isnan(values).all() else float(np.nan_to_num(values).mean())
