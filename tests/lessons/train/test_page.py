"""/train without a browser: settings, their program, and what is not possible."""

from __future__ import annotations

import pytest

from lib.lessons.train.state import parse_hidden
from tests.lessons.page import open_page, shown_text


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_settings_are_in_the_program(lang: str) -> None:
    at = open_page("train", lang=lang, hidden="32, 16", opt="Nesterov", lr="0.05", batch="128", epochs="3")
    program = "\n".join(block.value for block in at.code)
    for part in ("32", "16", "nesterov=True", "0.05", "128"):
        assert part in program
    assert "784 → 32 → 16 → 10" in shown_text(at)


@pytest.mark.parametrize(
    "query",
    [
        {"seed": "inf"},
        {"batch": "1e309"},
        {"epochs": "99999999999999999999"},
        {"lr": "nan"},
        {"hidden": "9999"},
        {"device": "cuda:99"},
        {"smooth": "7"},
        {"softmax": "maybe"},
    ],
)
def test_a_bad_address_is_explained_and_the_page_lives(query: dict[str, str]) -> None:
    at = open_page("train", **query)
    ((key, value),) = query.items()
    assert f"`{key}={value}`" in at.warning[0].value
    assert "784 → 50 → 10" in shown_text(at)


def test_an_unknown_run_is_explained_as_text() -> None:
    at = open_page("train", run="**x** [y](http://z)")
    assert "`**x** [y](http://z)`" in at.warning[0].value


def test_bad_layers_leave_the_last_good_ones() -> None:
    at = open_page("train", hidden="64")
    at.text_input(key="hidden").input("0").run()
    assert "`0`" in at.error[0].value
    assert "784 → 64 → 10" in shown_text(at)
    at.text_input(key="hidden").input("").run()
    assert not at.error
    assert "784 → 10" in shown_text(at)
    assert parse_hidden("") == ()


def test_the_learning_rate_follows_the_optimizer_unless_it_was_set() -> None:
    at = open_page("train", opt="SGD")
    assert at.number_input(key="lr").value == 0.1
    at.selectbox(key="opt").select("AdamW").run()
    assert (at.number_input(key="lr").value, at.number_input(key="wd").value) == (0.001, 0.01)
    at.number_input(key="lr").set_value(0.02).run()
    at.selectbox(key="opt").select("SGD").run()
    assert (at.number_input(key="lr").value, at.number_input(key="wd").value) == (0.02, 0.0)
    assert not at.exception


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_softmax_before_the_loss_is_in_the_program_and_explained(lang: str) -> None:
    at = open_page("train", lang=lang, softmax="true")
    program = "\n".join(block.value for block in at.code)
    assert "criterion(model(images).softmax(dim=1), labels)" in program
    assert "1.4612" in shown_text(at)
    at.toggle(key="softmax").set_value(False).run()
    assert "criterion(model(images), labels)" in "\n".join(block.value for block in at.code)
    assert "1.4612" not in shown_text(at)
