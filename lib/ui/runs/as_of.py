"""Networks as they were after some of a run's steps: trained again by a worker, the same numbers, kept for a while."""

from __future__ import annotations

import contextlib
import time

import numpy as np

from lib.core.training.as_of import AsOfConfig
from lib.core.training.config import TrainConfig
from lib.core.training.reports import FinalReport
from lib.jobs.manager import get_manager
from lib.jobs.views import RunStatus, RunView, UnknownRunError
from lib.ui.owner import owner_token
from lib.ui.runs.again import begin, find

MOST_KEPT = 6
"""Of one of a learner's trainings."""
WAIT_SECONDS = 300.0
HEARTBEAT_SECONDS = 30.0
"""Whoever waits says so this often."""
_REST_SECONDS = 0.5
MOST_REFUSALS = 20
SOON_SECONDS = 20.0
"""What was trained in less is trained again without being asked for."""


def _asker(owner: str, config: TrainConfig) -> str:
    """Whose these trainings are. A learner's own active run is another matter, and so is what another tab shows."""
    return f"{owner} as of {config.identity}"


def learned(run: RunView) -> FinalReport | None:
    """What a run knows: of a finished one its end, of a paused or stopped one its last step, once that is there."""
    if run.final is not None:
        return run.final
    if run.status not in (RunStatus.STOPPED, RunStatus.PAUSED) or not isinstance(run.config, TrainConfig):
        return None
    return found(run.config, run.steps_done)


def found(config: TrainConfig, step: int) -> FinalReport | None:
    """The network as of a step, where this learner has asked for it and it is there."""
    job = find(_asker(owner_token(), config), AsOfConfig(config, step))
    return job.final if job is not None else None


def ask(config: TrainConfig, step: int, owner: str | None = None) -> RunView | None:
    """Have it trained again; the training as it stands, None where the server takes none now.

    One that failed is not tried again, it would fail again. Without an ``owner`` it is for this session's learner:
    a thread that serves a download has no session.
    """
    asker, wanted = _asker(owner or owner_token(), config), AsOfConfig(config, step)
    job = find(asker, wanted) or begin(asker, wanted, MOST_KEPT)
    if job is not None:
        get_manager().watch(job.id, asker)
    return job


def wait_for(config: TrainConfig, step: int, owner: str) -> FinalReport:
    """The network as of a step, once it is there: for any thread. Raises: RuntimeError where it cannot be had."""
    deadline, refusals = time.monotonic() + WAIT_SECONDS, 0
    while time.monotonic() < deadline and refusals < MOST_REFUSALS:
        job = ask(config, step, owner)
        if job is None:
            refusals += 1
            time.sleep(_REST_SECONDS)
            continue
        with contextlib.suppress(TimeoutError, UnknownRunError):
            job = get_manager().wait(job.id, lambda view: view.status.is_over, HEARTBEAT_SECONDS)
        if job.final is not None:
            return job.final
        if job.status is RunStatus.FAILED:
            break
    raise RuntimeError(f"step {step} cannot be trained again now")


def is_offered(run: RunView) -> bool:
    """Whether a run's network can be asked: it is known, and all its weights are numbers."""
    report = learned(run)
    if report is None or not isinstance(run.config, TrainConfig):
        return False
    return all(bool(np.isfinite(weights).all()) for weights in report.weights.values())
