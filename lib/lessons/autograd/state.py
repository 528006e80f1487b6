"""What defines the screen of /autograd."""

from __future__ import annotations

from enum import StrEnum

from lib.core.autograd.depth import MAX_DEPTH, MIN_DEPTH, Init, Nonlinearity
from lib.core.autograd.losses import MAX_CLASSES, parse_logits, write_logits
from lib.core.autograd.parallel import MAX_BATCH, MIN_BATCH, STEPS, Reduction
from lib.core.autograd.problems import MAX_TEXT
from lib.core.autograd.session import MOST_PRESSES, Activation, Button
from lib.lessons.autograd.more_texts import LOSS_TEXTS
from lib.ui.lang import Lang
from lib.ui.state import Choice, Flag, Number, Table, Text, Whole, typed

DEFAULT_EXPRESSION = "(a*b + c)**2 + a"
DEFAULT_VALUES = "a=2;b=-3;c=10"
MOST_ACTIONS = 8


class Topic(StrEnum):
    """The parts of the page."""

    GRAPH = "graph"
    STEP = "step"
    BATCHES = "batches"
    LOSS = "loss"
    DEPTH = "depth"
    MODULE = "module"
    PARALLEL = "parallel"


def parse_presses(text: str) -> str:
    """The buttons pressed under the graph: b is backward(), z is zero_grad().

    >>> parse_presses("bbz")
    'bbz'

    Raises: ValueError for other letters, or too many.
    """
    if set(text) - set("bz") or len(text) > MOST_ACTIONS:
        raise ValueError(text)
    return text


def parse_lines(text: str) -> str:
    """The lines pressed in the training step: f, l, z, b, s.

    >>> parse_lines("flzbs")
    'flzbs'

    Raises: ValueError for other letters, or too many.
    """
    if set(text) - set(Button) or len(text) > MOST_PRESSES:
        raise ValueError(text)
    return text


TOPIC = Choice("topic", Topic, default=Topic.GRAPH)
EXPR = typed("expr", default=DEFAULT_EXPRESSION, longest=2 * MAX_TEXT)
VARS = typed("vars", default=DEFAULT_VALUES, longest=2 * MAX_TEXT)
DO = Text(
    "do",
    default="b",
    parse=parse_presses,
    write=str,
    allowed={
        Lang.EN: f"up to {MOST_ACTIONS} of the letters `b` (backward) and `z` (zero_grad)",
        Lang.ZH: f"最多 {MOST_ACTIONS} 个字母：`b`（backward）与 `z`（zero_grad）",
    },
)
DID = Text(
    "did",
    default="flbflb",
    parse=parse_lines,
    write=str,
    allowed={
        Lang.EN: f"up to {MOST_PRESSES} of the letters `f` (forward), `l` (loss), `z` (zero_grad), `b` (backward), "
        "`s` (step)",
        Lang.ZH: f"最多 {MOST_PRESSES} 个字母：`f`（forward）、`l`（loss）、`z`（zero_grad）、"
        "`b`（backward）、`s`（step）",
    },
)
LR = Number("lr", 0.0, 1.0, default=0.1)
ACT = Choice("act", Activation, default=Activation.TANH)
IDLE = Whole("idle", 0, 12, default=5)
PARTS_KEY = Whole("parts", 1, 6, default=3)
UNEQUAL = Flag("unequal", default=False)
NORM = Flag("norm", default=False)
DIVIDE = Flag("divide", default=True)
LOGITS = Text(
    "logits",
    default=(2.0, 0.5, -1.0),
    parse=parse_logits,
    write=write_logits,
    allowed={lang: texts.logits_allowed for lang, texts in LOSS_TEXTS.items()},
    longest=120,
)
TARGET = Whole("target", 0, MAX_CLASSES - 1, default=0)
SMOOTHING = Number("smoothing", 0.0, 0.5, default=0.0)
FED = Flag("fed", default=False)
WEIGHT = Number("weight", 0.5, 10.0, default=3.0)
DEPTH = Whole("depth", MIN_DEPTH, MAX_DEPTH, default=20)
NONLINEARITY = Choice("nonlinearity", Nonlinearity, default=Nonlinearity.SIGMOID)
INIT = Choice("init", Init, default=Init.DEFAULT)
MODE = Choice("mode", ("train", "eval"), default="eval")
DROPOUT = Number("dropout", 0.0, 0.9, default=0.5)
WAY = Choice("way", ("ddp", "dp"), default="ddp")
BATCH = Whole("batch", MIN_BATCH, MAX_BATCH, default=8)
FIRST = Whole("first", 1, MAX_BATCH - 1, default=4)
REDUCTION = Choice("reduction", Reduction, default=Reduction.MEAN)
AT = Whole("at", 1, STEPS, default=1)

TABLE = Table(
    "autograd",
    TOPIC,
    EXPR,
    VARS,
    DO,
    DID,
    LR,
    ACT,
    IDLE,
    PARTS_KEY,
    UNEQUAL,
    NORM,
    DIVIDE,
    LOGITS,
    TARGET,
    SMOOTHING,
    FED,
    WEIGHT,
    DEPTH,
    NONLINEARITY,
    INIT,
    MODE,
    DROPOUT,
    WAY,
    BATCH,
    FIRST,
    REDUCTION,
    AT,
)
