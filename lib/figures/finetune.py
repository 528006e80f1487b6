"""Charts of /finetune: data in, plain Plotly figures out (dictionaries, not validated in a rerun)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from lib.figures.palette import palette
from lib.figures.style import base_layout


@dataclass(frozen=True)
class Line:
    """One curve: its place among the colours, its name, and points (x, accuracy 0 to 1)."""

    colour: int
    name: str
    points: tuple[tuple[int, float], ...]
    dash: str = "solid"
    """Another comparison's kind of dashes; only a solid line stands in the legend."""


def accuracy_chart(
    lines: Sequence[Line], *, x_title: str, y_title: str, last_x: int, dark: bool, height: int = 300
) -> dict[str, Any]:
    """Accuracy in percent over steps or labels, on a logarithmic axis: the first steps have room.

    Step 0 stands left of step 1. The axes reach to ``last_x`` and 100 % from the start, so that nothing jumps.

    >>> chart = accuracy_chart([Line(0, "full", ((0, 0.2), (1, 0.4)))], x_title="step", y_title="%", last_x=300,
    ...                        dark=False)
    >>> chart["data"][0]["x"], chart["data"][0]["y"]
    ([0.5, 1], [20.0, 40.0])
    """
    series = palette(dark=dark).series
    layout = base_layout(dark=dark, height=height, x_title=x_title, y_title=y_title)
    from_zero = any(x == 0 for line in lines for x, _ in line.points)
    ticks = [tick for tick in (1, 2, 5, 10, 20, 50, 100, 200, 500) if tick <= last_x]
    layout["xaxis"] |= {
        "type": "log",
        "range": [_log(0.5 if from_zero else max(1, ticks[0]) * 0.9), _log(last_x * 1.1)],
        "tickvals": [0.5, *ticks] if from_zero else ticks,
        "ticktext": ["0", *map(str, ticks)] if from_zero else [str(tick) for tick in ticks],
    }
    layout["yaxis"] |= {"range": [0, 102]}
    return {"data": [_trace(line, series[line.colour]) for line in lines], "layout": layout}


def _trace(line: Line, colour: str) -> dict[str, Any]:
    is_first = line.dash == "solid"
    return {
        "type": "scatter",
        "mode": "lines+markers",
        "name": line.name,
        "x": [0.5 if x == 0 else x for x, _ in line.points],
        "y": [round(100 * y, 2) for _, y in line.points],
        "line": {"color": colour, "width": 3 if is_first else 2, "dash": line.dash},
        "marker": {"size": 5 if is_first else 3},
        "showlegend": is_first,
    }


def _log(value: float) -> float:
    import math

    return math.log10(value)
