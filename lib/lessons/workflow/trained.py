"""Trained paths: the bundled ones, and those that learners' runs have trained, shared by all."""

from __future__ import annotations

import streamlit as st

from lib.core.workflow.bundled import TrainedPath, bundled_paths
from lib.core.workflow.path import Path, WorkflowConfig
from lib.jobs.views import RunStatus, RunView
from lib.ui.runs.shared import Kept, latest

MAX_KEPT = 64


@st.cache_resource(show_spinner=False)
def _kept() -> Kept[TrainedPath]:
    """The server's one store; the bundled paths never go."""
    return Kept(MAX_KEPT)


def trained(path: Path) -> TrainedPath | None:
    """The path, trained; None where nobody has trained it yet."""
    return _kept().get(path.identity) or bundled_paths().get(path.identity) or _trained_by_me(path)


def _trained_by_me(path: Path) -> TrainedPath | None:
    """What others' results have pushed out of the store may still be a run of this learner's."""
    run = current_run((path,))
    return _kept().get(path.identity) if run is not None and run.status is RunStatus.FINISHED else None


def _keep(run: RunView) -> None:
    """Take what a run has trained."""
    assert isinstance(run.config, WorkflowConfig)
    # By name: importing the report's type would bring torch along.
    for report in run.reports:
        if type(report).__name__ == "PathReport":
            path = run.config.paths[report.index]  # type: ignore[attr-defined]
            parts = (getattr(report, name) for name in ("weights", "predictions", "confidences", "losses"))
            _kept().keep(path.identity, TrainedPath(path, *parts))


def current_run(missing: tuple[Path, ...]) -> RunView | None:
    """This learner's latest run on one of the paths; its results are taken over where it has any."""
    wanted = {path.identity for path in missing}
    run = latest(
        lambda config: (
            isinstance(config, WorkflowConfig) and bool(wanted & {path.identity for path in config.paths})
        )
    )
    if run is not None and run.status is RunStatus.FINISHED:
        _keep(run)
    return run
