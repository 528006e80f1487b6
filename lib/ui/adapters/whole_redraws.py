"""A fragment that runs again takes nothing away of what the browser is to get, and leaves it on its page.

Three faults of Streamlit's. Two ended a learner's page with "Bad delta path index", the third left it blank:

* A fragment begins, and what its last run has drawn and the browser has not got yet is thrown away, but not what
  fragments inside it have drawn: that has no place any more. Here all of it goes first.
* A fragment is asked for while the browser is on its way to another page, by the name of the old one: the run that
  comes of it forgets the new page's widgets, and tells the browser that it is on the old page again. Here it is asked
  for by the name of the page that the browser gets.
* It is still there when it is asked for and gone when its turn comes: nothing is drawn, but the browser is told of a
  run. One that is slow has not yet noted which page it is on since the run before, takes this one for another page's
  beginning, and clears what it has. Here there is no such run.

Private: ``ForwardMsgQueue._delta_index_map``, ``AppSession._handle_rerun_script_request`` and
``_enqueue_forward_msg``, ``ScriptRunner._run_script`` and ``_fragment_storage``. Without them a busy page may end
that way.
"""

from __future__ import annotations

from typing import Any
from weakref import WeakKeyDictionary

from streamlit.runtime.app_session import AppSession
from streamlit.runtime.forward_msg_queue import ForwardMsgQueue
from streamlit.runtime.scriptrunner.script_runner import ScriptRunner

from lib.ui.adapters.replaced import Part, replace_once

CLEAR, ASK, TELL, RUN = "clear", "_handle_rerun_script_request", "_enqueue_forward_msg", "_run_script"


def redraw_in_whole() -> bool:
    """See to it, once a process; False where Streamlit has no such places."""
    pages: WeakKeyDictionary[Any, str] = WeakKeyDictionary()
    """The page that each session's browser has asked for, or was led to."""

    def nothing_lost(original: Part) -> Part:
        def clear(
            queue: Any, retain_lifecycle_msgs: bool = False, fragment_ids_this_run: list[str] | None = None
        ) -> None:
            if not retain_lifecycle_msgs or fragment_ids_this_run is None:
                original(queue, retain_lifecycle_msgs, fragment_ids_this_run)
            else:
                queue._delta_index_map = {}  # later elements come after these, not in their place

        return clear

    def of_its_page(original: Part) -> Part:
        def ask(session: Any, client_state: Any = None) -> None:
            if client_state is not None and client_state.fragment_id:
                client_state.page_script_hash = pages.get(session, client_state.page_script_hash)
            elif client_state is not None and client_state.page_script_hash:
                pages[session] = client_state.page_script_hash
            original(session, client_state)

        return ask

    def led_there(original: Part) -> Part:
        def tell(session: Any, message: Any) -> None:
            if message.WhichOneof("type") == "navigation":
                pages[session] = message.navigation.page_script_hash
            original(session, message)

        return tell

    def still_there(original: Part) -> Part:
        def run(runner: Any, rerun_data: Any) -> None:
            parts = rerun_data.fragment_id_queue
            if not parts or any(runner._fragment_storage.contains(part) for part in parts):
                original(runner, rerun_data)

        return run

    places = (
        (ScriptRunner, RUN, still_there),
        (ForwardMsgQueue, CLEAR, nothing_lost),
        (AppSession, ASK, of_its_page),
        (AppSession, TELL, led_there),
    )
    return [replace_once(*place) for place in places].count(True) == len(places)
