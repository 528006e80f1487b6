"""A fragment that redraws itself can stop doing so, or have another one redrawn, without a run of the whole page.

Streamlit's own way is to run the page again, and to draw the fragment without ``run_every``: at the end of a training
thirty pages then run at once, each with all its widgets. Another fragment can be asked for by its key in a widget's
callback alone.

Private: the message ``stop_auto_rerun``, the ids of fragments in the thread's state and of those that run, who belongs
to whom among them, what ``st.rerun`` asks for. Without them the page runs again.
"""

from __future__ import annotations

import streamlit as st
from streamlit.errors import StreamlitAPIException
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime.scriptrunner import RerunData, get_script_run_ctx
from streamlit.runtime.scriptrunner_utils.script_run_context import ThreadState


def stop_timer() -> bool:
    """Let the browser stop the timer of the fragment that runs; False where that cannot be said."""
    context = get_script_run_ctx(suppress_warning=True)
    try:
        fragment = ThreadState.get().fragment_id
        message = ForwardMsg()
        message.stop_auto_rerun.fragment_ids.append(fragment)
    except (AttributeError, RuntimeError, TypeError):
        return False
    if context is None:
        return False
    context.enqueue(message)
    return True


def runs_by_itself() -> bool:
    """Whether this fragment runs because of its timer or a widget of its own, not as a part of something larger.

    Asked for together with what it belongs to, it is drawn by that.
    """
    context = get_script_run_ctx(suppress_warning=True)
    try:
        if context is None or context.fragment_ids_this_run is None:
            return False
        asked, mine = context.fragment_ids_this_run, ThreadState.get().fragment_id
        return mine in asked and not context.fragment_storage.has_ancestor_in(mine, asked)
    except (AttributeError, RuntimeError):
        return False


def rerun_fragment(key: str) -> bool:
    """End this run, whose drawing stays as it was, and run the fragment of that key; False where it cannot be asked.

    As ``st.rerun`` it raises where it can.
    """
    context = get_script_run_ctx(suppress_warning=True)
    try:
        assert context is not None
        assert context.script_requests is not None
        data = RerunData(
            query_string=context.query_string,
            page_script_hash=context.page_script_hash,
            fragment_id_queue=context.fragment_storage.resolve_target(key),
            is_fragment_scoped_rerun=True,
            cached_message_hashes=context.cached_message_hashes,
            context_info=context.context_info,
        )
        is_asked = context.script_requests.request_rerun(data)
    except (AssertionError, AttributeError, TypeError, StreamlitAPIException):
        return False
    st.empty()  # nothing is drawn: Streamlit looks for requests where something would be
    return is_asked
