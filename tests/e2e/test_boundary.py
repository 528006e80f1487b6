"""A page that fails tells the learner so in their language, shows no traceback, and has a way on."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from lib.ui.lang import Lang
from lib.ui.texts.frame import FRAME_TEXTS
from tests.e2e.server import APP, Server, running_app
from tests.e2e.waits import absent

pytestmark = pytest.mark.e2e

FAILING = Path(__file__).parent / "failing_page.py"


@pytest.fixture(scope="module", params=["door", "plain"])
def failing(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The app with a page that fails, through the door and as a plain script."""
    root = tmp_path_factory.mktemp("app")
    for name in ("lib", "assets", ".streamlit"):
        (root / name).symlink_to(APP.parent / name)
    shutil.copy(APP, root)
    shutil.copytree(APP.parent / "pages", root / "pages")
    shutil.copy(FAILING, root / "pages" / "memory.py")
    with running_app(root / "streamlit_app.py", plain=request.param == "plain") as running:
        yield running


def expect_failure(page: Page, lang: Lang) -> None:
    texts = FRAME_TEXTS[lang]
    expect(page.get_by_test_id("stAlert").get_by_text(texts.something_failed)).to_be_visible()
    link = page.get_by_role("link", name=texts.open_afresh)
    expect(link).to_have_attribute("href", f"./memory?lang={lang}")
    expect(page.get_by_test_id("stSidebar").get_by_role("link", name="ShapeLab")).to_be_visible()
    for trace in (
        page.get_by_test_id("stException"),
        page.get_by_text("secret"),
        page.get_by_text("ValueError"),
    ):
        absent(trace)


@pytest.mark.parametrize("where", ["page", "timer"])
def test_failure_by_itself(failing: Server, page: Page, where: str) -> None:
    page.goto(f"{failing.url}/memory?raise={where}&lang=zh")
    expect_failure(page, Lang.ZH)
    page.get_by_role("link", name=FRAME_TEXTS[Lang.ZH].open_afresh).click()
    expect(page.get_by_text("After")).to_be_visible()
    page.wait_for_url("**/memory?lang=zh")
    assert "secret of /etc/somewhere" in failing.log.read_text()


@pytest.mark.parametrize("where", ["fragment", "callback"])
def test_failure_after_a_press(failing: Server, page: Page, where: str) -> None:
    page.goto(f"{failing.url}/memory?lang=en")
    expect(page.get_by_text("After")).to_be_visible()
    page.get_by_role("button", name=f"Fail in a {where}").click()
    expect_failure(page, Lang.EN)
    expect(page.get_by_text("Before")).to_be_visible()
    page.get_by_role("link", name=FRAME_TEXTS[Lang.EN].open_afresh).click()
    absent(page.get_by_test_id("stAlert"))
    expect(page.get_by_text("After")).to_be_visible()
