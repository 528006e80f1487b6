"""Charts of /workflow: data in, a plain Plotly figure out."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from lib.core.thin import smooth
from lib.figures.palette import palette
from lib.figures.style import base_figure


def loss_figure(
    paths: Sequence[tuple[str, NDArray[np.float32]]], *, x_title: str, y_title: str, dark: bool
) -> go.Figure:
    """Losses over steps, one smoothed curve a path: name and (steps,) float32.

    >>> figure = loss_figure([("A", np.ones(3, np.float32))], x_title="step", y_title="loss", dark=False)
    >>> figure.data[0].name
    'A'
    """
    figure = base_figure(dark=dark, height=240, x_title=x_title, y_title=y_title)
    for (name, losses), colour in zip(paths, palette(dark=dark).series, strict=False):
        figure.add_scatter(
            x=list(range(1, len(losses) + 1)),
            y=smooth(losses, 0.9).round(4).tolist(),
            name=name,
            line={"color": colour, "width": 2.5},
        )
    return figure
