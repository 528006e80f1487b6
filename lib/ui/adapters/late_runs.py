"""What a run of a page has drawn reaches the browser, also where a fragment's timer asks for more at that moment.

A run's thread draws, and the event loop hands what was drawn to the browser a little later. Where a fragment is to
run again in between, Streamlit starts a new thread and leaves alone what is still to come from the old one: on a
busy server one learner in ten never saw the results of a training. Here the fragment waits until all has been
handed over, and what is asked for meanwhile joins it as it would join one that a thread has not begun with: what the
browser said last counts, and where all of the page is asked for, no part of it is drawn before.

Private: ``AppSession._create_scriptrunner``, ``_scriptrunner`` and ``_event_loop``, ``ScriptRequests``. Without them
parts of a page may be missing until the learner does something.
"""

from __future__ import annotations

from typing import Any
from weakref import WeakKeyDictionary

from streamlit.runtime.app_session import AppSession, AppSessionState
from streamlit.runtime.scriptrunner_utils.script_requests import ScriptRequests

from lib.ui.adapters.replaced import Part, replace_once

METHOD = "_create_scriptrunner"
_WAIT_SECONDS = 0.005
_MOST_WAITS = 400


def keep_late_runs() -> bool:
    """See to it, once a process; False where Streamlit has no such place."""
    sessions: WeakKeyDictionary[Any, list[Any]] = WeakKeyDictionary()
    """What waits in each session, in the order in which it was asked for."""

    def late(original: Part) -> Part:
        def create(session: Any, rerun_data: Any) -> None:
            waiting = sessions.setdefault(session, [])
            waiting.append(rerun_data)
            if session._scriptrunner is None:
                start(session)
            elif len(waiting) == 1:  # it has ended, and the event loop has not heard of it yet
                session._event_loop.call_later(_WAIT_SECONDS, look, session, 1)

        def look(session: Any, waits: int) -> None:
            if session not in sessions:
                return  # it went with what was asked for after it
            if session._state is AppSessionState.SHUTDOWN_REQUESTED:
                del sessions[session]
            elif session._scriptrunner is None or waits >= _MOST_WAITS:
                start(session)
            else:
                session._event_loop.call_later(_WAIT_SECONDS, look, session, waits + 1)

        def start(session: Any) -> None:
            requests = ScriptRequests()
            for rerun_data in sessions.pop(session):
                requests.request_rerun(rerun_data)
            original(session, requests.on_scriptrunner_ready().rerun_data)

        return create

    return replace_once(AppSession, METHOD, late)
