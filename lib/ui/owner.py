"""Who a learner is, without a login: a random token that the browser keeps in a cookie."""

from __future__ import annotations

import re
import secrets
from typing import Any

import streamlit as st

from lib.jobs.home import once
from lib.jobs.manager import get_manager
from lib.ui.learners import Learners
from lib.ui.state import Memo, Table

COOKIE = "shapelab_learner"
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


def _begin() -> Learners:
    learners = Learners(lambda: get_manager().store)
    learners.keep_for_ever()
    return learners


def _learners() -> Learners:
    return once("learners", _begin)


def learner_store() -> dict[str, Any]:
    """What this learner keeps on the server: it outlives a reload and a lost connection.

    One dictionary a learner, shared by their tabs; keep it small, and key it by page. What stands under a key of
    ``lib.ui.learners.PERSISTENT`` outlives the server, too, where it has a folder for its data.
    """
    return _learners().of(owner_token())


def keep_learners() -> None:
    """Write what has changed, before the server stops."""
    _learners().keep()
