"""The map of words that an embedding learned, moving from its first table to its last."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lib.figures.palette import Palette
from lib.ui.components.base import browser_component

_mount = browser_component("wordmap", html='<div class="wordmap"></div>')


@dataclass(frozen=True)
class WordMapLabels:
    """What the map says; ``map`` is its reading for screen readers."""

    play: str
    step: str
    loss: str
    map: str


def wordmap(
    *,
    frames: NDArray[np.float32],
    words: Sequence[str],
    groups: Sequence[int],
    names: Sequence[str],
    steps: Sequence[int],
    losses: Sequence[float],
    chosen: int,
    near: Sequence[int],
    labels: WordMapLabels,
    colours: Palette,
) -> None:
    """Draw the map: ``frames`` (snapshots, words, 2), ``groups`` the group's number of each word."""
    _mount(
        key="wordmap",
        data=json.dumps(
            {
                "frames": np.round(frames, 3).tolist(),
                "words": list(words),
                "groups": list(groups),
                "names": list(names),
                "steps": list(steps),
                "losses": list(losses),
                "chosen": chosen,
                "near": list(near),
                "labels": {"play": labels.play, "step": labels.step, "loss": labels.loss, "map": labels.map},
                "colours": {**colours.named("ink", "muted"), "series": colours.series},
            },
            ensure_ascii=False,
        ),
    )
