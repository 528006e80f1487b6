"""What the pages see of a run: its state, its numbers so far, and what can be done with it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, fields
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from lib.core.training.reports import EpochReport, FinalReport, Picture
from lib.jobs.work import WorkConfig


class RunStatus(StrEnum):
    """Where a run stands. The last three are for good."""

    QUEUED = "queued"
    STARTING = "starting"
    RUNNING = "running"
    PAUSED = "paused"
    FINISHED = "finished"
    STOPPED = "stopped"
    FAILED = "failed"

    @property
    def is_over(self) -> bool:
        """Whether nothing more will happen.

        >>> [status.value for status in RunStatus if status.is_over]
        ['finished', 'stopped', 'failed']
        """
        return self in (RunStatus.FINISHED, RunStatus.STOPPED, RunStatus.FAILED)


class Action(StrEnum):
    """What a run's owner can do. In a state where an action makes no sense, nothing happens."""

    PAUSE = "pause"
    RESUME = "resume"
    STEP = "step"
    """While paused: one minibatch."""
    EPOCH = "epoch"
    """While paused: to the end of this epoch, its evaluation included."""
    SKIP = "skip"
    """To the latest that is known, where the run plays back what an identical one has trained already."""
    STOP = "stop"


_FOLDERS = re.compile(r"(?<![\w.:/\\])(?:[A-Za-z]:[\\/]|/)(?:[^\s'\"/\\:]+[\\/])*(?=[^\s'\"/\\:])")


def without_folders(text: str) -> str:
    """An error's message as learners may see it: files by their names, not by where this server keeps them.

    >>> without_folders("[Errno 2] No such file: '/srv/lab/assets/a.gz' at http://a.org/b, 3 / 4")
    "[Errno 2] No such file: 'a.gz' at http://a.org/b, 3 / 4"
    >>> without_folders(r"cannot open C:\\lab\\b.pt")
    'cannot open b.pt'
    """
    return _FOLDERS.sub("", text)


class ReasonKind(StrEnum):
    """Why a run was stopped or failed; the page words it."""

    STOPPED_BY_OWNER = "stopped by owner"
    ABANDONED = "abandoned"
    SERVER_CLOSED = "server closed"
    WORKER_DIED = "worker died"
    WORKER_FAILED_TO_START = "worker failed to start"
    WORKER_HANGS = "worker hangs"
    TIME_LIMIT = "time limit"
    NO_ROOM = "no room for paused trainings"
    NO_MEMORY = "no memory on the GPU"
    ERROR = "error"


@dataclass(frozen=True)
class Reason:
    """Machine-readable, with a detail that needs no translation: a signal, an error's own message."""

    kind: ReasonKind
    detail: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "detail", without_folders(self.detail))


@dataclass(frozen=True, eq=False)
class RunView:
    """One run at one moment. Cheap: its arrays are views of the manager's, read-only, and never change.

    ``losses`` is float32 (steps_done,), one a minibatch; ``seconds`` is training time up to here, pauses left
    out. ``shared`` says that the numbers come from an identical run that somebody started earlier;
    ``behind_seconds`` how much of it is known already and not yet played back (what SKIP would skip).
    ``number`` counts a learner's runs from 1; none is given twice while any of them is kept.
    ``queue_position`` is 1 for the next in line, None for who does not wait; ``wait_seconds`` is about how long
    that takes yet. ``reports`` are all reports
    but the steps' and the pictures, in order: epochs and final ones among them. ``viewers`` counts the tabs that
    watch. ``tempo``: steps a second, None for as fast as it goes.
    """

    id: str
    number: int
    name: str | None
    config: WorkConfig
    created: float
    status: RunStatus
    reason: Reason | None
    queue_position: int | None
    wait_seconds: float | None
    steps_done: int
    total_steps: int
    losses: NDArray[np.float32] = field(repr=False)
    epochs: tuple[EpochReport, ...] = field(repr=False)
    reports: tuple[object, ...] = field(repr=False)
    seconds: float
    samples_per_second: float | None
    eta_seconds: float | None
    shared: bool
    behind_seconds: float
    viewers: int
    pictures: tuple[Picture, ...] = field(default=(), repr=False)
    tempo: float | None = None

    @property
    def final(self) -> FinalReport | None:
        """The trained network, of a run that went to its end."""
        if self.status is RunStatus.FINISHED and self.reports and isinstance(self.reports[-1], FinalReport):
            return self.reports[-1]
        return None

    @property
    def progress(self) -> float:
        """Share of the steps that are done, 0 to 1."""
        return self.steps_done / max(1, self.total_steps)


@dataclass(frozen=True)
class ManagerStats:
    """The manager at one moment, for its operator and for tests: no learner's data.

    ``executions_started`` counts since the server's start; ``open_executions`` are those that wait, train, pause or
    are about to let go; ``set_down`` of them lie on disk alone, and all together hold ``snapshot_byte_count`` there.
    ``problems`` are what cannot be kept, in words. ``workers`` are process numbers, ``workers_started`` counts all
    there were.
    """

    executions_started: int
    workers_started: int
    open_executions: int
    workers: tuple[int, ...]
    queue_length: int
    active_runs: int
    kept_runs: int
    byte_count: int
    set_down: int
    snapshot_byte_count: int
    problems: tuple[str, ...]


class _Travels(Exception):  # noqa: N818
    """An error that is the same after it crossed a process border."""

    def __reduce__(self) -> tuple[type[Exception], tuple[object, ...]]:
        names = [each.name for each in fields(self)]  # type: ignore[arg-type]
        return type(self), tuple(getattr(self, name) for name in names)


@dataclass(eq=False)
class UnknownRunError(_Travels, LookupError):
    """No such run, or no longer: the server restarted, or the run was removed."""

    run_id: str

    def __str__(self) -> str:
        return f"there is no run {self.run_id!r} on this server"


@dataclass(eq=False)
class NotOwnerError(_Travels, PermissionError):
    """Only the learner who started a run may steer it."""

    run_id: str

    def __str__(self) -> str:
        return f"run {self.run_id!r} belongs to somebody else: look, but do not touch"


@dataclass(eq=False)
class ActiveRunError(_Travels, RuntimeError):
    """A learner has one active run at a time: this one is still going on."""

    run_id: str

    def __str__(self) -> str:
        return f"run {self.run_id!r} is still active: stop it, or wait for its end"


@dataclass(eq=False)
class QueueFullError(_Travels, RuntimeError):
    """So many trainings wait already that no more are taken."""

    limit: int

    def __str__(self) -> str:
        return f"{self.limit} trainings wait already: the queue is full"


@dataclass(eq=False)
class ManagerClosedError(RuntimeError):
    """The server is stopping."""

    def __str__(self) -> str:
        return "the server is stopping: no new runs"
