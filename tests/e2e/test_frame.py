"""The frame in a real browser: cold deep links, language, appearance, the learner's token."""

from __future__ import annotations

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from lib.ui.lang import Lang
from lib.ui.pages import PAGES, PageInfo
from tests.e2e.server import Server

pytestmark = pytest.mark.e2e

EXISTING = [page for page in PAGES.values() if page.exists]


def address(server: Server, info: PageInfo, lang: Lang) -> str:
    path = "" if info.key == "home" else info.key
    return f"{server.url}/{path}?lang={lang}"


@pytest.mark.parametrize("info", EXISTING, ids=lambda info: info.key)
@pytest.mark.parametrize("lang", list(Lang))
def test_cold_deep_link_shows_the_app_in_that_language(
    server: Server, page: Page, info: PageInfo, lang: Lang
) -> None:
    page.goto(address(server, info, lang))
    menu = page.get_by_test_id("stSidebar")
    for other in EXISTING:
        if other.key != "home":
            expect(menu.get_by_role("link", name=other.names[lang].title)).to_have_count(1)
    expect(page.get_by_test_id("stException")).to_have_count(0)
    expect(page.locator("html")).to_have_attribute("lang", {"en": "en", "zh": "zh-CN"}[lang])


def test_language_switch_changes_page_and_address(server: Server, page: Page) -> None:
    page.goto(f"{server.url}/train")
    page.get_by_role("radio", name="中文").click()
    expect(page.get_by_test_id("stSidebar").get_by_text("训练 MNIST")).to_be_visible()
    page.wait_for_url("**/train?lang=zh")
    page.get_by_test_id("stSidebar").get_by_text("ShapeLab").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("看见形状，看它学会。")


def test_unknown_language_is_explained(server: Server, page: Page) -> None:
    page.goto(f"{server.url}/?lang=tlh")
    expect(page.get_by_test_id("stAlert")).to_contain_text("lang=tlh")
    expect(page.get_by_test_id("stAlert")).to_contain_text("en, zh")


def test_appearance_holds_on_every_page(server: Server, page: Page) -> None:
    page.goto(f"{server.url}/train")
    page.get_by_role("button", name="Dark").click()
    dark = "getComputedStyle(document.querySelector('[data-testid=stApp]')).backgroundColor"
    page.wait_for_function(f"{dark}.match(/\\d+/g).slice(0, 3).every((part) => Number(part) < 60)")
    page.goto(f"{server.url}/")
    page.wait_for_function(f"{dark}.match(/\\d+/g).slice(0, 3).every((part) => Number(part) < 60)")
    expect(page.get_by_role("button", name="Dark")).to_have_attribute("aria-pressed", "true")


def test_two_tabs_are_one_learner(server: Server, context: BrowserContext) -> None:
    first, second = context.new_page(), context.new_page()
    for tab in (first, second):
        tab.goto(f"{server.url}/train")
        expect(tab.get_by_role("button", name="Dark")).to_be_visible()
    tokens = [cookie["value"] for cookie in context.cookies() if cookie["name"] == "shapelab_learner"]
    assert len(tokens) == 1
