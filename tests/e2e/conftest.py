"""Fixtures of the end-to-end tests: one app a worker of the test runner, a fresh browser context a test."""

from __future__ import annotations

import contextlib
import os
import urllib.request
from collections.abc import Generator, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.e2e.brake import braked
from tests.e2e.browser import FLAGS, find_browser
from tests.e2e.server import Server, running_app
from tests.e2e.tabs import SLOWER, STRESS, Stress, learner, tab_of

LAST_LINES = 25


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """A failed test also shows what the server says of itself, and what it printed last."""
    report = yield
    running = getattr(item, "funcargs", {}).get("server")
    if report.failed and isinstance(running, Server):
        try:
            with urllib.request.urlopen(f"{running.url}/health", timeout=5) as answer:
                health = answer.read().decode()
        except OSError as error:
            health = str(error)
        printed = (
            running.log.read_text("utf-8", errors="replace").splitlines() if running.log.exists() else []
        )
        report.sections.append(("server", "\n".join([health, *printed[-LAST_LINES:]])))
    return report


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """The app, with its defaults."""
    with running_app() as running:
        yield running


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A real Chromium; none found is a failure, not a skip."""
    path = find_browser()
    assert path, "no Chromium: run `make browser`"
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        with braked(os.getpid(), SLOWER) if STRESS is Stress.SLOW else contextlib.nullcontext():
            yield launched
        launched.close()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A learner's browser: cookies and storage of its own."""
    with learner(browser) as fresh:
        yield fresh


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    """A tab; an uncaught error in the browser, or a red line in its console, fails the test."""
    tab = context.new_page()
    yield tab
    assert tab_of(tab).errors == []
