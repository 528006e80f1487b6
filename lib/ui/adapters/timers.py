"""A fragment that redraws itself can stop doing so, or have another one redrawn, without a run of the whole page.

Streamlit's own way is to run the page again, and to draw the fragment without ``run_every``: at the end of a training
thirty pages then run at once, each with all its widgets. Another fragment can be asked for by its key in a widget's
callback alone.

Private: the message ``stop_auto_rerun``, the fragment's id in the thread's state, what ``st.rerun`` asks for. Without
them the page runs again.
"""

from __future__ import annotations

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


def rerun_fragment(key: str) -> bool:
    """Let the fragment of that key run once this run has ended; False where that cannot be said."""
    context = get_script_run_ctx(suppress_warning=True)
    try:
        assert context is not None
        assert context.script_requests is not None
        data = RerunData(
            query_string=context.query_string,
            page_script_hash=context.page_script_hash,
            fragment_id_queue=context.fragment_storage.resolve_target(key),
            cached_message_hashes=context.cached_message_hashes,
            context_info=context.context_info,
        )
        return context.script_requests.request_rerun(data)
    except (AssertionError, AttributeError, TypeError, StreamlitAPIException):
        return False
