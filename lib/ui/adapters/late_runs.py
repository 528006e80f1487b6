"""What a run of a page has drawn reaches the browser, also where a fragment's timer asks for more at that moment.

A run's thread draws, and the event loop hands what was drawn to the browser a little later. Where a fragment is to
run again in between, Streamlit starts a new thread and leaves alone what is still to come from the old one: on a
busy server one learner in ten never saw the results of a training. Here the fragment waits until all has been
handed over.

Private: ``AppSession._create_scriptrunner``, ``_scriptrunner`` and ``_event_loop``. Without them parts of a page may
be missing until the learner does something.
"""

from __future__ import annotations

from typing import Any

from streamlit.runtime.app_session import AppSession, AppSessionState

from lib.ui.adapters.replaced import Part, replace_once

METHOD = "_create_scriptrunner"
_WAIT_SECONDS = 0.005
_MOST_WAITS = 400


def keep_late_runs() -> bool:
    """See to it, once a process; False where Streamlit has no such place."""

    def late(original: Part) -> Part:
        def create(session: Any, rerun_data: Any, waits: int = 0) -> None:
            if session._scriptrunner is None or waits >= _MOST_WAITS:
                original(session, rerun_data)
            else:  # it has ended, and the event loop has not heard of it yet
                session._event_loop.call_later(_WAIT_SECONDS, again, session, rerun_data, waits + 1)

        def again(session: Any, rerun_data: Any, waits: int) -> None:
            if session._state is AppSessionState.SHUTDOWN_REQUESTED:
                return
            runner = session._scriptrunner
            if runner is None or not runner.request_rerun(rerun_data):
                create(session, rerun_data, waits)

        return create

    return replace_once(AppSession, METHOD, late)
