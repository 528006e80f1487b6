"""Training runs: submit, snapshot, control, subscribe.

Three words carry this package.

* An **execution** is one training in a worker process. Equal configs have equal results, so all learners who
  press Train with the same settings share one execution.
* Its **log** is what the training reported and when: a loss for each minibatch, a report for each epoch.
* A **run** is what a learner started and owns: a *cursor* in that log, moved on by a clock of the run's own.
  Whoever came first sees the log's end grow: that is live. Whoever comes later, even after the training is
  over, sees the same training played back at the pace at which it was recorded, and can skip to the latest.

So pausing, stepping and stopping move a learner's own cursor and disturb nobody. The worker trains as far as
the furthest cursor asks: it really pauses once every run on the execution is paused, trains exactly one step
where a paused run at the log's end asks for one, and lets go once no run needs it.

The manager lives in the server, one a process; it imports neither streamlit nor torch. Workers
(:mod:`lib.jobs.worker`) import torch and never streamlit. :mod:`lib.jobs.pool` gives them work, in turn. Tabs that
watch a run say so (:meth:`RunManager.watch`); a run that no tab has watched for the grace period is ended.
"""

from __future__ import annotations

import atexit
import logging
import os
import secrets
import threading
import time
from collections.abc import Callable, Iterator
from functools import partial

from lib.jobs.home import HOME
from lib.jobs.interface import Manager
from lib.jobs.kept_runs import run_of, stored, stored_training, training_of
from lib.jobs.operator_log import log_run
from lib.jobs.pool import WorkerPool
from lib.jobs.runs import Execution, Run
from lib.jobs.settings import ManagerSettings
from lib.jobs.store import Store, StoredRun
from lib.jobs.views import (
    Action,
    ActiveRunError,
    ManagerClosedError,
    ManagerStats,
    NotOwnerError,
    QueueFullError,
    Reason,
    ReasonKind,
    RunStatus,
    RunView,
    UnknownRunError,
)
from lib.jobs.work import WORK, WORKED_OUT_AGAIN, WorkConfig

_log = logging.getLogger(__name__)
MAX_NAME = 80
_ID_BYTES = 8
_POLL_SECONDS = 0.02
_MAX_KNOWN = 10_000
_AGAIN_SECONDS = 60.0
"""After so long, runs that memory forgot are brought back to a learner who asks for theirs: not with each redraw."""


class RunManager(Manager):
    """All runs of one server, trained in processes of this machine."""

    def __init__(self, settings: ManagerSettings | None = None) -> None:
        self._settings = settings or ManagerSettings()
        self._lock = threading.RLock()
        self._changed = threading.Condition(self._lock)
        self._pool = WorkerPool(self._settings, self._lock, self._changed.notify_all)
        self.store = Store(self._settings.data_dir, self._settings.store_bytes)
        self._runs: dict[str, Run] = {}
        self._reading = threading.Lock()
        """Held while a run is read from the store, which takes a moment: never asked for within the other lock."""
        self._known_owners: dict[str, float] = {}
        """Whose runs were all brought back from the store, and when."""
        self._owners_who_miss: set[str] = set()
        self._removed: set[str] = set()
        self._last_numbers: dict[str, int] = {}
        self._shareable: dict[tuple[type, str], Execution] = {}
        self._executions_started = 0
        self._closed = threading.Event()
        threading.Thread(target=self._keep_house, name="run-manager", daemon=True).start()

    def warm_up(self) -> None:
        """Start a worker in the background, where there is none: the first run then starts without a wait."""
        with self._lock:
            self._pool.warm_up()

    def submit(
        self,
        config: WorkConfig,
        owner: str,
        name: str | None = None,
        *,
        tempo: float | None = None,
        paused: bool = False,
    ) -> str:
        """Start a run, or queue it, and return its id. ``tempo``: see :meth:`set_tempo`; ``paused``: at step 0.

        Raises: ActiveRunError where this learner has an active run, QueueFullError where too many wait already,
        TypeError where no work is registered for the config's type, ManagerClosedError while the server stops.
        """
        if type(config) not in WORK:
            raise TypeError(f"no work is registered for {type(config).__name__}: see lib.jobs.work.register")
        self._bring_back(owner)
        with self._lock:
            if self._closed.is_set():
                raise ManagerClosedError
            now = self._settings.clock()
            for mine in self._owned(owner):
                mine.advance(now)
                if not mine.is_over:
                    raise ActiveRunError(mine.id)
            self._require_room(config)
            execution, shared = self._execution_for(config)
            run = Run(
                id=secrets.token_urlsafe(_ID_BYTES),
                owner=owner,
                number=self._next_number(owner),
                name=_clean(name),
                created=time.time(),
                execution=execution,
                shared=shared,
                advanced_at=now,
                seen_at=now,
                tempo=tempo,
                goal=0 if paused else None,
                starts_paused=paused,
            )
            self._runs[run.id] = run
            execution.runs.append(run)
            if shared:
                self._pool.schedule()
            else:
                self._pool.add(execution)
            return run.id

    def snapshot(self, run_id: str) -> RunView:
        """The run now. Cheap enough for a hundred tabs twice a second. Raises: UnknownRunError."""
        self._recall(run_id)
        with self._lock:
            return self._view(self._find(run_id))

    def subscribe(self, run_id: str, every_seconds: float = 0.5) -> Iterator[RunView]:
        """Snapshots until the run is over, the last included; whoever consumes them counts as a viewer.

        Raises: UnknownRunError.
        """
        viewer = f"subscriber-{secrets.token_urlsafe(_ID_BYTES)}"
        while True:
            self.watch(run_id, viewer)
            view = self.snapshot(run_id)
            yield view
            if view.status.is_over:
                return
            self._closed.wait(every_seconds)

    def wait(self, run_id: str, until: Callable[[RunView], bool], timeout_seconds: float) -> RunView:
        """Block until a snapshot satisfies ``until``: for scripts and tests; a page waits a moment at most.

        Raises: UnknownRunError, TimeoutError.
        """
        deadline = time.monotonic() + timeout_seconds
        while not until(view := self.snapshot(run_id)):
            if time.monotonic() > deadline:
                raise TimeoutError(
                    f"after {timeout_seconds:g} s the run is {view.status} at step {view.steps_done}"
                )
            with self._changed:
                self._changed.wait(_POLL_SECONDS)
        return view

    def control(self, run_id: str, owner: str, action: Action) -> RunView:
        """Act on a run; where the action makes no sense, nothing happens.

        Raises: UnknownRunError, NotOwnerError.
        """
        self._recall(run_id)
        with self._lock:
            run = self._find_own(run_id, owner)
            run.advance(self._settings.clock())
            run.act(action)
            self._settle(run.execution)
            self._pool.schedule()
            return self._view(run)

    def set_tempo(self, run_id: str, owner: str, tempo: float | None) -> None:
        """Show a run at so many steps a second, None: as fast as it goes. The training itself goes on as it does.

        Raises: UnknownRunError, NotOwnerError, ValueError where it is not above 0.
        """
        if tempo is not None and not tempo > 0:
            raise ValueError(f"{tempo} steps a second")
        self._recall(run_id)
        with self._lock:
            run = self._find_own(run_id, owner)
            run.advance(self._settings.clock())
            run.set_tempo(tempo)

    def watch(self, run_id: str, viewer: str) -> None:
        """A heartbeat: this tab watches this run, and did so just now. Raises: UnknownRunError."""
        self._recall(run_id)
        with self._lock:
            run = self._find(run_id)
            run.seen_at = run.viewers[viewer] = self._settings.clock()

    def is_owner(self, run_id: str, owner: str) -> bool:
        """Whether this learner may steer the run. Raises: UnknownRunError."""
        self._recall(run_id)
        with self._lock:
            return self._find(run_id).owner == owner

    def runs_of(self, owner: str) -> tuple[RunView, ...]:
        """This learner's runs, oldest first, those that are over included."""
        self._bring_back(owner)
        with self._lock:
            mine, now = self._owned(owner), self._settings.clock()
            for run in mine:
                if run.is_over:
                    run.seen_at = now
            return tuple(self._view(run) for run in mine)

    def rename(self, run_id: str, owner: str, name: str) -> None:
        """Give a run a name, at most 80 characters of it; an empty one takes it away.

        Raises: UnknownRunError, NotOwnerError.
        """
        self._recall(run_id)
        with self._lock:
            run = self._find_own(run_id, owner)
            run.name = _clean(name)
            if run.is_stored:
                self.store.rename_run(run_id, run.name)

    def remove(self, run_id: str, owner: str) -> None:
        """Forget a run, and stop it first where it is active. Raises: UnknownRunError, NotOwnerError."""
        self._recall(run_id)
        with self._lock:
            run = self._find_own(run_id, owner)
            if len(self._removed) >= _MAX_KNOWN:
                self._removed.clear()
            self._removed.add(run_id)
            run.end(RunStatus.STOPPED, Reason(ReasonKind.STOPPED_BY_OWNER))
            run.is_stored = True  # and gone from the store with the next line: nobody puts it there any more
            self._forget(run)
            self.store.delete_run(run_id)
            self._pool.schedule()

    @property
    def problems(self) -> tuple[str, ...]:
        """What keeps this server from writing what it should, in words; empty where all is well."""
        return tuple(dict.fromkeys(text for text in (self._pool.problem, self.store.problem) if text))

    def health(self) -> ManagerStats:
        """Counts for an operator."""
        with self._lock:
            over = sum(run.is_over for run in self._runs.values())
            kept = [each for each in self._pool.open_executions if each.snapshot is not None]
            return ManagerStats(
                executions_started=self._executions_started,
                workers_started=self._pool.workers_started,
                open_executions=len(self._pool.open_executions),
                workers=self._pool.pids,
                queue_length=self._pool.queue_length(),
                active_runs=len(self._runs) - over,
                kept_runs=over,
                byte_count=self._byte_count(),
                set_down=sum(each.worker is None for each in kept),
                snapshot_byte_count=sum(each.snapshot.byte_count for each in kept if each.snapshot),
                problems=self.problems,
            )

    def tick(self) -> None:
        """Housekeeping, once a second by itself: ends abandoned runs and spare workers, frees memory."""
        with self._lock:
            now = self._settings.clock()
            for run in self._runs.values():
                run.advance(now)
                run.viewers = {
                    viewer: at
                    for viewer, at in run.viewers.items()
                    if now - at <= self._settings.grace_seconds
                }
                if not run.is_over and now - run.seen_at > self._settings.grace_seconds:
                    run.end(RunStatus.STOPPED, Reason(ReasonKind.ABANDONED))
            self._end_too_long(now)
            for execution in {run.execution for run in self._runs.values()}:
                self._settle(execution)
            self._pool.tick(now)
            self._pool.schedule()
            self._log_ended()
            self._keep_ended()
            self._evict()

    def close(self) -> None:
        """End every run and every worker; returns once the processes are gone. Harmless if repeated."""
        with self._lock:
            self._closed.set()
            workers = self._pool.close()
            now = self._settings.clock()
            for run in self._runs.values():
                run.advance(now)
                run.end(RunStatus.STOPPED, Reason(ReasonKind.SERVER_CLOSED))
            self._log_ended()
        for worker in workers:
            worker.close()
        self._pool.clean_up()
        with self._lock:
            for execution in {run.execution for run in self._runs.values()}:
                execution.is_cancelled = execution.is_cancelled or not execution.is_over
            self._keep_ended()
        self.store.close()

    def _keep_ended(self) -> None:
        """Hand runs to the store once their training is over: until then the log grows."""
        for run in self._runs.values():
            execution = run.execution
            if run.is_over and not run.is_stored and execution.is_over and not execution.is_again:
                run.is_stored = True
                self.store.put_run(run.id, partial(stored, run), partial(stored_training, execution))

    def _bring_back(self, owner: str) -> None:
        """Have all of a learner's kept runs in memory."""
        if not self._misses(owner):
            return
        with self._lock:  # first, for what is forgotten while others are read is missed again
            was_missing = owner in self._owners_who_miss
            self._owners_who_miss.discard(owner)
            self._known_owners.pop(owner, None)  # another tab that asks meanwhile waits for the same
        if was_missing:
            self.store.flush()  # what was forgotten just now may still be on its way there
        for kept in self.store.runs_of(owner):
            self._restore(kept)
        with self._lock:
            if len(self._known_owners) >= _MAX_KNOWN:
                self._known_owners.clear()
            self._known_owners[owner] = self._settings.clock()

    def _misses(self, owner: str) -> bool:
        """Whether this learner may have runs in the store alone, and it is time to look."""
        if not self.store.is_open:
            return False
        at = self._known_owners.get(owner)
        if at is None:
            return True
        return owner in self._owners_who_miss and self._settings.clock() - at >= _AGAIN_SECONDS

    def _recall(self, run_id: str) -> None:
        """Have a kept run in memory."""
        if run_id not in self._runs and (kept := self.store.run(run_id)) is not None:
            self._restore(kept)

    def _restore(self, kept: StoredRun) -> None:
        """Put a run that was kept into memory again, unless it is there, was removed meanwhile or cannot be read.

        Whoever wants nothing from the store does not wait while its log is read.
        """
        with self._reading:
            with self._lock:
                if kept.id in self._runs or kept.id in self._removed:
                    return
                known = {run.execution.key: run.execution for run in self._runs.values()}
            execution = known.get(kept.log)
            if execution is None and (data := self.store.log(kept.log)) is not None:
                execution = training_of(kept.log, data)
            run = None if execution is None else run_of(kept, execution, self._settings.clock())
            if run is None or execution is None:
                return
            with self._lock:
                if kept.id in self._removed:
                    return
                self._runs[run.id] = run
                execution.runs.append(run)
                if execution.is_done:
                    self._shareable.setdefault((type(execution.config), execution.config.identity), execution)

    def _end_too_long(self, now: float) -> None:
        limit = self._settings.run_seconds
        for execution in self._pool.open_executions:
            if execution.served_at(now) > limit:
                for run in execution.runs:
                    run.end(RunStatus.STOPPED, Reason(ReasonKind.TIME_LIMIT, f"{limit:g} s"))

    def _log_ended(self) -> None:
        for run in self._runs.values():
            if run.is_over and not run.is_logged:
                run.is_logged = True
                log_run(run, time.time())

    def _keep_house(self) -> None:
        while not self._closed.wait(self._settings.tick_seconds):
            try:
                self.tick()
            except Exception:  # the next one may fare better, and must come
                _log.exception("housekeeping failed")

    def _execution_for(self, config: WorkConfig) -> tuple[Execution, bool]:
        key = (type(config), config.identity)
        known = self._shareable.get(key)
        if known is not None and known.can_be_shared:
            return known, True
        self._executions_started += 1
        execution = Execution(self._executions_started, WORK[type(config)], config)
        self._shareable[key] = execution
        return execution, False

    def _require_room(self, config: WorkConfig) -> None:
        """Raises: QueueFullError; a run that shares a training needs none."""
        known = self._shareable.get((type(config), config.identity))
        if known is not None and known.can_be_shared:
            return
        is_again = type(config) in WORKED_OUT_AGAIN
        waiting = self._pool.queue_length() if is_again else self._pool.own_queue_length()
        if waiting >= self._settings.queue_limit:
            raise QueueFullError(self._settings.queue_limit)

    def _next_number(self, owner: str) -> int:
        """Of this learner's next run; forgotten with the last of their runs: those in the file count, too."""
        if not self.store.is_open or len(self._last_numbers) >= _MAX_KNOWN:
            owners = {run.owner for run in self._runs.values()}
            self._last_numbers = {each: n for each, n in self._last_numbers.items() if each in owners}
        kept = [run.number for run in self._owned(owner)]
        number = self._last_numbers[owner] = max([self._last_numbers.get(owner, 0), *kept]) + 1
        return number

    def _settle(self, execution: Execution) -> None:
        """Let go of a training that nobody needs any more."""
        if all(run.is_over for run in execution.runs):
            self._pool.cancel(execution)

    def _find(self, run_id: str) -> Run:
        run = self._runs.get(run_id)
        if run is None:
            raise UnknownRunError(run_id)
        return run

    def _find_own(self, run_id: str, owner: str) -> Run:
        run = self._find(run_id)
        if run.owner != owner:
            raise NotOwnerError(run_id)
        return run

    def _owned(self, owner: str) -> list[Run]:
        return sorted((run for run in self._runs.values() if run.owner == owner), key=lambda run: run.number)

    def _view(self, run: Run) -> RunView:
        run.advance(self._settings.clock())
        if run.is_over:
            return run.view(None, None)
        return run.view(self._pool.position(run.execution), self._pool.wait_seconds(run.execution))

    def _forget(self, run: Run) -> None:
        del self._runs[run.id]
        execution = run.execution
        execution.runs.remove(run)
        self._settle(execution)
        key = (type(execution.config), execution.config.identity)
        if not execution.runs and self._shareable.get(key) is execution:
            del self._shareable[key]

    def _byte_count(self) -> int:
        logs = {run.execution for run in self._runs.values()}
        own = sum(run.byte_count for run in self._runs.values())
        return own + sum(execution.log.byte_count for execution in logs)

    def _evict(self) -> None:
        """Forget runs that are over until the rest fits; the newest stays.

        First what is worked out again when it is asked for, then what nobody watches, of that the longest unwatched.
        """
        total = self._byte_count()
        if total > self._settings.retention_bytes and self._thin_pictures():
            return  # one a second: it takes a moment
        over = [run for run in self._runs.values() if run.is_over and self._may_forget(run)]
        for run in sorted(over[:-1], key=_worth):
            if total <= self._settings.retention_bytes:
                return
            total -= run.byte_count
            if run.is_stored:
                self._owners_who_miss.add(run.owner)
            if len(run.execution.runs) == 1:
                total -= run.execution.log.byte_count
            self._forget(run)

    def _may_forget(self, run: Run) -> bool:
        """Not what the store has yet to be given: a run that is over waits there for the end of its training."""
        return run.is_stored or run.execution.is_again or not self.store.is_open

    def _thin_pictures(self) -> bool:
        """Before a run is forgotten, of all that are over fewer pictures are kept, the oldest run's first."""
        over = (run for run in self._runs.values() if run.is_over)
        return any(run.execution.log.pictures.make_small() for run in over)


def _worth(run: Run) -> tuple[bool, bool, float]:
    return bool(run.viewers), not run.execution.is_again, run.seen_at


def _clean(name: str | None) -> str | None:
    return " ".join(name.split())[:MAX_NAME] or None if name is not None else None


_GENERATION: int = HOME.get("generation", 0) + 1
HOME["generation"] = _GENERATION
"""The next version of this module finds this one's manager and ends its workers."""


def get_manager() -> RunManager:
    """The server's one manager, made at the first call with the environment's settings."""
    with HOME["lock"]:
        if "manager" not in HOME or HOME["manager_generation"] < _GENERATION:
            if "manager" in HOME:
                atexit.unregister(HOME["manager"].close)
                HOME["manager"].close()
            HOME["manager"] = RunManager(ManagerSettings.from_environment(os.environ))
            HOME["manager_generation"] = _GENERATION
            atexit.register(HOME["manager"].close)
        manager: RunManager = HOME["manager"]
        return manager
