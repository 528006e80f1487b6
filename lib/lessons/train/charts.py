"""The charts of /train: the run on the screen first, then those that the learner laid over it."""

from __future__ import annotations

import time
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from functools import cached_property

import streamlit as st

from lib.core.training.config import TrainConfig
from lib.figures.palette import palette
from lib.figures.training import (
    RunSeries,
    accuracy_figure,
    accuracy_reading,
    epoch_loss_figure,
    loss_figure,
    loss_reading,
)
from lib.jobs.manager import get_manager
from lib.jobs.views import RunView, UnknownRunError
from lib.lessons.train.state import EPOCHS_DRAWN, LOG_Y, MAX_OVERLAY, SMOOTHING
from lib.lessons.train.texts import TrainTexts
from lib.ui.components.chart import chart, chart_text
from lib.ui.frame import Frame
from lib.ui.runs.runs import series_of
from lib.ui.runs.shared import Kept
from lib.ui.state import State
from lib.ui.texts.charts import CHART_TEXTS


@dataclass(frozen=True)
class Charted:
    """A run on the charts, and its colour there."""

    run: RunView
    name: str
    colour: str

    @cached_property
    def series(self) -> RunSeries:
        """As the charts take it."""
        return series_of(self.run, self.name)

    @property
    def identity(self) -> str:
        """Of the training: equal for equal settings."""
        assert isinstance(self.run.config, TrainConfig)
        return f"{type(self.run.config).__name__} {self.run.config.identity}"


_SHARED = Kept[str](most=200)
"""Charts as text, the last ones drawn: a class sees the same curves at the same moment."""


def _kind_of(view: Frame, charted: list[Charted]) -> Hashable:
    """Equal where the curves are: equal settings make equal numbers."""
    return view.lang, view.dark, tuple((each.name, each.identity, each.run.steps_done) for each in charted)


def _epochs_of(view: Frame, charted: list[Charted]) -> Hashable:
    return view.lang, view.dark, tuple((each.name, each.identity, len(each.run.epochs)) for each in charted)


def charted_runs(
    view: Frame, current: RunView | None, overlay: tuple[str, ...], known: Mapping[str, str]
) -> list[Charted]:
    """The run on the screen first, then those laid over it, in the order in which they were chosen.

    ``known`` are the names of the learner's own runs.
    """
    runs = [current] if current is not None else []
    for run_id in overlay[:MAX_OVERLAY]:
        try:
            found = get_manager().snapshot(run_id)
        except UnknownRunError:
            continue
        if all(run.id != run_id for run in runs):
            runs.append(found)
    names = [known.get(run.id, run.name or run.id) for run in runs]
    colours = palette(dark=view.dark).series
    return [Charted(run, name, colour) for run, name, colour in zip(runs, names, colours, strict=False)]


def loss_chart(view: Frame, state: State, texts: TrainTexts, charted: list[Charted]) -> None:
    """The loss of each minibatch, smoothed and on the axis that :func:`loss_controls` sets."""
    words = CHART_TEXTS[view.lang]
    series = [each.series for each in charted]
    smoothing, log_y = state[SMOOTHING], state[LOG_Y]
    st.markdown(f"**{texts.loss_chart}**" if series else f"{texts.no_run}\n\n**{texts.loss_chart}**")
    spec = _SHARED.get_or_make(
        (_kind_of(view, charted), smoothing, log_y),
        lambda: chart_text(loss_figure(series, words, smoothing=smoothing, log_y=log_y, dark=view.dark)),
    )
    chart(
        spec,
        key="loss_chart",
        alt=loss_reading(series, words),
    )
    floors = {each.floor for each in series} - {0.0}
    if floors:
        st.caption(texts.softmax_floor.format(floor=f"{min(floors):.4f}"))


def loss_controls(state: State, texts: TrainTexts) -> None:
    """How the loss is drawn, under its chart."""
    with st.container(horizontal=True, vertical_alignment="center", key="loss_controls"):
        state.slider(SMOOTHING, texts.smoothing, step=0.01, help=texts.smoothing_help)
        state.toggle(LOG_Y, texts.log_y, help=texts.log_y_help)


def epoch_charts(view: Frame, state: State, texts: TrainTexts, charted: list[Charted]) -> None:
    """What each epoch's end measured."""
    if charted:
        state.set(EPOCHS_DRAWN, (charted[0].run.id, len(charted[0].run.epochs), time.monotonic()))
    words = CHART_TEXTS[view.lang]
    series = [each.series for each in charted]
    left, right = st.columns(2)
    with left:
        st.markdown(f"**{texts.epoch_chart}**")
        chart(
            _SHARED.get_or_make(
                (_epochs_of(view, charted), "loss"),
                lambda: chart_text(epoch_loss_figure(series, words, dark=view.dark)),
            ),
            key="epoch_chart",
            alt=loss_reading(series, words),
        )
    with right:
        st.markdown(f"**{texts.accuracy_chart}**")
        chart(
            _SHARED.get_or_make(
                (_epochs_of(view, charted), "accuracy"),
                lambda: chart_text(accuracy_figure(series, words, dark=view.dark)),
            ),
            key="accuracy_chart",
            alt=accuracy_reading(series, words),
        )
