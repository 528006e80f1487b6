"""Which language this learner reads: the address's, else what they chose, else their browser's."""

from __future__ import annotations

import streamlit as st

from lib.ui.lang import Lang
from lib.ui.state import EVERY_PAGE, Choice, Table


def browser_language() -> Lang:
    """What the browser asks for; English where that is neither."""
    return Lang.ZH if (st.context.locale or "").lower().startswith("zh") else Lang.EN


LANG = Choice("lang", Lang, default=browser_language, always=True)
FRAME = Table("frame", LANG, page=EVERY_PAGE)
"""What all pages have in their addresses."""


def known_language() -> Lang:
    """The language to speak now, also before the page's own widgets are there."""
    return FRAME.now()[LANG]
