"""What defines the screen of /quiz: the sheet of questions, and which of them is open."""

from __future__ import annotations

from lib.core.quiz.question import TOPICS, Topic
from lib.core.quiz.settings import MAX_COUNT, MAX_SEED, MAX_TRIES, Settings
from lib.lessons.quiz.kept import kept_name
from lib.ui.state import Choice, Choices, Flag, Memo, Table, Values, Whole

DEFAULT_COUNT = 8
DEFAULT_SEED = 3181
"""Opens with a convolution whose quotient is rounded down, and has all topics."""

SHOWN_TOPICS = Choices("topics", Topic, default=tuple(TOPICS))
COUNT = Whole("count", 1, MAX_COUNT, default=DEFAULT_COUNT)
TRIES = Whole("tries", 1, MAX_TRIES, default=2)
SEED = Whole("seed", 0, MAX_SEED, default=DEFAULT_SEED)
OWN = Flag("own", default=False)
AT = Choice("q", [str(number) for number in range(1, MAX_COUNT + 1)], default="1")
FIRST_NAME: Memo[str] = Memo("first_name", default=kept_name)
"""What the field for the name begins with: as it was kept when this tab opened the page."""

TABLE = Table("quiz", SHOWN_TOPICS, COUNT, TRIES, SEED, OWN, AT, FIRST_NAME)


def settings_of(state: Values, name: str) -> Settings:
    """The sheet that the controls say; ``name`` is the learner's."""
    return Settings(state[SHOWN_TOPICS], state[COUNT], state[SEED], state[TRIES], name if state[OWN] else "")
