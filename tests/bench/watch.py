"""What one tab that watches a training costs the server's process, in milliseconds of processor time a second.

The training itself is a worker's. A headless learner does what a browser does: a redraw twice a second.
"""

from __future__ import annotations

import asyncio
from typing import Any

from tests.bench.learner import Learner
from tests.bench.measure import cpu_milliseconds
from tests.e2e.server import running_app

BUDGET_MS = 20
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


def measure() -> dict[str, Any]:
    """Each way in turn, and what the server needs without anybody on it."""
    results: dict[str, Any] = {"budget_ms_a_second": BUDGET_MS}
    with running_app() as server:
        for name, query in WAYS.items():
            found = asyncio.run(watched(server.url, server.pid, query))
            results[f"{name}_server_ms_a_second"] = round(found["ms"], 1)
            results[f"{name}_kilobytes_a_second"] = round(found["kilobytes"], 1)
    return results
