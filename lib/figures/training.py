"""Charts of training runs: losses, accuracy, confusion. Data in, figure out."""

from __future__ import annotations

import base64
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lib.core.thin import smooth, thin
from lib.core.training.reports import EpochReport
from lib.figures.palette import palette
from lib.figures.style import base_layout, literal

TARGET_ACCURACY = 97.0
MAX_POINTS = 800
"""Of all curves of the loss chart together: the whole figure stays under 50 KB."""

Figure = dict[str, Any]
"""A Plotly figure as a plain dict: it costs nothing to make."""

_LOSS_HEIGHT, _SMALL_HEIGHT, _MATRIX_HEIGHT = 320, 280, 400


@dataclass(frozen=True)
class ChartTexts:
    """Words of the charts; slots in braces."""

    epoch: str
    minibatch_loss: str
    loss: str
    train_loss: str
    test_loss: str
    test_accuracy: str
    target: str
    raw: str
    of_run: str
    """Slots: run, what."""
    label: str
    prediction: str
    digit: str
    accuracy: str
    weight_low: str
    weight_high: str
    weight_alt: str
    """Slot: unit."""
    loss_reading: str
    """Slots: name, steps, first, last."""
    accuracy_reading: str
    """Slots: name, epochs, accuracy."""
    confusion_reading: str
    """Slots: correct, total."""
    confusion_mistake: str
    """Slots: label, prediction, count."""
    per_digit_reading: str
    """Slots: best, best_accuracy, worst, worst_accuracy."""
    nothing_yet: str
    floor: str
    """Slot: loss."""


@dataclass(frozen=True)
class RunSeries:
    """One run for the charts: ``losses`` float32, one a minibatch; they cannot fall below ``floor``."""

    name: str
    losses: NDArray[np.float32]
    epochs: tuple[EpochReport, ...]
    steps_per_epoch: int
    total_epochs: int
    floor: float = 0.0


def loss_figure(
    runs: Sequence[RunSeries], texts: ChartTexts, *, smoothing: float, log_y: bool, dark: bool
) -> Figure:
    """Minibatch losses over epochs: raw thin, smoothed bold, one colour a run, never above 50 KB.

    Epochs, not steps, are the horizontal axis, so that runs with other batch sizes can be compared; the range
    is that of the whole run from the start, so that nothing jumps while points arrive. A curve ends where the
    loss is no number any more.
    """
    layout = base_layout(dark=dark, height=_LOSS_HEIGHT, x_title=texts.epoch, y_title=texts.minibatch_loss)
    budget = MAX_POINTS // max(1, len(runs))
    smooth_budget = budget // 4 if smoothing > 0 else 0
    thin_lines, bold_lines = [], []
    for run, colour in zip(runs, palette(dark=dark).series, strict=False):
        losses = run.losses[: finite_steps(run.losses)]
        epochs = np.arange(1, len(losses) + 1, dtype=np.float32) / np.float32(run.steps_per_epoch)
        if smoothing > 0:
            x, y = thin(epochs, smooth(losses, smoothing), smooth_budget)
            bold_lines.append(_line(run.name, x, y, {"color": colour, "width": 2.5}))
        x, y = thin(epochs, losses, budget - smooth_budget)
        name = texts.raw.format(name=run.name) if smoothing > 0 else run.name
        raw = {"color": colour, "width": 1 if smoothing > 0 else 1.5}
        thin_lines.append({**_line(name, x, y, raw), "opacity": 0.35 if smoothing > 0 else 1.0})
    layout["xaxis"]["range"] = [0, _total_epochs(runs)]
    layout["yaxis"] |= _loss_axis([run.losses for run in runs], log_y=log_y)
    layout["showlegend"] = False
    floors = _floors(runs, texts, layout, (0, _total_epochs(runs)), dark=dark)
    return {"data": [*floors, *thin_lines, *bold_lines], "layout": layout}


def _floors(
    runs: Sequence[RunSeries],
    texts: ChartTexts,
    layout: dict[str, Any],
    ends: tuple[float, float],
    *,
    dark: bool,
) -> list[dict[str, Any]]:
    """A dashed line where a run's loss cannot fall any further; the layout gets its number. None for most runs."""
    colour = palette(dark=dark).ink
    floors = sorted({run.floor for run in runs} - {0.0})
    is_log = layout["yaxis"].get("type") == "log"
    layout["annotations"] = [
        {
            "xref": "paper",
            "x": 1,
            "y": math.log10(floor) if is_log else floor,  # as Plotly wants it of annotations
            "xanchor": "right",
            "yanchor": "top",
            "text": texts.floor.format(loss=f"{floor:.4f}"),
            "showarrow": False,
            "font": {"color": colour, "size": 14},
        }
        for floor in floors
    ]
    return [
        {
            "type": "scatter",
            "mode": "lines",
            "name": "floor",
            "x": list(ends),
            "y": [floor, floor],
            "line": {"color": colour, "width": 1.5, "dash": "dash"},
            "hoverinfo": "skip",
            "showlegend": False,
        }
        for floor in floors
    ]


def finite_steps(losses: NDArray[np.float32]) -> int:
    """How many steps passed before a loss was no finite number; all of them where none was.

    >>> finite_steps(np.array([2.3, 9.9, np.nan, 1.0], np.float32))
    2
    """
    bad = np.flatnonzero(~np.isfinite(losses))
    return int(bad[0]) if len(bad) else len(losses)


_TICKS = {2: (1, 2, 5), 4: (1, 3)}
"""Decades that an axis spans, and the first digits that are written on it."""


def _loss_axis(losses: Sequence[NDArray[np.float32]], *, log_y: bool) -> dict[str, Any]:
    if not log_y:
        return {"type": "linear", "rangemode": "tozero"}
    found = [each[: finite_steps(each)] for each in losses]
    values = [value for each in found if len(each) for value in (float(each.min()), float(each.max()))]
    low, high = max(1e-9, min(values, default=0.01)), max(1e-9, max(values, default=2.5))
    first, last = math.floor(math.log10(low)), math.ceil(math.log10(high))
    digits = next((written for most, written in _TICKS.items() if last - first <= most), (1,))
    ticks = [digit * 10.0**decade for decade in range(first, last + 1) for digit in digits]
    return {"type": "log", "tickvals": ticks, "ticktext": [f"{tick:g}" for tick in ticks]}


def _line(
    name: str, x: NDArray[np.floating], y: NDArray[np.floating], line: Mapping[str, object]
) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "lines",
        "name": literal(name),
        "x": packed(x),
        "y": packed(y),
        "line": line,
        "hovertemplate": "%{x:.2f}: %{y:.4f}<extra>%{fullData.name}</extra>",
    }


def packed(values: NDArray[np.floating]) -> dict[str, str]:
    """As float32 in base64, which plotly.js takes for an array: a third of what writing each number down costs.

    >>> packed(np.array([1.0, 0.5]))
    {'dtype': 'f4', 'bdata': 'AACAPwAAAD8='}
    """
    return {"dtype": "f4", "bdata": base64.b64encode(values.astype("<f4").tobytes()).decode("ascii")}


def _number(value: float) -> float | None:
    """JSON has no NaN: a point that is none is left out."""
    return value if math.isfinite(value) else None


def epoch_loss_figure(runs: Sequence[RunSeries], texts: ChartTexts, *, dark: bool) -> Figure:
    """Loss of each epoch: training (mean while it learned) dotted, test (at the epoch's end) solid.

    The legend tells these two apart, colours the runs.
    """
    layout = base_layout(dark=dark, height=_SMALL_HEIGHT, x_title=texts.epoch, y_title=texts.loss)
    data = _floors(runs, texts, layout, (0.5, _total_epochs(runs) + 0.5), dark=dark)
    for i, (run, colour) in enumerate(zip(runs, palette(dark=dark).series, strict=False)):
        x = [report.epoch for report in run.epochs]
        for name, values, look in (
            (texts.train_loss, [r.train_loss for r in run.epochs], ("dot", "circle-open")),
            (texts.test_loss, [r.test_loss for r in run.epochs], ("solid", "circle")),
        ):
            points = _points(texts.of_run.format(run=run.name, what=name), x, values, colour, look)
            data.append({**points, "name": name, "hovertext": run.name, "showlegend": i == 0})
    layout["xaxis"] |= _whole_epochs(runs)
    layout["yaxis"]["rangemode"] = "tozero"
    layout |= {"showlegend": True, "margin": {**layout["margin"], "t": 34}}
    return {"data": data, "layout": layout}


def accuracy_figure(runs: Sequence[RunSeries], texts: ChartTexts, *, dark: bool) -> Figure:
    """Test accuracy after each epoch, in percent, with a line at 97 %."""
    layout = base_layout(dark=dark, height=_SMALL_HEIGHT, x_title=texts.epoch, y_title=texts.test_accuracy)
    colours = palette(dark=dark)
    data = [
        _points(
            run.name,
            [report.epoch for report in run.epochs],
            [report.test_accuracy for report in run.epochs],
            colour,
        )
        for run, colour in zip(runs, colours.series, strict=False)
    ]
    lowest = min((r.test_accuracy for run in runs for r in run.epochs), default=TARGET_ACCURACY)
    # The floor moves in tens at the least, or a rising curve would seem to fall when it does.
    floor = 90 if lowest >= 91 else 10 * int(max(0, lowest - 1) // 10)
    layout["yaxis"]["range"] = [floor, 100]
    layout["xaxis"] |= _whole_epochs(runs)
    muted = colours.muted
    level = {"xref": "paper", "x0": 0, "x1": 1, "y0": TARGET_ACCURACY, "y1": TARGET_ACCURACY}
    layout |= {
        "showlegend": False,
        "shapes": [{"type": "line", **level, "line": {"color": muted, "width": 1, "dash": "dash"}}],
        "annotations": [
            {
                "xref": "paper",
                "x": 1,
                "y": TARGET_ACCURACY,
                "xanchor": "right",
                "yanchor": "top",
                "text": texts.target,
                "showarrow": False,
                "font": {"color": muted, "size": 13},
            }
        ],
    }
    return {"data": data, "layout": layout}


def _whole_epochs(runs: Sequence[RunSeries]) -> dict[str, Any]:
    """Ticks at whole epochs, about ten of them."""
    total = _total_epochs(runs)
    return {"range": [0.5, total + 0.5], "tick0": 0, "dtick": max(1, -(-total // 10))}


def _points(
    name: str, x: list[int], y: list[float], colour: str, look: tuple[str, str] = ("solid", "circle")
) -> dict[str, Any]:
    dash, symbol = look
    return {
        "type": "scatter",
        "mode": "lines+markers",
        "name": literal(name),
        "x": x,
        "y": [_number(value) for value in y],
        "line": {"color": colour, "width": 2, "dash": dash},
        "marker": {"size": 7, "symbol": symbol, "color": colour},
        "hovertemplate": f"{literal(name)}<br>%{{x}}: %{{y:.4f}}<extra></extra>",
    }


def _total_epochs(runs: Sequence[RunSeries]) -> int:
    return max((run.total_epochs for run in runs), default=10)


def confusion_figure(matrix: NDArray[np.int64], texts: ChartTexts, *, dark: bool) -> Figure:
    """(10, 10) counts: the diagonal in the output's colour, mistakes shaded by their own largest count.

    A zero has no colour, on the diagonal either: nothing of that digit was read right.
    """
    colours = palette(dark=dark)
    layout = base_layout(dark=dark, height=_MATRIX_HEIGHT, x_title=texts.prediction, y_title=texts.label)
    digits = [str(digit) for digit in range(len(matrix))]
    counts = matrix.tolist()
    most = max((int(n) for i, row in enumerate(counts) for j, n in enumerate(row) if i != j), default=0)
    hover = f"{texts.label} %{{y}}, {texts.prediction} %{{x}}: %{{z}}<extra></extra>"
    data, layers = [], ((False, colours.weight, max(1, most)), (True, colours.output, 1))
    for is_diagonal, colour, full in layers:
        cells = [
            [n if n and (i == j) == is_diagonal else None for j, n in enumerate(row)]
            for i, row in enumerate(counts)
        ]
        scale = [[0, colour], [1, colour]] if is_diagonal else [[0, colours.paper], [1, colour]]
        data.append(
            {
                "type": "heatmap",
                "x": digits,
                "y": digits,
                "z": cells,
                "zmin": 0,
                "zmax": full,
                "colorscale": scale,
                "showscale": False,
                "xgap": 1,
                "ygap": 1,
                "texttemplate": "%{z}",  # Plotly picks black or white, by the cell's colour
                "textfont": {"size": 13},
                "hovertemplate": hover,
                "hoverongaps": False,
            }
        )
    layout["annotations"] = [
        {
            "x": digit,
            "y": digit,
            "text": "0",
            "showarrow": False,
            "font": {"size": 13, "color": colours.muted},
        }
        for i, digit in enumerate(digits)
        if not counts[i][i]
    ]
    layout["xaxis"] |= {"type": "category", "side": "bottom", "showgrid": False, "constrain": "domain"}
    layout["yaxis"] |= {"type": "category", "autorange": "reversed", "showgrid": False}
    layout["margin"] |= {"t": 8}
    return {"data": data, "layout": layout}


def per_digit_figure(accuracies: NDArray[np.float64], texts: ChartTexts, *, dark: bool) -> Figure:
    """(10,) percent as bars, the range cut so that differences show."""
    colours = palette(dark=dark)
    layout = base_layout(dark=dark, height=_MATRIX_HEIGHT, x_title=texts.digit, y_title=texts.accuracy)
    bars = {
        "type": "bar",
        "x": [str(digit) for digit in range(len(accuracies))],
        "y": accuracies.tolist(),
        "marker": {"color": colours.output},
        "text": [f"{value:.1f}" for value in accuracies],
        "textposition": "outside",
        "textfont": {"size": 13},
        "cliponaxis": False,
        "hovertemplate": "%{x}: %{y:.2f} %<extra></extra>",
    }
    floor = 5 * int(max(0.0, float(accuracies.min()) - 3) // 5)
    layout["yaxis"]["range"] = [floor, 100]
    layout["xaxis"]["type"] = "category"
    layout["margin"] |= {"t": 24}
    return {"data": [bars], "layout": layout}


def loss_reading(runs: Sequence[RunSeries], texts: ChartTexts) -> str:
    """The loss chart in a sentence a run."""
    sentences = [
        texts.loss_reading.format(
            name=run.name,
            steps=len(run.losses),
            first=f"{float(run.losses[0]):.3f}",
            last=f"{float(run.losses[: finite_steps(run.losses)][-100:].mean()):.3f}",
        )
        for run in runs
        if finite_steps(run.losses)
    ]
    return " ".join(sentences) or texts.nothing_yet


def accuracy_reading(runs: Sequence[RunSeries], texts: ChartTexts) -> str:
    """The accuracy chart in a sentence a run."""
    sentences = [
        texts.accuracy_reading.format(
            name=run.name, epochs=len(run.epochs), accuracy=f"{run.epochs[-1].test_accuracy:.2f}"
        )
        for run in runs
        if run.epochs
    ]
    return " ".join(sentences) or texts.nothing_yet


def confusion_reading(matrix: NDArray[np.int64], texts: ChartTexts) -> str:
    """The confusion matrix in words: how many are right, and the most frequent mistake where there is one."""
    mistakes = matrix.copy()
    np.fill_diagonal(mistakes, 0)
    label, prediction = np.unravel_index(int(mistakes.argmax()), mistakes.shape)
    said = texts.confusion_reading.format(correct=int(np.trace(matrix)), total=int(matrix.sum()))
    count = int(mistakes[label, prediction])
    if not count:
        return said
    mistake = texts.confusion_mistake.format(label=int(label), prediction=int(prediction), count=count)
    return f"{said} {mistake}"


def per_digit_reading(accuracies: NDArray[np.float64], texts: ChartTexts) -> str:
    """The bars in a sentence: the best and the worst digit."""
    best, worst = int(accuracies.argmax()), int(accuracies.argmin())
    return texts.per_digit_reading.format(
        best=best,
        best_accuracy=f"{accuracies[best]:.1f}",
        worst=worst,
        worst_accuracy=f"{accuracies[worst]:.1f}",
    )
