"""The experiments with one parameter: knobs, curves, numbers, and torch's own program."""

from __future__ import annotations

import streamlit as st

from lib.core.lessons import load_lesson
from lib.core.optim.experiments import (
    MOVES,
    USED,
    Experiment,
    Knobs,
    Trial,
    drop_at,
    in_torch,
    overshoot,
    printed,
    torch_code,
    trials,
)
from lib.core.optim.schedules import Schedule, ScheduleKind
from lib.figures.optimizers import Curve, curves_figure
from lib.lessons.optimizers.experiment_texts import EXPERIMENT_TEXTS, ExperimentTexts
from lib.lessons.optimizers.state import DAMP, EXPERIMENT, LR, MU, SIZE, STEPS, TINY, WD
from lib.ui.components.chart import chart
from lib.ui.components.code import code_block
from lib.ui.components.table import table
from lib.ui.frame import Frame
from lib.ui.state import State


def experiments(view: Frame, state: State) -> None:
    """The topic."""
    texts = EXPERIMENT_TEXTS[view.lang]
    chosen = state.choice(
        EXPERIMENT,
        texts.choose,
        format=lambda name: texts.names[name],
        widget="pills",
        label_visibility="collapsed",
    )
    section = load_lesson("optimizers", view.lang)[chosen]
    picture, words = st.columns([7, 4], gap="medium")
    with words:
        st.header(section.title, anchor=False)
        knobs = _knobs(state, texts, chosen)
        st.markdown(section.body)
    curves = _curves(texts, chosen, knobs)
    with picture:
        with st.container():  # a place of its own: what comes below never moves, nor is there twice
            _remark(texts, chosen, knobs)
        _chart(view, texts, chosen, curves)
        _table(texts, chosen, knobs, curves)
    st.markdown(f"**{view.texts.code_heading}**")
    lines = "\n".join(f"# {line}" for line in printed(chosen, knobs).splitlines())
    code_block(f"{torch_code(chosen, knobs)}\n# {texts.prints}\n{lines}")


def _knobs(state: State, texts: ExperimentTexts, chosen: Experiment) -> Knobs:
    used, words = USED[chosen], texts.knobs
    if "lr" in used:
        state.slider(LR, words["lr"], step=0.01)
    if "wd" in used:
        state.slider(WD, words["wd"], step=0.01)
    if "mu" in used:
        state.slider(MU, words["mu"], step=0.01)
    if "damp" in used:
        state.slider(DAMP, words["damp"], step=0.01)
    power = TINY if chosen is Experiment.EPS else SIZE
    if "gradient" in used:
        state.slider(power, words["tiny" if power is TINY else "size"])
    state.slider(STEPS, words["steps"])
    return Knobs(state[LR], state[WD], state[MU], state[DAMP], 10.0 ** state[power], state[STEPS])


def _curves(texts: ExperimentTexts, chosen: Experiment, knobs: Knobs) -> list[tuple[Curve, Trial | None]]:
    if chosen is Experiment.SCHEDULES:
        made: list[tuple[Curve, Trial | None]] = []
        for kind in ScheduleKind:
            schedule = Schedule(kind, knobs.steps)
            rates = [knobs.lr * schedule.factor(t) for t in range(knobs.steps)]
            made.append((Curve(texts.curves[f"{chosen} {kind}"], rates), None))
        return made
    shows_moves = chosen in MOVES
    return [
        (
            Curve(
                texts.curves[f"{chosen} {trial.name}"],
                trial.moves if shows_moves else trial.points,
                first=int(shows_moves),
            ),
            trial,
        )
        for trial in trials(chosen, knobs)
    ]


def _remark(texts: ExperimentTexts, chosen: Experiment, knobs: Knobs) -> None:
    """The number that the experiment is about."""
    if chosen is Experiment.BIAS:
        step = min(12, knobs.steps)
        st.markdown(
            texts.overshoot.format(first=f"{overshoot(1):.2f}", step=step, ratio=f"{overshoot(step):.2f}")
        )
    if chosen is Experiment.MOMENTUM:
        drop = drop_at(knobs.steps)
        torchs, other = (f"{trial.moves[drop]:.4f}" for trial in trials(chosen, knobs))
        st.markdown(texts.dropped.format(step=drop, torch=torchs, sutskever=other))


def _chart(
    view: Frame, texts: ExperimentTexts, chosen: Experiment, curves: list[tuple[Curve, Trial | None]]
) -> None:
    title = texts.move if chosen in MOVES else texts.parameter
    figure = curves_figure(
        [curve for curve, _ in curves],
        x_title=texts.step,
        y_title=texts.rate if chosen is Experiment.SCHEDULES else title,
        dark=view.dark,
    )
    alt = " ".join(
        texts.reading.format(name=curve.name, first=f"{curve.values[0]:.4g}", last=f"{curve.values[-1]:.4g}")
        for curve, _ in curves
    )
    chart(figure, key="experiment_chart", alt=alt)


def _table(
    texts: ExperimentTexts, chosen: Experiment, knobs: Knobs, curves: list[tuple[Curve, Trial | None]]
) -> None:
    steps = sorted({1, min(6, knobs.steps), knobs.steps})
    if chosen is Experiment.MOMENTUM:
        steps = [1, drop_at(knobs.steps), drop_at(knobs.steps) + 1, knobs.steps]
    if chosen is Experiment.SCHEDULES:
        steps = [0, knobs.steps // 2, knobs.steps - 1]
    heads = [texts.trial, *(texts.at_step.format(step=step) for step in steps)]
    rows = []
    is_foreign = False
    for curve, trial in curves:
        foreign = trial is not None and not in_torch(trial)
        is_foreign |= foreign
        numbers = [f"{curve.values[step - curve.first]:.4f}" for step in steps]
        mark = " *" if foreign else ""
        rows.append([f"{curve.name}{mark}", *numbers])
    table(heads, rows, label=texts.trial)
    if is_foreign:
        st.caption(f"\\* {texts.not_torch}")
