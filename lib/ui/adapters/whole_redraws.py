"""A fragment that runs again takes nothing away of what the browser is to get, and leaves it on its page.

Two faults of Streamlit's, each of which ended a learner's page with "Bad delta path index":

* A fragment begins, and what its last run has drawn and the browser has not got yet is thrown away, but not what
  fragments inside it have drawn: that has no place any more. Here all of it goes first.
* A fragment is asked for while the browser is on its way to another page: the run that comes of it says that the
  page is the old one, and the browser drops the new one's elements. A fragment never leads to another page, and
  those of a page that was left are asked for in vain.

Private: ``ForwardMsgQueue._queue``, ``_delta_index_map`` and ``AppSession._handle_scriptrunner_event_on_event_loop``,
``_handle_rerun_script_request``, ``_client_state``, ``_fragment_storage``. Without them a busy page may end that way.
"""

from __future__ import annotations

import inspect
from typing import Any
from weakref import WeakKeyDictionary

from streamlit.runtime.app_session import AppSession
from streamlit.runtime.forward_msg_queue import ForwardMsgQueue
from streamlit.runtime.scriptrunner import ScriptRunnerEvent

from lib.ui.adapters.replaced import Part, replace_once

CLEAR, HANDLE = "clear", "_handle_scriptrunner_event_on_event_loop"
ASK = "_handle_rerun_script_request"


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

    leaving: WeakKeyDictionary[Any, frozenset[str]] = (
        WeakKeyDictionary()
    )  # fragments of the page that is left

    def on_its_page(original: Part) -> Part:
        signature = inspect.signature(original)

        def handle(session: Any, sender: Any, event: ScriptRunnerEvent, *rest: Any, **named: Any) -> None:
            if event is ScriptRunnerEvent.SCRIPT_STOPPED_WITH_SUCCESS:
                leaving.pop(session, None)  # the new page is there
            if event is not ScriptRunnerEvent.SCRIPT_STARTED:
                original(session, sender, event, *rest, **named)
                return
            said = signature.bind(session, sender, event, *rest, **named)
            if said.arguments.get("fragment_ids_this_run"):
                said.arguments["page_script_hash"] = session._client_state.page_script_hash
            original(*said.args, **said.kwargs)

        return handle

    def of_its_page(original: Part) -> Part:
        def ask(session: Any, client_state: Any = None) -> None:
            if client_state is not None and client_state.fragment_id:
                if client_state.fragment_id in leaving.get(session, frozenset()):
                    return
            elif client_state is not None:
                page = client_state.page_script_hash
                if page and page != session._client_state.page_script_hash:
                    leaving[session] = frozenset(session._fragment_storage._fragments)
                else:
                    leaving.pop(session, None)
            original(session, client_state)

        return ask

    places = (
        (ForwardMsgQueue, CLEAR, nothing_lost),
        (AppSession, HANDLE, on_its_page),
        (AppSession, ASK, of_its_page),
    )
    return [replace_once(*place) for place in places].count(True) == len(places)
