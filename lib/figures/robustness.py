"""Class probabilities while a digit is moved, turned or blurred. Data in, figure out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from lib.figures.palette import palette
from lib.figures.style import DASHES, base_figure, base_layout, literal

_HEIGHT = 320
_WORTH_A_COLOUR = 0.15


def curve_figure(
    values: NDArray[np.float64],
    probabilities: NDArray[np.float32],
    *,
    at: float,
    digit: int,
    x_title: str,
    y_title: str,
    dark: bool,
) -> go.Figure:
    """(P,) values and (P, 10) probabilities -> a line a class; ``at`` is where the digit is now.

    The first reading ``digit`` is bold. Classes that never matter stay thin and grey; the others have their
    digit beside their highest point, so that colour alone does not tell them apart.
    """
    colours = palette(dark=dark)
    figure = base_figure(dark=dark, height=_HEIGHT, x_title=x_title, y_title=y_title)
    order = [digit, *(k for k in np.argsort(-probabilities.max(axis=0)) if k != digit)]
    for place, k in enumerate(order):
        heights = 100 * probabilities[:, k]
        matters = k == digit or heights.max() >= 100 * _WORTH_A_COLOUR
        colour = colours.series[place % len(colours.series)] if matters else colours.grid
        figure.add_scatter(
            x=values,
            y=heights.astype(np.float32),
            name=str(k),
            mode="lines",
            line={
                "color": colour,
                "width": 3.5 if k == digit else 2 if matters else 1,
                "dash": DASHES[place % len(DASHES)] if matters else "solid",
            },
            hovertemplate=f"{k}: %{{y:.1f}} %<extra></extra>",
            showlegend=False,
        )
        if matters:
            top = int(heights.argmax())
            figure.add_annotation(
                x=values[top],
                y=float(heights[top]),
                text=f"<b>{k}</b>",
                showarrow=False,
                yshift=12,
                font={"color": colour, "size": 15},
            )
    figure.add_vline(x=at, line={"color": colours.ink, "width": 1.5, "dash": "dot"})
    figure.update_xaxes(range=[float(values[0]), float(values[-1])])
    figure.update_yaxes(range=[0, 112], tickvals=[0, 25, 50, 75, 100])
    figure.update_layout(hovermode="x")
    return figure


def networks_figure(
    values: NDArray[np.float64],
    probabilities: Mapping[str, NDArray[np.float32]],
    *,
    at: float,
    x_title: str,
    y_title: str,
    dark: bool,
) -> dict[str, Any]:
    """(P,) values and for each network's name (P,) probabilities of one digit -> a line a network.

    >>> line = {"net": np.array([0.5, 1.0], np.float32)}
    >>> made = networks_figure(np.array([0.0, 1.0]), line, at=0, x_title="x", y_title="y", dark=False)
    >>> made["data"][0]["name"], made["data"][0]["y"]
    ('net', [50.0, 100.0])
    """
    colours = palette(dark=dark)
    layout = base_layout(dark=dark, height=_HEIGHT - 60, x_title=x_title, y_title=y_title)
    lines = [
        {
            "type": "scatter",
            "mode": "lines",
            "name": literal(name),
            "x": values.tolist(),
            "y": [round(100 * float(share), 2) for share in shares],
            "line": {
                "color": colours.series[place % len(colours.series)],
                "width": 3,
                "dash": DASHES[place % len(DASHES)],
            },
        }
        for place, (name, shares) in enumerate(probabilities.items())
    ]
    layout["xaxis"]["range"] = [float(values[0]), float(values[-1])]
    layout["yaxis"].update({"range": [0, 105], "tickvals": [0, 25, 50, 75, 100]})
    layout["shapes"] = [
        {
            "type": "line",
            "xref": "x",
            "yref": "paper",
            "x0": at,
            "x1": at,
            "y0": 0,
            "y1": 1,
            "line": {"color": colours.ink, "width": 1.5, "dash": "dot"},
        }
    ]
    layout["showlegend"] = True
    return {"data": lines, "layout": layout}


def spans_read_as(
    values: Sequence[float] | NDArray[np.float64], probabilities: NDArray[np.float32], digit: int
) -> tuple[tuple[float, float], ...]:
    """First and last of each run of values, one beside the other, at which ``digit`` is the most probable class.

    >>> steps = np.array([-1.0, 0.0, 1.0, 2.0])
    >>> spans_read_as(steps, np.eye(10, dtype=np.float32)[[3, 7, 7, 3]], 7)
    ((0.0, 1.0),)
    >>> spans_read_as(steps, np.eye(10, dtype=np.float32)[[7, 3, 3, 7]], 7)
    ((-1.0, -1.0), (2.0, 2.0))
    """
    steps = np.asarray(values)
    is_read = (probabilities.argmax(axis=1) == digit) & np.isfinite(probabilities).all(axis=1)
    changes = np.diff(np.concatenate([[0], is_read.astype(np.int8), [0]]))
    first, last = np.flatnonzero(changes == 1), np.flatnonzero(changes == -1) - 1
    return tuple((float(steps[a]), float(steps[b])) for a, b in zip(first, last, strict=True))
