"""/optimizers: server processor time of a control's move, frames a second while a race plays, a sweep's time."""

from __future__ import annotations

import re
import time
from collections.abc import Callable

from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.bench.tensors import BUDGET_MS, move_ms
from tests.e2e.browser import FLAGS, find_browser
from tests.e2e.server import running_app

SCREENS = {"experiments": ("optimizers?topic=experiments", 0), "mnist": ("optimizers?topic=mnist", 0)}
WATCHED_MS = 3000
ANY_STEP = re.compile("[1-9]")
COUNT_FRAMES = """(wanted) => new Promise((done) => {
  const start = performance.now();
  let frames = 0;
  const tick = (now) => {
    frames += 1;
    if (now - start < wanted) requestAnimationFrame(tick);
    else done((1000 * frames) / (now - start));
  };
  requestAnimationFrame(tick);
})"""


def frames_a_second(browser: Browser, url: str) -> tuple[float, float]:
    """While seven racers play on Rosenbrock; and at rest, for comparison."""
    page = browser.new_page(viewport={"width": 1280, "height": 720})
    racers = "SGD;Momentum;Nesterov;Adagrad;RMSprop;Adam;AdamW"
    page.goto(f"{url}/optimizers?surface=rosenbrock&race={racers}")
    race = page.locator(".optimizers")
    expect(race).to_have_attribute("data-playing", "true", timeout=60_000)
    page.wait_for_timeout(2000)  # the sweep is over, the race is not
    playing = page.evaluate(COUNT_FRAMES, WATCHED_MS)
    race.get_by_role("button", name="Pause").click()
    page.wait_for_timeout(500)
    resting = page.evaluate(COUNT_FRAMES, WATCHED_MS)
    page.close()
    return playing, resting


def first_motion_seconds(browser: Browser, url: str, moves: Callable[[Page], None]) -> float:
    """From the address until something moves, in a browser that knows the explorer; ``moves`` waits for it."""
    context = browser.new_context(viewport={"width": 1280, "height": 720})
    page = context.new_page()
    page.goto(url)
    moves(page)
    page.close()
    page = context.new_page()
    started = time.perf_counter()
    page.goto(url, wait_until="commit")
    moves(page)
    taken = time.perf_counter() - started
    context.close()
    return taken


def measure() -> dict[str, object]:
    """Milliseconds a move, and frames while playing as a share of those at rest."""
    path = find_browser()
    assert path, "no Chromium: run `make browser`"
    with running_app() as server, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        moves = {
            f"slider_ms_{name}": round(move_ms(browser, f"{server.url}/{screen}", server.pid, which), 1)
            for name, (screen, which) in SCREENS.items()
        }
        moving = first_motion_seconds(
            browser,
            f"{server.url}/optimizers",
            lambda page: expect(page.locator(".optimizers")).to_have_attribute("data-step", ANY_STEP),
        )
        playing, resting = frames_a_second(browser, server.url)
        browser.close()
    return {
        **moves,
        "worst_slider_share_of_budget": round(max(moves.values()) / BUDGET_MS, 2),
        "first_motion_s": round(moving, 2),
        "frames_a_second_playing": round(playing, 1),
        "frames_playing_to_resting": round(playing / resting, 2),
    }
