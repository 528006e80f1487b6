"""What one tab of a browser has: its values, and the addresses that it was sent.

The session is what holds; the address says what it holds. The browser learns of an address one round trip after
it was written, and what a learner does meanwhile still carries an older one. So an address that comes in is news
only where the browser came to it by itself: at the first run of a page, by Back or Forward, or by a link.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import streamlit as st

from lib.ui.adapters.history import is_history_navigation, last_message
from lib.ui.components.address import replace_address

_STATE_KEY = "_shapelab"
MAX_SENT = 20
"""Addresses that can be on their way at once; nobody is that fast."""

Address = dict[str, str]


@dataclass
class Sent:
    """An address that the browser has or will have: ``also`` is how it said the same when it opened the page."""

    address: Address
    number: int
    also: Address | None = None

    def __contains__(self, address: Address) -> bool:
        return address in (self.address, self.also)


@dataclass
class Store:
    """A table's part: values by name, and what its widgets were last known to have.

    ``replaced`` has, for a widget whose value the server has set, what the browser showed until then and the number
    of the address that told it. ``problems`` are bad values of the address, ``typed`` those of fields, ``refused``
    those of widgets that show a part. ``good`` are values that the page could use, ``spoken`` defaults that are to
    be written all the same.
    """

    values: dict[str, Any] = field(default_factory=dict)
    shown: dict[str, Any] = field(default_factory=dict)
    ranges: dict[str, object] = field(default_factory=dict)
    replaced: dict[str, tuple[Any, int]] = field(default_factory=dict)
    problems: dict[str, tuple[str, int, Any]] = field(default_factory=dict)
    typed: dict[str, str] = field(default_factory=dict)
    good: dict[str, Any] = field(default_factory=dict)
    spoken: set[str] = field(default_factory=set)
    refused: dict[str, tuple[Any, Exception]] = field(default_factory=dict)
    applied: int = 0


@dataclass
class Session:
    """One tab. ``news`` counts the addresses that the browser came to by itself; ``query`` is the last of them."""

    page: str = ""
    news: int = 0
    query: dict[str, list[str]] = field(default_factory=dict)
    sent: list[Sent] = field(default_factory=list)
    acknowledged: int = 0
    depth: int = 0
    by_history: bool = False
    scripted: frozenset[str] = frozenset()
    stores: dict[str, Store] = field(default_factory=dict)
    newly_set: list[tuple[Store, str, Any]] = field(default_factory=list)
    _message: object = None
    _number: int = 0
    _must_send: bool = False
    _opened_at: Address | None = None
    _opened_as: Address | None = None
    _replaced: int = 0

    def store(self, table: str) -> Store:
        """A table's part, made when it is first asked for."""
        return self.stores.setdefault(table, Store())

    def look(self, page: str, scripted: frozenset[str]) -> None:
        """Take note of the address that came with this run; ``scripted`` are the keys that scripts keep in it."""
        self.scripted = scripted
        message = last_message()
        if page == self.page and message is not None and message is self._message:
            return  # the browser has said nothing since: what the address says was written here
        self._message = message
        came = self._came()
        news = self.news
        if page != self.page:
            self._take(came)
            self._opened_at, self.page = came, page
        elif is_history_navigation():
            if not self.sent or came != self.sent[-1].address:
                self._take(came)
            self._must_send = True
        elif not self._is_known(came):
            self._take(came)
        if self.news != news:
            self.by_history = is_history_navigation()

    def _came(self) -> Address:
        """What the browser says the address is, but for what its own scripts keep in it."""
        came = st.query_params.to_dict()
        return {key: text for key, text in came.items() if key not in self.scripted}

    def _take(self, came: Address) -> None:
        self.news += 1
        self.query = {key: st.query_params.get_all(key) for key in came}
        self._number += 1
        self.sent = [Sent(came, self._number)]
        self.acknowledged = self._number
        self._opened_at = self._opened_as = None

    def _is_known(self, came: Address) -> bool:
        """Whether it is one of those sent; what came before the oldest that it can be is forgotten."""
        places = [place for place, sent in enumerate(self.sent) if came in sent]
        if not places:
            return False
        # The same address may have been sent twice: the older one is forgotten last, the newer one counts.
        self.acknowledged = max(self.acknowledged, self.sent[places[-1]].number)
        del self.sent[: places[0]]
        return True

    def forget_set(self, store: Store, name: str) -> None:
        """The learner has moved that widget since the server set it: what its browser showed before means nothing."""
        store.replaced.pop(name, None)
        self.newly_set = [each for each in self.newly_set if each[0] is not store or each[1] != name]

    def write(self, texts: Address, known: Iterable[str], *, may_draw: bool) -> None:
        """Let the address say these texts: one step of the browser's history, or none where nothing has changed.

        ``known`` are all keys of the page: those of them that have no text leave the address.
        """
        came = self._came()
        theirs = set(known)
        wanted = {**texts, **{key: values[-1] for key, values in self.query.items() if key not in theirs}}
        opening = self._opened_at
        if opening is not None and self._opened_as in (None, wanted) and not self._must_send:
            # A page that opens adds no step: its address is put right where it stands.
            if may_draw and wanted not in (opening, self._opened_as):
                self._replaced += 1
                replace_address(opening, wanted, self.scripted, number=self._replaced)
            if may_draw:
                self._opened_as = wanted
            self.sent = [Sent(wanted, self.sent[0].number, also=opening)]
        elif self._must_send or wanted != came:
            st.query_params.from_dict(wanted)
            self._must_send = False
            self._opened_at = None
            if wanted != self.sent[-1].address:
                self._number += 1
                self.sent = [*self.sent[1 - MAX_SENT :], Sent(wanted, self._number)]
        for store, name, before in self.newly_set:
            store.replaced[name] = (before, self.sent[-1].number)
        if may_draw:  # a run that was ended has not said all: the next one's address is the one to wait for
            self.newly_set.clear()


def this_session() -> Session:
    """The tab that this run is for."""
    if _STATE_KEY not in st.session_state:
        st.session_state[_STATE_KEY] = Session()
    session: Session = st.session_state[_STATE_KEY]
    return session
