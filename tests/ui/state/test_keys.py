"""Keys: what they write they read, what is not legal is refused, and nothing that comes from outside raises."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as any_of

from lib.ui.lang import Lang
from lib.ui.state import (
    BadValueError,
    Choice,
    Choices,
    Flag,
    Key,
    Memo,
    Number,
    Scripted,
    Table,
    Text,
    Whole,
    as_text,
    typed,
)
from tests.ui.state.hostile import hostile_texts, is_bad

ODD = any_of.text(max_size=40) | any_of.floats().map(str) | any_of.integers().map(str)


def upper(text: str) -> str:
    if not text.isupper():
        raise ValueError(text)
    return text


KEYS: list[Key[Any]] = [
    Whole("w", -3, 40, default=7),
    Whole("n", -3, 40, default=7, nearest=True),
    Whole("few", 0, 100, default=10, among=(0, 10, 100)),
    Number("x", 1e-6, 10.0, default=0.5),
    Number("y", -1.0, 1.0, default=0.0, nearest=True),
    Choice("c", Lang, default=Lang.EN),
    Choice("asked", lambda: ["a", "b"], default="a"),
    Choices("several", ("a", "b", "c"), default=("a",)),
    Choices("none", ("a", "b", "c"), default=(), may_be_empty=True),
    Flag("f", default=True),
    Text("t", default="A", parse=upper, write=str, longest=20),
    typed("typed", default="x[0]"),
]
EACH = pytest.mark.parametrize("key", KEYS, ids=lambda key: key.name)


@EACH
def test_what_is_written_is_read(key: Key[Any]) -> None:
    assert key.parse(key.write(key.default)) == key.default
    assert key.legal(key.default) == key.default
    assert key.from_widget(key.to_widget(key.default)) == key.default
    for lang in Lang:
        assert key.allowed(lang)


def read(key: Key[Any], text: str) -> Any:
    """What the text means, or what stands in for it; the default where nothing does."""
    try:
        return key.parse(text)
    except BadValueError as error:
        return key.default if error.used is None else error.used


@EACH
@given(ODD)
def test_whatever_a_text_is_what_is_used_is_legal(key: Key[Any], text: str) -> None:
    value = read(key, text)
    assert key.legal(value) == value
    assert key.parse(key.write(value)) == value


@EACH
def test_hostile_texts_are_answered(key: Key[Any]) -> None:
    said = hostile_texts(key)
    assert any(is_bad(key, text) for text in said)
    assert any(not is_bad(key, text) for text in said)


@pytest.mark.parametrize(
    "text", ["inf", "-inf", "nan", "1e309", "1e3", "+7", "7.0", " 7", "７", "٣", "", "9" * 400]
)
def test_no_whole_number(text: str) -> None:
    assert is_bad(Whole("w", 0, 10**9, default=0), text)


@pytest.mark.parametrize(("text", "used"), [("99", 40), ("-99", -3), ("4.6", 5), ("1e309", 40), ("inf", 40)])
def test_the_nearest_legal_number_stands_in(text: str, used: int) -> None:
    with pytest.raises(BadValueError) as refused:
        Whole("n", -3, 40, default=7, nearest=True).parse(text)
    assert refused.value.used == used


@pytest.mark.parametrize("text", ["x", "nan", "", "9" * 400])
def test_what_has_no_nearest_number_has_the_default(text: str) -> None:
    with pytest.raises(BadValueError) as refused:
        Whole("n", -3, 40, default=7, nearest=True).parse(text)
    assert refused.value.used is None


@pytest.mark.parametrize("value", [True, 3.5, "3", None, 41, -4, float("nan"), float("inf")])
def test_a_whole_number_is_no_other_thing(value: object) -> None:
    with pytest.raises(BadValueError):
        Whole("w", -3, 40, default=7).legal(value)


def test_choices_keep_the_order_of_their_options() -> None:
    key = Choices("several", ("a", "b", "c"), default=("a",))
    assert key.parse("c,b") == ("b", "c")
    assert key.legal([]) == ("a",)
    for text in ("a,a", "a,", "d", "a;b"):
        assert is_bad(key, text)


def test_a_script_s_key_cannot_be_set() -> None:
    assert not Scripted("at").in_address
    with pytest.raises(BadValueError):
        Scripted("at").legal("x")


def test_a_table_refuses_two_keys_of_one_name() -> None:
    with pytest.raises(ValueError, match="twice"):
        Table("twice", Flag("a", default=True), Memo("a", default=1))
    Table("first", Flag("a", default=True), page="shared")
    with pytest.raises(ValueError, match="both have"):
        Table("second", Flag("a", default=True), page="shared")


@given(any_of.text(max_size=200))
def test_a_text_from_outside_is_one_code_span(text: str) -> None:
    shown = as_text(text)
    assert shown.startswith("`")
    assert shown.endswith("`")
    inside = shown[1:-1]
    assert "`" not in inside
    assert inside.isprintable() or all(sign.isprintable() or sign == " " for sign in inside)
    assert inside == inside.strip()
    assert 0 < len(inside) <= 60 * 10 + 2
