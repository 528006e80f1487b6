"""A first visit to each page: bytes, blocking, what jumps; and what thirty first visits cost the server.

Each visit is a browser without anything kept, at 1280 x 720; of five visits the median. ``blocking`` sums what each
long task takes beyond 50 ms, ``longest`` is the longest of them; ``shift`` is the cumulative layout shift until the
page has been at rest for two seconds.
"""

from __future__ import annotations

import gzip
import statistics
import urllib.error
import urllib.request
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Browser, sync_playwright

from lib.ui.pages import PAGES
from tests.bench.measure import cpu_milliseconds
from tests.e2e.browser import FLAGS, find_browser
from tests.e2e.server import Server, running_app
from tests.e2e.tabs import learner
from tests.e2e.waits import finished

VISITS = 5
VISITORS = 30
REST_MS = 2000
SIZE = {"width": 1280, "height": 720}
WATCH = """
window.visit = { blocking: 0, longest: 0, shift: 0, paint: 0 };
const watch = (type, take) =>
  new PerformanceObserver((list) => list.getEntries().forEach(take)).observe({ type, buffered: true });
watch("longtask", (task) => {
  window.visit.blocking += Math.max(0, task.duration - 50);
  window.visit.longest = Math.max(window.visit.longest, task.duration);
});
watch("layout-shift", (shift) => { if (!shift.hadRecentInput) window.visit.shift += shift.value; });
watch("paint", (paint) => {
  if (paint.name === "first-contentful-paint") window.visit.paint = paint.startTime;
});
"""
LOADED = """
() => [...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource")]
  .map((entry) => [entry.name, entry.transferSize])
"""


@dataclass(frozen=True)
class Visit:
    """One cold visit: kilobytes over HTTP and over the socket, milliseconds, layout shift, addresses fetched."""

    kilobytes: float
    socket_kilobytes: float
    blocking_ms: float
    longest_ms: float
    shift: float
    paint_ms: float
    addresses: tuple[str, ...]


def cold_visit(browser: Browser, address: str) -> Visit:
    """Open the page in a browser that has never been here."""
    received = 0

    def count(frame: str | bytes) -> None:
        nonlocal received
        received += len(frame)

    with learner(browser) as context:
        page = context.new_page()
        page.set_viewport_size({"width": SIZE["width"], "height": SIZE["height"]})
        page.add_init_script(WATCH)
        page.on("websocket", lambda socket: socket.on("framereceived", count))
        page.goto(address)
        finished(page)
        page.wait_for_timeout(REST_MS)
        seen: dict[str, float] = page.evaluate("window.visit")
        loaded: list[tuple[str, int]] = page.evaluate(LOADED)
    return Visit(
        kilobytes=sum(size for _, size in loaded) / 1024,
        socket_kilobytes=received / 1024,
        blocking_ms=seen["blocking"],
        longest_ms=seen["longest"],
        shift=seen["shift"],
        paint_ms=seen["paint"],
        addresses=tuple(name for name, _ in loaded if name.startswith("http")),
    )


def fetch_all(addresses: tuple[str, ...]) -> int:
    """What one visitor's browser fetches, compressed where the server does so; returns the bytes."""
    total = 0
    for address in addresses:
        request = urllib.request.Request(address, headers={"Accept-Encoding": "gzip"})
        with _opened(request) as answer:
            body = answer.read()
            total += len(body)
            if answer.headers["content-encoding"] == "gzip":
                gzip.decompress(body)
    return total


def _opened(request: urllib.request.Request) -> Any:
    """The answer; Streamlit's frontend first asks below the page's own address, where there is nothing."""
    try:
        return urllib.request.urlopen(request)
    except urllib.error.HTTPError as refusal:
        if refusal.code != 404 or "/_stcore/" not in request.full_url:
            raise
        return refusal


def server_cpu(addresses: tuple[str, ...]) -> dict[str, Any]:
    """Of a fresh server, for the files of its first visitor, who has them compressed, and of each later one."""
    with running_app() as server:
        here = tuple(server.url + "/" + address.split("/", 3)[3] for address in addresses)
        started = cpu_milliseconds(server.pid)
        fetch_all(here)
        first = cpu_milliseconds(server.pid) - started
        for _ in range(VISITORS - 1):
            fetch_all(here)
        rest = cpu_milliseconds(server.pid) - started - first
    return {
        "files_of_a_visit": len(addresses),
        "server_ms_first_visitor": round(first, 1),
        "server_ms_each_later_visitor": round(rest / (VISITORS - 1), 1),
        f"server_ms_{VISITORS}_first_visits": round(first + rest, 1),
    }


def measure() -> dict[str, Any]:
    """All pages that there are; the files of /train for the server's part."""
    results: dict[str, Any] = {}
    files: tuple[str, ...] = ()
    with running_app() as server, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_browser(), args=list(FLAGS))
        for info in PAGES.values():
            visits = _visits(browser, server, info.key)
            if info.key == "train":
                files = visits[-1].addresses
            results[info.key] = {
                name: round(statistics.median(getattr(visit, name) for visit in visits), digits)
                for name, digits in {
                    "kilobytes": 0,
                    "socket_kilobytes": 0,
                    "blocking_ms": 0,
                    "longest_ms": 0,
                    "shift": 3,
                    "paint_ms": 0,
                }.items()
            }
        browser.close()
    return {**results, **server_cpu(files)}


def _visits(browser: Browser, server: Server, key: str) -> list[Visit]:
    address = f"{server.url}/{'' if key == 'home' else key}?lang=en"
    return [cold_visit(browser, address) for _ in range(VISITS)]
