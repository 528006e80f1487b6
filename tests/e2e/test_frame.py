"""The frame in a real browser: language, appearance, the learner's token."""

from __future__ import annotations

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from lib.ui.components.code import LINE_PIXELS
from lib.ui.language import PROJECTOR_SCALE
from tests.e2e.server import Server
from tests.e2e.waits import becomes, box, finished, sideways, value

SIZE = "node => parseFloat(getComputedStyle(node).fontSize)"

pytestmark = pytest.mark.e2e
IS_DARK = """
app => getComputedStyle(app).backgroundColor.match(/\\d+/g).slice(0, 3).every((part) => Number(part) < 60)
"""


def test_language_switch_changes_page_and_address(server: Server, page: Page) -> None:
    page.goto(f"{server.url}/train")
    page.get_by_role("radio", name="中文").click()
    expect(page.get_by_test_id("stSidebar").get_by_text("MNIST 训练")).to_be_visible()
    page.wait_for_url("**/train?lang=zh")
    page.get_by_test_id("stSidebar").get_by_text("ShapeLab").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("看清形状，看网络学习。")


def test_unknown_language_is_explained(server: Server, page: Page) -> None:
    page.goto(f"{server.url}/?lang=tlh")
    expect(page.get_by_test_id("stAlert")).to_contain_text("lang=tlh")
    expect(page.get_by_test_id("stAlert")).to_contain_text("en, zh")


def test_appearance_holds_on_every_page(server: Server, page: Page) -> None:
    page.goto(f"{server.url}/train")
    page.get_by_role("button", name="Dark").click()
    becomes(page.get_by_test_id("stApp"), IS_DARK)
    page.goto(f"{server.url}/")
    becomes(page.get_by_test_id("stApp"), IS_DARK)
    expect(page.get_by_role("button", name="Dark")).to_have_attribute("aria-pressed", "true")


def test_two_tabs_are_one_learner(server: Server, context: BrowserContext) -> None:
    first, second = context.new_page(), context.new_page()
    for tab in (first, second):
        tab.goto(f"{server.url}/train")
        expect(tab.get_by_role("button", name="Dark")).to_be_visible()
    tokens = [cookie["value"] for cookie in context.cookies() if cookie["name"] == "shapelab_learner"]
    assert len(tokens) == 1


@pytest.mark.parametrize("path", ["notes", "shapes", "tensors", "quiz"])
def test_on_a_wall_the_whole_program_is_in_sight(server: Server, page: Page, path: str) -> None:
    page.goto(f"{server.url}/{path}?lang=en&projector=true")
    finished(page)
    program = page.get_by_test_id("stCode").last.locator("pre")
    place = page.locator(".stElementContainer").filter(has=page.get_by_test_id("stCode")).last
    inner, outer = box(program), box(place)
    assert inner["y"] + inner["height"] <= outer["y"] + outer["height"] + 1
    assert inner["height"] > LINE_PIXELS * PROJECTOR_SCALE


def test_projector_is_larger_folds_the_menu_and_goes_along(server: Server, page: Page) -> None:
    page.goto(f"{server.url}/shapes?lang=en")
    heading = page.get_by_role("heading", level=1)
    usual = value(heading, SIZE)
    page.get_by_test_id("stSidebar").get_by_text("Projector").click()
    becomes(heading, SIZE, lambda size: size == 1.25 * usual)
    page.wait_for_url("**/shapes?*projector=true*")
    page.get_by_test_id("stExpandSidebarButton").click()  # the menu is folded
    page.get_by_test_id("stSidebar").get_by_role("link", name="Index and reduce").click()
    page.wait_for_url("**/indexing?*projector=true*")
    page.reload()
    finished(page)
    becomes(heading, SIZE, lambda size: size == 1.25 * usual)
    assert sideways(page) == 0


def test_charts_follow_a_theme_that_changes(server: Server, page: Page) -> None:
    page.goto(f"{server.url}/train?lang=en")
    finished(page)
    axes = page.locator(".st-key-_loss_chart .chart")
    light = (
        "node => getComputedStyle(node).color.match(/\\d+/g).slice(0, 3).every((part) => Number(part) < 100)"
    )
    becomes(axes, light)
    page.emulate_media(color_scheme="dark")
    becomes(axes, light, lambda is_light: not is_light)
    page.emulate_media(color_scheme="light")
    becomes(axes, light)
