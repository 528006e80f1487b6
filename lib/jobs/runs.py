"""Executions, and the runs that watch them: see :mod:`lib.jobs.manager` for the words."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from pathlib import Path

from lib.jobs.log import RunLog
from lib.jobs.process import WorkerProcess
from lib.jobs.settings import slot_kind
from lib.jobs.views import Action, Reason, ReasonKind, RunStatus, RunView
from lib.jobs.work import WORKED_OUT_AGAIN, WorkConfig, held_bytes

RATE_WINDOW_SECONDS = 3.0
NO_STEPS = 0
_BYTES_A_RUN = 3000
_KEY_BYTES = 12


@dataclass(frozen=True)
class Snapshot:
    """What an execution's file holds: it as it was after ``steps`` steps and ``seconds`` of work."""

    steps: int
    seconds: float
    byte_count: int


@dataclass(eq=False)
class Execution:
    """One training in a worker: from the queue to its end. ``number`` counts them in order of arrival.

    ``served`` are the seconds that it had a slot before the slot that it has since ``slot_since``; ``losses``
    counts the workers that it lost since it was last set down. ``is_moving``: its worker was told to set it down.
    ``held_bytes`` is about what it holds in its worker's memory, or on disk. ``key`` names its log in the store.
    """

    number: int
    target: str
    config: WorkConfig
    log: RunLog = field(default_factory=RunLog)
    runs: list[Run] = field(default_factory=list)
    worker: WorkerProcess | None = None
    has_slot: bool = False
    attempts: int = 0
    is_repeating: bool = False
    """Whether its worker may tell again what the log knows already."""
    losses: int = 0
    served: float = 0.0
    slot_since: float = 0.0
    heard_at: float = 0.0
    suspended_since: float = 0.0
    file: Path | None = None
    snapshot: Snapshot | None = None
    is_moving: bool = False
    stays_until: float = 0.0
    held_bytes: int = 0
    key: str = field(default_factory=lambda: secrets.token_urlsafe(_KEY_BYTES))
    sent_limit: int | None = None
    is_done: bool = False
    failure: Reason | None = None
    is_cancelled: bool = False
    cancelled_at: float | None = None

    def __post_init__(self) -> None:
        self.held_bytes = held_bytes(self.config)

    @property
    def kind(self) -> str:
        """Whose slots it needs: "cpu", or a GPU's name."""
        return slot_kind(self.config.device)

    @property
    def is_over(self) -> bool:
        """Whether the worker has no more to do for it."""
        return self.is_done or self.is_cancelled or self.failure is not None

    @property
    def is_suspended(self) -> bool:
        """Whether it lies in a worker's memory, paused or waiting for its turn."""
        return self.worker is not None and not self.has_slot and not self.is_over

    def served_at(self, now: float) -> float:
        """Seconds that it had a slot until now."""
        return self.served + (max(0.0, now - self.slot_since) if self.has_slot else 0.0)

    def seconds_left(self, unknown: float) -> float:
        """Of work, at the pace so far; ``unknown`` where it has not begun."""
        limit, log = self.limit, self.log
        steps = self.config.total_steps if limit is None else min(limit, self.config.total_steps)
        return log.seconds / log.steps * max(0, steps - log.steps) if log.steps else unknown

    def give_slot(self, now: float) -> None:
        """From now on it may train."""
        self.has_slot, self.slot_since, self.heard_at = True, now, now

    def take_slot(self, now: float) -> None:
        """It has to wait; nothing happens where it waits already."""
        self.served = self.served_at(now)
        if self.has_slot:
            self.has_slot, self.suspended_since = False, now

    @property
    def is_again(self) -> bool:
        """Whether it is worked out again for a run that there is, not started by a learner."""
        return type(self.config) in WORKED_OUT_AGAIN

    @property
    def can_be_shared(self) -> bool:
        """Whether a new identical run may take its numbers."""
        return not self.is_cancelled and self.failure is None

    @property
    def limit(self) -> int | None:
        """Steps that its runs ask for, taken together; None is to the end."""
        goals = [run.goal for run in self.runs if not run.is_over]
        if any(goal is None for goal in goals):
            return None
        return max((goal for goal in goals if goal is not None), default=NO_STEPS)

    @property
    def wants_steps(self) -> bool:
        """Whether there is something to train now."""
        if self.is_over:
            return False
        limit = self.limit
        is_needed = any(run.starts_paused and not run.is_over for run in self.runs)
        return limit is None or limit > self.log.steps or (is_needed and self.log.is_empty)

    @property
    def slips_in(self) -> bool:
        """Whether it asks for so little, one step of a paused training, that it need not queue for it."""
        return self.worker is not None and not self.is_moving and self.limit == self.log.steps + 1


@dataclass(eq=False)
class Run:
    """A learner's own cursor over an execution's log, with a clock of its own.

    ``goal`` is the step to wait at: where the learner paused, or asked to step to; None runs to the end.
    ``clock`` is the moment of the log, in its seconds, that the learner has come to. ``tempo`` slows the cursor down
    to so many steps a second, and ``position`` is where it is between two of them; the training is not held up.
    """

    id: str
    owner: str
    number: int
    name: str | None
    created: float
    execution: Execution
    shared: bool
    advanced_at: float
    goal: int | None = None
    clock: float = 0.0
    outcome: RunStatus | None = None
    reason: Reason | None = None
    viewers: dict[str, float] = field(default_factory=dict)
    seen_at: float = 0.0
    starts_paused: bool = False
    jump: bool = False
    tempo: float | None = None
    position: float = 0.0
    is_logged: bool = False
    is_stored: bool = False

    @property
    def is_over(self) -> bool:
        """Whether it is finished, stopped or failed."""
        return self.outcome is not None

    @property
    def steps(self) -> int:
        """Steps this learner has seen."""
        steps = self.execution.log.steps_at(self.clock)
        return steps if self.goal is None else min(steps, self.goal)

    @property
    def is_paused(self) -> bool:
        """Whether it waits for its owner."""
        return self.goal is not None and self.steps >= self.goal

    @property
    def byte_count(self) -> int:
        """Roughly its own part of the memory; the log is its execution's."""
        return _BYTES_A_RUN + 100 * len(self.viewers)

    def advance(self, now: float) -> None:
        """Let the passed time pass here, too: live the log's end holds it up, otherwise it is a replay."""
        passed = max(0.0, now - self.advanced_at)
        self.advanced_at = max(now, self.advanced_at)
        if self.is_over:
            return
        log, execution = self.execution.log, self.execution
        ceiling = log.seconds if self.goal is None else log.reached(self.goal)
        self.clock = ceiling if self.jump else min(self._moved(passed), ceiling)
        if execution.failure is not None:
            self.end(RunStatus.FAILED, execution.failure)
        elif execution.is_done and self.clock >= log.seconds:
            self.end(RunStatus.FINISHED, None)

    def _moved(self, passed: float) -> float:
        """Where the clock is once so many seconds have passed."""
        if self.tempo is None:
            return self.clock + passed
        log = self.execution.log
        begun = max(self.position, float(log.steps_at(self.clock)))
        if (
            self.is_paused or log.is_empty
        ):  # what follows the step that it waits at, a picture say, comes all the same
            return self.clock + passed
        self.position = min(begun + passed * self.tempo, float(log.steps))
        return max(self.clock, log.reached(int(self.position)))

    def set_tempo(self, tempo: float | None) -> None:
        """From here on so many steps a second; the caller has advanced it."""
        self.tempo, self.position = tempo, float(self.steps)

    def act(self, action: Action) -> None:
        """Do what the owner asks, where it makes sense; the caller has advanced it."""
        if self.is_over:
            return
        if action is Action.STOP:
            self.end(RunStatus.STOPPED, Reason(ReasonKind.STOPPED_BY_OWNER))
        elif action is Action.SKIP:
            self.clock = self.execution.log.seconds
            if self.goal is not None:
                self.goal = self.execution.log.steps
        elif action is Action.RESUME:
            self.goal, self.jump = None, False
        elif action is Action.PAUSE and not self.is_paused:
            self._wait_at(self.steps)
        elif self.is_paused and self.goal is not None:
            if action is Action.STEP:
                self._wait_at(self.goal + 1, jump=True)
            elif action is Action.EPOCH:
                an_epoch = max(1, self.execution.config.steps_per_epoch)
                self._wait_at((self.goal // an_epoch + 1) * an_epoch)

    def end(self, outcome: RunStatus, reason: Reason | None) -> None:
        """For good: what it has seen until here stays."""
        if not self.is_over:
            self.outcome, self.reason = outcome, reason

    def status(self, *, waits: bool) -> RunStatus:
        """Where it stands; ``waits`` says that its execution is in the queue."""
        if self.outcome is not None:
            return self.outcome
        if self.is_paused:
            return RunStatus.PAUSED
        if self.clock < self.execution.log.seconds:
            return RunStatus.RUNNING
        if waits:
            return RunStatus.QUEUED
        return RunStatus.STARTING if self.execution.log.is_empty else RunStatus.RUNNING

    def view(self, queue_position: int | None, wait_seconds: float | None) -> RunView:
        """The run at this moment; the caller has advanced it."""
        log, config, steps = self.execution.log, self.execution.config, self.steps
        status = self.status(waits=queue_position is not None)
        return RunView(
            id=self.id,
            number=self.number,
            name=self.name,
            config=config,
            created=self.created,
            status=status,
            reason=self.reason,
            queue_position=queue_position if status is RunStatus.QUEUED else None,
            wait_seconds=wait_seconds if status is RunStatus.QUEUED else None,
            steps_done=steps,
            total_steps=config.total_steps,
            losses=log.losses(steps),
            epochs=log.epochs(self.clock),
            reports=log.reports(self.clock),
            seconds=self.clock,
            samples_per_second=None
            if self.tempo is not None
            else log.samples_per_second(self.clock, RATE_WINDOW_SECONDS),
            eta_seconds=self._eta(steps),
            shared=self.shared,
            behind_seconds=0.0 if self.is_over else log.seconds - self.clock,
            viewers=len(self.viewers),
            pictures=log.pictures.until(self.clock),
            tempo=self.tempo,
        )

    def _eta(self, steps: int) -> float | None:
        if self.is_over:
            return None
        if self.tempo is not None:
            return (self.execution.config.total_steps - self.steps) / self.tempo
        if self.execution.is_done:
            return self.execution.log.seconds - self.clock
        if steps == 0:
            return None
        return self.clock / steps * (self.execution.config.total_steps - steps)

    def _wait_at(self, goal: int, *, jump: bool = False) -> None:
        self.goal = min(goal, self.execution.config.total_steps)
        self.jump = jump
