"""The learner's tray of drawn digits, which several lessons use; kept on the server between visits."""

from __future__ import annotations

from lib.core.digits.tray import KeptDigit
from lib.ui.learners import TRAY
from lib.ui.owner import learner_store


def kept_digits() -> list[KeptDigit]:
    """This learner's digits, in the order in which they were kept: the list itself."""
    digits: list[KeptDigit] = learner_store().setdefault(TRAY, [])
    return digits
