"""A run's numbers as files to take away: CSV, JSON and safetensors. Imports no torch."""

from __future__ import annotations

import csv
import io
import json
import math
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import save

from lib.core.training.config import TrainConfig
from lib.core.training.reports import EpochReport

COLUMNS = ("step", "epoch", "minibatch_loss", "train_loss", "test_loss", "test_accuracy", "seconds")


def finite(value: float) -> float | None:
    """None for NaN and infinities, which JSON cannot say: an empty field, ``null``.

    >>> finite(0.5), finite(float("nan"))
    (0.5, None)
    """
    return value if math.isfinite(value) else None


def metrics_csv(losses: NDArray[np.float32], epochs: Sequence[EpochReport], steps_per_epoch: int) -> str:
    """One row a step, counted from 1; the columns of an epoch are filled in the row of its last step.

    >>> print(metrics_csv(np.array([2.5, 2.25], np.float32), [], steps_per_epoch=2).replace("\\r", ""), end="")
    step,epoch,minibatch_loss,train_loss,test_loss,test_accuracy,seconds
    1,1,2.5,,,,
    2,1,2.25,,,,
    """
    ends = {report.steps_done: report for report in epochs}
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    writer.writerow(COLUMNS)
    for step, loss in enumerate(losses.tolist(), start=1):
        row: list[object] = [step, (step - 1) // steps_per_epoch + 1, finite(loss)]
        end = ends.get(step)
        row += (
            [finite(end.train_loss), finite(end.test_loss), end.test_accuracy, end.seconds]
            if end
            else [""] * 4
        )
        writer.writerow(row)
    return buffer.getvalue()


def metrics_json(config: TrainConfig, losses: NDArray[np.float32], epochs: Sequence[EpochReport]) -> str:
    """The config, a loss for each minibatch, and what each epoch's end measured.

    >>> json.loads(metrics_json(TrainConfig(), np.array([2.5], np.float32), []))["minibatch_losses"]
    [2.5]
    """
    return json.dumps(
        {
            "config": config.to_dict(),
            "minibatch_losses": [finite(loss) for loss in losses.tolist()],
            "epochs": [
                {
                    "epoch": report.epoch,
                    "step": report.steps_done,
                    "train_loss": finite(report.train_loss),
                    "test_loss": finite(report.test_loss),
                    "test_correct": report.test_correct,
                    "test_total": report.test_total,
                    "test_accuracy": report.test_accuracy,
                    "seconds": report.seconds,
                }
                for report in epochs
            ],
        },
        indent=1,
        allow_nan=False,
    )


def weights_safetensors(config: TrainConfig, weights: Mapping[str, NDArray[np.float32]]) -> bytes:
    """The weights under the names of the textbook model's ``state_dict()``, the config as metadata."""
    tensors = {name: np.ascontiguousarray(values) for name, values in weights.items()}
    return bytes(save(tensors, metadata={"config": json.dumps(config.to_dict())}))


def seconds_to(epochs: Sequence[EpochReport], accuracy: float) -> float | None:
    """Training seconds until an epoch's end first measured at least that accuracy (percent).

    >>> early = EpochReport(1, 10, 0.4, 0.3, 9650, 10000, seconds=1.5)
    >>> late = EpochReport(2, 20, 0.3, 0.2, 9700, 10000, seconds=3.0)
    >>> seconds_to([early, late], 97.0), seconds_to([early], 97.0)
    (3.0, None)
    """
    return next((report.seconds for report in epochs if report.test_accuracy >= accuracy), None)
