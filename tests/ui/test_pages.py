"""What is listed is there, and what is there is listed: pages, lessons, and the README's table."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from lib.ui.lang import Lang
from lib.ui.pages import GROUP_NAMES, PAGES, Group, PageInfo, pages_in

ROOT = Path(__file__).resolve().parents[2]
EACH = pytest.mark.parametrize("page", PAGES.values(), ids=lambda page: page.key)
ROW = re.compile(r"^\| `/(\w+)` \| \S.+ \|$", re.MULTILINE)


@EACH
def test_a_listed_page_has_its_file_and_its_lesson(page: PageInfo) -> None:
    lesson = ROOT / "lib" / "lessons" / page.key
    assert (ROOT / page.file).is_file()
    for name in ("__init__.py", "state.py", "texts.py"):
        assert (lesson / name).is_file(), name
    assert (lesson / "view.py").is_file() or (lesson / "view").is_dir()
    assert list((ROOT / "tests" / "lessons" / page.key).glob("test_*.py"))
    if page.key != "home":  # which has no prose
        for lang in Lang:
            assert (lesson / f"prose.{lang}.md").is_file(), lang


@EACH
def test_a_listed_page_has_a_name_and_a_question_in_each_language(page: PageInfo) -> None:
    assert set(page.names) == set(Lang)
    for name in page.names.values():
        assert name.title
        assert name.question or page.key == "home"


def test_every_page_and_every_lesson_is_listed() -> None:
    assert {path.stem for path in (ROOT / "pages").glob("*.py")} == PAGES.keys() - {"home"}
    lessons = {path.parent.name for path in (ROOT / "lib" / "lessons").glob("*/__init__.py")}
    assert lessons == PAGES.keys()


def test_every_group_has_a_name_and_pages() -> None:
    assert set(GROUP_NAMES) == set(Lang)
    for group in Group:
        assert pages_in(group)
        assert all(names[group] for names in GROUP_NAMES.values())


def test_the_readme_lists_the_pages() -> None:
    rows = ROW.findall((ROOT / "README.md").read_text("utf-8"))
    assert sorted(rows) == sorted(PAGES.keys() - {"home"})


def test_every_language_has_a_name_of_its_own() -> None:
    assert all(lang.own_name for lang in Lang)
