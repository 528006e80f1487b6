"""/autograd: server processor time of a change, in a real browser, and of the work under it."""

from __future__ import annotations

import json

from playwright.sync_api import expect, sync_playwright

from lib.core.autograd.depth import Stack
from lib.core.autograd.depth import measure as measure_depth
from lib.core.autograd.expression import parse_expression
from lib.core.autograd.graph import build_graph
from lib.core.autograd.session import Button, replay
from lib.core.autograd.values import parse_values
from lib.lessons.autograd.graph_texts import GRAPH_TEXTS
from lib.lessons.autograd.picture import graph_json
from lib.ui.lang import Lang
from tests.bench.measure import alternating
from tests.bench.optimizers import first_motion_seconds
from tests.bench.tensors import move_ms
from tests.e2e.browser import FLAGS, find_browser
from tests.e2e.server import running_app

BUDGET_MS = 15
SLIDERS = {
    "step": ("autograd?topic=step", 0),
    "loss": ("autograd?topic=loss", 1),
    "module": ("autograd?topic=module", 0),
    "parallel": ("autograd?topic=parallel", 1),
}
EXPRESSION = "h = relu(W @ x + b); sum(h*h)"
VALUES = "W=[[1,-2],[3,1]];x=[2,1];b=[-1,0.5]"


def _graph() -> object:
    graph = build_graph(parse_expression(EXPRESSION), parse_values(VALUES))
    return json.dumps(graph_json(graph, GRAPH_TEXTS[Lang.EN].picture))


def in_the_browser() -> dict[str, float]:
    """Server milliseconds a move in each part; seconds from the address until the gradient flows."""
    path = find_browser()
    assert path, "no Chromium: run `make browser`"
    measured = {}
    with running_app() as server, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        for name, (screen, which) in SLIDERS.items():
            cost = move_ms(browser, f"{server.url}/{screen}", server.pid, which)
            measured[f"slider_ms_{name}"] = round(cost, 1)
        measured["first_motion_s"] = round(
            first_motion_seconds(
                browser,
                f"{server.url}/autograd",
                lambda page: expect(page.locator(".ag-pulse").first).to_be_attached(timeout=60_000),
            ),
            2,
        )
        browser.close()
    return measured


def measure() -> dict[str, object]:
    """Slider moves in milliseconds and as a share of the budget; the work alone in milliseconds."""
    import torch

    torch.set_num_threads(1)
    seen = in_the_browser()
    moves = [value for name, value in seen.items() if name.startswith("slider_ms")]
    work = alternating(
        {
            "graph_of_an_expression": _graph,
            "replay_of_30_buttons": lambda: replay([Button(letter) for letter in "flzbs" * 6]),
            "gradients_of_20_layers": lambda: measure_depth(Stack(20)),
        },
        rounds=20,
    )
    return {
        **seen,
        "worst_slider_share_of_budget": round(max(moves) / BUDGET_MS, 2),
        **{f"{name}_ms": round(1000 * seconds, 2) for name, seconds in work.items()},
    }
