"""The session holds, the address says: stale addresses, news, presets, hidden widgets, bad values."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from lib.ui.state import session as sessions


def page() -> None:
    """A page of two sliders, a switch that hides one of them, a field and a preset."""

    import streamlit as st

    from lib.ui.lang import Lang
    from lib.ui.state import Flag, Key, Table, Text, Whole, offers, open_page

    def upper(text: str) -> str:
        if not text.isupper():
            raise ValueError(text)
        return text

    w, f = Whole("W", 1, 64, default=7), Whole("F", 1, 11, default=3)
    shown, name = Flag("shown", default=True), Text("name", default="A", parse=upper, write=str)
    sizes: dict[str, dict[Key[Any], object]] = {"small": {w: 2, f: 2}, "large": {w: 60, f: 11}}
    table = Table("trial", w, f, shown, name)
    open_page("trial")
    with table.read(Lang.EN) as state:
        offers(table, "_preset", "Presets", ["small", "large"], changes=lambda size: sizes[size])
        state.slider(w, "W")
        if state.toggle(shown, "Shown"):
            state.slider(f, "F", high=state[w])
        state.text(name, "Name")
        st.text(f"{state[w]} {state[f]} {state[name]}")


def opened(**query: Any) -> AppTest:
    at = AppTest.from_function(page, default_timeout=60)
    at.query_params.update(query)
    return at.run()


def shown(at: AppTest) -> str:
    assert not at.exception
    return str(at.text[0].value)


def address(at: AppTest) -> Mapping[str, str]:
    """What the address says, or will say once the browser has learnt of it."""
    written: Mapping[str, str] = at.session_state["_shapelab"].sent[-1].address
    return written


@pytest.fixture
def pushes(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, str]]:
    """The steps of the browser's history."""
    import streamlit as st

    found: list[dict[str, str]] = []
    kind = type(st.query_params)
    write: Callable[[Any, Any], None] = kind.from_dict

    def note(self: Any, new: Mapping[str, str]) -> None:
        found.append(dict(new))
        write(self, new)

    monkeypatch.setattr(kind, "from_dict", note)
    return found


def test_opening_is_no_step_and_a_move_is_one(pushes: list[dict[str, str]]) -> None:
    at = opened(W="9")
    assert shown(at) == "9 3 A"
    assert pushes == []
    at.slider(key="W").set_value(10).run()
    assert pushes == [{"W": "10"}]
    at.run()
    assert len(pushes) == 1


def test_a_move_that_carries_an_older_address_is_no_news() -> None:
    at = opened()
    for value in range(8, 16):
        at.query_params.clear()  # the browser has not learnt of any address yet
        at.slider(key="W").set_value(value).run()
        assert shown(at) == f"{value} 3 A"
        assert address(at) == {"W": str(value)}


def test_an_address_that_was_never_sent_is_news_and_resets_what_it_does_not_say() -> None:
    at = opened(W="9", F="5", other="kept")
    at.query_params.clear()
    at.query_params["W"] = "12"
    assert shown(at.run()) == "12 3 A"
    assert at.slider(key="W").value == 12


def test_back_to_an_address_that_is_still_on_its_way_is_news(monkeypatch: pytest.MonkeyPatch) -> None:
    at = opened()
    at.slider(key="W").set_value(20).run()
    monkeypatch.setattr(sessions, "is_history_navigation", lambda: True)
    at.query_params.clear()
    at.run()
    assert shown(at) == "7 3 A"
    assert at.slider(key="W").value == 7


def test_a_preset_is_one_step_of_all_its_keys(pushes: list[dict[str, str]]) -> None:
    at = opened()
    at.button_group(key="_preset").set_value("large").run()
    assert shown(at) == "60 11 A"
    assert pushes == [{"W": "60", "F": "11"}]
    assert at.button_group(key="_preset").value is None


def test_what_a_preset_has_set_is_not_undone_by_a_browser_that_does_not_know_it_yet() -> None:
    at = opened()
    at.button_group(key="_preset").set_value("small").run()
    at.query_params.clear()
    at.slider(key="W").set_value(7)  # as the browser has it still
    at.text_input(key="name").input("B").run()
    assert shown(at) == "2 2 B"
    at.slider(key="W").set_value(7).run()  # now it knows, and means it
    assert shown(at) == "7 2 B"


def test_a_hidden_widget_keeps_its_value() -> None:
    at = opened()
    at.slider(key="F").set_value(5).run()
    at.toggle(key="shown").set_value(False).run()
    assert shown(at) == "7 5 A"
    at.toggle(key="shown").set_value(True).run()
    assert at.slider(key="F").value == 5


def test_a_value_follows_into_a_range_that_has_become_smaller(pushes: list[dict[str, str]]) -> None:
    at = opened(F="6")
    at.slider(key="W").set_value(4).run()
    assert shown(at) == "4 4 A"
    assert pushes == [{"W": "4", "F": "4"}]
    at.slider(key="W").set_value(1).run()
    assert shown(at) == "1 1 A"


@pytest.mark.parametrize("bad", ["inf", "1e309", "x", "", "99", ["1", "2"], "\n# x"])
def test_a_bad_value_is_explained_until_it_is_replaced_and_leaves_the_address(bad: Any) -> None:
    at = opened(W=bad, F="4")
    assert shown(at) == "7 4 A"
    assert "W=" in at.warning[0].value
    assert "\n" not in at.warning[0].value
    assert address(at) == {"F": "4"}
    at.slider(key="F").set_value(5).run()
    assert at.warning
    at.slider(key="W").set_value(8).run()
    assert not at.warning


def test_a_text_that_means_nothing_stays_in_its_field_and_the_last_good_value_goes_on() -> None:
    at = opened()
    at.text_input(key="name").input("B").run()
    at.text_input(key="name").input("b").run()
    assert shown(at) == "7 3 B"
    assert at.text_input(key="name").value == "b"
    assert "`b`" in at.error[0].value
    at.slider(key="W").set_value(9).run()
    assert at.text_input(key="name").value == "b"
    assert address(at) == {"W": "9", "name": "B"}
    at.text_input(key="name").input("C").run()
    assert not at.error
    assert shown(at) == "9 3 C"
