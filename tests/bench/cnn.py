"""What /cnn costs: an edit of a stack, a classic on the screen, the arithmetic alone."""

from __future__ import annotations

import statistics
import time
from functools import partial

from playwright.sync_api import Browser, Page, expect, sync_playwright

from lib.core.nets.analysis import analyse
from lib.core.nets.classics import Classic, classic
from lib.core.nets.layers import Activation, BatchNorm, Conv
from lib.core.nets.stack import MAX_ROWS, Stack, StackRow, write_code
from tests.bench.convolution import Wire, empty_app, slider_moves
from tests.bench.measure import cpu_milliseconds, seconds_of
from tests.e2e.browser import FLAGS, find_browser
from tests.e2e.server import Server, running_app

EDITS = 24
BUDGET_MS = 20


def long_stack() -> Stack:
    """150 rows: 50 times convolution, batch norm, ReLU."""
    block = (StackRow(Conv(16, padding=(1, 1))), StackRow(BatchNorm()), StackRow(Activation()))
    return Stack(block * (MAX_ROWS // 3), 1)


def edit_milliseconds(page: Page, server: Server, address: str) -> float:
    """Median processor milliseconds of the server for one edit: the first row's channels."""
    wire = Wire(page)
    page.goto(f"{server.url}{address}")
    page.get_by_role("button", name="Edit row 1", exact=True).click()
    field = page.locator(".net-form label", has_text="out_channels").locator("input")
    wire.settle(page, beyond=0)
    costs = []
    for edit in range(EDITS):
        before, size = cpu_milliseconds(server.pid), wire.bytes
        field.fill(str(17 + edit))
        field.press("Enter")
        wire.settle(page, beyond=size)
        costs.append(cpu_milliseconds(server.pid) - before)
    return statistics.median(costs)


def first_picture_seconds(browser: Browser, server: Server) -> float:
    """From the press on its name to VGG-16's boxes, in a browser that knows the explorer already."""
    context = browser.new_context(viewport={"width": 1280, "height": 720})
    page = context.new_page()
    page.goto(f"{server.url}/cnn")
    expect(page.locator(".net [data-box]").first).to_be_visible(timeout=60_000)
    page.get_by_role("combobox", name="Network").click()
    option = page.get_by_role("option", name=Classic.VGG16.printed, exact=True)
    expect(option).to_be_visible()
    started = time.perf_counter()
    option.click()
    headline = page.locator(".st-key-cnn_headline").filter(has_text="138,357,544")
    expect(headline).to_be_visible(timeout=60_000)
    expect(page.locator(".net [data-row='31']")).to_be_visible(timeout=60_000)
    taken = time.perf_counter() - started
    context.close()
    return taken


def measure() -> dict[str, object]:
    """Edits beside an empty page's slider move; seconds of VGG-16; the arithmetic in milliseconds."""
    path = find_browser()
    assert path, "no Chromium: run `make browser`"
    results: dict[str, object] = {"budget_ms": BUDGET_MS}
    networks = {name: classic(name) for name in (Classic.VGG16, Classic.RESNET50, Classic.GOOGLENET)}
    for which, network in networks.items():
        work = partial(analyse, network)
        work()
        results[f"analyse_{which}_ms"] = round(
            1000 * statistics.median(seconds_of(work) for _ in range(9)), 2
        )
    with sync_playwright() as playwright, running_app() as server, empty_app() as empty:
        browser = playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        page = browser.new_page()
        wire = Wire(page)
        page.goto(empty.url)
        results["empty_page_ms"] = round(slider_moves(page, wire, empty)[0], 1)
        page.close()
        for name, address in {
            "edit_8_rows_ms": "/cnn?lang=en",
            "edit_150_rows_ms": f"/cnn?lang=en&stack={write_code(long_stack())}",
        }.items():
            page = browser.new_page(viewport={"width": 1280, "height": 720})
            results[name] = round(edit_milliseconds(page, server, address), 1)
            page.close()
        results["vgg16_on_screen_s"] = round(first_picture_seconds(browser, server), 2)
        browser.close()
    return results
