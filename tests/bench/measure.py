"""How the benchmarks time: contestants take turns in one process, so that what slows one slows the other."""

from __future__ import annotations

import contextlib
import statistics
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import psutil

ps: Any = psutil


def seconds_of(work: Callable[[], object]) -> float:
    """Wall-clock seconds of one call."""
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def alternating(contestants: Mapping[str, Callable[[], object]], rounds: int) -> dict[str, float]:
    """Median seconds of each contestant over rounds in which all take their turn once.

    >>> sorted(alternating({"a": lambda: None, "b": lambda: None}, rounds=3))
    ['a', 'b']
    """
    times: dict[str, list[float]] = {name: [] for name in contestants}
    for _ in range(rounds):
        for name, work in contestants.items():
            times[name].append(seconds_of(work))
    return {name: statistics.median(values) for name, values in times.items()}


def cpu_milliseconds(pid: int) -> float:
    """Processor time of a process so far, all threads; to the nanosecond where the system has it."""
    tasks = Path(f"/proc/{pid}/task")
    if not tasks.exists():
        times = ps.Process(pid).cpu_times()
        return float(1000 * (times.user + times.system))
    total = 0
    for task in tasks.iterdir():
        with contextlib.suppress(OSError):  # a thread that has just ended
            total += int((task / "schedstat").read_text().split()[0])
    return total / 1e6
