"""Whether this server was started through the door."""

from __future__ import annotations

import threading

_opened = threading.Event()


def is_open() -> bool:
    """Whether ``st.App`` serves this process: its routes and its middleware answer.

    >>> is_open()
    False
    """
    return _opened.is_set()


def set_open(is_open: bool) -> None:
    """Called by the app as it starts and stops."""
    if is_open:
        _opened.set()
    else:
        _opened.clear()
