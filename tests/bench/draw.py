"""/draw: from the message that a stroke is there to the end of the rerun that answers it; the work in it alone."""

from __future__ import annotations

import io
import statistics
import time
from collections.abc import Callable

import numpy as np
from PIL import Image
from playwright.sync_api import Page, WebSocket, sync_playwright

from lib.core.digits.classifier import answer, load_classifier
from lib.core.digits.inside import look_inside
from lib.core.digits.neighbours import nearest
from lib.core.digits.prepare import prepare
from lib.core.digits.robustness import Change, Changes, probability_curve
from lib.core.digits.upload import ink_of_picture
from lib.core.mnist import load_mnist
from lib.core.training.bundled import bundled
from tests.bench.measure import seconds_of
from tests.e2e.browser import FLAGS, find_browser
from tests.e2e.server import running_app

STROKES = 16
BUDGET_MS = 150
QUIET_SECONDS = 0.4
PATIENCE_SECONDS = 60
ROUNDS = 10


class Exchange:
    """When the tab last spoke to the server, and when it last heard from it."""

    def __init__(self, page: Page) -> None:
        self.sent = self.received = 0.0
        page.on("websocket", self._opened)

    def _opened(self, socket: WebSocket) -> None:
        socket.on("framesent", lambda _: self._note_sent())
        socket.on("framereceived", lambda _: self._note_received())

    def _note_sent(self) -> None:
        self.sent = time.perf_counter()

    def _note_received(self) -> None:
        self.received = time.perf_counter()

    def answered(self, page: Page, since: float) -> float:
        """Seconds from what the tab said after ``since`` to the last that it heard, once all is quiet."""
        deadline = time.perf_counter() + PATIENCE_SECONDS
        while (
            self.sent <= since
            or self.received <= self.sent
            or time.perf_counter() - self.received < QUIET_SECONDS
        ):
            page.wait_for_timeout(10)
            assert time.perf_counter() < deadline, "the server did not answer"
        return self.received - self.sent


def pen_lifts() -> float:
    """Median milliseconds over strokes drawn with the mouse, the server warm."""
    path = find_browser()
    assert path, "no Chromium: run `make browser`"
    with running_app() as server, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        page = browser.new_page(viewport={"width": 1280, "height": 1000})
        exchange = Exchange(page)
        page.goto(f"{server.url}/draw")
        canvas = page.locator("canvas.upper-canvas")
        canvas.wait_for(timeout=1000 * PATIENCE_SECONDS)
        exchange.answered(page, since=0)
        box = canvas.bounding_box()
        assert box is not None
        seconds = []
        for stroke in range(STROKES):
            across = box["x"] + 90 + 6 * stroke
            page.mouse.move(across, box["y"] + 60)
            page.mouse.down()
            page.mouse.move(across - 30, box["y"] + 230, steps=8)
            lifted = time.perf_counter()
            page.mouse.up()
            seconds.append(exchange.answered(page, since=lifted))
        browser.close()
    return 1000 * statistics.median(seconds[4:])  # the first ones load what is loaded once


def large_photograph() -> bytes:
    """A small 7 in a JPEG of 12 megapixels, with a camera's noise."""
    paper = np.full((3000, 4000), 230, np.float32)
    digit = np.kron(load_mnist().test_images[0], np.ones((12, 12), np.uint8))
    paper[1200 : 1200 + len(digit), 1700 : 1700 + len(digit)] -= 0.8 * digit
    noisy = paper + np.random.default_rng(0).normal(0, 4, paper.shape)
    buffer = io.BytesIO()
    Image.fromarray(noisy.clip(0, 255).astype(np.uint8)).convert("RGB").save(
        buffer, format="JPEG", quality=85
    )
    return buffer.getvalue()


def measure() -> dict[str, object]:
    """Milliseconds, and the pen's share of its budget."""
    import torch

    torch.set_num_threads(1)
    lift = pen_lifts()
    model = load_classifier(bundled().config, bundled().weights)
    drawing = np.kron(load_mnist().test_images[0], np.ones((10, 10), np.uint8))
    prepared = prepare(drawing)
    assert prepared is not None
    photograph = large_photograph()
    parts: dict[str, Callable[[], object]] = {
        "prepare": lambda: prepare(drawing),
        "answer": lambda: answer(model, prepared.pixels),
        "look_inside": lambda: look_inside(model, prepared.pixels),
        "nearest": lambda: nearest(prepared.fed, 10),
        "photo_12_megapixels": lambda: ink_of_picture(photograph),
        "curve": lambda: probability_curve(model, prepared.pixels, Changes(), Change.ROTATE),
    }
    results: dict[str, object] = {
        "pen_lift_ms": round(lift, 1),
        "pen_lift_share_of_budget": round(lift / BUDGET_MS, 2),
    }
    for name, work in parts.items():
        work()
        best = statistics.median(seconds_of(work) for _ in range(ROUNDS))
        results[f"{name}_ms"] = round(1000 * best, 2)
    return results
