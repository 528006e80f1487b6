"""Turns, caps, and trainings that are set down: with real workers, and a clock that moves when told."""

from __future__ import annotations

import os
import shutil
import signal
from pathlib import Path
from typing import Any

import numpy as np
import psutil
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.core.training.reports import EpochReport, StepsReport
from lib.jobs.log import RunLog
from lib.jobs.manager import RunManager
from lib.jobs.snapshots import SnapshotFolder
from lib.jobs.views import Action, QueueFullError, Reason, ReasonKind, RunStatus, RunView
from tests.jobs.conftest import HandClock, MakeManager
from tests.jobs.waiting import LONG, is_paused
from tests.jobs.works import AgainConfig, CountConfig, KeptConfig, ShyConfig, TalkConfig, Word, endless

STILL: dict[str, Any] = {"tick_seconds": 3600, "turn_seconds": 10, "hang_seconds": 1e9}
"""Nothing happens by itself but what workers say."""
ps: Any = psutil


def kept(tag: str, epochs: int = 10_000, gate: Path | None = None) -> KeptConfig:
    return KeptConfig(tag=tag, epochs=epochs, gate="" if gate is None else str(gate))


def holders(manager: RunManager) -> set[str]:
    """Who has a slot."""
    return {each.config.tag for each in manager._pool.open_executions if each.has_slot}  # type: ignore[attr-defined]


def has_trained(view: RunView) -> bool:
    return view.behind_seconds > 0 or view.steps_done > 0


def pass_time(manager: RunManager, clock: HandClock, seconds: float) -> None:
    with manager._lock:  # a worker that says in between that it is ready would have a turn begin
        clock.now += seconds
        manager.tick()


def finish(manager: RunManager, run_id: str, owner: str) -> RunView:
    """Its end, played back or not."""
    manager.control(run_id, owner, Action.RESUME)

    def is_over(view: RunView) -> bool:
        return view.status.is_over or manager.control(run_id, owner, Action.SKIP).status.is_over

    return manager.wait(run_id, is_over, LONG) and manager.snapshot(run_id)


class TestTurns:
    def test_a_long_training_makes_way_least_served_first(
        self, make_manager: MakeManager, clock: HandClock
    ) -> None:
        manager = make_manager(clock=clock, **STILL)
        ids = {tag: manager.submit(endless(tag), tag) for tag in "abc"}
        manager.wait(ids["a"], has_trained, LONG)
        seen = []
        for _ in range(7):
            pass_time(manager, clock, 6)
            seen.append(holders(manager))
            manager.wait(ids[min(seen[-1])], has_trained, LONG)
            pass_time(manager, clock, 6)
        assert seen == [{"a"}, {"b"}, {"c"}, {"a"}, {"b"}, {"c"}, {"a"}]
        assert len(manager.health().workers) == 1

    def test_alone_it_keeps_its_slot_and_a_newcomer_waits_no_longer_than_a_turn(
        self, make_manager: MakeManager, clock: HandClock
    ) -> None:
        manager = make_manager(clock=clock, **STILL)
        first = manager.submit(endless("a"), "a")
        manager.wait(first, has_trained, LONG)
        pass_time(manager, clock, 100)
        assert holders(manager) == {"a"}
        manager.submit(endless("b"), "b")
        assert holders(manager) == {"b"}, "who had a hundred seconds makes way at once"

    def test_the_wait_is_told(self, make_manager: MakeManager, clock: HandClock) -> None:
        manager = make_manager(clock=clock, **STILL)
        ids = {tag: manager.submit(endless(tag), tag) for tag in "abc"}
        manager.wait(ids["a"], has_trained, LONG)
        clock.now += 3
        waits = [manager.snapshot(ids[tag]) for tag in "bc"]
        assert [view.queue_position for view in waits] == [1, 2]
        first, second = (view.wait_seconds for view in waits)
        assert first is not None
        assert second is not None
        assert 0 < first <= 10
        assert second == pytest.approx(first + 10)
        assert manager.snapshot(ids["a"]).wait_seconds is None

    def test_two_that_meet_in_one_worker_part_again(
        self, make_manager: MakeManager, clock: HandClock
    ) -> None:
        manager = make_manager(cpu_workers=2, clock=clock, **STILL)
        ids = {tag: manager.submit(kept(tag), tag) for tag in "ab"}
        for each in ids.values():
            manager.wait(each, has_trained, LONG)
        manager.control(ids["a"], "a", Action.PAUSE)
        ids["c"] = manager.submit(kept("c"), "c")  # in a's worker
        manager.wait(ids["c"], has_trained, LONG)
        manager.control(ids["b"], "b", Action.STOP)
        manager.control(ids["a"], "a", Action.RESUME)
        moved = manager.wait(ids["a"], lambda _: len({*_places(manager)}) == 2, LONG)
        assert not moved.status.is_over
        assert holders(manager) == {"a", "c"}


def _places(manager: RunManager) -> list[int]:
    with manager._lock:
        return [each.worker.pid for each in manager._pool.open_executions if each.worker and each.has_slot]


class TestCaps:
    def test_the_queue(self, make_manager: MakeManager) -> None:
        manager = make_manager(queue_limit=2)
        for tag in "abc":
            manager.submit(endless(tag), tag)
        with pytest.raises(QueueFullError, match="2 trainings wait already"):
            manager.submit(endless("d"), "d")
        assert manager.snapshot(manager.submit(endless("a"), "e")).shared, "sharing needs no room"
        assert not manager.runs_of("d")

    def test_the_time(self, make_manager: MakeManager, clock: HandClock) -> None:
        manager = make_manager(clock=clock, run_seconds=100, **STILL, grace_seconds=1e6)
        first, second = manager.submit(endless("a"), "a"), manager.submit(endless("b"), "b")
        manager.wait(first, has_trained, LONG)
        for _ in range(20):
            pass_time(manager, clock, 10)
        assert not manager.snapshot(first).status.is_over, "time that others trained does not count"
        pass_time(manager, clock, 10)
        pass_time(manager, clock, 11)
        ends = {manager.snapshot(each).reason for each in (first, second)}
        assert Reason(ReasonKind.TIME_LIMIT, "100 s") in ends
        assert manager.snapshot(first).status is RunStatus.STOPPED
        assert manager.snapshot(first).steps_done > 0, "what was seen stays"

    def test_no_room_for_paused_ones(self, make_manager: MakeManager) -> None:
        manager = make_manager(paused_bytes=2**20, snapshot_bytes=0)
        first = manager.submit(kept("a"), "a")
        manager.wait(first, has_trained, LONG)
        assert manager.control(first, "a", Action.PAUSE).status is RunStatus.PAUSED
        second = manager.submit(kept("b"), "b")
        manager.wait(second, has_trained, LONG)
        manager.control(second, "b", Action.PAUSE)
        view = manager.wait(first, lambda view: view.status.is_over, LONG)
        assert view.reason == Reason(ReasonKind.NO_ROOM, "1 MB")
        assert manager.snapshot(second).status is RunStatus.PAUSED

    def test_what_nobody_pressed_for_waits_a_turn_longer(
        self, make_manager: MakeManager, clock: HandClock
    ) -> None:
        manager = make_manager(clock=clock, **STILL)
        ids = {tag: manager.submit(endless(tag), tag) for tag in "ab"}
        shy = manager.submit(ShyConfig(tag="shy", epochs=10_000), "a closer")
        manager.wait(ids["a"], has_trained, LONG)
        for expected in ("b", "a", "b", "shy"):
            pass_time(manager, clock, 11)
            assert holders(manager) == {expected}
        manager.wait(shy, has_trained, LONG)

    def test_what_is_worked_out_again_keeps_nobody_out_of_the_queue(self, make_manager: MakeManager) -> None:
        manager = make_manager(queue_limit=2)
        manager.submit(endless("a"), "a")
        for tag in "bc":
            manager.submit(AgainConfig(tag=tag, epochs=10_000), f"{tag} as of")
        with pytest.raises(QueueFullError):
            manager.submit(AgainConfig(tag="d", epochs=10_000), "d as of")
        for tag in "ef":
            manager.submit(endless(tag), tag)
        with pytest.raises(QueueFullError):
            manager.submit(endless("g"), "g")


class TestSetDown:
    def test_paused_beyond_the_budget_lies_on_disk_and_goes_on(
        self, make_manager: MakeManager, tmp_path: Path
    ) -> None:
        manager = make_manager(paused_bytes=0, data_dir=tmp_path)
        mine = manager.submit(kept("a", epochs=4), "ann", paused=True)
        manager.control(mine, "ann", Action.STEP)
        manager.wait(mine, lambda view: view.steps_done == 1, LONG)
        manager.wait(mine, lambda _: manager.health().set_down == 1, LONG)
        assert manager.health().snapshot_byte_count > 0
        assert len(list(tmp_path.rglob("*.safetensors"))) == 1
        at = manager.snapshot(mine).steps_done
        manager.control(mine, "ann", Action.STEP)
        assert manager.wait(mine, is_paused, LONG).steps_done == at + 1
        view = finish(manager, mine, "ann")
        assert view.status is RunStatus.FINISHED
        np.testing.assert_array_equal(view.losses, np.arange(200, dtype=np.float32))
        assert not list(tmp_path.rglob("*.safetensors")), "nothing is left of a training that is over"
        manager.close()
        assert not list(tmp_path.glob("shapelab-trainings-*"))

    def test_who_is_taken_up_before_it_has_let_go_is_still_heard(
        self, make_manager: MakeManager, tmp_path: Path
    ) -> None:
        manager = make_manager(paused_bytes=0)
        lets_go = tmp_path / "lets_go"
        mine = manager.submit(KeptConfig(tag="a", epochs=4, lets_go=str(lets_go)), "ann", paused=True)
        manager.control(mine, "ann", Action.STEP)
        manager.wait(mine, lambda _: manager.health().set_down == 1, LONG)
        manager.control(
            mine, "ann", Action.STEP
        )  # the same worker takes it up, beside the thread that still ends
        started = manager._pool.open_executions[0]
        manager.wait(mine, lambda _: started.attempts == 2, LONG)
        lets_go.touch()
        manager.wait(mine, is_paused, LONG)
        view = finish(manager, mine, "ann")
        assert view.status is RunStatus.FINISHED
        np.testing.assert_array_equal(view.losses, np.arange(200, dtype=np.float32))

    @pytest.mark.parametrize("state", ["training", "paused", "waiting"])
    def test_a_killed_workers_run_goes_on(
        self, make_manager: MakeManager, clock: HandClock, tmp_path: Path, state: str
    ) -> None:
        manager = make_manager(clock=clock, **STILL, snapshot_seconds=0)
        gate = tmp_path / "gate"
        mine = manager.submit(kept("a", epochs=40, gate=gate), "ann")
        manager.wait(mine, lambda _: manager.health().snapshot_byte_count > 0, LONG)
        if state == "paused":
            manager.control(mine, "ann", Action.PAUSE)
        if state == "waiting":
            pass_time(manager, clock, 11)
            manager.submit(endless("b"), "bob")
            assert holders(manager) == {"b"}
        (pid,) = manager.health().workers
        os.kill(pid, signal.SIGKILL)
        manager.wait(mine, lambda _: pid not in manager.health().workers, LONG)
        gate.touch()
        if state == "waiting":
            pass_time(manager, clock, 11)
        view = finish(manager, mine, "ann")
        assert (view.status, view.reason) == (RunStatus.FINISHED, None)
        np.testing.assert_array_equal(view.losses, np.arange(2000, dtype=np.float32))

    def test_a_worker_killed_before_anything_was_set_down_costs_nothing_either(
        self, make_manager: MakeManager, tmp_path: Path
    ) -> None:
        manager = make_manager(snapshot_seconds=1e6)
        gate = tmp_path / "gate"
        mine = manager.submit(kept("a", epochs=40, gate=gate), "ann")
        manager.wait(mine, has_trained, LONG)
        os.kill(manager.health().workers[0], signal.SIGKILL)
        gate.touch()
        view = finish(manager, mine, "ann")
        assert (view.status, view.reason) == (RunStatus.FINISHED, None)
        np.testing.assert_array_equal(view.losses, np.arange(2000, dtype=np.float32))

    def test_a_worker_killed_before_it_said_anything_leaves_nothing_out(
        self, manager: RunManager, tmp_path: Path
    ) -> None:
        mine = manager.submit(TalkConfig(tag=str(tmp_path / "tried")), "ann")
        view = manager.wait(mine, lambda view: view.status.is_over, LONG)
        assert view.status is RunStatus.FINISHED
        assert [each.text for each in view.reports if isinstance(each, Word)] == ["one", "two", "three"]
        assert manager.health().workers_started == 2

    def test_a_training_that_kills_its_workers_is_not_tried_for_ever(self, make_manager: MakeManager) -> None:
        manager = make_manager(snapshot_seconds=1e6)
        mine = manager.submit(kept("a"), "ann")
        killed: set[int] = set()
        for _ in range(2):
            manager.wait(mine, lambda _: not killed.issuperset(manager.health().workers), LONG)
            (pid,) = manager.health().workers
            killed.add(pid)
            os.kill(pid, signal.SIGKILL)
            manager.wait(mine, lambda _: killed.isdisjoint(manager.health().workers), LONG)
        view = manager.wait(mine, lambda view: view.status.is_over, LONG)
        assert view.reason == Reason(ReasonKind.WORKER_DIED, "SIGKILL (9)")

    def test_where_nothing_can_be_written_it_stays_in_memory(
        self, make_manager: MakeManager, tmp_path: Path
    ) -> None:
        (tmp_path / "a file").write_text("no folder")
        manager = make_manager(paused_bytes=0, data_dir=tmp_path / "a file" / "data")
        mine = manager.submit(CountConfig(), "ann")
        assert manager.wait(mine, lambda view: view.status.is_over, LONG).status is RunStatus.FINISHED
        mine = manager.submit(kept("a", epochs=4), "ann")
        assert manager.health().problems == ("Not a directory",)
        assert finish(manager, mine, "ann").status is RunStatus.FINISHED

    def test_a_disk_that_fails_is_told_and_the_training_goes_on(
        self, make_manager: MakeManager, tmp_path: Path
    ) -> None:
        manager = make_manager(paused_bytes=0, data_dir=tmp_path)
        mine = manager.submit(kept("a", epochs=10), "ann", paused=True)
        shutil.rmtree(next(tmp_path.glob("shapelab-trainings-*")))
        manager.control(mine, "ann", Action.STEP)
        manager.wait(mine, lambda view: view.steps_done == 1, LONG)
        manager.wait(mine, lambda _: manager.health().problems != (), LONG)
        assert manager.health().problems == ("No such file or directory",)
        assert manager.health().set_down == 0
        view = finish(manager, mine, "ann")
        np.testing.assert_array_equal(view.losses, np.arange(500, dtype=np.float32))

    def test_folders_of_killed_servers_go(self, tmp_path: Path) -> None:
        process = ps.Popen(["sleep", "0"])
        process.wait()
        left = tmp_path / f"shapelab-trainings-{process.pid}-abcd"
        living = tmp_path / f"shapelab-trainings-{os.getppid()}-abcd"
        for folder in (left, living):
            folder.mkdir()
            (folder / "1.safetensors").write_bytes(b"...")
        assert SnapshotFolder(tmp_path).path(1) is not None
        assert not left.exists()
        assert living.exists()

    @pytest.mark.skipif(os.name != "posix", reason="no locks between processes of containers")
    def test_folders_are_their_servers_whatever_its_number_is(self, tmp_path: Path) -> None:
        """In containers each server is process 1, and another's processes cannot be seen."""
        process = ps.Popen(["sleep", "0"])
        process.wait()
        elsewhere, mine = SnapshotFolder(tmp_path), SnapshotFolder(tmp_path)
        file = elsewhere.path(1)
        assert file is not None
        held = file.parent.rename(tmp_path / f"shapelab-trainings-{process.pid}-abcd")
        left = tmp_path / f"shapelab-trainings-{os.getpid()}-abcd"
        left.mkdir()
        (left / "lock").touch()
        assert mine.path(1) is not None
        assert held.exists(), "its server lives, though no process here has its number"
        assert not left.exists(), "the server before this one had its number"
        for folder in (elsewhere, mine):
            folder.close()


class TestWatchdog:
    def test_a_stopped_worker_fails_its_run_and_the_queue_goes_on(
        self, make_manager: MakeManager, clock: HandClock
    ) -> None:
        manager = make_manager(clock=clock, hang_seconds=10, tick_seconds=3600, turn_seconds=1000)
        mine, next_one = manager.submit(endless("a"), "ann"), manager.submit(CountConfig(), "bob")
        manager.wait(mine, has_trained, LONG)
        (pid,) = manager.health().workers
        os.kill(pid, signal.SIGSTOP)
        for _ in range(4):
            pass_time(manager, clock, 4)
        view = manager.wait(mine, lambda view: view.status.is_over, LONG)
        assert view.reason == Reason(ReasonKind.WORKER_HANGS, "10 s")
        manager.wait(next_one, has_trained, LONG)
        assert not ps.pid_exists(pid)

    def test_what_was_set_down_goes_on_elsewhere(
        self, make_manager: MakeManager, clock: HandClock, tmp_path: Path
    ) -> None:
        manager = make_manager(clock=clock, hang_seconds=10, tick_seconds=3600, snapshot_seconds=0)
        gate = tmp_path / "gate"
        mine = manager.submit(kept("a", epochs=40, gate=gate), "ann")
        manager.wait(mine, lambda _: manager.health().snapshot_byte_count > 0, LONG)
        os.kill(manager.health().workers[0], signal.SIGSTOP)
        for _ in range(4):
            pass_time(manager, clock, 4)
        gate.touch()
        np.testing.assert_array_equal(finish(manager, mine, "ann").losses, np.arange(2000, dtype=np.float32))

    def test_a_config_larger_than_the_pipe_cannot_hold_the_manager_up(
        self, make_manager: MakeManager, clock: HandClock
    ) -> None:
        manager = make_manager(clock=clock, hang_seconds=10, tick_seconds=3600)
        first = manager.submit(endless("a"), "ann")
        manager.wait(first, has_trained, LONG)
        os.kill(manager.health().workers[0], signal.SIGSTOP)
        manager.control(first, "ann", Action.PAUSE)
        large = manager.submit(CountConfig(tag="x" * 1_000_000), "bob")
        for _ in range(4):
            pass_time(manager, clock, 4)
        manager.wait(large, has_trained, LONG)

    def test_a_server_that_stood_still_blames_no_worker(
        self, make_manager: MakeManager, clock: HandClock
    ) -> None:
        manager = make_manager(cpu_workers=2, clock=clock, hang_seconds=10, tick_seconds=100)
        stopped, mine = manager.submit(endless("a"), "ann"), manager.submit(endless("b"), "bob")
        for each in (stopped, mine):
            manager.wait(each, has_trained, LONG)
        pids = manager.health().workers
        with manager._lock:  # so that no answer is heard
            manager.control(stopped, "ann", Action.STOP)
            pass_time(manager, clock, 1)
            pass_time(manager, clock, 1000)
        # What begins now goes to the same two workers, one after the other: both still do what they are told.
        manager.wait(manager.submit(endless("c"), "cid"), has_trained, LONG)
        manager.control(mine, "bob", Action.PAUSE)
        manager.wait(manager.submit(endless("d"), "dan"), has_trained, LONG)
        assert manager.health().workers == pids
        assert manager.snapshot(mine).status is RunStatus.PAUSED


LOSSES = np.arange(60, dtype=np.float32)


@given(st.integers(0, 60), st.integers(0, 60), st.lists(st.integers(1, 25), min_size=1))
def test_a_log_that_is_told_twice_is_as_if_told_once(known: int, back: int, sizes: list[int]) -> None:
    """Epochs of 20 steps; ``known`` steps were told, then again those from ``back`` on, in other chunks."""
    log = RunLog()
    for first, last in _chunks(0, known, [60]):
        _tell(log.append, first, last)
    for first, last in _chunks(min(known, back), 60, sizes):
        _tell(log.append_again, first, last)
    np.testing.assert_array_equal(log.losses(60), LOSSES)
    assert [report.epoch for report in log.epochs(1e9)] == [1, 2, 3]
    assert log.steps == 60


def _chunks(start: int, end: int, sizes: list[int]) -> list[tuple[int, int]]:
    chunks: list[tuple[int, int]] = []
    while start < end:
        size = sizes[len(chunks) % len(sizes)]
        last = min(start + size, end, (start // 20 + 1) * 20)
        chunks.append((start, last))
        start = last
    return chunks


def _tell(take_on: Any, first: int, last: int) -> None:
    take_on(float(last), StepsReport(first, LOSSES[first:last], seconds=0.0, samples=last))
    if last % 20 == 0:
        take_on(last + 0.5, EpochReport(last // 20, last, 0.1, 0.1, 1, 10, seconds=0.0))
