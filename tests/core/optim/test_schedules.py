"""Schedules against torch.optim.lr_scheduler, and the browser's against the plain ones."""

from __future__ import annotations

import warnings

import pytest
import torch
from hypothesis import given
from hypothesis import settings as budget
from hypothesis import strategies as st
from torch.optim import lr_scheduler

from lib.core.optim import schedules
from lib.core.optim.schedules import Schedule, ScheduleKind
from tests.core.optim.browser import ask
from tests.core.optim.cases import assert_close


def by_torch(schedule: Schedule, lr: float) -> list[float]:
    optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=lr)
    total, turn = schedule.total, schedule.turn
    made: lr_scheduler.LRScheduler
    match schedule.kind:
        case ScheduleKind.CONSTANT:
            made = lr_scheduler.ConstantLR(optimizer, factor=1.0)
        case ScheduleKind.STEP:
            made = lr_scheduler.StepLR(optimizer, turn, gamma=schedules.GAMMA)
        case ScheduleKind.COSINE:
            made = lr_scheduler.CosineAnnealingLR(optimizer, total)
        case ScheduleKind.ONE_CYCLE:
            made = lr_scheduler.OneCycleLR(optimizer, lr, total_steps=total, cycle_momentum=False)
        case ScheduleKind.WARM_UP:
            made = lr_scheduler.LinearLR(optimizer, schedules.START_FACTOR, total_iters=turn)
        case ScheduleKind.WARM_UP_COSINE:
            warm = lr_scheduler.LinearLR(optimizer, schedules.START_FACTOR, total_iters=turn)
            then = lr_scheduler.CosineAnnealingLR(optimizer, total - turn)
            made = lr_scheduler.SequentialLR(optimizer, [warm, then], milestones=[turn])
    rates = []
    for _ in range(total):
        rates.append(float(optimizer.param_groups[0]["lr"]))
        optimizer.step()
        if len(rates) < total:
            made.step()
    return rates


@pytest.mark.parametrize("kind", list(ScheduleKind))
@given(total=st.integers(10, 400), part=st.floats(0.05, 0.95), lr=st.floats(1e-3, 10))
@budget(max_examples=25, deadline=None)
def test_every_schedule_is_torchs(kind: ScheduleKind, total: int, part: float, lr: float) -> None:
    schedule = Schedule(kind, total, part)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # SequentialLR calls its parts in a way that torch itself warns of
        theirs = by_torch(schedule, lr)
    assert_close([lr * schedule.factor(t) for t in range(total)], theirs)


def test_the_browser_computes_the_same() -> None:
    cases = [
        (kind, total, part) for kind in ScheduleKind for total in (10, 33, 300) for part in (0.05, 0.25, 0.9)
    ]
    questions = [
        {"task": "factors", "kind": kind, "total": total, "part": part} for kind, total, part in cases
    ]
    for (kind, total, part), theirs in zip(cases, ask(questions), strict=True):
        schedule = Schedule(kind, total, part)
        assert_close(theirs, [schedule.factor(t) for t in range(total)], 1e-14)


@pytest.mark.parametrize(("total", "part"), [(9, 0.3), (300, 0.0), (300, 1.0)])
def test_impossible_schedules_are_refused(total: int, part: float) -> None:
    with pytest.raises(ValueError, match="schedule"):
        Schedule(ScheduleKind.STEP, total, part)
