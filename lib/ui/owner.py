"""Who a learner is, without a login: a random token that the browser keeps in a cookie."""

from __future__ import annotations

import re
import secrets
import threading
from collections import OrderedDict
from typing import Any

import streamlit as st

from lib.ui.state import Memo, Table

COOKIE = "shapelab_learner"
MAX_LEARNERS = 500
_TOKEN = re.compile(r"[A-Za-z0-9_-]{16,64}")


def is_token(text: object) -> bool:
    """Whether a text can be a token: what the browser sends is not to be trusted.

    >>> is_token("a" * 22), is_token("'; drop"), is_token(None)
    (True, False, False)
    """
    return isinstance(text, str) and _TOKEN.fullmatch(text) is not None


def _first_token() -> str:
    cookie = st.context.cookies.get(COOKIE)
    return cookie if cookie is not None and is_token(cookie) else secrets.token_urlsafe(16)


OWNER: Memo[str] = Memo("owner", default=_first_token)
_TABLE = Table("owner", OWNER, page="")


def owner_token() -> str:
    """This learner's token: the session's, else the browser's cookie, else a new one."""
    return _TABLE.now()[OWNER]


def adopt_token(token: str) -> None:
    """Take the token that the browser already has."""
    if is_token(token):
        _TABLE.change({OWNER: token})


class _Stores:
    """What learners leave on the server between visits, the longest unseen forgotten first."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._stores: OrderedDict[str, dict[str, Any]] = OrderedDict()

    def of(self, owner: str) -> dict[str, Any]:
        with self._lock:
            store = self._stores.setdefault(owner, {})
            self._stores.move_to_end(owner)
            while len(self._stores) > MAX_LEARNERS:
                self._stores.popitem(last=False)
            return store


@st.cache_resource(show_spinner=False)
def _stores() -> _Stores:
    return _Stores()


def learner_store() -> dict[str, Any]:
    """What this learner keeps on the server: it outlives a reload and a lost connection, not the server.

    One dictionary a learner, shared by their tabs; keep it small, and key it by page.
    """
    return _stores().of(owner_token())
