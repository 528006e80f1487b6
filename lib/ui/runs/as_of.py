"""Networks as they were after some of a run's steps: trained again by a worker, the same numbers, kept for a while."""

from __future__ import annotations

import numpy as np

from lib.core.training.as_of import AsOfConfig
from lib.core.training.config import TrainConfig
from lib.core.training.reports import FinalReport
from lib.jobs.manager import get_manager
from lib.jobs.views import ActiveRunError, ManagerClosedError, QueueFullError, RunStatus, RunView
from lib.ui.owner import owner_token

MOST_KEPT = 6
"""Of one learner's."""
WAIT_SECONDS = 300.0
SOON_SECONDS = 20.0
"""What was trained in less is trained again without being asked for."""


def _asker(owner: str) -> str:
    """Whose these trainings are: a learner's own active run is another matter."""
    return f"{owner} as of"


def learned(run: RunView) -> FinalReport | None:
    """What a run knows: of a finished one its end, of a paused or stopped one its last step, once that is there."""
    if run.final is not None:
        return run.final
    if run.status not in (RunStatus.STOPPED, RunStatus.PAUSED) or not isinstance(run.config, TrainConfig):
        return None
    return found(run.config, run.steps_done)


def found(config: TrainConfig, step: int) -> FinalReport | None:
    """The network as of a step, where this learner has asked for it and it is there."""
    job = _job(config, step)
    return job.final if job is not None else None


def ask(config: TrainConfig, step: int) -> RunView | None:
    """Have it trained again; the training as it stands, None where the server takes none now."""
    job, manager, owner = _job(config, step), get_manager(), _asker(owner_token())
    if job is None:
        over = [each for each in manager.runs_of(owner) if each.status.is_over]
        for each in over[: max(0, len(over) - MOST_KEPT + 1)]:
            manager.remove(each.id, owner)
        try:
            run_id = manager.submit(AsOfConfig(config, step), owner)
        except (QueueFullError, ManagerClosedError):
            return None
        except ActiveRunError as error:  # another step's, which nobody looks at any more
            manager.remove(error.run_id, owner)
            return None
        job = manager.snapshot(run_id)
    manager.watch(job.id, owner)
    return job


def wait_for(config: TrainConfig, step: int) -> FinalReport:
    """The network as of a step, once it is there. Raises: TimeoutError, RuntimeError where it cannot be had."""
    for _ in range(2):
        job = ask(config, step)
        if job is not None:
            view = get_manager().wait(job.id, lambda view: view.status.is_over, WAIT_SECONDS)
            if view.final is not None:
                return view.final
    raise RuntimeError(f"step {step} cannot be trained again now")


def _job(config: TrainConfig, step: int) -> RunView | None:
    identity = AsOfConfig(config, step).identity
    for run in get_manager().runs_of(_asker(owner_token())):
        failed = run.status in (RunStatus.FAILED, RunStatus.STOPPED)
        if not failed and isinstance(run.config, AsOfConfig) and run.config.identity == identity:
            return run
    return None


def is_offered(run: RunView) -> bool:
    """Whether a run's network can be asked: it is known, and all its weights are numbers."""
    report = learned(run)
    if report is None or not isinstance(run.config, TrainConfig):
        return False
    return all(bool(np.isfinite(weights).all()) for weights in report.weights.values())
