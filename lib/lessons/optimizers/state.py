"""What defines the screen of /optimizers."""

from __future__ import annotations

from enum import StrEnum

from lib.core.optim.experiments import MAX_STEPS as MAX_EXPERIMENT
from lib.core.optim.experiments import MIN_STEPS as MIN_EXPERIMENT
from lib.core.optim.experiments import Experiment
from lib.core.optim.expression import MAX_LENGTH, parse
from lib.core.optim.race import MAX_STEPS, MIN_STEPS
from lib.core.optim.racers import Race, parse_race
from lib.core.optim.surfaces import MAX_WINDOW, MIN_WINDOW, SurfaceName
from lib.core.training.config import MAX_LEARNING_RATE, MAX_SEED, MAX_WEIGHT_DECAY
from lib.core.training.mnist_race import MAX_EPOCHS, MAX_HIDDEN, Rule
from lib.ui.lang import Lang
from lib.ui.state import Choice, Choices, Memo, Number, Table, Text, Whole, typed


class Topic(StrEnum):
    """The parts of the page."""

    RACE = "race"
    EXPERIMENTS = "experiments"
    MNIST = "mnist"


def parse_surface(text: str) -> str:
    """A surface's name, or a function of x and y in its tidy form. Raises: ExpressionError.

    >>> parse_surface("ravine"), parse_surface(" x**2  + y**2")
    ('ravine', 'x**2 + y**2')
    """
    name = text.strip()
    return name if name in list(SurfaceName) else parse(text).text


TOPIC = Choice("topic", Topic, default=Topic.RACE)
SURFACE = Text(
    "surface",
    default=str(SurfaceName.RAVINE),
    parse=parse_surface,
    write=str,
    allowed={
        Lang.EN: f"one of {', '.join(f'`{name}`' for name in SurfaceName)}, or a function of x and y",
        Lang.ZH: f"{'、'.join(f'`{name}`' for name in SurfaceName)} 之一，或关于 x、y 的函数",
    },
    longest=2 * MAX_LENGTH,
)
WINDOW = Number("w", MIN_WINDOW, MAX_WINDOW, default=4.0)
RACE = Text(
    "race",
    default=Race(),
    parse=parse_race,
    write=lambda race: race.text,
    allowed={
        Lang.EN: f"such as `SGD;Adam:lr=0.1;start=-7,3;steps=300` (steps {MIN_STEPS}–{MAX_STEPS})",
        Lang.ZH: f"例如 `SGD;Adam:lr=0.1;start=-7,3;steps=300`（steps 取 {MIN_STEPS}–{MAX_STEPS}）",
    },
    longest=1000,
)
SENT = Memo("_race_sent", default=("", Race()))
"""What the browser was last told to take over: the stamp under which, and the race."""
EXPERIMENT = Choice("exp", Experiment, default=Experiment.DECAY)
LR = Number("elr", 0.01, 1.0, default=0.1)
WD = Number("ewd", 0.01, 1.0, default=0.1)
MU = Number("emu", 0.1, 0.99, default=0.9)
DAMP = Number("edamp", 0.0, 1.0, default=0.9)
SIZE = Whole("esize", -3, 3, default=0)
"""The gradient of the bias experiment is ten to this power."""
TINY = Whole("etiny", -10, 0, default=-8)
"""The gradient of the epsilon experiment is ten to this power."""
STEPS = Whole("esteps", MIN_EXPERIMENT, MAX_EXPERIMENT, default=30)
DEFAULT_RATES = {
    Rule.SGD: 0.1,
    Rule.MOMENTUM: 0.02,
    Rule.NESTEROV: 0.02,
    Rule.ADAGRAD: 0.02,
    Rule.RMSPROP: 0.001,
    Rule.ADAM: 0.003,
    Rule.ADAMW: 0.003,
    Rule.MUON: 0.02,
}
DEFAULT_DECAYS = {Rule.ADAMW: 0.01, Rule.MUON: 0.1}
RULES = Choices("rules", Rule, default=(Rule.SGD, Rule.MOMENTUM, Rule.ADAM, Rule.MUON))
RATES = {
    rule: Number(f"{rule.name.lower()}_lr", 1e-6, MAX_LEARNING_RATE, default=DEFAULT_RATES[rule])
    for rule in Rule
}
DECAYS = {
    rule: Number(f"{rule.name.lower()}_wd", 0.0, MAX_WEIGHT_DECAY, default=DEFAULT_DECAYS.get(rule, 0.0))
    for rule in Rule
}
HIDDEN = Whole("mhidden", 8, MAX_HIDDEN, default=50)
EPOCHS = Whole("mepochs", 1, MAX_EPOCHS, default=1)
SHARE = Whole("mshare", 10, 100, default=50)
SEED = Whole("mseed", 0, MAX_SEED, default=0)
RUN = typed("run", default="", longest=40)
"""The race on the screen; empty before there is one."""
FOLLOWED = Memo("_mnist_followed", default="")
"""A race of this learner's that went on when they came to the page by an address without one."""
NOTICE = Memo("_mnist_notice", default="", fresh=True)
"""Why no race could be started: one of ``Refused``."""
WANTED = Memo("_mnist_wanted", default=False)
"""Whether what could not be started was a range test."""
RESETS = Memo("_resets", default=0)
"""How often the learner chose a surface: each time the browser starts anew."""

TABLE = Table(
    "optimizers",
    TOPIC,
    SURFACE,
    WINDOW,
    RACE,
    EXPERIMENT,
    LR,
    WD,
    MU,
    DAMP,
    SIZE,
    TINY,
    STEPS,
    RULES,
    *RATES.values(),
    *DECAYS.values(),
    HIDDEN,
    EPOCHS,
    SHARE,
    SEED,
    RUN,
    FOLLOWED,
    NOTICE,
    WANTED,
    SENT,
    RESETS,
)
