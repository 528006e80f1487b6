"""/finetune in a real browser: one comparison trained for real, switches, frozen batch norm, the way back."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.server import Server
from tests.e2e.tabs import RUN_MS
from tests.e2e.waits import becomes, finished, texts, until

pytestmark = pytest.mark.e2e


def test_three_ways_are_trained_side_by_side_and_a_reload_loses_nothing(server: Server, page: Page) -> None:
    page.goto(f"{server.url}/finetune?lang=en&steps=20&seed=7")
    finished(page)
    page.get_by_role("button", name="Train", exact=True).click()
    sentence = page.get_by_text(re.compile(r"^After 20 steps \(on 4,861 test images\): from scratch"))
    expect(sentence).to_be_visible(timeout=RUN_MS)
    for name in ("new_task", "old_task"):
        plot = page.locator(f".st-key-_{name} .js-plotly-plot")
        becomes(
            plot,
            "node => node.data.map(line => line.x.length)",
            lambda counts: len(counts) == 3 and min(counts) > 15,
        )
    expect(page.get_by_role("table").filter(has_text="full, one shared head")).to_be_visible()
    # Another comparison lies over the curves, its results in a row of their own.
    page.get_by_role("button", name="300 steps, seed 0", exact=True).click()
    expect(page.get_by_role("table").filter(has_text="as set above").locator("tbody tr")).to_have_count(2)
    until(page, lambda: "with=labels" in page.url)
    said = sentence.text_content()
    page.reload()
    finished(page)
    expect(sentence).to_have_text(said or "")
    becomes(
        page.locator(".st-key-_new_task .js-plotly-plot"), "node => node.data.length", lambda many: many == 6
    )


def test_a_switch_changes_what_partial_fine_tuning_trains(server: Server, page: Page) -> None:
    page.goto(f"{server.url}/finetune?lang=en&topic=layers")
    finished(page)
    page.get_by_role("switch", name="requires_grad of conv2.weight").click()
    until(page, lambda: "learn=conv2.weight%2Chead.weight%2Chead.bias" in page.url)
    switch = page.get_by_role("switch", name="requires_grad of conv2.weight")
    expect(switch).to_have_attribute("aria-checked", "true")
    expect(page.get_by_text("Nobody has trained with these settings yet: press Train.")).to_be_visible()
    page.go_back()
    expect(switch).to_have_attribute("aria-checked", "false")


def test_a_frozen_norm_moves_and_stops_and_moves_again(server: Server, page: Page) -> None:
    page.goto(f"{server.url}/finetune?lang=zh&topic=norm&calls=")
    finished(page)
    for name in ("model(batch)", "model.bn1.eval()", "model(batch)", "model.train()", "model(batch)"):
        rows = page.get_by_role("table").get_by_role("row")
        before = len(texts(rows))
        page.get_by_role("button", name=name).click()
        expect(rows).to_have_count(before + 1)
    counters = page.get_by_role("table").locator("tbody tr td:nth-child(3)")
    expect(counters).to_have_text(["958", "959", "959", "959", "959", "960"])
    until(page, lambda: "calls=fbftf" in page.url)
