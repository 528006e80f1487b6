"""Which execution trains where: slots, the queue, and the worker processes behind them.

A slot is the right to train, not a process. A paused execution gives its slot up and stays, suspended, in its
worker's memory, so that one learner at lunch does not hold up a class. Neither does a long training: after a turn
it makes way for whoever waits and has had fewer turns, and so they go round, in order of arrival among equals.

What is suspended may be set down to a file and taken up again, in another worker, too: where workers hold more than
they should, where another worker is free, and where a worker died. See :mod:`lib.core.training.state`.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from functools import partial

from lib.jobs import messages
from lib.jobs.process import WorkerProcess
from lib.jobs.runs import NO_STEPS, Execution, Snapshot
from lib.jobs.settings import MEGABYTE, ManagerSettings
from lib.jobs.snapshots import SnapshotFolder
from lib.jobs.views import Reason, ReasonKind
from lib.jobs.work import CAN_BE_SET_DOWN, GIVES_WAY

_log = logging.getLogger(__name__)
_MAX_LOSSES = 2
_SILENT_FACTOR = 10
"""A training whose worker answers may say nothing for so many times longer: a step can take many seconds."""
_REST_SECONDS = 30.0
"""What could not be set down is not asked to for so long."""
_CPU = "cpu"


class WorkerPool:
    """All methods are called with ``lock`` held; what workers say is handled with it held, too.

    ``on_change`` is called, with the lock held, after anything has happened to an execution.
    """

    def __init__(
        self, settings: ManagerSettings, lock: threading.RLock, on_change: Callable[[], None]
    ) -> None:
        self._settings = settings
        self._lock = lock
        self._on_change = on_change
        self._workers: dict[WorkerProcess, str] = {}
        self._idle_since: dict[WorkerProcess, float] = {}
        self._executions: dict[int, Execution] = {}
        self._folder = SnapshotFolder(settings.data_dir)
        self._is_closed = False
        self._write_problem = ""
        self._ticked_at = settings.clock()
        self.workers_started = 0

    @property
    def pids(self) -> tuple[int, ...]:
        """The worker processes, oldest first."""
        return tuple(worker.pid for worker in self._workers)

    @property
    def open_executions(self) -> tuple[Execution, ...]:
        """Executions that wait, train, pause or are about to let go."""
        return tuple(self._executions.values())

    @property
    def problem(self) -> str:
        """Why trainings cannot be set down; empty where they can."""
        return self._folder.problem or self._write_problem

    def warm_up(self) -> None:
        """Have a worker for the CPU's runs, so that the next one need not wait for its imports."""
        if self._is_closed or any(
            kind == _CPU and worker.is_usable for worker, kind in self._workers.items()
        ):
            return
        try:
            self._start_worker(_CPU)
        except OSError:
            _log.exception("no worker can be started")

    def add(self, execution: Execution) -> None:
        """Put an execution in the queue."""
        self._executions[execution.number] = execution
        self._reserve(execution)
        self.schedule()

    def cancel(self, execution: Execution) -> None:
        """Nobody needs this execution: its slot is free at once, its worker lets go after the chunk."""
        if execution.is_over:
            return
        execution.take_slot(self._settings.clock())
        execution.is_cancelled = True
        if execution.worker is None:
            self._drop(execution)
        else:
            execution.cancelled_at = self._settings.clock()
            execution.worker.send(messages.Cancel(execution.number))

    def queue(self, kind: str) -> list[Execution]:
        """Those that want to train and have no slot, next first."""
        waiting = [each for each in self._executions.values() if each.kind == kind and _waits(each)]
        return sorted(waiting, key=self._rank)

    def queue_length(self) -> int:
        """Executions that wait, of all kinds."""
        return sum(_waits(each) for each in self._executions.values())

    def own_queue_length(self) -> int:
        """Those of them that learners started, not what is worked out again for a run that there is."""
        return sum(_waits(each) and not each.is_again for each in self._executions.values())

    def position(self, execution: Execution) -> int | None:
        """1 for the next in line; None where it does not wait."""
        if not _waits(execution):
            return None
        rank = self._rank(execution)
        ahead = (each for each in self._executions.values() if each.kind == execution.kind and _waits(each))
        return sum(self._rank(each) <= rank for each in ahead)

    def wait_seconds(self, execution: Execution) -> float | None:
        """About how long it will wait: what is left of the turns under way and of those ahead; None if it does not."""
        if not _waits(execution):
            return None
        now, turn, rank = self._settings.clock(), self._settings.turn_seconds, self._rank(execution)
        seconds = 0.0
        for each in self._executions.values():
            if each.kind != execution.kind or each is execution:
                continue
            if each.has_slot:
                left = max(0.0, turn - (now - each.slot_since))
                seconds += min(left, each.seconds_left(turn))
            elif _waits(each) and self._rank(each) < rank:
                seconds += min(turn, each.seconds_left(turn))
        return seconds / self._settings.slots(execution.kind)

    def schedule(self) -> None:
        """Take slots from who has nothing to train, give them to who waits, and tell the workers."""
        if self._is_closed:
            return
        now = self._settings.clock()
        for execution in self._executions.values():
            if not execution.wants_steps:
                execution.take_slot(now)
        for kind in {execution.kind for execution in self._executions.values()}:
            self._rotate(kind, now)
            holders = [each for each in self._executions.values() if each.kind == kind and each.has_slot]
            for execution in self.queue(kind)[: max(0, self._settings.slots(kind) - len(holders))]:
                execution.give_slot(now)
        for execution in list(self._executions.values()):
            if execution.has_slot and execution.worker is None:
                self._place(execution)
            elif execution.has_slot and self._is_crowded(execution):
                self._set_down(execution)
        self._keep_within_memory()
        for execution in self._executions.values():
            self._tell_limit(execution)

    def tick(self, now: float) -> None:
        """End workers that hang, and idle ones, but for one that is kept warm."""
        self._end_hanging(now)
        self._retire(now)

    def close(self) -> list[WorkerProcess]:
        """Start nothing from here on; hands over the workers, to be closed once the lock is free."""
        self._is_closed = True
        return list(self._workers)

    def clean_up(self) -> None:
        """After the workers' end."""
        self._folder.close()

    def _rank(self, execution: Execution) -> tuple[int, int]:
        """Who had fewer whole turns comes first, among equals who came first."""
        turns = int(execution.served_at(self._settings.clock()) // self._settings.turn_seconds)
        return turns + (type(execution.config) in GIVES_WAY), execution.number

    def _rotate(self, kind: str, now: float) -> None:
        """Who has had a turn makes way for whoever had fewer."""
        waiting = self.queue(kind)
        holders = [each for each in self._executions.values() if each.kind == kind and each.has_slot]
        for holder in sorted(holders, key=self._rank, reverse=True):
            is_over = now - holder.slot_since >= self._settings.turn_seconds
            if is_over and waiting and self._rank(waiting[0]) < self._rank(holder):
                holder.take_slot(now)
                waiting.pop(0)

    def _reserve(self, execution: Execution) -> None:
        """Room on disk, so that it can be set down; without room it stays in memory."""
        if type(execution.config) not in CAN_BE_SET_DOWN:
            return
        used = sum(each.held_bytes for each in self._executions.values() if each.file is not None)
        if used + execution.held_bytes <= self._settings.snapshot_bytes:
            execution.file = self._folder.path(execution.number)

    def _keep_within_memory(self) -> None:
        """Set down what workers hold too much of: paused ones first, the longest suspended first."""
        suspended = [each for each in self._executions.values() if each.is_suspended and not each.is_moving]
        held = sum(each.held_bytes for each in suspended)
        for execution in sorted(suspended, key=lambda each: (each.wants_steps, each.suspended_since)):
            if held <= self._settings.paused_bytes:
                return
            if execution.file is not None:
                self._set_down(execution)
                held -= execution.held_bytes
            elif type(execution.config) in CAN_BE_SET_DOWN and not execution.wants_steps:
                held -= execution.held_bytes
                room = f"{self._settings.paused_bytes // MEGABYTE} MB"
                self._give_up(execution, Reason(ReasonKind.NO_ROOM, room))

    def _give_up(self, execution: Execution, reason: Reason) -> None:
        """It has failed, and its worker lets go."""
        self.cancel(execution)
        self._fail(execution, reason)

    def _set_down(self, execution: Execution) -> None:
        is_left_alone = self._settings.clock() < execution.stays_until
        if execution.worker is not None and not execution.is_moving and not is_left_alone:
            execution.is_moving = True
            execution.worker.send(messages.SetDown(execution.number))

    def _is_crowded(self, execution: Execution) -> bool:
        """Whether its worker trains another one, too, while there is one, or could be one, that trains none."""
        if execution.file is None or execution.is_moving:
            return False
        kind = execution.kind
        holders = [each.worker for each in self._executions.values() if each.kind == kind and each.has_slot]
        if holders.count(execution.worker) < 2:
            return False
        usable = [worker for worker, of in self._workers.items() if of == kind and worker.is_usable]
        return any(worker not in holders for worker in usable) or len(usable) < self._settings.slots(kind)

    def _end_hanging(self, now: float) -> None:
        limit = self._settings.hang_seconds
        if now - self._ticked_at > max(limit / 2, 2 * self._settings.tick_seconds):
            self._hear_first(now)
        self._ticked_at = now
        for worker in [each for each in self._workers if each.is_usable]:
            mine = [each for each in self._executions.values() if each.worker is worker]
            deaf = any(each.cancelled_at is not None and now - each.cancelled_at > limit for each in mine)
            silent = any(each.has_slot and now - each.heard_at > _SILENT_FACTOR * limit for each in mine)
            if deaf or silent or (worker.pinged_at is not None and now - worker.pinged_at > limit):
                _log.error("worker %d does not answer; killing it", worker.pid)
                worker.broken = Reason(ReasonKind.WORKER_HANGS, f"{limit:g} s")
                worker.kill()
            elif worker.pinged_at is None and mine:
                worker.pinged_at = now
                worker.send(messages.Ping())

    def _hear_first(self, now: float) -> None:
        """It was the server that stood still: what workers said meanwhile it has not heard yet."""
        for worker in self._workers:
            worker.pinged_at = None
        for execution in self._executions.values():
            execution.heard_at = now
            if execution.cancelled_at is not None:
                execution.cancelled_at = now

    def _retire(self, now: float) -> None:
        busy = {execution.worker for execution in self._executions.values()}
        kept_warm = next((worker for worker, kind in self._workers.items() if kind == _CPU), None)
        for worker in list(self._workers):
            if worker in busy or worker is kept_warm:
                self._idle_since.pop(worker, None)
            elif now - self._idle_since.setdefault(worker, now) > self._settings.idle_seconds:
                del self._workers[worker], self._idle_since[worker]
                threading.Thread(target=worker.close, name="retire", daemon=True).start()

    def _start_worker(self, kind: str) -> WorkerProcess:
        settings = self._settings
        setup = messages.Setup(
            settings.threads,
            settings.niceness,
            settings.chunk_seconds,
            settings.preload,
            settings.snapshot_seconds,
        )
        worker = WorkerProcess(setup, self._on_message, self._on_exit)
        self._workers[worker] = kind
        self.workers_started += 1
        _log.info("worker %d started for %s", worker.pid, kind)
        return worker

    def _place(self, execution: Execution) -> None:
        loads = {
            worker: 0 for worker, kind in self._workers.items() if kind == execution.kind and worker.is_usable
        }
        parked = dict(loads)
        for each in self._executions.values():
            if each.worker in loads:
                loads[each.worker] += each.has_slot
                parked[each.worker] += 1
        free = [worker for worker, load in loads.items() if load == 0]
        free.sort(key=lambda worker: (not worker.is_ready, parked[worker]))
        try:
            worker = free[0] if free else self._start_worker(execution.kind)
        except OSError as error:
            _log.exception("no worker can be started")
            self._fail(execution, Reason(ReasonKind.WORKER_FAILED_TO_START, str(error)))
            self._drop(execution)
            return
        execution.worker = worker
        execution.attempts += 1
        execution.is_repeating = not execution.log.is_empty
        execution.sent_limit = execution.limit
        begin = partial(
            messages.Start, execution.number, execution.target, execution.config, execution.sent_limit
        )
        file, snapshot = execution.file, execution.snapshot
        if file is None or snapshot is None:
            worker.send(begin(None if file is None else str(file)))
        else:
            worker.send(begin(str(file), snapshot.steps, snapshot.seconds))

    def _tell_limit(self, execution: Execution) -> None:
        if execution.worker is None or execution.is_over:
            return
        may_train = (execution.has_slot or execution.slips_in) and not execution.is_moving
        limit = execution.limit if may_train else NO_STEPS
        if limit != execution.sent_limit:
            execution.sent_limit = limit
            execution.worker.send(messages.Limit(execution.number, limit))

    def _fail(self, execution: Execution, reason: Reason) -> None:
        execution.take_slot(self._settings.clock())
        execution.failure = reason

    def _drop(self, execution: Execution) -> None:
        """Nothing is left to do for it."""
        execution.take_slot(self._settings.clock())
        execution.worker = None
        self._executions.pop(execution.number, None)
        self._folder.drop(execution.number)

    def _on_message(self, worker: WorkerProcess, message: messages.Answer) -> None:
        with self._lock:
            if isinstance(message, messages.Ready):
                self._take_on(worker)
            elif isinstance(message, messages.Pong):
                worker.pinged_at = None
                return
            elif isinstance(message, messages.Broken):
                worker.broken = Reason(ReasonKind.WORKER_FAILED_TO_START, message.message)
            else:
                self._on_progress(message)
            self.schedule()
            self._on_change()

    def _take_on(self, worker: WorkerProcess) -> None:
        """It is ready: turns begin now, its imports took nobody's time."""
        worker.is_ready = True
        for execution in self._executions.values():
            if execution.worker is worker and execution.has_slot:
                execution.give_slot(self._settings.clock())

    def _on_progress(self, message: messages.Told) -> None:
        execution = self._executions.get(message.execution)
        if execution is None:
            return
        execution.heard_at = self._settings.clock()
        if isinstance(message, messages.Reports):
            if not execution.is_over:
                self._record(execution, message)
        elif isinstance(message, messages.Kept):
            self._on_kept(execution, message)
        elif isinstance(message, messages.NotKept):
            _log.warning("a training cannot be set down: %s", message.message)
            self._write_problem = message.message
            execution.is_moving = False
            execution.stays_until = self._settings.clock() + _REST_SECONDS
        else:
            self._on_end(execution, message)

    def _on_kept(self, execution: Execution, message: messages.Kept) -> None:
        self._write_problem = ""
        execution.losses = 0
        execution.snapshot = Snapshot(message.steps, execution.log.seconds, message.byte_count)
        if message.is_down:
            execution.worker, execution.is_moving = None, False
            if execution.is_over:
                self._drop(execution)

    def _on_end(
        self, execution: Execution, message: messages.Done | messages.Failed | messages.Cancelled
    ) -> None:
        self._drop(execution)
        if isinstance(message, messages.Done):
            execution.is_done = not execution.is_cancelled
        elif isinstance(message, messages.Failed) and not execution.is_over:
            self._fail(execution, Reason(message.kind, message.message))

    def _record(self, execution: Execution, message: messages.Reports) -> None:
        try:
            for seconds, report in message.items:
                take_on = execution.log.append_again if execution.is_repeating else execution.log.append
                take_on(seconds, report)
        except ValueError as error:
            _log.exception("execution %d reports what does not fit", execution.number)
            self._give_up(execution, Reason(ReasonKind.ERROR, str(error)))

    def _on_exit(self, worker: WorkerProcess) -> None:
        with self._lock:
            was_needed = self._workers.pop(worker, None) is not None
            self._idle_since.pop(worker, None)
            if was_needed and not self._is_closed:
                _log.warning("worker %d ended: %s", worker.pid, _reason_of_death(worker))
            for execution in [each for each in self._executions.values() if each.worker is worker]:
                self._lose(execution, worker)
            self.schedule()
            self._on_change()

    def _lose(self, execution: Execution, worker: WorkerProcess) -> None:
        """Its worker is gone: it goes on from its last snapshot, or begins, or failed.

        One that could have been set down, and was not yet, begins again: its log leaves out what it knows already.
        """
        execution.take_slot(self._settings.clock())
        execution.worker, execution.is_moving = None, False
        execution.losses += 1
        cannot_start = worker.broken is not None and worker.broken.kind is ReasonKind.WORKER_FAILED_TO_START
        has_a_start = execution.log.is_empty or execution.file is not None
        if has_a_start and execution.losses < _MAX_LOSSES and not cannot_start and not execution.is_over:
            return
        if not execution.is_over:
            self._fail(execution, _reason_of_death(worker))
        self._drop(execution)


def _waits(execution: Execution) -> bool:
    return execution.wants_steps and not execution.has_slot and not execution.slips_in


def _reason_of_death(worker: WorkerProcess) -> Reason:
    return worker.broken or Reason(ReasonKind.WORKER_DIED, worker.death)
