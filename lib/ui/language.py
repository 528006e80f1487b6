"""Which language this learner reads: the address's, else what they chose, else their browser's."""

from __future__ import annotations

import streamlit as st

from lib.ui.lang import Lang


def browser_language() -> Lang:
    """What the browser asks for; English where that is neither."""
    return Lang.ZH if (st.context.locale or "").lower().startswith("zh") else Lang.EN


def known_language() -> Lang:
    """The language to speak now, also before the page's own widgets are there."""
    in_address = st.query_params.get("lang")
    chosen = in_address if in_address in list(Lang) else st.session_state.get("lang")
    return Lang(chosen) if chosen in list(Lang) else browser_language()
