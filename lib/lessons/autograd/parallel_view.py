"""One batch on several devices: DDP averages, DataParallel adds up; and a real run of two processes."""

from __future__ import annotations

import numpy as np
import streamlit as st

from lib.core.autograd.numbers import written
from lib.core.autograd.parallel import (
    STEPS,
    ParallelConfig,
    ParallelStep,
    Reduction,
    batch_of,
    first_weights,
    gradient,
    relative_difference,
    simulate,
)
from lib.core.autograd.parallel_code import data_parallel_code, ddp_code
from lib.core.autograd.values import Array
from lib.core.lessons import load_lesson
from lib.jobs.manager import get_manager
from lib.jobs.memory import free_megabytes
from lib.jobs.views import Action, RunStatus, RunView
from lib.lessons.autograd.bars import Bar, bars, card, row_of, squares, verdict
from lib.lessons.autograd.parallel_texts import PARALLEL_TEXTS, ParallelTexts
from lib.lessons.autograd.shared import with_output
from lib.lessons.autograd.state import AT, BATCH, FIRST, REDUCTION, WAY
from lib.lessons.autograd.texts import AutogradTexts
from lib.ui.frame import Frame
from lib.ui.owner import owner_token
from lib.ui.runs.shared import (
    REDRAW_SECONDS,
    Kept,
    end,
    end_text,
    is_active,
    latest,
    progress_text,
    say_refused,
    start_button,
)
from lib.ui.runs.texts import RUN_TEXTS, RunTexts
from lib.ui.state import State

CHILD_MEGABYTES = 300
WORKER_MEGABYTES = 365
NAMES = ("w1", "w2", "bias")
_KEPT = 64


@st.cache_resource(show_spinner=False)
def measured() -> Kept[tuple[ParallelStep, ...]]:
    """What two processes have measured, by config, for all learners."""
    return Kept(_KEPT)


def parallel_topic(view: Frame, texts: AutogradTexts, state: State) -> str:
    """The whole part; returns its program."""
    words = PARALLEL_TEXTS[view.lang]
    picture = st.container()
    left, right = st.columns(2, gap="medium")
    with left:
        way = state.choice(WAY, words.way, format=lambda each: words.ways[each])
        state.choice(REDUCTION, words.reduction)
        at = state.slider(AT, words.step)
    with right:
        batch = state.slider(BATCH, words.batch)
        first = state.slider(FIRST, words.first, high=batch - 1)
    config = ParallelConfig(batch, first, Reduction(state[REDUCTION]))
    step = simulate(config)[at - 1]
    with picture:
        if way == "ddp":
            parts, joined, program = step.local, step.averaged, ddp_code(config, at)
            part_name, joined_name = "process", "averaged"
            _ddp(view, words, config, step)
            _run(view, words, config)
        else:
            parts, program = _replica_gradients(config, step), data_parallel_code(config, at)
            joined, part_name, joined_name = parts[0] + parts[1], "replica", "summed"
            _data_parallel(view, words, config, step, parts)
    st.markdown(load_lesson("autograd", view.lang)["parallel"].body)
    lines = [
        *(f"{part_name} {rank}  {written(part)}" for rank, part in enumerate(parts)),
        f"{joined_name:<9}  {written(joined)}",
        f"one alone  {written(step.single)}",
    ]
    return with_output(program, lines, texts)


def _gradient_card(
    view: Frame, title: str, values: Array, largest: float, colour: str, body: str = ""
) -> str:
    rows = [Bar(name, float(value), colour) for name, value in zip(NAMES, values, strict=True)]
    return card(title, body + bars(rows, largest=largest, colours=view.palette, name_width="3rem"), colour)


def _batch_row(view: Frame, words: ParallelTexts, config: ParallelConfig) -> str:
    first, second = config.shards
    colours = [view.palette.series[0]] * first + [view.palette.series[3]] * second
    title = words.the_batch.format(batch=config.batch, first=first, second=second)
    return card(title, squares(colours), view.palette.grid)


def _shards(
    view: Frame, config: ParallelConfig, template: str, parts: tuple[Array, Array], largest: float
) -> str:
    cards = []
    for rank, (count, part) in enumerate(zip(config.shards, parts, strict=True)):
        colour = view.palette.series[0 if rank == 0 else 3]
        title = template.format(rank=rank, count=count)
        cards.append(_gradient_card(view, title, part, largest, colour, squares([colour] * count)))
    return row_of(*cards)


def _verdict(view: Frame, words: ParallelTexts, ours: Array, theirs: Array) -> str:
    off = relative_difference(ours, theirs)
    said = words.equal if off < 1e-9 else words.differs.format(percent=f"{100 * off:.1f}")
    return verdict(said, is_good=off < 1e-9, colours=view.palette)


def _ddp(view: Frame, words: ParallelTexts, config: ParallelConfig, step: ParallelStep) -> None:
    largest = float(max(np.abs(np.stack([*step.local, step.averaged, step.single])).max(), 1e-12))
    ends = row_of(
        _gradient_card(view, words.averaged, step.averaged, largest, view.palette.weight),
        _gradient_card(view, words.single, step.single, largest, view.palette.output),
    )
    st.html(
        row_of(_batch_row(view, words, config))
        + _shards(view, config, words.process, step.local, largest)
        + ends
        + _verdict(view, words, step.averaged, step.single)
    )
    st.markdown(reason(words, config))


def reason(words: ParallelTexts, config: ParallelConfig) -> str:
    """Why the average is a single process's gradient, or is not.

    With sums the size of the shards does not matter: each sample counts half.
    """
    first, second = config.shards
    if config.reduction is Reduction.SUM:
        return words.why_sum
    return words.why_ddp if first == second else words.why_unequal.format(first=first, second=second)


def _data_parallel(
    view: Frame, words: ParallelTexts, config: ParallelConfig, step: ParallelStep, parts: tuple[Array, Array]
) -> None:
    """One loss over all outputs: each replica holds the part of its gradient that its samples make."""
    total = parts[0] + parts[1]
    largest = float(max(np.abs(np.stack([*parts, total, step.single])).max(), 1e-12))
    ends = row_of(
        _gradient_card(view, words.summed, total, largest, view.palette.weight),
        _gradient_card(view, words.single, step.single, largest, view.palette.output),
    )
    st.html(
        row_of(_batch_row(view, words, config))
        + _shards(view, config, words.replica, parts, largest)
        + ends
        + _verdict(view, words, total, step.single)
    )
    st.markdown(words.why_dp)
    st.caption(words.computed_dp)


def _replica_gradients(config: ParallelConfig, step: ParallelStep) -> tuple[Array, Array]:
    x, y = batch_of(config.batch)
    weights = _before(config, step.steps_done)
    scale = 1 / config.batch if config.reduction is Reduction.MEAN else 1.0
    first, second = (
        scale * gradient(weights, x[part], y[part], Reduction.SUM)
        for part in (slice(0, config.first), slice(config.first, None))
    )
    return first, second


def _before(config: ParallelConfig, step: int) -> Array:
    """Parameters of the single process before a training step."""
    return first_weights() if step == 1 else simulate(config)[step - 2].single_parameters


def _run(view: Frame, words: ParallelTexts, config: ParallelConfig) -> None:
    """The button, what goes on, and what two processes have measured."""
    steps = measured().get(config.identity)
    if steps is not None:
        _show_measured(words, config, steps)
        return
    going_on = is_active(_current_run(config))
    st.fragment(_watch, run_every=REDRAW_SECONDS if going_on else None)(view, words, config, going_on)


def _watch(view: Frame, words: ParallelTexts, config: ParallelConfig, was_active: bool) -> None:
    run, said = _current_run(config), RUN_TEXTS[view.lang]
    is_finished = run is not None and run.status is RunStatus.FINISHED
    if run is not None and is_finished:
        steps = tuple(report for report in run.reports if isinstance(report, ParallelStep))
        measured().keep(config.identity, steps)
    if is_finished or is_active(run) != was_active:
        st.rerun()  # the whole page: redrawing begins or ends, and the result appears
    if run is None or not was_active:
        ended = end_text(run, said)
        if ended:
            st.error(ended)
        _offer(said, words, config)
        return
    doing = words.running.format(status=said.status[run.status])
    if run.queue_position is not None:
        doing = progress_text(run, said)
    st.progress(run.progress, text=doing)
    st.button(said.stop, key="_stop_ddp", on_click=end, args=(run,), icon=":material/stop:")


def _offer(said: RunTexts, words: ParallelTexts, config: ParallelConfig) -> None:
    st.caption(words.computed)
    needed = CHILD_MEGABYTES + (0 if get_manager().health().workers else WORKER_MEGABYTES)
    free = free_megabytes()
    if free is not None and free < needed:
        st.info(words.no_memory.format(needed=needed, free=free), icon=":material/memory:")
        return
    refused = start_button(config, said, key="_run_ddp", label=words.run, help=words.run_help)
    say_refused(refused, config, said, key="_run_ddp")


def _current_run(config: ParallelConfig) -> RunView | None:
    """This learner's latest run of the config, its heartbeat given."""
    run = latest(lambda found: isinstance(found, ParallelConfig) and found == config)
    if run is not None and run.behind_seconds:
        # Seconds went by until the second process was there: nobody need sit through them twice.
        return get_manager().control(run.id, owner_token(), Action.SKIP)
    return run


def _show_measured(words: ParallelTexts, config: ParallelConfig, steps: tuple[ParallelStep, ...]) -> None:
    expected = simulate(config)
    worst = max(
        float(np.abs(getattr(ours, name) - getattr(theirs, name)).max())
        for ours, theirs in zip(steps, expected, strict=True)
        for name in ("averaged", "single")
    )
    first, second = steps[0].pids
    st.success(
        words.measured.format(pid0=first, pid1=second, worst=f"{worst:.1e}"), icon=":material/verified:"
    )
    last = steps[-1]
    percent = 100 * relative_difference(last.parameters[0], last.single_parameters)
    st.markdown(words.after.format(steps=STEPS, percent=f"{percent:.2g}" if percent > 1e-9 else "0"))
