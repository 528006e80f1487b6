"""What all pages have in their addresses: which language the learner reads (the address's, else what they chose, else
their browser's), and whether a whole room looks at a wall."""

from __future__ import annotations

import streamlit as st

from lib.ui.lang import Lang
from lib.ui.state import EVERY_PAGE, Choice, Flag, Table


def browser_language() -> Lang:
    """What the browser asks for; English where that is neither."""
    return Lang.ZH if (st.context.locale or "").lower().startswith("zh") else Lang.EN


LANG = Choice("lang", Lang, default=browser_language, always=True)
PROJECTOR = Flag("projector", default=False)
FRAME = Table("frame", LANG, PROJECTOR, page=EVERY_PAGE)
"""What all pages have in their addresses."""


PROJECTOR_SCALE = 1.25
"""How much larger than usual everything is on a wall, as in assets/streamlit.css."""


def known_scale() -> float:
    """How much larger than usual what has its size in pixels is to be drawn."""
    return PROJECTOR_SCALE if FRAME.now()[PROJECTOR] else 1.0


def known_language() -> Lang:
    """The language to speak now, also before the page's own widgets are there."""
    return FRAME.now()[LANG]
