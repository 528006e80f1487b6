"""All that learners read: complete in every language, with the same slots, and nothing that nobody reads."""

from __future__ import annotations

import re
import unicodedata

import pytest

from lib.ui.lang import Lang
from tests.ui.text_sources import (
    Prose,
    Texts,
    all_prose,
    all_texts,
    declared_fields,
    groups_of_texts,
    leaves,
    named_sections,
    promised_slots,
    slots,
    used_fields,
)

OTHERS = [lang for lang in Lang if lang is not Lang.EN]
WORDS = re.compile(r"[A-Za-z]{2,}(?:[ ,]+[A-Za-z]{2,}){3,}")
"""Four words in a row: a sentence, not a name."""
TEXTS = pytest.mark.parametrize("texts", all_texts(), ids=lambda texts: texts.place)
PROSE = pytest.mark.parametrize("prose", all_prose(), ids=lambda prose: prose.key)


@TEXTS
def test_every_language_says_the_same_things_with_the_same_slots(texts: Texts) -> None:
    assert set(texts.by_lang) == set(Lang)
    english = leaves(texts.by_lang[Lang.EN])
    for lang in OTHERS:
        translated = leaves(texts.by_lang[lang])
        assert translated.keys() == english.keys()
        wrong = [place for place, text in english.items() if slots(text) != slots(translated[place])]
        assert wrong == []
        same = [place for place, text in english.items() if WORDS.search(text) and text == translated[place]]
        assert same == [], "not translated"


@TEXTS
def test_no_text_is_unused_and_slots_are_as_documented(texts: Texts) -> None:
    constant = re.split(r"\W", texts.place.split(":")[1])[0]
    for group in groups_of_texts(texts.by_lang[Lang.EN]):
        kind = type(group).__name__
        used = used_fields(kind, constant)
        assert [name for name in vars(group) if name not in used] == [], kind
        for name, documentation in declared_fields()[f"{type(group).__module__}.{kind}"].items():
            promised = promised_slots(documentation)
            found = {slot for text in leaves(getattr(group, name)).values() for slot in slots(text)}
            assert promised is None or found <= set(promised), name


def _is_sign(character: str) -> bool:
    return unicodedata.category(character)[0] in "PS"


def _stars_that_stay(text: str) -> list[str]:
    """Bold parts that Markdown leaves as stars: a sign inside ``**`` and a letter outside, without a space."""
    parts = re.sub(r"`[^`]*`", "`", text).split("**")
    closed = (
        part
        for before, part, after in zip(parts[::2], parts[1::2], parts[2::2], strict=False)
        if part
        and (
            (_is_sign(part[0]) and before[-1:].isalnum())
            or (_is_sign(part[-1]) and after[:1].isalnum())
            or part != part.strip()
        )
    )
    return list(closed)


def test_stars_that_stay_are_found() -> None:
    assert _stars_that_stay("**很好。**这是") == ["很好。"]
    assert _stars_that_stay("**很好**：这是 **so.** And") == []


@pytest.mark.parametrize("lang", list(Lang))
def test_what_is_bold_is_bold_in_markdown(lang: Lang) -> None:
    said = [text for texts in all_texts() for text in leaves(texts.by_lang[lang]).values()]
    said += [section.body for prose in all_prose() for section in prose.by_lang[lang].values()]
    # A slot may end in a letter or a sign.
    assert [part for text in said for part in _stars_that_stay(re.sub(r"{\w+}", "x", text))] == []


@PROSE
def test_every_language_has_the_same_sections_titles_and_slots(prose: Prose) -> None:
    assert set(prose.by_lang) == set(Lang)
    english = prose.by_lang[Lang.EN]
    for lang in OTHERS:
        translated = prose.by_lang[lang]
        assert list(translated) == list(english)
        for key, section in english.items():
            assert slots(translated[key].body) == slots(section.body), key
            assert bool(translated[key].title) == bool(section.title), key
            assert bool(translated[key].body) == bool(section.body), key
            assert re.search(r"[一-鿿]", translated[key].body) or lang is not Lang.ZH, key


@PROSE
def test_every_section_is_shown_somewhere(prose: Prose) -> None:
    outright, in_patterns = named_sections(prose)
    assert set(prose.by_lang[Lang.EN]) - outright - in_patterns == set()


def test_what_is_found_is_all_there_is() -> None:
    places = {texts.place.split(":")[0] for texts in all_texts()}
    assert {"lib.ui.pages", "lib.ui.texts.frame"} <= places
    assert len(all_texts()) > 20
    assert {"train", "convolution"} <= {prose.key for prose in all_prose()}
