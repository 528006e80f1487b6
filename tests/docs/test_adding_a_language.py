"""docs/adding-a-language.md: with one more language, the tests list everything that lacks it."""

from __future__ import annotations

import re
from pathlib import Path

from tests.docs.walk import copy_repository, run_tests
from tests.ui.text_sources import all_prose, all_texts

FAILED = re.compile(r"^FAILED (\S+?)::(\w+)(?:\[(.*?)\])?(?: - .*)?$", re.MULTILINE)


def test_a_new_language_is_missed_everywhere(tmp_path: Path) -> None:
    folder = copy_repository(tmp_path)
    languages = folder / "lib" / "ui" / "lang.py"
    text = languages.read_text("utf-8")
    languages.write_text(text.replace('    ZH = "zh"\n', '    ZH = "zh"\n    DE = "de"\n'), "utf-8")
    done = run_tests(folder, ["tests/ui/test_all_texts.py", "tests/ui/test_pages.py"])
    assert done.returncode == 1, done.stdout[-2000:]
    missed = {case for _, _, case in FAILED.findall(done.stdout)}
    assert {texts.place for texts in all_texts()} - missed == set()
    assert {prose.key for prose in all_prose()} - missed == set()
    assert "test_every_language_has_a_name_of_its_own" in done.stdout
