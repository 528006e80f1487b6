"""What every implementation of :class:`lib.jobs.interface.Manager` must do: inherit, and make one.

Nothing here looks behind the interface; nothing depends on how fast anything is.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

import numpy as np
import pytest

from lib.jobs.interface import Manager
from lib.jobs.views import (
    Action,
    ActiveRunError,
    ManagerClosedError,
    NotOwnerError,
    QueueFullError,
    ReasonKind,
    RunStatus,
    RunView,
    UnknownRunError,
)
from tests.jobs.waiting import LONG, is_at_work, is_over, is_paused
from tests.jobs.works import ENDLESS, CountConfig, Trouble

QUEUE_LIMIT = 3
_A_MOMENT = threading.Event()


def until(manager: Manager, run_id: str, is_so: Callable[[RunView], bool]) -> RunView:
    """The first snapshot that is so."""
    deadline = time.monotonic() + LONG
    while not is_so(view := manager.snapshot(run_id)):
        assert time.monotonic() < deadline, f"{view.status} at step {view.steps_done}"
        _A_MOMENT.wait(0.01)
    return view


class ManagerContract:
    """The suite; a subclass has a fixture ``manager`` with one slot and room for QUEUE_LIMIT that wait."""

    def test_a_run_goes_to_its_end(self, manager: Manager) -> None:
        run_id = manager.submit(CountConfig(), "ann", "  my  first ")
        views = list(manager.subscribe(run_id, 0.01))
        steps = [view.steps_done for view in views]
        assert steps == sorted(steps)
        assert [view.status.is_over for view in views] == [False] * (len(views) - 1) + [True]
        last = views[-1]
        assert (last.status, last.reason, last.name, last.number) == (RunStatus.FINISHED, None, "my first", 1)
        np.testing.assert_array_equal(last.losses, np.arange(100, dtype=np.float32))
        assert [epoch.epoch for epoch in last.epochs] == [1, 2]
        assert last.final is not None
        assert [view.id for view in manager.runs_of("ann")] == [run_id]
        assert manager.runs_of("bob") == ()

    def test_ids_cannot_be_guessed(self, manager: Manager) -> None:
        ids = {manager.submit(CountConfig(), f"learner {index}") for index in range(20)}
        assert len(ids) == 20
        assert min(len(each) for each in ids) >= 11

    def test_what_nobody_knows(self, manager: Manager) -> None:
        for call in (
            lambda: manager.snapshot("nope"),
            lambda: manager.watch("nope", "tab"),
            lambda: manager.is_owner("nope", "ann"),
            lambda: manager.control("nope", "ann", Action.STOP),
            lambda: manager.rename("nope", "ann", "x"),
            lambda: manager.remove("nope", "ann"),
            lambda: next(manager.subscribe("nope")),
        ):
            with pytest.raises(UnknownRunError):
                call()
        with pytest.raises(TypeError):
            manager.submit(3, "ann")  # type: ignore[arg-type]

    def test_the_owner_steers_and_nobody_else(self, manager: Manager) -> None:
        mine = manager.submit(ENDLESS, "ann")
        assert (manager.is_owner(mine, "ann"), manager.is_owner(mine, "bob")) == (True, False)
        for call in (
            lambda: manager.control(mine, "bob", Action.STOP),
            lambda: manager.rename(mine, "bob", "his"),
            lambda: manager.remove(mine, "bob"),
        ):
            with pytest.raises(NotOwnerError):
                call()
        manager.rename(mine, "ann", "mine")
        view = manager.snapshot(mine)
        assert (view.name, view.status.is_over) == ("mine", False)
        assert "ann" not in repr(view)
        manager.remove(mine, "ann")
        with pytest.raises(UnknownRunError):
            manager.snapshot(mine)

    def test_one_active_run_a_learner(self, manager: Manager) -> None:
        mine = manager.submit(ENDLESS, "ann")
        with pytest.raises(ActiveRunError) as error:
            manager.submit(CountConfig(), "ann")
        assert error.value.run_id == mine
        manager.control(mine, "ann", Action.STOP)
        second = manager.submit(CountConfig(), "ann")
        assert [view.number for view in manager.runs_of("ann")] == [1, 2]
        until(manager, second, is_over)

    def test_pause_step_epoch_resume_stop(self, manager: Manager) -> None:
        mine = manager.submit(CountConfig(epochs=10_000), "ann")
        until(manager, mine, is_at_work)
        at = manager.control(mine, "ann", Action.PAUSE).steps_done
        for count in (1, 2):
            manager.control(mine, "ann", Action.STEP)
            assert until(manager, mine, is_paused).steps_done == at + count
        manager.control(mine, "ann", Action.EPOCH)
        end = (at + 2) // 50 * 50 + 50
        view = until(
            manager, mine, lambda now: is_paused(now) and [e.steps_done for e in now.epochs][-1:] == [end]
        )
        assert view.steps_done == end, "at an epoch's end its evaluation is there, too"
        manager.control(mine, "ann", Action.RESUME)
        until(manager, mine, lambda later: later.steps_done > view.steps_done + 20)
        stopped = manager.control(mine, "ann", Action.STOP)
        assert stopped.status is RunStatus.STOPPED
        assert stopped.reason is not None
        assert stopped.reason.kind is ReasonKind.STOPPED_BY_OWNER
        np.testing.assert_array_equal(stopped.losses, np.arange(stopped.steps_done))
        for action in Action:
            assert manager.control(mine, "ann", action).status is RunStatus.STOPPED

    def test_begun_paused_and_shown_slowly(self, manager: Manager) -> None:
        mine = manager.submit(CountConfig(), "ann", paused=True)
        assert until(manager, mine, is_paused).steps_done == 0
        with pytest.raises(NotOwnerError):
            manager.set_tempo(mine, "bob", 1)
        with pytest.raises(ValueError, match="0 steps a second"):
            manager.set_tempo(mine, "ann", 0)
        manager.set_tempo(mine, "ann", 1000)
        manager.control(mine, "ann", Action.RESUME)
        assert until(manager, mine, is_over).steps_done == 100

    def test_equal_configs_share_their_numbers(self, manager: Manager) -> None:
        ids = [manager.submit(CountConfig(), owner) for owner in ("ann", "bob")]
        views = [until(manager, each, is_over) for each in ids]
        assert [view.shared for view in views] == [False, True]
        assert views[0].losses.tobytes() == views[1].losses.tobytes()
        assert manager.health().executions_started == 1

    def test_the_queue_and_its_end(self, manager: Manager) -> None:
        first = manager.submit(ENDLESS, "0")
        until(manager, first, is_at_work)
        waiting = [manager.submit(CountConfig(tag=str(n)), str(n)) for n in range(1, QUEUE_LIMIT + 1)]
        views = [manager.snapshot(each) for each in waiting]
        assert [view.queue_position for view in views] == list(range(1, QUEUE_LIMIT + 1))
        waits = [view.wait_seconds for view in views]
        assert None not in waits
        assert waits == sorted(waits, key=lambda wait: wait or 0.0)
        assert manager.health().queue_length == QUEUE_LIMIT
        with pytest.raises(QueueFullError):
            manager.submit(CountConfig(tag="late"), "late")
        manager.control(first, "0", Action.STOP)
        for each in waiting:
            assert until(manager, each, is_over).status is RunStatus.FINISHED
        assert manager.health().queue_length == 0

    def test_an_error_is_told_and_the_next_run_works(self, manager: Manager) -> None:
        view = until(manager, manager.submit(CountConfig(trouble=Trouble.ERROR), "ann"), is_over)
        assert view.status is RunStatus.FAILED
        assert view.reason is not None
        assert (view.reason.kind, view.reason.detail) == (ReasonKind.ERROR, "the loss went to the moon")
        crash = CountConfig(trouble=Trouble.CRASH, tag="crash")
        view = until(manager, manager.submit(crash, "ann"), is_over)
        assert view.reason is not None
        assert view.reason.kind is ReasonKind.WORKER_DIED
        view = until(manager, manager.submit(CountConfig(tag="next"), "ann"), is_over)
        assert view.status is RunStatus.FINISHED

    def test_close(self, manager: Manager) -> None:
        ids = [manager.submit(CountConfig(tag=tag, epochs=10_000), tag) for tag in "ab"]
        until(manager, ids[0], is_at_work)
        manager.close()
        manager.close()
        for each in ids:
            reason = manager.snapshot(each).reason
            assert reason is not None
            assert reason.kind is ReasonKind.SERVER_CLOSED
        with pytest.raises(ManagerClosedError):
            manager.submit(CountConfig(), "cid")
        assert manager.health().active_runs == 0
