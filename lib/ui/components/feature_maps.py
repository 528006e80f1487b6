"""A small CNN at work: every layer's maps while the pen moves, and the sums behind a cell. All of it in the browser."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from lib.core.digits.maps_look import MAX_SHIFT
from lib.core.digits.samples import sample_digits
from lib.core.training.browser_network import browser_network
from lib.core.training.config import TrainConfig
from lib.figures.palette import palette
from lib.ui.components.base import browser_component, packed
from lib.ui.lang import Lang
from lib.ui.texts.frame import FRAME_TEXTS
from lib.ui.texts.maps import MAPS_TEXTS

KEY = "feature_maps"
_mount = browser_component("feature_maps", html='<div class="maps"></div>')
_mount_panel = browser_component("maps_panel", html='<div class="maps-panel"></div>')


@dataclass(frozen=True, eq=False)
class Shown:
    """A network by an id that stands for its weights ("cnn", a run's id), with its settings and weights."""

    id: str
    config: TrainConfig
    weights: Mapping[str, NDArray[np.float32]]


def feature_maps(
    network: Shown,
    *,
    lang: Lang,
    dark: bool,
    canvas: str = "",
    has_digits: bool = True,
    on_look_change: Callable[[], None] | None = None,
) -> None:
    """Draw the network as a row of maps that ends in ten bars.

    ``has_digits`` offers test digits to choose. ``canvas`` is the key of the ``st.container`` with the drawing
    canvas in it. What the learner changed comes as the component's ``look``, a text as in
    ``lib.core.digits.maps_look``: ``on_look_change=reported(TABLE, LOOK, KEY)``. What changes from run to run
    comes from ``live_feed``; the sums of a cell are drawn where :func:`maps_panel` stands.
    """
    with st.container(key=f"{KEY}_box"):
        _mount(
            key=KEY,
            data=_props(network.id, network, lang, dark, canvas, has_digits),
            on_look_change=on_look_change or _ignore,
        )


def maps_panel() -> None:
    """A place for the sums of the cell that is pointed at."""
    _mount_panel(key="maps_panel")


@st.cache_data(show_spinner=False, max_entries=64)
def _props(network_id: str, _network: Shown, lang: Lang, dark: bool, canvas: str, has_digits: bool) -> str:  # noqa: ARG001
    """All that stays the same from run to run, once for everybody who sees the same."""
    samples, colours = sample_digits(), palette(dark=dark)
    return json.dumps(
        {
            "network": browser_network(_network.config, _network.weights),
            "digits": {
                "numbers": samples.numbers,
                "labels": samples.labels,
                "pixels": packed(samples.pixels),
            },
            "labels": {**asdict(MAPS_TEXTS[lang]), **FRAME_TEXTS[lang].signs},
            "colours": colours.named("input", "weight", "output", "padding", "wrong", "ink", "paper", "grid"),
            "hasDigits": has_digits,
            "mostShift": MAX_SHIFT,
            "canvas": f".st-key-{canvas}" if canvas else "",
        },
        ensure_ascii=False,
    )


def _ignore() -> None:
    """Without it the component would have no ``look`` to report."""
