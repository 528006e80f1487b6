"""/cnn: a pasted program is drawn, or refused with its line; what was drawn is in the address."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from lib.core.nets.reading.errors import Problem
from lib.core.nets.reading.program import read_program
from lib.core.nets.stack import read_code
from lib.lessons.cnn.texts import CNN_TEXTS
from lib.ui.lang import Lang
from tests.core.nets.test_reading import JOINED, TUTORIAL
from tests.lessons.page import assert_lives, open_page, shown_text

TEXTS = CNN_TEXTS[Lang.EN]


def paste(at: AppTest, text: str, lang: Lang = Lang.EN) -> None:
    """Paste a program and press the button."""
    at.text_area(key="cnn_program").set_value(text)
    next(each for each in at.button if each.label == CNN_TEXTS[lang].read_button).click().run()
    assert_lives(at)


def query(at: AppTest, key: str) -> str:
    value = at.query_params[key]
    return str(value[0] if isinstance(value, list) else value)


def test_a_program_becomes_the_network_on_the_screen() -> None:
    at = open_page("cnn", net="alexnet")
    paste(at, TUTORIAL)
    assert not at.error
    assert [each.value for each in at.success] == [TEXTS.read_done.format(count=12, size=32)]
    assert read_code(query(at, "stack")) == read_program(TUTORIAL).stack
    assert (query(at, "size"), query(at, "batch")) == ("32", "4")
    assert "net" not in at.query_params
    assert "62,006 parameters" in at.code[0].value
    at.number_input(key="batch").set_value(2).run()
    assert_lives(at)
    assert query(at, "batch") == "2"


def test_without_an_input_a_size_that_fits_is_taken() -> None:
    at = open_page("cnn")
    paste(at, TUTORIAL.replace("x = torch.randn(4, 3, 32, 32)", ""))
    assert not at.error
    assert query(at, "size") == "32"


def test_what_is_left_out_is_said() -> None:
    at = open_page("cnn")
    paste(at, JOINED)
    assert TEXTS.read_left_out.format(names="`log_softmax`") in shown_text(at)


@pytest.mark.parametrize("lang", Lang)
@pytest.mark.parametrize(
    "text", ["", "net = (", "nn.Sequential(nn.LSTM(3, 4))", "\n\nnn.Sequential(nn.Conv2d(1, 2, 99))"]
)
def test_a_refusal_names_the_line_and_the_page_stays_as_it_is(text: str, lang: Lang) -> None:
    at = open_page("cnn", N="3", lang=lang)
    paste(at, text, lang)
    (said,) = [each.value for each in at.error]
    line = 3 if text.startswith("\n\n") else 1
    assert said.startswith(CNN_TEXTS[lang].read_line.format(line=line)) == bool(text)
    assert "stack" not in at.query_params
    assert query(at, "N") == "3"


def test_what_was_typed_is_shown_as_text() -> None:
    at = open_page("cnn")
    paste(at, "nn.Sequential(nn['](http://evil) **loud**'](3))")
    (said,) = [each.value for each in at.error]
    assert said.startswith("Line 1: `")
    assert said.endswith(TEXTS.read_problems[Problem.UNKNOWN].split("{text}")[1])


def test_a_program_that_breaks_is_drawn_up_to_where_it_breaks() -> None:
    at = open_page("cnn")
    paste(at, TUTORIAL.replace("16 * wide * wide", "400 + 1"))
    assert "mat1 and mat2 shapes cannot be multiplied" in at.error[0].value
    assert read_code(query(at, "stack")).rows
