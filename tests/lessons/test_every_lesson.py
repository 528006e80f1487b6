"""What holds for each lesson, found from ``PAGES``: it opens in each language, and its code is Python."""

from __future__ import annotations

import ast

import pytest

from lib.ui.lang import Lang
from lib.ui.pages import PAGES
from tests.lessons.page import open_page

LESSONS = [key for key in PAGES if key != "home"]


@pytest.mark.parametrize("lang", list(Lang))
@pytest.mark.parametrize("page", LESSONS)
def test_it_opens_with_nothing_wrong(page: str, lang: Lang) -> None:
    at = open_page(page, lang=lang)
    assert at.title
    assert not at.warning
    assert not at.error
    for block in at.code:
        if block.language == "python":
            ast.parse(block.value)
