"""A part of Streamlit replaced by one that calls it, once a process: what the other adapters do it with."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

Part = Callable[..., Any]


def replace_once(owner: Any, name: str, make: Callable[[Part], Part]) -> bool:
    """Put what ``make`` makes of the part in its place, unless that was done before; False where there is no such part.

    >>> from types import SimpleNamespace
    >>> owner = SimpleNamespace(part=lambda x: x + 1)
    >>> replace_once(owner, "part", lambda original: lambda x: 10 * original(x)), owner.part(1)
    (True, 20)
    >>> replace_once(owner, "part", lambda original: lambda x: 10 * original(x)), owner.part(1)
    (True, 20)
    >>> replace_once(owner, "another", lambda original: original)
    False
    """
    original = getattr(owner, name, None)
    if original is None:
        return False
    if not hasattr(original, "__wrapped__"):
        setattr(owner, name, wraps(original)(make(original)))
    return True
