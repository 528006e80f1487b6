"""Putting the address right where it stands, without a step of the browser's history; it draws nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from urllib.parse import urlencode

from lib.ui.components.base import browser_component

_mount = browser_component("address")


def replace_address(
    old: Mapping[str, str], new: Mapping[str, str], others: Iterable[str], *, number: int
) -> None:
    """Write ``new`` in place of ``old``, where the browser still has that; each time under a new ``number``.

    ``others`` are keys that are none of this: they stay as they are.
    """
    data = " ".join([urlencode(old), urlencode(new), ",".join(sorted(others))])
    _mount(key=f"_address_{number}", data=data, height=0)
