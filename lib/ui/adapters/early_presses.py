"""A press counts once, also where a fragment's timer asks in the moment after it.

Streamlit's frontend notes a press and sends it a little later; a timer that fires in between sends what is noted, too.
The press's callback then ran twice: one press of Step made two steps, Pause paused and went on. Here what a timer
sends has no presses in it: they come by themselves.

Private: ``AppSession.request_rerun``, and ``is_auto_rerun`` of what browsers send. Without them a press may count
twice while a part of the page redraws itself.
"""

from __future__ import annotations

from typing import Any

from streamlit.runtime.app_session import AppSession

from lib.ui.adapters.replaced import Part, replace_once

METHOD, TIMED = "request_rerun", "is_auto_rerun"
PRESSES = frozenset({"trigger_value", "string_trigger_value", "json_trigger_value", "chat_input_value"})


def count_presses_once() -> bool:
    """See to it, once a process; False where Streamlit has no such place."""

    def once(original: Part) -> Part:
        def request(session: Any, client_state: Any) -> None:
            if getattr(client_state, TIMED, False):
                states = client_state.widget_states
                kept = [each for each in states.widgets if each.WhichOneof("value") not in PRESSES]
                del states.widgets[:]
                states.widgets.extend(kept)
            original(session, client_state)

        return request

    return replace_once(AppSession, METHOD, once)
