"""What it costs to watch: a run through the manager and its worker against the engine alone in this process."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass
from typing import Any

import psutil

from lib.core.training.config import TrainConfig
from lib.core.training.engine import train
from lib.jobs.manager import RunManager
from lib.jobs.settings import ManagerSettings
from tests.bench.measure import seconds_of

ps: Any = psutil
ROUNDS = 7
EPOCHS = 3
POLL_SECONDS = 0.5
TABS = 100


@dataclass(frozen=True)
class Cost:
    """Of one training: seconds on the clock, and of all processors that worked for it."""

    wall: float
    cpu: float


def engine_alone(seed: int) -> Cost:
    """The same training with no one to tell: chunks of an epoch, nothing sent."""
    started, cpu = time.perf_counter(), time.process_time()
    for _ in train(TrainConfig(epochs=EPOCHS, seed=seed), chunk_steps=lambda: 10_000):
        pass
    return Cost(time.perf_counter() - started, time.process_time() - cpu)


def watched_run(manager: RunManager, seed: int) -> Cost:
    """In a worker, while somebody looks twice a second; the processor time of the server counts, too."""
    (worker,) = (ps.Process(pid) for pid in manager.health().workers)
    before, cpu = worker.cpu_times(), time.process_time()
    run_id = manager.submit(TrainConfig(epochs=EPOCHS, seed=seed), owner="bench")
    for _ in manager.subscribe(run_id, every_seconds=POLL_SECONDS):
        pass
    after = worker.cpu_times()
    in_worker = after.user + after.system - before.user - before.system
    return Cost(manager.snapshot(run_id).seconds, in_worker + time.process_time() - cpu)


def snapshot_microseconds(manager: RunManager) -> float:
    """One look at a run, as each open tab takes twice a second."""
    run_id = manager.runs_of("bench")[-1].id
    return 1e6 * seconds_of(lambda: [manager.snapshot(run_id) for _ in range(1000)]) / 1000


def measure() -> dict[str, object]:
    """Rounds alternate and the best of each counts, as whatever else runs can only slow them down.

    A ratio of 1.05 is a cost of 5 %; on a busy machine the processor's time is the steadier of the two.
    """
    # No politeness here: the rivals must have the same right to the cores.
    manager = RunManager(ManagerSettings(cpu_workers=1, worker_threads=1, niceness=0))
    try:
        manager.warm_up()
        watched_run(manager, seed=1000)
        engine_alone(seed=1000)
        rounds = [(engine_alone(seed), watched_run(manager, seed)) for seed in range(ROUNDS)]
        microseconds = snapshot_microseconds(manager)
    finally:
        manager.close()
    alone = Cost(min(one.wall for one, _ in rounds), min(one.cpu for one, _ in rounds))
    watched = Cost(min(one.wall for _, one in rounds), min(one.cpu for _, one in rounds))
    return {
        "engine_alone_seconds": round(alone.wall, 3),
        "watched_run_seconds": round(watched.wall, 3),
        "watched_to_alone_ratio": round(watched.wall / alone.wall, 3),
        "watched_to_alone_cpu_ratio": round(watched.cpu / alone.cpu, 3),
        "snapshot_microseconds": round(microseconds, 1),
        "server_share_of_100_tabs": round(2 * TABS * microseconds / 1e6, 4),
        "cores": os.cpu_count(),
    }
