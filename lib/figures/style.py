"""How every chart looks: transparent paper, labelled axes, room for the data, nothing that jumps."""

from __future__ import annotations

from typing import Any

import plotly.graph_objects as go

from lib.figures.palette import palette

CONFIG: dict[str, Any] = {
    "displaylogo": False,
    "displayModeBar": False,
    "responsive": True,
    "scrollZoom": False,
}
"""For ``st.plotly_chart(config=)``."""

FONT = "Source Sans, Source Sans Pro, Noto Sans SC, Noto Sans CJK SC, sans-serif"
FONT_SIZE = 14
DASHES = ("solid", "dash", "dot", "dashdot")
"""Of lines that colour alone does not tell apart."""


def base_layout(*, dark: bool, height: int, x_title: str, y_title: str) -> dict[str, Any]:
    """The common style as a plain dict, which costs nothing to make; ``height`` in pixels.

    >>> base_layout(dark=False, height=200, x_title="Epoch", y_title="Loss")["xaxis"]["title"]["text"]
    'Epoch'
    """
    colours = palette(dark=dark)
    axis = {
        "gridcolor": colours.grid,
        "zeroline": False,
        "linecolor": colours.muted,
        "tickfont": {"size": FONT_SIZE - 1},
        "automargin": True,
    }
    return {
        "height": height,
        "margin": {"l": 8, "r": 12, "t": 12, "b": 8},
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "font": {"family": FONT, "size": FONT_SIZE, "color": colours.ink},
        "xaxis": {**axis, "title": {"text": x_title, "font": {"size": FONT_SIZE}}},
        "yaxis": {**axis, "title": {"text": y_title, "font": {"size": FONT_SIZE}}},
        "legend": {"orientation": "h", "x": 0, "y": 1.02, "yanchor": "bottom", "title": {"text": ""}},
        "hovermode": "closest",
        "uirevision": "keep",
    }


def base_figure(*, dark: bool, height: int, x_title: str, y_title: str) -> go.Figure:
    """An empty chart in the common style; ``height`` in pixels.

    >>> base_figure(dark=False, height=200, x_title="Epoch", y_title="Loss").layout.xaxis.title.text
    'Epoch'
    """
    layout = base_layout(dark=dark, height=height, x_title=x_title, y_title=y_title)
    return go.Figure(layout={**layout, "template": "none"})


def literal(name: str) -> str:
    """A learner's name as Plotly takes it, in legends and hover texts: without tags and slots of its own.

    >>> literal("lr<0.1, wd>0")
    'lr&lt;0.1, wd&gt;0'
    """
    for sign, written in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ("%", "&#37;")):
        name = name.replace(sign, written)
    return name
