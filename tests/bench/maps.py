"""The networks in the browser: milliseconds of the tab for each frame while a digit is drawn."""

from __future__ import annotations

import statistics
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from tests.e2e.browser import FLAGS, find_browser
from tests.e2e.server import APP, running_app

BUDGET_MS = 4.0
BARS_BUDGET_MS = 16.0
WARM_UP = 30
MOVES = 150
PATIENCE_MS = 60_000
PAGE = Path(__file__).resolve().parents[1] / "e2e" / "maps_page.py"
NEXT_FRAME = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"


def frames(page: Page) -> dict[str, list[float]]:
    """What the pictures say that they took, one number a move of the pen: a spiral, so that each frame differs."""
    canvas = page.locator("canvas.upper-canvas")
    canvas.wait_for(timeout=PATIENCE_MS)
    maps, bars = page.locator(".maps"), page.locator(".digit-bars")
    maps.and_(page.locator("[data-best]")).wait_for(timeout=PATIENCE_MS)
    box = canvas.bounding_box()
    assert box is not None
    took: dict[str, list[float]] = {"read": [], "maps": [], "bars": []}
    page.mouse.move(box["x"] + 100, box["y"] + 100)
    page.mouse.down()
    for move in range(WARM_UP + MOVES):
        across = (17 * move) % 160
        page.mouse.move(box["x"] + 20 + across, box["y"] + 20 + (move % 160))
        page.evaluate(NEXT_FRAME)
        if move >= WARM_UP:
            took["read"].append(float(maps.get_attribute("data-read") or 0))
            took["maps"].append(float(maps.get_attribute("data-frame") or 0))
            took["bars"].append(float(bars.get_attribute("data-frame") or 0))
    page.mouse.up()
    return took


def measure() -> dict[str, object]:
    """Medians: reading and preparing the drawing, the CNN with all its maps painted, two networks' bars."""
    path = find_browser()
    assert path, "no Chromium: run `make browser`"
    with running_app(PAGE, PYTHONPATH=str(APP.parent)) as server, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        page = browser.new_page(viewport={"width": 1280, "height": 1000})
        page.goto(server.url)
        median = {name: statistics.median(values) for name, values in frames(page).items()}
        browser.close()
    return {
        "read_and_prepare_ms": round(median["read"], 2),
        "maps_frame_ms": round(median["maps"], 2),
        "maps_share_of_budget": round((median["read"] + median["maps"]) / BUDGET_MS, 2),
        "bars_of_two_networks_ms": round(median["bars"], 2),
        "bars_share_of_budget": round((median["read"] + median["bars"]) / BARS_BUDGET_MS, 2),
    }
