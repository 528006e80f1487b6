"""Keys: what they write they read, what is not legal is refused, and nothing that comes from outside raises."""

from __future__ import annotations

import re
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
from lib.ui.state.keys import number_in
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
    assert Scripted("at").default == ""
    with pytest.raises(BadValueError):
        Scripted("at").legal("x")


def test_keys_name_themselves() -> None:
    assert repr(Whole("W", 0, 9, default=0)) == "Whole('W')"
    assert repr(Memo("open", default=0)) == "Memo('open')"


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


@EACH
def test_a_refusal_has_the_text_that_was_refused(key: Key[Any]) -> None:
    refused = [text for text in ("", "7", "zz", "-" * 9, "1e309") if is_bad(key, text)]
    for text in refused:
        with pytest.raises(BadValueError) as error:
            key.parse(text)
        assert str(error.value) == text


@pytest.mark.parametrize(
    ("key", "value"),
    [
        (Whole("w", 0, 9, default=0), 10),
        (Number("x", 0.0, 9.0, default=0.0), 9.5),
        (Choice("c", Lang, default=Lang.EN), "fr"),
        (Choices("s", ("a", "b"), default=("a",)), "ab"),
        (Flag("f", default=True), 1),
        (Scripted("at"), "here"),
    ],
    ids=repr,
)
def test_a_refusal_has_the_value_that_was_refused(key: Key[Any], value: object) -> None:
    with pytest.raises(BadValueError) as refused:
        key.legal(value)
    assert str(refused.value) == str(value)
    assert refused.value.used is None


def test_what_goes_into_the_address_unless_said_otherwise() -> None:
    keys: list[Key[Any]] = [
        Whole("w", 0, 9, default=0),
        Number("x", 0.0, 9.0, default=0.0),
        Choice("c", Lang, default=Lang.EN),
        Choices("s", ("a",), default=("a",)),
        Flag("f", default=True),
        typed("t", default=""),
        Flag("hidden", default=True, in_address=False),
        Choices("hidden_too", ("a",), default=("a",), in_address=False),
        Memo("memo", default=0),
        Scripted("at"),
        Choice("lang", Lang, default=Lang.EN, always=True),
    ]
    assert [key.name for key in keys if not key.in_address] == ["hidden", "hidden_too", "memo", "at"]
    assert [key.name for key in keys if key.always] == ["lang"]
    assert not Memo("memo", default=0).fresh
    assert Memo("memo", default=0, fresh=True).fresh


@pytest.mark.parametrize("name", ["", "two words", "a-b", "1st", "a&b"])
def test_a_name_that_no_address_can_have_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match=repr(name)):
        Flag(name, default=True)


def test_a_default_may_depend_on_the_reader() -> None:
    reader = ["zh"]
    key = Choice("lang", Lang, default=lambda: Lang(reader[0]))
    assert key.default.value == "zh"
    reader[0] = "en"
    assert key.default.value == "en"
    assert Whole("w", 0, 9, default=lambda: 4).default == 4
    assert Number("x", 0.0, 9.0, default=lambda: 4.5).default == 4.5
    assert typed("t", default=lambda: "now").default == "now"


@pytest.mark.parametrize(("low", "high", "default"), [(5, 4, 4), (0, 9, -1), (0, 9, 10)])
def test_a_range_that_does_not_hold_its_default_is_refused(low: int, high: int, default: int) -> None:
    with pytest.raises(ValueError, match=rf"bent.*\b{high}\b"):
        Whole("bent", low, high, default=default)
    with pytest.raises(ValueError, match=rf"bent.*\b{high}\b"):
        Number("bent", low, high, default=default)


def test_a_range_of_one_number_and_defaults_at_its_ends_are_fine() -> None:
    assert Whole("w", 3, 3, default=3).parse("3") == 3
    assert Whole("w", 3, 4, default=4).default == 4
    assert Whole("w", 3, 4, default=lambda: 3).default == 3
    with pytest.raises(ValueError, match="bent"):
        Whole("bent", 4, 3, default=lambda: 3)


@pytest.mark.parametrize(("among", "default"), [((1, 2), 3), ((1, 20), 1), ((-1, 1), 1)])
def test_some_numbers_must_lie_in_the_range_and_hold_the_default(
    among: tuple[int, ...], default: int
) -> None:
    with pytest.raises(ValueError, match="bent"):
        Whole("bent", 0, 9, default=default, among=among)


def test_the_ends_of_a_range_are_in_it_and_their_neighbours_are_not() -> None:
    whole = Whole("w", -3, 40, default=7)
    assert (whole.parse("-3"), whole.parse("40"), whole.legal(-3), whole.legal(40)) == (-3, 40, -3, 40)
    assert is_bad(whole, "-4")
    assert is_bad(whole, "41")
    number = Number("x", -0.5, 2.0, default=1.0)
    assert (number.parse("-0.5"), number.parse("2"), number.legal(-0.5), number.legal(2)) == (
        -0.5,
        2,
        -0.5,
        2,
    )
    assert is_bad(number, "-0.50001")
    assert is_bad(number, "2.00001")


def test_long_numbers_are_not_read_to_their_end() -> None:
    wide = Whole("w", 0, 10**30, default=0)
    assert wide.parse("9" * 14) == int("9" * 14)
    assert is_bad(wide, "9" * 15)
    assert number_in("1" + "0" * 24) == 1e24
    with pytest.raises(BadValueError) as refused:
        number_in("1" + "0" * 25)
    assert str(refused.value) == "1" + "0" * 25
    near = Whole("n", 0, 9, default=0, nearest=True)
    for digits, used in ((25, 9), (26, None)):
        with pytest.raises(BadValueError) as refused:
            near.parse("9" * digits)
        assert refused.value.used == used


@pytest.mark.parametrize("text", ["--7", "7-", "-", "- 7", "７"])
def test_signs_that_make_no_number(text: str) -> None:
    assert is_bad(Whole("w", -9, 9, default=0), text)
    with pytest.raises(BadValueError) as refused:
        Whole("n", -9, 9, default=0, nearest=True).parse(text)
    assert refused.value.used is None


def test_the_nearest_of_some_numbers_is_one_of_them() -> None:
    key = Whole("few", 0, 100, default=10, among=(0, 10, 100), nearest=True)
    for text, used in (("-5", 0), ("4", 0), ("7", 10), ("54", 10), ("56", 100), ("1e9", 100)):
        with pytest.raises(BadValueError) as refused:
            key.parse(text)
        assert refused.value.used == used


@pytest.mark.parametrize(("text", "used"), [("1.5", 1.0), ("-1e300", -1.0)])
def test_the_nearest_end_of_a_range_of_numbers_stands_in(text: str, used: float) -> None:
    with pytest.raises(BadValueError) as refused:
        Number("y", -1.0, 1.0, default=0.0, nearest=True).parse(text)
    assert refused.value.used == used
    with pytest.raises(BadValueError) as refused:
        Number("y", -1.0, 1.0, default=0.0).parse(text)
    assert refused.value.used is None
    assert str(refused.value) == text


@given(any_of.floats(-1e300, 1e300))
def test_a_number_s_digits_mean_the_same_number_and_are_as_a_learner_would_type_them(value: float) -> None:
    key = Number("x", -1e300, 1e300, default=0.0)
    written = key.write(value)
    assert key.parse(written) == value
    assert len(written) <= len(repr(value))
    assert written == repr(value) or "." not in written


@pytest.mark.parametrize("value", [True, "0.5", None, 3, -2, float("nan"), float("inf")])
def test_a_number_is_no_other_thing(value: object) -> None:
    with pytest.raises(BadValueError):
        Number("x", -1.0, 2.0, default=0.5).legal(value)
    assert type(Number("x", -1.0, 2.0, default=0.5).legal(2)) is float
    assert type(Whole("w", -1, 2, default=0).legal(2.0)) is int


@pytest.mark.parametrize("lang", list(Lang))
def test_what_is_allowed_names_it(lang: Lang) -> None:
    assert re.findall(r"-?\d+", Whole("w", -3, 40, default=7).allowed(lang)) == ["-3", "40"]
    assert re.findall(r"\d[\de.-]*", Number("x", 1e-6, 2.0, default=1.0).allowed(lang)) == ["1e-06", "2"]
    assert re.findall(r"\d+", Whole("w", 0, 9, default=3, among=(3, 5)).allowed(lang)) == ["3", "5"]
    assert spans(Choice("c", Lang, default=Lang.EN).allowed(lang)) == ["en", "zh"]
    assert spans(Choices("s", ("a", "b"), default=()).allowed(lang)) == ["a", "b"]
    assert spans(Flag("f", default=True).allowed(lang)) == ["true", "false"]
    assert re.findall(r"\d+", typed("t", default="").allowed(lang)) == ["500"]
    assert re.findall(r"\d+", typed("t", default="", longest=20).allowed(lang)) == ["20"]


def spans(markdown: str) -> list[str]:
    """What stands in code spans."""
    return re.findall(r"`(.*?)`", markdown)


@pytest.mark.parametrize(
    ("count", "listed", "more"), [(11, 11, []), (12, 12, []), (13, 12, ["1"]), (40, 12, ["28"])]
)
@pytest.mark.parametrize("lang", list(Lang))
def test_of_many_options_a_message_names_twelve_and_counts_the_rest(
    lang: Lang, count: int, listed: int, more: list[str]
) -> None:
    names = [f"{chr(97 + number // 26)}{chr(97 + number % 26)}" for number in range(count)]
    keys: list[Key[Any]] = [Choice("c", names, default="aa"), Choices("s", names, default=("aa",))]
    for key in keys:
        said = key.allowed(lang)
        assert spans(said) == names[:listed]
        assert re.findall(r"\d+", said) == more
    numbers = range(100, 100 + count)
    said = Whole("w", 0, 999, default=100, among=numbers).allowed(lang)
    assert [int(number) for number in spans(said)] == list(numbers)[:listed]
    between = {Lang.EN: "`, `", Lang.ZH: "`、`"}[lang]
    assert said.count(between) == listed - 1


def test_an_option_is_found_by_its_text_and_is_itself() -> None:
    key = Choice("lang", Lang, default=Lang.EN)
    assert key.parse("zh") is Lang.ZH
    assert key.legal("zh") is Lang.ZH
    assert key.options == (Lang.EN, Lang.ZH)
    assert is_bad(key, "ZH")


def test_options_may_change_while_the_page_is_open() -> None:
    devices = ["cpu"]
    one = Choice("device", lambda: devices, default="cpu")
    some = Choices("devices", lambda: devices, default=("cpu",))
    assert is_bad(one, "cuda")
    assert is_bad(some, "cuda")
    devices.insert(0, "cuda")
    assert one.options == some.options == ("cuda", "cpu")
    assert one.parse("cuda") == "cuda"
    assert some.parse("cpu,cuda") == ("cuda", "cpu")


def test_choices_of_a_widget_are_a_list_and_in_order_whatever_was_pressed_first() -> None:
    key = Choices("s", ("a", "b", "c"), default=("b",))
    assert key.to_widget(("a", "c")) == ["a", "c"]
    assert key.from_widget(["c", "a"]) == ("a", "c")
    assert key.from_widget([]) == ("b",)
    assert Choices("s", ("a", "b"), default=("b",), may_be_empty=True).from_widget([]) == ()
    assert Choices("s", ("a", "b"), default=("b",), may_be_empty=True).parse("") == ()
    assert is_bad(key, "")
    for value in ("a", None, {"a"}):
        with pytest.raises(BadValueError):
            key.legal(value)


def test_a_flag_is_said_in_two_words_only() -> None:
    key = Flag("f", default=True)
    assert (key.parse("true"), key.parse("false"), key.write(True), key.write(False)) == (
        True,
        False,
        "true",
        "false",
    )
    for text in ("True", "1", "", "yes", "false "):
        assert is_bad(key, text)


class OwnError(Exception):
    """A page's own refusal."""


def test_a_text_is_read_up_to_its_length_and_a_refusal_tells_why() -> None:
    asked: list[str] = []

    def read_it(text: str) -> str:
        asked.append(text)
        if text == "no":
            raise OwnError("why")
        return text.upper()

    key = Text("t", default="A", parse=read_it, write=str.lower, longest=3, errors=OwnError)
    assert key.parse("abc") == "ABC"
    assert key.legal("ABC") == "ABC"
    assert key.to_widget("ABC") == "abc"
    assert key.from_widget(None) == ""
    assert key.from_widget("ab") == "AB"
    assert is_bad(key, "abcd")
    assert "abcd" not in asked
    with pytest.raises(BadValueError, match="no") as refused:
        key.parse("no")
    assert isinstance(refused.value.__cause__, OwnError)


def test_a_text_without_errors_of_its_own_refuses_by_value_errors() -> None:
    key = Text("t", default=1, parse=int, write=str, allowed={Lang.EN: "digits", Lang.ZH: "数字"})
    assert is_bad(key, "x")
    assert key.parse("1" * 500) == int("1" * 500)
    assert is_bad(key, "1" * 501)
    assert (key.allowed(Lang.EN), key.allowed(Lang.ZH)) == ("digits", "数字")


def test_a_typed_text_is_kept_as_it_is_within_one_line() -> None:
    key = typed("t", default="2, 3", longest=5)
    assert key.parse(" a  b") == " a  b"
    assert key.write(" a ") == " a "
    for text in ("a\nb", "\x00", "\u202e", "abcdef"):
        with pytest.raises(BadValueError) as refused:
            key.parse(text)
        assert str(refused.value) == text
        assert len(text) > 5 or str(refused.value.__cause__) == text


def test_a_memo_takes_what_the_page_gives() -> None:
    thing = object()
    assert Memo("m", default=0).legal(thing) is thing


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("x" * 60, "x" * 60),
        ("x" * 61, "x" * 59 + "…"),
        ("two words", "two words"),
        (" x", '" x"'),
        ("x ", '"x "'),
        ("", '""'),
        ("a\u200bb", r"a\u200bb"),
        ("a\u202eb", r"a\u202eb"),
        ("a\xa0b", r"a\xa0b"),
        ("a\tb\r\n", r"a\tb\r\n"),
        ("`x`", "'x'"),
        ("卷积 é", "卷积 é"),
    ],
)
def test_a_text_from_outside_can_be_read_whatever_it_has(said: str, shown: str) -> None:
    assert as_text(said) == f"`{shown}`"


def test_a_text_from_outside_may_be_cut_shorter() -> None:
    assert as_text("abcdef", 5) == "`abcd…`"
    assert as_text("abcdef", 6) == "`abcdef`"
