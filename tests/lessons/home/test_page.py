"""The home page without a browser: a way to each lesson, in each language."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from lib.ui.lang import Lang
from lib.ui.pages import PAGES
from tests.lessons.page import ROOT, SECONDS, assert_lives, shown_text


@pytest.mark.parametrize("lang", list(Lang))
def test_every_lesson_has_its_tile(lang: Lang) -> None:
    at = AppTest.from_file(str(ROOT / "streamlit_app.py"), default_timeout=SECONDS)
    at.query_params["lang"] = lang
    at.run()
    assert_lives(at)
    shown = shown_text(at)
    for page in PAGES.values():
        if page.key != "home":
            assert page.names[lang].question in shown


def test_an_unknown_language_is_explained() -> None:
    at = AppTest.from_file(str(ROOT / "streamlit_app.py"), default_timeout=SECONDS)
    at.query_params["lang"] = "tlh\n# x"
    at.run()
    assert_lives(at)
    assert "lang=tlh" in at.warning[0].value
    assert "\n" not in at.warning[0].value
