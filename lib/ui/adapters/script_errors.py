"""The handler of a page's errors where no ``st.App`` takes one: the stand-in for the door's ``on_script_error``.

Private: ``on_script_error`` of the script's context, ``_on_script_error`` of its session, and the way from the
runtime to the session. Without them Streamlit shows its own box, in English.
"""

from __future__ import annotations

import logging
from collections.abc import Callable

from streamlit.runtime import Runtime
from streamlit.runtime.scriptrunner import get_script_run_ctx

_log = logging.getLogger(__name__)


def is_served() -> bool:
    """Whether a real server runs the pages. In a test of a page, errors shall reach the test."""
    return Runtime.exists() and type(Runtime.instance()) is Runtime  # a test has a stand-in of that class


def handle_script_errors(handler: Callable[[Exception], bool]) -> None:
    """Let ``handler`` answer for this run of the page and for all later ones of its session.

    Does nothing where a handler is there already, as behind the door.
    """
    context = get_script_run_ctx()
    if context is None or context.on_script_error is not None:
        return
    context.on_script_error = handler
    try:
        info = Runtime.instance()._session_mgr.get_session_info(context.session_id)
        if info is not None:
            info.session._on_script_error = handler
    except AttributeError:
        _log.warning(
            "Streamlit's session has changed: errors of fragments and callbacks look like Streamlit's own"
        )
