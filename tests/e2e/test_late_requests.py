"""What a page still asks for after it was left, as a busy browser does: the page that follows stays whole."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.server import Server
from tests.e2e.waits import complaints, finished, value

pytestmark = pytest.mark.e2e

# What was sent last is sent once more, right behind what is sent next.
SAID_AGAIN = """
const Plain = window.WebSocket;
window.WebSocket = class extends Plain {
  send(data) {
    super.send(data);
    if (window.late) super.send(window.late);
    window.late = null;
    window.sent = data;
  }
};
"""


def test_a_page_that_was_left_takes_nothing_from_the_next(server: Server, page: Page) -> None:
    page.add_init_script(SAID_AGAIN)
    page.goto(f"{server.url}/draw?lang=en&source=test&digit=0")
    finished(page)
    page.get_by_role("spinbutton").first.press("ArrowUp")
    finished(page)
    value(page.locator("html"), "() => { window.late = window.sent; return true; }")
    page.get_by_test_id("stSidebar").get_by_role("link", name="Train on MNIST").click()
    finished(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Train a network on MNIST")
    assert value(page.locator("html"), "() => window.late") is None
    rate = page.get_by_role("textbox", name="Hidden layers")
    rate.fill("32")
    rate.press("Enter")
    finished(page)
    expect(page.get_by_text(re.compile(r"784\s*→\s*32\s*→\s*10"))).to_be_visible()
    page.get_by_test_id("stMain").get_by_role("button", name="Train", exact=True).click()
    expect(page.get_by_test_id("stProgress")).to_be_visible()
    finished(page)
    assert complaints(page) == []
