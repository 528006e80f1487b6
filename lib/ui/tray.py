"""The learner's tray of drawn digits, which several lessons use; kept on the server between visits."""

from __future__ import annotations

from lib.core.digits.tray import KeptDigit
from lib.ui.owner import learner_store

_STORE_KEY = "tray"


def kept_digits() -> list[KeptDigit]:
    """This learner's digits, in the order in which they were kept: the list itself."""
    digits: list[KeptDigit] = learner_store().setdefault(_STORE_KEY, [])
    return digits
