"""What it costs to watch: a run through the manager and its worker against the engine alone in this process."""

from __future__ import annotations

import os
import statistics
import time

from lib.core.training.config import TrainConfig
from lib.core.training.engine import train
from lib.jobs.manager import RunManager
from lib.jobs.settings import ManagerSettings
from tests.bench.measure import seconds_of

ROUNDS = 7
EPOCHS = 3
POLL_SECONDS = 0.5
TABS = 100


def engine_alone(seed: int) -> None:
    """The same training with no one to tell: chunks of an epoch, nothing drawn."""
    for _ in train(TrainConfig(epochs=EPOCHS, seed=seed), chunk_steps=lambda: 10_000):
        pass


def watched_run(manager: RunManager, seed: int) -> tuple[float, float]:
    """Seconds of training inside the worker, and from the press of Train to its end, seen twice a second."""
    started = time.perf_counter()
    run_id = manager.submit(TrainConfig(epochs=EPOCHS, seed=seed), owner="bench")
    for _ in manager.subscribe(run_id, every_seconds=POLL_SECONDS):
        pass
    view = manager.wait(run_id, lambda view: view.status.is_over, timeout_seconds=120)
    return view.seconds, time.perf_counter() - started


def snapshot_microseconds(manager: RunManager, run_id: str) -> float:
    """One look at a run, as each open tab takes twice a second."""
    return 1e6 * seconds_of(lambda: [manager.snapshot(run_id) for _ in range(1000)]) / 1000


def measure() -> dict[str, object]:
    """Ratios of medians, rounds alternating; 1.05 would be a cost of 5 %."""
    # No politeness here: the rivals must have the same right to the cores.
    manager = RunManager(ManagerSettings(cpu_workers=1, worker_threads=1, niceness=0))
    alone: list[float] = []
    inside: list[float] = []
    try:
        watched_run(manager, seed=1000)
        engine_alone(seed=1000)
        for seed in range(ROUNDS):
            alone.append(seconds_of(lambda seed=seed: engine_alone(seed)))  # type: ignore[misc]
            inside.append(watched_run(manager, seed)[0])
        last = manager.runs_of("bench")[-1]
        microseconds = snapshot_microseconds(manager, last.id)
    finally:
        manager.close()
    ratios = [mine / other for mine, other in zip(inside, alone, strict=True)]
    return {
        "engine_alone_seconds": round(statistics.median(alone), 3),
        "watched_run_seconds": round(statistics.median(inside), 3),
        "watched_to_alone_ratio": round(statistics.median(ratios), 3),
        "snapshot_microseconds": round(microseconds, 1),
        "server_share_of_100_tabs": round(2 * TABS * microseconds / 1e6, 4),
        "cores": os.cpu_count(),
    }
