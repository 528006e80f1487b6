"""Everything about a race but its surface, as one text: who runs, from where, how, and what is looked at.

``SGD;Adam:lr=0.1:b1=0.95;start=-7,3;steps=300`` stands in the address; what is not said is at its default.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from lib.core.optim.methods import OPTIONS, Method, SettingError, settings
from lib.core.optim.race import DEFAULT_STEPS, MAX_STEPS, MIN_STEPS
from lib.core.optim.schedules import ScheduleKind

K = TypeVar("K", bound=StrEnum)
D = TypeVar("D")

DEFAULT_METHODS = (Method.SGD, Method.MOMENTUM, Method.ADAGRAD, Method.RMSPROP, Method.ADAM)
DEFAULT_TURN = 0.3
MAX_SEED = 999_999
MAX_PLACE = 1000.0
PARTS = "start, steps, sched, turn, seed, focus, t, view"


class View(StrEnum):
    """How the surface is drawn."""

    FLAT = "2d"
    SOLID = "3d"


@dataclass(eq=False)
class RaceError(ValueError):
    """A part of a race's text that means nothing: the part, and what is allowed there."""

    part: str
    allowed: str

    def __str__(self) -> str:
        return f"{self.part!r} is not possible; allowed: {self.allowed}"


@dataclass(frozen=True)
class Racer:
    """A method with the options that were set by hand. Without ``lr`` it runs with its best one from a sweep."""

    method: Method
    given: tuple[tuple[str, float], ...] = ()

    @property
    def text(self) -> str:
        """As it stands in the address.

        >>> Racer(Method.ADAM, (("lr", 0.1),)).text
        'Adam:lr=0.1'
        """
        return ":".join([self.method, *(f"{name}={value:.12g}" for name, value in self.given)])


@dataclass(frozen=True)
class Race:
    """Who runs, from where (None: the surface's own start), for how long, with which schedule and noise.

    ``focus`` is the racer whose steps are shown, ``step`` where the race stands (None: at its end, or playing).
    """

    racers: tuple[Racer, ...] = tuple(Racer(method) for method in DEFAULT_METHODS)
    start: tuple[float, float] | None = None
    steps: int = DEFAULT_STEPS
    schedule: ScheduleKind = ScheduleKind.CONSTANT
    turn: float = DEFAULT_TURN
    seed: int = 0
    focus: Method | None = None
    step: int | None = None
    view: View = View.FLAT

    @property
    def text(self) -> str:
        """As it stands in the address; empty where all is at its default."""
        default = Race()
        parts = [] if self.racers == default.racers else [racer.text for racer in self.racers]
        said = {
            "start": None if self.start is None else ",".join(f"{v:.12g}" for v in self.start),
            "steps": None if self.steps == default.steps else str(self.steps),
            "sched": None if self.schedule is default.schedule else str(self.schedule),
            "turn": None if self.turn == default.turn else f"{self.turn:.12g}",
            "seed": None if self.seed == default.seed else str(self.seed),
            "focus": None if self.focus is None else str(self.focus),
            "t": None if self.step is None else str(self.step),
            "view": None if self.view is default.view else str(self.view),
        }
        return ";".join([*parts, *(f"{name}={value}" for name, value in said.items() if value is not None)])

    def to_dict(self) -> dict[str, object]:
        """Plain JSON values for the browser."""
        return {
            "racers": [{"method": racer.method, "given": dict(racer.given)} for racer in self.racers],
            "start": self.start,
            "steps": self.steps,
            "schedule": self.schedule,
            "turn": self.turn,
            "seed": self.seed,
            "focus": self.focus,
            "step": self.step,
            "view": self.view,
        }


def parse_race(text: str) -> Race:
    """The race that a text means. Raises: RaceError.

    >>> parse_race("SGD;Adam:lr=0.1;steps=50").racers[1].given
    (('lr', 0.1),)
    >>> parse_race("").text == "" == Race().text
    True
    >>> parse_race("Adam:mu=0.9")
    Traceback (most recent call last):
    ...
    lib.core.optim.racers.RaceError: 'Adam:mu=0.9' is not possible; allowed: lr, b1, b2, eps, wd, amsgrad, correct
    """
    racers: dict[Method, Racer] = {}
    said: dict[str, str] = {}
    for part in filter(None, text.split(";")):
        name, equals, value = part.partition("=")
        if equals and name in PARTS.split(", "):
            said[name] = value
        else:
            racer = _racer(part)
            racers[racer.method] = racer
    default = Race()
    return Race(
        racers=tuple(racers.values()) or default.racers,
        start=_start(said["start"]) if "start" in said else None,
        steps=_whole("steps", said, MIN_STEPS, MAX_STEPS, default.steps),
        schedule=_one_of("sched", said, ScheduleKind, default.schedule),
        turn=_turn(said),
        seed=_whole("seed", said, 0, MAX_SEED, default.seed),
        focus=_one_of("focus", said, Method, None),
        step=_whole("t", said, 0, MAX_STEPS, None),
        view=_one_of("view", said, View, default.view),
    )


def _racer(part: str) -> Racer:
    name, *pairs = part.split(":")
    if name not in list(Method):
        raise RaceError(part, f"{', '.join(Method)}, {PARTS}")
    method = Method(name)
    given: dict[str, float] = {}
    for pair in pairs:
        option, _, value = pair.partition("=")
        number = _number(value)
        if number is None:
            raise RaceError(part, OPTIONS[method][option].allowed if option in OPTIONS[method] else name)
        given[option] = number
    try:
        settings(method, given)
    except SettingError as error:
        raise RaceError(part, error.allowed) from None
    return Racer(method, tuple(given.items()))


def _number(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) and len(text) < 30 else None


def _start(text: str) -> tuple[float, float]:
    numbers = [_number(part) for part in text.split(",")]
    if len(numbers) != 2 or any(n is None or abs(n) > MAX_PLACE for n in numbers):
        raise RaceError(f"start={text}", f"x,y: -{MAX_PLACE:g} to {MAX_PLACE:g}")
    return float(numbers[0] or 0), float(numbers[1] or 0)


def _turn(said: dict[str, str]) -> float:
    number = _number(said.get("turn", str(DEFAULT_TURN)))
    if number is None or not 0 < number < 1:
        raise RaceError(f"turn={said['turn']}", "0 to 1, both excluded")
    return number


def _whole(name: str, said: dict[str, str], low: int, high: int, default: D) -> int | D:
    text = said.get(name)
    if text is None:
        return default
    if not (text.isascii() and text.isdecimal() and len(text) < 8 and low <= int(text) <= high):
        raise RaceError(f"{name}={text}", f"{low} to {high}, whole")
    return int(text)


def _one_of(name: str, said: dict[str, str], kind: type[K], default: D) -> K | D:
    text = said.get(name)
    if text is None:
        return default
    if text not in list(kind):
        raise RaceError(f"{name}={text}", ", ".join(kind))
    return kind(text)
