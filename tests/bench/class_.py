"""A class does the same at the same moment: presses Train, moves a slider each second, comes and goes.

Learners are headless and of a lower priority than the server. Beside the moves stands a page with one slider in a
fragment and nothing else, on a server of its own, its collector off, measured in the same run. ``load`` is the
machine's when a figure was taken: 2 cores that others use, too, show it.
"""

from __future__ import annotations

import asyncio
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

from lib.ui.pages import PAGES
from tests.bench.learner import Learner, Patience
from tests.bench.measure import cpu_milliseconds
from tests.e2e.server import Server, running_app

CLASS, TWO_CLASSES, CROWD = 30, 60, 100
MOVES = 8
PERIOD = 1.0
EMPTY = """
import streamlit as st

@st.fragment
def part():
    st.slider("x", 0, 100)

part()
"""
LONG_TRAINING = "epochs=50&hidden=1024&lr=0.0001&seed=77"
ROOT = Path(__file__).resolve().parents[2]


def measure() -> dict[str, object]:
    """Milliseconds, kilobytes, and ratios to the empty page."""
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder) / "empty.py"
        script.write_text(EMPTY)
        results = _training_at_once()
        with (
            running_app(SHAPELAB_GRACE_SECONDS="3600") as server,
            running_app(script, STREAMLIT_RUNNER_POST_SCRIPT_GC="false") as empty,
        ):
            _as_a_class("work", server)
            for count in (CLASS, TWO_CLASSES):
                results |= _moves(server, empty, count)
        with running_app() as server:
            results |= _as_a_class("crowd", server, str(CROWD))
    return results


def _training_at_once() -> dict[str, object]:
    """Of one learner, and of thirty who share a training: what each further one costs."""
    with running_app() as server:
        _as_a_class("train", server, "1", "seed=5")  # the page, torch and the charts have been made once
        alone = _as_a_class("train", server, "1", "seed=1")
        together = _as_a_class("train", server, str(CLASS), "seed=2")
    further = CLASS - 1
    each = {
        "server_ms_for_each_further_result": (together["results_ms"] - alone["results_ms"]) / further,
        "kilobytes_for_each_further_result": (together["results_kilobytes"] - alone["results_kilobytes"])
        / further,
    }
    return {
        "last_of_30_reads_the_final_line_after_s": together["last_final_line_s"],
        "server_ms_of_one_result": alone["results_ms"],
        **{name: round(value, 1) for name, value in each.items()},
        "errors_of_30_at_once": together["errors"],
        "load_of_30_at_once": together["load"],
    }


def _moves(server: Server, empty: Server, count: int) -> dict[str, object]:
    floor = _as_a_class("move", empty, "", str(count))
    results: dict[str, object] = {f"move_of_{count}_on_an_empty_page": _said(floor)}
    for page in PAGES:
        moved = _as_a_class("move", server, "" if page == "home" else page, str(count))
        results[f"move_of_{count}_on_{page}"] = _said(moved, floor)
    return results


def _said(moved: dict[str, Any], floor: dict[str, Any] | None = None) -> str:
    if not moved["moves"]:
        return "nothing to move that asks the server"

    def ratio(name: str) -> str:
        return "" if floor is None else f" ({moved[name] / floor[name]:.2f} x)"

    return (
        f"p95 {moved['p95_ms']} ms{ratio('p95_ms')}, server {moved['server_ms']} ms{ratio('server_ms')}, "
        f"{moved['kilobytes']} KB, errors {moved['errors']}, load {moved['load']}"
    )


def _as_a_class(what: str, server: Server, *arguments: str) -> dict[str, Any]:
    """In a process of lower priority."""
    command = [sys.executable, "-m", "tests.bench.class_", what, server.url, str(server.pid), *arguments]
    run = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True)
    found: dict[str, Any] = json.loads(run.stdout)
    return {**found, "load": round(os.getloadavg()[0], 1)}


async def work(url: str, pid: int) -> dict[str, Any]:
    """Start one training that goes on for long, and leave."""
    async with Learner(url, "train", LONG_TRAINING) as learner:
        await learner.open()
        await learner.press("Train")
    return {"pid": pid, "errors": learner.errors}


async def train(url: str, pid: int, count: str, query: str) -> dict[str, Any]:
    """All press Train with the same settings, within the same moment; what follows the end of the run is measured."""
    async with AsyncExitStack() as stack:
        learners = await _open(stack, [Learner(url, "train", query) for _ in range(int(count))])
        kept = await asyncio.to_thread(_kept_runs, url)
        await asyncio.gather(*[each.press("Train") for each in learners])
        while await asyncio.to_thread(_kept_runs, url) == kept and not any(
            each.final_at for each in learners
        ):
            await asyncio.sleep(0.05)
        over, cpu, received = time.perf_counter(), cpu_milliseconds(pid), [each.received for each in learners]
        finals = await asyncio.gather(*[each.until_final() for each in learners])
        await asyncio.sleep(1.0)
        spent = cpu_milliseconds(pid) - cpu
        sizes = [each.received - before for each, before in zip(learners, received, strict=True)]
    return {
        "last_final_line_s": round(max(finals) - over, 2),
        "results_ms": round(spent, 1),
        "results_kilobytes": round(sum(sizes) / 1000, 1),
        "errors": _errors(learners),
    }


def _kept_runs(url: str) -> int:
    with urllib.request.urlopen(f"{url}/health") as answer:
        return int(json.load(answer)["kept_runs"])


async def move(url: str, pid: int, page: str, count: str) -> dict[str, Any]:
    """Each moves the page's first slider once a second, one after the other within the second."""
    times: list[float] = []
    async with AsyncExitStack() as stack:
        first = (await _open(stack, [Learner(url, page)]))[0]
        if not first.sliders:
            return {"moves": 0}
        learners = [first, *await _open(stack, [Learner(url, page) for _ in range(int(count) - 1)])]
        await asyncio.gather(*[each.move() for each in learners])
        await asyncio.sleep(1.0)
        cpu, received = cpu_milliseconds(pid), sum(each.received for each in learners)

        async def go(number: int, learner: Learner) -> None:
            await asyncio.sleep(number * PERIOD / len(learners))
            for _ in range(MOVES):
                took = await learner.move()
                times.append(took)
                await asyncio.sleep(max(0.0, PERIOD - took))

        await asyncio.gather(*[go(number, each) for number, each in enumerate(learners)])
        spent, got = cpu_milliseconds(pid) - cpu, sum(each.received for each in learners) - received
    return {
        "moves": len(times),
        "p95_ms": round(1000 * _p95(times), 1),
        "server_ms": round(spent / len(times), 2),
        "kilobytes": round(got / len(times) / 1000, 1),
        "errors": _errors(learners),
    }


async def crowd(url: str, pid: int, count: str) -> dict[str, Any]:
    """Learners who open a page, move, go on to /train and train, a third of them with the defaults."""
    delays: dict[str, list[float]] = {"open": [], "move": [], "train_page": [], "final_line_after": []}
    began, cpu = time.perf_counter(), cpu_milliseconds(pid)
    ends: list[float] = []
    patience = Patience()

    async def live(number: int) -> list[str]:
        await asyncio.sleep(number * 0.1)
        async with Learner(url, "convolution", patience=patience) as first:
            delays["open"].append(await first.open())
            for _ in range(5):
                delays["move"].append(await first.move())
                await asyncio.sleep(PERIOD)
        query = "" if number % 3 == 0 else f"seed={number}&epochs=1"
        async with Learner(url, "train", query, patience=patience) as second:
            delays["train_page"].append(await second.open())
            pressed = time.perf_counter()
            await second.press("Train")
            delays["final_line_after"].append(await second.until_final() - pressed)
            ends.append(time.perf_counter())
            return [*first.errors, *second.errors]

    told = await asyncio.gather(*[live(number) for number in range(int(count))], return_exceptions=True)
    lost = [repr(each) for each in told if isinstance(each, BaseException)]
    errors = [error for each in told if isinstance(each, list) for error in each]
    busy = (cpu_milliseconds(pid) - cpu) / 1000 / (time.perf_counter() - began)
    return {
        "crowd_learners": int(count),
        "crowd_errors": len(errors),
        "crowd_lost_runs": len(lost),
        **{
            f"crowd_{name}_s": f"median {statistics.median(each):.2f}, p95 {_p95(each):.2f}, last {max(each):.2f}"
            for name, each in delays.items()
            if len(each) > 1
        },
        "crowd_server_busy": round(busy, 2),
        "crowd_first_problems": [*lost, *errors][:3],
    }


async def _open(stack: AsyncExitStack, learners: Sequence[Learner]) -> list[Learner]:
    """All connect and open their page, at once."""
    entered = [await stack.enter_async_context(each) for each in learners]
    await asyncio.gather(*[each.open() for each in entered])
    return entered


def _errors(learners: Sequence[Learner]) -> int:
    return sum(len(each.errors) for each in learners)


def _p95(times: Sequence[float]) -> float:
    return statistics.quantiles(times, n=20)[-1] if len(times) > 1 else times[0]


PARTS: dict[str, Callable[..., Awaitable[dict[str, Any]]]] = {
    "work": work,
    "train": train,
    "move": move,
    "crowd": crowd,
}


def main() -> None:
    """``what url pid argument…``: prints JSON."""
    os.nice(5)
    what, url, pid, *arguments = sys.argv[1:]

    async def part() -> dict[str, Any]:
        return await PARTS[what](url, int(pid), *arguments)

    print(json.dumps(asyncio.run(part())))


if __name__ == "__main__":
    main()
