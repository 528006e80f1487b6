"""A fragment that redraws itself can stop doing so, without a run of the whole page.

Streamlit's own way is to run the page again and draw the fragment without ``run_every``: at the end of a training
thirty pages then run at once, each with all its widgets.

Private: the message ``stop_auto_rerun``, and the fragment's id in the thread's state. Without them the page runs again.
"""

from __future__ import annotations

from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime.scriptrunner import get_script_run_ctx
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
