"""Two thousand whole pages on what no learner means, in addresses and in fields: each answers, none dies."""

from __future__ import annotations

import importlib
import random
import re
import sys
import zlib
from types import SimpleNamespace
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from lib.ui.pages import PAGES
from lib.ui.state import Key, Memo, Table, Text
from tests.lessons.page import assert_lives, page_test
from tests.ui.state.hostile import hostile_query, hostile_texts, is_bad

LESSONS = [page.key for page in PAGES.values() if page.key != "home"]
PAGES_IN_ALL = 2000
EACH = -(-PAGES_IN_ALL // len(LESSONS))
A_SESSION = 20
"""Addresses that one session is given, one after the other."""
_CODE = re.compile(r"(`+).*?\1", re.DOTALL)
_MARKDOWN = re.compile(r"\]\(http|^# Title|\*\*loud\*\*|:red\[x\]|<script>", re.MULTILINE)


def table_of(page: str) -> Table:
    """The lesson's table."""
    table = importlib.import_module(f"lib.lessons.{page}.state").TABLE
    assert isinstance(table, Table)
    return table


def messages(at: AppTest) -> list[str]:
    """Everything that the page says about what is wrong, and what it repeats of it."""
    return [str(part.value) for part in (*at.warning, *at.error, *at.info, *at.caption, *at.markdown)]


def check_answer(at: AppTest, page: str, told: object) -> None:
    """The page lives, shows what it is for, and renders nothing that came from outside."""
    assert_lives(at)
    assert at.title, told
    loud = [text for text in messages(at) if _MARKDOWN.search(_CODE.sub("", text))]
    assert loud == [], told


def check_address(at: AppTest, table: Table, query: dict[str, Any]) -> None:
    """Each bad value is named in a warning, and the address has it no more."""
    said = "\n".join(str(warning.value) for warning in at.warning)
    written = at.session_state["_shapelab"].sent[-1].address
    for name, value in query.items():
        key: Key[Any] = table.keys[name]
        if is_bad(key, value):
            assert f"`{name}=" in said or f'"{name}=' in said, query
            assert written.get(name) != (value if isinstance(value, str) else value[-1]), query


def type_into_a_field(at: AppTest, table: Table, draw: random.Random) -> object:
    """Put a hostile text into one of the page's fields; None where it has none."""
    texts = {key.name: key for key in table.keys.values() if isinstance(key, Text)}
    fields = [field for field in at.text_input if field.key in texts]
    if not fields:
        return None
    field = draw.choice(fields)
    key = texts[str(field.key)]
    text = draw.choice([said for said in hostile_texts(key) if isinstance(said, str)])[: key.longest]
    field.input(text).run()
    return {key.name: text}


@pytest.fixture(autouse=True)
def canvas_that_has_not_answered(monkeypatch: pytest.MonkeyPatch) -> None:
    """The drawing canvas registers itself from its package, which nobody searches for here."""
    silent = SimpleNamespace(json_data=None, image_data=None)
    stand_in = SimpleNamespace(st_canvas=lambda **_: silent)
    monkeypatch.setitem(sys.modules, "streamlit_drawable_canvas", stand_in)


@pytest.mark.parametrize("page", LESSONS)
def test_pages_live_on_what_no_learner_means(page: str) -> None:
    draw = random.Random(zlib.crc32(page.encode()))
    table = table_of(page)
    at = page_test(page)
    for number in range(EACH):
        if number % A_SESSION == 0:
            at = page_test(page)
        query = hostile_query(table, draw)
        at.query_params.clear()
        at.query_params.update(query)
        at.run()
        check_answer(at, page, query)
        check_address(at, table, query)
        if number % 4 == 0:
            told = type_into_a_field(at, table, draw)
            check_answer(at, page, told)


def test_every_lesson_declares_its_state() -> None:
    for page in LESSONS:
        assert table_of(page).name == page
        assert all(isinstance(key, Memo) or key.allowed for key in table_of(page).keys.values())
