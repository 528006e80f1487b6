"""Whether a run answers the browser's Back or Forward.

Private: ``is_history_navigation`` of the script's context, which Streamlit keeps for its own bound widgets.
"""

from __future__ import annotations

from streamlit.runtime.scriptrunner import get_script_run_ctx

FLAG = "is_history_navigation"
"""The attribute of the script's context."""


def is_history_navigation() -> bool:
    """Whether this run was asked for by the browser's Back or Forward.

    Streamlit tells its own bound widgets so, in an attribute of the run's context. Without it, Back is still
    told by its address, except to one that was written in the last moments.
    """
    context = get_script_run_ctx(suppress_warning=True)
    return bool(getattr(context, FLAG, False))
