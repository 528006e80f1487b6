"""Hands what changes from run to run to the pictures that live in the browser: see assets/components/live_feed."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from lib.ui.components.base import browser_component, packed

_mount = browser_component("live_feed")


def live_feed(
    *,
    picture: NDArray[np.uint8] | None = None,
    revision: int = 0,
    canvas: str = "",
    raw: bool = False,
    answers: Mapping[str, Sequence[float]] | None = None,
    look: str = "",
    news: int = 0,
) -> None:
    """Once a page. To the feature maps: ``look`` from the address, ``picture`` (28, 28) that is no drawing.

    To the bars: ``canvas``, the key of the ``st.container`` with the drawing canvas in it where the digit is
    drawn, ``raw`` whether it is only shrunk, and ``picture``, what the server made of the digit; ``answers`` are
    logits (10,) of it, by the ids of networks that are too large to be sent. ``news`` and ``revision`` rise where
    the look or the picture is another one than in the run before.
    """
    pixels = "" if picture is None else packed(picture)
    selector = f".st-key-{canvas}" if canvas else ""
    values = {
        "picture": pixels,
        "revision": revision,
        "canvas": selector,
        "raw": raw,
        "answers": {} if answers is None else {name: list(logits) for name, logits in answers.items()},
        "look": look,
        "news": news,
    }
    _mount(key="live_feed", data=json.dumps(values))
