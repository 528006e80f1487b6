"""What defines a sheet of questions, and how far a learner has come with it. Imports no torch."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from lib.core.quiz.question import Topic

MAX_COUNT = 20
MAX_TRIES = 5
MAX_SEED = 9999


@dataclass(frozen=True)
class Settings:
    """What defines a sheet. With a ``name`` the numbers are that learner's own, the kinds are the same for all."""

    topics: tuple[Topic, ...]
    count: int
    seed: int
    tries: int
    name: str = ""

    @property
    def key(self) -> str:
        """What tells the sheet from all others, much as the page's address says it.

        >>> Settings((Topic.CONV, Topic.NETS), 8, 7, 2).key
        'topics=conv,nets&count=8&tries=2&seed=7'
        """
        sheet = f"topics={','.join(self.topics)}&count={self.count}&tries={self.tries}&seed={self.seed}"
        return f"{sheet}&own=true&name={self.name}" if self.name else sheet


class Standing(StrEnum):
    """How far a question has come."""

    OPEN = "open"
    RIGHT = "right"
    WRONG = "wrong"
    """No try is left."""


@dataclass(frozen=True)
class Attempt:
    """A learner's answers to a sheet, ``answers[n]`` those to question n in turn; times in seconds since 1970."""

    answers: tuple[tuple[str, ...], ...]
    begun: float
    ended: float = 0.0


@dataclass(frozen=True)
class Score:
    """Of ``count`` questions so many are answered for good and so many of them right, after so many tries."""

    count: int
    settled: int
    right: int
    tries: int

    @property
    def is_over(self) -> bool:
        """Whether no question is open.

        >>> Score(8, 8, 5, 9).is_over, Score(8, 7, 7, 7).is_over
        (True, False)
        """
        return self.settled == self.count
