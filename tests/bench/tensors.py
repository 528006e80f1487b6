"""The tensor pages: server processor time of a slider move, in a real browser, and of the work under it."""

from __future__ import annotations

from playwright.sync_api import Browser, Page, expect, sync_playwright

from lib.core.tensors.embedding import Lookup, look_up
from lib.core.tensors.index import parse_index
from lib.core.tensors.ops import parse_steps, run_pipeline
from lib.core.tensors.selection import select
from lib.core.tensors.trace import number_elements
from lib.core.tensors.words import learn
from tests.bench.measure import cpu_milliseconds, seconds_of
from tests.e2e.browser import FLAGS, find_browser
from tests.e2e.server import running_app

MOVES = 24
SETTLE_MS = 400
BUDGET_MS = 20
SLIDERS = {
    "tensors": ("tensors?fn=eye", 0),
    "shapes": ("shapes", 0),
    "indexing": ("indexing?topic=reduce", 0),
    "memory": ("memory", 1),
    "embedding": ("embedding", 1),
    "embedding_2_million": ("embedding?vocab=20%20000", 1),
}


def _press(page: Page, moves: int) -> None:
    for move in range(moves):
        page.keyboard.press("ArrowLeft" if move % 2 == 0 else "ArrowRight")
        page.wait_for_timeout(SETTLE_MS)


def move_ms(browser: Browser, url: str, pid: int, which: int) -> float:
    """Milliseconds of the server's processor time a move, what it spends at rest taken off."""
    page = browser.new_page()
    page.goto(url)
    expect(page.get_by_test_id("stCode")).to_be_visible(timeout=60_000)
    page.get_by_test_id("stSlider").nth(which).get_by_role("slider").focus()
    _press(page, 6)
    before = cpu_milliseconds(pid)
    _press(page, MOVES)
    moved = cpu_milliseconds(pid)
    page.wait_for_timeout(MOVES * SETTLE_MS)
    rest = cpu_milliseconds(pid) - moved
    page.close()
    return max(0.0, (moved - before - rest) / MOVES)


def slider_moves() -> dict[str, float]:
    """Server milliseconds a move on each page, each of them to be held against BUDGET_MS."""
    path = find_browser()
    assert path, "no Chromium: run `make browser`"
    measured = {}
    with running_app() as server, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        for name, (screen, which) in SLIDERS.items():
            cost = move_ms(browser, f"{server.url}/{screen}", server.pid, which)
            measured[f"slider_ms_{name}"] = round(cost, 1)
        browser.close()
    return measured


def measure() -> dict[str, object]:
    """Slider moves in milliseconds and as shares of the budget; the work alone in milliseconds."""
    import torch

    torch.set_num_threads(1)
    moves = slider_moves()
    a, b = number_elements([torch.arange(5000.0).reshape(50, 100), torch.ones(50, 100)])
    steps = parse_steps("stack(0);permute((2, 1, 0));flatten(0, 1);t()")
    expression = parse_index("x[::2, [0, 5, 7]]")
    return {
        **moves,
        "worst_slider_share_of_budget": round(max(moves.values()) / BUDGET_MS, 2),
        "pipeline_of_10000_elements_ms": round(1000 * seconds_of(lambda: run_pipeline(steps, a, b)), 2),
        "index_of_5000_elements_ms": round(1000 * seconds_of(lambda: select(expression, a)), 2),
        "lookup_in_1_million_weights_ms": round(1000 * seconds_of(lambda: look_up(Lookup())), 2),
        "words_trained_ms": round(1000 * seconds_of(learn), 1),
    }
