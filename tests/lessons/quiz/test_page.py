"""/quiz: answers are judged, tries run out, the answer is not on the page before; results are read back."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import TextInput

from lib.core.lessons import load_lesson
from lib.core.quiz.question import Form, Kind, Mistake, Topic
from lib.core.quiz.result import code_of, read_code, result_of
from lib.core.quiz.settings import Settings
from lib.core.quiz.sheet import MAKERS, example, question
from lib.lessons.quiz.state import DEFAULT_COUNT, DEFAULT_SEED
from lib.lessons.quiz.texts import QUIZ_TEXTS
from lib.ui.lang import Lang
from lib.ui.secret import server_secret
from tests.core.programs import printed
from tests.lessons.page import assert_lives, open_page, shown_text

TEXTS = QUIZ_TEXTS[Lang.EN]
SHEET = Settings(tuple(Topic), DEFAULT_COUNT, DEFAULT_SEED, 2)


def answer(at: AppTest, text: str) -> None:
    """Type an answer, or choose it, and press Check."""
    radio = [each for each in at.radio if each.key and each.key.startswith("quiz_answer")]
    if radio:
        radio[0].set_value(text)
    else:
        field(at).set_value(text)
    next(each for each in at.button if each.label == TEXTS.check).click().run()
    assert_lives(at)


def field(at: AppTest) -> TextInput:
    (found,) = [each for each in at.text_input if each.key and each.key.startswith("quiz_answer")]
    return found


def messages(at: AppTest) -> str:
    return "\n".join(each.value for each in (*at.warning, *at.error, *at.success))


def test_it_opens_with_a_quotient_that_is_rounded_down() -> None:
    asked = question(SHEET, 0)
    assert asked.kind is Kind.CONV_SIZE
    assert asked.mistake(str(int(asked.answer) + 1)) is Mistake.ROUNDED_UP
    assert open_page("quiz").code[0].value == asked.program


@pytest.mark.parametrize("place", range(DEFAULT_COUNT))
def test_the_answer_is_not_on_the_page_until_it_is_given(place: int) -> None:
    asked = question(SHEET, place)
    at = open_page("quiz", q=str(place + 1))
    assert f"**{asked.answer}**" not in shown_text(at)
    assert not messages(at)
    answer(at, asked.answer)
    why = load_lesson("quiz", "en")[asked.kind].body.format(answer=asked.answer, **asked.slots)
    assert [each.value for each in at.success] == [f"{TEXTS.right.format(given=asked.answer)}\n\n{why}"]
    assert not [each for each in at.button if each.label == TEXTS.check]


def test_a_known_mistake_gets_its_hint_and_the_last_try_the_answer() -> None:
    at = open_page("quiz")
    asked = question(SHEET, 0)
    wrong = next(given for given, mistake in asked.mistakes.items() if mistake is Mistake.ROUNDED_UP)
    answer(at, wrong)
    hint = TEXTS.mistakes[Mistake.ROUNDED_UP]
    assert f"{TEXTS.not_right.format(given=wrong)} {hint} {TEXTS.tries_left.format(count=1)}" == messages(at)
    assert field(at).value == wrong
    answer(at, "-5")
    assert TEXTS.settled.format(given="-5", answer=asked.answer) in messages(at)
    assert not [each for each in at.button if each.label == TEXTS.check]


@pytest.mark.parametrize("typed", ["", "?", "**loud**", "1, 2", "__import__('os')"])
def test_what_is_no_answer_costs_no_try(typed: str) -> None:
    at = open_page("quiz", tries="1")
    answer(at, typed)
    assert (TEXTS.allowed[Form.NUMBER] if typed else TEXTS.nothing) in messages(at)
    assert "**loud**" not in messages(at).replace("`**loud**`", "")
    answer(at, question(SHEET, 0).answer)
    assert at.success


def test_a_whole_sheet_and_its_result() -> None:
    at = open_page("quiz", count="3", topics="conv,tensors", seed="5")
    sheet = Settings((Topic.CONV, Topic.TENSORS), 3, 5, 2)
    for place in range(3):
        asked = question(sheet, place)
        assert at.code[0].value == asked.program
        assert printed(at.code[0].value).rstrip() == asked.answer
        if place == 1:
            wrong = "-1" if asked.form is Form.NUMBER else "[9, 9, 9]"
            answer(at, wrong)
            answer(at, wrong)
        else:
            answer(at, asked.answer)
        if place < 2:
            assert TEXTS.hand_in not in shown_text(at)
            at.button(key="quiz_after").click().run()
    assert TEXTS.score.format(right=2, count=3, tries=4) in shown_text(at)
    assert TEXTS.hand_in in shown_text(at)
    at.text_input(key="quiz_name").set_value(" Ada  ").run()
    code = next(block.value for block in at.code if block.value.startswith("SL1."))
    read = read_code(code, server_secret())
    assert (read.name, read.sheet, read.right, read.count, read.tries) == ("Ada", sheet.key, 2, 3, 4)


def test_codes_are_read_and_what_was_changed_is_named() -> None:
    good = code_of(result_of("Ada", "topics=conv", 2, 3, 4, 10.0, 75.0), server_secret())
    other = code_of(result_of("Bob", "topics=conv", 3, 3, 3, 10.0, 75.0), b"elsewhere")
    at = open_page("quiz")
    at.text_area(key="quiz_codes").set_value(f"Ada: {good}\n{other}\n<b>\n\n{good}\n").run()
    assert_lives(at)
    shown = shown_text(at)
    assert TEXTS.good.format(count=1) in shown
    assert "Ada" in shown
    assert at.error[0].value == "Not from this server, or changed (1): line 2 (says `Bob`)"
    assert at.warning[0].value == "No code in lines: 3"


def test_other_questions_are_another_draw_in_the_address() -> None:
    at = open_page("quiz", q="4")
    at.button(key="quiz_others").click().run()
    assert_lives(at)
    (seed,) = (
        at.query_params["seed"] if isinstance(at.query_params["seed"], list) else [at.query_params["seed"]]
    )
    assert int(seed) != DEFAULT_SEED
    assert "q" not in at.query_params
    assert at.code[0].value == question(Settings(tuple(Topic), DEFAULT_COUNT, int(seed), 2), 0).program


def test_with_no_topic_all_are_lit() -> None:
    at = open_page("quiz", topics="nets", count="3")
    at.button_group(key="topics").set_value([]).run()
    assert_lives(at)
    assert at.button_group(key="topics").value == list(Topic)
    assert "topics" not in at.query_params


def test_another_number_of_tries_is_another_sheet() -> None:
    by_tries = [
        [question(Settings(tuple(Topic), 8, 5, tries), place).program for place in range(8)]
        for tries in (1, 2)
    ]
    assert sum(one == other for one, other in zip(*by_tries, strict=True)) <= 2


def test_after_the_last_place_the_open_ones_come() -> None:
    at = open_page("quiz", count="3", q="3")
    answer(at, question(Settings(tuple(Topic), 3, DEFAULT_SEED, 2), 2).answer)
    at.button(key="quiz_after").click().run()
    assert_lives(at)
    assert "q" not in at.query_params


def test_numbers_by_name_wait_for_the_name() -> None:
    at = open_page("quiz", own="true")
    assert [each.value for each in at.info] == [TEXTS.name_needed]
    at.text_input(key="quiz_name").set_value("Ada").run()
    assert_lives(at)
    assert not at.info
    own = Settings(tuple(Topic), DEFAULT_COUNT, DEFAULT_SEED, 2, "Ada")
    assert at.code[0].value == question(own, 0).program != question(SHEET, 0).program


def test_a_shorter_sheet_opens_at_its_last_question() -> None:
    at = open_page("quiz", count="2", q="7")
    assert at.code[0].value == question(Settings(tuple(Topic), 2, DEFAULT_SEED, 2), 1).program


@pytest.mark.parametrize("kind", MAKERS)
def test_the_page_that_shows_more_takes_the_address_as_it_is(kind: Kind) -> None:
    for seed in range(3):
        asked = example(kind, seed)
        at = open_page(asked.page, **asked.query)
        assert not at.warning
        if kind is not Kind.BROADCAST:
            assert not at.error
        for key, value in asked.query.items():
            assert at.query_params.get(key, value) in (value, [value])


@pytest.mark.parametrize(
    ("key", "bad"), [("topics", "x"), ("count", "0"), ("tries", "inf"), ("q", "21"), ("own", "1")]
)
def test_a_bad_address_is_explained(key: str, bad: str) -> None:
    assert f"`{key}={bad}`" in open_page("quiz", **{key: bad}).warning[0].value
