"""Tables: what belongs to whom, several keys at once or none, and what of a session ends with an address."""

from __future__ import annotations

from typing import Any

import pytest
import streamlit as st

from lib.ui.lang import Lang
from lib.ui.state import (
    BadValueError,
    Flag,
    Key,
    Memo,
    Scripted,
    Table,
    Text,
    Whole,
    has_table,
    open_page,
    tables,
    typed,
)
from lib.ui.state.session import Store
from lib.ui.state.table import scripted_keys
from lib.ui.state.values import take_raw
from tests.ui.state.trial import lives, no_other_tables, opened

W = Whole("W", 1, 64, default=7)
F = Whole("F", 1, 11, default=3)


@pytest.fixture(autouse=True)
def trial(monkeypatch: pytest.MonkeyPatch) -> None:
    no_other_tables(monkeypatch)


def test_tables_are_found_by_their_page() -> None:
    pin = Scripted("at")
    first = Table("trial", W, pin, Memo("open", default=0))
    second = Table("more", F, page="trial")
    shelf = Table("shelf", Memo("kept", default=0), page="")
    assert tables() == (first, second, shelf)
    assert has_table("trial")
    assert not has_table("more")
    assert (first.page, second.page, shelf.page) == ("trial", "trial", "")
    assert first.in_address == (W,)
    assert list(first.keys) == ["W", "at", "open"]
    assert scripted_keys("trial") == {"at"}
    assert scripted_keys("nowhere") == set()


def test_a_table_that_is_declared_again_takes_its_own_place() -> None:
    Table("trial", W)
    other = Table("other", Flag("f", default=True), page="trial")
    again = Table("trial", W, F)
    assert set(tables()) == {other, again}
    with pytest.raises(ValueError, match=r"late and trial.*\['F', 'W'\]"):
        Table("late", F, W, page="trial")
    with pytest.raises(ValueError, match="late"):
        Table("late", F, Whole("F", 0, 1, default=0))
    assert set(tables()) == {other, again}


def test_a_key_belongs_to_its_table() -> None:
    table = Table("trial", W)
    assert table.name_of(W) == "W"
    for stranger in (F, Whole("W", 1, 64, default=7)):
        with pytest.raises(KeyError, match=rf"Whole\('{stranger.name}'\).*Table\('trial'\)"):
            table.name_of(stranger)


def pair(text: str) -> tuple[int, ...]:
    return tuple(map(int, text.split(",")))


def test_several_keys_change_at_once_or_not_at_all() -> None:
    wishes: list[dict[Key[Any], object]] = []
    seen: list[Any] = []
    size: Text[tuple[int, ...]] = Text(
        "size", default=(1, 2), parse=pair, write=lambda both: f"{both[0]},{both[1]}"
    )

    def change(table: Table) -> None:
        try:
            table.change(wishes[-1])
        except (BadValueError, KeyError) as error:
            seen.append(type(error))
        seen.append([table.now()[W], table.now()[F]])

    def page() -> None:
        table = Table("trial", W, F, size)
        open_page("trial")
        with table.read(Lang.EN) as state:
            st.button("do", on_click=change, args=(table,))
            state.slider(W, "W")
            state.slider(F, "F")
            state.text(size, "Size")
            st.text(f"{state[W]} {state[F]} {state[size]}")

    at = opened(page, W="99", F="x")
    assert at.warning
    at.text_input(key="size").input("bad").run()
    assert at.error
    stranger = Whole("W", 1, 64, default=7)
    refused: list[tuple[dict[Key[Any], object], type[Exception]]] = [
        ({W: 9, F: 12}, BadValueError),
        ({F: 5, stranger: 9}, KeyError),
    ]
    for wish, kind in refused:
        wishes.append(wish)
        lives(at.button[0].click().run())
        assert seen[-2:] == [kind, [7, 3]]
        assert at.text[0].value == "7 3 (1, 2)"
    wishes.append({W: 9.0, F: 5})
    at.button[0].click().run()
    assert (seen[-1], at.text[0].value) == ([9, 5], "9 5 (1, 2)")
    assert not at.warning
    assert at.error
    wishes.append({size: (3, 4)})
    at.button[0].click().run()
    assert (at.text[0].value, at.text_input(key="size").value) == ("9 5 (3, 4)", "3,4")
    assert not at.error
    at.slider(key="W").set_value(11)
    wishes.append({F: 6})
    at.button[0].click().run()
    assert (seen[-1], at.text[0].value) == ([11, 6], "11 6 (3, 4)")


def test_news_ends_what_was_typed_and_what_was_wrong_and_fresh_memos_only() -> None:
    fresh, kept = Memo("fresh", default=0, fresh=True), Memo("kept", default=0)
    word = Text("word", default=(1, 2), parse=pair, write=lambda both: f"{both[0]},{both[1]}")

    def page() -> None:
        table = Table("trial", W, fresh, kept, word, Scripted("at"))
        open_page("trial")
        with table.read(Lang.EN) as state:
            state.text(word, "Word")
            st.text(f"{state[W]} {state[fresh]} {state[kept]}")
            state.set(fresh, 1)
            state.set(kept, 1)

    at = opened(page, W="x", word="5,6")
    at.text_input(key="word").input("bad").run()
    assert (len(at.warning), len(at.error), at.text[0].value) == (1, 1, "7 1 1")
    at.query_params["W"] = "8"
    lives(at.run())
    assert (len(at.warning), len(at.error), at.text[0].value) == (0, 0, "8 0 1")
    assert at.text_input(key="word").value == "5,6"


def test_a_glance_says_nothing_to_the_address() -> None:
    def page() -> None:
        table = Table("trial", W)
        open_page("trial")
        state = table.glance(Lang.ZH)
        st.text(f"{state[W]} {state.lang}")

    at = opened(page, W="99")
    assert at.text[0].value == "7 zh"
    assert not at.warning
    assert at.session_state["_shapelab"].sent[-1].address == {"W": "99"}


def test_what_a_session_remembers_across_pages_asks_no_address() -> None:
    kept = Memo("kept", default=0)

    def page() -> None:
        shelf = Table("shelf", kept, page="")
        st.text(str(shelf.now()[kept]))
        shelf.change({kept: shelf.now()[kept] + 1})

    at = opened(page, W="9")
    assert lives(at.run()).text[0].value == "1"
    assert at.session_state["_shapelab"].news == 0


def test_what_a_widget_has_becomes_the_value_where_it_means_one() -> None:
    store = Store(values={"W": 7}, problems={"W": ("99", 1, 7)}, typed={"W": "x"})
    take_raw(store, W, "x")
    assert (store.values, store.typed, store.shown) == ({"W": 7}, {"W": "x"}, {"W": "x"})
    take_raw(store, W, 7)
    assert (store.values, store.typed) == ({"W": 7}, {})
    assert store.problems  # the same value: the learner has not replaced what the address had
    take_raw(store, W, 8)
    assert (store.values, store.problems, store.shown) == ({"W": 8}, {}, {"W": 8})


def test_what_a_widget_has_is_kept_as_it_was() -> None:
    chosen = ["a"]
    store = Store(values={"memo": []})
    take_raw(store, Memo("memo", default=[]), chosen)
    chosen.append("b")
    assert store.shown == {"memo": ["a"]}
    take_raw(store, typed("memo", default=""), None)
    assert store.values == {"memo": ""}
