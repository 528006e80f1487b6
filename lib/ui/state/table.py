"""A page's table of keys: read once a run, changed by several keys at once, said by the address."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import streamlit as st

from lib.ui.lang import Lang
from lib.ui.state.keys import BadValueError, Key, Memo, Scripted
from lib.ui.state.session import Session, Store, this_session
from lib.ui.state.values import MISSING, Values, take_raw
from lib.ui.state.widgets import State

_tables: dict[str, list[Table]] = {}
EVERY_PAGE = "*"
"""The page of the table that all pages share."""


class Table:
    """The keys of one page: its name is the page's address. ``page`` is for a second table of a page.

    A table without a page (``page=""``) is for what the session remembers across pages: memos only.
    """

    def __init__(self, name: str, *keys: Key[Any], page: str | None = None) -> None:
        self.name = name
        self.page = name if page is None else page
        self.keys = {key.name: key for key in keys}
        self.in_address = tuple(key for key in keys if key.in_address)
        if len(self.keys) != len(keys):
            raise ValueError(f"{name}: a key's name stands twice in the table")
        others = [table for table in _tables.get(self.page, []) if table.name != name]
        for table in others:
            if twice := table.keys.keys() & self.keys.keys():
                raise ValueError(f"{name} and {table.name} both have {sorted(twice)}")
        _tables[self.page] = [*others, self]

    def __repr__(self) -> str:
        return f"Table({self.name!r})"

    def name_of(self, key: Key[Any]) -> str:
        """The key's name. Raises: KeyError for a key of another table."""
        if self.keys.get(key.name) is not key:
            raise KeyError(f"{key!r} is not in {self!r}")
        return key.name

    def glance(self, lang: Lang) -> State:
        """The state in this run, without a word to the address: for the frame, which the page's own table follows."""
        return State(self, self._current(), lang)

    @contextmanager
    def read(self, lang: Lang, *, explains: bool = True) -> Iterator[State]:
        """The page's state in this run; at its end the address says what the state is.

        First thing in the body of a page or fragment. Bad values of the address are explained where it stands,
        by one body of a page: the others say ``explains=False``. Of bodies in each other the outermost writes.
        """
        state = State(self, self._current(), lang)
        session = state.session
        if explains:
            state.explain()
        session.depth += 1
        may_draw = False
        try:
            yield state
            may_draw = True
        finally:
            # A newer run or an error may end this one: what was read is kept, and nothing more is drawn.
            session.depth -= 1
            if not session.depth:
                _write(session, may_draw=may_draw)

    def now(self) -> Values:
        """The values now, in a callback: what widgets were moved to, before the page has read them."""
        return Values(self, self._current())

    def change(self, changes: Mapping[Key[Any], object]) -> None:
        """Give several keys new values: one step of the browser's history. For callbacks.

        Raises: ValueError for a value that is not legal, KeyError for another table's key.
        """
        session = self._current()
        store = session.store(self.name)
        legal = {self.name_of(key): key.legal(value) for key, value in changes.items()}
        for name, value in legal.items():
            store.values[name] = value
            store.problems.pop(name, None)
            store.typed.pop(name, None)

    def _current(self) -> Session:
        session = this_session()
        if self.page:
            page = session.page if self.page == EVERY_PAGE else self.page
            session.look(page, scripted_keys(page))
        store = session.store(self.name)
        if store.applied != session.news or not store.values:
            self._apply(session, store)
        else:
            self._pull(session, store)
        return session

    def _apply(self, session: Session, store: Store) -> None:
        """Take the values that the address says, the default where it says none or a bad one."""
        store.problems.clear()
        store.typed.clear()
        for name, key in self.keys.items():
            if not key.in_address:
                if name not in store.values or (isinstance(key, Memo) and key.fresh):
                    store.values[name] = key.default
                continue
            texts = session.query.get(name, [])
            value = key.default
            if texts:
                try:
                    value = key.parse(texts[0] if len(texts) == 1 else _never(texts))
                except BadValueError as error:
                    value = value if error.used is None else error.used
                    store.problems[name] = (", ".join(texts), len(texts), value)
            store.values[name] = value
        store.applied = session.news

    def _pull(self, session: Session, store: Store) -> None:
        """Take the values to which the learner has moved the widgets since they were drawn."""
        for name, shown in store.shown.items():
            raw = st.session_state.get(name, MISSING)
            if raw is MISSING or raw == shown:
                continue
            before, number = store.replaced.get(name, (MISSING, 0))
            if raw == before and session.acknowledged < number:
                continue  # not moved: the browser had not learnt yet what the server has set
            session.forget_set(store, name)
            take_raw(store, self.keys[name], raw)


def _never(texts: Sequence[str]) -> str:
    raise BadValueError(", ".join(texts))


def _write(session: Session, *, may_draw: bool) -> None:
    """Let the address say the values of all tables of this page that were read."""
    texts, known = {}, []
    for table in [*_tables.get(EVERY_PAGE, []), *_tables.get(session.page, [])]:
        store = session.store(table.name)
        for key in table.in_address:
            known.append(key.name)
            if store.applied == session.news or table.page == EVERY_PAGE:
                value = store.values.get(key.name, MISSING)
                spoken = key.always or key.name in store.spoken
                if value is not MISSING and (spoken or value != key.default):
                    texts[key.name] = key.write(value)
            elif key.name in session.query:
                texts[key.name] = session.query[key.name][-1]
    session.write(texts, known, may_draw=may_draw)


def open_page(page: str) -> None:
    """Which page this run is of; the frame says so before any table is read."""
    this_session().look(page, scripted_keys(page))


def scripted_keys(page: str) -> frozenset[str]:
    """The keys that a page's scripts keep in the address by themselves."""
    found = (key for table in _tables.get(page, []) for key in table.keys.values())
    return frozenset(key.name for key in found if isinstance(key, Scripted))


def has_table(page: str) -> bool:
    """Whether a page has declared its state."""
    return page in _tables


def tables() -> tuple[Table, ...]:
    """All tables that were declared so far."""
    return tuple(table for found in _tables.values() for table in found)
