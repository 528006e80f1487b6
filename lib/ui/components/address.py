"""Putting the address right where it stands, without a step of the browser's history; it draws nothing."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlencode

from lib.ui.components.base import browser_component

_mount = browser_component("address")


def replace_address(old: Mapping[str, str], new: Mapping[str, str], *, number: int) -> None:
    """Write ``new`` in place of ``old``, where the browser still has that; each time under a new ``number``."""
    _mount(key=f"_address_{number}", data=f"{urlencode(old)} {urlencode(new)}", height=0)
