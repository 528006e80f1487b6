"""DistributedDataParallel in two real processes: the numbers, the ends, and no process left behind."""

from __future__ import annotations

import os
import signal
from pathlib import Path
from typing import Any

import numpy as np
import psutil
import pytest

from lib.core.autograd.parallel import ParallelConfig, ParallelStep, Reduction, simulate
from lib.jobs.manager import RunManager
from lib.jobs.memory import free_megabytes
from lib.jobs.views import Action, ReasonKind, RunStatus, RunView
from tests.jobs.conftest import MakeManager
from tests.jobs.test_server_death import wait_until_gone
from tests.jobs.waiting import LONG, is_over

ps: Any = psutil
OWNER = "learner-of-the-parallel-run"


def found(pid: int) -> list[Any]:
    """The process, if there still is one."""
    try:
        return [ps.Process(pid)]
    except psutil.NoSuchProcess:
        return []


def is_child(process: Any) -> bool:
    try:
        return "lib.jobs.parallel" in process.cmdline()
    except psutil.NoSuchProcess:  # it ended meanwhile
        return False


def children(pid: int) -> list[Any]:
    return [each for each in ps.Process(pid).children(recursive=True) if is_child(each)]


def has_a_step(view: RunView) -> bool:
    return view.steps_done >= 1 or view.status.is_over


def test_ddp_averages_as_the_page_says_and_leaves_no_process(manager: RunManager) -> None:
    configs = (ParallelConfig(8, 4), ParallelConfig(7, 3), ParallelConfig(8, 4, Reduction.SUM))
    for config in configs:
        view = manager.wait(manager.submit(config, OWNER), is_over, LONG)
        assert view.status is RunStatus.FINISHED, view.reason
        steps = [report for report in view.reports if isinstance(report, ParallelStep)]
        assert len(steps) == config.total_steps
        for ours, real in zip(simulate(config), steps, strict=True):
            for name in ("local", "averaged", "single", "parameters", "single_parameters"):
                np.testing.assert_allclose(getattr(real, name), getattr(ours, name), rtol=1e-9, err_msg=name)
            np.testing.assert_array_equal(real.parameters[0], real.parameters[1])
        worker, child = steps[0].pids
        assert worker in manager.health().workers
        assert wait_until_gone(found(child))
    assert not children(manager.health().workers[0])


def test_the_second_process_ends_with_the_worker_and_with_a_stopped_run(make_manager: MakeManager) -> None:
    manager = make_manager()
    run = manager.submit(ParallelConfig(6, 3), OWNER, paused=True)
    manager.control(run, OWNER, Action.STEP)
    view = manager.wait(run, has_a_step, LONG)
    child = ps.Process(next(report for report in view.reports if isinstance(report, ParallelStep)).pids[1])
    manager.control(run, OWNER, Action.STOP)
    assert wait_until_gone([child])

    run = manager.submit(ParallelConfig(10, 5), OWNER, paused=True)
    manager.control(run, OWNER, Action.STEP)
    view = manager.wait(run, has_a_step, LONG)
    worker, pid = next(report for report in view.reports if isinstance(report, ParallelStep)).pids
    child = ps.Process(pid)
    os.kill(worker, signal.SIGKILL)
    view = manager.wait(run, is_over, LONG)
    assert view.reason is not None
    assert view.reason.kind is ReasonKind.WORKER_DIED
    assert wait_until_gone([child])


@pytest.mark.long
def test_a_second_process_that_dies_fails_the_run_and_the_next_works(manager: RunManager) -> None:
    run = manager.submit(ParallelConfig(4, 2), OWNER, paused=True)
    manager.control(run, OWNER, Action.STEP)
    view = manager.wait(run, has_a_step, LONG)
    child = ps.Process(next(report for report in view.reports if isinstance(report, ParallelStep)).pids[1])
    child.kill()
    assert wait_until_gone([child])
    manager.control(run, OWNER, Action.RESUME)
    view = manager.wait(run, is_over, LONG)
    assert view.status is RunStatus.FAILED
    assert view.reason is not None
    assert "second process" in view.reason.detail
    again = manager.wait(manager.submit(ParallelConfig(4, 2), OWNER), is_over, LONG)
    assert again.status is RunStatus.FINISHED


def test_memory_is_the_smaller_of_machine_and_container(tmp_path: Path) -> None:
    meminfo = tmp_path / "meminfo"
    meminfo.write_text("MemTotal: 8000000 kB\nMemAvailable: 2048000 kB\n")
    assert free_megabytes(meminfo, tmp_path / "none") == 2000
    for name, text in {
        "memory.max": str(700 * 2**20),
        "memory.current": str(600 * 2**20),
        "memory.stat": f"anon 1\ninactive_file {50 * 2**20}\n",
    }.items():
        (tmp_path / name).write_text(text)
    assert free_megabytes(meminfo, tmp_path) == 150
    (tmp_path / "memory.max").write_text("max\n")
    assert free_megabytes(meminfo, tmp_path) == 2000
    assert free_megabytes(tmp_path / "no", tmp_path) is None


@pytest.mark.parametrize(("batch", "first"), [(1, 1), (17, 3), (8, 0), (8, 8)])
def test_bad_splits_are_refused(batch: int, first: int) -> None:
    with pytest.raises(ValueError, match="samples"):
        ParallelConfig(batch, first)
