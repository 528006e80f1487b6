"""What tests wait for, and how long at most."""

from __future__ import annotations

from lib.jobs.manager import RunManager
from lib.jobs.views import RunStatus, RunView

LONG = 120.0


def is_over(view: RunView) -> bool:
    return view.status.is_over


def is_paused(view: RunView) -> bool:
    return view.status is RunStatus.PAUSED


def is_at_work(view: RunView) -> bool:
    return view.status is RunStatus.RUNNING and view.steps_done > 0


def until(manager: RunManager, run_id: str, status: RunStatus) -> RunView:
    return manager.wait(run_id, lambda view: view.status is status, LONG)
