"""Ten bars for each network, which follow the pen: computed in the browser."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass

import streamlit as st

from lib.core.training.browser_network import browser_network
from lib.figures.palette import palette
from lib.ui.components.base import browser_component
from lib.ui.components.feature_maps import Shown
from lib.ui.lang import Lang
from lib.ui.texts.frame import FRAME_TEXTS

_mount = browser_component("digit_bars", html='<div class="digit-bars"></div>')


@dataclass(frozen=True)
class BarsTexts:
    """What the bars say; slots in braces are filled in the browser. ``verdict``: name, digit, percent;
    ``diverged``: name."""

    verdict: str
    nothing: str
    scores: str
    diverged: str
    lost: str


MAX_SENT = 500_000
"""Parameters: two megabytes."""


def is_sent(network: Shown) -> bool:
    """Whether a network is small enough to be sent to each browser; if not, the server answers once the pen lifts."""
    return network.config.parameter_count <= MAX_SENT


def digit_bars(networks: Sequence[tuple[str, Shown]], *, labels: BarsTexts, lang: Lang, dark: bool) -> None:
    """Draw them for each network, with the name that its learner gave it.

    The digit comes from :func:`lib.ui.components.live_feed.live_feed`.
    """
    names = tuple(name for name, _ in networks)
    shown = tuple(network for _, network in networks)
    _mount(key="digit_bars", data=_props(tuple(each.id for each in shown), names, shown, labels, lang, dark))


@st.cache_data(show_spinner=False, max_entries=64)
def _props(
    ids: tuple[str, ...],  # noqa: ARG001 - stands for the networks in the cache
    names: tuple[str, ...],
    _networks: tuple[Shown, ...],
    labels: BarsTexts,
    lang: Lang,
    dark: bool,
) -> str:
    colours = palette(dark=dark)
    return json.dumps(
        {
            "networks": [
                {
                    "id": each.id,
                    "name": name,
                    "network": browser_network(each.config, each.weights) if is_sent(each) else None,
                }
                for name, each in zip(names, _networks, strict=True)
            ],
            "labels": {**asdict(labels), **FRAME_TEXTS[lang].signs},
            "colours": colours.named("output", "wrong", "ink", "grid"),
        },
        ensure_ascii=False,
    )
