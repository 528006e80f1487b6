"""What /convolution costs: the server for a slider's move, the wire, the browser for a pointer's move."""

from __future__ import annotations

import contextlib
import os
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from playwright.sync_api import Page, WebSocket, sync_playwright

from tests.bench.measure import cpu_milliseconds
from tests.e2e.browser import FLAGS, find_browser
from tests.e2e.server import Server, running_app

MOVES = 40
QUIET_SECONDS = 0.25
POINTER_MOVES = 200
GRIDS = {
    "input": ".conv .figure.input .hit",
    "weight": ".conv .matrix.kernel",
    "output": ".conv .figure.output .hit",
}
START_SECONDS = 60
LARGEST = "/convolution?W=32&F=7&P=3"
EMPTY_PAGE = 'import streamlit as st\n\nst.write(st.slider("W", 1, 32, 7))\n'


class Wire:
    """Counts what a tab receives over its web sockets."""

    def __init__(self, page: Page) -> None:
        self.bytes = 0
        self.last = time.perf_counter()
        page.on("websocket", self._opened)

    def _opened(self, socket: WebSocket) -> None:
        socket.on("framereceived", self._received)

    def _received(self, frame: str | bytes) -> None:
        self.bytes += len(frame)
        self.last = time.perf_counter()

    def settle(self, page: Page, beyond: int) -> None:
        """Wait until more than ``beyond`` bytes have come and nothing comes any more."""
        deadline = time.perf_counter() + START_SECONDS
        while self.bytes <= beyond or time.perf_counter() - self.last < QUIET_SECONDS:
            page.wait_for_timeout(20)
            assert time.perf_counter() < deadline, "the server did not answer"


@contextlib.contextmanager
def empty_app() -> Iterator[Server]:
    """A Streamlit page with one slider and nothing else: the floor."""
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder) / "empty.py"
        script.write_text(EMPTY_PAGE)
        with running_app(script) as server:
            yield server


def slider_moves(page: Page, wire: Wire, server: Server) -> tuple[float, float]:
    """Median processor milliseconds and kilobytes of one move of the page's first slider."""
    thumb = page.get_by_role("slider").first
    thumb.wait_for()
    wire.settle(page, beyond=0)
    costs, sizes = [], []
    for move in range(MOVES):
        cpu, size = cpu_milliseconds(server.pid), wire.bytes
        thumb.press("ArrowLeft" if move % 6 < 3 else "ArrowRight")
        wire.settle(page, beyond=size)
        costs.append(cpu_milliseconds(server.pid) - cpu)
        sizes.append((wire.bytes - size) / 1000)
    return statistics.median(costs), statistics.median(sizes)


def main_thread_milliseconds(page: Page, work: Callable[[], None]) -> float:
    """What the tab's main thread did while ``work`` went on: scripts, layout and painting."""
    session = page.context.new_cdp_session(page)
    session.send("Performance.enable")

    def busy() -> float:
        metrics = session.send("Performance.getMetrics")["metrics"]
        return 1000 * next(float(metric["value"]) for metric in metrics if metric["name"] == "TaskDuration")

    before = busy()
    work()
    return busy() - before


def pointer_milliseconds(page: Page, which: str) -> float:
    """Milliseconds of the main thread for one move of the pointer over a grid, from cell to cell."""
    box = page.locator(GRIDS[which]).bounding_box()
    assert box is not None

    def wander() -> None:
        for step in range(POINTER_MOVES):
            across, down = (step * 7 % 97) / 97, (step * 13 % 89) / 89
            page.mouse.move(box["x"] + box["width"] * across, box["y"] + box["height"] * down)

    wander()
    return main_thread_milliseconds(page, wander) / POINTER_MOVES


def measure() -> dict[str, object]:
    """Slider and pointer at W = 32, F = 7, in the machine's Chromium; the empty page beside it."""
    path = find_browser()
    assert path, "no Chromium: run `make browser`"
    results: dict[str, object] = {"cores": os.cpu_count()}
    with sync_playwright() as playwright, running_app() as app, empty_app() as empty:
        browser = playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        for name, server, address in (("empty_page", empty, "/"), ("convolution", app, LARGEST)):
            page = browser.new_page(viewport={"width": 1280, "height": 1000})
            wire = Wire(page)
            page.goto(f"{server.url}{address}")
            cost, size = slider_moves(page, wire, server)
            results[f"{name}_slider_cpu_ms"] = round(cost, 2)
            results[f"{name}_slider_kilobytes"] = round(size, 1)
            if name == "convolution":
                for which in GRIDS:
                    results[f"pointer_over_{which}_ms"] = round(pointer_milliseconds(page, which), 2)
            page.close()
        browser.close()
    return results
