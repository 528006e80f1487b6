"""The sliding window of /convolution: three linked grids that answer in the browser, without the server."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

from lib.core.conv.data import Pixels
from lib.core.conv.layer import Axis, Layer
from lib.core.conv.legality import Problem
from lib.core.conv.look import (
    MAX_DIGIT,
    MAX_DRAWN,
    MAX_EDITS,
    MAX_SEED,
    MAX_SHIFT,
    MAX_VALUE,
    Look,
)
from lib.figures.palette import Palette
from lib.lessons.convolution.texts import PictureTexts
from lib.ui.components.base import browser_component, packed

KEY = "conv_picture"
FIRST_OF_EACH_DIGIT = (3, 2, 1, 18, 4, 8, 11, 0, 61, 7)
"""The first test image of each digit, 0 to 9."""

LIMITS = {
    "edits": MAX_EDITS,
    "shift": MAX_SHIFT,
    "drawn": MAX_DRAWN,
    "seed": MAX_SEED,
    "digit": MAX_DIGIT,
    "value": MAX_VALUE,
}

_mount = browser_component("conv", html='<div class="conv"></div>')
_mount_feed = browser_component("conv_feed")


@dataclass(frozen=True)
class Shown:
    """What the picture shows: a layer, what PyTorch says against it, and the numbers in it.

    ``drawable`` is False where the layer is too large for its numbers to be computed in the browser; ``relu``
    tells of an activation after it. ``news``
    rises when the look comes from the address and not from the picture itself.
    """

    layer: Layer
    problem: Problem | None
    drawable: bool
    relu: bool
    look: Look
    news: int
    pixels: Pixels


def _axis(axis: Axis) -> dict[str, int]:
    values = asdict(axis)
    values["outputPadding"] = values.pop("output_padding")
    return values


def layer_json(layer: Layer) -> dict[str, Any]:
    """The layer as the browser's arithmetic takes it."""
    return {
        "kind": str(layer.kind),
        "height": _axis(layer.height),
        "width": _axis(layer.width),
        "inChannels": layer.in_channels,
        "outChannels": layer.out_channels,
        "groups": layer.groups,
        "bias": layer.bias,
        "mode": str(layer.padding_mode),
        "named": None if layer.named_padding is None else str(layer.named_padding),
        "ceilMode": layer.ceil_mode,
        "countIncludePad": layer.count_include_pad,
        "batched": layer.batched,
    }


def conv_picture(
    shown: Shown, *, colours: Palette, dark: bool, texts: PictureTexts, on_look: Callable[[], None]
) -> None:
    """Draw it. ``on_look`` is called before the next run once the picture has reported what the learner made of it.

    Two components: the large one gets only what stays the same from run to run, which Streamlit then does not
    send again; a small one hands it what changes.
    """
    _mount(key=KEY, data=_props(texts, colours, dark), on_look_change=on_look)
    spec = {
        "layer": layer_json(shown.layer),
        "problem": None if shown.problem is None else str(shown.problem.reason),
        "drawable": shown.drawable,
        "relu": shown.relu,
        "look": shown.look.text,
        "news": shown.news,
        "digit": shown.look.number,
        "pixels": packed(shown.pixels),
    }
    _mount_feed(key="conv_feed", data=json.dumps(spec))


def _props(texts: PictureTexts, colours: Palette, dark: bool) -> str:
    return json.dumps(
        {
            "labels": asdict(texts),
            "colours": colours.named(
                "input", "weight", "output", "padding", "wrong", "muted", "ink", "paper", "grid"
            ),
            "dark": dark,
            "digits": FIRST_OF_EACH_DIGIT,
            "limits": LIMITS,
        }
    )
