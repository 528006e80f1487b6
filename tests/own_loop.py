"""Coroutines in tests: a browser of another test of the same process may have a loop in its thread."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

R = TypeVar("R")


def in_own_loop(scene: Coroutine[Any, Any, R]) -> R:
    """What it returns, run to its end by a loop in a thread of its own.

    >>> in_own_loop(asyncio.sleep(0, "done"))
    'done'
    """
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(lambda: asyncio.run(scene)).result()
