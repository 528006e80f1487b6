"""A page on trial: a body of test code run as a Streamlit script, and a browser that learns of addresses late."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from lib.ui.state import session as sessions
from lib.ui.state import table as tables

Address = dict[str, str]


def opened(body: Callable[[], None], **query: str | list[str]) -> AppTest:
    """A session after the first run of a script that does what the body does."""

    def script(body: object) -> None:
        assert callable(body)
        body()

    at = AppTest.from_function(script, default_timeout=60, args=(body,))
    at.query_params.update(query)
    return lives(at.run())


def lives(at: AppTest) -> AppTest:
    """The session, after a run without a traceback."""
    assert [error.value for error in at.exception] == []
    return at


def no_other_tables(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only what the test declares; the lessons' tables stay out of it."""
    monkeypatch.setattr(tables, "_tables", {})


class Browser:
    """What a browser has: a history, and addresses on their way to it that arrive when the test says so."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, body: Callable[[], None], address: Address) -> None:
        self.history = [address]
        self.place = 0
        self.replaced: list[tuple[Address, Address, list[str], int]] = []
        self.pushed: list[Address] = []
        self._on_their_way: list[Callable[[], None]] = []
        self._by_history = False
        self._message = object()
        self._listen(monkeypatch)
        self.at = opened(body, **address)

    def _listen(self, monkeypatch: pytest.MonkeyPatch) -> None:
        kind: Any = type(st.query_params)
        write = kind.from_dict

        def push(proxy: Any, new: Mapping[str, str]) -> None:
            write(proxy, new)
            self.pushed.append(dict(new))
            self._on_their_way.append(lambda: self._push(dict(new)))

        def replace(old: Address, new: Address, others: Iterable[str], *, number: int) -> None:
            self.replaced.append((dict(old), dict(new), sorted(others), number))
            self._on_their_way.append(lambda: self._replace(dict(old), dict(new)))

        monkeypatch.setattr(kind, "from_dict", push)
        monkeypatch.setattr(sessions, "replace_address", replace)
        monkeypatch.setattr(sessions, "is_history_navigation", lambda: self._by_history)
        monkeypatch.setattr(sessions, "last_message", lambda: self._message)

    def _push(self, new: Address) -> None:
        if new != self.address:
            self.history[self.place + 1 :] = [new]
            self.place += 1

    def _replace(self, old: Address, new: Address) -> None:
        if old == self.address:
            self.history[self.place] = new

    @property
    def address(self) -> Address:
        """What the learner sees in the address bar."""
        return self.history[self.place]

    def send(self) -> None:
        """Let the page run on what the learner did, with the address that the browser has."""
        self._message = object()
        self.at.query_params.clear()
        self.at.query_params.update(self.address)
        lives(self.at.run())

    def learn(self, count: int | None = None) -> None:
        """Let the oldest addresses arrive, or all of them."""
        for _ in range(len(self._on_their_way) if count is None else min(count, len(self._on_their_way))):
            self._on_their_way.pop(0)()

    def go(self, steps: int) -> None:
        """Back or Forward."""
        self.place += steps
        self._by_history = True
        self.send()
        self._by_history = False

    def follow(self, address: Address) -> None:
        """A link within the page."""
        self._push(address)
        self.send()

    def press(self, key: str, value: object) -> None:
        """One of a row of pills."""
        self.at.button_group(key=key).set_value(value)
        self.send()

    def slide(self, key: str, value: float) -> None:
        """Move a slider."""
        self.at.slider(key=key).set_value(value)
        self.send()

    @property
    def shown(self) -> str:
        """The page's first line of plain text."""
        return str(self.at.text[0].value)
