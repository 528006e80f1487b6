"""The tensor pages in a real browser: pictures, keyboard, movement, edits, the address."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from lib.ui.lang import Lang
from tests.e2e.server import Server
from tests.e2e.tabs import learner
from tests.e2e.waits import absent, becomes, finished, value

pytestmark = pytest.mark.e2e

# An element flies for less than a second: too short to be looked for.
COUNT_GHOSTS = """
node => {
  node.ghosts = 0;
  const count = (changes) => changes.forEach((change) => change.addedNodes.forEach((added) => {
    node.ghosts += added.classList?.contains('ghost') ? 1 : 0;
  }));
  new MutationObserver(count).observe(node, { childList: true, subtree: true });
}
"""
REMEMBER_TEXTS = """
label => {
  label.seen = [];
  new MutationObserver(() => label.seen.push(label.textContent))
    .observe(label, { childList: true, characterData: true, subtree: true });
}
"""


def open_screen(page: Page, server: Server, screen: str, lang: Lang = Lang.EN) -> None:
    page.goto(f"{server.url}/{screen}{'&' if '?' in screen else '?'}lang={lang}")
    finished(page)


def pill(page: Page, name: str) -> Locator:
    return page.get_by_role("radio", name=name, exact=True)


def grid(page: Page, name: str) -> Locator:
    return page.get_by_role("grid", name=re.compile(rf"^{re.escape(name)} \("))


def cell(page: Page, text: str) -> Locator:
    """The cell whose reading begins with the text."""
    return page.get_by_role("gridcell", name=re.compile(rf"^{re.escape(text)}"))


def info(page: Page) -> Locator:
    return page.locator("output").first


def test_the_notes_example_opens_first_and_says_where_elements_came_from(server: Server, page: Page) -> None:
    open_screen(page, server, "shapes")
    expect(grid(page, "result").first.get_by_role("gridcell")).to_have_text(["1", "2", "3", "3", "2", "1"])
    expect(grid(page, "result").last.get_by_role("gridcell")).to_have_text(["1", "2", "3", "3", "2", "1"])
    landed = cell(page, "result[1, 0] = 3 ← b[0]")
    landed.hover()
    expect(info(page)).to_have_text("result[1, 0] = 3 ← b[0]")
    expect(cell(page, "b[0]")).to_have_class(re.compile("lit"))
    expect(cell(page, "a[0]")).not_to_have_class(re.compile("lit"))


def test_the_keyboard_walks_over_the_cells(server: Server, page: Page) -> None:
    open_screen(page, server, "shapes")
    cell(page, "a[0]").focus()
    expect(info(page)).to_have_text("a[0] = 1")
    page.keyboard.press("ArrowRight")
    expect(info(page)).to_have_text("a[1] = 2")
    for _ in range(4):
        page.keyboard.press("ArrowRight")
    expect(info(page)).to_have_text("b[2] = 1")


def test_a_slider_changes_picture_and_address_and_a_reload_keeps_both(server: Server, page: Page) -> None:
    open_screen(page, server, "shapes")
    slider = page.get_by_role("slider", name=re.compile("^dim"))
    slider.focus()
    page.keyboard.press("ArrowRight")
    shown = ["1", "3", "2", "2", "3", "1"]
    expect(grid(page, "result").first.get_by_role("gridcell")).to_have_text(shown)
    page.wait_for_url(re.compile(r"steps=stack"))
    page.reload()
    expect(grid(page, "result").first.get_by_role("gridcell")).to_have_text(shown)


def test_a_refusal_highlights_the_sizes_and_its_fix_works(server: Server, page: Page) -> None:
    open_screen(page, server, "shapes?a=2,3&b=2,4&steps=stack(0)")
    expect(page.get_by_test_id("stAlert")).to_contain_text("stack expects each tensor to be equal size")
    expect(page.locator(".clash")).to_have_text(["3", "4"])
    page.get_by_role("button", name=re.compile("Smallest fix")).click()
    absent(page.get_by_test_id("stAlert"))
    expect(page.get_by_role("textbox", name="Tensor b")).to_have_value("(2, 3)")
    expect(grid(page, "result").first.get_by_role("gridcell")).to_have_count(6)


def test_elements_fly_unless_motion_is_unwanted(server: Server, page: Page, browser: Browser) -> None:
    open_screen(page, server, "shapes")
    picture = page.locator(".tensors").first
    value(picture, COUNT_GHOSTS)
    page.get_by_role("button", name="Play").first.click()
    becomes(picture, "node => node.ghosts > 0")
    absent(page.locator(".ghost"))
    with learner(browser, reduced_motion="reduce") as calm:
        tab = calm.new_page()
        open_screen(tab, server, "shapes")
        expect(grid(tab, "result").first).to_be_visible()
        absent(tab.get_by_role("button", name="Play"))


def test_five_dimensions_and_long_axes_have_sliders(server: Server, page: Page) -> None:
    open_screen(page, server, "tensors?fn=zeros&shape=3,5,4,2,30")
    expect(grid(page, "x")).to_have_count(4)
    outer = page.get_by_role("slider", name="axis 0:")
    outer.focus()
    page.keyboard.press("End")
    expect(page.locator(".panel-label").first).to_have_text("[2, 0, 0]")
    columns = page.get_by_role("slider", name="axis 4:")
    columns.focus()
    page.keyboard.press("End")
    expect(cell(page, "x[2, 0, 0, 0, 29]")).to_be_visible()


def test_an_index_is_selected_and_a_preset_replaces_it(server: Server, page: Page) -> None:
    open_screen(page, server, "indexing")
    expect(page.locator(".cell.selected")).to_have_text(["4", "6", "8", "10"])
    pill(page, "mask").click()
    expect(page.get_by_role("textbox", name="Index", exact=True)).to_have_value("x[mask]")
    expect(page.get_by_role("grid", name="result (10,)")).to_be_visible()
    page.wait_for_url(re.compile("index="))


def test_argmax_of_the_notes_marks_the_winners(server: Server, page: Page) -> None:
    open_screen(page, server, "indexing?topic=reduce")
    expect(page.locator(".cell.winner")).to_have_text(["0.7", "0.7", "0.8"])
    expect(grid(page, "result").get_by_role("gridcell")).to_have_text(["1", "2", "0"])


@pytest.mark.parametrize(("way", "shared"), [("numpy", True), ("clone", False)])
def test_an_edit_shows_in_the_other_box_where_memory_is_shared(
    server: Server, page: Page, way: str, shared: bool
) -> None:
    open_screen(page, server, f"memory?topic=sharing&way={way}")
    cell(page, "a: the original[0, 1]").click()
    page.keyboard.type("99")
    page.keyboard.press("Enter")
    expect(cell(page, "a: the original[0, 1]")).to_have_text("99.")
    expect(cell(page, "b: made from a[0, 1]")).to_have_text("99." if shared else "2.")
    page.wait_for_url(re.compile("edits=a1"))
    page.get_by_role("button", name="Undo all edits").click()
    expect(cell(page, "a: the original[0, 1]")).to_have_text("2.")


def test_presets_and_sliders_of_the_storage(server: Server, page: Page) -> None:
    open_screen(page, server, "memory")
    pill(page, "transpose").click()
    expect(grid(page, "v").get_by_role("gridcell").nth(1)).to_have_text("4")
    offset = page.get_by_role("slider", name=re.compile("storage_offset"))
    offset.focus()
    page.keyboard.press("End")
    expect(grid(page, "v").get_by_role("gridcell").last).to_have_text("23")


def test_the_embedding_of_the_notes_and_words_that_move(server: Server, page: Page) -> None:
    open_screen(page, server, "embedding")
    expect(page.get_by_text("torch.Size([2, 3, 100])")).to_be_visible()
    page.get_by_role("radio", name="Words that learn").click()
    frames = page.locator(".wordmap input[type=range]")
    expect(frames).to_have_value("24")
    label = page.locator(".wordmap label")
    value(label, REMEMBER_TEXTS)
    page.locator(".wordmap button").click()
    becomes(label, "label => label.seen.some((text) => text.includes('step 5 '))")
    expect(frames).to_have_value("24")


def test_kept_tensors_outlive_a_reload_and_reach_other_pages(server: Server, page: Page) -> None:
    open_screen(page, server, "tensors?fn=ones&shape=2,2")
    page.get_by_role("button", name="Put on the shelf").click()
    expect(page.get_by_text("t1 = ones(2, 2)")).to_be_visible()
    open_screen(page, server, "indexing")
    pill(page, "t1").click()
    expect(page.get_by_role("textbox", name="Tensor x")).to_have_value("ones(2, 2)")
