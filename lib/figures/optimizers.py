"""Charts of /optimizers as plain dicts: curves over steps, a learning-rate range test."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from lib.figures.palette import palette
from lib.figures.style import base_layout

DASHES = ("solid", "dash", "dot", "dashdot", "longdash", "longdashdot")


@dataclass(frozen=True)
class Curve:
    """A named line; ``x`` counts from ``first``."""

    name: str
    values: Sequence[float]
    first: int = 0


def curves_figure(
    curves: Sequence[Curve], *, x_title: str, y_title: str, dark: bool, height: int = 380, log_y: bool = False
) -> dict[str, Any]:
    """Lines over steps, each with a colour and a dash of its own: some lie upon one another.

    >>> figure = curves_figure([Curve("a", [1.0, 0.5])], x_title="step", y_title="p", dark=False)
    >>> figure["data"][0]["y"]
    [1.0, 0.5]
    """
    layout = base_layout(dark=dark, height=height, x_title=x_title, y_title=y_title)
    layout["showlegend"] = True
    layout["legend"]["font"] = {"size": 15}
    if log_y:
        layout["yaxis"]["type"] = "log"
    data = [
        {
            "type": "scatter",
            "mode": "lines",
            "name": curve.name,
            "x": list(range(curve.first, curve.first + len(curve.values))),
            "y": list(curve.values),
            "line": {"color": colour, "width": 5 - 0.6 * i, "dash": DASHES[i % len(DASHES)]},
        }
        for i, (curve, colour) in enumerate(zip(curves, palette(dark=dark).series, strict=False))
    ]
    return {"data": data, "layout": layout}
