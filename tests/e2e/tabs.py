"""The browsers of learners, watched: what a tab still waits for, and what it complained about.

Every context of the end-to-end tests comes from ``learner``. SHAPELAB_STRESS makes all of them suffer:
"slow" has a processor at a quarter of its speed, "late" gets every script five seconds late.
"""

from __future__ import annotations

import contextlib
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any
from urllib.parse import urlsplit
from weakref import WeakKeyDictionary

from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Error,
    Page,
    Request,
    Route,
    WebSocket,
    expect,
)
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

SLOWER = 4
LATE_MS = 5_000
ENTRY = "/static/js/index."
"""The script without which there is no app: it is on time even when all others are late."""

STREAMLIT_LOOKS_FOR_ITS_ROOT = re.compile(r"//[^/]+/[^/]+/_stcore/(health|host-config)$")
"""On /train it asks /train/_stcore/health first, and the browser's console says that there is none."""


class Stress(StrEnum):
    """How hard the browser has it."""

    PLAIN = "plain"
    SLOW = "slow"
    LATE = "late"


STRESS = Stress(os.environ.get("SHAPELAB_STRESS", "plain"))
PATIENCE = {Stress.PLAIN: 1, Stress.SLOW: 3, Stress.LATE: 5}[STRESS]
"""How many times longer everything may take."""
WAIT_MS = 30_000 * PATIENCE
RUN_MS = 300_000 * PATIENCE
"""For what a worker has to compute first: it gives way to everybody else on a machine that is busy otherwise."""
expect.set_options(timeout=WAIT_MS)


@dataclass
class Tab:
    """What one tab has asked for and not yet got, and its complaints.

    ``asked``: a run of the script was asked for that has not begun. ``busy``: one was asked for that has not ended.
    ``ticking``: all that runs since is a fragment on a timer. ``errors`` are uncaught ones and what the console
    shows in red.
    """

    loading: set[Request] = field(default_factory=set)
    asked: bool = False
    busy: bool = False
    ticking: bool = False
    errors: list[str] = field(default_factory=list)


_tabs: WeakKeyDictionary[Page, Tab] = WeakKeyDictionary()


def tab_of(page: Page) -> Tab:
    """The record of a tab that was opened in a learner's context."""
    return _tabs[page]


def _watch_socket(tab: Tab, socket: WebSocket) -> None:
    def sent(payload: str | bytes) -> None:
        message = BackMsg()
        message.ParseFromString(payload if isinstance(payload, bytes) else b"")
        if message.WhichOneof("type") != "rerun_script":
            return
        if message.rerun_script.is_auto_rerun:
            tab.ticking = not tab.busy
        else:
            tab.asked = tab.busy = True
            tab.ticking = False

    def received(payload: str | bytes) -> None:
        message = ForwardMsg()
        message.ParseFromString(payload if isinstance(payload, bytes) else b"")
        if message.WhichOneof("type") == "new_session":
            tab.asked = False
        elif message.WhichOneof("type") == "script_finished" and not tab.asked:
            tab.busy = message.script_finished == ForwardMsg.FINISHED_EARLY_FOR_RERUN

    socket.on("framesent", sent)
    socket.on("framereceived", received)


def _watch(page: Page) -> None:
    tab = _tabs[page] = Tab()

    def complained(message: ConsoleMessage) -> None:
        url = message.location.get("url", "")
        if message.type == "error" and not STREAMLIT_LOOKS_FOR_ITS_ROOT.search(url):
            tab.errors.append(f"{message.text} ({url})")

    page.on("request", lambda request: tab.loading.add(request))
    page.on("requestfinished", lambda request: tab.loading.discard(request))
    page.on("requestfailed", lambda request: tab.loading.discard(request))
    page.on("websocket", lambda socket: _watch_socket(tab, socket))
    page.on("pageerror", lambda error: tab.errors.append(str(error)))
    page.on("console", complained)


def _late(route: Route) -> None:
    with contextlib.suppress(Error):  # the tab has been closed in the meantime
        page = route.request.frame.page
        page.wait_for_timeout(LATE_MS)
        route.continue_()


def _is_late(url: str) -> bool:
    path = urlsplit(url).path
    return path.endswith(".js") and ENTRY not in path


@contextlib.contextmanager
def learner(browser: Browser, **options: Any) -> Iterator[BrowserContext]:
    """A learner's browser: cookies and storage of its own; ``options`` as in ``Browser.new_context``."""
    settings: dict[str, Any] = {"viewport": {"width": 1280, "height": 900}, "locale": "en-US", **options}
    context = browser.new_context(**settings)
    context.set_default_timeout(WAIT_MS)
    context.on("page", _watch)
    if STRESS is Stress.LATE:
        context.route(_is_late, _late)
    try:
        yield context
    finally:
        context.unroute_all(behavior="ignoreErrors")
        context.close()
