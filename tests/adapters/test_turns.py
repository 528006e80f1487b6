"""Pages are drawn one after the other, and nobody waits for one that takes long."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any

import pytest
from streamlit.runtime.scriptrunner.script_runner import ScriptRunner

from lib.ui.adapters import turns as turns_of_pages
from lib.ui.adapters.turns import METHOD, Turns, draw_in_turns

LONG, PATIENCE = 3600.0, 30.0


def in_thread(work: Callable[..., None], *arguments: object) -> threading.Thread:
    """Started."""
    thread = threading.Thread(target=work, args=arguments, daemon=True)
    thread.start()
    return thread


def queued(turns: Turns, count: int) -> None:
    """Return once so many wait."""
    end = time.monotonic() + PATIENCE
    while len(turns._waiting) < count:
        assert time.monotonic() < end
        time.sleep(0.001)


def joined(threads: list[threading.Thread]) -> None:
    """All have ended."""
    for thread in threads:
        thread.join(PATIENCE)
        assert not thread.is_alive()


def test_one_at_a_time_and_who_came_first_goes_first() -> None:
    turns, order, inside = Turns(LONG), list[int](), list[int]()
    most = 0

    def work(number: int) -> None:
        nonlocal most
        with turns.mine():
            inside.append(number)
            most = max(most, len(inside))
            order.append(number)
            time.sleep(0.001)
            inside.remove(number)

    threads = []
    with turns.mine():
        for number in range(40):
            threads.append(in_thread(work, number))
            queued(turns, number + 1)
    joined(threads)
    assert (order, most) == (list(range(40)), 1)


def test_many_who_come_and_go_all_get_their_turn() -> None:
    turns, done = Turns(LONG), list[int]()

    def work() -> None:
        for _ in range(200):
            with turns.mine():
                done.append(len(done))

    joined([in_thread(work) for _ in range(20)])
    assert done == list(range(4000))


def test_who_takes_long_is_overtaken_by_all_and_takes_nothing_from_who_has_the_turn_then() -> None:
    turns = Turns(0.001)
    may_end, second_may_end = threading.Event(), threading.Event()
    order: list[str] = []

    def slow() -> None:
        with turns.mine():
            order.append("slow")
            may_end.wait(PATIENCE)
        order.append("slow is over")

    def quick(name: str) -> None:
        with turns.mine():
            order.append(name)

    joined_later = [in_thread(slow)]
    while not order:
        time.sleep(0.001)
    joined([in_thread(quick, name) for name in "abc"])
    assert sorted(order[1:]) == ["a", "b", "c"]
    may_end.set()
    joined(joined_later)
    turns._long = LONG

    def holds() -> None:
        with turns.mine():
            order.append("holds")
            second_may_end.wait(PATIENCE)

    threads = [in_thread(holds)]
    while order[-1] != "holds":
        time.sleep(0.001)
    threads.append(in_thread(quick, "waits"))
    queued(turns, 1)
    assert order[-1] == "holds"
    second_may_end.set()
    joined(threads)
    assert order[-1] == "waits"


def test_a_late_end_does_not_end_the_turn_of_who_came_after() -> None:
    turns = Turns(0.0)
    first, second = turns.mine(), turns.mine()
    first.__enter__()
    turns._long = LONG
    second.__enter__()
    first.__exit__(None, None, None)
    reached = threading.Event()

    def third() -> None:
        with turns.mine():
            reached.set()

    thread = in_thread(third)
    queued(turns, 1)
    assert not reached.is_set()
    second.__exit__(None, None, None)
    joined([thread])
    assert reached.is_set()


def test_one_that_fails_lets_the_next_one_go_on() -> None:
    turns = Turns(LONG)
    with pytest.raises(ValueError, match="broken"), turns.mine():
        raise ValueError("broken")
    with turns.mine():
        pass


def test_no_lock_is_waited_for_for_ever() -> None:
    """One has the turn and waits for what another has, who waits for the turn."""
    turns, lock, done = Turns(0.01), threading.Lock(), list[str]()

    def has_the_lock(has_it: threading.Event) -> None:
        with lock:
            has_it.set()
            with turns.mine():
                done.append("lock")

    has_it = threading.Event()
    with turns.mine():
        thread = in_thread(has_the_lock, has_it)
        assert has_it.wait(PATIENCE)
        with lock:
            done.append("turn")
    joined([thread])
    assert sorted(done) == ["lock", "turn"]


def test_streamlits_pages_take_turns(monkeypatch: pytest.MonkeyPatch) -> None:
    """A Streamlit without ``ScriptRunner._run_script`` draws all pages at once: a class waits three times as long."""
    turns, order, may_end = Turns(LONG), list[Any](), threading.Event()

    def draw(runner: str, *asked: str) -> None:
        order.append((runner, *asked))
        if runner == "first":
            assert may_end.wait(PATIENCE)
        order.append(f"{runner} ends")

    monkeypatch.setattr(turns_of_pages, "Turns", lambda: turns)
    monkeypatch.setattr(ScriptRunner, METHOD, draw)
    assert draw_in_turns()
    assert draw_in_turns(), "once is enough"
    threads = [in_thread(getattr(ScriptRunner, METHOD), "first", "what is asked for")]
    while not order:
        time.sleep(0.001)
    threads.append(in_thread(getattr(ScriptRunner, METHOD), "second"))
    end = time.monotonic() + PATIENCE
    while not turns._waiting and len(order) == 1:
        assert time.monotonic() < end
        time.sleep(0.001)
    may_end.set()
    joined(threads)
    assert order == [("first", "what is asked for"), "first ends", ("second",), "second ends"]
