"""A callback that fails leaves its page standing.

Streamlit's own way is to give up the page: what was on it goes, while its timers still draw into places that are
no longer there, which leaves the browser with an empty page. Here the rest of the page is drawn as ever.

Private: ``SessionState._run_callback_and_record_rerun``. Without it the page is given up, with the boundary's
message on it where it has no timers.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

import streamlit as st
from streamlit.runtime.state.session_state import SessionState

from lib.ui.adapters.replaced import Part, replace_once

METHOD = "_run_callback_and_record_rerun"
_log = logging.getLogger(__name__)


def guard_callbacks(handler: Callable[[Exception], object]) -> bool:
    """Let ``handler`` know of a callback's error, then draw the page; False where Streamlit has no such place.

    Once a process; further calls do nothing.
    """

    def guard(original: Part) -> Part:
        def guarded(state: Any, votes: Any, run: Callable[[], None]) -> None:
            def safely() -> None:
                try:
                    run()
                except Exception as error:
                    _log.exception("a callback failed")
                    handler(error)
                    st.rerun()  # the whole page, whatever part of it the callback belongs to

            original(state, votes, safely)

        return guarded

    return replace_once(SessionState, METHOD, guard)
