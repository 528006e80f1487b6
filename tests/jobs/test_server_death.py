"""When the server goes, its workers go: whichever signal it was, whatever they were doing."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.jobs.waiting import LONG
from tests.processes import is_alive, ps

ROOT = Path(__file__).resolve().parents[2]

SERVER = """
import signal
import sys
import threading
from lib.core.training.config import TrainConfig
from lib.jobs.manager import RunManager, get_manager
from lib.jobs.settings import ManagerSettings
from lib.jobs.views import Action
from tests.jobs.works import CountConfig

signal.signal(signal.SIGINT, signal.default_int_handler)  # also where the tests themselves ignore it
signal.signal(signal.SIGHUP, signal.SIG_DFL)
state = sys.argv[1]
manager = RunManager(ManagerSettings(cpu_workers=2, preload=())) if state == "counting" else get_manager()
if state == "booting":
    manager.warm_up()
else:
    for seed in (0, 1):
        training = TrainConfig(hidden=(256,), epochs=50, seed=seed)
        run = manager.submit(CountConfig(str(seed), epochs=10_000) if state == "counting" else training, str(seed))
        manager.wait(run, lambda view: view.steps_done > 0, 120)
    manager.control(run, "1", Action.PAUSE)
print(*manager.health().workers, flush=True)
threading.Event().wait()
"""


@contextmanager
def a_server(state: str) -> Iterator[tuple[subprocess.Popen[str], list[Any]]]:
    """A process with a manager, leader of its own group as under a terminal; and its workers.

    Booting: one that imports torch; otherwise two, of which one is at work and one holds a paused run.
    """
    server = subprocess.Popen(
        [sys.executable, "-c", SERVER, state],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        start_new_session=True,
        env={**os.environ, "SHAPELAB_CPU_WORKERS": "2"},
    )
    try:
        assert server.stdout is not None
        workers = [ps.Process(int(pid)) for pid in server.stdout.readline().split()]
        yield server, workers
    finally:
        server.kill()
        server.wait()


def wait_until_gone(processes: list[Any]) -> bool:
    """Whether all have ended in time; a process is known by its start, not by its number alone."""
    _, left = ps.wait_procs(processes, timeout=0.01)
    deadline = time.monotonic() + LONG
    while any(is_alive(process) for process in left):
        if time.monotonic() > deadline:
            return False
        _, left = ps.wait_procs(left, timeout=0.05)
    return True


@pytest.mark.parametrize(
    ("state", "number"),
    [
        ("training", signal.SIGKILL),
        ("counting", signal.SIGTERM),
        ("counting", signal.SIGINT),
        ("counting", signal.SIGHUP),
        ("booting", signal.SIGKILL),
    ],
)
def test_no_worker_outlives_its_server(state: str, number: signal.Signals) -> None:
    with a_server(state) as (server, workers):
        assert len(workers) == (1 if state == "booting" else 2)
        assert all(is_alive(worker) for worker in workers)
        server.send_signal(number)
        server.wait(LONG)
        assert wait_until_gone(workers)


def test_ctrl_c_in_a_terminal_reaches_all_of_them() -> None:
    with a_server("training") as (server, workers):
        os.killpg(server.pid, signal.SIGINT)
        server.wait(LONG)
        assert wait_until_gone(workers)
