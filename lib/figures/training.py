"""Charts of training runs: losses, accuracy, confusion. Data in, figure out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from lib.core.thin import smooth, thin
from lib.core.training.reports import EpochReport
from lib.figures.palette import palette
from lib.figures.style import base_figure

TARGET_ACCURACY = 97.0
MAX_POINTS = 2000
"""Of all curves of the loss chart together: the whole figure stays under 50 KB."""

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
    """Slots: correct, total, label, prediction, count."""
    per_digit_reading: str
    """Slots: best, best_accuracy, worst, worst_accuracy."""
    nothing_yet: str


@dataclass(frozen=True)
class RunSeries:
    """One run for the charts: ``losses`` float32, one a minibatch."""

    name: str
    losses: NDArray[np.float32]
    epochs: tuple[EpochReport, ...]
    steps_per_epoch: int
    total_epochs: int


def loss_figure(
    runs: Sequence[RunSeries], texts: ChartTexts, *, smoothing: float, log_y: bool, dark: bool
) -> go.Figure:
    """Minibatch losses over epochs: raw thin, smoothed bold, one colour a run, never above 50 KB.

    Epochs, not steps, are the horizontal axis, so that runs with other batch sizes can be compared; the range
    is that of the whole run from the start, so that nothing jumps while points arrive.
    """
    figure = base_figure(dark=dark, height=_LOSS_HEIGHT, x_title=texts.epoch, y_title=texts.minibatch_loss)
    budget = MAX_POINTS // (2 * max(1, len(runs)))
    for run, colour in zip(runs, palette(dark=dark).series, strict=False):
        epochs = np.arange(1, len(run.losses) + 1, dtype=np.float32) / np.float32(run.steps_per_epoch)
        is_bold_alone = smoothing > 0
        if is_bold_alone:
            x, y = thin(epochs, smooth(run.losses, smoothing), budget)
            bold = {"color": colour, "width": 2.5}
            _add_line(figure, run.name, x, y, bold)
        x, y = thin(epochs, run.losses, budget)
        thin_line = {"color": colour, "width": 1 if is_bold_alone else 1.5}
        name = texts.raw.format(name=run.name) if is_bold_alone else run.name
        _add_line(
            figure, name, x, y, thin_line, opacity=0.35 if is_bold_alone else 1.0, legend=not is_bold_alone
        )
    figure.update_xaxes(range=[0, _total_epochs(runs)])
    figure.update_yaxes(type="log" if log_y else "linear")
    if not log_y:
        figure.update_yaxes(rangemode="tozero")
    _legend(figure, len(runs) > 1)
    # The smoothed curve comes first in the legend but lies on top of the raw one.
    figure.data = tuple(sorted(figure.data, key=lambda trace: trace.line.width))
    return figure


def _add_line(
    figure: go.Figure,
    name: str,
    x: NDArray[np.floating],
    y: NDArray[np.floating],
    line: Mapping[str, object],
    *,
    opacity: float = 1.0,
    legend: bool = True,
) -> None:
    figure.add_scatter(
        x=np.asarray(x, np.float32),
        y=np.asarray(y, np.float32),
        name=name,
        mode="lines",
        line=line,
        opacity=opacity,
        showlegend=legend,
        hovertemplate="%{x:.2f}: %{y:.4f}<extra>%{fullData.name}</extra>",
    )


def epoch_loss_figure(runs: Sequence[RunSeries], texts: ChartTexts, *, dark: bool) -> go.Figure:
    """Loss after each epoch: training dashed, test solid."""
    figure = base_figure(dark=dark, height=_SMALL_HEIGHT, x_title=texts.epoch, y_title=texts.loss)
    is_alone = len(runs) < 2
    for run, colour in zip(runs, palette(dark=dark).series, strict=False):
        x = [report.epoch for report in run.epochs]
        prefix = "" if is_alone else f"{run.name}: "
        _add_points(
            figure,
            prefix + texts.train_loss,
            x,
            [r.train_loss for r in run.epochs],
            colour,
            dash="dot",
            symbol="circle-open",
        )
        _add_points(figure, prefix + texts.test_loss, x, [r.test_loss for r in run.epochs], colour)
    _whole_epochs(figure, runs)
    figure.update_yaxes(rangemode="tozero")
    _legend(figure, True)
    return figure


def accuracy_figure(runs: Sequence[RunSeries], texts: ChartTexts, *, dark: bool) -> go.Figure:
    """Test accuracy after each epoch, in percent, with a line at 97 %."""
    figure = base_figure(dark=dark, height=_SMALL_HEIGHT, x_title=texts.epoch, y_title=texts.test_accuracy)
    colours = palette(dark=dark)
    for run, colour in zip(runs, colours.series, strict=False):
        x = [report.epoch for report in run.epochs]
        _add_points(figure, run.name, x, [r.test_accuracy for r in run.epochs], colour)
    lowest = min((r.test_accuracy for run in runs for r in run.epochs), default=TARGET_ACCURACY)
    # The floor moves in tens at the least, or a rising curve would seem to fall when it does.
    floor = 90 if lowest >= 91 else 10 * int(max(0, lowest - 1) // 10)
    figure.update_yaxes(range=[floor, 100])
    _whole_epochs(figure, runs)
    figure.add_hline(
        y=TARGET_ACCURACY,
        line={"color": colours.muted, "width": 1, "dash": "dash"},
        annotation={"text": texts.target, "font": {"color": colours.muted, "size": 12}},
        annotation_position="bottom right",
    )
    _legend(figure, len(runs) > 1)
    return figure


def _whole_epochs(figure: go.Figure, runs: Sequence[RunSeries]) -> None:
    """Ticks at whole epochs, about ten of them."""
    total = _total_epochs(runs)
    figure.update_xaxes(range=[0.5, total + 0.5], tick0=0, dtick=max(1, -(-total // 10)))


def _legend(figure: go.Figure, is_shown: bool) -> None:
    figure.update_layout(showlegend=is_shown, margin={"t": 34 if is_shown else 12})


def _add_points(
    figure: go.Figure,
    name: str,
    x: list[int],
    y: list[float],
    colour: str,
    dash: str = "solid",
    symbol: str = "circle",
) -> None:
    figure.add_scatter(
        x=x,
        y=y,
        name=name,
        mode="lines+markers",
        line={"color": colour, "width": 2, "dash": dash},
        marker={"size": 7, "symbol": symbol},
        hovertemplate="%{x}: %{y:.4f}<extra>%{fullData.name}</extra>",
    )


def _total_epochs(runs: Sequence[RunSeries]) -> int:
    return max((run.total_epochs for run in runs), default=10)


def confusion_figure(matrix: NDArray[np.int64], texts: ChartTexts, *, dark: bool) -> go.Figure:
    """(10, 10) counts: the diagonal in the output's colour, mistakes shaded by their own largest count."""
    colours = palette(dark=dark)
    figure = base_figure(dark=dark, height=_MATRIX_HEIGHT, x_title=texts.prediction, y_title=texts.label)
    digits = [str(digit) for digit in range(len(matrix))]
    mistakes = matrix.astype(float)
    np.fill_diagonal(mistakes, np.nan)
    right = np.where(np.eye(len(matrix), dtype=bool), 1.0, np.nan)
    hover = f"{texts.label} %{{y}}, {texts.prediction} %{{x}}: %{{customdata}}<extra></extra>"
    common = {"x": digits, "y": digits, "showscale": False, "xgap": 1, "ygap": 1, "hovertemplate": hover}
    figure.add_heatmap(
        z=mistakes,
        zmin=0,
        zmax=max(1.0, float(np.nanmax(mistakes))),
        colorscale=[[0, colours.paper], [1, colours.weight]],
        customdata=matrix,
        **common,
    )
    figure.add_heatmap(
        z=right,
        zmin=0,
        zmax=1,
        colorscale=[[0, colours.output], [1, colours.output]],
        customdata=matrix,
        **common,
    )
    most = float(np.nanmax(mistakes))
    for row, label in enumerate(digits):
        for column, prediction in enumerate(digits):
            count = int(matrix[row, column])
            if count or row == column:
                on_colour = row == column or count > most / 2
                figure.add_annotation(
                    x=prediction,
                    y=label,
                    text=str(count),
                    showarrow=False,
                    font={"size": 12, "color": colours.paper if on_colour else colours.ink},
                )
    figure.update_xaxes(type="category", side="bottom", showgrid=False, constrain="domain")
    figure.update_yaxes(type="category", autorange="reversed", showgrid=False)
    figure.update_layout(margin={"t": 8})
    return figure


def per_digit_figure(accuracies: NDArray[np.float64], texts: ChartTexts, *, dark: bool) -> go.Figure:
    """(10,) percent as bars, the range cut so that differences show."""
    colours = palette(dark=dark)
    figure = base_figure(dark=dark, height=_MATRIX_HEIGHT, x_title=texts.digit, y_title=texts.accuracy)
    figure.add_bar(
        x=[str(digit) for digit in range(len(accuracies))],
        y=accuracies,
        marker={"color": colours.output},
        text=[f"{value:.1f}" for value in accuracies],
        textposition="outside",
        textfont={"size": 12},
        cliponaxis=False,
        hovertemplate="%{x}: %{y:.2f} %<extra></extra>",
    )
    floor = 5 * int(max(0.0, float(accuracies.min()) - 3) // 5)
    figure.update_yaxes(range=[floor, 100])
    figure.update_xaxes(type="category")
    figure.update_layout(margin={"t": 24})
    return figure


def loss_reading(runs: Sequence[RunSeries], texts: ChartTexts) -> str:
    """The loss chart in a sentence a run."""
    sentences = [
        texts.loss_reading.format(
            name=run.name,
            steps=len(run.losses),
            first=f"{float(run.losses[0]):.3f}",
            last=f"{float(run.losses[-100:].mean()):.3f}",
        )
        for run in runs
        if len(run.losses)
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
    """The confusion matrix in a sentence: how many are right, and the most frequent mistake."""
    mistakes = matrix.copy()
    np.fill_diagonal(mistakes, 0)
    label, prediction = np.unravel_index(int(mistakes.argmax()), mistakes.shape)
    return texts.confusion_reading.format(
        correct=int(np.trace(matrix)),
        total=int(matrix.sum()),
        label=int(label),
        prediction=int(prediction),
        count=int(mistakes[label, prediction]),
    )


def per_digit_reading(accuracies: NDArray[np.float64], texts: ChartTexts) -> str:
    """The bars in a sentence: the best and the worst digit."""
    best, worst = int(accuracies.argmax()), int(accuracies.argmin())
    return texts.per_digit_reading.format(
        best=best,
        best_accuracy=f"{accuracies[best]:.1f}",
        worst=worst,
        worst_accuracy=f"{accuracies[worst]:.1f}",
    )
