"""Comparisons: recorded ones, and those that learners' runs have measured, shared by all."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from lib.core.finetune.config import FinetuneConfig, Mode
from lib.core.finetune.recorded import CONFIGS, recorded
from lib.core.finetune.reports import ModeReport, PointReport
from lib.core.finetune.settings import is_comparable
from lib.jobs.manager import get_manager
from lib.jobs.views import RunStatus, RunView
from lib.ui.owner import owner_token
from lib.ui.runs.shared import Kept, is_active, latest

MAX_KEPT = 32
Reports = tuple[PointReport | ModeReport, ...]


@dataclass(frozen=True)
class Measured:
    """What is known of a comparison: all of it, or what its run has said so far."""

    reports: Reports
    is_recorded: bool = False
    run: RunView | None = None

    @property
    def points(self) -> tuple[PointReport, ...]:
        """The curves' points."""
        return tuple(each for each in self.reports if isinstance(each, PointReport))

    @property
    def ends(self) -> tuple[ModeReport, ...]:
        """One for each mode (and number of labels) that is through."""
        return tuple(each for each in self.reports if isinstance(each, ModeReport))

    def end(self, mode: Mode) -> ModeReport | None:
        """The end of a mode, where it is reached."""
        return next((each for each in self.ends if each.mode is mode), None)

    @property
    def is_active(self) -> bool:
        """Whether more will come."""
        return is_active(self.run)


@st.cache_resource(show_spinner=False)
def _comparisons() -> Kept[Reports]:
    """The server's one store."""
    return Kept(MAX_KEPT)


def measured(config: FinetuneConfig) -> Measured:
    """What is known of a comparison: this learner's run first, then what others measured, then what is recorded."""
    run = _my_run(config)
    if run is not None:
        reports = tuple(each for each in run.reports if isinstance(each, PointReport | ModeReport))
        if run.status is RunStatus.FINISHED:
            _comparisons().keep(config.identity, reports)
        if not run.status.is_over or run.status is RunStatus.FINISHED:
            return Measured(reports, run=run)
    kept = _comparisons().get(config.identity)
    if kept is not None:
        return Measured(kept, run=run)
    known = recorded(config)
    return Measured(known or (), is_recorded=known is not None, run=run)


def _my_run(config: FinetuneConfig) -> RunView | None:
    return latest(lambda found: isinstance(found, FinetuneConfig) and found.identity == config.identity)


def comparable() -> list[FinetuneConfig]:
    """What can lie over the curves: this learner's finished runs, the newest first, then what is recorded."""
    mine = [run.config for run in get_manager().runs_of(owner_token()) if run.status is RunStatus.FINISHED]
    known = [config for config in mine[::-1] if isinstance(config, FinetuneConfig)]
    return [config for config in dict.fromkeys([*known, *CONFIGS]) if is_comparable(config)]
