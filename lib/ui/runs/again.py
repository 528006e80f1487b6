"""Trainings that are worked out again for a run that there is: by whom they are asked for, and how many are kept."""

from __future__ import annotations

import contextlib

from lib.jobs.manager import get_manager
from lib.jobs.views import (
    ActiveRunError,
    ManagerClosedError,
    QueueFullError,
    RunStatus,
    RunView,
    UnknownRunError,
)
from lib.jobs.work import WorkConfig


def find(asker: str, config: WorkConfig) -> RunView | None:
    """The asker's training with these settings; one that failed, too: it would fail again. None where there is none."""
    kind, identity = type(config), config.identity
    for job in get_manager().runs_of(asker):
        is_it = type(job.config) is kind and job.config.identity == identity
        if is_it and job.status is not RunStatus.STOPPED:
            return job
    return None


def begin(asker: str, config: WorkConfig, most: int) -> RunView | None:
    """Have it trained; the asker's oldest ones make room, so that there are ``most``.

    None where the server takes none now, or another one's goes on, which is ended: nobody looks at that any more.
    """
    manager = get_manager()
    over = [job for job in manager.runs_of(asker) if job.status.is_over]
    for job in over[: max(0, len(over) - most + 1)]:
        _remove(job.id, asker)
    try:
        return manager.snapshot(manager.submit(config, asker))
    except (QueueFullError, ManagerClosedError):
        return None
    except ActiveRunError as error:
        _remove(error.run_id, asker)
        return None


def _remove(run_id: str, asker: str) -> None:
    with contextlib.suppress(UnknownRunError):  # another tab of theirs was faster
        get_manager().remove(run_id, asker)
