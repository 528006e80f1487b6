"""/quiz in a real browser: keyboard, a reload, a second tab, a result that is handed in."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from lib.core.quiz.question import Mistake, Topic
from lib.core.quiz.settings import Settings
from lib.core.quiz.sheet import question
from lib.lessons.quiz.state import DEFAULT_COUNT, DEFAULT_SEED
from lib.lessons.quiz.texts import QUIZ_TEXTS
from lib.ui.lang import Lang
from tests.e2e.server import Server
from tests.e2e.tabs import learner
from tests.e2e.waits import absent, finished, texts

pytestmark = pytest.mark.e2e

TEXTS = QUIZ_TEXTS[Lang.EN]
SHEET = Settings(tuple(Topic), DEFAULT_COUNT, DEFAULT_SEED, 2)


def field(page: Page) -> Locator:
    return page.get_by_label(TEXTS.answers[question(SHEET, 0).form], exact=True)


def send(page: Page, answer: str) -> None:
    """Type an answer and press Enter."""
    field(page).fill(answer)
    field(page).press("Enter")
    finished(page)


def test_answers_are_kept_through_a_reload_and_in_another_tab(
    server: Server, page: Page, context: BrowserContext
) -> None:
    asked = question(SHEET, 0)
    wrong = next(given for given, mistake in asked.mistakes.items() if mistake is Mistake.ROUNDED_UP)
    page.goto(f"{server.url}/quiz?lang=en")
    finished(page)
    pictures = page.locator(".st-key-quiz_scene").get_by_role("grid")
    assert len(texts(pictures)) == len(asked.before) == 1  # the other one gives the answer away
    send(page, wrong)
    hint = page.get_by_text(TEXTS.mistakes[Mistake.ROUNDED_UP])
    expect(hint).to_be_visible()
    page.reload()
    finished(page)
    expect(hint).to_be_visible()
    send(page, asked.answer)
    expect(page.get_by_text(f"{asked.answer} is right.")).to_be_visible()
    absent(field(page))
    expect(pictures).to_have_count(len(asked.before) + len(asked.after))
    other = context.new_page()
    other.goto(f"{server.url}/quiz?lang=en")
    finished(other)
    expect(other.get_by_text(f"{asked.answer} is right.")).to_be_visible()
    other.get_by_role("button", name=TEXTS.next_open, exact=True).press("Enter")
    finished(other)
    assert "q=2" in other.url
    assert (
        texts(other.get_by_test_id("stCode"))[0].split("\n")[0] == question(SHEET, 1).program.split("\n")[0]
    )


def test_a_result_is_handed_in_and_read_by_a_teacher(server: Server, page: Page, browser: Browser) -> None:
    asked = question(Settings(tuple(Topic), 1, DEFAULT_SEED, 2), 0)
    page.goto(f"{server.url}/quiz?lang=en&count=1")
    finished(page)
    send(page, asked.answer)
    page.get_by_label(TEXTS.name, exact=True).fill("Ada")
    page.get_by_label(TEXTS.name, exact=True).press("Enter")
    finished(page)
    blocks = [text.strip().split("\n")[0] for text in texts(page.get_by_test_id("stCode"))]
    (code,) = [first for first in blocks if first.startswith("SL1.")]
    with learner(browser) as teachers:
        teacher = teachers.new_page()
        teacher.goto(f"{server.url}/quiz?lang=en")
        finished(teacher)
        teacher.get_by_text(TEXTS.collect, exact=True).click()
        codes = teacher.get_by_label(TEXTS.codes, exact=True)
        codes.fill(f"{code}\n{code[:-6]}AAAAAA")
        codes.press("Control+Enter")
        finished(teacher)
        row = teacher.get_by_role("region", name=TEXTS.collect).get_by_role("row").nth(1)
        expect(row).to_contain_text("Ada")
        expect(row).to_contain_text("1 / 1")
        expect(teacher.get_by_text("Not from this server, or changed (1): line 2 (says Ada)")).to_be_visible()
