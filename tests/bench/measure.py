"""How the benchmarks time: contestants take turns in one process, so that what slows one slows the other."""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable, Mapping
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


def paired_ratio(work: Callable[[], object], other: Callable[[], object], rounds: int) -> float:
    """How many times as long as the other some work takes: median of pairs, each side first in every second of them.

    For differences that are smaller than what a machine's speed changes by from one moment to the next.

    >>> 0 < paired_ratio(lambda: sum(range(1000)), lambda: sum(range(1000)), rounds=5) < 100
    True
    """
    work()
    other()
    ratios = []
    for turn in range(rounds):
        if turn % 2:
            took, beside = seconds_of(work), seconds_of(other)
        else:
            beside, took = seconds_of(other), seconds_of(work)
        ratios.append(took / beside)
    return statistics.median(ratios)


def cpu_milliseconds(pid: int) -> float:
    """Processor time of a process so far, threads that have ended included; to the nanosecond on Linux.

    >>> import os
    >>> before = cpu_milliseconds(os.getpid())
    >>> _ = sum(range(1_000_000))
    >>> 0 < cpu_milliseconds(os.getpid()) - before < 10_000
    True

    Source: clock_getcpuclockid(3) of the GNU C library.
    """
    if sys.platform == "linux":
        return 1000 * time.clock_gettime((~pid << 3) | 2)
    times = ps.Process(pid).cpu_times()
    return float(1000 * (times.user + times.system))
