"""A fragment that runs again takes nothing away of what the browser is to get, and leaves it on its page.

Two faults of Streamlit's, each of which ended a learner's page with "Bad delta path index":

* A fragment begins, and what its last run has drawn and the browser has not got yet is thrown away, but not what
  fragments inside it have drawn: that has no place any more. Here all of it goes first.
* A fragment's timer rings while the browser is on its way to another page: the run that comes of it says that the
  page is the old one, and the browser drops the new one's elements. A fragment never leads to another page.

Private: ``ForwardMsgQueue._queue``, ``_delta_index_map`` and ``AppSession._handle_scriptrunner_event_on_event_loop``,
``_client_state``. Without them a busy page may end that way.
"""

from __future__ import annotations

import inspect
from typing import Any

from streamlit.runtime.app_session import AppSession
from streamlit.runtime.forward_msg_queue import ForwardMsgQueue
from streamlit.runtime.scriptrunner import ScriptRunnerEvent

from lib.ui.adapters.replaced import Part, replace_once

CLEAR, HANDLE = "clear", "_handle_scriptrunner_event_on_event_loop"


def redraw_in_whole() -> bool:
    """See to it, once a process; False where Streamlit has no such places."""

    def nothing_lost(original: Part) -> Part:
        def clear(
            queue: Any, retain_lifecycle_msgs: bool = False, fragment_ids_this_run: list[str] | None = None
        ) -> None:
            if not retain_lifecycle_msgs or fragment_ids_this_run is None:
                original(queue, retain_lifecycle_msgs, fragment_ids_this_run)
            else:
                queue._delta_index_map = {}  # later elements come after these, not in their place

        return clear

    def on_its_page(original: Part) -> Part:
        signature = inspect.signature(original)

        def handle(session: Any, sender: Any, event: ScriptRunnerEvent, *rest: Any, **named: Any) -> None:
            if event is not ScriptRunnerEvent.SCRIPT_STARTED:
                original(session, sender, event, *rest, **named)
                return
            said = signature.bind(session, sender, event, *rest, **named)
            if said.arguments.get("fragment_ids_this_run"):
                said.arguments["page_script_hash"] = session._client_state.page_script_hash
            original(*said.args, **said.kwargs)

        return handle

    return replace_once(ForwardMsgQueue, CLEAR, nothing_lost) and replace_once(
        AppSession, HANDLE, on_its_page
    )
