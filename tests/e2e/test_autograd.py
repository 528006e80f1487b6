"""/autograd in a real browser: it moves, is stepped and scrubbed, doubles, refuses with a place, runs two processes."""

from __future__ import annotations

import itertools
import re

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from lib.ui.lang import Lang
from tests.e2e.server import Server
from tests.e2e.tabs import RUN_MS, learner
from tests.e2e.waits import absent, becomes, finished, remember, remembered, sideways, until

pytestmark = pytest.mark.e2e


def grads(page: Page) -> Locator:
    return page.locator(".ag-grads li")


def words(page: Page) -> Locator:
    return page.locator(".ag-words")


def test_the_gradient_flows_by_itself_is_stepped_back_and_doubles(server: Server, page: Page) -> None:
    remember(page, ".ag-words")
    page.goto(f"{server.url}/autograd?lang=en")
    finished(page)
    # It plays by itself to the end, edge after edge.
    expect(grads(page)).to_have_text(["a.grad = -23.0", "b.grad = 16.0", "c.grad = 8.0"])
    edges = [re.search(r"Edge (\d) of 7", said) for said in remembered(page)]
    assert {int(edge[1]) for edge in edges if edge} == set(range(1, 8))
    stage = page.locator(".ag-stage")
    stage.focus()
    page.keyboard.press("ArrowLeft")
    expect(grads(page)).to_have_text(["a.grad = -23.0", "b.grad = None", "c.grad = 8.0"])
    page.keyboard.press("ArrowLeft")
    expect(words(page)).to_contain_text("Edge 5 of 7")
    expect(grads(page).first).to_have_text("a.grad = 1.0")
    page.keyboard.press("Home")
    expect(grads(page)).to_have_text(["a.grad = None", "b.grad = None", "c.grad = None"])
    page.get_by_role("slider", name="Moment").press("End")
    expect(grads(page).first).to_have_text("a.grad = -23.0")

    page.get_by_role("button", name=re.compile(r"^backward\(\)")).click()
    expect(grads(page)).to_have_text(["a.grad = -46.0", "b.grad = 32.0", "c.grad = 16.0"])
    expect(words(page)).to_contain_text("2 times its gradient")
    until(page, lambda: "do=bb" in page.url)
    expect(page.get_by_test_id("stCode").filter(has_text="#   a.grad = -46.0")).to_be_visible()
    page.get_by_role("button", name=re.compile(r"^zero_grad\(\)")).click()
    expect(grads(page)).to_have_text(["a.grad = None", "b.grad = None", "c.grad = None"])
    until(page, lambda: "do=bbz" in page.url)
    page.reload()
    finished(page)
    assert "do=bbz" in page.url


def test_an_expression_is_typed_refused_with_its_place_and_mended(server: Server, page: Page) -> None:
    page.goto(f"{server.url}/autograd?expr=a*b&vars=a%3D2%3Bb%3D-3&lang=en")
    finished(page)
    expect(grads(page)).to_have_text(["a.grad = -3.0", "b.grad = 2.0"])
    field = page.get_by_role("textbox", name="Expression")
    field.fill("a^b")
    field.press("Enter")
    refusal = page.get_by_test_id("stAlert").filter(has_text="a power is written")
    expect(refusal).to_contain_text("a^b\n ^")
    expect(grads(page)).to_have_text(["a.grad = -3.0", "b.grad = 2.0"])
    field.fill("h = relu(a + b*z); h * detach(h)")
    field.press("Enter")
    page.get_by_role("button", name="z = 1").click()
    expect(page.locator(".ag-card")).to_have_count(8)
    absent(page.get_by_test_id("stAlert"))
    expect(grads(page)).to_have_text(["a.grad = 0.0", "b.grad = 0.0", "z.grad = 0.0"])
    expect(page.locator(".ag-pill-cut")).to_have_count(1)
    page.get_by_role("radio", name="Broadcasting").click()
    expect(grads(page)).to_have_text(
        ["W.grad = [[2.0, 2.0, 2.0], [2.0, 2.0, 2.0]]", "u.grad = [4.0, 4.0, 4.0]", "a.grad = 21.0"]
    )
    until(page, lambda: "expr=sum" in page.url)
    page.go_back()
    expect(grads(page)).to_have_count(3)
    until(page, lambda: "expr=h" in page.url)


def test_the_training_step_takes_its_lines_in_any_order(server: Server, page: Page) -> None:
    page.goto(f"{server.url}/autograd?topic=step&did=&lang=en")
    finished(page)
    lines = {
        name: page.get_by_role("button", name=re.compile(f"^{re.escape(line)}"))
        for name, line in LINES.items()
    }
    said = page.locator(".ags-words")
    bias = page.locator(".ags-parameter").nth(3)

    def press(name: str, expected: str) -> None:
        lines[name].click()
        expect(said).to_contain_text(expected)

    press("backward", "name 'loss' is not defined")
    press("forward", "pred = 0.5701")
    press("loss", "0.1848")
    press("backward", "now holds the gradient")
    expect(bias.locator(".ags-grad")).to_have_text("−0.8597")
    press("backward", "Trying to backward through the graph a second time")
    press("forward", "pred = 0.5701")
    press("loss", "0.1848")
    press("backward", "every .grad is 2 times")
    expect(bias.locator(".ags-grad")).to_have_text("−1.719")
    press("step", "step() does not clear it")
    expect(bias.locator(".ags-value")).to_have_text("0.3719")
    press("zero", "Every .grad is None")
    becomes(bias, "node => node.classList.contains('ags-empty')", bool)
    press("step", "skips these parameters")
    until(page, lambda: "did=bflbbflbszs" in page.url)
    page.get_by_role("button", name="Undo", exact=True).click()
    expect(said).to_contain_text("Every .grad is None")


LINES = {
    "forward": "pred = model(x)",
    "loss": "loss = F.mse_loss",
    "zero": "optimizer.zero_grad()",
    "backward": "loss.backward()",
    "step": "optimizer.step()",
}


def test_two_processes_average_their_gradients(server: Server, page: Page) -> None:
    page.goto(f"{server.url}/autograd?topic=parallel&lang=en")
    finished(page)
    expect(page.get_by_text("the same gradient")).to_be_visible()
    page.get_by_role("button", name="Run it in two processes").click()
    expect(page.get_by_text(re.compile("Measured by DistributedDataParallel in processes"))).to_be_visible(
        timeout=RUN_MS
    )
    expect(page.get_by_text("differ from the single process's by 0 %")).to_be_visible()
    page.get_by_role("slider", name="of them for process 0").press("ArrowLeft")
    expect(page.get_by_text(re.compile("off by [0-9.]+ % of the gradient"))).to_be_visible()
    expect(page.get_by_text("Shards of 3 and 5")).to_be_visible()


def test_without_motion_the_end_is_shown_at_once_and_a_phone_has_room(
    server: Server, browser: Browser
) -> None:
    with learner(browser, viewport={"width": 390, "height": 844}, reduced_motion="reduce") as context:
        tab = context.new_page()
        topics = ("graph", "step", "loss", "depth", "module", "batches", "parallel")
        for topic, lang in zip(topics, itertools.cycle(Lang), strict=False):
            tab.goto(f"{server.url}/autograd?topic={topic}&lang={lang}")
            assert sideways(tab) == 0, (topic, lang)
        tab.goto(f"{server.url}/autograd?lang=en")
        finished(tab)
        expect(grads(tab).first).to_have_text("a.grad = -23.0")
