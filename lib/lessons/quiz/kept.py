"""What a learner has answered, and their name: kept on the server between visits, one for all their tabs."""

from __future__ import annotations

from typing import Any

from lib.core.quiz.result import clean_name
from lib.core.quiz.settings import Attempt, Settings
from lib.ui.learners import QUIZ
from lib.ui.owner import learner_store

MAX_SHEETS = 30
_NAME = "name"
"""No sheet has that key."""


def _kept() -> dict[str, Any]:
    kept: dict[str, Any] = learner_store().setdefault(QUIZ, {})
    return kept


def attempt_at(sheet: Settings) -> Attempt | None:
    """The learner's answers to a sheet; None before the first."""
    attempt: Attempt | None = _kept().get(sheet.key)
    return attempt


def keep_attempt(sheet: Settings, attempt: Attempt) -> None:
    """Keep the answers; the sheet that was begun first leaves where there are more than MAX_SHEETS."""
    kept = _kept()
    kept[sheet.key] = attempt
    sheets = [key for key in kept if key != _NAME]
    for key in sheets[:-MAX_SHEETS]:
        del kept[key]


def kept_name() -> str:
    """The name that the learner has given."""
    return str(_kept().get(_NAME, ""))


def keep_name(name: str) -> str:
    """Keep a name as it is shown; returns it so."""
    cleaned = clean_name(name)
    if cleaned != kept_name():
        _kept()[_NAME] = cleaned
    return cleaned
