"""A digit's way into the network, and the network's reasons: drawn, and explored, in the browser."""

from __future__ import annotations

import json
from dataclasses import asdict

import numpy as np
from numpy.typing import NDArray

from lib.core.digits.inside import Inside
from lib.core.digits.prepare import Prepared
from lib.figures.digits import png_uri
from lib.figures.palette import Palette
from lib.lessons.draw.texts import InsideTexts, StagesTexts
from lib.ui.components.base import browser_component, packed

_INT16 = 32767
_mount = browser_component("digit", html='<div class="digit"></div>')


def _whole(values: NDArray[np.float64]) -> tuple[str, float]:
    """Numbers as 16-bit fractions of the largest, which comes with them: a third of what text would take."""
    scale = float(np.abs(values).max()) or 1.0
    return packed(np.rint(values / scale * _INT16), np.int16), scale


def _colours(colours: Palette) -> dict[str, str]:
    return colours.named("input", "weight", "output", "paper")


def digit_stages(prepared: Prepared, *, labels: StagesTexts, reading: str, colours: Palette) -> None:
    """Draw the stages of preparing a drawing, and the 28 x 28 pixels that are fed, each with its number."""
    box = prepared.box
    down, right = prepared.shift
    _mount(
        key="digit_stages",
        data=json.dumps(
            {
                "view": "stages",
                "reading": reading,
                "isRaw": prepared.is_raw,
                "drawing": png_uri(prepared.drawing),
                "box": [box.top, box.left, box.height, box.width, *prepared.drawing.shape],
                "cropped": png_uri(prepared.cropped),
                "scaled": {
                    "height": prepared.scaled.shape[0],
                    "width": prepared.scaled.shape[1],
                    "pixels": packed(prepared.scaled, np.uint8),
                },
                "fed": packed(prepared.fed, np.uint8),
                "centre": [prepared.centre[0] + down, prepared.centre[1] + right],
                "labels": asdict(labels),
                "colours": _colours(colours),
            },
            ensure_ascii=False,
        ),
    )


def digit_inside(
    inside: Inside,
    fed: NDArray[np.uint8],
    probabilities: NDArray[np.float32],
    *,
    network: str,
    activation: str,
    labels: InsideTexts,
    reading: str,
    colours: Palette,
) -> None:
    """Draw why the logits are what they are: sums over units, pixels for and against, single units.

    ``network`` is the id under which the bars have the network: the browser computes the slopes from its weights,
    so that they need not be sent with each stroke. Where it is empty they are.
    """
    slopes, slope_scale = ("", 0.0) if network else _whole(inside.slopes)
    units = []
    for each in inside.units:
        slope, scale = ("", 0.0) if network else _whole(each.slope)
        numbers = {"constant": each.constant, "total": each.total, "value": each.value}
        units.append({"unit": each.unit, "slope": slope, "scale": scale, **numbers})
    _mount(
        key="digit_inside",
        data=json.dumps(
            {
                "view": "inside",
                "reading": reading,
                "fed": packed(fed, np.uint8),
                "predicted": int(inside.logits.argmax()),
                "logits": inside.logits.tolist(),
                "probabilities": probabilities.tolist(),
                "bias": inside.bias.tolist(),
                "constants": inside.pixel_constant.tolist(),
                "network": network,
                "derivatives": [packed(values, np.float64) for values in inside.derivatives]
                if network
                else [],
                "slopes": slopes,
                "slopeScale": slope_scale,
                "terms": packed(inside.unit_terms, np.float32),
                "layers": [packed(values, np.float32) for values in inside.layers],
                "isExact": inside.is_exact,
                "isDeep": len(inside.layers) > 1,
                "activation": activation,
                "units": units,
                "labels": asdict(labels),
                "colours": _colours(colours),
            },
            ensure_ascii=False,
        ),
    )
