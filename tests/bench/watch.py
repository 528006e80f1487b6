"""What one tab that watches a training costs the server's process, in milliseconds of processor time a second.

The training itself is a worker's; what the server needs while nobody is there is printed, and not taken off. A
headless learner does what a browser does: a redraw each second. Beside it stands a page with a progress bar
alone that is redrawn as often, in the same run.
"""

from __future__ import annotations

import asyncio
import tempfile
import time
from pathlib import Path
from typing import Any

from lib.lessons.train.live import STEADY_SECONDS
from tests.bench.learner import Learner
from tests.bench.measure import cpu_milliseconds
from tests.e2e.server import running_app

BUDGET_MS = 20
EMPTY = f"""
import streamlit as st

@st.fragment(run_every={STEADY_SECONDS})
def part():
    st.progress(0.5)

part()
"""
SECONDS = 12.0
LEAD_SECONDS = 6.0
WAYS = {
    "full_speed": "epochs=50&hidden=400",
    "ten_steps_a_second": "epochs=50&speed=10&seed=5",
    "hundred_steps_a_second": "epochs=50&speed=100&seed=6",
    "paused": "epochs=50&paused=true&seed=7",
}
"""How it is watched; each training outlasts its measurement."""


async def watched(url: str, pid: int, query: str) -> dict[str, float]:
    """Of a tab whose training has been going on for a while."""
    async with Learner(url, "train", query) as learner:
        await learner.open()
        await learner.press("Train")
        await asyncio.sleep(LEAD_SECONDS)
        cpu, received = cpu_milliseconds(pid), learner.received
        await asyncio.sleep(SECONDS)
        spent, got = cpu_milliseconds(pid) - cpu, learner.received - received
        await learner.press("Stop")
        assert not learner.errors, learner.errors
    return {"ms": spent / SECONDS, "kilobytes": got / SECONDS / 1000}


def still(pid: int) -> float:
    """Without anybody on it: its own clocks."""
    time.sleep(LEAD_SECONDS)
    cpu = cpu_milliseconds(pid)
    time.sleep(SECONDS)
    return (cpu_milliseconds(pid) - cpu) / SECONDS


async def floor(url: str, pid: int) -> float:
    """Of a tab on the empty page."""
    async with Learner(url, "") as learner:
        await learner.open()
        await asyncio.sleep(1.0)
        cpu = cpu_milliseconds(pid)
        await asyncio.sleep(SECONDS)
        return (cpu_milliseconds(pid) - cpu) / SECONDS


def measure() -> dict[str, Any]:
    """Each way in turn, and what the server needs without anybody on it."""
    results: dict[str, Any] = {"budget_ms_a_second": BUDGET_MS}
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder) / "empty.py"
        script.write_text(EMPTY)
        with running_app(script, STREAMLIT_RUNNER_POST_SCRIPT_GC="false") as empty:
            results["empty_page_server_ms_a_second"] = round(asyncio.run(floor(empty.url, empty.pid)), 1)
    with running_app() as server:
        results["nobody_server_ms_a_second"] = round(still(server.pid), 1)
        for name, query in WAYS.items():
            found = asyncio.run(watched(server.url, server.pid, query))
            results[f"{name}_server_ms_a_second"] = round(found["ms"], 1)
            results[f"{name}_kilobytes_a_second"] = round(found["kilobytes"], 1)
    return results
