"""Every page of the explorer in both languages, on a wall and on a phone, opened until it has finished.

The pages come from ``PAGES``; ``SCREENS`` are other states of them that are laid out in their own way: these in
English on the wall and in Chinese on the phone. Each is read by axe, too: the wall's in English in light and in
Chinese in dark, the phone's the other way round, but for the screens in Chinese and dark.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from lib.ui.door.icons import FONT
from lib.ui.door.letters import FAMILIES
from lib.ui.lang import Lang
from lib.ui.pages import PAGES
from tests.e2e.server import Server
from tests.e2e.tabs import learner, tab_of
from tests.e2e.waits import barriers, complaints, sideways, value

pytestmark = pytest.mark.e2e

WALL = {"width": 1280, "height": 720}
PHONE = {"width": 390, "height": 844}
HTML_LANG = {Lang.EN: "en", Lang.ZH: "zh-CN"}
EXISTING = list(PAGES.values())
PATHS = ["" if page.key == "home" else page.key for page in EXISTING]
SCREENS = [
    "convolution?W=32&F=7",
    "convolution?kind=Conv1d&W=24",
    "convolution?W=3&F=9&P=0",
    "convolution?W=128&Cin=3&Cout=64&N=32",
    "tensors?shape=2,3,4",
    "tensors?fn=empty",
    "tensors?fn=linspace",
    "shapes?a=2",
    "shapes?a=2,3&steps=t();view((6,))",
    "indexing?index=x[1]",
    "indexing?topic=write",
    "indexing?topic=reduce",
    "memory?dims=2",
    "memory?topic=sharing",
    "memory?topic=dtypes",
    "embedding?width=50",
    "embedding?topic=one_hot",
    "embedding?topic=gradient",
    "embedding?topic=words",
    "autograd?topic=step",
    "autograd?topic=parallel",
    "autograd?topic=batches",
    "autograd?topic=loss",
    "autograd?topic=depth",
    "autograd?topic=module",
    "optimizers?topic=experiments",
    "optimizers?topic=mnist",
    "finetune?topic=labels",
    "finetune?topic=layers",
    "finetune?topic=norm",
    "finetune?topic=own",
    "finetune?topic=code",
    "workflow?track=image",
    "draw?source=test&digit=0",
    "cnn?net=googlenet&with=resnet50",
    "cnn?M=6",
    "notes?note=adam",
    "notes?note=parallel",
    "quiz?q=3",
]


LATE_PICTURES = """
(app) => [...app.querySelectorAll('[class*="st-key-settings_"]')].filter((settings) => {
  const column = settings.closest('[data-testid="stColumn"]');
  const [picture] = [...column.parentElement.children].filter((other) => other !== column);
  const { top } = picture.getBoundingClientRect();
  return top > window.innerHeight * 0.75 || top > column.getBoundingClientRect().top;
}).map((settings) => settings.className)
"""

SLANTED = """
() => [...document.fonts].filter((font) => font.style === "italic" && font.status !== "unloaded")
  .map((font) => font.family).filter((family) => !family.startsWith("KaTeX"))
"""

FETCHED_FONTS = """
() => performance.getEntriesByType("resource").map((entry) => entry.name.split("/").at(-1))
  .filter((name) => name.endsWith(".woff2") && !name.startsWith("KaTeX"))
"""
SMALL_FONTS = {FONT.name, *(font.small.name for font in FAMILIES)}

CUT_NUMBERS = """
(app) => [...app.querySelectorAll('input[type="number"]')]
  .filter((field) => field.clientWidth > 0 && field.scrollWidth > field.clientWidth + 1)
  .map((field) => `${field.ariaLabel}: ${field.value}`)
"""

WESTERN_SIGNS = r"""
(app) => {
  const western = /[一-鿿）”]\s?[:;,.!?](\s|$)|(?<!\d)[:;,.]\s[一-鿿]|：\s|\([^()]*[一-鿿]/;
  const found = new Set();
  const look = (node) => {
    if (node.matches("pre, code, pre *, code *, style, script, annotation")) return;
    const own = [...node.childNodes].filter((child) => child.nodeType === Node.TEXT_NODE).map((child) => child.data);
    const said = ["aria-label", "title", "aria-valuetext"].map((name) => node.getAttribute(name) ?? "");
    for (const text of [...own, ...said]) if (western.test(text)) found.add(text);
    for (const inner of node.shadowRoot?.querySelectorAll("*") ?? []) look(inner);
  };
  for (const node of app.querySelectorAll("*")) look(node);
  return [...found];
}
"""
"""What a Chinese sentence has from English ones: half-width signs beside its characters, a blank after a colon."""


@pytest.fixture(scope="module", params=[WALL, PHONE], ids=["wall", "phone"])
def tab(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    """One learner's tab for all pages: what the browser has got once, it need not get again."""
    with learner(browser, viewport=request.param) as context:
        yield context.new_page()


@pytest.mark.parametrize("path", [*PATHS, *SCREENS])
def test_every_page_opens_without_errors_and_fits(server: Server, tab: Page, path: str) -> None:
    on_wall = tab.viewport_size == WALL
    for lang in [Lang.EN if on_wall else Lang.ZH] if "?" in path else Lang:
        is_dark = (lang is Lang.ZH) == (on_wall or "?" in path)
        tab.emulate_media(color_scheme="dark" if is_dark else "light", reduced_motion="reduce")
        printed = server.log.stat().st_size
        tab_of(tab).errors.clear()
        tab.goto(f"{server.url}/{path}{'&' if '?' in path else '?'}lang={lang}")
        assert sideways(tab) <= 0
        assert complaints(tab) == []
        assert barriers(tab) == []
        assert value(tab.get_by_test_id("stApp"), CUT_NUMBERS) == []
        assert value(tab.get_by_test_id("stApp"), SLANTED) == [], "a font of 135 KB for a few words"
        if lang is Lang.ZH:
            assert value(tab.get_by_test_id("stApp"), WESTERN_SIGNS) == []
        fonts = set(value(tab.get_by_test_id("stApp"), FETCHED_FONTS))
        assert FAMILIES[0].small.name in fonts
        assert fonts <= SMALL_FONTS, "a whole font for a few letters"
        if not on_wall and "?" not in path:
            assert value(tab.get_by_test_id("stApp"), LATE_PICTURES) == []
        assert "Traceback" not in server.log.read_bytes()[printed:].decode()
        expect(tab.locator("html")).to_have_attribute("lang", HTML_LANG[lang])
        if on_wall and "?" not in path:
            menu = tab.get_by_test_id("stSidebar")
            for other in EXISTING:
                if other.key != "home":
                    expect(menu.get_by_role("link", name=other.names[lang].title)).to_have_count(1)
