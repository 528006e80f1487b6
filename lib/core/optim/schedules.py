"""Learning-rate schedules: what part of the learning rate each step gets, as torch.optim.lr_scheduler computes it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum


class ScheduleKind(StrEnum):
    """The values stand in addresses."""

    CONSTANT = "constant"
    STEP = "step"
    COSINE = "cosine"
    ONE_CYCLE = "onecycle"
    WARM_UP = "warmup"
    WARM_UP_COSINE = "warmupcosine"


GAMMA = 0.1
"""StepLR multiplies by this."""
PCT_START, DIV_FACTOR, FINAL_DIV_FACTOR = 0.3, 25.0, 1e4
"""OneCycleLR's defaults."""
START_FACTOR = 0.01
"""LinearLR of the warm-up starts with this part."""


@dataclass(frozen=True)
class Schedule:
    """A schedule over ``total`` steps. ``part`` says where it turns, as a fraction of them.

    For ``step`` the length of each stair, for ``warmup`` and ``warmupcosine`` the length of the warm-up; the
    others do not use it.

    >>> [round(Schedule(ScheduleKind.STEP, 10, part=0.5).factor(t), 3) for t in (0, 4, 5, 9)]
    [1.0, 1.0, 0.1, 0.1]
    >>> round(Schedule(ScheduleKind.COSINE, 10).factor(5), 3)
    0.5
    """

    kind: ScheduleKind
    total: int
    part: float = 0.3

    def __post_init__(self) -> None:
        if self.total < 10 or not 0 < self.part < 1:
            raise ValueError(f"a schedule needs 10 steps or more and a part between 0 and 1: {self}")

    @property
    def turn(self) -> int:
        """The step at which it turns, at least 1 and below ``total``.

        >>> Schedule(ScheduleKind.STEP, 300).turn
        90
        """
        return min(max(1, round(self.total * self.part)), self.total - 1)

    def factor(self, t: int) -> float:
        """What the learning rate is multiplied with at step ``t``, counted from 0."""
        match self.kind:
            case ScheduleKind.CONSTANT:
                return 1.0
            case ScheduleKind.STEP:
                return GAMMA ** (t // self.turn)
            case ScheduleKind.COSINE:
                return _cosine(1.0, 0.0, t / self.total)
            case ScheduleKind.ONE_CYCLE:
                return self._one_cycle(t)
            case ScheduleKind.WARM_UP:
                return START_FACTOR + (1 - START_FACTOR) * min(t, self.turn) / self.turn
            case ScheduleKind.WARM_UP_COSINE:
                if t < self.turn:
                    return START_FACTOR + (1 - START_FACTOR) * t / self.turn
                return _cosine(1.0, 0.0, (t - self.turn) / (self.total - self.turn))

    def _one_cycle(self, t: int) -> float:
        peak, last = PCT_START * self.total - 1, self.total - 1
        low = 1 / DIV_FACTOR
        if t <= peak:
            return _cosine(low, 1.0, t / peak)
        return _cosine(1.0, low / FINAL_DIV_FACTOR, (t - peak) / (last - peak))


def _cosine(start: float, end: float, share: float) -> float:
    return end + (start - end) / 2 * (1 + math.cos(math.pi * share))
