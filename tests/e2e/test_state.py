"""Address, history and session agree in a real browser: no move is lost, Back undoes one step, bad values leave."""

from __future__ import annotations

import importlib
import random
import re
from collections.abc import Iterator
from typing import Literal
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
from playwright.sync_api import Page, expect

from lib.ui.lang import Lang
from lib.ui.pages import PAGES
from lib.ui.texts.frame import FRAME_TEXTS
from tests.e2e.delay import slow_line
from tests.e2e.server import Server
from tests.e2e.waits import absent, finished, until, value
from tests.ui.state.hostile import hostile_query

pytestmark = pytest.mark.e2e

SLOW_SECONDS = 0.2
PRESSES = 8
HOSTILE = 30
MOVES = [
    ("indexing?topic=reduce&scores=1,1,1,1,1&rdim=-5", "slider", "dim", -5, {"rdim": "{}"}),
    ("shapes?a=1,1,1,1&b=1,1,1,1&steps=stack(-5)", "slider", "dim", -5, {"steps": "stack({})"}),
    ("convolution?W=7", "slider", "Input size W", 7, {"W": "{}"}),
    ("tensors?fn=eye&rows=2", "slider", "n (rows)", 2, {"rows": "{}"}),
    ("embedding?width=50", "slider", "embedding_dim", 50, {"width": "{}"}),
    ("train?epochs=3", "slider", "Epochs", 3, {"epochs": "{}"}),
    ("memory?dims=1&s0=2&t0=1", "slider", "storage_offset", 0, {"off": "{}"}),
    ("draw?pen=12", "slider", "Pen", 12, {"pen": "{}"}),
    ("cnn?net=lenet5&batch=2", "spinbutton", "Batch", 2, {"batch": "{}"}),
    ("optimizers?topic=experiments&esteps=31", "slider", "Steps", 31, {"esteps": "{}"}),
    ("autograd?topic=step&idle=1", "slider", "More steps", 1, {"idle": "{}"}),
    ("finetune?labels=20", "slider", "Labels a class", 20, {"labels": "{}"}),
    ("workflow?block=loader&batch=8", "slider", "Path A: Batch size", 8, {"batch": "{}"}),
    ("notes?W=8", "slider", "Input size W", 8, {"W": "{}"}),
    ("quiz?count=9", "slider", "Questions", 9, {"count": "{}"}),
]
"""On every page a control that can make eight steps: the page's address, role, label, start, the address' words."""


@pytest.fixture(scope="module")
def slow_url(server: Server) -> Iterator[str]:
    """The app, 200 ms away each way."""
    with slow_line(server, SLOW_SECONDS) as url:
        yield url


def open_at(page: Page, url: str, screen: str) -> None:
    page.goto(f"{url}/{screen}{'&' if '?' in screen else '?'}lang=en")
    finished(page)


def said(url: str) -> dict[str, str]:
    """What an address says."""
    return dict(parse_qsl(urlsplit(url).query, keep_blank_values=True))


def expect_said(page: Page, **wanted: str | None) -> None:
    """Wait until the address says these; None is for a key that it does not have."""

    until(page, lambda: all(said(page.url).get(key) == text for key, text in wanted.items()))


def steps(page: Page) -> int:
    """How many steps the tab's history has."""
    length: int = value(page.locator("html"), "() => history.length")
    return length


def test_every_page_has_a_control_to_move() -> None:
    assert {screen.partition("?")[0] for screen, *_ in MOVES} == PAGES.keys() - {"home"}


@pytest.mark.parametrize(
    ("screen", "role", "label", "start", "written"), MOVES, ids=lambda value: str(value)[:9]
)
def test_no_press_of_an_arrow_is_lost_on_a_slow_line(
    slow_url: str,
    page: Page,
    screen: str,
    role: Literal["slider", "spinbutton"],
    label: str,
    start: int,
    written: dict[str, str],
) -> None:
    open_at(page, slow_url, screen)
    slider = page.get_by_role(role, name=re.compile(f"^{re.escape(label)}"))
    slider.focus()
    for press in range(PRESSES):
        page.keyboard.press("ArrowUp")
        expect(slider).to_have_value(str(start + press + 1))  # as fast as the browser is
    expect_said(page, **{key: text.format(start + PRESSES) for key, text in written.items()})
    finished(page)
    expect(slider).to_have_value(str(start + PRESSES))
    expect_said(page, **{key: text.format(start + PRESSES) for key, text in written.items()})


def test_a_preset_of_several_keys_is_one_step_and_back_restores_them_all(server: Server, page: Page) -> None:
    open_at(page, server.url, "shapes?a=2,2")
    opened = steps(page)
    first = page.get_by_role("textbox", name="Tensor a")
    for name, tensor in (("why view fails", "2, 3"), ("broadcasting", "3, 1"), ("squeeze", "1, 3, 1, 2")):
        page.get_by_role("radio", name=name, exact=True).click()
        expect(first).to_have_value(tensor)
    expect_said(page, a="1, 3, 1, 2", b="2, 3", steps="squeeze();unsqueeze(0)")
    assert steps(page) == opened + 3
    page.go_back()
    expect(first).to_have_value("3, 1")
    expect_said(page, a="3, 1", b="[10, 20, 30, 40]", steps="add()")
    page.go_back()
    expect(first).to_have_value("2, 3")
    expect(page.get_by_role("radio", name=re.compile(r"^2 · view"))).to_be_checked()
    page.go_back()
    expect(first).to_have_value("2,2")
    expect_said(page, a="2,2", b=None, steps="unsqueeze(0)")


def test_back_undoes_presets_and_moves_one_by_one_and_forward_brings_them_again(
    server: Server, page: Page
) -> None:
    open_at(page, server.url, "indexing")
    opened = steps(page)
    field = page.get_by_role("textbox", name="Index", exact=True)
    texts = [field.input_value()]
    for name in ("row", "diagonal", "mask"):
        page.get_by_role("radio", name=name, exact=True).click()
        expect(field).not_to_have_value(texts[-1])
        expect(page).to_have_url(re.compile("index="))
        texts.append(field.input_value())
    expect_said(page, index="x[mask]")
    assert steps(page) == opened + 3
    for text in reversed(texts[:-1]):
        page.go_back()
        expect(field).to_have_value(text)
    expect_said(page, index=None, lang="en")
    for text in texts[1:]:
        page.go_forward()
        expect(field).to_have_value(text)
    assert steps(page) == opened + 3


def test_a_preset_of_sliders_is_one_step(server: Server, page: Page) -> None:
    open_at(page, server.url, "memory")
    opened = steps(page)
    axes = page.get_by_role("slider", name=re.compile("^Dim|^Number of|axes", re.IGNORECASE)).first
    for name, text in (("3-D", "3"), ("diagonal", "1")):
        page.get_by_role("radio", name=name, exact=True).click()
        expect(axes).to_have_value(text)
    assert steps(page) == opened + 2
    page.go_back()
    expect_said(page, dims="3", s0="2", s1="3", s2="4", t0="12", t1="4", t2=None)
    page.go_back()
    expect_said(page, dims=None, s0=None, s1=None, s2=None, t0=None)
    expect(axes).to_have_value("2")


def test_opening_adds_no_step_and_bad_values_leave_the_address_as_text(server: Server, page: Page) -> None:
    bad = (
        "lang=tlh&topic=reduce&op=%0A%23%20Title%0A![x](http://127.0.0.1:9/x.png)%20[y](http://z)&rdim=1e309"
    )
    page.goto(f"{server.url}/indexing?{bad}")
    finished(page)
    expect_said(page, lang="en", topic="reduce", op=None, rdim=None)
    assert steps(page) == 2  # the blank page before it, and this one
    alerts = page.get_by_test_id("stMain").get_by_test_id("stAlert").filter(has_text="rdim=")
    expect(alerts).to_contain_text("rdim=1e309")
    expect(alerts).to_contain_text("# Title")
    absent(alerts.get_by_role("heading"))
    absent(alerts.get_by_role("link"))
    absent(alerts.get_by_role("img", name="x"))
    page.go_back()
    until(page, lambda: page.url == "about:blank")


def test_back_right_after_a_preset_on_a_slow_line(slow_url: str, page: Page) -> None:
    open_at(page, slow_url, "indexing")
    field = page.get_by_role("textbox", name="Index", exact=True)
    before = field.input_value()
    page.get_by_role("radio", name="row", exact=True).click()
    expect(field).not_to_have_value(before)
    expect(page).to_have_url(re.compile("index="))
    page.go_back()
    expect(field).to_have_value(before)
    expect_said(page, index=None)
    page.get_by_role("radio", name="step", exact=True).click()
    expect(page).to_have_url(re.compile("index="))
    expect(field).not_to_have_value(before)


def test_hostile_addresses_are_answered_in_a_real_browser(server: Server, page: Page) -> None:
    draw = random.Random(7)
    lessons = [key for key in PAGES if key != "home"]
    for number in range(HOSTILE):
        lesson = lessons[number % len(lessons)]
        table = importlib.import_module(f"lib.lessons.{lesson}.state").TABLE
        query = {
            name: text if isinstance(text, list) else text[:2000]
            for name, text in hostile_query(table, draw).items()
        }
        page.goto(f"{server.url}/{lesson}?lang=en&{urlencode(query, doseq=True, errors='replace')}")
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        finished(page)
        failed = page.get_by_text(FRAME_TEXTS[Lang.EN].something_failed)
        absent(failed.or_(page.get_by_test_id("stException")))
        absent(page.get_by_role("link", name="link", exact=True))


def test_language_is_one_step_and_keeps_the_page(server: Server, page: Page) -> None:
    open_at(page, server.url, "indexing?index=x[1]")
    opened = steps(page)
    page.get_by_role("radio", name="中文").click()
    expect_said(page, lang="zh", index="x[1]")
    expect(page.get_by_role("heading", level=1)).to_have_text("索引与归约")
    assert steps(page) == opened + 1
    page.go_back()
    expect(page.get_by_role("heading", level=1)).to_have_text("Index and reduce")
