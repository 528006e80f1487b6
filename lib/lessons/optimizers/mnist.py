"""The race on MNIST: who takes part, start and stop, losses as they come, suggested learning rates."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from lib.core.codegen.mnist_race_script import race_script
from lib.core.thin import smooth, thin
from lib.core.training.mnist_race import (
    MAX_ENTRANTS,
    RANGE_HIGH,
    RANGE_LOW,
    REST_DECAY,
    REST_RATE,
    SMOOTHING,
    Entrant,
    MnistRaceConfig,
    RaceEpoch,
    Rule,
    losses_of,
    range_rates,
    suggested_rate,
)
from lib.core.training.race_recorded import recorded
from lib.figures.optimizers import Series, lines_figure
from lib.jobs.manager import get_manager
from lib.jobs.views import (
    RunStatus,
    RunView,
    UnknownRunError,
)
from lib.lessons.optimizers.mnist_texts import MNIST_TEXTS, MnistTexts
from lib.lessons.optimizers.state import (
    DECAYS,
    EPOCHS,
    FOLLOWED,
    HIDDEN,
    NOTICE,
    RATES,
    RULES,
    RUN,
    SEED,
    SHARE,
    TABLE,
    WANTED,
)
from lib.ui.components.chart import chart
from lib.ui.components.code import code_block
from lib.ui.components.table import table
from lib.ui.frame import Frame
from lib.ui.owner import owner_token
from lib.ui.runs.shared import (
    REDRAW_SECONDS,
    Refused,
    begin,
    end,
    end_active,
    is_active,
    latest,
    progress_text,
    show_end,
)
from lib.ui.runs.texts import RUN_TEXTS, RunTexts
from lib.ui.session import SESSION, VIEWER
from lib.ui.state import State, Values, as_text

POINTS = 300
CHANCE = 2.6
"""The chart's upper end, a little above ln 10, where an untrained network sits."""


def mnist(view: Frame, state: State) -> None:
    """The topic."""
    texts = MNIST_TEXTS[view.lang]
    get_manager().warm_up()
    picture, settings = st.columns([7, 4], gap="medium")
    with settings:
        _settings(state, texts)
    wanted = config_of(state)
    with picture:
        run_id = _watched(state, wanted)
        run = _look(run_id) if run_id else None
        if state[RUN] and run is None:
            st.warning(texts.unknown.format(run=as_text(state[RUN])))
            state.set(RUN, "")
            run_id = ""
        going_on = is_active(run)
        st.fragment(_live, run_every=REDRAW_SECONDS if going_on else None)(
            view, texts, run_id, going_on, wanted
        )
    if any(entrant.rule is Rule.MUON for entrant in wanted.entrants):
        st.caption(texts.muon.format(rate=f"{REST_RATE:g}", decay=f"{REST_DECAY:g}", hidden=wanted.hidden))
    st.markdown(f"**{view.texts.code_heading}**")
    code_block(race_script(wanted), key="race_code")


def _settings(state: State, texts: MnistTexts) -> None:
    chosen = state.choices(RULES, texts.rules)
    if len(chosen) > MAX_ENTRANTS:
        st.warning(texts.too_many.format(most=MAX_ENTRANTS))
    for rule in _racing(chosen):
        rate, decay = st.columns(2)
        with rate:
            state.number(RATES[rule], texts.rate.format(rule=rule), format="%g", step=0.001)
        with decay:
            state.number(DECAYS[rule], texts.decay, format="%g", step=0.01)
    left, right = st.columns(2)
    with left:
        state.slider(HIDDEN, texts.hidden)
        state.slider(EPOCHS, texts.epochs)
    with right:
        state.slider(SHARE, texts.share)
        state.number(SEED, texts.seed)


def _racing(chosen: tuple[Rule, ...]) -> tuple[Rule, ...]:
    return tuple(rule for rule in Rule if rule in chosen)[:MAX_ENTRANTS]


def config_of(values: Values, *, is_range_test: bool = False) -> MnistRaceConfig:
    """The race that the controls describe; for a range test only what matters there, so that more are shared."""
    rules = _racing(values[RULES])
    rate = RANGE_LOW if is_range_test else None
    return MnistRaceConfig(
        entrants=tuple(Entrant(rule, rate or values[RATES[rule]], values[DECAYS[rule]]) for rule in rules),
        hidden=values[HIDDEN],
        epochs=1 if is_range_test else values[EPOCHS],
        train_share=1.0 if is_range_test else values[SHARE] / 100,
        seed=values[SEED],
        is_range_test=is_range_test,
    )


def _watched(state: State, wanted: MnistRaceConfig) -> str:
    """The race that the address names, else the learner's own that goes on, or that just did and is the wanted one."""
    if state[RUN]:
        return state[RUN]
    mine = latest(lambda config: isinstance(config, MnistRaceConfig))
    if mine is not None and is_active(mine):
        state.set(FOLLOWED, mine.id)
        return mine.id
    is_it = mine is not None and mine.id == state[FOLLOWED] and mine.config.identity == wanted.identity
    return state[FOLLOWED] if is_it else ""


def _look(run_id: str) -> RunView | None:
    """The run as it is now, its heartbeat given; None where there is none of this kind."""
    manager = get_manager()
    try:
        manager.watch(run_id, SESSION.now()[VIEWER])
        view = manager.snapshot(run_id)
    except UnknownRunError:
        return None
    return view if isinstance(view.config, MnistRaceConfig) else None


def _start(is_range_test: bool) -> None:
    """A callback: start what the controls say."""
    values = TABLE.now()
    run_id, refused = begin(config_of(values, is_range_test=is_range_test))
    if refused is None:
        TABLE.change({RUN: run_id, NOTICE: ""})
    else:
        TABLE.change({NOTICE: refused, WANTED: is_range_test})


def _start_instead() -> None:
    """A callback: end the learner's active training, wherever it was started, and start this."""
    end_active()
    _start(TABLE.now()[WANTED])


def _stop(run: RunView | None) -> None:
    if run is not None:
        end(run)


def _live(view: Frame, texts: MnistTexts, run_id: str, was_active: bool, wanted: MnistRaceConfig) -> None:
    run = _look(run_id) if run_id else None
    if was_active and not is_active(run):
        st.rerun()  # the whole page: redrawing stops
    with TABLE.read(view.lang, explains=False) as state:
        if _watched(state, wanted) != run_id:
            st.rerun()  # the whole page: another race is to be watched from now on
        with st.container():  # places of their own: the chart below never moves, nor is it there twice
            _buttons(state, texts, RUN_TEXTS[view.lang], run, wanted)
        with st.container():
            _status(view, texts, run, wanted)
        if run is None:
            known = recorded(wanted)
            if known is None:
                _chart(view, texts, [], wanted.total_steps, texts.not_yet)
            else:
                _race(view, texts, wanted, known)
            return
        assert isinstance(run.config, MnistRaceConfig)
        if run.config.is_range_test:
            _range_test(view, texts, run, run.config, losses_of(run.reports, len(run.config.entrants)))
        else:
            _race(view, texts, run.config, run.reports)


def _buttons(
    state: State, texts: MnistTexts, words: RunTexts, run: RunView | None, wanted: MnistRaceConfig
) -> None:
    going_on = is_active(run)
    is_mine = run is not None and get_manager().is_owner(run.id, owner_token())
    # An address that asks for another race than the one that goes on: a press offers to take its place.
    is_another = run is not None and not state[RUN] and run.config != wanted
    is_held_up = going_on and is_mine and not is_another
    with st.container(horizontal=True, gap="small"):
        st.button(
            texts.race,
            type="primary",
            icon=":material/play_arrow:",
            key="mnist_race",
            on_click=_start,
            args=(False,),
            disabled=is_held_up,
        )
        st.button(
            texts.find,
            key="mnist_find",
            help=texts.find_help,
            on_click=_start,
            args=(True,),
            disabled=is_held_up,
        )
        st.button(
            words.stop,
            icon=":material/stop:",
            key="mnist_stop",
            on_click=_stop,
            args=(run,),
            disabled=not (going_on and is_mine),
        )
    if state[NOTICE]:
        st.warning(words.refused[state[NOTICE]])
    if state[NOTICE] == Refused.BUSY:
        st.button(words.instead, key="mnist_instead", on_click=_start_instead)


def _status(view: Frame, texts: MnistTexts, run: RunView | None, wanted: MnistRaceConfig) -> None:
    if run is None:
        st.caption(texts.not_yet if recorded(wanted) is None else texts.recorded)
        return
    assert isinstance(run.config, MnistRaceConfig)
    words = RUN_TEXTS[view.lang]
    said = f"{words.status[run.status]} · {texts.step} {run.steps_done:,} / {run.total_steps:,}"
    st.progress(run.progress, text=progress_text(run, words) if is_active(run) else said)
    if run.shared and is_active(run):
        st.caption(texts.shared)
    if not run.config.is_range_test and run.config != wanted:
        st.caption(texts.other_settings)
    show_end(run, words)


def _race(view: Frame, texts: MnistTexts, config: MnistRaceConfig, reports: Sequence[object]) -> None:
    losses = losses_of(reports, len(config.entrants))
    smoothed = [smooth(row, SMOOTHING) for row in losses]
    lines = []
    for entrant, row in zip(config.entrants, smoothed, strict=True):
        x, y = thin(np.arange(1, len(row) + 1, dtype=np.float32), _finite(row), POINTS)
        lines.append(Series(entrant.rule, x.tolist(), [round(v, 4) for v in y.tolist()]))
    steps = losses.shape[1]
    said = [
        texts.reading.format(name=entrant.rule, loss=f"{row[-1]:.3f}", steps=steps)
        for entrant, row in zip(config.entrants, smoothed, strict=True)
        if steps
    ]
    _chart(view, texts, lines, config.total_steps, " ".join(said) or texts.not_yet)
    if steps:
        _results(texts, reports, config, smoothed)


def _chart(view: Frame, texts: MnistTexts, lines: list[Series], steps: int, alt: str) -> None:
    figure = lines_figure(
        lines,
        x_title=texts.step,
        y_title=texts.loss,
        dark=view.dark,
        x_range=(0, steps),
        y_high=CHANCE,
    )
    chart(figure, key="mnist_chart", alt=alt)


def _finite(row: NDArray[np.float32]) -> NDArray[np.float32]:
    """What exploded leaves the chart at its top."""
    return np.nan_to_num(row, nan=1e3, posinf=1e3).clip(max=1e3)


def _results(
    texts: MnistTexts, reports: Sequence[object], config: MnistRaceConfig, smoothed: list[NDArray[np.float32]]
) -> None:
    epochs = [report for report in reports if isinstance(report, RaceEpoch)]
    heads = [texts.rule, texts.learning_rate, texts.loss_now]
    heads += [texts.right.format(epoch=report.epoch) for report in epochs[-2:]]
    rows = []
    for place, entrant in enumerate(config.entrants):
        cells = [entrant.rule, f"{entrant.learning_rate:g}", f"{smoothed[place][-1]:.3f}"]
        cells += [f"{report.test_correct[place] / 100:.2f} %" for report in epochs[-2:]]
        rows.append(cells)
    table(heads, rows, label=texts.loss_now)


def _range_test(
    view: Frame, texts: MnistTexts, run: RunView, config: MnistRaceConfig, losses: NDArray[np.float32]
) -> None:
    rates = range_rates()[: losses.shape[1]]
    lines, suggestions = [], {}
    for entrant, row in zip(config.entrants, losses, strict=True):
        found = suggested_rate(row) if run.status is RunStatus.FINISHED else None
        smoothed = _finite(smooth(row, SMOOTHING))
        marked = int(np.argmin(np.abs(np.log(rates / found)))) if found else None
        lines.append(Series(entrant.rule, rates.tolist(), smoothed.tolist(), marked))
        suggestions[entrant.rule] = found
    figure = lines_figure(
        lines,
        x_title=texts.learning_rate,
        y_title=texts.loss,
        dark=view.dark,
        x_range=(float(np.log10(RANGE_LOW)), float(np.log10(RANGE_HIGH))),
        y_high=CHANCE,
        log_x=True,
    )
    colon, stop = view.texts.colon, view.texts.stop
    said = [f"{rule}{colon}{rate:g}{stop}" for rule, rate in suggestions.items() if rate]
    chart(figure, key="mnist_chart", alt="".join(said).strip() or texts.find_help)
    if run.status is not RunStatus.FINISHED:
        return
    rows = [f"| {texts.rule} | {texts.suggested} |", "|---|---:|"]
    rows += [f"| {rule} | {texts.no_suggestion if not r else f'{r:g}'} |" for rule, r in suggestions.items()]
    st.markdown("\n".join(rows))
    changes = {RATES[rule]: rate for rule, rate in suggestions.items() if rate}
    st.button(texts.take, key="mnist_take", on_click=TABLE.change, args=(changes,))
