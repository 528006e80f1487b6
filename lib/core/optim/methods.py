"""Which optimizers there are, and the settings that each of them takes."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Method(StrEnum):
    """An update rule. The values stand in addresses."""

    SGD = "SGD"
    MOMENTUM = "Momentum"
    NESTEROV = "Nesterov"
    ADAGRAD = "Adagrad"
    RMSPROP = "RMSprop"
    ADAM = "Adam"
    ADAMW = "AdamW"


@dataclass(frozen=True)
class Option:
    """A setting from ``low`` to ``high``, with torch's default; a flag is 0 or 1.

    ``name`` is ours and stands in addresses, ``torch`` is the argument's name in ``torch.optim`` (empty where
    torch has none).
    """

    name: str
    torch: str
    default: float
    low: float
    high: float
    is_flag: bool = False

    @property
    def allowed(self) -> str:
        """What is allowed, without words.

        >>> LR.allowed, Option("amsgrad", "amsgrad", 0, 0, 1, is_flag=True).allowed
        ('0–100', '0, 1')
        """
        return "0, 1" if self.is_flag else f"{self.low:g}–{self.high:g}"

    def accepts(self, value: float) -> bool:
        """Whether the value is possible."""
        return math.isfinite(value) and self.low <= value <= self.high and not (self.is_flag and value % 1)


def _flag(name: str, torch: str, default: bool = False) -> Option:
    return Option(name, torch, float(default), 0.0, 1.0, is_flag=True)


LR = Option("lr", "lr", 0.001, 0.0, 100.0)
DECAY = Option("wd", "weight_decay", 0.0, 0.0, 10.0)
EPS = Option("eps", "eps", 1e-8, 0.0, 1.0)
MU = Option("mu", "momentum", 0.9, 0.0, 0.9999)

_ADAM = (
    LR,
    Option("b1", "betas[0]", 0.9, 0.0, 0.9999),
    Option("b2", "betas[1]", 0.999, 0.0, 0.99999),
    EPS,
    DECAY,
    _flag("amsgrad", "amsgrad"),
    _flag("correct", "", True),
)
OPTIONS: dict[Method, dict[str, Option]] = {
    method: {option.name: option for option in options}
    for method, options in {
        Method.SGD: (LR, DECAY),
        Method.MOMENTUM: (
            LR,
            MU,
            Option("damp", "dampening", 0.0, 0.0, 1.0),
            DECAY,
            _flag("sutskever", ""),
        ),
        Method.NESTEROV: (LR, Option("mu", "momentum", 0.9, 0.0001, 0.9999), DECAY),
        Method.ADAGRAD: (
            Option("lr", "lr", 0.01, 0.0, 100.0),
            Option("lr_decay", "lr_decay", 0.0, 0.0, 1.0),
            Option("acc", "initial_accumulator_value", 0.0, 0.0, 100.0),
            Option("eps", "eps", 1e-10, 0.0, 1.0),
            DECAY,
        ),
        Method.RMSPROP: (
            Option("lr", "lr", 0.01, 0.0, 100.0),
            Option("alpha", "alpha", 0.99, 0.5, 0.99999),
            Option("mu", "momentum", 0.0, 0.0, 0.9999),
            EPS,
            DECAY,
            _flag("centered", "centered"),
        ),
        Method.ADAM: _ADAM,
        Method.ADAMW: tuple(
            Option("wd", "weight_decay", 0.01, 0.0, 10.0) if option.name == "wd" else option
            for option in _ADAM
        ),
    }.items()
}
"""By method and name; ``correct`` is the bias correction, ``sutskever`` the other definition of momentum."""


@dataclass(eq=False)
class SettingError(ValueError):
    """A setting that the method does not take, or not with that value."""

    method: str
    name: str
    value: object
    allowed: str

    def __str__(self) -> str:
        return f"{self.method}: {self.name} = {self.value!r} is not possible; allowed: {self.allowed}"


@dataclass(frozen=True)
class Settings:
    """A method with a value for each of its options, in the order of :data:`OPTIONS`.

    >>> settings(Method.MOMENTUM, lr=0.1)["mu"]
    0.9
    >>> settings(Method.SGD, mu=0.9)
    Traceback (most recent call last):
    ...
    lib.core.optim.methods.SettingError: SGD: mu = 0.9 is not possible; allowed: lr, wd
    """

    method: Method
    values: tuple[float, ...]

    def __post_init__(self) -> None:
        for option, value in zip(OPTIONS[self.method].values(), self.values, strict=True):
            if not option.accepts(value):
                raise SettingError(self.method, option.name, value, option.allowed)

    def __getitem__(self, name: str) -> float:
        return self.values[list(OPTIONS[self.method]).index(name)]

    def to_dict(self) -> dict[str, float]:
        """Values by name, as the rules take them.

        >>> settings(Method.SGD, lr=0.5).to_dict()
        {'lr': 0.5, 'wd': 0.0}
        """
        return dict(zip(OPTIONS[self.method], self.values, strict=True))

    def changed(self, **values: float) -> Settings:
        """The same with other values. Raises: SettingError."""
        return settings(self.method, {**self.to_dict(), **values})


def settings(method: Method, values: Mapping[str, float] | None = None, **more: float) -> Settings:
    """Settings with torch's defaults for what is not named. Raises: SettingError."""
    known = OPTIONS[method]
    given = {**(values or {}), **more}
    for name, value in given.items():
        if name not in known:
            raise SettingError(method, name, value, ", ".join(known))
    return Settings(method, tuple(float(given.get(name, option.default)) for name, option in known.items()))
