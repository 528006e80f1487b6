"""What a learner has on the page /draw: the drawing, an uploaded picture, and the tray. A reload keeps it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import streamlit as st

from lib.core.digits.ink import Stroke, encode_strokes, is_strokes, parse_strokes
from lib.core.digits.prepare import Ink
from lib.core.digits.tray import KeptDigit
from lib.ui.address import keep_in_address
from lib.ui.owner import learner_store

INK_KEY = "ink"
_STATE_KEY = "_desk"
_STORE_KEY = "draw"


@dataclass
class Kept:
    """The learner's own, shared by their tabs: it outlives a reload, as the drawing in the address does."""

    tray: list[KeptDigit] = field(default_factory=list)
    upload: Ink | None = None


@dataclass
class Desk:
    """One tab's drawing.

    ``strokes`` is what is on the canvas; ``cleared`` what was on it before it was emptied. ``initial`` are the
    objects with which the canvas was last made to begin, the ``revision``-th, and ``stale`` the drawing that it
    still reported then.
    """

    strokes: tuple[Stroke, ...] = ()
    cleared: tuple[Stroke, ...] = ()
    initial: list[dict[str, Any]] = field(default_factory=list)
    revision: int = 0
    stale: Any = None


def desk() -> Desk:
    """This tab's; at first with the drawing that the address holds."""
    if _STATE_KEY not in st.session_state:
        text = st.query_params.get(INK_KEY, "")
        st.session_state[_STATE_KEY] = Desk(strokes=parse_strokes(text) if is_strokes(text) else ())
    found: Desk = st.session_state[_STATE_KEY]
    return found


def kept() -> Kept:
    """This learner's."""
    found: Kept = learner_store().setdefault(_STORE_KEY, Kept())
    return found


def write_address(strokes: tuple[Stroke, ...]) -> None:
    """Let the address hold the drawing: a reload, or whoever gets the link, sees it."""
    keep_in_address(INK_KEY, encode_strokes(strokes) or None)
