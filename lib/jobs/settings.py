"""How many workers, how long to wait, how much to keep."""

from __future__ import annotations

import logging
import os
import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

_log = logging.getLogger(__name__)

MEGABYTE = 2**20
WARM_UP = "lib.jobs.training:warm_up"
_CGROUP_QUOTA = Path("/sys/fs/cgroup/cpu.max")


def usable_cores() -> int:
    """Cores this process may use: a container's share counts, not the machine's number.

    >>> 1 <= usable_cores() <= (os.cpu_count() or 1)
    True
    """
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    try:
        quota, period = _CGROUP_QUOTA.read_text().split()
        cores = min(cores, max(1, round(int(quota) / int(period))))
    except (OSError, ValueError):
        pass  # no quota is set: "max 100000", or not a Linux with cgroup v2
    return cores


@dataclass(frozen=True)
class ManagerSettings:
    """Everything a test may want otherwise.

    ``grace_seconds`` is generous because browsers throttle the timers of hidden tabs to one a minute.
    ``clock`` times heartbeats, turns and replays, in seconds; ``retention_bytes`` bounds what finished runs hold
    in memory. A training that others wait for has ``turn_seconds`` at a time, and ``run_seconds`` in all.
    ``paused_bytes`` bounds what paused and waiting trainings hold in workers' memory, ``snapshot_bytes`` what they
    hold on disk. With a ``data_dir`` finished runs are kept there, and what learners keep, ``store_bytes`` of it.
    A worker that answers nothing for ``hang_seconds`` is ended.
    """

    cpu_workers: int = field(default_factory=lambda: max(1, usable_cores() - 1))
    worker_threads: int | None = None
    grace_seconds: float = 180.0
    retention_bytes: int = 256 * 2**20
    idle_seconds: float = 600.0
    tick_seconds: float = 1.0
    hang_seconds: float = 60.0
    turn_seconds: float = 10.0
    run_seconds: float = 14_400.0
    queue_limit: int = 200
    paused_bytes: int = 128 * 2**20
    snapshot_bytes: int = 1024 * 2**20
    snapshot_seconds: float = 10.0
    store_bytes: int = 512 * 2**20
    data_dir: Path | None = None
    chunk_seconds: float = 0.05
    niceness: int = 5
    preload: tuple[str, ...] = (WARM_UP,)
    clock: Callable[[], float] = time.monotonic

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> ManagerSettings:
        """Defaults, but for what the environment names: README's table of settings.

        >>> ManagerSettings.from_environment({"SHAPELAB_CPU_WORKERS": "3"}).cpu_workers
        3
        """
        defaults = cls()

        def number(name: str, default: float, low: float, high: float) -> float:
            return _number(environment, f"SHAPELAB_{name}", default, low, high)

        def megabytes(name: str, default: int) -> int:
            return round(number(name, default / MEGABYTE, 1, 1_000_000) * MEGABYTE)

        folder = environment.get("SHAPELAB_DATA_DIR", "").strip()
        return cls(
            grace_seconds=number("GRACE_SECONDS", defaults.grace_seconds, 0.001, 1e9),
            cpu_workers=int(number("CPU_WORKERS", defaults.cpu_workers, 1, 256)),
            turn_seconds=number("TURN_SECONDS", defaults.turn_seconds, 0.1, 86_400),
            run_seconds=number("RUN_SECONDS", defaults.run_seconds, 1, 1e9),
            hang_seconds=number("HANG_SECONDS", defaults.hang_seconds, 1, 86_400),
            queue_limit=int(number("QUEUE_LIMIT", defaults.queue_limit, 1, 100_000)),
            paused_bytes=megabytes("PAUSED_MB", defaults.paused_bytes),
            snapshot_bytes=megabytes("SNAPSHOT_MB", defaults.snapshot_bytes),
            store_bytes=megabytes("STORE_MB", defaults.store_bytes),
            data_dir=Path(folder) if folder else None,
        )

    @property
    def threads(self) -> int:
        """torch's threads in each worker; one core is always left to the server.

        Threads that outnumber the free cores wait for one another at each small matrix product: with two on
        two busy cores a training was seventy times slower than with one.
        """
        return self.worker_threads or max(1, (usable_cores() - 1) // self.cpu_workers)

    def slots(self, kind: str) -> int:
        """Runs of one kind that train at the same time: one a GPU."""
        return self.cpu_workers if kind == "cpu" else 1


@lru_cache(maxsize=64)
def slot_kind(device: str) -> str:
    """Whose queue a device's runs join. What names no GPU joins the CPU's, and fails there by its own error.

    >>> slot_kind("cuda"), slot_kind("cuda:1"), slot_kind("mps"), slot_kind("toaster")
    ('cuda:0', 'cuda:1', 'mps', 'cpu')
    """
    if device == "cuda":
        return "cuda:0"
    return device if re.fullmatch(r"cuda:\d{1,2}|mps", device) else "cpu"


def _number(environment: Mapping[str, str], name: str, default: float, low: float, high: float) -> float:
    text = environment.get(name)
    if text is None:
        return default
    try:
        value = float(text)
    except ValueError:
        value = float("nan")
    if low <= value <= high:
        return value
    _log.warning("%s=%r is not a number from %g to %g; using %g", name, text, low, high, default)
    return default
