"""Words of /draw: complete in both languages, with the slots that the code fills."""

from __future__ import annotations

import re
from dataclasses import is_dataclass
from string import Formatter

import pytest

from lib.core.digits.robustness import Change
from lib.core.digits.upload import UploadProblem
from lib.core.lessons import load_lesson
from lib.ui.draw.source import SOURCES
from lib.ui.lang import Lang
from lib.ui.texts.draw import DRAW_TEXTS


def texts_in(value: object, path: str = "") -> dict[str, str]:
    """All texts below a value, by where they stand."""
    if isinstance(value, str):
        return {path: value}
    inner = vars(value) if is_dataclass(value) else value
    assert isinstance(inner, dict)
    return {
        place: text for key, each in inner.items() for place, text in texts_in(each, f"{path}/{key}").items()
    }


def slots(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def test_both_languages_say_the_same_things_with_the_same_slots() -> None:
    english, chinese = (texts_in(DRAW_TEXTS[lang]) for lang in (Lang.EN, Lang.ZH))
    assert english.keys() == chinese.keys()
    for place, text in english.items():
        assert slots(text) == slots(chinese[place]), place


@pytest.mark.parametrize("lang", list(Lang))
def test_every_choice_and_problem_has_words(lang: Lang) -> None:
    texts = DRAW_TEXTS[lang]
    assert set(texts.sources) == set(SOURCES)
    assert set(texts.changes) == set(texts.units) == set(Change)
    assert set(texts.upload_problems) == set(UploadProblem)


def test_lessons_have_the_same_sections_and_slots() -> None:
    english, chinese = (load_lesson("draw", lang) for lang in ("en", "zh"))
    assert list(english) == list(chinese)
    for key, section in english.items():
        assert section.slots == chinese[key].slots
        assert re.search(r"[一-鿿]", chinese[key].body)
