"""How a browser test waits: for the element, then for its property. Nothing else looks into the page.

What to use (a test reads the sources of this folder and refuses every other way):

- ``expect(locator).to_...`` for what Playwright can wait for by itself
- ``finished(page)`` after ``goto``, ``reload``, ``go_back``: the script has run, every script, picture and chart
  is there, and it has stayed so; fragments on a timer go on. After a click wait for the click's effect instead
- ``absent(locator)`` instead of ``to_have_count(0)`` or ``to_be_hidden()``: nothing is absent before the page
  has finished
- ``value(locator, script)`` for a property of an element that Playwright does not know; ``becomes(locator,
  script, holds)`` to wait until it is so
- ``until(page, holds)`` for what no locator can say (the address, a file, the server's processes)
- ``remember(page, selector)`` before ``goto``, then ``remembered(page)``: what was there for a moment alone
- ``texts(locator)`` and ``box(locator)`` wait for the element, unlike ``all_inner_texts()``
- ``complaints(page)`` waits until the page has finished and lists the errors it shows: none is right
- ``barriers(page)`` waits until the page has finished and lists what axe finds wrong for those who do not see, or not
  well: nothing is right
- ``sideways(page)`` waits until the page has finished and says how far it scrolls sideways, in pixels: 0 is right
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

from playwright.sync_api import Error, FloatRect, Locator, Page, expect

from lib.ui.texts.frame import FRAME_TEXTS
from tests.e2e.tabs import WAIT_MS, tab_of

TICK_MS = 50
QUIET_TICKS = 5
"""So many looks in a row find the page finished: between two answers of the server it can seem so."""

UNFINISHED = """
(ticking) => {
  const app = document.querySelector('[data-testid=stApp]');
  if (!app) return ['no app'];
  const found = [];
  const seen = (node) => node.checkVisibility();
  const count = (what, selector) => {
    const many = [...document.querySelectorAll(selector)].filter(seen).length;
    if (many) found.push(`${many} ${what}`);
  };
  if (!ticking) {
    if (app.dataset.testScriptState !== 'notRunning') found.push(`script ${app.dataset.testScriptState}`);
    count('stale elements', '[data-stale=true]');
  }
  if (app.dataset.testConnectionState !== 'CONNECTED') found.push(app.dataset.testConnectionState);
  count('skeletons', '[data-testid=stSkeleton], [data-testid=stAppSkeleton]');
  for (const mount of document.querySelectorAll('[data-testid^=stBidiComponent]')) {
    const root = (mount.shadowRoot ?? mount).querySelector('div[class]');
    if (root && !root.firstChild && seen(root)) found.push(`${root.className} not drawn`);
  }
  count('charts not drawn', '.chart:not(.js-plotly-plot, [data-empty]), .js-plotly-plot:not(:has(.main-svg))');
  if ([...document.images].some((image) => !image.complete && seen(image))) found.push('pictures loading');
  if (document.fonts.status !== 'loaded') found.push('fonts loading');
  return found;
}
"""


def unfinished(page: Page) -> list[str]:
    """What the page still waits for, in words; nothing once it has finished."""
    tab = tab_of(page)
    found = [f"loading {request.url}" for request in tab.loading]
    if tab.busy:
        found.append("a run asked for")
    try:
        found += page.evaluate(UNFINISHED, tab.ticking)
    except Error as error:  # it is just going elsewhere
        if page.is_closed():
            raise
        found.append(error.message)
    return found


def finished(page: Page) -> None:
    """Wait until the page has finished: its script ran, everything is loaded and drawn, and it stays so."""
    for _ in _quiet_ticks(page):
        pass


def _quiet_ticks(page: Page) -> Iterator[None]:
    """Ticks at which nothing is waited for, until the page has finished."""
    quiet = 0
    for _ in range(WAIT_MS // TICK_MS):
        waiting = unfinished(page)
        quiet = 0 if waiting else quiet + 1
        if quiet:
            yield
        if quiet == QUIET_TICKS:
            return
        page.wait_for_timeout(TICK_MS)
    raise AssertionError(f"{page.url} has not finished: {waiting or 'it has no rest'}")


def not_in_address(page: Page, part: str) -> None:
    """Once the page has finished, the address does not say it."""
    finished(page)
    assert part not in page.url


def absent(locator: Locator) -> None:
    """Wait until the page has finished, then until the element is not in sight."""
    finished(locator.page)
    expect(locator.filter(visible=True)).to_have_count(0)


def value(locator: Locator, script: str, argument: object = None) -> Any:
    """What the script (a function of the node, and of the argument) says of the element, once that is there."""
    return locator.evaluate(script, argument)


def becomes(locator: Locator, script: str, holds: Callable[[Any], bool] = bool) -> Any:
    """Wait for the element, then until what the script says of it holds; returns what it says.

    An element that goes away in between is waited for again.
    """
    said: Any = None
    deadline = time.monotonic() + 2 * WAIT_MS / 1000
    while (left := deadline - time.monotonic()) > 0:
        try:
            said = locator.evaluate(script, timeout=1000 * left)
        except Error as error:
            if locator.page.is_closed():
                raise
            said = error.message
        else:
            if holds(said):
                return said
        locator.page.wait_for_timeout(TICK_MS)
    raise AssertionError(f"it stayed {said!r}: {script}")


REMEMBER = """
(() => {
  const seen = (globalThis.seen = []);
  const look = () => {
    for (const mount of document.querySelectorAll('[data-testid^=stBidiComponent]')) {
      for (const node of (mount.shadowRoot ?? mount).querySelectorAll(SELECTOR)) {
        if (node.textContent !== seen.at(-1)) seen.push(node.textContent);
      }
    }
    requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
})();
"""


def remember(page: Page, selector: str) -> None:
    """Before ``goto``: from now on the page keeps every text that an element of a component has for a moment."""
    page.add_init_script(REMEMBER.replace("SELECTOR", json.dumps(selector)))


def remembered(page: Page) -> list[str]:
    """The texts that ``remember`` has kept, in order."""
    texts: list[str] = page.locator("body").evaluate("() => globalThis.seen")
    return texts


def until(page: Page, holds: Callable[[], bool]) -> None:
    """Look again at each tick, until it holds."""
    for _ in range(2 * WAIT_MS // TICK_MS):
        if holds():
            return
        page.wait_for_timeout(TICK_MS)
    raise AssertionError("it never came true")


def texts(locator: Locator) -> list[str]:
    """The texts of all such elements, once the first is there."""
    expect(locator.first).to_be_visible()
    return locator.all_inner_texts()


def box(locator: Locator) -> FloatRect:
    """Where the element is in the window, once that is in sight and at rest."""
    expect(locator).to_be_visible()
    page = locator.page
    last, rests = None, 0
    for _ in range(WAIT_MS // TICK_MS):
        now = locator.bounding_box()
        rests = rests + 1 if now == last and now is not None else 0
        if now is not None and rests == QUIET_TICKS:
            return now
        last = now
        page.wait_for_timeout(TICK_MS)
    raise AssertionError("it never comes to rest")


SIDEWAYS = """
(app) => {
  const scrollers = [document.documentElement, ...app.querySelectorAll(
    '[data-testid=stMain], [data-testid=stMainBlockContainer], [data-testid=stAppViewContainer]')];
  return Math.max(...scrollers.map((node) => node.scrollWidth - node.clientWidth));
}
"""


def sideways(page: Page) -> int:
    """How many pixels the page can be scrolled sideways, at worst, when everything is there: 0 is right.

    Streamlit scrolls stMain, not the document. What begins to move when the page has finished is looked at, too.
    """
    app = page.get_by_test_id("stApp")
    return max(int(value(app, SIDEWAYS)) for _ in _quiet_ticks(page))


def complaints(page: Page) -> list[str]:
    """What is wrong with the page once it has finished: error boxes, red lines in the console; nothing is right."""
    finished(page)
    boxes = page.get_by_test_id("stException").all_inner_texts()
    failed = [texts.something_failed for texts in FRAME_TEXTS.values()]
    boxes += [text for text in failed if page.get_by_text(text).count()]
    return [*boxes, *tab_of(page).errors]


AXE = Path(__file__).parents[2] / "node_modules/axe-core/axe.min.js"
BARRIERS = """
async () => {
  const { violations } = await axe.run(document, {
    resultTypes: ['violations'],
    rules: { 'target-size': { enabled: true } },
  });
  return violations.flatMap(({ id, help, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id} (${help}): ${target.flat().join(' ')} ${failureSummary}`));
}
"""


@cache
def _axe() -> str:
    return AXE.read_text("utf-8")


def barriers(page: Page) -> list[str]:
    """What axe finds wrong with the page once it has finished, by rule and element; nothing is right.

    Rules of every level are asked, "best practices" and the size of targets (24 pixels) too. See https://github.com/dequelabs/axe-core.
    """
    finished(page)
    page.evaluate(_axe())
    found: list[str] = page.evaluate(BARRIERS)
    return found
