"""/finetune: three ways from a trained network to someone else's task, run side by side."""

from __future__ import annotations

import streamlit as st

from lib.core.finetune.config import (
    CLOSE_LOOK,
    COMPARED,
    CURVE_IMAGES,
    NEW_CLASSES,
    FinetuneConfig,
    Mode,
    parameter_shapes,
)
from lib.core.finetune.reports import PointReport
from lib.core.lessons import load_lesson
from lib.figures.finetune import Line, accuracy_chart
from lib.figures.style import DASHES
from lib.lessons.finetune.closer import show_topic
from lib.lessons.finetune.others import choose_others, others_table
from lib.lessons.finetune.runs import Measured, measured
from lib.lessons.finetune.state import (
    BASE,
    LABELS,
    NEW_RATE,
    OLD_RATE,
    OTHERS,
    PRESETS,
    SEED,
    STEPS,
    TABLE,
    config_of,
)
from lib.lessons.finetune.texts import FINETUNE_TEXTS, FinetuneTexts
from lib.ui.components.chart import chart
from lib.ui.components.columns import settings_and_picture
from lib.ui.frame import Frame, frame
from lib.ui.runs.shared import REDRAW_SECONDS, end, end_text, progress_text, say_refused, start_button
from lib.ui.runs.texts import RUN_TEXTS, RunTexts
from lib.ui.state import State, offers

TIE = 0.01


def show() -> None:
    """The page."""
    view = frame("finetune")
    texts = FINETUNE_TEXTS[view.lang]
    with st.container(key="finetune_title", gap="xsmall"):
        st.title(texts.title)
        st.markdown(load_lesson("finetune", view.lang)["intro"].body)
    body(view)


@st.fragment
def body(view: Frame) -> None:
    """What a control changes; the frame around it is left alone."""
    texts = FINETUNE_TEXTS[view.lang]
    with TABLE.read(view.lang) as state:
        settings, picture = settings_and_picture("finetune")
        with settings:
            config = _controls(state, texts)
        with picture:
            every = REDRAW_SECONDS if measured(config).is_active else None
            others = tuple(other for other in state[OTHERS] if other.identity != config.identity)
            st.fragment(_live, run_every=every)(view, texts, config, others, every is not None)
            choose_others(state, texts, config)
        show_topic(view, state, texts, config)


def _controls(state: State, texts: FinetuneTexts) -> FinetuneConfig:
    offers(
        TABLE,
        "_preset",
        texts.presets_label,
        list(PRESETS),
        changes=lambda name: PRESETS[name],
        format=lambda name: texts.presets[name],
    )
    state.slider(LABELS, texts.labels)
    left, right = st.columns(2)
    with left:
        state.number(OLD_RATE, texts.old_rate, format="%g")
        state.number(STEPS, texts.steps)
    with right:
        state.number(NEW_RATE, texts.new_rate, format="%g")
        state.number(SEED, texts.seed)
    state.choice(BASE, texts.base, format=lambda base: texts.bases[base], widget="select")
    return config_of(state)


def _live(
    view: Frame,
    texts: FinetuneTexts,
    config: FinetuneConfig,
    others: tuple[FinetuneConfig, ...],
    was_active: bool,
) -> None:
    known = measured(config)
    if known.is_active != was_active:
        st.rerun()  # the whole page: redrawing begins or ends, and what lies below has new results
    _steering(texts, RUN_TEXTS[view.lang], config, known)
    shown = [(config, known), *((other, measured(other)) for other in others)]
    for column, is_new in zip(st.columns(2), (True, False), strict=True):
        with column:
            st.markdown(f"**{texts.new_chart if is_new else texts.old_chart}**")
            _curves(view, texts, shown, is_new=is_new)
    if others:
        others_table(texts, config, shown)
    with st.container():
        for sentence in _sentences(texts, config, known):
            st.markdown(sentence)


def _steering(texts: FinetuneTexts, words: RunTexts, config: FinetuneConfig, known: Measured) -> None:
    run, refused = known.run, None
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        if run is not None and known.is_active:
            st.button(words.stop, icon=":material/stop:", key="stop", on_click=end, args=(run,))
            st.progress(run.progress, text=progress_text(run, words))
        else:
            refused = start_button(config, words, key="train")
            if known.is_recorded:
                st.caption(texts.recorded)
            elif not known.reports:
                st.caption(end_text(run, words) or texts.not_yet)
    with st.container():
        say_refused(refused, config, words, key="train")


def _curves(
    view: Frame, texts: FinetuneTexts, shown: list[tuple[FinetuneConfig, Measured]], *, is_new: bool
) -> None:
    modes = COMPARED if is_new else (Mode.PARTIAL, Mode.FULL, Mode.SHARED)
    lines = [
        _line(texts, mode, known.points, is_new=is_new, dash=dash)
        for dash, (_, known) in zip(DASHES, shown, strict=False)
        for mode in modes
    ]
    figure = accuracy_chart(
        lines,
        x_title=texts.step_axis,
        y_title=texts.accuracy_axis,
        last_x=max(config.steps for config, _ in shown),
        dark=view.dark,
        height=290,
    )
    reading = " ".join(
        texts.chart_reading.format(
            mode=line.name, step=line.points[-1][0], accuracy=f"{100 * line.points[-1][1]:.1f}"
        )
        for line in lines
        if line.points
    )
    chart(figure, key="new_task" if is_new else "old_task", alt=reading or texts.not_yet)


def _line(
    texts: FinetuneTexts, mode: Mode, points: tuple[PointReport, ...], *, is_new: bool, dash: str
) -> Line:
    own = [(point.step, point.new if is_new else point.old) for point in points if point.mode is mode]
    return Line(
        list(Mode).index(mode), texts.modes[mode], tuple((x, y) for x, y in own if y is not None), dash
    )


def _sentences(texts: FinetuneTexts, config: FinetuneConfig, known: Measured) -> list[str]:
    """What was measured, in words; also where starting from scratch is ahead."""
    early = {point.mode: point.new for point in known.points if point.step == CLOSE_LOOK < config.steps}
    said = []
    if set(COMPARED) <= set(early):
        results = _results(texts, early)
        said.append(
            texts.early.format(labels=config.labels[0], step=CLOSE_LOOK, count=CURVE_IMAGES, results=results)
        )
    ends = {end.mode: end.new for end in known.ends if end.mode in COMPARED}
    count = f"{known.ends[0].tested:,}" if known.ends else ""
    if len(ends) == len(COMPARED):
        said.append(texts.late.format(step=config.steps, count=count, results=_results(texts, ends)))
        said[-1] += f" {_verdict(texts, ends)}"
        is_frozen = len(config.trainable) < len(parameter_shapes(config.base, len(NEW_CLASSES)))
        if is_frozen and ends[Mode.SCRATCH] > ends[Mode.PARTIAL] + TIE:
            said.append(texts.scratch_wins)
    return said


def _results(texts: FinetuneTexts, values: dict[Mode, float]) -> str:
    return texts.comma.join(f"{texts.modes[mode]} **{100 * values[mode]:.1f} %**" for mode in COMPARED)


def _verdict(texts: FinetuneTexts, ends: dict[Mode, float]) -> str:
    """Who is ahead by more than TIE."""
    best = max(ends.values())
    leaders = [mode for mode in ends if best - ends[mode] <= TIE]
    if len(leaders) == len(ends):
        return texts.tie
    names = texts.comma.join(f"**{texts.modes[mode]}**" for mode in leaders)
    return texts.winner.format(mode=names) if len(leaders) == 1 else texts.leaders.format(modes=names)
