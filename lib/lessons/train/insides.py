"""The inside of a training, live and afterwards: hands the browser the pictures that it does not have yet."""

from __future__ import annotations

import base64
import json
import math
import zlib
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import streamlit as st

from lib.core.mnist import load_mnist
from lib.core.training.closer import DigitReport
from lib.core.training.config import CLASSES
from lib.core.training.picture_codec import ten_digits
from lib.core.training.reports import Picture
from lib.figures.palette import palette
from lib.jobs.views import RunStatus
from lib.lessons.train.state import AT, SENT, TABLE, Sent
from lib.lessons.train.texts import TrainTexts
from lib.ui.components.base import browser_component, packed
from lib.ui.frame import Frame
from lib.ui.runs.closer import closer_look, digit_reports
from lib.ui.runs.runs import Shown
from lib.ui.state import State, reported

KEY = "insides"
_mount = browser_component("insides", html='<div class="insides"></div>')


def insides(view: Frame, state: State, texts: TrainTexts, shown: Shown, name: str, digit: bytes) -> None:
    """Draw the run's pictures: what is new since the last redraw is sent, everything where the browser asks.

    ``digit`` is the learner's last one, 28 x 28 bytes; empty without any.
    """
    run, sent = shown.view, state[SENT]
    if sent.run != run.id:
        sent = Sent(run.id)
    stretches, near = closer_look(run, digit)
    answers = {each.step: each for each in (*digit_reports(run, digit), *near)}
    new = [picture for picture in run.pictures if picture.step > sent.last]
    close = [
        picture
        for stretch in stretches
        for picture in stretch
        if picture.step > sent.stretches.get(stretch[0].step, -1)
    ]
    has_news = (digit, len(answers)) != (sent.digit, sent.answers)
    header = {
        "run": run.id,
        "name": name,
        "from": sent.last,
        "items": [_item(picture) for picture in new] + [{**_item(each), "isClose": True} for each in close],
        "total": run.total_steps,
        "floor": shown.config.loss_floor,
        "isGoingOn": run.status is RunStatus.RUNNING,
        "stepsPerEpoch": shown.config.steps_per_epoch,
        "digits": _digits() if sent.last < 0 else "",
        "own": _own(digit, answers) if has_news else None,
        "said": f"{zlib.crc32(digit)} {len(answers)}" if digit else "",
        "labels": texts.insides,
        "colours": palette(dark=view.dark).named(
            "input", "weight", "output", "wrong", "muted", "ink", "paper", "grid"
        ),
        "at": state[AT],
        "news": state.news,
    }
    ends = {stretch[0].step: stretch[-1].step for stretch in stretches if stretch}
    last = new[-1].step if new else sent.last
    state.set(SENT, Sent(run.id, last, {**sent.stretches, **ends}, digit, len(answers)))
    _mount(
        key=KEY,
        data=message(header, [*new, *close]),
        on_at_change=reported(TABLE, AT, KEY),
        on_ask_change=_send_again,
    )


def _own(digit: bytes, answers: Mapping[int, DigitReport]) -> dict[str, Any]:
    """The learner's digit, and what the network said of it: step by step, in 255ths; empty without one."""
    said = [answers[step] for step in sorted(answers)]
    shares = np.array([each.probabilities for each in said], np.float32).reshape(len(said), CLASSES)
    finite = np.nan_to_num(shares, nan=0.0)
    return {
        "digit": base64.b64encode(digit).decode("ascii"),
        "steps": [each.step for each in said],
        "probabilities": packed((finite * 255).round(), np.uint8),
    }


def _send_again() -> None:
    TABLE.change({SENT: Sent()})


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
    return packed(images)
