"""/workflow in a real browser: it plays, a block is exchanged, the paths are trained, everything comes back."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from lib.core.workflow.loading import BATCH, SAMPLES, shuffled_orders
from tests.e2e.server import Server
from tests.e2e.tabs import RUN_MS
from tests.e2e.waits import becomes, finished, remember, remembered, until

pytestmark = pytest.mark.e2e


def test_the_sentence_travels_and_another_tokenizer_changes_every_shape(server: Server, page: Page) -> None:
    remember(page, ".flow .lane:first-of-type .block.now")
    page.goto(f"{server.url}/workflow?lang=en")
    finished(page)
    # It plays by itself to the end, block after block: the answer is reached.
    becomes(page.locator(".flow .lane .block").nth(5), "node => node.classList.contains('now')", bool)
    assert len(set(remembered(page))) == 6
    first, second = page.locator(".flow .lane").first, page.locator(".flow .lane").nth(1)
    expect(first.locator(".token.unknown")).to_have_text(["thoughtful1"])
    expect(first.locator(".best .name")).to_have_text("complaint")
    expect(second.locator(".best .name")).to_have_text("praise")
    shapes = ["str", "[6]", "[4, 11]", "[4, 11, 16]", "[4, 2]"]
    expect(first.locator(".shape")).to_have_text(shapes)
    page.get_by_role("radiogroup", name="Path A: Tokenizer").get_by_role("radio", name="characters").click()
    expect(first.locator(".shape")).to_have_text(["str", "[30]", "[4, 48]", "[4, 48, 16]", "[4, 2]"])
    until(page, lambda: "tok=char" in page.url)
    page.go_back()
    expect(first.locator(".shape")).to_have_text(shapes)


def test_a_typed_sentence_is_cut_at_once_and_its_block_opens(server: Server, page: Page) -> None:
    page.goto(f"{server.url}/workflow?lang=zh&tok=bpe&compare=false")
    finished(page)
    field = page.get_by_role("textbox", name="你的句子")
    field.fill("这里的老师很好。")
    field.press("Enter")
    expect(page.locator(".flow .token .piece").first).to_have_text("这里的")
    until(page, lambda: "text=" in page.url)
    page.locator(".flow").get_by_role("button", name="加载器").click()
    until(page, lambda: "block=loader" in page.url)
    expect(page.get_by_text(re.compile("每批 32 个"))).to_be_visible()
    loader = page.locator(".loader")
    expect(loader.locator(".lane")).to_have_count(3)
    loader.get_by_role("slider").press("End")
    expect(loader.locator(".words")).to_have_text("这一轮用了 220 毫秒。")
    slider = loader.get_by_role("slider")
    slider.press("ArrowLeft")
    loader.get_by_role("button", name="播放").click()
    expect(loader.get_by_role("button", name="播放")).to_be_visible()  # it came to its end by itself
    expect(slider).to_have_attribute("aria-valuetext", re.compile("这一轮用了 220 毫秒。$"))
    slider.press("Home")
    drawn = "、".join(map(str, shuffled_orders(SAMPLES, 0)[0][:BATCH]))
    expect(loader.locator(".words")).to_contain_text(f"工作进程 0：正在组装第 1 批（样本 {drawn}）。")


def test_each_block_is_exchanged_and_both_results_stand_side_by_side(server: Server, page: Page) -> None:
    page.goto(f"{server.url}/workflow?lang=en&block=model&tok2=word&model2=max&batch2=64&share=20&metric2=f1")
    finished(page)
    page.get_by_role("button", name="Train").click()
    scores = page.locator(".flow .score")
    expect(scores.nth(1)).to_have_text(re.compile(r"^F1 [\d.]+ % on 150 test samples$"), timeout=RUN_MS)
    expect(scores.first).to_have_text(re.compile(r"^accuracy [\d.]+ % on 150 test samples$"))
    page.reload()
    finished(page)
    expect(scores.nth(1)).to_have_text(re.compile(r"^F1 [\d.]+ %"))


def test_pictures_take_the_same_way(server: Server, page: Page) -> None:
    page.goto(f"{server.url}/workflow?lang=en&track=picture&digit=3&compare=false")
    finished(page)
    expect(page.locator(".flow .shape")).to_have_text(
        ["[28, 28]", "[1, 28, 28]", "[32, 1, 28, 28]", "[32, 32]", "[32, 10]"]
    )
    expect(page.get_by_text(re.compile(r"test image 3 is read as 0, "))).to_be_visible()
