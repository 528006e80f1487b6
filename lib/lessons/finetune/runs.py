"""Comparisons: recorded ones, and those that learners' runs have measured, shared by all."""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass

import streamlit as st

from lib.core.finetune.config import FinetuneConfig, Mode
from lib.core.finetune.recorded import recorded
from lib.core.finetune.reports import ModeReport, PointReport
from lib.jobs.manager import get_manager
from lib.jobs.views import Action, ActiveRunError, ManagerClosedError, RunStatus, RunView
from lib.ui.owner import owner_token
from lib.ui.session import SESSION, VIEWER

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
        return self.run is not None and not self.run.status.is_over


class Comparisons:
    """The last MAX_KEPT comparisons that runs have brought to their end, by identity."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: OrderedDict[str, Reports] = OrderedDict()

    def get(self, config: FinetuneConfig) -> Reports | None:
        """The reports; None where nobody has measured these settings yet."""
        with self._lock:
            return self._kept.get(config.identity)

    def keep(self, config: FinetuneConfig, reports: Reports) -> None:
        """Take a finished run's reports."""
        with self._lock:
            self._kept[config.identity] = reports
            self._kept.move_to_end(config.identity)
            while len(self._kept) > MAX_KEPT:
                self._kept.popitem(last=False)


@st.cache_resource(show_spinner=False)
def _comparisons() -> Comparisons:
    return Comparisons()


def measured(config: FinetuneConfig) -> Measured:
    """What is known of a comparison: this learner's run first, then what others measured, then what is recorded."""
    run = _my_run(config)
    if run is not None:
        reports = tuple(each for each in run.reports if isinstance(each, PointReport | ModeReport))
        if run.status is RunStatus.FINISHED:
            _comparisons().keep(config, reports)
        if not run.status.is_over or run.status is RunStatus.FINISHED:
            return Measured(reports, run=run)
    kept = _comparisons().get(config)
    if kept is not None:
        return Measured(kept, run=run)
    known = recorded(config)
    return Measured(known or (), is_recorded=known is not None, run=run)


def _my_run(config: FinetuneConfig) -> RunView | None:
    manager = get_manager()
    for run in reversed(manager.runs_of(owner_token())):
        if isinstance(run.config, FinetuneConfig) and run.config.identity == config.identity:
            manager.watch(run.id, SESSION.now()[VIEWER])
            return run
    return None


def start(config: FinetuneConfig) -> str | None:
    """Start a run; the name of the text that says why not, or None."""
    try:
        get_manager().submit(config, owner_token())
    except ActiveRunError:
        return "busy"
    except ManagerClosedError:
        return "stopping"
    return None


def stop(run: RunView) -> None:
    """End a run of this learner's."""
    get_manager().control(run.id, owner_token(), Action.STOP)
