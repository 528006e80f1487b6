"""The record of one training: what was trained when, so that it can be watched live or played back."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lib.core.training.reports import EpochReport, Picture, StepsReport
from lib.jobs.pictures import PictureLog

_FIRST_CAPACITY = 1024
_BYTES_A_POINT = 120
_ROUNDING = 1e-6


class RunLog:
    """Losses, other reports, and a line through (seconds, steps) on which any moment in between can be read.

    Only ever appended to. Inside a chunk of steps the time runs evenly; while a report took its time (the
    test images after an epoch) the steps stand still.

    >>> log = RunLog()
    >>> log.append(1.0, StepsReport(0, np.zeros(10, np.float32), seconds=1.0, samples=640))
    >>> log.append(3.0, EpochReport(1, 10, 2.3, 2.3, 980, 10_000, seconds=3.0))
    >>> log.steps_at(0.55), log.steps_at(2.0), log.seconds
    (5, 10, 3.0)
    >>> log.reached(5), log.reached(10)
    (0.5, 3.0)
    """

    def __init__(self) -> None:
        self._losses = np.empty(0, np.float32)
        self._losses_count = 0
        self._seconds = [0.0]
        self._steps = [0]
        self._samples = [0]
        self._report_seconds: list[float] = []
        self._reports: list[object] = []
        self._epoch_seconds: list[float] = []
        self._epochs: tuple[EpochReport, ...] = ()
        self._report_bytes = 0
        self.pictures = PictureLog()

    def parts(self) -> dict[str, object]:
        """All of it, as numbers, arrays and reports: the inverse of :meth:`of_parts`.

        >>> log = RunLog()
        >>> log.append(1.0, StepsReport(0, np.zeros(10, np.float32), seconds=1.0, samples=640))
        >>> RunLog.of_parts(log.parts()).steps
        10
        """
        return {
            "losses": self._losses[: self._losses_count],
            "seconds": np.array(self._seconds),
            "steps": np.array(self._steps),
            "samples": np.array(self._samples),
            "report_seconds": np.array(self._report_seconds),
            "reports": list(self._reports),
            "pictures": self.pictures.taken,
        }

    @classmethod
    def of_parts(cls, parts: Mapping[str, Any]) -> RunLog:
        """A log as it was."""
        log = cls()
        log._losses, log._losses_count = parts["losses"], len(parts["losses"])
        log._seconds, log._steps = parts["seconds"].tolist(), parts["steps"].tolist()
        log._samples = parts["samples"].tolist()
        log._report_seconds, log._reports = parts["report_seconds"].tolist(), list(parts["reports"])
        told = zip(log._report_seconds, log._reports, strict=True)
        epochs = [(seconds, report) for seconds, report in told if isinstance(report, EpochReport)]
        log._epoch_seconds = [seconds for seconds, _ in epochs]
        log._epochs = tuple(report for _, report in epochs)
        for seconds, picture in parts["pictures"]:
            log.pictures.append(seconds, picture)
        log._report_bytes = sum(approximate_bytes(report) for report in log._reports)
        return log

    @property
    def steps(self) -> int:
        """Steps trained so far."""
        return self._steps[-1]

    @property
    def seconds(self) -> float:
        """Seconds of work so far, pauses left out."""
        return self._seconds[-1]

    @property
    def is_empty(self) -> bool:
        """Whether nothing was reported yet."""
        return len(self._seconds) == 1

    @property
    def byte_count(self) -> int:
        """Roughly what this log holds in memory."""
        points = _BYTES_A_POINT * len(self._seconds)
        return self._losses.nbytes + self._report_bytes + points + self.pictures.byte_count

    def append(self, seconds: float, report: object) -> None:
        """Take the next report on; ``seconds`` of work had passed when it was made."""
        seconds = max(seconds, self.seconds)
        steps_done, samples = self.steps, self._samples[-1]
        if isinstance(report, StepsReport):
            self._append_losses(report)
            samples = report.samples
        elif isinstance(report, Picture):
            self.pictures.append(seconds, report)
        else:
            self._report_seconds.append(seconds)
            self._reports.append(report)
            self._report_bytes += approximate_bytes(report)
        if isinstance(report, EpochReport):
            self._epoch_seconds.append(seconds)
            self._epochs = (*self._epochs, report)
        self._seconds.append(seconds)
        self._steps.append(max(steps_done, getattr(report, "steps_done", steps_done)))
        self._samples.append(samples)

    def append_again(self, seconds: float, report: object) -> None:
        """Take on what a training reports that was taken up before this log's end: what is known already is left out.

        >>> log = RunLog()
        >>> log.append(1.0, StepsReport(0, np.zeros(10, np.float32), seconds=1.0, samples=640))
        >>> log.append_again(1.5, StepsReport(4, np.ones(9, np.float32), seconds=1.0, samples=832))
        >>> log.losses(13).tolist() == [0.0] * 10 + [1.0] * 3
        True
        """
        steps = getattr(report, "steps_done", None)
        if isinstance(report, StepsReport):
            if report.steps_done <= self._losses_count:
                return
            known = max(0, self._losses_count - report.first_step)
            report = replace(report, first_step=report.first_step + known, losses=report.losses[known:])
        elif (steps is not None and steps < self.steps) or any(
            type(each) is type(report) and getattr(each, "steps_done", None) == steps
            for each in self._reports
        ):
            return
        self.append(seconds, report)

    def steps_at(self, seconds: float) -> int:
        """Steps that were done at a moment."""
        return math.floor(self._between(self._steps, seconds) + _ROUNDING)

    def reached(self, steps: int) -> float:
        """The moment when this many steps were done, and what followed them before the next step.

        The log's end where that has not happened yet.
        """
        before = bisect_right(self._steps, steps) - 1
        if before + 1 == len(self._steps):
            return self.seconds
        share = (steps - self._steps[before]) / (self._steps[before + 1] - self._steps[before])
        return self._seconds[before] + share * (self._seconds[before + 1] - self._seconds[before])

    def losses(self, steps: int) -> NDArray[np.float32]:
        """The first losses, without a copy: a read-only view that later appends leave as it is."""
        view = self._losses[: min(steps, self._losses_count)]
        view.flags.writeable = False
        return view

    def epochs(self, seconds: float) -> tuple[EpochReport, ...]:
        """Epochs that were over at a moment."""
        count = bisect_right(self._epoch_seconds, seconds)
        return self._epochs if count == len(self._epochs) else self._epochs[:count]

    def reports(self, seconds: float) -> tuple[object, ...]:
        """All reports but the steps' that were made until a moment."""
        return tuple(self._reports[: bisect_right(self._report_seconds, seconds)])

    def samples_per_second(self, seconds: float, window: float) -> float | None:
        """Training samples a second in the ``window`` before a moment; None before any time has passed."""
        since = max(0.0, seconds - window)
        if seconds <= since:
            return None
        return (self._between(self._samples, seconds) - self._between(self._samples, since)) / (
            seconds - since
        )

    def _append_losses(self, report: StepsReport) -> None:
        end = report.first_step + len(report.losses)
        if report.first_step != self._losses_count:
            raise ValueError(f"steps {report.first_step} follow on {self._losses_count}: a gap or an overlap")
        if end > len(self._losses):
            grown = np.empty(max(_FIRST_CAPACITY, 2 * end), np.float32)
            grown[: self._losses_count] = self._losses[: self._losses_count]
            self._losses = grown
        self._losses[report.first_step : end] = report.losses
        self._losses_count = end

    def _between(self, values: list[int], seconds: float) -> float:
        after = bisect_right(self._seconds, seconds)
        if after == len(values):
            return values[-1]
        if after == 0:
            return values[0]
        start, end = self._seconds[after - 1], self._seconds[after]
        return values[after - 1] + (values[after] - values[after - 1]) * (seconds - start) / (end - start)


def approximate_bytes(value: object) -> int:
    """Bytes of the arrays a report holds, and a little for the rest.

    >>> approximate_bytes({"weight": np.zeros((10, 50), np.float32)}) // 1000
    2
    """
    if isinstance(value, np.ndarray):
        return value.nbytes + 100
    if is_dataclass(value):
        return 100 + sum(approximate_bytes(getattr(value, each.name)) for each in fields(value))
    if isinstance(value, dict):
        return 100 + sum(approximate_bytes(each) for each in value.values())
    if isinstance(value, list | tuple):
        return 100 + sum(approximate_bytes(each) for each in value)
    return len(value) if isinstance(value, str | bytes) else 50
