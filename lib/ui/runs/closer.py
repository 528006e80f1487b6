"""A run looked at more closely: what it says of the learner's digit, and denser pictures for slow motion.

A worker trains the run again for it, where it has not just done so: the same numbers. So it is asked for where that
takes from nobody what they look at: a run in slow motion was trained long before its cursor comes by, and one that
stands has nothing else to do.
"""

from __future__ import annotations

from lib.core.training.closer import CloserConfig, DigitReport, seconds_again, windows
from lib.core.training.config import TrainConfig
from lib.core.training.reports import Picture
from lib.jobs.manager import get_manager
from lib.jobs.views import RunStatus, RunView
from lib.ui.owner import owner_token
from lib.ui.runs.again import begin, find
from lib.ui.runs.as_of import SOON_SECONDS

MOST_KEPT = 3
"""Stretches of one learner's, and answers about their digit."""
PATIENCE_SECONDS = 120.0
"""What may take this long to train again is asked about the digit all the same: mostly the worker has it still."""
STEP_BY_STEP = 1.0
"""Steps a second of whoever presses Step while the run stands."""


def stands(run: RunView) -> bool:
    """Whether its training goes on for nobody now."""
    return run.status.is_over or run.status is RunStatus.PAUSED


def is_quick(run: RunView, until: int, most: float = SOON_SECONDS) -> bool:
    """Whether so many of a run's steps are soon trained again: in ``most`` seconds."""
    assert isinstance(run.config, TrainConfig)
    return seconds_again(run.config, run.steps_done, run.seconds, until) <= most


def digit_reports(run: RunView, digit: bytes) -> tuple[DigitReport, ...]:
    """What the run said of the digit, as far as that is known and the learner has come."""
    job = _answering(run, digit)
    return _said(job, run) if job is not None else ()


def awaits_answers(run: RunView, digit: bytes) -> bool:
    """Whether what the run says of the digit is being worked out."""
    job = _answering(run, digit)
    return job is not None and not job.status.is_over


def _answering(run: RunView, digit: bytes) -> RunView | None:
    config = run.config
    assert isinstance(config, TrainConfig)
    if not digit or run.status is RunStatus.FAILED:
        return None
    may_ask = (stands(run) or run.tempo is not None) and is_quick(run, config.total_steps, PATIENCE_SECONDS)
    return _job(f"{run.id} digit", CloserConfig(config, 0, config.total_steps, digit=digit), may_ask=may_ask)


def closer_look(run: RunView, digit: bytes) -> tuple[list[tuple[Picture, ...]], tuple[DigitReport, ...]]:
    """Stretches of pictures around the run's cursor where it moves slowly, and what it said of the digit there."""
    config = run.config
    tempo = STEP_BY_STEP if run.status is RunStatus.PAUSED else run.tempo
    if tempo is None or run.status.is_over or not isinstance(config, TrainConfig):
        return [], ()
    stretches: list[tuple[Picture, ...]] = []
    said: list[DigitReport] = []
    for first, last, every in windows(run.steps_done, config.total_steps, tempo):
        asked = CloserConfig(config, first, last, every, digit)
        job = _job(f"{run.id} closer", asked, may_ask=is_quick(run, last))
        if job is None:
            break  # one after the other: the one that is needed first comes first
        stretches.append(tuple(each for each in job.pictures if each.step <= run.steps_done))
        said += _said(job, run)
        if not job.status.is_over:
            break
    return stretches, tuple(said)


def _said(job: RunView, run: RunView) -> tuple[DigitReport, ...]:
    return tuple(
        each for each in job.reports if isinstance(each, DigitReport) and each.step <= run.steps_done
    )


def _job(kind: str, config: CloserConfig, *, may_ask: bool) -> RunView | None:
    """The work as it stands; begun where it is not, and may be. Older ones of the kind make room.

    One that failed would fail again, and is not asked for again.
    """
    asker = f"{owner_token()} {kind}"
    job = find(asker, config)
    if job is not None:
        get_manager().watch(job.id, asker)
    elif may_ask:
        job = begin(asker, config, MOST_KEPT)
    return job
