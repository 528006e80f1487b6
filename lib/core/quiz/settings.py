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
class Progress:
    """How far a sheet has come: the standing of each question, and how many answers were given in all."""

    standings: tuple[Standing, ...]
    tries: int

    @property
    def right(self) -> int:
        """Questions that were answered rightly."""
        return self.standings.count(Standing.RIGHT)

    @property
    def is_over(self) -> bool:
        """Whether no question is open.

        >>> Progress((Standing.RIGHT, Standing.WRONG), 3).is_over, Progress((Standing.OPEN,), 0).is_over
        (True, False)
        """
        return Standing.OPEN not in self.standings

    def open_after(self, place: int) -> int | None:
        """The next open question after a place, the first ones after the last; None where all others are settled.

        >>> Progress((Standing.OPEN, Standing.RIGHT, Standing.OPEN), 1).open_after(2)
        0
        """
        others = (*range(place + 1, len(self.standings)), *range(place))
        return next((each for each in others if self.standings[each] is Standing.OPEN), None)
