"""The inside of a training, live and afterwards: hands the browser the pictures that it does not have yet."""

from __future__ import annotations

import base64
import json
import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import streamlit as st

from lib.core.mnist import load_mnist
from lib.core.training.picture_codec import ten_digits
from lib.core.training.reports import Picture
from lib.figures.palette import palette
from lib.lessons.train.state import AT, SENT, TABLE
from lib.lessons.train.texts import TrainTexts
from lib.ui.components.base import browser_component
from lib.ui.frame import Frame
from lib.ui.runs.runs import Shown
from lib.ui.state import State, reported

KEY = "insides"
_COLOURS = ("input", "weight", "output", "wrong", "muted", "ink", "paper", "grid")
_mount = browser_component("insides", html='<div class="insides"></div>')


def insides(view: Frame, state: State, texts: TrainTexts, shown: Shown, name: str) -> None:
    """Draw the run's pictures: what is new since the last redraw is sent, everything where the browser asks."""
    run = shown.view
    sent_run, last = state[SENT]
    if sent_run != run.id:
        last = -1
    new = [picture for picture in run.pictures if picture.step > last]
    header = {
        "run": run.id,
        "name": name,
        "from": last,
        "items": [_item(picture) for picture in new],
        "total": run.total_steps,
        "floor": shown.config.loss_floor,
        "stepsPerEpoch": shown.config.steps_per_epoch,
        "digits": _digits() if last < 0 else "",
        "labels": texts.insides,
        "colours": {each: getattr(palette(dark=view.dark), each) for each in _COLOURS},
        "at": state[AT],
        "news": state.news,
    }
    if new:
        state.set(SENT, (run.id, new[-1].step))
    _mount(
        key=KEY,
        data=message(header, new),
        on_at_change=reported(TABLE, AT, KEY),
        on_ask_change=_send_again,
    )


def _send_again() -> None:
    TABLE.change({SENT: ("", -1)})


def message(header: dict[str, Any], pictures: Sequence[Picture]) -> bytes:
    """As assets/components/insides/history.js takes it.

    >>> message({}, [])
    b'\\x02\\x00\\x00\\x00{}'
    """
    text = json.dumps(header, ensure_ascii=False, allow_nan=False).encode()
    parts = [part for each in pictures for part in (each.levels, each.probabilities, each.confusion)]
    return b"".join((len(text).to_bytes(4, "little"), text, *parts))


def _item(picture: Picture) -> dict[str, Any]:
    return {
        "step": picture.step,
        "after": picture.after,
        "loss": picture.loss if math.isfinite(picture.loss) else None,
        "count": picture.count,
        "side": picture.side,
        "isFinite": picture.is_finite,
        "sizes": [len(picture.levels), len(picture.probabilities), len(picture.confusion)],
    }


@st.cache_data(show_spinner=False)
def _digits() -> str:
    mnist = load_mnist()
    images = mnist.test_images[ten_digits(mnist.test_labels)]
    return base64.b64encode(np.ascontiguousarray(images).tobytes()).decode("ascii")
