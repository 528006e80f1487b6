"""/notes: each sentence opens, its two values are the check's, its program prints them; links lead to legal states."""

from __future__ import annotations

import pytest

from lib.core.lessons import load_lesson
from lib.core.notes.checks import arguments, check
from lib.core.notes.note import Note, Verdict
from lib.lessons.notes.state import CONTROLS, MORE
from lib.lessons.notes.texts import NOTES_TEXTS
from lib.ui.lang import Lang
from tests.core.programs import printed
from tests.lessons.page import open_page, shown_text


def test_every_sentence_has_as_many_controls_as_its_check_takes() -> None:
    assert list(CONTROLS) == list(Note)
    for note, keys in CONTROLS.items():
        assert len(keys) == len(arguments(note)), note


@pytest.mark.parametrize("lang", Lang)
@pytest.mark.parametrize("note", Note)
def test_a_sentence_opens_with_what_its_program_prints(note: Note, lang: Lang) -> None:
    at = open_page("notes", note=str(note), lang=str(lang))
    notes, pytorch, program = (block.value for block in at.code)
    found = check(note, *(key.default for key in CONTROLS[note]))
    assert (notes, pytorch) == (found.notes, found.pytorch)
    assert printed(program).rstrip() == found.printed
    text = shown_text(at)
    sentence = load_lesson("notes", lang)[note]
    assert at.selectbox(key="note").options[list(Note).index(note)] == sentence.title.replace("`", "")
    assert sentence.body in text
    assert f"**{NOTES_TEXTS[lang].verdicts[found.verdict]}**" in text


def test_no_sentence_opens_where_it_happens_to_hold() -> None:
    for note, keys in CONTROLS.items():
        assert check(note, *(key.default for key in keys)).verdict is not Verdict.SAME, note


def test_a_slider_changes_both_values_and_the_program() -> None:
    at = open_page("notes")
    at.slider(key="S").set_value(1).run()
    assert [block.value for block in at.code[:2]] == ["6", "6"]
    assert NOTES_TEXTS[Lang.EN].verdicts[Verdict.SAME] in shown_text(at)
    assert printed(at.code[2].value).rstrip() == "notes:   6\nPyTorch: 6"
    assert at.query_params["S"] == "1"


def test_next_and_previous_walk_through_all_of_them() -> None:
    at = open_page("notes", note="pair")
    at.button(key="notes_on").click().run()
    assert at.query_params["note"] == "mode"
    at.button(key="notes_back").click().run()
    at.button(key="notes_back").click().run()
    assert at.query_params["note"] == "channels"
    assert open_page("notes").button(key="notes_back").disabled
    assert open_page("notes", note="parallel").button(key="notes_on").disabled


@pytest.mark.parametrize("note", MORE)
def test_the_page_that_shows_more_takes_the_address_as_it_is(note: Note) -> None:
    page, query = MORE[note]
    at = open_page(page, **query)
    assert not at.exception
    assert not at.warning
    for key, value in query.items():
        assert at.query_params.get(key, value) == value


@pytest.mark.parametrize(("key", "bad"), [("note", "x"), ("W", "inf"), ("lr", "9"), ("mode", "mirrored")])
def test_a_bad_address_is_explained(key: str, bad: str) -> None:
    assert f"`{key}={bad}`" in open_page("notes", **{key: bad}).warning[0].value


def test_the_first_sentences_numbers_go_along() -> None:
    at = open_page("notes", W="9", D="2")
    link = at.main.get("page_link")[0].proto
    assert (link.page, link.query_string) == ("convolution", "lang=en&W=9&F=3&P=0&S=2&D=2")
