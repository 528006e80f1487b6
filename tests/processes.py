"""Processes as tests see them from outside."""

from __future__ import annotations

from typing import Any

import psutil

ps: Any = psutil
"""It has no types."""


def is_alive(process: Any) -> bool:
    """Whether it still does anything: an orphan that nobody has collected yet does not."""
    try:
        return bool(process.is_running() and process.status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False
