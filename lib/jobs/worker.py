"""A worker process, ``python -m lib.jobs.worker``: the server starts it and speaks over its stdin and stdout.

Its main thread only listens. The server's end of the pipe closes when the server ends, by whatever signal,
and the worker is gone at once. Each execution trains in a thread of its own, but one at a time: whoever holds
the baton. So a paused training stays where it is, at no cost, while others train, and a single step of it can
slip in between two chunks of whoever is training now.
"""

from __future__ import annotations

import contextlib
import math
import os
import queue
import signal
import sys
import threading
import time
import traceback
from collections import deque
from collections.abc import Callable
from pathlib import Path
from typing import Any, BinaryIO, NoReturn

from lib.core.adapters.compiler import import_compiler_when_asked
from lib.jobs import gpu_errors, messages
from lib.jobs.work import Draft, Keeper, resolve

FIRST_CHUNK = 4
MAX_CHUNK = 10_000
MESSAGES_A_SECOND = 8.0
"""Several times what anybody sees: each message wakes a thread of the server."""
BURST = 10.0
MOST_WAITING = 256
"""Reports that a training may be ahead of what is sent."""
MOST_WAITING_BYTES = 32 * 2**20
"""What the drafts among them may hold: those of a wide network are some megabytes each."""


GPU_LOST = 70
"""The exit code of a worker whose GPU answers no more."""
COST_FACTOR = 20.0
"""A snapshot that took a second is followed by 20 seconds without one: at most 5 % of the time goes there."""


class _CancelledError(Exception):
    """Unwinds a work's generator once nobody needs it."""


class _SetDownError(Exception):
    """Unwinds a work's generator once its file holds all it takes to go on."""


class Pace:
    """Steps per chunk, so that a chunk takes about ``chunk_seconds``: pauses and charts wait no longer.

    >>> pace = Pace(0.05)
    >>> pace.steps, pace.measured(4, 0.001), pace.steps
    (4, None, 16)
    >>> pace.measured(16, 0.2), pace.steps
    (None, 4)
    """

    def __init__(self, chunk_seconds: float) -> None:
        self._chunk_seconds = chunk_seconds
        self.steps = FIRST_CHUNK

    def measured(self, steps: int, seconds: float) -> None:
        """Learn from a chunk; grow fourfold at most, since the first steps are slower than the rest."""
        fitting = int(steps * self._chunk_seconds / max(seconds, 1e-6))
        self.steps = max(1, min(fitting, 4 * self.steps, MAX_CHUNK))


class Outbox:
    """Sends reports at once while they are few, and in batches where a work yields more than a few a second.

    In a thread of its own, which also finishes drafts: reports leave in the order in which they came.
    """

    def __init__(self, connection: Connection, execution: int) -> None:
        self._connection = connection
        self._execution = execution
        self._items: list[tuple[float, object]] = []
        self._credit = BURST
        self._credited_at = time.perf_counter()
        self._queue: queue.Queue[tuple[float, object] | threading.Event | None] = queue.Queue(MOST_WAITING)
        self._draft_bytes = 0
        self._has_room = threading.Condition()
        self._error: BaseException | None = None
        threading.Thread(target=self._serve, name=f"outbox-{execution}", daemon=True).start()

    def put(self, seconds: float, report: object) -> None:
        """Take a report on; it leaves now or with the next. Raises what went wrong with one before.

        Waits while more than may wait is waiting: a draft that is larger than all room has it to itself.
        """
        if self._error is not None:
            raise self._error
        if isinstance(report, Draft):
            size = report.nbytes
            with self._has_room:
                self._has_room.wait_for(
                    lambda: not self._draft_bytes or self._draft_bytes + size <= MOST_WAITING_BYTES
                )
                self._draft_bytes += size
        self._queue.put((seconds, report))

    def flush(self) -> None:
        """Send what is left; returns once it has gone. Raises what went wrong with a report."""
        gone = threading.Event()
        self._queue.put(gone)
        gone.wait()
        if self._error is not None:
            raise self._error

    def close(self) -> None:
        """Let the thread go."""
        self._queue.put(None)

    def _serve(self) -> None:
        while (item := self._queue.get()) is not None:
            try:
                if isinstance(item, tuple):
                    self._take(*item)
                else:
                    self._send()
            except BaseException as error:  # it is raised where the report came from
                self._error = self._error or error
            if isinstance(item, threading.Event):
                item.set()

    def _take(self, seconds: float, report: object) -> None:
        if isinstance(report, Draft):
            report = self._finished(report)
        if self._error is not None:
            return
        self._items.append((seconds, report))
        now = time.perf_counter()
        self._credit = min(BURST, self._credit + MESSAGES_A_SECOND * (now - self._credited_at))
        self._credited_at = now
        if self._credit >= 1:
            self._credit -= 1
            self._send()

    def _finished(self, draft: Draft) -> object:
        """What becomes of it, nothing after an error; its room is free in any case."""
        try:
            return None if self._error is not None else draft.finish()
        finally:
            with self._has_room:
                self._draft_bytes -= draft.nbytes
                self._has_room.notify()

    def _send(self) -> None:
        if self._items:
            items, self._items = tuple(self._items), []
            self._connection.send(messages.Reports(self._execution, items))


class Connection:
    """The pipe to the server. Without a server there is nothing left to do: a failure ends the process."""

    def __init__(self, incoming: BinaryIO, outgoing: BinaryIO) -> None:
        self._incoming = incoming
        self._outgoing = outgoing
        self._lock = threading.Lock()

    def send(self, message: messages.Answer) -> None:
        """Tell the server. A report that cannot be pickled raises here, in its own execution."""
        try:
            messages.send(self._outgoing, message, self._lock)
        except OSError:
            leave(0)

    def receive(self) -> messages.Command:
        """The next command; never returns once the server is gone."""
        try:
            command: messages.Command = messages.receive(self._incoming)
        except (EOFError, OSError):
            leave(0)
        return command


def leave(code: int) -> NoReturn:
    """End at once, without waiting for threads that are deep in a matrix product."""
    os._exit(code)


class Snapshots:
    """The file to which a training is set down; what the work sees of it is a :class:`lib.jobs.work.Keeper`."""

    def __init__(self, path: Path, *, is_taken_up: bool, every_seconds: float) -> None:
        self._path = path
        self._every_seconds = every_seconds
        self.taken_up = path.read_bytes() if is_taken_up else None
        self._state: Callable[[], bytes] | None = None
        self._wrote_at = time.perf_counter()
        self._rests_until = -math.inf

    def offer(self, state: Callable[[], bytes]) -> None:
        """``state`` gives the training as it is between two steps."""
        self._state = state
        self.taken_up = None

    def is_due(self, *, waits: bool) -> bool:
        """Whether to write: now and then, and before a wait, as long as it costs little."""
        now = time.perf_counter()
        return now >= self._rests_until and (waits or now - self._wrote_at >= self._every_seconds)

    def write(self) -> int:
        """Its size in bytes; a file that is there stays whole until the new one is. Raises: OSError."""
        if self._state is None:
            raise OSError("this training cannot be set down")
        started = time.perf_counter()
        data = self._state()
        part = self._path.with_suffix(".part")
        try:
            part.write_bytes(data)
            part.replace(self._path)
        except OSError:
            part.unlink(missing_ok=True)
            raise
        finally:
            self._wrote_at = time.perf_counter()
            self._rests_until = self._wrote_at + COST_FACTOR * (self._wrote_at - started)
        return len(data)


class Baton:
    """Only its holder trains. Who waits gets it in order of arrival, unless there is nothing to do."""

    def __init__(self) -> None:
        self.changed = threading.Condition()
        self._holder: Training | None = None
        self._last: Training | None = None
        self._waiting: deque[Training] = deque()

    def take(self, training: Training) -> None:
        """Wait for the turn; the process-wide random state is then the training's own."""
        with self.changed:
            self._waiting.append(training)
            self.changed.wait_for(lambda: self._holder is None and self._next() is training)
            self._waiting.remove(training)
            self._holder = training
            if self._last is not training:
                training.restore_random_state()
            self._last = training

    def give_up(self, training: Training) -> None:
        """Let the next one train."""
        with self.changed:
            if self._holder is training:
                try:
                    training.save_random_state()
                finally:
                    self._holder = None
                    self.changed.notify_all()

    def is_wanted(self) -> bool:
        """Whether somebody waits who has something to do."""
        with self.changed:
            return self._next() is not None

    def _next(self) -> Training | None:
        return next((training for training in self._waiting if training.may_go_on), None)


class Training(threading.Thread):
    """One execution: drives the work's generator as far as the server allows."""

    def __init__(self, worker: Worker, command: messages.Start) -> None:
        super().__init__(name=f"execution-{command.execution}", daemon=True)
        self._worker = worker
        self._command = command
        self._baton = worker.baton
        self._limit = command.limit
        self._cancelled = self._is_asked_down = self._has_begun = False
        self._steps_done = command.steps
        self._kept_steps = command.steps
        self._snapshots: Snapshots | None = None
        self._pace = Pace(worker.setup.chunk_seconds)
        self._outbox = Outbox(worker.connection, command.execution)
        self._idle = 0.0
        self._started_at = self._chunk_at = 0.0
        self._random_state: Any = None
        self._cuda_random_state: Any = None

    @property
    def execution(self) -> int:
        """The number by which the server knows it."""
        return self._command.execution

    @property
    def may_go_on(self) -> bool:
        """Whether there is something to do: a step to train, setting down, or letting go."""
        if self._cancelled or self._is_asked_down or not self._has_begun:
            return True
        return self._limit is None or self._limit > self._steps_done

    def set_limit(self, limit: int | None) -> None:
        """Train until ``limit`` steps are done, None: to the end."""
        with self._baton.changed:
            self._limit = limit
            self._baton.changed.notify_all()

    def cancel(self) -> None:
        """Let go before the next chunk."""
        with self._baton.changed:
            self._cancelled = True
            self._baton.changed.notify_all()

    def set_down(self) -> None:
        """Write the training to its file before the next chunk, and let go."""
        with self._baton.changed:
            self._is_asked_down = True
            self._baton.changed.notify_all()

    def run(self) -> None:
        """Work to the end, and say how it ended."""
        execution, send = self._command.execution, self._worker.connection.send
        self._worker.booted.wait()
        self._baton.take(self)
        try:
            self._work()
            self._outbox.flush()
            send(messages.Done(execution))
        except _CancelledError:
            send(messages.Cancelled(execution))
        except _SetDownError:
            pass  # said already
        except BaseException as error:
            traceback.print_exc()
            with contextlib.suppress(BaseException):  # what was measured until here is kept
                self._outbox.flush()
            kind, words = gpu_errors.reason(error)
            send(messages.Failed(execution, words, kind))
            if gpu_errors.is_fatal(error):
                leave(GPU_LOST)
        finally:
            self._outbox.close()
            self._baton.give_up(self)
            self._worker.forget(self)

    def chunk_steps(self) -> int:
        """Steps the work may train now, at least 1. Blocks while there is none, raises once cancelled."""
        since = time.perf_counter()
        self._wait_for_the_turn()
        while self._is_asked_down and not self._cancelled:
            self._is_asked_down = False
            if self._keep(is_down=True):
                raise _SetDownError
            self._wait_for_the_turn()
        if self._snapshots is not None and not self._cancelled and self._snapshots.is_due(waits=False):
            self._keep()
        self._idle += time.perf_counter() - since
        with self._baton.changed:
            if self._cancelled:
                raise _CancelledError
            left = MAX_CHUNK if self._limit is None else self._limit - self._steps_done
        self._chunk_at = time.perf_counter()
        return max(1, min(left, self._pace.steps))

    def _wait_for_the_turn(self) -> None:
        if not (self._cancelled or not self.may_go_on or self._baton.is_wanted()):
            return
        self._outbox.flush()
        waits = self._limit is not None and self._limit <= self._steps_done
        if self._snapshots is not None and waits and self._snapshots.is_due(waits=True):
            self._keep()
        self._baton.give_up(self)
        self._baton.take(self)

    def _keep(self, *, is_down: bool = False) -> bool:
        """Write the training to its file and tell the server; False where that is not possible."""
        self._outbox.flush()
        if self._snapshots is None or (self._kept_steps == self._steps_done and not is_down):
            return False
        execution, send = self._command.execution, self._worker.connection.send
        try:
            size = self._snapshots.write()
        except OSError as error:
            traceback.print_exc()
            send(messages.NotKept(execution, error.strerror or str(error)))
            return False
        self._kept_steps = self._steps_done
        send(messages.Kept(execution, self._steps_done, size, is_down))
        return True

    def save_random_state(self) -> None:
        """Keep torch's global generators, which a work may draw from, before another training draws."""
        torch = sys.modules.get("torch")
        if torch is not None:
            self._random_state = torch.get_rng_state()
            self._cuda_random_state = torch.cuda.get_rng_state_all() if torch.cuda.is_initialized() else None

    def restore_random_state(self) -> None:
        """Go on with the generators as they were when this training last had the baton."""
        torch = sys.modules.get("torch")
        if torch is not None and self._random_state is not None:
            torch.set_rng_state(self._random_state)
            if self._cuda_random_state is not None:
                torch.cuda.set_rng_state_all(self._cuda_random_state)

    def _work(self) -> None:
        self._has_begun = True  # what there is before the first step is reported without being asked for
        command = self._command
        work = resolve(command.target)
        self._started_at = self._chunk_at = time.perf_counter()
        for report in work(command.config, chunk_steps=self.chunk_steps, **self._keeper()):
            now = time.perf_counter()
            steps_done = getattr(report, "steps_done", self._steps_done)
            if steps_done > self._steps_done:
                self._pace.measured(steps_done - self._steps_done, now - self._chunk_at)
                self._steps_done = steps_done
            self._outbox.put(command.seconds + now - self._started_at - self._idle, report)
            if self._cancelled:
                raise _CancelledError

    def _keeper(self) -> dict[str, Keeper]:
        command = self._command
        if command.snapshot is None:
            return {}
        self._snapshots = Snapshots(
            Path(command.snapshot),
            is_taken_up=command.steps > 0,
            every_seconds=self._worker.setup.snapshot_seconds,
        )
        return {"keeper": self._snapshots}


class Worker:
    """Boots once, then obeys."""

    def __init__(self, connection: Connection, setup: messages.Setup) -> None:
        self.connection = connection
        self.setup = setup
        self.baton = Baton()
        self.booted = threading.Event()
        self._trainings: dict[int, Training] = {}
        self._lock = threading.Lock()
        threading.Thread(target=self._boot, name="boot", daemon=True).start()

    def obey_forever(self) -> NoReturn:
        """Until the server is gone."""
        while True:
            command = self.connection.receive()
            if isinstance(command, messages.Start):
                training = Training(self, command)
                with self._lock:
                    self._trainings[command.execution] = training
                training.start()
            elif isinstance(command, messages.Ping):
                self.connection.send(messages.Pong())
            elif not isinstance(command, messages.Setup):
                self._steer(command)

    def _steer(self, command: messages.Limit | messages.Cancel | messages.SetDown) -> None:
        found = self._trainings.get(command.execution)
        if found is None:
            return
        if isinstance(command, messages.Limit):
            found.set_limit(command.limit)
        elif isinstance(command, messages.SetDown):
            found.set_down()
        else:
            found.cancel()

    def forget(self, training: Training) -> None:
        """It has ended. What was set down may have been taken up again meanwhile: its successor is not forgotten."""
        with self._lock:
            if self._trainings.get(training.execution) is training:
                del self._trainings[training.execution]

    def _boot(self) -> None:
        try:
            for target in self.setup.preload:
                found = resolve(target)
                if callable(found):
                    found()
        except BaseException as error:
            traceback.print_exc()
            self.connection.send(messages.Broken(f"{type(error).__name__}: {error}"))
            leave(1)
        self.booted.set()
        self.connection.send(messages.Ready())


def private_pipes() -> Connection:
    """Keep the pipes to the server for the protocol alone: any print goes to stderr from here on."""
    incoming = os.fdopen(os.dup(0), "rb")
    outgoing = os.fdopen(os.dup(1), "wb")
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    os.dup2(2, 1)
    return Connection(incoming, outgoing)


def main() -> NoReturn:
    """Wait for the set-up, boot, obey."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole group; the server decides
    connection = private_pipes()
    setup = connection.receive()
    if not isinstance(setup, messages.Setup):
        leave(2)
    if hasattr(os, "nice"):
        os.nice(setup.niceness)  # in the main thread: on Linux the threads it starts inherit it
    for name in ("OMP_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ[name] = str(setup.threads)
    import_compiler_when_asked()
    Worker(connection, setup).obey_forever()


if __name__ == "__main__":
    main()
