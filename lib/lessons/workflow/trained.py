"""Trained paths: the bundled ones, and those that learners' runs have trained, shared by all."""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass

import streamlit as st

from lib.core.workflow.bundled import TrainedPath, bundled_paths
from lib.core.workflow.path import Path, WorkflowConfig
from lib.jobs.manager import get_manager
from lib.jobs.views import ActiveRunError, ManagerClosedError, RunStatus, RunView
from lib.ui.owner import owner_token

MAX_KEPT = 64


class TrainedPaths:
    """The last MAX_KEPT paths that runs have trained; the bundled ones never go."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: OrderedDict[str, TrainedPath] = OrderedDict()

    def get(self, path: Path) -> TrainedPath | None:
        """The path, trained; None where nobody has trained it yet."""
        with self._lock:
            if path.identity in self._kept:
                self._kept.move_to_end(path.identity)
                return self._kept[path.identity]
        return bundled_paths().get(path.identity)

    def keep(self, run: RunView) -> None:
        """Take what a run has trained so far."""
        assert isinstance(run.config, WorkflowConfig)
        # By name: importing the report's type would bring torch along.
        reports = [report for report in run.reports if type(report).__name__ == "PathReport"]
        with self._lock:
            for report in reports:
                path = run.config.paths[report.index]  # type: ignore[attr-defined]
                parts = (
                    getattr(report, name) for name in ("weights", "predictions", "confidences", "losses")
                )
                self._kept[path.identity] = TrainedPath(path, *parts)
            while len(self._kept) > MAX_KEPT:
                self._kept.popitem(last=False)


@st.cache_resource(show_spinner=False)
def trained_paths() -> TrainedPaths:
    """The server's one store."""
    return TrainedPaths()


@dataclass(frozen=True)
class Refused:
    """Why no training could be started: ``busy`` or ``stopping``."""

    reason: str


def start(missing: tuple[Path, ...]) -> Refused | None:
    """Train the paths that nobody has trained yet."""
    try:
        get_manager().submit(WorkflowConfig(missing), owner_token())
    except ActiveRunError:
        return Refused("busy")
    except ManagerClosedError:
        return Refused("stopping")
    return None


def current_run(missing: tuple[Path, ...]) -> RunView | None:
    """This learner's latest run on one of the paths; its results are taken over where it has any."""
    wanted = {path.identity for path in missing}
    for run in reversed(get_manager().runs_of(owner_token())):
        if isinstance(run.config, WorkflowConfig) and wanted & {path.identity for path in run.config.paths}:
            get_manager().watch(run.id, "workflow")
            if run.status is RunStatus.FINISHED:
                trained_paths().keep(run)
            return run
    return None
