"""The manager with real worker processes and works that count instead of training."""

from __future__ import annotations

import contextlib
import os
import random
import re
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import numpy as np
import psutil
import pytest

from lib.jobs import messages, worker
from lib.jobs.log import RunLog
from lib.jobs.manager import MAX_NAME, RunManager
from lib.jobs.runs import RATE_WINDOW_SECONDS
from lib.jobs.settings import ManagerSettings
from lib.jobs.views import (
    Action,
    ActiveRunError,
    ManagerClosedError,
    NotOwnerError,
    Reason,
    ReasonKind,
    RunStatus,
    RunView,
    UnknownRunError,
)
from lib.jobs.work import register, resolve
from tests.jobs.conftest import HandClock, MakeManager
from tests.jobs.waiting import LONG, is_at_work, is_over, is_paused, until
from tests.jobs.works import ENDLESS, AgainConfig, CountConfig, FloodConfig, Trouble, endless

ROUNDING = 1e-9
"""Seconds: what adding to and taking from a clock may lose, so that a moment comes out just before itself."""
ps: Any = psutil
ROOT = Path(__file__).resolve().parents[2]
README = ROOT / "README.md"
DATA_DIR, SECRET = "SHAPELAB_DATA_DIR", "SHAPELAB_SECRET"
"""Settings that are no numbers."""


class TestOneRun:
    def test_counts_to_the_end(self, manager: RunManager) -> None:
        run_id = manager.submit(CountConfig(), "ann", name="  my   first ")
        view = until(manager, run_id, RunStatus.FINISHED)
        np.testing.assert_array_equal(view.losses, np.arange(100, dtype=np.float32))
        assert view.losses.dtype == np.float32
        assert [epoch.epoch for epoch in view.epochs] == [1, 2]
        assert view.final is not None
        assert view.final is view.reports[-1]
        assert (view.progress, view.eta_seconds, view.reason, view.name) == (1.0, None, None, "my first")
        assert view.samples_per_second is not None
        if view.seconds < RATE_WINDOW_SECONDS:
            assert view.samples_per_second == pytest.approx(64 * 100 / view.seconds, rel=0.01)

    def test_cursor_is_live_and_only_moves_forward(self, manager: RunManager) -> None:
        run_id = manager.submit(ENDLESS, "ann")
        views: list[RunView] = []
        for view in manager.subscribe(run_id, every_seconds=0.02):
            views.append(view)
            if len({each.steps_done for each in views}) >= 5:
                manager.control(run_id, "ann", Action.STOP)
        steps = [view.steps_done for view in views]
        assert steps == sorted(steps)
        assert views[0].final is None
        assert [view.status.is_over for view in views] == [False] * (len(views) - 1) + [True]
        running = next(view for view in views if is_at_work(view))
        assert running.eta_seconds is not None
        assert not running.shared
        assert len(running.losses) == running.steps_done

    def test_ids_cannot_be_guessed(self, manager: RunManager) -> None:
        ids = {manager.submit(CountConfig(), f"learner {index}") for index in range(50)}
        assert len(ids) == 50
        assert all(len(each) >= 11 for each in ids)

    def test_unknown_run(self, manager: RunManager) -> None:
        for call in (
            lambda: manager.snapshot("nope"),
            lambda: manager.watch("nope", "tab"),
            lambda: manager.is_owner("nope", "ann"),
            lambda: manager.control("nope", "ann", Action.STOP),
            lambda: next(manager.subscribe("nope")),
        ):
            with pytest.raises(UnknownRunError, match="'nope'"):
                call()

    def test_unknown_work(self, manager: RunManager) -> None:
        with pytest.raises(TypeError, match="no work is registered for object"):
            manager.submit(object(), "ann")  # type: ignore[arg-type]
        with pytest.raises(ValueError, match="not of the form"):
            register(object, "no colon")

    def test_wait_says_how_far_the_run_is(self, manager: RunManager) -> None:
        run_id = manager.submit(ENDLESS, "ann")
        with pytest.raises(TimeoutError, match="at step"):
            manager.wait(run_id, is_over, 0.0)


class TestQueue:
    def test_first_come_first_served(self, manager: RunManager) -> None:
        first = manager.submit(ENDLESS, "learner 0")
        ids = [manager.submit(CountConfig(tag=str(index)), f"learner {index}") for index in (1, 2, 3)]
        manager.wait(first, is_at_work, LONG)
        waiting = [manager.snapshot(each) for each in ids]
        assert [view.queue_position for view in waiting] == [1, 2, 3]
        assert [view.status for view in waiting] == [RunStatus.QUEUED] * 3
        assert manager.health().queue_length == 3
        manager.control(first, "learner 0", Action.STOP)
        for each in ids:
            until(manager, each, RunStatus.FINISHED)
        # Not the order in which their ends were seen: each is played back at a pace of its own.
        given = [manager._runs[each].execution.slot_since for each in ids]
        assert given == sorted(given)
        assert len(manager.health().workers) == 1

    def test_position_moves_up_when_one_ahead_leaves(self, manager: RunManager) -> None:
        first, second, third = (manager.submit(endless(t), t) for t in "abc")
        assert manager.snapshot(third).queue_position == 2
        manager.control(second, "b", Action.STOP)
        assert manager.snapshot(third).queue_position == 1
        manager.control(first, "a", Action.STOP)
        manager.wait(third, is_at_work, LONG)

    def test_two_slots_train_at_the_same_time(self, make_manager: MakeManager) -> None:
        manager = make_manager(cpu_workers=2)
        first, second, third = (manager.submit(endless(t), t) for t in "abc")
        manager.wait(first, is_at_work, LONG)
        manager.wait(second, is_at_work, LONG)
        assert manager.snapshot(third).queue_position == 1
        assert len(set(manager.health().workers)) == 2

    def test_each_gpu_has_a_queue_of_its_own(self, manager: RunManager) -> None:
        manager.submit(ENDLESS, "cpu")
        on_gpu = [manager.submit(CountConfig(device="cuda:0", tag=t, epochs=1000), t) for t in "ab"]
        other = manager.submit(CountConfig(device="cuda:1", epochs=1000), "c")
        manager.wait(on_gpu[0], is_at_work, LONG)
        manager.wait(other, is_at_work, LONG)
        assert manager.snapshot(on_gpu[1]).queue_position == 1
        assert len(manager.health().workers) == 3

    def test_one_active_run_a_learner(self, manager: RunManager) -> None:
        running = manager.submit(ENDLESS, "ann")
        queued = manager.submit(CountConfig(tag="other"), "bob")
        for owner, active in (("ann", running), ("bob", queued)):
            with pytest.raises(ActiveRunError) as error:
                manager.submit(CountConfig(tag="second"), owner)
            assert error.value.run_id == active
        manager.control(running, "ann", Action.PAUSE)
        with pytest.raises(ActiveRunError):
            manager.submit(CountConfig(tag="second"), "ann")
        manager.control(running, "ann", Action.STOP)
        second = manager.submit(CountConfig(tag="second"), "ann")
        assert [view.id for view in manager.runs_of("ann")] == [running, second]
        until(manager, second, RunStatus.FINISHED)


class TestSteering:
    def test_pause_waits_and_lets_others_train(self, manager: RunManager) -> None:
        mine = manager.submit(ENDLESS, "ann")
        manager.wait(mine, is_at_work, LONG)
        paused = manager.control(mine, "ann", Action.PAUSE)
        assert paused.status is RunStatus.PAUSED
        other = manager.submit(CountConfig(tag="other"), "bob")
        until(manager, other, RunStatus.FINISHED)
        known = manager.snapshot(mine).behind_seconds
        third = manager.submit(CountConfig(tag="third"), "cid")
        until(manager, third, RunStatus.FINISHED)
        after = manager.snapshot(mine)
        assert (after.status, after.steps_done) == (RunStatus.PAUSED, paused.steps_done)
        assert after.behind_seconds == known, "the worker trained on although the run was paused"
        manager.control(mine, "ann", Action.RESUME)
        manager.wait(mine, lambda view: view.steps_done > paused.steps_done + 100, LONG)

    def test_a_resumed_run_queues_by_its_first_arrival(self, manager: RunManager) -> None:
        mine = manager.submit(ENDLESS, "ann")
        manager.wait(mine, is_at_work, LONG)
        manager.control(mine, "ann", Action.PAUSE)
        manager.control(mine, "ann", Action.SKIP)
        other = manager.submit(endless("other"), "bob")
        manager.wait(other, is_at_work, LONG)
        third = manager.submit(endless("third"), "cid")
        manager.control(mine, "ann", Action.RESUME)
        manager.control(mine, "ann", Action.SKIP)
        assert manager.wait(mine, lambda v: v.status is RunStatus.QUEUED, LONG).queue_position == 1
        assert manager.snapshot(third).queue_position == 2
        manager.control(other, "bob", Action.STOP)
        manager.wait(mine, lambda view: view.status is RunStatus.RUNNING, LONG)
        assert manager.snapshot(third).queue_position == 1

    def test_single_steps_are_single_even_while_another_trains(self, manager: RunManager) -> None:
        mine = manager.submit(ENDLESS, "ann")
        manager.wait(mine, is_at_work, LONG)
        manager.control(mine, "ann", Action.PAUSE)
        at = manager.control(mine, "ann", Action.SKIP).steps_done
        other = manager.submit(endless("other"), "bob")
        manager.wait(other, is_at_work, LONG)
        at = manager.control(mine, "ann", Action.SKIP).steps_done
        for count in range(1, 6):
            manager.control(mine, "ann", Action.STEP)
            view = manager.wait(mine, is_paused, LONG)
            assert view.steps_done == at + count
            assert view.losses[-1] == at + count - 1
        assert manager.snapshot(other).status is RunStatus.RUNNING

    def test_epochs_end_with_their_evaluation(self, manager: RunManager) -> None:
        mine = manager.submit(CountConfig(epochs=3), "ann", paused=True)
        assert manager.control(mine, "ann", Action.STEP).queue_position is None
        assert manager.wait(mine, is_paused, LONG).steps_done == 1
        for epoch in (1, 2):
            manager.control(mine, "ann", Action.EPOCH)
            view = manager.wait(mine, lambda v, n=epoch: is_paused(v) and len(v.epochs) == n, LONG)  # type: ignore[misc]
            assert view.steps_done == 50 * epoch
        manager.control(mine, "ann", Action.EPOCH)
        until(manager, mine, RunStatus.FINISHED)

    def test_paused_before_it_began(self, manager: RunManager) -> None:
        manager.submit(ENDLESS, "ann")
        mine = manager.submit(CountConfig(), "bob")
        view = manager.control(mine, "bob", Action.PAUSE)
        assert (view.status, view.steps_done, view.queue_position) == (RunStatus.PAUSED, 0, None)
        assert manager.health().queue_length == 0
        assert manager.control(mine, "bob", Action.RESUME).queue_position == 1

    def test_stop_keeps_what_was_seen_and_frees_the_slot(self, manager: RunManager) -> None:
        mine = manager.submit(ENDLESS, "ann")
        manager.wait(mine, lambda view: view.steps_done > 100, LONG)
        view = manager.control(mine, "ann", Action.STOP)
        assert (view.status, view.reason) == (RunStatus.STOPPED, Reason(ReasonKind.STOPPED_BY_OWNER))
        np.testing.assert_array_equal(view.losses, np.arange(view.steps_done))
        assert view.steps_done > 100
        assert view.final is None
        # Long before the training's own end the worker has let go.
        manager.wait(mine, lambda _: manager.health().open_executions == 0, LONG)
        other = manager.submit(CountConfig(tag="other"), "ann")
        until(manager, other, RunStatus.FINISHED)
        assert manager.snapshot(mine).steps_done == view.steps_done
        assert len(manager.health().workers) == 1, "to stop a run must not cost the worker"

    @pytest.mark.parametrize("action", list(Action))
    def test_what_makes_no_sense_does_nothing(self, manager: RunManager, action: Action) -> None:
        mine = manager.submit(ENDLESS, "ann")
        if action in (Action.RESUME, Action.STEP, Action.EPOCH):
            assert manager.control(mine, "ann", action).status is not RunStatus.PAUSED
        manager.control(mine, "ann", Action.STOP)
        stopped = manager.snapshot(mine)
        again = manager.control(mine, "ann", action)
        assert (again.status, again.steps_done, again.reason) == (
            RunStatus.STOPPED,
            stopped.steps_done,
            stopped.reason,
        )

    def test_a_paused_pause_stays_where_it_is(self, manager: RunManager) -> None:
        mine = manager.submit(ENDLESS, "ann")
        manager.wait(mine, is_at_work, LONG)
        at = manager.control(mine, "ann", Action.PAUSE).steps_done
        assert manager.control(mine, "ann", Action.PAUSE).steps_done == at

    def test_only_the_owner_steers(self, manager: RunManager) -> None:
        mine = manager.submit(ENDLESS, "ann", name="mine")
        manager.wait(mine, is_at_work, LONG)
        assert manager.is_owner(mine, "ann")
        assert not manager.is_owner(mine, "bob")
        for action in Action:
            with pytest.raises(NotOwnerError):
                manager.control(mine, "bob", action)
        with pytest.raises(NotOwnerError):
            manager.rename(mine, "bob", "his")
        with pytest.raises(NotOwnerError):
            manager.remove(mine, "bob")
        view = manager.snapshot(mine)
        assert (view.status, view.name) == (RunStatus.RUNNING, "mine")
        assert "ann" not in repr(view), "the owner's token must not reach other learners"

    def test_rename_and_remove(self, manager: RunManager) -> None:
        mine = manager.submit(ENDLESS, "ann")
        manager.rename(mine, "ann", "x" * 500)
        assert manager.snapshot(mine).name == "x" * MAX_NAME
        manager.rename(mine, "ann", "  ")
        assert manager.snapshot(mine).name is None
        manager.wait(mine, is_at_work, LONG)
        manager.remove(mine, "ann")
        assert manager.runs_of("ann") == ()
        with pytest.raises(UnknownRunError):
            manager.snapshot(mine)
        until(manager, manager.submit(CountConfig(), "ann"), RunStatus.FINISHED)


class TestSharing:
    def test_a_class_costs_one_training(self, manager: RunManager) -> None:
        ids = [manager.submit(CountConfig(), f"learner {index}") for index in range(30)]
        views = [until(manager, each, RunStatus.FINISHED) for each in ids]
        assert manager.health().executions_started == 1
        assert [view.shared for view in views] == [False] + [True] * 29
        assert len({view.losses.tobytes() for view in views}) == 1

    def test_one_learners_pause_or_stop_is_not_anothers(self, manager: RunManager) -> None:
        first, second, third = (manager.submit(ENDLESS, owner) for owner in ("ann", "bob", "cid"))
        manager.wait(first, is_at_work, LONG)
        at = manager.control(first, "ann", Action.PAUSE).steps_done
        manager.control(second, "bob", Action.STOP)
        manager.wait(third, lambda view: view.steps_done > at + 200, LONG)
        assert manager.snapshot(first).steps_done == at
        assert manager.snapshot(second).status is RunStatus.STOPPED
        manager.control(third, "cid", Action.STOP)
        assert manager.health().executions_started == 1
        manager.control(first, "ann", Action.RESUME)
        manager.wait(first, lambda view: view.steps_done > at + 500, LONG)

    def test_the_training_pauses_with_the_last_of_its_runs(self, manager: RunManager) -> None:
        first, second = (manager.submit(ENDLESS, owner) for owner in ("ann", "bob"))
        manager.wait(first, is_at_work, LONG)
        manager.control(first, "ann", Action.PAUSE)
        other = manager.submit(CountConfig(tag="other"), "cid")
        assert manager.snapshot(other).queue_position == 1
        manager.control(second, "bob", Action.PAUSE)
        until(manager, other, RunStatus.FINISHED)

    def test_latecomers_see_it_played_back(self, make_manager: MakeManager, clock: HandClock) -> None:
        manager = make_manager(clock=clock)
        config = CountConfig(step_seconds=0.002)
        first = manager.submit(config, "ann")
        live = [manager.snapshot(first)]
        begun = time.monotonic() - clock.now
        while not live[-1].status.is_over:
            clock.now = time.monotonic() - begun  # not faster: a worker that is slow would be one that hangs
            live.append(manager.wait(first, lambda _: True, LONG))
        assert live[-1].status is RunStatus.FINISHED
        late = manager.submit(config, "bob")
        started, whole = clock.now, live[-1].seconds
        view = manager.snapshot(late)
        assert (view.status, view.steps_done, view.shared) == (RunStatus.RUNNING, 0, True)
        assert view.behind_seconds == view.eta_seconds == whole
        for seen in live:
            if seen.seconds < whole / 2:
                clock.now = started + seen.seconds + ROUNDING
                view = manager.snapshot(late)
                assert (view.steps_done, len(view.epochs)) == (seen.steps_done, len(seen.epochs))
        assert view.final is None
        at = manager.control(late, "bob", Action.PAUSE).steps_done
        clock.now += 10
        assert manager.snapshot(late).steps_done == at
        manager.control(late, "bob", Action.STEP)
        assert manager.snapshot(late).steps_done == at + 1
        manager.control(late, "bob", Action.RESUME)
        clock.now += whole
        view = manager.snapshot(late)
        assert view.status is RunStatus.FINISHED
        assert view.final is not None
        assert manager.health().executions_started == 1

    def test_skip_goes_to_the_latest(self, manager: RunManager) -> None:
        until(manager, manager.submit(CountConfig(), "ann"), RunStatus.FINISHED)
        late = manager.submit(CountConfig(), "bob")
        assert manager.control(late, "bob", Action.SKIP).status is RunStatus.FINISHED

    def test_a_stopped_training_is_not_shared(self, manager: RunManager) -> None:
        first = manager.submit(ENDLESS, "ann")
        manager.wait(first, is_at_work, LONG)
        manager.control(first, "ann", Action.STOP)
        again = manager.submit(ENDLESS, "ann")
        assert not manager.snapshot(again).shared
        assert manager.health().executions_started == 2


class TestAbandoned:
    @pytest.mark.parametrize("state", ["running", "paused", "queued"])
    def test_a_run_nobody_watches_is_ended(
        self, make_manager: MakeManager, clock: HandClock, state: str
    ) -> None:
        manager = make_manager(clock=clock, grace_seconds=180, tick_seconds=3600)
        before = [manager.submit(endless("before"), "before")] if state == "queued" else []

        def pass_time(seconds: float) -> None:
            clock.now += seconds
            for each in before:
                manager.watch(each, "a tab that stays")
            manager.tick()

        mine = manager.submit(ENDLESS, "ann")
        if state == "paused":
            manager.control(mine, "ann", Action.PAUSE)
        manager.watch(mine, "tab 1")
        manager.watch(mine, "tab 2")
        assert manager.snapshot(mine).viewers == 2
        for _ in range(5):
            pass_time(60)
            manager.watch(mine, "tab 2")
        view = manager.snapshot(mine)
        assert not view.status.is_over
        assert view.viewers == 1
        pass_time(179)
        view = manager.snapshot(mine)
        assert not view.status.is_over
        assert view.queue_position == (1 if state == "queued" else None)
        pass_time(2)
        view = manager.snapshot(mine)
        assert (view.status, view.reason) == (RunStatus.STOPPED, Reason(ReasonKind.ABANDONED))
        assert manager.health().queue_length == 0

    def test_its_training_goes_on_for_others(self, make_manager: MakeManager, clock: HandClock) -> None:
        manager = make_manager(clock=clock, grace_seconds=180, tick_seconds=3600)
        left, watched = manager.submit(ENDLESS, "ann"), manager.submit(ENDLESS, "bob")
        clock.now += 170
        manager.watch(watched, "tab")
        clock.now += 20
        manager.tick()
        assert manager.snapshot(left).status is RunStatus.STOPPED
        manager.wait(watched, lambda view: view.behind_seconds > 0 or view.steps_done > 0, LONG)
        assert manager.health().active_runs == 1

    def test_the_manager_looks_by_itself(self, make_manager: MakeManager, clock: HandClock) -> None:
        manager = make_manager(clock=clock, tick_seconds=0.01, grace_seconds=180)
        mine = manager.submit(ENDLESS, "ann")
        clock.now += 1000
        until(manager, mine, RunStatus.STOPPED)


class TestTrouble:
    def test_an_error_in_the_work_is_told(
        self, manager: RunManager, capfd: pytest.CaptureFixture[str]
    ) -> None:
        view = until(manager, manager.submit(CountConfig(trouble=Trouble.ERROR), "ann"), RunStatus.FAILED)
        assert view.reason == Reason(ReasonKind.ERROR, "the loss went to the moon")
        assert "Traceback" in capfd.readouterr().err, "the operator's log has the whole story"
        until(manager, manager.submit(CountConfig(), "ann"), RunStatus.FINISHED)
        again = manager.submit(CountConfig(trouble=Trouble.ERROR), "bob")
        assert not manager.snapshot(again).shared, "a failed training is not shared"

    def test_a_gpu_that_answers_no_more_takes_its_worker_with_it(self, manager: RunManager) -> None:
        lost = manager.submit(CountConfig(trouble=Trouble.GPU_LOST), "ann")
        queued = manager.submit(CountConfig(tag="next"), "bob")
        view = until(manager, lost, RunStatus.FAILED)
        assert view.reason == Reason(ReasonKind.ERROR, "CUDA error: unspecified launch failure")
        until(manager, queued, RunStatus.FINISHED)
        assert manager.health().workers_started == 2

    def test_a_gpu_that_is_full_refuses_one_training(self, manager: RunManager) -> None:
        view = until(manager, manager.submit(CountConfig(trouble=Trouble.GPU_FULL), "ann"), RunStatus.FAILED)
        refusal = "CUDA out of memory. Tried to allocate 2.00 MiB"
        assert view.reason == Reason(ReasonKind.NO_MEMORY, refusal)
        until(manager, manager.submit(CountConfig(tag="next"), "ann"), RunStatus.FINISHED)
        assert manager.health().workers_started == 1

    def test_a_turn_ends_whatever_becomes_of_its_random_state(self) -> None:
        class Lost:
            may_go_on = True

            def save_random_state(self) -> None:
                raise RuntimeError("CUDA error: unspecified launch failure")

            def restore_random_state(self) -> None:
                pass

        baton, first, second = worker.Baton(), Lost(), Lost()
        baton.take(first)  # type: ignore[arg-type]
        with pytest.raises(RuntimeError):
            baton.give_up(first)  # type: ignore[arg-type]
        taker = threading.Thread(target=baton.take, args=(second,), daemon=True)
        taker.start()
        taker.join(10)
        assert not taker.is_alive(), "the next one has its turn"

    def test_a_crash_is_told_and_the_next_run_works(self, manager: RunManager) -> None:
        crash = manager.submit(CountConfig(trouble=Trouble.CRASH, step_seconds=0.005), "ann")
        view = until(manager, crash, RunStatus.FAILED)
        assert view.reason == Reason(ReasonKind.WORKER_DIED, f"SIGSEGV ({signal.SIGSEGV.value})")
        until(manager, manager.submit(CountConfig(), "ann"), RunStatus.FINISHED)

    def test_a_killed_worker_takes_its_runs_along_not_the_queue(self, manager: RunManager) -> None:
        first, shared = manager.submit(ENDLESS, "ann"), manager.submit(ENDLESS, "bob")
        queued = manager.submit(CountConfig(), "cid")
        manager.wait(first, is_at_work, LONG)
        (pid,) = manager.health().workers
        os.kill(pid, signal.SIGKILL)
        for each in (first, shared):
            view = until(manager, each, RunStatus.FAILED)
            assert view.reason == Reason(ReasonKind.WORKER_DIED, "SIGKILL (9)")
        until(manager, queued, RunStatus.FINISHED)
        assert manager.health().workers != (pid,)

    def test_a_worker_killed_while_idle_is_replaced(self, manager: RunManager) -> None:
        until(manager, manager.submit(CountConfig(), "ann"), RunStatus.FINISHED)
        (pid,) = manager.health().workers
        os.kill(pid, signal.SIGKILL)  # the next run may go to the dead worker: it begins anew elsewhere
        until(manager, manager.submit(CountConfig(tag="next"), "ann"), RunStatus.FINISHED)
        assert pid not in manager.health().workers

    def test_a_worker_that_cannot_start_fails_its_run_once(self, make_manager: MakeManager) -> None:
        manager = make_manager(preload=("tests.jobs.no_such_module",))
        view = until(manager, manager.submit(CountConfig(), "ann"), RunStatus.FAILED)
        assert view.reason is not None
        assert view.reason.kind is ReasonKind.WORKER_FAILED_TO_START
        assert "no_such_module" in view.reason.detail
        assert manager.health().workers_started == 1

    def test_a_worker_that_dies_at_its_start_is_tried_twice(self, make_manager: MakeManager) -> None:
        manager = make_manager(preload=("os:abort",))
        view = until(manager, manager.submit(CountConfig(), "ann"), RunStatus.FAILED)
        assert view.reason == Reason(ReasonKind.WORKER_DIED, f"SIGABRT ({signal.SIGABRT.value})")
        assert manager.health().workers_started == 2

    def test_housekeeping_goes_on_after_it_failed(
        self, make_manager: MakeManager, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        failed = threading.Event()

        def fails_once(manager: RunManager) -> None:
            if not failed.is_set():
                failed.set()
                raise RuntimeError("out of luck")
            tick(manager)

        tick = RunManager.tick
        monkeypatch.setattr(RunManager, "tick", fails_once)
        manager = make_manager(tick_seconds=0.01, grace_seconds=0.1)
        view = until(manager, manager.submit(ENDLESS, "ann"), RunStatus.STOPPED)
        assert failed.is_set()
        assert view.reason is not None
        assert view.reason.kind is ReasonKind.ABANDONED

    def test_a_report_that_cannot_be_taken_on_costs_its_worker_not_the_next_run(
        self, manager: RunManager, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def refuse(log: RunLog, seconds: float, report: object) -> None:
            raise OSError("no room")

        with monkeypatch.context() as patch:
            patch.setattr(RunLog, "append", refuse)
            view = until(manager, manager.submit(CountConfig(tag="lost"), "ann"), RunStatus.FAILED)
        assert view.reason == Reason(ReasonKind.ERROR, "OSError: no room")
        until(manager, manager.submit(CountConfig(), "ann"), RunStatus.FINISHED)

    def test_ctrl_c_is_the_servers_to_answer(self, manager: RunManager) -> None:
        mine = manager.submit(ENDLESS, "ann")
        manager.wait(mine, is_at_work, LONG)
        os.kill(manager.health().workers[0], signal.SIGINT)
        at = manager.snapshot(mine).steps_done
        manager.wait(mine, lambda view: view.steps_done > at + 500, LONG)

    def test_prints_cannot_disturb(self, manager: RunManager, capfd: pytest.CaptureFixture[str]) -> None:
        until(manager, manager.submit(CountConfig(trouble=Trouble.NOISE), "ann"), RunStatus.FINISHED)
        captured = capfd.readouterr()
        assert "noise on stdout" in captured.err
        assert "noise below Python" in captured.err
        assert captured.out == ""

    @pytest.mark.parametrize(
        ("trouble", "words"), [(Trouble.UNPICKLABLE, "lambda"), (Trouble.GAP, "a gap or an overlap")]
    )
    def test_nonsense_reports_fail_their_run(self, manager: RunManager, trouble: Trouble, words: str) -> None:
        view = until(manager, manager.submit(CountConfig(trouble=trouble), "ann"), RunStatus.FAILED)
        assert view.reason is not None
        assert view.reason.kind is ReasonKind.ERROR
        assert words in view.reason.detail
        until(manager, manager.submit(CountConfig(), "ann"), RunStatus.FINISHED)

    def test_a_work_that_hears_nothing_is_killed(
        self, make_manager: MakeManager, clock: HandClock, tmp_path: Path
    ) -> None:
        manager = make_manager(clock=clock, hang_seconds=60, tick_seconds=3600)
        is_deaf = tmp_path / "deaf"
        deaf = manager.submit(CountConfig(trouble=Trouble.DEAF, tag=str(is_deaf)), "ann")
        manager.wait(deaf, lambda _: is_deaf.exists(), LONG)
        manager.control(deaf, "ann", Action.STOP)
        (pid,) = manager.health().workers
        queued = manager.submit(CountConfig(), "bob")
        clock.now += 61
        manager.tick()
        manager.wait(queued, lambda view: view.behind_seconds > 0, LONG)
        assert manager.health().workers != (pid,)

    def test_a_flood_of_reports_comes_in_batches(self) -> None:
        pipe = ListPipe()
        outbox = worker.Outbox(pipe, 1)
        for index in range(10_000):
            outbox.put(index / 1e6, index)
        outbox.flush()
        assert pipe.reports == list(range(10_000))
        assert len(pipe.sent) < 200

    @pytest.mark.parametrize(("share", "most"), [(0.26, 3), (0.5, 2), (2.0, 1)])
    def test_drafts_that_wait_hold_no_more_than_they_may(self, share: float, most: int) -> None:
        begun: list[SlowDraft] = []
        pipe = ListPipe()
        outbox = worker.Outbox(pipe, 1)
        for _ in range(30):
            draft = SlowDraft(int(share * worker.MOST_WAITING_BYTES), begun)
            outbox.put(0.0, draft)
            begun.append(draft)
        outbox.flush()
        assert len(pipe.reports) == 30
        assert max(pipe.reports) <= most

    def test_a_draft_that_fails_leaves_its_room_and_says_so(self) -> None:
        begun: list[SlowDraft] = []
        outbox = worker.Outbox(ListPipe(), 1)
        outbox.put(0.0, FailingDraft(2 * worker.MOST_WAITING_BYTES, begun))
        with contextlib.suppress(
            ZeroDivisionError
        ):  # the next one waits for room, and may come after the failure
            outbox.put(0.0, SlowDraft(2 * worker.MOST_WAITING_BYTES, begun))
        with pytest.raises(ZeroDivisionError):
            outbox.flush()

    def test_a_flooding_work_arrives_whole(self, manager: RunManager) -> None:
        config = FloodConfig(epochs=1, steps_per_epoch=5_000)
        view = until(manager, manager.submit(config, "ann"), RunStatus.FINISHED)
        assert len(view.losses) == 5_000


class ListPipe(worker.Connection):
    """Keeps what is sent."""

    def __init__(self) -> None:
        self.sent: list[messages.Answer] = []

    def send(self, message: messages.Answer) -> None:
        self.sent.append(message)

    @property
    def reports(self) -> list[Any]:
        items = [each.items for each in self.sent if isinstance(each, messages.Reports)]
        return [report for some in items for _, report in some]


class SlowDraft:
    """A draft that becomes the number of drafts that hold memory while it is finished."""

    def __init__(self, nbytes: int, begun: list[SlowDraft]) -> None:
        self.nbytes = nbytes
        self.is_done = False
        self._begun = begun

    def finish(self) -> int:
        time.sleep(0.002)
        holding = sum(not draft.is_done for draft in self._begun)
        self.is_done = True
        return holding


class FailingDraft(SlowDraft):
    """A draft that cannot be finished."""

    def finish(self) -> int:
        return 1 // 0


class TestMemory:
    def test_the_oldest_unwatched_run_is_forgotten_first(self, make_manager: MakeManager) -> None:
        manager = make_manager(retention_bytes=1_000_000, tick_seconds=3600)
        ids = []
        for index in range(5):
            config = CountConfig(tag=str(index), epochs=1, steps_per_epoch=5, weights=100_000)
            ids.append(manager.submit(config, f"learner {index}"))
            until(manager, ids[-1], RunStatus.FINISHED)
            if index == 0:
                manager.watch(ids[0], "tab")
        assert manager.health().byte_count > 2_000_000
        manager.tick()
        kept = [view.id for index in range(5) for view in manager.runs_of(f"learner {index}")]
        assert kept == [ids[0], ids[4]], "the watched one and the newest stay"
        assert manager.health().byte_count <= 1_000_000
        with pytest.raises(UnknownRunError):
            manager.snapshot(ids[1])

    def test_what_is_worked_out_again_is_forgotten_first(self, make_manager: MakeManager) -> None:
        manager = make_manager(retention_bytes=1_000_000, tick_seconds=3600)
        ids = []
        for index, kind in enumerate((CountConfig, CountConfig, AgainConfig, AgainConfig, CountConfig)):
            config = kind(tag=str(index), epochs=1, steps_per_epoch=5, weights=80_000)
            ids.append(manager.submit(config, f"learner {index}"))
            until(manager, ids[-1], RunStatus.FINISHED)
        manager.tick()
        kept = [view.id for index in range(5) for view in manager.runs_of(f"learner {index}")]
        assert kept == [ids[0], ids[1], ids[4]]

    def test_shared_logs_count_once(self, manager: RunManager) -> None:
        config = CountConfig(epochs=1, steps_per_epoch=5, weights=100_000)
        until(manager, manager.submit(config, "ann"), RunStatus.FINISHED)
        before = manager.health().byte_count
        for index in range(10):
            shared = manager.submit(config, f"learner {index}")
            manager.control(shared, f"learner {index}", Action.SKIP)
        assert manager.health().byte_count - before < 100_000

    def test_spare_workers_go_one_stays_warm(self, make_manager: MakeManager, clock: HandClock) -> None:
        manager = make_manager(cpu_workers=3, clock=clock, idle_seconds=600, tick_seconds=3600)
        ids = {owner: manager.submit(endless(owner), owner) for owner in "abc"}
        for owner, each in ids.items():
            manager.wait(each, lambda view: view.behind_seconds > 0, LONG)
            manager.control(each, owner, Action.STOP)
        pids = manager.health().workers
        assert len(pids) == 3
        processes = [ps.Process(pid) for pid in pids]
        manager.wait(ids["a"], lambda _: manager.health().open_executions == 0, LONG)
        manager.tick()
        clock.now += 601
        manager.tick()
        assert manager.health().workers == pids[:1]
        gone, _ = ps.wait_procs(processes[1:], timeout=LONG)
        assert len(gone) == 2

    def test_a_snapshot_copies_nothing(self, manager: RunManager) -> None:
        run_id = manager.submit(CountConfig(), "ann")
        until(manager, run_id, RunStatus.FINISHED)
        one, other = manager.snapshot(run_id), manager.snapshot(run_id)
        assert np.shares_memory(one.losses, other.losses)
        assert one.epochs is other.epochs
        with pytest.raises(ValueError, match="read-only"):
            one.losses[0] = 1


class TestLifetime:
    def test_warm_up_starts_one_worker(self, manager: RunManager) -> None:
        assert not manager.health().workers
        manager.warm_up()
        manager.warm_up()
        (pid,) = manager.health().workers
        until(manager, manager.submit(CountConfig(), "ann"), RunStatus.FINISHED)
        assert manager.health().workers == (pid,)

    def test_close_ends_runs_and_processes(self, make_manager: MakeManager) -> None:
        manager = make_manager(cpu_workers=2)
        ids = [manager.submit(endless(t), t) for t in "abc"]
        for each in ids[:2]:
            manager.wait(each, is_at_work, LONG)
        processes = [ps.Process(pid) for pid in manager.health().workers]
        manager.close()
        manager.close()
        assert not any(process.is_running() for process in processes)
        for each in ids:
            assert manager.snapshot(each).reason == Reason(ReasonKind.SERVER_CLOSED)
        with pytest.raises(ManagerClosedError):
            manager.submit(CountConfig(), "dan")

    def test_many_hands_at_once(self, make_manager: MakeManager) -> None:
        """Random calls from eight threads: only the documented errors, and every run comes to its end."""
        manager = make_manager(cpu_workers=2)
        known: list[tuple[str, str]] = []
        surprises: list[BaseException] = []

        def press(seed: int) -> None:
            chance = random.Random(seed)
            owner = f"learner {seed}"
            try:
                for _ in range(60):
                    with contextlib.suppress(ActiveRunError):
                        config = CountConfig(tag=str(chance.randrange(4)), step_seconds=0.0002)
                        known.append((manager.submit(config, owner), owner))
                    run_id, its_owner = chance.choice(known)
                    with contextlib.suppress(NotOwnerError):
                        manager.control(
                            run_id, chance.choice([owner, its_owner]), chance.choice(list(Action))
                        )
                    manager.snapshot(run_id)
                    manager.watch(run_id, owner)
                    manager.tick()
            except BaseException as error:
                surprises.append(error)

        threads = [threading.Thread(target=press, args=(seed,)) for seed in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert not surprises
        for run_id, owner in known:
            manager.control(run_id, owner, Action.RESUME)
        for run_id, _ in known:
            assert manager.wait(run_id, is_over, LONG).status in (RunStatus.FINISHED, RunStatus.STOPPED)
        assert manager.health().queue_length == 0

    def test_there_is_one_manager_and_a_reload_replaces_it(self) -> None:
        script = """
import importlib, os, sys
os.environ["SHAPELAB_GRACE_SECONDS"] = "7"
import lib.jobs.manager as first
manager = first.get_manager()
assert first.get_manager() is manager
assert manager._settings.grace_seconds == 7
manager.warm_up()
for name in [name for name in sys.modules if name.startswith("lib.")]:
    del sys.modules[name]
second = importlib.import_module("lib.jobs.manager")
assert second is not first
newer = second.get_manager()
assert newer is not manager and second.get_manager() is newer
assert first.get_manager() is newer, "old code must not replace the newer manager"
try:
    manager.submit(first.ManagerSettings(), "ann")
except TypeError:
    pass
assert manager._closed.is_set()
assert not {"torch", "streamlit"} & set(sys.modules), "the server pays for neither"
print("fine")
"""
        run = subprocess.run(
            [sys.executable, "-c", script],
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=LONG,
            check=False,
        )
        assert (run.stdout, run.returncode) == ("fine\n", 0), run.stderr


class TestSettings:
    @pytest.mark.parametrize("text", ["0", "-1", "many", "nan", "1e99", ""])
    def test_nonsense_in_the_environment_is_told_and_ignored(
        self, text: str, caplog: pytest.LogCaptureFixture
    ) -> None:
        numbers = set(re.findall("SHAPELAB_[A-Z_]+", README.read_text("utf-8"))) - {DATA_DIR, SECRET}
        names = sorted(numbers)
        assert len(names) >= 8
        assert ManagerSettings.from_environment(dict.fromkeys(names, text)) == ManagerSettings()
        told = [record for record in caplog.records if record.name == "lib.jobs.settings"]
        assert [record.levelname for record in told] == ["WARNING"] * len(names)

    def test_the_registered_works_exist(self) -> None:
        from lib.jobs.work import WORK

        for target in (*WORK.values(), *ManagerSettings().preload):
            assert callable(resolve(target))
