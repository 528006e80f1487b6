"""What defines the screen of /indexing."""

from __future__ import annotations

from enum import StrEnum

from lib.core.tensors.errors import MAX_DIMS, MAX_TEXT
from lib.core.tensors.reduce import Reduction
from lib.ui.state import Choice, Flag, Memo, Table, Whole, typed

DEFAULT_INDEX = "x[0, 1:3, ::2]"
DEFAULT_SCORES = "[[0.1, 0.7, 0.2], [0.2, 0.1, 0.7], [0.8, 0.1, 0.1]]"

WRITE_PRESETS = {
    "twice": "x[[0, 0, 1]] += 1",
    "cell": "x[0, 2] = 99",
    "mask": "x[x > 3] = 0",
    "view": "x[0][1] = 99",
    "copy": "x[[0]][0] = 99",
    "expanded": "x[0, 2] = 99",
}
"""Lines of the second part; the last is for an expanded x."""


class Topic(StrEnum):
    """The parts of the page."""

    SELECT = "select"
    WRITE = "write"
    REDUCE = "reduce"


TOPIC = Choice("topic", Topic, default=Topic.SELECT)
X = typed("x", default="2, 3, 4", longest=MAX_TEXT)
INDEX = typed("index", default=DEFAULT_INDEX, longest=MAX_TEXT)
MASK = typed("mask", default="(x > 3) & (x % 2 == 0)", longest=MAX_TEXT)
WRITTEN = typed("wx", default="2, 3", longest=MAX_TEXT)
"""The x of the second part: small enough that before and after stand side by side."""
WRITE = typed("write", default=WRITE_PRESETS["twice"], longest=MAX_TEXT)
EXPANDED = Flag("expanded", default=False)
SCORES = typed("scores", default=DEFAULT_SCORES, longest=MAX_TEXT)
OP = Choice("op", Reduction, default=Reduction.ARGMAX)
ALONG = Flag("along", default=True)
RDIM = Whole("rdim", -MAX_DIMS, MAX_DIMS - 1, default=1)
KEEPDIM = Flag("keepdim", default=False)
GUESSING = Flag("guessing", default=False)
GUESS = typed("guess", default="", longest=MAX_TEXT)
GUESSED_FOR = Memo("guessed_for", default="", fresh=True)
"""The call that the guess is about."""
STANDARD = Memo("standard_index", default=DEFAULT_INDEX, fresh=True)
"""The index that goes without saying for the x of the last run: where it is shown, the learner has typed none."""

TABLE = Table(
    "indexing",
    TOPIC,
    X,
    INDEX,
    MASK,
    WRITTEN,
    WRITE,
    EXPANDED,
    SCORES,
    OP,
    ALONG,
    RDIM,
    KEEPDIM,
    GUESSING,
    GUESS,
    GUESSED_FOR,
    STANDARD,
)
