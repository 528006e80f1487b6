"""What a server has once, whatever becomes of its modules.

Streamlit forgets imported modules when a source file changes, a deployment's update included, and clears its own
caches for everybody when any browser asks for that. So what learners have lives in a module that it does not know of.
"""

from __future__ import annotations

import sys
import threading
import types
from collections.abc import Callable
from typing import Any, TypeVar

T = TypeVar("T")
HOME: dict[str, Any] = sys.modules.setdefault("_shapelab_home", types.ModuleType("_shapelab_home")).__dict__
HOME.setdefault("lock", threading.Lock())


def once(name: str, make: Callable[[], T]) -> T:
    """What is kept under a name, made at the first call.

    >>> once("a doctest", list) is once("a doctest", list)
    True
    """
    with HOME["lock"]:
        if name not in HOME:
            HOME[name] = make()
        kept: T = HOME[name]
        return kept
