"""What defines the screen of /workflow."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from lib.core.training.config import TEST_IMAGES
from lib.core.workflow.loading import EPOCHS, MAX_WORKERS
from lib.core.workflow.metrics import Metric
from lib.core.workflow.path import MAX_BATCH, Path, PicturePath, Pooling, TextPath, Transform
from lib.core.workflow.reviews import SENTENCES, TEST_SENTENCES
from lib.core.workflow.text import (
    DEFAULT_VOCABULARY,
    MAX_TEXT,
    MAX_VOCABULARY,
    MIN_VOCABULARY,
    TokenizerKind,
)
from lib.ui.language import known_language
from lib.ui.state import Choice, Flag, Memo, Table, Values, Whole, typed

EXAMPLES = {"en": "the guide was very thoughtful.", "zh": "我觉得手机比较好用。"}
"""A sentence to begin with: praise by a word that no training sentence has, and whose parts some have."""


class Track(StrEnum):
    """What goes through the blocks."""

    TEXT = "text"
    PICTURE = "picture"


class Block(StrEnum):
    """What can be opened, in the order in which data pass."""

    DATA = "data"
    DATASET = "dataset"
    TOKENIZER = "tokenizer"
    LOADER = "loader"
    MODEL = "model"
    PIPELINE = "pipeline"
    EVALUATION = "evaluation"


class Data(StrEnum):
    """The language of the sentences."""

    EN = "en"
    ZH = "zh"


class Share(StrEnum):
    """Percent of the sentences that are complaints."""

    HALF = "50"
    FIFTH = "20"
    TENTH = "10"
    TWENTIETH = "5"


def _data() -> Data:
    return Data(known_language().value)


@dataclass(frozen=True)
class Side:
    """The keys of the blocks that a path can exchange; the second path has its own."""

    tok: Choice[TokenizerKind]
    in_bytes: Flag
    vocab: Whole
    pool: Choice[Pooling]
    transform: Choice[Transform]
    hidden: Flag
    batch: Whole
    metric: Choice[Metric]

    @property
    def keys(self) -> tuple[object, ...]:
        """All of them."""
        return tuple(vars(self).values())


def _side(mark: str, tok: TokenizerKind, transform: Transform) -> Side:
    return Side(
        Choice(f"tok{mark}", TokenizerKind, default=tok),
        Flag(f"bytes{mark}", default=False),
        Whole(f"vocab{mark}", MIN_VOCABULARY, MAX_VOCABULARY, default=DEFAULT_VOCABULARY),
        Choice(f"model{mark}", Pooling, default=Pooling.MEAN),
        Choice(f"transform{mark}", Transform, default=transform),
        Flag(f"hidden{mark}", default=True),
        Whole(f"batch{mark}", 1, MAX_BATCH, default=32),
        Choice(f"metric{mark}", Metric, default=Metric.ACCURACY),
    )


TRACK = Choice("track", Track, default=Track.TEXT)
TEXT = typed("text", default=lambda: EXAMPLES[_data()], longest=MAX_TEXT)
DATA = Choice("data", Data, default=_data)
DIGIT = Whole("digit", 0, TEST_IMAGES - 1, default=0)
COMPARE = Flag("compare", default=True)
BLOCK = Choice("block", Block, default=Block.TOKENIZER)
SHARE = Choice("share", Share, default=Share.HALF)
CLEAN = Flag("clean", default=False)
SAMPLE = Whole("sample", 0, SENTENCES - TEST_SENTENCES - 1, default=0)
SHUFFLE = Flag("shuffle", default=True)
DROP_LAST = Flag("drop_last", default=False)
WORKERS = Whole("num_workers", 0, MAX_WORKERS, default=2)
EPOCH = Whole("epoch", 1, EPOCHS, default=1)
PREPARE_MS = Whole("prepare", 10, 200, default=60)
STEP_MS = Whole("step", 10, 200, default=20)
FIRST = _side("", TokenizerKind.WORD, Transform.TO_TENSOR)
SECOND = _side("2", TokenizerKind.BPE, Transform.BYTES)
STANDARD: Memo[str] = Memo("standard_text", default=lambda: EXAMPLES[_data()], fresh=True)
"""The sentence that goes without saying for the last run's language: shown, the learner has typed none."""

TABLE = Table(
    "workflow",
    TRACK, TEXT, DATA, DIGIT, COMPARE, BLOCK, SHARE, CLEAN, SAMPLE,
    SHUFFLE, DROP_LAST, WORKERS, EPOCH, PREPARE_MS, STEP_MS,
    FIRST.tok, FIRST.in_bytes, FIRST.vocab, FIRST.pool, FIRST.transform, FIRST.hidden, FIRST.batch, FIRST.metric,
    SECOND.tok, SECOND.in_bytes, SECOND.vocab, SECOND.pool, SECOND.transform, SECOND.hidden, SECOND.batch,
    SECOND.metric,
    STANDARD,
)  # fmt: skip


def path_of(state: Values, side: Side) -> Path:
    """The path that one side's keys describe."""
    if state[TRACK] is Track.PICTURE:
        picture = PicturePath(state[side.transform], state[side.batch])
        return picture if state[side.hidden] else PicturePath(picture.transform, picture.batch_size, hidden=0)
    return TextPath(
        language=state[DATA],
        tokenizer=state[side.tok],
        vocabulary=state[side.vocab],
        by_bytes=state[side.in_bytes],
        pooling=state[side.pool],
        batch_size=state[side.batch],
        share=int(state[SHARE]),
        clean=state[CLEAN],
    )


def sides(state: Values) -> tuple[Side, ...]:
    """The paths on the screen: one, or two to compare."""
    return (FIRST, SECOND) if state[COMPARE] else (FIRST,)
