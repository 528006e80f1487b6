"""What defines the screen of /embedding."""

from __future__ import annotations

from enum import StrEnum

from lib.core.tensors.embedding import Costs, Lookup
from lib.core.tensors.errors import MAX_TEXT
from lib.core.tensors.words import WORDS
from lib.ui.state import Choice, Flag, Memo, Table, Whole, typed


class Topic(StrEnum):
    """The four parts of the page."""

    LOOKUP = "lookup"
    ONE_HOT = "one_hot"
    GRADIENT = "gradient"
    WORDS = "words"


VOCABULARIES = (4, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000)
MAX_WIDTH = 200
WORD_WIDTHS = ("2", "4", "8", "16")
NOT_MEASURED: tuple[Lookup, Costs] | None = None

TOPIC = Choice("topic", Topic, default=Topic.LOOKUP)
VOCABULARY = Whole("vocab", 1, VOCABULARIES[-1], default=10_000)
WIDTH = Whole("width", 1, MAX_WIDTH, default=100)
INDICES = typed("idx", default="[[1, 2, 3], [4, 5, 6]]", longest=MAX_TEXT)
PADDED = Flag("padded", default=False)
PAD = Whole("pad", 0, VOCABULARIES[-1] - 1, default=0)
WORD_WIDTH = Choice("wdim", WORD_WIDTHS, default="8")
WORD_SEED = Whole("wseed", 0, 999, default=0)
WORD = Choice("word", WORDS, default="cat")
COSTS: Memo[tuple[Lookup, Costs] | None] = Memo("costs", default=NOT_MEASURED)
"""What was measured last, and of which lookup."""

TABLE = Table(
    "embedding",
    TOPIC,
    VOCABULARY,
    WIDTH,
    INDICES,
    PADDED,
    PAD,
    WORD_WIDTH,
    WORD_SEED,
    WORD,
    COSTS,
)
