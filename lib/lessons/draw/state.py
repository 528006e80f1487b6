"""What defines the screen of /draw: the digit, the networks that read it, how it is changed, and the tray."""

from __future__ import annotations

from enum import StrEnum

from lib.core.digits.ink import (
    MAX_PEN,
    MIN_PEN,
    Stroke,
    encode_strokes,
    parse_strokes,
)
from lib.core.digits.ink import MAX_TEXT as MAX_INK_TEXT
from lib.core.digits.robustness import RANGES, Change
from lib.core.training.bundled import CNN, MLP, bundled_problem
from lib.core.training.config import TEST_IMAGES
from lib.lessons.draw.desk import Desk
from lib.lessons.draw.texts import DRAW_TEXTS
from lib.ui.runs.as_of import is_offered
from lib.ui.runs.runs import my_runs
from lib.ui.state import Choice, Choices, Flag, Memo, Number, Table, Text, Whole

BUNDLED = "bundled"
BUNDLED_CNN = "cnn"
RECIPES = {BUNDLED: MLP, BUNDLED_CNN: CNN}
MIXED_COUNTS = (0, 300, 1000, 3000, 10_000)


class Origin(StrEnum):
    """Where the digit comes from."""

    DRAW = "draw"
    UPLOAD = "upload"
    TEST = "test"


def model_ids() -> list[str]:
    """The networks that can be asked: the two bundled ones, and the learner's finished runs."""
    usable = [model_id for model_id, recipe in RECIPES.items() if bundled_problem(recipe) is None]
    runs = [run for run in my_runs() if is_offered(run)]
    return [*usable, *(run.id for run in runs)] or [BUNDLED]


def first_model() -> str:
    """The bundled network, or the first of the others where its file is gone."""
    return model_ids()[0]


NO_STROKES: tuple[Stroke, ...] = ()

SOURCE = Choice("source", Origin, default=Origin.DRAW)
INK = Text(
    "ink",
    default=NO_STROKES,
    parse=parse_strokes,
    write=encode_strokes,
    allowed={lang: texts.ink_allowed for lang, texts in DRAW_TEXTS.items()},
    longest=MAX_INK_TEXT,
)
PEN = Whole("pen", MIN_PEN, MAX_PEN, default=18)
DIGIT = Whole("digit", 0, TEST_IMAGES - 1, default=0)
RAW = Flag("raw", default=False)
MODELS: Choices[str] = Choices("models", model_ids, default=lambda: (first_model(),))
INSIDE: Choice[str] = Choice("inside", model_ids, default=first_model)
"""The network that is looked into: one of those that are asked."""
ALONG = Choice("along", Change, default=Change.SHIFT_X)
CHANGES = {
    change: Number(
        change.value,
        float(RANGES[change].low),
        float(RANGES[change].high),
        default=float(RANGES[change].neutral),
    )
    for change in Change
}
MIXED = Whole("mixed", 0, max(MIXED_COUNTS), default=3000, among=MIXED_COUNTS)
TUNE_EPOCHS = Whole("tune_epochs", 1, 20, default=5)

DESK: Memo[Desk] = Memo("desk", default=Desk)
UPLOADED = Memo("uploaded", default="")
"""The file that was read last."""
TUNING = Memo("tuning", default="")
"""The run that fine-tunes."""
TOLD = Memo("told", default="")
"""The fine-tuning whose end was told."""
BUSY = Memo("busy", default="")
"""Why no fine-tuning was started; said once."""
NOTICE = Memo("tray_notice", default="")
"""What became of a digit that was to be kept; said once."""
TRAY_SHOWN = Memo("tray_shown", default=0)
"""How many digits the tray on the screen has."""

TABLE = Table(
    "draw",
    SOURCE,
    INK,
    PEN,
    DIGIT,
    RAW,
    MODELS,
    INSIDE,
    ALONG,
    *CHANGES.values(),
    MIXED,
    TUNE_EPOCHS,
    DESK,
    UPLOADED,
    TUNING,
    TOLD,
    BUSY,
    NOTICE,
    TRAY_SHOWN,
)
