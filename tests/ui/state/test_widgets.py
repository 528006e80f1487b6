"""Widgets: what a learner sees of a key, what a move makes of it, and what a narrower range does to its value."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from lib.ui.lang import Lang
from lib.ui.state import (
    BadValueError,
    Choice,
    Choices,
    Flag,
    Key,
    Number,
    State,
    Table,
    Text,
    Whole,
    offers,
    open_page,
    report,
    reported,
)
from tests.ui.state.trial import lives, no_other_tables, opened


@pytest.fixture(autouse=True)
def trial(monkeypatch: pytest.MonkeyPatch) -> None:
    no_other_tables(monkeypatch)


def drawn(
    *keys: Key[Any], draw: Callable[[State], object], lang: Lang = Lang.EN, given: Any = None, **query: Any
) -> AppTest:
    """A page of these keys that draws something, and says all values as plain text."""

    def page() -> None:
        table = Table("trial", *keys)
        open_page("trial")
        with table.read(lang) as state:
            got = draw(state)
            st.text(repr(got))
            st.text(repr([state[key] for key in keys]))

    return opened(page, **(given or query))


def returned(at: AppTest) -> str:
    """What drawing gave the page."""
    return str(lives(at).text[0].value)


def address(at: AppTest) -> dict[str, str]:
    """What the address says, or will say."""
    return dict(at.session_state["_shapelab"].sent[-1].address)


def visibility(element: Any) -> str:
    """How the label is shown."""
    kind = element.proto.label_visibility
    return str(kind.LabelVisibilityOptions.Name(kind.value))


W = Whole("W", 1, 64, default=7)
X = Number("x", -1.0, 4.0, default=0.5)


def test_a_slider_shows_its_range_and_gives_its_number() -> None:
    at = drawn(W, draw=lambda state: state.slider(W, "Width", help="Cells", step=3, disabled=True))
    slider = at.slider(key="W")
    assert (slider.label, slider.help, slider.disabled) == ("Width", "Cells", True)
    assert (slider.min, slider.max, slider.step, slider.value) == (1, 64, 3, 7)
    assert returned(at) == "7"
    at = drawn(X, draw=lambda state: state.slider(X, "Rate", step=0.25))
    slider = at.slider(key="x")
    assert (slider.label, slider.help, slider.disabled) == ("Rate", "", False)
    assert (slider.min, slider.max, slider.step, slider.value) == (-1.0, 4.0, 0.25, 0.5)
    at.slider(key="x").set_value(2.0).run()
    assert returned(at) == "2.0"
    assert address(at) == {"x": "2"}


def test_a_field_for_a_number_shows_its_range_and_gives_its_number() -> None:
    at = drawn(X, draw=lambda state: state.number(X, "Rate", help="Step", step=0.125, format="%.3f"))
    field = at.number_input(key="x")
    assert (field.label, field.help, field.proto.format) == ("Rate", "Step", "%.3f")
    assert (field.min, field.max, field.step, field.value) == (-1.0, 4.0, 0.125, 0.5)
    field.set_value(1.25).run()
    assert returned(at) == "1.25"
    at = drawn(W, draw=lambda state: state.number(W, "Width", low=5, high=20), W="33")
    field = at.number_input(key="W")
    assert (field.min, field.max, field.value) == (5, 20, 20)
    assert returned(at) == "20"


@pytest.mark.parametrize(
    ("given", "low", "high", "value"), [("1", 3, None, 3), ("60", None, 50, 50), ("4", 3, 50, 4)]
)
def test_a_narrower_range_takes_the_value_with_it(
    given: str, low: int | None, high: int | None, value: int
) -> None:
    at = drawn(W, draw=lambda state: state.slider(W, "W", low=low, high=high), W=given)
    slider = at.slider(key="W")
    assert (slider.min, slider.max, slider.value) == (low or 1, high or 64, value)
    assert returned(at) == str(value)
    assert address(at) == {"W": str(value)}
    at = drawn(X, draw=lambda state: state.slider(X, "x", low=0, high=1), x="2")
    assert (at.slider[0].min, at.slider[0].max, returned(at)) == (0.0, 1.0, "1.0")


def test_a_range_wider_than_the_key_s_is_the_key_s() -> None:
    at = drawn(W, draw=lambda state: state.slider(W, "W", low=-9, high=900))
    assert (at.slider[0].min, at.slider[0].max) == (1, 64)


def test_a_range_of_one_number_is_shown_and_cannot_be_moved() -> None:
    at = drawn(W, draw=lambda state: state.slider(W, "Width", low=5, high=5, help="Cells"), W="9")
    slider = at.slider[0]
    assert (slider.label, slider.help, slider.disabled, slider.value) == ("Width", "Cells", True, 5)
    assert (slider.min, slider.max) == (5, 6)
    assert returned(at) == "5"
    at = drawn(X, draw=lambda state: state.slider(X, "Rate", low=2, high=1))
    assert returned(at) == "2.0"


def test_a_slider_is_set_anew_where_its_range_has_changed_and_comes_back_where_it_was_fixed() -> None:
    high = [10]
    at = drawn(W, draw=lambda state: state.slider(W, "W", high=high[0]))
    at.slider(key="W").set_value(9).run()
    for most, value in ((4, 4), (1, 1), (20, 1), (64, 1)):
        high[0] = most
        at.run()
        assert returned(at) == str(value)
        assert at.slider[0].value == value
    at.slider(key="W").set_value(30).run()
    assert returned(at) == "30"


PAD = Choice("pad", ("zeros", "reflect", "circular"), default="zeros")
KINDS: list[Any] = ["segmented", "select", "pills", "radio"]


def widget(at: AppTest, kind: str) -> Any:
    """The one control of that kind."""
    found: Any = {
        "segmented": at.button_group,
        "pills": at.button_group,
        "select": at.selectbox,
        "radio": at.radio,
    }[kind]
    return found(key="pad")


@pytest.mark.parametrize("kind", KINDS)
def test_a_choice_shows_its_options_in_the_page_s_words(kind: Any) -> None:
    heard: list[str] = []

    def draw(state: State) -> object:
        return state.choice(
            PAD,
            "Padding",
            format=lambda mode: mode.upper(),
            widget=kind,
            help="Around",
            label_visibility="collapsed",
            on_change=lambda: heard.append("moved"),
        )

    at = drawn(PAD, draw=draw, pad="reflect")
    control = widget(at, kind)
    assert (control.proto.label, control.proto.help, control.proto.disabled) == ("Padding", "Around", False)
    assert visibility(control) == "COLLAPSED"
    assert list(control.options) == ["ZEROS", "REFLECT", "CIRCULAR"]
    assert control.value == "reflect"
    assert returned(at) == "'reflect'"
    control.set_value("circular").run()
    assert returned(at) == "'circular'"
    assert heard == ["moved"]
    assert address(at) == {"pad": "circular"}


@pytest.mark.parametrize("kind", KINDS)
def test_a_choice_without_more_ado(kind: Any) -> None:
    at = drawn(PAD, draw=lambda state: state.choice(PAD, "Padding", widget=kind, disabled=True))
    control = widget(at, kind)
    assert list(control.options) == ["zeros", "reflect", "circular"]
    assert (control.proto.help, control.proto.disabled, visibility(control)) == ("", True, "VISIBLE")
    if kind in {"segmented", "pills"}:  # one is always chosen, and long words go to a next line
        assert (control.proto.required, control.proto.wrap) == (True, True)
        assert control.proto.style == getattr(
            control.proto.Style, "PILLS" if kind == "pills" else "SEGMENTED_CONTROL"
        )


def test_a_choice_is_segmented_unless_told_otherwise_and_as_wide_as_its_place(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    told: dict[str, Any] = {}
    make = st.segmented_control
    monkeypatch.setattr(
        st, "segmented_control", lambda *args, **rest: (told.update(rest), make(*args, **rest))[1]
    )
    drawn(PAD, draw=lambda state: state.choice(PAD, "Padding"))
    assert told["width"] == "stretch"


def test_a_choice_that_is_not_offered_gives_way_to_the_default_or_the_first() -> None:
    offered = [("reflect", "zeros")]
    at = drawn(PAD, draw=lambda state: state.choice(PAD, "Padding", options=offered[0]), pad="circular")
    assert returned(at) == "'zeros'"
    assert list(at.button_group[0].options) == ["reflect", "zeros"]
    offered[0] = ("circular", "reflect")
    at.run()
    assert returned(at) == "'circular'"
    at.button_group[0].set_value("reflect").run()
    assert returned(at) == "'reflect'"
    offered[0] = ("reflect", "zeros")
    assert returned(at.run()) == "'reflect'"


SHOWN = Choices("shown", ("a", "b", "c"), default=("a",))
MAYBE = Choices("maybe", ("a", "b", "c"), default=("a",), may_be_empty=True)


def test_several_choices_are_pills_in_the_page_s_words() -> None:
    at = drawn(
        SHOWN,
        draw=lambda state: state.choices(
            SHOWN, "Layers", format=str.upper, help="Which", label_visibility="hidden"
        ),
        shown="c,a",
    )
    pills = at.button_group(key="shown")
    assert (pills.proto.label, pills.proto.help, pills.proto.wrap) == ("Layers", "Which", True)
    assert visibility(pills) == "HIDDEN"
    assert pills.options == ["A", "B", "C"]
    assert pills.proto.click_mode == pills.proto.ClickMode.MULTI_SELECT
    assert returned(at) == "('a', 'c')"
    pills.set_value(["c", "b"]).run()
    assert returned(at) == "('b', 'c')"
    assert address(at) == {"shown": "b,c"}
    at.button_group(key="shown").set_value([]).run()
    assert returned(at) == "('a',)"


def test_several_choices_may_be_none_where_the_key_says_so() -> None:
    at = drawn(MAYBE, draw=lambda state: state.choices(MAYBE, "Layers"))
    assert at.button_group[0].options == ["a", "b", "c"]
    assert visibility(at.button_group[0]) == "VISIBLE"
    at.button_group(key="maybe").set_value([]).run()
    assert returned(at) == "()"
    assert address(at) == {"maybe": ""}


@pytest.mark.parametrize(
    ("key", "given", "offered", "left"),
    [
        (SHOWN, "b,c", ("a", "b"), "('b',)"),
        (SHOWN, "b,c", ("a",), "('a',)"),
        (MAYBE, "b,c", ("a",), "()"),
        (MAYBE, "b,c", ("b", "c"), "('b', 'c')"),
    ],
)
def test_what_is_not_offered_any_more_is_not_chosen(
    key: Choices[str], given: str, offered: tuple[str, ...], left: str
) -> None:
    at = drawn(key, draw=lambda state: state.choices(key, "Layers", options=offered), given={key.name: given})
    assert at.button_group[0].options == list(offered)
    assert returned(at) == left
    pressed: Any = at.button_group[0].value
    assert repr(tuple(pressed)) == left


def test_a_slider_over_some_numbers_takes_the_nearest() -> None:
    at = drawn(
        W,
        draw=lambda state: state.steps(
            W, "Width", (1, 8, 64), format=lambda cells: f"{cells} px", help="Cells"
        ),
        W="20",
    )
    slider = at.select_slider(key="W")
    assert (slider.label, slider.help, list(slider.options)) == ("Width", "Cells", ["1 px", "8 px", "64 px"])
    assert returned(at) == "8"
    slider.set_value(64).run()
    assert returned(at) == "64"
    assert address(at) == {"W": "64"}
    at = drawn(W, draw=lambda state: state.steps(W, "Width", (1, 8)), W="5")
    assert list(at.select_slider[0].options) == ["1", "8"]
    assert returned(at) == "8"


def test_a_switch() -> None:
    heard: list[str] = []
    key = Flag("bias", default=True)
    at = drawn(
        key,
        draw=lambda state: state.toggle(key, "Bias", help="Adds", on_change=lambda: heard.append("moved")),
    )
    switch = at.toggle(key="bias")
    assert (switch.label, switch.help, switch.proto.disabled, switch.value) == ("Bias", "Adds", False, True)
    switch.set_value(False).run()
    assert (returned(at), heard, address(at)) == ("False", ["moved"], {"bias": "false"})
    at = drawn(key, draw=lambda state: state.toggle(key, "Bias", disabled=True))
    assert at.toggle(key="bias").proto.disabled


class WrongSizeError(ValueError):
    """A page's own refusal."""


def read_pair(text: str) -> tuple[int, ...]:
    numbers = tuple(map(int, text.split(",")))
    if len(numbers) != 2:
        raise WrongSizeError(len(numbers))
    return numbers


PAIR: Text[tuple[int, ...]] = Text(
    "pair",
    default=(2, 3),
    parse=read_pair,
    write=lambda numbers: ",".join(map(str, numbers)),
    allowed={Lang.EN: "`1,2`", Lang.ZH: "`1,2`"},
    longest=30,
)


def test_a_field_shows_the_text_and_gives_what_it_means() -> None:
    heard: list[str] = []

    def draw(state: State) -> object:
        return state.text(
            PAIR,
            "Pair",
            help="Two",
            placeholder="1,2",
            on_change=lambda: heard.append("moved"),
            label_visibility="collapsed",
        )

    at = drawn(PAIR, draw=draw)
    field = at.text_input(key="pair")
    assert (field.label, field.help, field.placeholder, field.proto.max_chars) == ("Pair", "Two", "1,2", 30)
    assert (visibility(field), field.value, returned(at)) == ("COLLAPSED", "2,3", "(2, 3)")
    field.input(" 4, 5").run()
    assert (returned(at), heard, address(at)) == ("(4, 5)", ["moved"], {"pair": "4,5"})
    assert at.text_input(key="pair").value == " 4, 5"  # it means the same: nobody rewrites what was typed
    at.run()
    assert at.text_input(key="pair").value == " 4, 5"
    plain = drawn(PAIR, draw=lambda state: state.text(PAIR, "Pair")).text_input[0]
    assert (visibility(plain), plain.help, plain.placeholder) == ("VISIBLE", "", "")


@pytest.mark.parametrize("lang", list(Lang))
def test_what_means_nothing_is_explained_and_the_last_good_value_goes_on(lang: Lang) -> None:
    at = drawn(PAIR, draw=lambda state: (state.text(PAIR, "Pair"), state.bad_text(PAIR)), lang=lang)
    assert returned(at) == "((2, 3), None)"
    at.text_input(key="pair").input("4,x").run()
    assert returned(at) == "((2, 3), '4,x')"
    assert "`4,x`" in at.error[0].value
    assert "`1,2`" in at.error[0].value
    assert at.error[0].icon == ":material/block:"
    assert "`2,3`" in at.caption[0].value
    at.text_input(key="pair").input("4,5").run()
    assert returned(at) == "((4, 5), None)"
    assert not at.error
    assert not at.caption


def test_a_page_may_word_the_refusal_of_its_own_reader() -> None:
    seen: list[Exception | None] = []

    def explain(error: Exception | None) -> str:
        seen.append(error)
        return f"{type(error).__name__} {error}"

    at = drawn(PAIR, draw=lambda state: state.text(PAIR, "Pair", explain=explain))
    assert seen == []
    at.text_input(key="pair").input("1,2,3").run()
    assert [error.value for error in at.error] == ["WrongSizeError 3"]


def test_a_value_set_by_the_page_replaces_what_was_typed() -> None:
    sets: list[tuple[int, ...]] = []

    def draw(state: State) -> object:
        if sets:
            state.set(PAIR, sets.pop())
        return state.text(PAIR, "Pair")

    at = drawn(PAIR, draw=draw)
    at.text_input(key="pair").input("x").run()
    assert at.error
    sets.append((8, 9))
    at.run()
    assert (returned(at), at.text_input(key="pair").value) == ("(8, 9)", "8,9")
    assert not at.error
    assert address(at) == {"pair": "8,9"}
    sets.append((1, 2, 3))
    with pytest.raises(AssertionError):
        lives(at.run())


def test_what_the_page_could_use_last_is_remembered() -> None:
    good = [False]

    def draw(state: State) -> object:
        state.slider(W, "W")
        if good[0]:
            state.keep_good(W)
        return state.last_good(W)

    at = drawn(W, draw=draw, W="9")
    assert returned(at) == "7"
    good[0] = True
    assert returned(at.run()) == "9"
    good[0] = False
    at.slider(key="W").set_value(20).run()
    assert returned(at) == "9"


def test_a_default_is_said_as_long_as_the_page_wants_it() -> None:
    wish: list[bool | None] = [None]

    def draw(state: State) -> object:
        if wish[0]:
            state.say(W)
        elif wish[0] is not None:
            state.say(W, is_said=False)
        return state.came(W)

    at = drawn(W, PAIR, draw=draw)
    assert (address(at), returned(at)) == ({}, "False")
    wish[0] = True
    assert address(at.run()) == {"W": "7"}
    wish[0] = None
    assert address(at.run()) == {"W": "7"}
    wish[0] = False
    assert address(at.run()) == {}
    assert returned(drawn(W, draw=draw, W="7")) == "True"
    assert returned(drawn(W, draw=draw, W="99")) == "False"


@pytest.mark.parametrize("lang", list(Lang))
def test_bad_values_of_the_address_are_named_with_what_is_allowed_and_what_is_used(lang: Lang) -> None:
    near = Whole("n", 0, 40, default=7, nearest=True)
    at = drawn(W, near, draw=lambda _: None, lang=lang, W="x`", n="99")
    lines = at.warning[0].value.split("\n")
    assert at.warning[0].icon == ":material/link_off:"
    assert [line[:2] for line in lines] == ["- ", "- "]
    for part in ("`W=x'`", "1–64", "`7`"):
        assert part in lines[0]
    for part in ("`n=99`", "0–40", "`40`"):
        assert part in lines[1]
    at = drawn(W, draw=lambda _: None, lang=lang, W=["3", "4"])
    assert "`W=3, 4`" in at.warning[0].value
    assert "2" in at.warning[0].value
    assert "64" not in at.warning[0].value
    assert not at.warning[0].value.startswith("- ")
    empty = Choices("none", ("a", "b"), default=(), may_be_empty=True)
    at = drawn(empty, draw=lambda _: None, lang=lang, none="c")
    assert '""' not in at.warning[0].value
    assert len(drawn(W, draw=lambda _: None, lang=lang).warning) == 0


STEPS: Text[tuple[int, ...]] = Text(
    "steps",
    default=(2, 3),
    parse=lambda text: tuple(map(int, text.split(","))),
    write=lambda numbers: ",".join(map(str, numbers)),
)


def test_a_part_of_a_value_has_a_widget_of_its_own() -> None:
    high = [9]

    def draw(state: State) -> object:
        def changes(first: int) -> dict[Key[Any], object]:
            if first == 5:
                raise BadValueError("5")
            return {STEPS: (first, *state[STEPS][1:])}

        return state.part(
            "_first",
            state[STEPS][0],
            lambda name, moved: st.number_input("First", 0, high[0], key=name, on_change=moved),
            changes=changes,
            shape=high[0],
        )

    at = drawn(STEPS, draw=draw)
    assert (returned(at), at.number_input[0].value) == ("None", 2)
    at.number_input[0].set_value(4).run()
    assert (at.text[1].value, address(at)) == ("[(4, 3)]", {"steps": "4,3"})
    at.number_input[0].set_value(5).run()
    assert returned(at) == "BadValueError('5')"
    assert (at.text[1].value, at.number_input[0].value) == ("[(4, 3)]", 5)
    assert returned(at.run()) == "BadValueError('5')"
    at.number_input[0].set_value(6).run()
    assert (returned(at), at.text[1].value) == ("None", "[(6, 3)]")
    high[0] = 20
    assert lives(at.run()).number_input[0].value == 6
    at.query_params["steps"] = "8,3"
    assert lives(at.run()).number_input[0].value == 8
    assert at.text[1].value == "[(8, 3)]"


def test_a_move_of_what_has_left_the_page_changes_nothing() -> None:
    """The browser had not learnt yet that the widget is gone."""

    def draw(state: State) -> None:
        late: list[Callable[[], None]] = []
        state.part(
            "_first",
            state[STEPS][0],
            lambda _, moved: late.append(moved),
            changes=lambda first: {STEPS: (first, 3)},
        )
        del st.session_state["_first"]
        late[0]()

    assert drawn(STEPS, draw=draw).text[1].value == "[(2, 3)]"


def test_a_part_that_the_server_has_set_is_not_undone_by_a_browser_that_does_not_know_it_yet() -> None:
    def draw(state: State) -> object:
        table = state.table
        st.button("set", on_click=lambda: table.change({STEPS: (7, 3)}))
        return state.part(
            "_first",
            state[STEPS][0],
            lambda name, moved: st.number_input("First", 0, 9, key=name, on_change=moved),
            changes=lambda first: {STEPS: (first, 3)},
        )

    at = drawn(STEPS, draw=draw)
    at.button[0].click().run()
    assert at.number_input[0].value == 7
    at.query_params.clear()
    at.number_input[0].set_value(2)  # as the browser has it still
    at.run()
    assert at.text[1].value == "[(7, 3)]"
    assert lives(at.run()).number_input[0].value == 7
    at.query_params["steps"] = "7,3"
    at.number_input[0].set_value(2).run()  # now it knows, and means it
    assert at.text[1].value == "[(2, 3)]"


def test_presets_are_pills_and_none_stays_chosen() -> None:
    def page() -> None:
        table = Table("trial", W)
        open_page("trial")
        with table.read(Lang.EN) as state:
            offers(table, "_plain", "Sizes", [3, 9], changes=lambda size: {W: size})
            offers(
                table,
                "_worded",
                "Widths",
                [3, 9],
                changes=lambda size: {W: size},
                format=lambda size: f"{size} cells",
                label_visibility="visible",
            )
            st.text(repr(state[W]))

    at = opened(page)
    plain, worded = at.button_group(key="_plain"), at.button_group(key="_worded")
    assert (plain.proto.label, plain.options, visibility(plain), plain.proto.wrap) == (
        "Sizes",
        ["3", "9"],
        "COLLAPSED",
        True,
    )
    assert (worded.proto.label, worded.options, visibility(worded)) == (
        "Widths",
        ["3 cells", "9 cells"],
        "VISIBLE",
    )
    for size in (9, 3):
        at.button_group(key="_plain").set_value(size).run()
        assert returned(at) == str(size)
        assert at.button_group(key="_plain").value is None


def test_what_a_script_reports_is_taken_where_it_is_legal() -> None:
    heard: list[Any] = [None]

    def page() -> None:
        table = Table("trial", W, PAIR)
        open_page("trial")
        if heard[0] is not None:
            st.session_state["picture"] = heard[0]
        with table.read(Lang.EN) as state:
            st.button("tell", on_click=reported(table, PAIR, "picture"))
            st.text(f"{state[PAIR]} {report('picture', 'pair')} {report('other', 'pair')}")

    at = opened(page)
    at.button[0].click().run()
    assert returned(at) == "(2, 3) None None"
    for said, meant in (
        ({"pair": "4,5"}, (4, 5)),
        ({"pair": "x"}, (4, 5)),
        ({"pair": 7}, (4, 5)),
        ({}, (4, 5)),
    ):
        heard[0] = said
        at.run()
        at.button[0].click().run()
        assert returned(at) == f"{meant} {said.get('pair')} None"
    assert address(at) == {"pair": "4,5"}


@pytest.mark.parametrize(
    "draw",
    [
        lambda state, wide: state.slider(W, "W", high=64 if wide else 20),
        lambda state, wide: state.slider(W, "W", step=2 if wide else 1),
        lambda state, wide: state.number(W, "W", high=64 if wide else 20),
        lambda state, wide: state.number(X, "x", step=0.5 if wide else 0.25),
        lambda state, wide: state.steps(W, "W", (1, 5, 9, 20) if wide else (1, 5, 9)),
        lambda state, wide: state.choice(
            PAD, "Padding", options=PAD.options if wide else ("zeros", "reflect")
        ),
        lambda state, wide: state.choice(
            PAD, "Padding", widget="select", options=PAD.options if wide else ("zeros", "reflect")
        ),
        lambda state, wide: state.choices(SHOWN, "Layers", options=SHOWN.options if wide else ("a", "b")),
        lambda state, wide: state.part(
            "_part",
            state[W],
            lambda name, moved: st.number_input("W", 0, 64 if wide else 20, key=name, on_change=moved),
            changes=lambda width: {W: width},
            shape=wide,
        ),
    ],
    ids=[
        "slider",
        "slider's step",
        "number",
        "number's step",
        "steps",
        "choice",
        "select",
        "choices",
        "part",
    ],
)
def test_a_control_whose_range_changes_keeps_what_it_shows(draw: Callable[[State, bool], object]) -> None:
    wide = [False]
    at = drawn(
        W, X, PAD, SHOWN, draw=lambda state: draw(state, wide[0]), W="5", x="2", pad="reflect", shown="b"
    )
    for now in (True, False, True):
        wide[0] = now
        lives(at.run())
        assert at.text[1].value == "[5, 2.0, 'reflect', ('b',)]"
        controls = [*at.slider, *at.number_input, *at.select_slider, *at.button_group, *at.selectbox]
        assert next(control.value for control in controls) in (5, 2.0, "reflect", ["b"])
        assert controls[0].proto.set_value  # another range: the browser is told
        lives(at.run())
        controls = [*at.slider, *at.number_input, *at.select_slider, *at.button_group, *at.selectbox]
        assert not controls[
            0
        ].proto.set_value  # a value that is set would overrule what the learner does meanwhile
    assert address(at) == {"W": "5", "x": "2", "pad": "reflect", "shown": "b"}


def test_a_part_may_come_back_to_what_it_had_and_to_what_was_refused_once() -> None:
    odd_is_fine = [False]

    def draw(state: State) -> object:
        def changes(first: int) -> dict[Key[Any], object]:
            if first % 2 and not odd_is_fine[0]:
                raise ZeroDivisionError
            return {STEPS: (first, 3)}

        table = state.table
        st.button("set", on_click=lambda: table.change({STEPS: (8, 3)}))
        return state.part(
            "_first",
            state[STEPS][0],
            lambda name, moved: st.number_input("First", 0, 9, key=name, on_change=moved),
            changes=changes,
            refusals=ZeroDivisionError,
        )

    at = drawn(STEPS, draw=draw)
    at.button[0].click().run()
    for first in (4, 2):  # 2 is what the browser showed before the server set it
        at.query_params.clear()
        at.number_input[0].set_value(first).run()
        assert at.text[1].value == f"[({first}, 3)]"
    at.number_input[0].set_value(5).run()
    assert returned(at) == "ZeroDivisionError()"
    at.number_input[0].set_value(6).run()
    odd_is_fine[0] = True
    at.number_input[0].set_value(5).run()
    assert (returned(at), at.text[1].value) == ("None", "[(5, 3)]")


def test_a_slider_may_come_back_to_what_the_browser_had_before_the_page_set_it() -> None:
    def draw(state: State) -> object:
        table = state.table
        st.button("set", on_click=lambda: table.change({W: 30}))
        return state.slider(W, "W")

    at = drawn(W, draw=draw)
    at.button[0].click().run()
    for width in (9, 7):
        at.query_params.clear()
        at.slider[0].set_value(width).run()
        assert returned(at) == str(width)
