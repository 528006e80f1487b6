"""What the server and its workers hold: through a lesson, and after many visitors have come and gone.

Bytes are PSS: pages that processes share are divided among them.
"""

from __future__ import annotations

import asyncio
import threading
from typing import Any

import psutil

from lib.ui.door.health import memory_bytes
from lib.ui.pages import PAGES
from tests.bench.learner import Learner
from tests.bench.measure import ps
from tests.e2e.server import running_app

LIMIT_MB = 620
SESSIONS, ROUNDS, AT_ONCE = 200, 10, 10
READINGS = 5
LOOK_SECONDS = 0.2
_MB = 2**20


class Peak:
    """The most that a process and its children held while it was looked at."""

    def __init__(self, pid: int) -> None:
        self._pid = pid
        self._ends = threading.Event()
        self._thread = threading.Thread(target=self._look)
        self.most = 0
        self.parts: list[int] = []

    def __enter__(self) -> Peak:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ends.set()
        self._thread.join()

    def _look(self) -> None:
        while not self._ends.wait(LOOK_SECONDS):
            parts = held(self._pid)
            if sum(parts) > self.most:
                self.most, self.parts = sum(parts), parts


def held(pid: int) -> list[int]:
    """Bytes of a process, then of each of its children."""
    try:
        pids = [pid, *(child.pid for child in ps.Process(pid).children(recursive=True))]
    except psutil.NoSuchProcess:
        return []
    return [memory_bytes(each) or 0 for each in pids]


async def lesson(url: str) -> None:
    """A visit to every page, a training with the defaults, and readings of test images."""
    for page in PAGES:
        async with Learner(url, "" if page == "home" else page) as learner:
            await learner.open()
            await asyncio.sleep(0.5)
            if page == "train":
                await learner.press("Train")
                await learner.until_final()
    for number in range(READINGS):
        async with Learner(url, "draw", f"source=test&digit={number}&index={number}") as learner:
            await learner.open()
            await asyncio.sleep(0.5)


async def come_and_go(url: str, count: int) -> list[str]:
    """So many sessions, a few at a time, each on another page than the one before; what went wrong."""
    errors: list[str] = []
    pages = list(PAGES)

    async def one(number: int) -> None:
        page = pages[number % len(pages)]
        async with Learner(url, "" if page == "home" else page) as learner:
            await learner.open()
            errors.extend(learner.errors)

    for start in range(0, count, AT_ONCE):
        await asyncio.gather(*[one(number) for number in range(start, min(count, start + AT_ONCE))])
    return errors


def measure() -> dict[str, Any]:
    """Megabytes (2**20 bytes)."""
    results: dict[str, Any] = {"limit_mb": LIMIT_MB}
    with running_app() as server:
        with Peak(server.pid) as peak:
            asyncio.run(lesson(server.url))
        results["peak_of_a_lesson_mb"] = round(peak.most / _MB)
        results["of_server_and_workers_mb"] = [round(each / _MB) for each in peak.parts]
    with running_app() as server:
        rounds = []
        for _ in range(ROUNDS):
            errors = asyncio.run(come_and_go(server.url, SESSIONS))
            assert not errors, errors
            rounds.append(held(server.pid)[0] / _MB)
        results["server_mb_after_each_round"] = [round(each) for each in rounds]
        results["last_round_to_second"] = round(rounds[-1] / rounds[1], 3)
    return results
