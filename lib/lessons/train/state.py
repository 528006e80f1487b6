"""What defines the screen of /train: the settings of the next run, the run that is shown, and the charts."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from lib.core.codegen.mnist_script import Style
from lib.core.training import config as limits
from lib.core.training.config import Activation, ConfigError, OptimizerKind, TrainConfig
from lib.core.training.conv_block import MAX_TEXT, ConvBlock, conv_text, parse_conv
from lib.jobs.manager import get_manager
from lib.jobs.views import UnknownRunError
from lib.lessons.train.texts import TRAIN_TEXTS
from lib.ui.devices import devices
from lib.ui.state import Choice, Flag, Memo, Number, Table, Text, Whole, typed
from lib.ui.state.session import this_session

DEFAULTS = TrainConfig()
MIN_LEARNING_RATE = 1e-6
PROBE_WAIT_SECONDS = 30.0
"""Where a GPU's driver is: with one, torch alone takes four to six seconds to load."""
MAX_OVERLAY = 7
DEMO_SECONDS = 20
NO_RUNS: tuple[str, ...] = ()
_HIDDEN_ALLOWED = f"0–{limits.MAX_HIDDEN_LAYERS} × 1–{limits.MAX_HIDDEN_SIZE}"


def parse_hidden(text: str) -> tuple[int, ...]:
    """Layer sizes from text: commas (also full-width ones) or spaces between them.

    >>> parse_hidden("128, 64"), parse_hidden("")
    ((128, 64), ())

    Raises: ConfigError where a size is not whole or not allowed.
    """
    parts = [part for part in re.split(r"[,，、\s]+", text.strip()) if part]
    # ascii alone: isdecimal takes the digits of all scripts; a long number would be slow to convert.
    if not all(part.isascii() and part.isdecimal() and len(part) <= 6 for part in parts):
        raise ConfigError("hidden", text, _HIDDEN_ALLOWED)
    sizes = tuple(int(part) for part in parts)
    TrainConfig(hidden=sizes)
    return sizes


def hidden_text(hidden: Sequence[int]) -> str:
    """The inverse of :func:`parse_hidden`.

    >>> hidden_text((128, 64))
    '128, 64'
    """
    return ", ".join(str(size) for size in hidden)


def device_names() -> list[str]:
    """Devices on which a run can be started, once torch has said which there are."""
    return [device.name for device in devices(wait_seconds=PROBE_WAIT_SECONDS)]


def parse_runs(text: str) -> tuple[str, ...]:
    """Runs of this server by their ids, with commas between them.

    >>> parse_runs("")
    ()

    Raises: ConfigError where one is not on this server, or they are too many.
    """
    ids = tuple(text.split(",")) if text else ()
    if len(ids) > MAX_OVERLAY or len(set(ids)) < len(ids):
        raise ConfigError("overlay", text, f"0-{MAX_OVERLAY}")
    for run_id in ids:
        try:
            run = get_manager().snapshot(run_id)
        except UnknownRunError:
            raise ConfigError("overlay", text, "") from None
        if not isinstance(run.config, TrainConfig):
            raise ConfigError("overlay", text, "")
    return ids


class NetworkKind(StrEnum):
    """What kind of network the next run trains."""

    MLP = "mlp"
    CNN = "cnn"


def parse_blocks(text: str) -> tuple[ConvBlock, ...]:
    """Blocks of convolution from text, none of them too large to be trained here.

    >>> [block.channels for block in parse_blocks("8, 16")]
    [8, 16]

    Raises: ConfigError.
    """
    blocks = parse_conv(text)
    TrainConfig(conv=blocks, hidden=(), batch_size=1)
    return blocks


def usual_rate(kind: OptimizerKind) -> float:
    """The learning rate that one begins with.

    >>> usual_rate(OptimizerKind.SGD)
    0.1
    """
    return limits.USUAL_RATES[kind]


def usual_decay(kind: OptimizerKind) -> float:
    """The weight decay that an optimizer has by default.

    >>> usual_decay(OptimizerKind.ADAMW), usual_decay(OptimizerKind.ADAM)
    (0.01, 0.0)
    """
    return limits.USUAL_DECAYS.get(kind, 0.0)


def optimizer() -> OptimizerKind:
    """The one that is chosen: what goes without saying in the address depends on it."""
    values = this_session().store("train").values
    return OptimizerKind(values.get("opt", DEFAULTS.optimizer))


NETWORK = Choice("network", NetworkKind, default=NetworkKind.MLP)
CONV = Text(
    "conv",
    default=(ConvBlock(8), ConvBlock(16)),
    parse=parse_blocks,
    write=conv_text,
    allowed={lang: texts.conv_allowed for lang, texts in TRAIN_TEXTS.items()},
    longest=MAX_TEXT,
)
FULLY_CONNECTED = Text(
    "fc",
    default=(),
    parse=parse_hidden,
    write=hidden_text,
    allowed={lang: texts.hidden_allowed for lang, texts in TRAIN_TEXTS.items()},
    longest=40,
)
"""The hidden layers between the last block of a CNN and its ten logits."""
HIDDEN = Text(
    "hidden",
    default=DEFAULTS.hidden,
    parse=parse_hidden,
    write=hidden_text,
    allowed={lang: texts.hidden_allowed for lang, texts in TRAIN_TEXTS.items()},
    longest=40,
)
ACTIVATION = Choice("act", Activation, default=DEFAULTS.activation)
OPTIMIZER = Choice("opt", OptimizerKind, default=DEFAULTS.optimizer)
LEARNING_RATE = Number(
    "lr", MIN_LEARNING_RATE, limits.MAX_LEARNING_RATE, default=lambda: usual_rate(optimizer())
)
BATCH_SIZE = Whole("batch", 1, limits.MAX_BATCH_SIZE, default=DEFAULTS.batch_size)
EPOCHS = Whole("epochs", 1, limits.MAX_EPOCHS, default=DEFAULTS.epochs)
WEIGHT_DECAY = Number("wd", 0.0, limits.MAX_WEIGHT_DECAY, default=lambda: usual_decay(optimizer()))
LAST_OPTIMIZER = Memo("last_optimizer", default=DEFAULTS.optimizer)
"""Whose usual learning rate stands in the field, unless the learner set another one."""
SEED = Whole("seed", 0, limits.MAX_SEED, default=DEFAULTS.seed)
SHARE = Whole("share", round(100 * limits.MIN_TRAIN_SHARE), 100, default=100)
DEVICE = Choice("device", device_names, default=DEFAULTS.device)
RUN = typed("run", default="", longest=40)
"""The id of the run on the screen; empty before there is one."""
SMOOTHING = Number("smooth", 0.0, 0.99, default=0.9)
LOG_Y = Flag("log", default=False)
OVERLAY = Text(
    "overlay",
    default=NO_RUNS,
    parse=parse_runs,
    write=",".join,
    allowed={lang: texts.overlay_allowed for lang, texts in TRAIN_TEXTS.items()},
    longest=40 * MAX_OVERLAY,
)
"""The runs that lie over the one on the screen."""


class Speed(StrEnum):
    """How fast a run is shown: steps a second, or an epoch in 20 seconds."""

    FULL = "full"
    ONE = "1"
    TEN = "10"
    HUNDRED = "100"
    DEMO = "demo"

    def tempo(self, steps_per_epoch: int) -> float | None:
        """Steps a second, None for as fast as it goes.

        >>> Speed.TEN.tempo(938), Speed.DEMO.tempo(938), Speed.FULL.tempo(938)
        (10.0, 46.9, None)
        """
        if self is Speed.FULL:
            return None
        return steps_per_epoch / DEMO_SECONDS if self is Speed.DEMO else float(self)


SPEED = Choice("speed", Speed, default=Speed.FULL)
PAUSED = Flag("paused", default=False)
"""Whether the next run waits at step 0."""
AT = typed("at", default="", longest=12)
"""The step that is looked at; empty for the latest."""


@dataclass(frozen=True)
class Sent:
    """What the browser has: pictures of which run until which step, of which stretches, answers about which digit."""

    run: str = ""
    last: int = -1
    stretches: Mapping[int, int] = field(default_factory=dict)
    """The last picture's step of each stretch, by its first."""
    digit: bytes = b""
    answers: int = 0


SENT: Memo[Sent] = Memo("sent", default=Sent(), fresh=True)
ASKED = Memo("asked", default="")
"""The run and step whose results the learner asked for, although they take long."""
SOFTMAX = Flag("softmax", default=False)
"""Whether the loss of the next run is given probabilities: an experiment."""
STYLE = Choice("style", Style, default=Style.SEQUENTIAL)
"""How the program writes the network."""
NOTICE = Memo("notice", default="")
"""What went wrong since the last run of the page; said once."""
ACTS_DONE = Memo("acts_done", default=("", 0))
"""The last act of the table of runs that was done: whose, and its number."""
OPEN_RUN = Memo("open_run", default="")
"""The run whose files are offered."""
EPOCHS_DRAWN = Memo("epochs_drawn", default=("", 0, 0.0))
"""Of which run, how many and when: the epochs on their charts."""
DRAW = Memo("ten_draw", default=0)
"""Which ten test images are drawn."""

TABLE = Table(
    "train",
    NETWORK,
    CONV,
    FULLY_CONNECTED,
    HIDDEN,
    ACTIVATION,
    OPTIMIZER,
    LEARNING_RATE,
    BATCH_SIZE,
    EPOCHS,
    WEIGHT_DECAY,
    LAST_OPTIMIZER,
    SEED,
    SHARE,
    DEVICE,
    SOFTMAX,
    RUN,
    SMOOTHING,
    LOG_Y,
    OVERLAY,
    SPEED,
    PAUSED,
    AT,
    SENT,
    STYLE,
    ASKED,
    NOTICE,
    ACTS_DONE,
    OPEN_RUN,
    EPOCHS_DRAWN,
    DRAW,
)
