"""Fixtures of the end-to-end tests: one app and one browser a worker of the test runner, a new learner a test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.e2e.browser import FLAGS, find_browser
from tests.e2e.server import Server, running_app
from tests.e2e.tabs import forget_learner, learner, tab_of


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
        yield launched
        launched.close()


@pytest.fixture(scope="session")
def profile(browser: Browser) -> Iterator[BrowserContext]:
    """What a browser has got once it need not get again: scripts and styles stay, learners do not."""
    with learner(browser) as kept:
        yield kept


@pytest.fixture
def context(profile: BrowserContext) -> Iterator[BrowserContext]:
    """A new learner's browser: nothing of an earlier one's cookies, storage and tabs."""
    yield profile
    forget_learner(profile)


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    """A tab; an uncaught error in the browser, or a red line in its console, fails the test."""
    tab = context.new_page()
    yield tab
    assert tab_of(tab).errors == []
