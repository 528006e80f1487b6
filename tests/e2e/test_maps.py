"""The feature maps in a real browser: they follow the pen, add up, and change with what a learner changes."""

from __future__ import annotations

import base64
import operator
import re
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from playwright.sync_api import Locator, Page, expect

from lib.core.digits.classifier import answer, load_classifier
from lib.core.digits.prepare import prepare
from lib.core.training.bundled import CNN, MLP, Recipe, bundled
from lib.ui.lang import Lang
from lib.ui.texts.maps import MAPS_TEXTS
from tests.e2e.server import APP, Server, running_app
from tests.e2e.waits import absent, becomes, box, finished, texts, value

pytestmark = pytest.mark.e2e
TEXTS = MAPS_TEXTS[Lang.EN]
THREE = [(60, 40), (140, 40), (140, 60), (100, 100), (140, 130), (130, 165), (60, 165)]
PIXELS = "canvas => canvas.toDataURL()"


@pytest.fixture(scope="module")
def maps_server() -> Iterator[Server]:
    script = Path(__file__).parent / "maps_page.py"
    with running_app(
        script, PYTHONPATH=str(APP.parent), STREAMLIT_BROWSER_GATHER_USAGE_STATS="false"
    ) as running:
        yield running


def open_maps(page: Page, server: Server, query: str = "") -> Locator:
    page.goto(f"{server.url}/?{query}")
    finished(page)
    maps = page.locator(".maps")
    expect(maps).to_have_attribute("data-best", re.compile(r"\d"))
    return maps


def tile(page: Page, stage: int, channel: int) -> Locator:
    """Stages: 0 the input, 1 the first convolution, 2 its pooling, 3 the second convolution, 4 its pooling."""
    return page.locator(".maps .stage").nth(stage).locator(".tile").nth(channel)


def numbers(text: str) -> list[float]:
    return [float(each) for each in re.findall(r"-?\d+\.\d+", text.replace("−", "-").replace("- ", "-"))]


def percents(recipe: Recipe, pixels: NDArray[np.float32]) -> list[str]:
    """What PyTorch says, as the bars say it."""
    said = answer(load_classifier(recipe.config, bundled(recipe).weights), pixels)
    return [f"{100 * float(share):.1f} %" for share in said.probabilities]


def test_the_maps_follow_the_pen_and_say_what_pytorch_says(maps_server: Server, page: Page) -> None:
    maps = open_maps(page, maps_server)
    expect(maps).to_have_attribute("data-source", "digit")
    at = box(page.locator("canvas.upper-canvas"))
    page.mouse.move(at["x"] + THREE[0][0], at["y"] + THREE[0][1])
    page.mouse.down()
    seen = ""
    for x, y in THREE[1:]:
        page.mouse.move(at["x"] + x, at["y"] + y, steps=4)
        expect(maps).to_have_attribute("data-source", "pen")
        seen = becomes(tile(page, 1, 0).locator("canvas"), PIXELS, partial(operator.ne, seen))
    expect(maps).to_have_attribute("data-best", "3")  # the pen is still down
    verdicts = page.locator(".digit-bars .verdict")
    for i, recipe in enumerate((MLP, CNN)):
        expect(verdicts.nth(i)).to_contain_text(f"{recipe.file} reads 3: ")
    page.mouse.up()
    ink = page.locator(".ink")
    becomes(ink, "node => node.textContent.length", lambda length: length > 1000)
    becomes(ink, "node => atob(node.textContent).includes('\\xff')")
    drawn = np.frombuffer(base64.b64decode(value(ink, "node => node.textContent")), np.uint8).reshape(
        200, 200
    )
    prepared = prepare(drawn)
    assert prepared is not None
    assert texts(page.locator(".maps .percent")) == percents(CNN, prepared.pixels)
    for i, recipe in enumerate((MLP, CNN)):
        column = page.locator(".digit-bars .network").nth(i).locator(".percent")
        assert texts(column) == percents(recipe, prepared.pixels)


def test_a_cell_adds_up_and_a_silenced_filter_changes_the_answer(maps_server: Server, page: Page) -> None:
    maps = open_maps(page, maps_server)
    tile(page, 3, 5).click(position={"x": 20, "y": 14})
    heading, equation = page.locator(".panel h2"), page.locator(".panel .equation")
    expect(heading).to_contain_text("map 5")
    sums = [numbers(text)[0] for text in texts(page.locator(".panel .sum"))]
    assert len(sums) == 8
    total, bias, result, shown = numbers(texts(equation)[0])
    assert sum(sums) == pytest.approx(total, abs=1e-9)
    assert total + bias == pytest.approx(result, abs=1e-9)
    assert shown == max(result, 0)
    expect(page.get_by_text(re.compile(r"look: m3\.5\."))).to_be_visible()
    # One channel's products as numbers: they add up to its sum, and follow the cell.
    opener = page.get_by_role("button", name=TEXTS.numbers.format(channel=2), exact=True)
    opener.press("Enter")
    expect(opener).to_have_attribute("aria-expanded", "true")
    products = page.locator(".panel .products td")
    expect(products).to_have_count(25)
    each = [numbers(text) for text in texts(products)]
    assert sum(product for *_, product in each) == pytest.approx(sums[2], abs=1e-9)
    assert all(abs(value * weight - product) <= 0.03 for value, weight, product in each)
    page.locator(".panel .frame").press("ArrowDown")
    moved = numbers(texts(page.locator(".panel .sum"))[2])[0]
    assert sum(numbers(text)[-1] for text in texts(products)) == pytest.approx(moved, abs=1e-9)
    opener.press("Enter")
    absent(products)
    tile(page, 1, 2).focus()
    page.keyboard.press("ArrowLeft")
    expect(heading).to_contain_text("map 1:")
    bars = page.locator(".maps .percent")
    before = texts(bars)
    for channel in range(8):
        tile(page, 1, channel).focus()
        page.keyboard.press("x")
        expect(tile(page, 1, channel)).to_have_class(re.compile("silenced"))
    expect(page.locator(".maps .before").first).to_be_visible()
    assert texts(bars) != before
    expect(page.get_by_text(re.compile(r"look: x0\.0\.1\.2\.3\.4\.5\.6\.7~m"))).to_be_visible()
    page.get_by_role("button", name=TEXTS.reset).click()
    expect(bars).to_have_text(before)
    expect(maps).to_have_attribute("data-best", "3")


def test_digits_shifts_pooling_and_pictures(maps_server: Server, page: Page) -> None:
    maps = open_maps(page, maps_server, "maps=s2.0~paverage")
    expect(page.locator(".maps .moved")).to_have_text("→ 2")
    expect(page.get_by_role("button", name=TEXTS.poolingHelp).nth(1)).to_have_attribute(
        "aria-pressed", "true"
    )
    page.get_by_role("button", name=TEXTS.reset).click()
    for digit in (7, 0):
        page.get_by_role("button", name=f"A {digit} (").click()
        expect(maps).to_have_attribute("data-best", str(digit))
    tile(page, 0, 0).focus()
    for key in ("ArrowRight", "ArrowRight", "ArrowUp"):
        page.keyboard.press(key)
    expect(page.locator(".maps .moved")).to_have_text("→ 2 ↑ 1")
    page.get_by_role("button", name=TEXTS.activationHelp).click()
    expect(page.get_by_role("button", name=TEXTS.activationHelp)).to_have_attribute("aria-pressed", "false")
    expect(page.locator(".maps .stage h2").nth(1)).not_to_contain_text("ReLU")
    page.get_by_role("button", name=TEXTS.reset).click()
    page.get_by_text("Picture").click()
    expect(maps).to_have_attribute("data-source", "picture")
    expect(maps).to_have_attribute("data-best", "1")


def test_it_says_so_where_the_canvas_cannot_be_read(maps_server: Server, page: Page) -> None:
    open_maps(page, maps_server, "canvas=elsewhere")
    expect(page.locator(".maps .trouble")).to_be_visible()
    expect(page.locator(".maps .trouble")).to_have_text(TEXTS.lost)
