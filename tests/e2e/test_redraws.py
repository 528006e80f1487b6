"""However often a page is redrawn, the browser listens once: nothing of an earlier redraw goes on beside the last."""

from __future__ import annotations

import re
from typing import Literal

import pytest
from playwright.sync_api import CDPSession, Page, expect

from tests.e2e.server import Server
from tests.e2e.test_state import MOVES, open_at
from tests.e2e.waits import finished

pytestmark = pytest.mark.e2e

ROUNDS = 4
MOST_MORE = 2 * ROUNDS
"""Of listeners, in twice as many redraws: one that a redraw leaves behind would be twice as many."""


def listeners(devtools: CDPSession) -> int:
    """How many there are in the whole page, of elements that are still to be had."""
    devtools.send("HeapProfiler.collectGarbage")
    measured = devtools.send("Performance.getMetrics")["metrics"]
    return next(int(each["value"]) for each in measured if each["name"] == "JSEventListeners")


@pytest.mark.parametrize(
    ("screen", "role", "label", "start"),
    [move[:4] for move in MOVES] + [("draw?source=test&digit=0", "spinbutton", "", 0)],
    ids=lambda value: str(value)[:9],
)
def test_a_redraw_leaves_no_listener_behind(
    server: Server, page: Page, screen: str, role: Literal["slider", "spinbutton"], label: str, start: int
) -> None:
    open_at(page, server.url, screen)
    control = page.get_by_role(role, name=re.compile(f"^{re.escape(label)}")).first
    devtools = page.context.new_cdp_session(page)
    devtools.send("Performance.enable")

    def to_and_fro() -> None:
        for key, value in (("ArrowUp", start + 1), ("ArrowDown", start)):
            control.press(key)
            expect(control).to_have_value(str(value))
            finished(page)

    to_and_fro()  # some are made when they are first needed
    before = listeners(devtools)
    for _ in range(ROUNDS):
        to_and_fro()
    assert listeners(devtools) - before < MOST_MORE
