"""Charts of /optimizers as plain dicts: curves over steps, a learning-rate range test."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from lib.figures.palette import palette
from lib.figures.style import DASHES, base_layout

_DASHES = (*DASHES, "longdash", "longdashdot")
_CURVES_HEIGHT = 380


@dataclass(frozen=True)
class Curve:
    """A named line; ``x`` counts from ``first``."""

    name: str
    values: Sequence[float]
    first: int = 0


def curves_figure(curves: Sequence[Curve], *, x_title: str, y_title: str, dark: bool) -> dict[str, Any]:
    """Lines over steps, each with a colour and a dash of its own: some lie upon one another.

    >>> figure = curves_figure([Curve("a", [1.0, 0.5])], x_title="step", y_title="p", dark=False)
    >>> figure["data"][0]["y"]
    [1.0, 0.5]
    """
    layout = base_layout(dark=dark, height=_CURVES_HEIGHT, x_title=x_title, y_title=y_title)
    layout["showlegend"] = True
    layout["legend"]["font"] = {"size": 15}
    data = [
        {
            "type": "scatter",
            "mode": "lines",
            "name": curve.name,
            "x": list(range(curve.first, curve.first + len(curve.values))),
            "y": list(curve.values),
            "line": {"color": colour, "width": 5 - 0.6 * i, "dash": _DASHES[i % len(_DASHES)]},
        }
        for i, (curve, colour) in enumerate(zip(curves, palette(dark=dark).series, strict=False))
    ]
    return {"data": data, "layout": layout}


@dataclass(frozen=True)
class Series:
    """A named line with its own x; ``marked`` is the place of a point to stress."""

    name: str
    x: Sequence[float]
    y: Sequence[float]
    marked: int | None = None


def lines_figure(
    lines: Sequence[Series],
    *,
    x_title: str,
    y_title: str,
    dark: bool,
    x_range: tuple[float, float],
    y_high: float,
    log_x: bool = False,
    height: int = 420,
) -> dict[str, Any]:
    """Lines over a fixed range, so that nothing jumps while points arrive; ``y_high`` cuts off what explodes.

    >>> one = Series("a", [1, 2], [2.3, 1.0], marked=1)
    >>> made = lines_figure([one], x_title="s", y_title="l", dark=False, x_range=(0, 9), y_high=3)
    >>> [trace["mode"] for trace in made["data"]]
    ['lines', 'markers']
    """
    layout = base_layout(dark=dark, height=height, x_title=x_title, y_title=y_title)
    layout["showlegend"] = True
    layout["legend"]["font"] = {"size": 15}
    layout["xaxis"] |= {
        "range": list(x_range),
        "type": "log" if log_x else "linear",
        "exponentformat": "power",
    }
    layout["yaxis"]["range"] = [0, y_high]
    data: list[dict[str, Any]] = []
    for line, colour in zip(lines, palette(dark=dark).series, strict=False):
        drawn = {"type": "scatter", "name": line.name, "x": list(line.x), "y": list(line.y)}
        data.append({**drawn, "mode": "lines", "line": {"color": colour, "width": 3}})
        if line.marked is not None:
            place = line.marked
            data.append(
                {
                    **drawn,
                    "x": [line.x[place]],
                    "y": [line.y[place]],
                    "mode": "markers",
                    "showlegend": False,
                    "marker": {"color": colour, "size": 15, "line": {"color": "white", "width": 2}},
                }
            )
    return {"data": data, "layout": layout}
