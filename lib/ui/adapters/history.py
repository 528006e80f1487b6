"""What made a run: which message of the browser, and whether that was its Back or Forward.

Private: ``is_history_navigation`` of the script's context, which Streamlit keeps for its own bound widgets, and its
``context_info``, which is what came with the message.
"""

from __future__ import annotations

from streamlit.runtime.scriptrunner import get_script_run_ctx

FLAG = "is_history_navigation"
"""The attribute of the script's context."""
MESSAGE = "context_info"
"""That of what came with the browser's message."""


def is_history_navigation() -> bool:
    """Whether this run was asked for by the browser's Back or Forward.

    Streamlit tells its own bound widgets so, in an attribute of the run's context. Without it, Back is still
    told by its address, except to one that was written in the last moments.
    """
    context = get_script_run_ctx(suppress_warning=True)
    return bool(getattr(context, FLAG, False))


def last_message() -> object | None:
    """What stands for the browser's message that this run answers, the same object in all runs that answer it.

    A page that runs again of its own accord still answers the same message: the address that it finds then is what
    was written meanwhile, and the browser has said nothing. None where that cannot be told.
    """
    context = get_script_run_ctx(suppress_warning=True)
    return getattr(context, MESSAGE, None)
