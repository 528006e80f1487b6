"""The moving picture of the home page."""

from __future__ import annotations

import json
from collections.abc import Sequence

from lib.figures.palette import Palette
from lib.ui.components.base import browser_component

_mount = browser_component("hero", html='<div class="hero" role="img"></div>')


def hero(
    *,
    pixels: Sequence[Sequence[float]],
    kernel: Sequence[Sequence[float]],
    output: Sequence[Sequence[float]],
    stride: int,
    reading: str,
    colours: Palette,
) -> None:
    """A kernel that slides over a picture: (H, H) pixels from 0 to 1, (F, F) weights, (O, O) results."""
    _mount(
        key="hero",
        data=json.dumps(
            {
                "pixels": [value for row in pixels for value in row],
                "size": len(pixels),
                "kernel": [value for row in kernel for value in row],
                "stride": stride,
                "output": [value for row in output for value in row],
                "out": len(output),
                "reading": reading,
                "colours": colours.named("input", "weight", "output", "padding", "ink", "paper"),
            },
            ensure_ascii=False,
        ),
    )
