"""A part of Streamlit replaced by one that calls it, once a process: what the other adapters do it with."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

Part = Callable[..., Any]
_MAKER = "_made_by"


def replace_once(owner: Any, name: str, make: Callable[[Part], Part]) -> bool:
    """Put what ``make`` makes of the part in its place, unless that was done before; False where there is no such part.

    Several may replace one part: each calls what was there.

    >>> from types import SimpleNamespace
    >>> owner = SimpleNamespace(part=lambda x: x + 1)
    >>> replace_once(owner, "part", lambda original: lambda x: 10 * original(x)), owner.part(1)
    (True, 20)
    >>> replace_once(owner, "part", lambda original: lambda x: 10 * original(x)), owner.part(1)
    (True, 20)
    >>> def less(original): return lambda x: original(x) - 1
    >>> replace_once(owner, "part", less), replace_once(owner, "part", less), owner.part(1)
    (True, True, 19)
    >>> replace_once(owner, "another", lambda original: original)
    False
    """
    original = getattr(owner, name, None)
    if original is None:
        return False
    maker, known = f"{make.__module__}.{make.__qualname__}", original
    while known is not None:
        if getattr(known, _MAKER, None) == maker:
            return True
        known = getattr(known, "__wrapped__", None)
    replaced = wraps(original)(make(original))
    setattr(replaced, _MAKER, maker)
    setattr(owner, name, replaced)
    return True
