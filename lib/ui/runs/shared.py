"""Short runs whose results are everybody's: started, followed, and kept by what they measured."""

from __future__ import annotations

import contextlib
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from enum import StrEnum
from typing import Generic, Literal, NamedTuple, TypeVar

import streamlit as st

from lib.jobs.manager import get_manager
from lib.jobs.views import (
    Action,
    ActiveRunError,
    ManagerClosedError,
    NotOwnerError,
    QueueFullError,
    RunStatus,
    RunView,
    UnknownRunError,
)
from lib.jobs.work import WorkConfig
from lib.ui.owner import owner_token
from lib.ui.runs.texts import RunTexts
from lib.ui.session import SESSION, VIEWER
from lib.ui.state import as_text

T = TypeVar("T")

REDRAW_SECONDS = 0.5
"""How often a page draws anew while a run goes on."""


class Kept(Generic[T]):
    """The last ``most`` results, by identity: the one that nobody asked for longest goes first. For all threads.

    >>> kept = Kept[str](most=2)
    >>> kept.keep("a", "first"); kept.keep("b", "second")
    >>> kept.get("a")
    'first'
    >>> kept.keep("c", "third")
    >>> kept.get("a"), kept.get("b")
    ('first', None)
    >>> kept.get_or_make("b", lambda: "made")
    'made'
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._lock = threading.Lock()
        self._kept: OrderedDict[Hashable, T] = OrderedDict()

    def get(self, identity: Hashable) -> T | None:
        """The result; None where there is none (any more)."""
        with self._lock:
            if identity in self._kept:
                self._kept.move_to_end(identity)
            return self._kept.get(identity)

    def keep(self, identity: Hashable, result: T) -> None:
        """Take a result; it replaces an older one."""
        with self._lock:
            self._kept[identity] = result
            self._kept.move_to_end(identity)
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)

    def get_or_make(self, identity: Hashable, make: Callable[[], T]) -> T:
        """The result, made where there is none: outside the lock, so that nobody waits for another's."""
        result = self.get(identity)
        if result is None:
            result = make()
            self.keep(identity, result)
        return result


class Refused(StrEnum):
    """Why no run could be started."""

    BUSY = "busy"
    """This learner has another one going on."""
    STOPPING = "stopping"
    FULL = "full"
    """As many wait as the server takes."""


class Begun(NamedTuple):
    """A run's id, or "" and why there is none."""

    run_id: str
    refused: Refused | None = None


def begin(config: WorkConfig, name: str | None = None) -> Begun:
    """Start a run of this learner's, or queue it.

    Raises: TypeError where no work is registered for the config's type.
    """
    try:
        return Begun(get_manager().submit(config, owner_token(), name))
    except ActiveRunError:
        return Begun("", Refused.BUSY)
    except ManagerClosedError:
        return Begun("", Refused.STOPPING)
    except QueueFullError:
        return Begun("", Refused.FULL)


def end_active() -> None:
    """Stop this learner's active run, wherever it was started."""
    for run in get_manager().runs_of(owner_token()):
        if is_active(run):
            end(run)


def begin_instead(config: WorkConfig) -> None:
    """A callback: end this learner's active run and start this one."""
    end_active()
    begin(config)  # where the server stops, the page says so with the next press


def end(run: RunView) -> None:
    """Stop a run of this learner's, where it is still there."""
    with contextlib.suppress(UnknownRunError, NotOwnerError):
        get_manager().control(run.id, owner_token(), Action.STOP)


def latest(is_wanted: Callable[[WorkConfig], bool]) -> RunView | None:
    """This learner's latest run with such a config, its heartbeat given."""
    manager = get_manager()
    for run in reversed(manager.runs_of(owner_token())):
        if is_wanted(run.config):
            manager.watch(run.id, SESSION.now()[VIEWER])
            return run
    return None


def is_active(run: RunView | None) -> bool:
    """Whether more will come of it."""
    return run is not None and not run.status.is_over


def progress_text(run: RunView, texts: RunTexts) -> str:
    """Where an active run is: in the queue, or at which step."""
    if run.queue_position is not None:
        return texts.waiting.format(position=run.queue_position, seconds=f"{run.wait_seconds or 0:.0f}")
    return texts.training.format(done=f"{run.steps_done:,}", steps=f"{run.total_steps:,}")


def end_text(run: RunView | None, texts: RunTexts) -> str:
    """Why a run came to an early end, in words; empty where it did not."""
    if run is None or run.reason is None or run.status is RunStatus.FINISHED:
        return ""
    return texts.reasons[run.reason.kind].format(detail=as_text(run.reason.detail))


def show_end(run: RunView, texts: RunTexts) -> None:
    """Say why a run came to an early end, where it did: in red where it failed."""
    if text := end_text(run, texts):
        (st.error if run.status is RunStatus.FAILED else st.info)(text)


def start_button(
    config: WorkConfig,
    texts: RunTexts,
    *,
    key: str,
    label: str = "",
    help: str | None = None,
    is_first: bool = True,
) -> Refused | None:
    """A button that starts a run and draws the whole page anew; why it could not, or None."""
    kind: Literal["primary", "secondary"] = "primary" if is_first else "secondary"
    if not st.button(label or texts.train, type=kind, icon=":material/play_arrow:", help=help, key=key):
        return None
    refused = begin(config).refused
    if refused is None:
        st.rerun()  # what redraws itself while a run goes on begins to
    return refused


def say_refused(refused: Refused | None, config: WorkConfig, texts: RunTexts, *, key: str) -> None:
    """Why no run was started; and the way to start it all the same."""
    if refused is None:
        return
    st.warning(texts.refused[refused])
    if refused is Refused.BUSY:
        st.button(texts.instead, key=f"{key}_instead", on_click=begin_instead, args=(config,))
