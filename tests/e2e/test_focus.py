"""Who presses a control by the keyboard stands on it afterwards, though the picture around it is drawn anew."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.server import Server
from tests.e2e.test_cnn import open_cnn
from tests.e2e.test_convolution import open_page, pin_output
from tests.e2e.waits import becomes, finished

pytestmark = pytest.mark.e2e


def press(control: Locator, key: str = "Enter") -> None:
    """By the keyboard: a click would put the focus there whatever became of it before."""
    control.focus()
    control.page.keyboard.press(key)


def test_in_a_network_of_ones_own(server: Server, page: Page) -> None:
    open_cnn(page, server, "")
    press(page.get_by_role("button", name="Edit row 1", exact=True))
    expect(page.get_by_role("button", name="Edit row 1", exact=True)).to_be_focused()
    # A row that moves takes its buttons along; at the end the other one can still be pressed.
    for row in range(1, 4):
        press(page.get_by_role("button", name=f"Move row {row} down", exact=True))
        expect(page.get_by_role("button", name=f"Move row {row + 1} down", exact=True)).to_be_focused()
    for row in range(4, 1, -1):
        press(page.get_by_role("button", name=f"Move row {row} up", exact=True))
        other = "down" if row == 2 else "up"
        expect(page.get_by_role("button", name=f"Move row {row - 1} {other}", exact=True)).to_be_focused()


def test_in_a_network_of_blocks(server: Server, page: Page) -> None:
    open_cnn(page, server, "net=resnet18&size=96")
    block = page.locator(".net-table tr.block button").first
    for is_open in ("true", "false"):
        press(block)
        expect(block).to_have_attribute("aria-expanded", is_open)
        expect(block).to_be_focused()
    picture = page.locator(".net-stage svg")
    press(page.get_by_role("button", name="Unfold all"))
    expect(page.get_by_role("button", name="Fold all")).to_be_focused()
    press(page.get_by_role("button", name="Fold all"))
    expect(page.get_by_role("button", name="Unfold all")).to_be_focused()
    # In the picture: what is pinned unfolds with a second Enter, and Unpin hands the focus on.
    count = "node => node.querySelectorAll('[data-box]').length"
    folded = becomes(picture, count)
    press(picture)
    expect(page.locator(".net-line")).to_contain_text("A double click or Enter unfolds this block.")
    press(picture)
    becomes(picture, count, lambda boxes: boxes > folded)
    expect(picture).to_be_focused()
    press(page.get_by_role("button", name="Let go"))
    expect(picture).to_be_focused()


def test_at_a_block_of_the_workflow(server: Server, page: Page) -> None:
    page.goto(f"{server.url}/workflow?lang=en")
    finished(page)
    titles = page.locator(".flow .lane").nth(1).locator(".title")
    for place in (2, 3):
        expect(titles.nth(place)).to_have_attribute("aria-pressed", "false")
        press(titles.nth(place))
        expect(titles.nth(place)).to_have_attribute("aria-pressed", "true")
        finished(page)
        expect(titles.nth(place)).to_be_focused()


def test_at_a_channel_of_a_sum(server: Server, page: Page) -> None:
    open_page(page, server, "W=6&F=3&P=1&Cin=3&Cout=2")
    pin_output(page, 2, 2)
    for channel in (2, 1):
        term = page.locator(".conv .partial").nth(channel)
        press(term)
        expect(term).to_have_attribute("aria-pressed", "true")
        expect(term).to_be_focused()


def test_what_a_slider_says_is_what_stands_beside_it(server: Server, page: Page) -> None:
    page.goto(f"{server.url}/workflow?lang=en&block=loader")
    finished(page)
    step = page.locator(".flow").get_by_role("slider")
    press(step, "Home")
    expect(step).to_have_attribute("aria-valuetext", re.compile(r"\b1\b.*\b6\b"))
    time = page.locator(".loader").get_by_role("slider")
    press(time, "Home")
    expect(time).to_have_attribute("aria-valuetext", re.compile(r"^0 ms\. ."))
