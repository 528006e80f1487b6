"""Which execution trains where: slots, the queue, and the worker processes behind them.

A slot is the right to train, not a process. A paused execution gives its slot up and stays, suspended, in its
worker's memory, so that one learner at lunch does not hold up a class; when it goes on it queues by its first
arrival, ahead of all who came later.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

from lib.jobs import messages
from lib.jobs.process import WorkerProcess
from lib.jobs.runs import NO_STEPS, Execution
from lib.jobs.settings import ManagerSettings
from lib.jobs.views import Reason, ReasonKind

_log = logging.getLogger(__name__)
_MAX_ATTEMPTS = 2
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
        self._is_closed = False
        self.workers_started = 0

    @property
    def pids(self) -> tuple[int, ...]:
        """The worker processes, oldest first."""
        return tuple(worker.pid for worker in self._workers)

    @property
    def open_count(self) -> int:
        """Executions that wait, train, pause or are about to let go."""
        return len(self._executions)

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
        self.schedule()

    def cancel(self, execution: Execution) -> None:
        """Nobody needs this execution: its slot is free at once, its worker lets go after the chunk."""
        if execution.is_over:
            return
        execution.is_cancelled = True
        execution.has_slot = False
        if execution.worker is None:
            self._executions.pop(execution.number, None)
        else:
            execution.cancelled_at = self._settings.clock()
            execution.worker.send(messages.Cancel(execution.number))

    def queue(self, kind: str) -> list[Execution]:
        """Those that want to train and have no slot, next first."""
        waiting = [each for each in self._executions.values() if each.kind == kind and _waits(each)]
        return sorted(waiting, key=lambda each: each.number)

    def queue_length(self) -> int:
        """Executions that wait, of all kinds."""
        return sum(_waits(each) for each in self._executions.values())

    def position(self, execution: Execution) -> int | None:
        """1 for the next in line; None where it does not wait."""
        if not _waits(execution):
            return None
        ahead = (each for each in self._executions.values() if each.kind == execution.kind and _waits(each))
        return sum(each.number <= execution.number for each in ahead)

    def schedule(self) -> None:
        """Take slots from who has nothing to train, give them to who waits, and tell the workers."""
        if self._is_closed:
            return
        for execution in self._executions.values():
            execution.has_slot = execution.has_slot and execution.wants_steps
        for kind in {execution.kind for execution in self._executions.values()}:
            free = self._settings.slots(kind) - sum(
                each.has_slot for each in self._executions.values() if each.kind == kind
            )
            for execution in self.queue(kind)[: max(0, free)]:
                execution.has_slot = True
                if execution.worker is None:
                    self._place(execution)
        for execution in self._executions.values():
            self._tell_limit(execution)

    def tick(self, now: float) -> None:
        """End workers that hang in a cancelled execution, and idle ones, but for one that is kept warm."""
        hanging = {
            each.worker
            for each in self._executions.values()
            if each.worker is not None
            and each.cancelled_at is not None
            and now - each.cancelled_at > self._settings.hang_seconds
        }
        for worker in hanging:
            _log.error("worker %d does not let go of a cancelled run; killing it", worker.pid)
            worker.broken = Reason(ReasonKind.WORKER_HANGS, f"{self._settings.hang_seconds:g} s")
            worker.kill()
        self._retire(now)

    def close(self) -> list[WorkerProcess]:
        """Start nothing from here on; hands over the workers, to be closed once the lock is free."""
        self._is_closed = True
        return list(self._workers)

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
        setup = messages.Setup(settings.threads, settings.niceness, settings.chunk_seconds, settings.preload)
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
            self._executions.pop(execution.number)
            self._fail(execution, Reason(ReasonKind.WORKER_FAILED_TO_START, str(error)))
            return
        execution.worker = worker
        execution.attempts += 1
        execution.sent_limit = execution.limit
        worker.send(
            messages.Start(execution.number, execution.target, execution.config, execution.sent_limit)
        )

    def _tell_limit(self, execution: Execution) -> None:
        if execution.worker is None or execution.is_over:
            return
        limit = execution.limit if execution.has_slot or execution.slips_in else NO_STEPS
        if limit != execution.sent_limit:
            execution.sent_limit = limit
            execution.worker.send(messages.Limit(execution.number, limit))

    def _fail(self, execution: Execution, reason: Reason) -> None:
        execution.failure = reason
        execution.has_slot = False

    def _on_message(self, worker: WorkerProcess, message: messages.Answer) -> None:
        with self._lock:
            if isinstance(message, messages.Ready):
                worker.is_ready = True
            elif isinstance(message, messages.Broken):
                worker.broken = Reason(ReasonKind.WORKER_FAILED_TO_START, message.message)
            else:
                self._on_progress(message)
            self.schedule()
            self._on_change()

    def _on_progress(
        self, message: messages.Reports | messages.Done | messages.Failed | messages.Cancelled
    ) -> None:
        execution = self._executions.get(message.execution)
        if execution is None:
            return
        if isinstance(message, messages.Reports):
            if not execution.is_over:
                self._record(execution, message)
            return
        self._executions.pop(message.execution)
        execution.has_slot = False
        execution.worker = None
        if isinstance(message, messages.Done):
            execution.is_done = not execution.is_cancelled
        elif isinstance(message, messages.Failed) and not execution.is_over:
            self._fail(execution, Reason(ReasonKind.ERROR, message.message))

    def _record(self, execution: Execution, message: messages.Reports) -> None:
        try:
            for seconds, report in message.items:
                execution.log.append(seconds, report)
        except ValueError as error:
            _log.exception("execution %d reports what does not fit", execution.number)
            self.cancel(execution)
            self._fail(execution, Reason(ReasonKind.ERROR, str(error)))

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
        """Its worker is gone: what had not begun may try once more, what had begun has failed."""
        execution.worker = None
        execution.has_slot = False
        cannot_start = worker.broken is not None and worker.broken.kind is ReasonKind.WORKER_FAILED_TO_START
        may_try_again = execution.log.is_empty and execution.attempts < _MAX_ATTEMPTS and not cannot_start
        if may_try_again and not execution.is_over:
            return
        self._executions.pop(execution.number)
        if not execution.is_over:
            self._fail(execution, _reason_of_death(worker))


def _waits(execution: Execution) -> bool:
    return execution.wants_steps and not execution.has_slot and not execution.slips_in


def _reason_of_death(worker: WorkerProcess) -> Reason:
    return worker.broken or Reason(ReasonKind.WORKER_DIED, worker.death)
