"""Plotly charts that change in place.

Streamlit's own chart takes its identity from its data: each new point removes the chart from the page and builds
another one, which flickers and loses zoom and hover text. This one hands the figure to ``Plotly.react``, in the
part of plotly.js that has the charts in use. Browsers fetch it with the first figure that has something to draw.
"""

from __future__ import annotations

import json
from typing import Any

import plotly.graph_objects as go

from lib.figures.style import CONFIG
from lib.ui.adapters.component_files import serve_folder
from lib.ui.components.base import browser_component
from lib.ui.door.files import PLOTLY
from lib.ui.door.presence import is_open


def _library() -> str:
    """Where the browser finds plotly.js, relative to the app's address."""
    file = "plotly-charts.min.js"
    if is_open():
        return PLOTLY.address(file)
    folder = serve_folder(f"shapelab_{PLOTLY.digest}", "plotly", PLOTLY.path.parent, PLOTLY.path.name)
    return f"{folder}/{file}"


LIBRARY = _library()
_REST = f'"config": {json.dumps(CONFIG)}, "library": {json.dumps(LIBRARY)}'

_mount = browser_component("chart", html='<div class="chart"></div>', isolate_styles=False)


def chart_text(figure: dict[str, Any]) -> str:
    """A figure as the browser takes it: what is the same for many is written once.

    >>> chart_text({"data": [], "layout": {"title": "Loß"}})
    '{"data": [], "layout": {"title": "Loß"}}'
    """
    return json.dumps(figure, ensure_ascii=False)


def chart(figure: go.Figure | dict[str, Any] | str, *, key: str, alt: str) -> None:
    """Draw it; ``alt`` is its reading for screen readers. ``key`` is the chart's identity on its page.

    A figure may be a plain dict of ``data`` and ``layout``, as :func:`lib.figures.style.base_layout` begins one,
    or the text that :func:`chart_text` makes of it.
    """
    if isinstance(figure, dict):
        figure = chart_text(figure)
    spec = figure if isinstance(figure, str) else figure.to_json()
    _mount(key=f"_{key}", data=f'{{"spec": {spec}, "alt": {json.dumps(alt, ensure_ascii=False)}, {_REST}}}')
