"""A fragment that runs again takes nothing away of what the browser is to get, and leaves it on its page.

Two faults of Streamlit's, each of which ended a learner's page with "Bad delta path index":

* A fragment begins, and what its last run has drawn and the browser has not got yet is thrown away, but not what
  fragments inside it have drawn: that has no place any more. Here all of it goes first.
* A fragment is asked for while the browser is on its way to another page, by the name of the old one: the run that
  comes of it forgets the new page's widgets, and tells the browser that it is on the old page again. Here it is asked
  for by the name of the page that the browser gets.

Private: ``ForwardMsgQueue._delta_index_map``, ``AppSession._handle_rerun_script_request`` and
``_enqueue_forward_msg``. Without them a busy page may end that way.
"""

from __future__ import annotations

from typing import Any
from weakref import WeakKeyDictionary

from streamlit.runtime.app_session import AppSession
from streamlit.runtime.forward_msg_queue import ForwardMsgQueue

from lib.ui.adapters.replaced import Part, replace_once

CLEAR, ASK, TELL = "clear", "_handle_rerun_script_request", "_enqueue_forward_msg"


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

    places = (
        (ForwardMsgQueue, CLEAR, nothing_lost),
        (AppSession, ASK, of_its_page),
        (AppSession, TELL, led_there),
    )
    return [replace_once(*place) for place in places].count(True) == len(places)
