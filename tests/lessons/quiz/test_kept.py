"""What is kept of the quiz: a bounded number of sheets, and the name beside them."""

from __future__ import annotations

from typing import Any

import pytest

from lib.core.quiz.question import Topic
from lib.core.quiz.settings import Attempt, Settings
from lib.lessons.quiz import kept


@pytest.fixture(autouse=True)
def store(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """One learner's things."""
    values: dict[str, Any] = {}
    monkeypatch.setattr(kept, "learner_store", lambda: values)
    return values


def sheet(seed: int) -> Settings:
    return Settings((Topic.CONV,), 1, seed, 1)


def test_the_sheet_that_was_begun_first_leaves_and_the_name_stays() -> None:
    assert kept.keep_name(" Ada ") == kept.kept_name() == "Ada"
    for seed in range(kept.MAX_SHEETS + 2):
        kept.keep_attempt(sheet(seed), Attempt((("1",),), float(seed)))
    assert kept.attempt_at(sheet(1)) is None
    assert kept.attempt_at(sheet(2)) == Attempt((("1",),), 2.0)
    assert kept.kept_name() == "Ada"


def test_who_only_looks_keeps_nothing(store: dict[str, Any]) -> None:
    assert kept.attempt_at(sheet(0)) is None
    assert kept.keep_name("") == ""
    assert not any(store.values())
