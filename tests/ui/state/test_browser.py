"""A slow browser and a quick learner: no move is lost, Back undoes one thing, and the address says what is shown."""

from __future__ import annotations

import random
from collections.abc import Callable
from contextlib import suppress

import pytest
import streamlit as st

from lib.ui.lang import Lang
from lib.ui.state import EVERY_PAGE, Choice, Flag, Key, Memo, Scripted, Table, Whole, offers, open_page
from tests.ui.state.trial import Browser, no_other_tables

W = Whole("W", 1, 64, default=7)
F = Whole("F", 1, 11, default=3, nearest=True)
SHOWN = Flag("shown", default=True)
PIN = Scripted("at")
SIZES: dict[str, dict[Key[object], object]] = {"small": {W: 2, F: 2}, "large": {W: 60, F: 11}}  # type: ignore[dict-item]


@pytest.fixture(autouse=True)
def trial(monkeypatch: pytest.MonkeyPatch) -> None:
    no_other_tables(monkeypatch)


def page() -> None:
    """Two sliders, a switch that hides one of them, presets, and what a script pins to the address."""
    table = Table("trial", W, F, SHOWN, PIN)
    open_page("trial")
    with table.read(Lang.EN) as state:
        offers(table, "_preset", "Presets", list(SIZES), changes=lambda size: SIZES[size])
        state.slider(W, "W")
        if state.toggle(SHOWN, "Shown"):
            state.slider(F, "F")
        st.text(f"{state[W]} {state[F]} {state[SHOWN]}")
        st.caption(f"{state.news} {state.by_history}")


def said(values: dict[str, object]) -> dict[str, str]:
    """How an address says them: what is not the default, in the table's order."""
    first = {"W": 7, "F": 3, "shown": True}
    return {name: str(values[name]).lower() for name in first if values[name] != first[name]}


@pytest.mark.parametrize("seed", range(12))
def test_whatever_a_learner_does_and_however_late_the_browser_learns_of_it(
    monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    draw = random.Random(seed)
    browser = Browser(monkeypatch, page, {})
    states: list[dict[str, object]] = [{"W": 7, "F": 3, "shown": True}]
    place = 0
    for _ in range(14):
        now = dict(states[place])
        did = draw.choice(["W", "W", "F", "shown", "preset", "back", "forward", "learn"])
        if did == "learn":
            browser.learn(1)
        elif did in {"back", "forward"}:
            browser.learn()
            step = -1 if did == "back" else 1
            if 0 <= place + step < len(states):
                place += step
                browser.go(step)
                browser.learn()
        else:
            if did == "preset":
                browser.learn()  # until then the pill is still pressed, and another press would let it go
                name = draw.choice(list(SIZES))
                now |= {key.name: value for key, value in SIZES[name].items()}
                browser.press("_preset", name)
            elif did == "shown":
                now["shown"] = not now["shown"]
                browser.at.toggle(key="shown").set_value(bool(now["shown"]))
                browser.send()
            elif did == "W" or now["shown"]:
                now[did] = draw.randint(1, 11)
                browser.slide(did, int(str(now[did])))
            if now != states[place]:
                states[place + 1 :] = [now]
                place += 1
        now = states[place]
        assert browser.shown == f"{now['W']} {now['F']} {now['shown']}"
    browser.learn()
    assert browser.history == [said(state) for state in states]
    assert browser.place == place
    assert all(
        list(address) == list(said(state)) for address, state in zip(browser.history, states, strict=True)
    )


def test_a_preset_that_the_browser_shows_as_pressed_still_was_pressed_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    browser = Browser(monkeypatch, page, {})
    browser.press("_preset", "small")
    browser.at.button_group(key="_preset").set_value("small")
    browser.slide("W", 10)
    assert browser.shown == "10 2 True"
    browser.learn()
    browser.press("_preset", "small")
    assert browser.shown == "2 2 True"
    browser.press("_preset", "large")
    assert browser.shown == "60 11 True"


def test_opening_puts_the_address_right_where_it_stands(monkeypatch: pytest.MonkeyPatch) -> None:
    browser = Browser(monkeypatch, page, {"F": "99", "W": "7", "other": "kept", "at": "2"})
    assert browser.shown == "7 11 True"
    right = {"F": "11", "other": "kept"}
    assert browser.replaced == [({"F": "99", "W": "7", "other": "kept"}, right, ["at"], 1)]
    assert browser.pushed == []
    browser.send()  # the browser has not learnt of it yet, and nothing is new
    assert len(browser.replaced) == 1
    assert browser.at.warning
    assert browser.at.caption[0].value == "1 False"
    browser.history = [right]
    browser.send()
    assert browser.at.caption[0].value == "1 False"
    assert browser.pushed == []
    browser.slide("W", 8)
    assert browser.pushed == [{"W": "8", "F": "11", "other": "kept"}]


def test_an_address_that_is_right_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    browser = Browser(monkeypatch, page, {"W": "9"})
    assert browser.replaced == []
    browser.send()
    assert browser.pushed == []


def test_what_a_script_pins_is_no_news_and_nobody_else_s(monkeypatch: pytest.MonkeyPatch) -> None:
    browser = Browser(monkeypatch, page, {"W": "9"})
    browser.history = [{"W": "9", "at": "3"}]
    browser.send()
    assert browser.at.caption[0].value == "1 False"
    browser.slide("W", 10)
    assert browser.pushed == [{"W": "10"}]


def test_a_link_and_back_are_told_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    browser = Browser(monkeypatch, page, {})
    browser.follow({"W": "12"})
    assert (browser.shown, browser.at.caption[0].value) == ("12 3 True", "2 False")
    browser.go(-1)
    assert (browser.shown, browser.at.caption[0].value) == ("7 3 True", "3 True")
    browser.slide("W", 8)
    assert browser.at.caption[0].value == "3 True"
    browser.learn()
    browser.follow({"W": "13"})
    assert browser.at.caption[0].value == "4 False"


def test_back_to_what_is_shown_tells_the_browser_once_again(monkeypatch: pytest.MonkeyPatch) -> None:
    browser = Browser(monkeypatch, page, {})
    browser.slide("W", 8)
    browser.learn()
    browser.history.append({"W": "20"})  # a push of the browser's own, that never reached the server
    browser.place += 1
    browser.go(-1)
    assert (browser.shown, browser.at.caption[0].value) == ("8 3 True", "1 False")
    assert browser.pushed == [{"W": "8"}, {"W": "8"}]
    browser.send()
    assert len(browser.pushed) == 2


def test_of_twice_the_same_address_the_browser_may_have_either(monkeypatch: pytest.MonkeyPatch) -> None:
    browser = Browser(monkeypatch, page, {})
    for width in (8, 9, 8, 9, 10):
        browser.slide("W", width)
    for arrived in (8, 9, 8, 9, 10):
        browser.history = [{"W": str(arrived)}]
        browser.send()
        assert (browser.shown, browser.at.caption[0].value) == ("10 3 True", "1 False")
    browser.history = [{"W": "8"}]  # it has known of 10: this is an address of its own
    browser.send()
    assert (browser.shown, browser.at.caption[0].value) == ("8 3 True", "2 False")


@pytest.mark.parametrize(("moves", "shown"), [(20, "28 3 True"), (21, "7 3 True")])
def test_twenty_addresses_can_be_on_their_way(
    monkeypatch: pytest.MonkeyPatch, moves: int, shown: str
) -> None:
    browser = Browser(monkeypatch, page, {})
    for width in range(1, moves + 1):
        browser.slide("W", 8 + width)
    assert browser.shown == shown
    browser.learn(1)
    assert browser.address == {"W": "9"}


def test_a_page_that_fails_half_way_draws_nothing_more_and_recovers(monkeypatch: pytest.MonkeyPatch) -> None:
    ends: list[Callable[[], None]] = [fail]

    def broken() -> None:
        table = Table("trial", W, F)
        open_page("trial")
        with suppress(RuntimeError), table.read(Lang.EN) as state:
            state.slider(W, "W")
            for end in ends:
                end()
            st.text(str(state[W]))

    browser = Browser(monkeypatch, broken, {"W": "99"})
    assert browser.replaced == []
    assert not browser.at.text
    ends.clear()
    browser.send()
    assert browser.shown == "7"
    assert browser.replaced == [({"W": "99"}, {}, [], 1)]
    browser.learn()
    ends.append(fail)
    browser.slide("W", 8)
    assert browser.pushed == [{"W": "8"}]
    browser.learn()
    ends[:] = [st.stop]
    browser.slide("W", 9)
    ends.clear()
    browser.send()
    assert browser.shown == "9"
    assert browser.pushed == [{"W": "8"}, {"W": "9"}]


def fail() -> None:
    """What a page may do in the middle."""
    raise RuntimeError


def test_bodies_in_each_other_are_one_step(monkeypatch: pytest.MonkeyPatch) -> None:
    def nested() -> None:
        outer, inner = Table("outer", W, page="trial"), Table("inner", F, page="trial")
        open_page("trial")

        def both() -> None:
            outer.change({W: 20})
            inner.change({F: 5})

        with outer.read(Lang.EN) as state:
            with inner.read(Lang.EN, explains=False) as more:
                more.slider(F, "F")
            st.button("both", on_click=both)
            state.slider(W, "W")
            st.text(f"{state[W]} {more[F]}")

    browser = Browser(monkeypatch, nested, {"F": "99"})
    assert not browser.at.warning
    assert browser.replaced == [({"F": "99"}, {"F": "11"}, [], 1)]
    browser.at.button[0].click()
    browser.send()
    assert browser.shown == "20 5"
    assert browser.pushed == [{"W": "20", "F": "5"}]


def test_what_a_body_that_is_not_drawn_yet_has_stays_in_the_address(monkeypatch: pytest.MonkeyPatch) -> None:
    later = [False]

    def page_with_a_late_part() -> None:
        first, second = Table("first", W, page="trial"), Table("second", F, page="trial")
        open_page("trial")
        with first.read(Lang.EN) as state:
            state.slider(W, "W")
            st.text(str(state[W]))
        if later[0]:
            with second.read(Lang.EN) as more:
                more.slider(F, "F")

    browser = Browser(monkeypatch, page_with_a_late_part, {"F": "5"})
    browser.slide("W", 8)
    assert browser.pushed == [{"W": "8", "F": "5"}]
    browser.learn()
    later[0] = True
    browser.send()
    assert browser.at.slider(key="F").value == 5
    browser.slide("F", 6)
    assert browser.pushed[-1] == {"W": "8", "F": "6"}


def test_pages_of_one_session_have_their_own_values_and_share_the_language(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    where = ["one"]
    lang = Choice("lang", Lang, default=Lang.EN, always=True)
    depth, fresh, kept = (
        Whole("W", 1, 9, default=4),
        Memo("fresh", default=0, fresh=True),
        Memo("kept", default=0),
    )

    def site() -> None:
        frame = Table("frame", lang, page=EVERY_PAGE)
        pages = {"one": Table("one", W, fresh, kept), "two": Table("two", depth)}
        open_page(where[0])
        with frame.read(Lang.EN) as shell, pages[where[0]].read(Lang.EN) as state:
            shell.choice(lang, "Language")
            if where[0] == "one":
                state.slider(W, "W")
                st.text(f"{state[W]} {state[fresh]} {state[kept]}")
                state.set(fresh, 1)
                state.set(kept, 1)
            else:
                state.slider(depth, "Depth")
                st.text(f"two {state[depth]}")
            st.caption(f"{state.news} {state.by_history}")

    browser = Browser(monkeypatch, site, {})
    assert browser.replaced == [({}, {"lang": "en"}, [], 1)]
    assert browser.shown == "7 0 0"
    browser.learn()
    browser.press("lang", Lang.ZH)
    browser.slide("W", 8)
    assert browser.pushed == [{"lang": "zh"}, {"lang": "zh", "W": "8"}]
    assert browser.shown == "8 1 1"
    where[0] = "two"
    browser.history = [{"W": "9", "lang": "zh"}]
    browser.place = 0
    browser.send()
    assert browser.shown == "two 9"
    assert browser.replaced[1:] == []
    where[0] = "one"
    browser.history = [{"lang": "zh"}]
    browser.send()
    assert browser.shown == "7 0 1"
    assert browser.at.caption[0].value == "3 False"
    where[0] = "two"
    browser.history = [{"lang": "xx"}]
    browser.send()
    assert browser.shown == "two 4"
    assert browser.replaced[1:] == [({"lang": "xx"}, {"lang": "en"}, [], 2)]


@pytest.mark.parametrize("reads_frame", [True, False])
def test_pages_without_keys_and_frames_that_were_not_read(
    monkeypatch: pytest.MonkeyPatch, *, reads_frame: bool
) -> None:
    lang = Choice("lang", Lang, default=Lang.EN, always=True)

    def site() -> None:
        frame = Table("frame", lang, page=EVERY_PAGE)
        own = frame if reads_frame else Table("own", W)
        open_page("bare" if reads_frame else "own")
        with own.read(Lang.EN):
            st.text("drawn")

    browser = Browser(monkeypatch, site, {"lang": "zh", "W": "9"})
    assert browser.shown == "drawn"
    assert browser.address["W"] == "9"
    assert (browser.replaced == []) == reads_frame  # a language that nobody has read is not said
    assert browser.pushed == []


def test_a_press_whose_run_is_ended_and_begun_again_counts_once(monkeypatch: pytest.MonkeyPatch) -> None:
    pressed, said = Memo("pressed", default=0), Memo("said", default=0)
    table = Table("page", W, pressed, said)

    def page() -> None:
        open_page("page")
        with table.read(Lang.EN) as state:
            if state[said] != state[pressed]:
                state.set(said, state[pressed])
                st.rerun()
            st.text(str(state[pressed]))
            state.set(W, 1 + state[pressed])  # only now does the address change
            offers(table, "_more", "More", [1], changes=lambda _: {pressed: table.now()[pressed] + 1})

    browser = Browser(monkeypatch, page, {})
    browser.press("_more", 1)
    assert browser.shown == "1"
    browser.press("_more", 1)  # said again by a browser that has not learnt that nothing is chosen any more
    assert browser.shown == "1"
    browser.learn()
    browser.press("_more", 1)
    assert browser.shown == "2"


def test_what_the_page_wrote_itself_is_not_taken_for_what_the_browser_has_learnt(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    table = Table("page", W, F)

    def page() -> None:
        open_page("page")
        with table.read(Lang.EN) as state:
            offers(table, "_preset", "Presets", [9], changes=lambda size: {W: size, F: 5})
            state.slider(W, "W")
        with table.read(Lang.EN, explains=False) as state:  # a second body, after the address was written
            st.text(f"{state[W]} {state[F]}")
            st.caption(str(state.news))

    browser = Browser(monkeypatch, page, {"W": "4"})
    browser.press("_preset", 9)
    browser.slide("W", 8)  # sent with the old address
    assert browser.shown == "8 5"
    browser.learn()
    browser.send()
    assert browser.shown == "8 5"
    assert browser.at.caption[0].value == "1"
    assert browser.address == {"W": "8", "F": "5"}
