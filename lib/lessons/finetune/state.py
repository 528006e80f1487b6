"""What defines the screen of /finetune."""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from lib.core.finetune.batchnorm import MAX_CALLS
from lib.core.finetune.config import (
    CLOSE_LOOK,
    HEAD,
    MAX_LABELS,
    MAX_STEPS,
    MIN_LABELS,
    Base,
    FinetuneConfig,
    Mode,
    parameter_shapes,
)
from lib.core.finetune.recorded import REVERSED
from lib.core.finetune.settings import read_settings, settings_code
from lib.ui.lang import Lang
from lib.ui.state import BadValueError, Choice, Key, Number, Table, Text, Values, Whole


class Topic(StrEnum):
    """What is looked at below the curves."""

    FORGET = "forget"
    LABELS = "labels"
    LAYERS = "layers"
    NORM = "norm"
    OWN = "own"
    CODE = "code"


MAX_OTHERS = 3
"""So many other comparisons fit on the chart: a kind of dashes for each."""
ALL_NAMES = tuple(parameter_shapes(Base.HIDDEN, 5))


def parse_names(text: str) -> tuple[str, ...]:
    """Parameters by name, with commas between them, in the network's order.

    >>> parse_names("head.bias,conv1.weight")
    ('conv1.weight', 'head.bias')

    Raises: BadValueError for a name that no parameter has, or none at all.
    """
    parts = [part.strip() for part in text.split(",") if part.strip()]
    if not parts or not set(parts) <= set(ALL_NAMES):
        raise BadValueError(text)
    return tuple(name for name in ALL_NAMES if name in parts)


def parse_calls(text: str) -> str:
    """Calls by their letters.

    >>> parse_calls("tfbf")
    'tfbf'

    Raises: BadValueError for another letter, or too many.
    """
    if not re.fullmatch(rf"[tebf]{{0,{MAX_CALLS}}}", text):
        raise BadValueError(text)
    return text


def parse_others(text: str) -> tuple[FinetuneConfig, ...]:
    """Settings of other comparisons, with semicolons between them.

    >>> [config.labels for config in parse_others("labels=10;labels=50,seed=3")]
    [(10,), (50,)]

    Raises: ConfigError for settings that are none; BadValueError for more than MAX_OTHERS.
    """
    found = tuple(dict.fromkeys(read_settings(part) for part in text.split(";") if part.strip()))
    if len(found) > MAX_OTHERS:
        raise BadValueError(text)
    return found


TOPIC = Choice("topic", Topic, default=Topic.FORGET)
LABELS = Whole("labels", MIN_LABELS, MAX_LABELS, default=10)
STEPS = Whole("steps", CLOSE_LOOK, MAX_STEPS, default=300)
OLD_RATE = Number("old", 1e-5, 0.1, default=0.001)
NEW_RATE = Number("new", 1e-5, 0.1, default=0.01)
BASE = Choice("base", Base, default=Base.PLAIN)
SEED = Whole("seed", 0, 999, default=0)
LEARN: Text[tuple[str, ...]] = Text(
    "learn",
    default=HEAD,
    parse=parse_names,
    write=",".join,
    allowed={
        Lang.EN: "names of parameters with commas between them: " + ", ".join(ALL_NAMES),
        Lang.ZH: "参数名，用逗号分隔：" + ", ".join(ALL_NAMES),
    },
)
CALLS: Text[str] = Text(
    "calls",
    default="tfbftf",
    parse=parse_calls,
    write=str,
    allowed={
        Lang.EN: f"letters t, e, b, f; at most {MAX_CALLS}",
        Lang.ZH: f"字母 t、e、b、f，最多 {MAX_CALLS} 个",
    },
)
OTHERS: Text[tuple[FinetuneConfig, ...]] = Text(
    "with",
    default=(),
    parse=parse_others,
    write=lambda others: ";".join(map(settings_code, others)),
    allowed={
        Lang.EN: f"such as `labels=50,old=0.01;labels=10,base=hidden`, at most {MAX_OTHERS}",
        Lang.ZH: f"例如 `labels=50,old=0.01;labels=10,base=hidden`，最多 {MAX_OTHERS} 个",
    },
    longest=1000,
)
MODE = Choice("mode", Mode, default=Mode.PARTIAL)

TABLE = Table("finetune", TOPIC, LABELS, STEPS, OLD_RATE, NEW_RATE, BASE, SEED, LEARN, CALLS, OTHERS, MODE)


def _all_of(config: FinetuneConfig) -> dict[Key[Any], object]:
    """Every key that a recorded comparison depends on."""
    return {
        LABELS: config.labels[0],
        STEPS: config.steps,
        OLD_RATE: config.old_rate,
        NEW_RATE: config.new_rate,
        BASE: config.base,
        SEED: config.seed,
        LEARN: config.trainable,
    }


PRESETS: Mapping[str, Mapping[Key[Any], object]] = {
    "few": _all_of(FinetuneConfig()),
    "reverse": _all_of(REVERSED),
    "many": {LABELS: 500},
    "hidden": _all_of(FinetuneConfig(base=Base.HIDDEN)),
}


def config_of(state: Values) -> FinetuneConfig:
    """The comparison that the controls describe."""
    names = parameter_shapes(state[BASE], 5)
    learn = tuple(name for name in state[LEARN] if name in names) or HEAD
    return FinetuneConfig(
        labels=(state[LABELS],),
        steps=state[STEPS],
        old_rate=state[OLD_RATE],
        new_rate=state[NEW_RATE],
        base=state[BASE],
        trainable=learn,
        seed=state[SEED],
    )
