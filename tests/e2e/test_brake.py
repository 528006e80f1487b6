"""The brake stops the processes that draw pages, again and again, and leaves none of them standing."""

from __future__ import annotations

import os

import psutil
import pytest
from playwright.sync_api import Page

from tests.e2e.brake import braked, renderers
from tests.e2e.server import Server
from tests.e2e.waits import finished, until
from tests.processes import ps

pytestmark = pytest.mark.e2e


def standing() -> list[bool]:
    """Whether each of this browser's pages stands still just now."""
    found = []
    for pid in renderers(os.getpid()):
        try:
            found.append(ps.Process(pid).status() == psutil.STATUS_STOPPED)
        except psutil.NoSuchProcess:
            continue
    return found


def test_pages_stand_still_and_go_on(server: Server, page: Page) -> None:
    with braked(os.getpid(), 4):
        page.goto(f"{server.url}/shapes")
        until(page, lambda: any(standing()))
        until(page, lambda: standing() != [] and not any(standing()))
        finished(page)
    until(page, lambda: not any(standing()))
    finished(page)
