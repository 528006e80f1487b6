"""Below the curves of /finetune: results, labels, what moved, frozen batch norm, own drawings, code."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from lib.core.codegen.finetune_script import resnet_script, script
from lib.core.digits.tray import as_arrays
from lib.core.finetune.batchnorm import CODE, MAX_CALLS, Call, replay
from lib.core.finetune.config import COMPARED, SWEEP, FinetuneConfig, Mode, OwnDigits, parameter_shapes
from lib.core.finetune.recorded import SWEEP_STEPS
from lib.core.finetune.reports import ModeReport
from lib.core.lessons import load_lesson
from lib.figures.finetune import Line, accuracy_chart
from lib.figures.palette import Palette
from lib.lessons.finetune.runs import Measured, measured
from lib.lessons.finetune.state import CALLS, LEARN, MODE, TABLE, TOPIC, Topic
from lib.lessons.finetune.texts import FinetuneTexts
from lib.ui.components.base import browser_component
from lib.ui.components.chart import chart
from lib.ui.components.code import code_block
from lib.ui.components.table import table
from lib.ui.frame import Frame
from lib.ui.pages import page_info
from lib.ui.runs.shared import REDRAW_SECONDS, progress_text, say_refused, start_button
from lib.ui.runs.texts import RUN_TEXTS
from lib.ui.state import State, reported
from lib.ui.tray import kept_digits

NOTICEABLE = 0.05
"""A loss of accuracy on the old task that is told as one."""
_mount_network = browser_component("freeze", html='<div class="freeze"></div>')


@dataclass(frozen=True)
class Screen:
    """What a topic needs to know of the page."""

    view: Frame
    state: State
    texts: FinetuneTexts
    config: FinetuneConfig


def show_topic(view: Frame, state: State, texts: FinetuneTexts, config: FinetuneConfig) -> None:
    """The chosen topic."""
    topic = state.choice(
        TOPIC, texts.topic, format=lambda option: texts.topics[option], label_visibility="collapsed"
    )
    st.markdown(load_lesson("finetune", view.lang)[topic].body)
    _TOPICS[topic](Screen(view, state, texts, config))


def _percent(value: float | None) -> str:
    return "–" if value is None else f"{100 * value:.1f} %"


def _forget(screen: Screen) -> None:
    texts, config = screen.texts, screen.config
    known = measured(config)
    if not known.ends:
        st.caption(texts.not_yet)
        return
    rows = [_result_row(texts, end) for end in known.ends]
    table(texts.table, rows, label=texts.topics[Topic.FORGET], numbers=False)
    for sentence in memory_sentences(texts, known, config.steps):
        st.markdown(sentence)
    st.caption(texts.measured_on.format(count=f"{known.ends[0].tested:,}"))


def memory_sentences(texts: FinetuneTexts, known: Measured, steps: int) -> list[str]:
    """What became of the old task: under the shared head, and under its own head after full fine-tuning."""
    said = []
    for mode, kept, lost in (
        (Mode.SHARED, texts.remembered, texts.forgotten),
        (Mode.FULL, texts.kept, texts.lost),
    ):
        end = known.end(mode)
        if end is None or end.old is None or end.old_before is None:
            continue
        words = lost if end.old_before - end.old > NOTICEABLE else kept
        before, after = (f"{100 * value:.1f}" for value in (end.old_before, end.old))
        said.append(words.format(before=before, after=after, steps=steps))
    return said


def _result_row(texts: FinetuneTexts, end: ModeReport) -> tuple[str, ...]:
    learn = texts.of_all.format(trainable=f"{end.trainable:,}", parameters=f"{end.parameters:,}")
    old = "–" if end.old is None else f"{_percent(end.old_before)} → {_percent(end.old)}"
    return (
        texts.modes[end.mode],
        _percent(end.new),
        old,
        learn,
        texts.seconds.format(seconds=f"{end.seconds:.1f}"),
    )


def _labels(screen: Screen) -> None:
    view, texts, config = screen.view, screen.texts, screen.config
    sweep = replace(config, labels=SWEEP, steps=SWEEP_STEPS)
    every = REDRAW_SECONDS if measured(sweep).is_active else None
    st.fragment(_sweep, run_every=every)(view, texts, sweep, every is not None)


def _sweep(view: Frame, texts: FinetuneTexts, sweep: FinetuneConfig, was_active: bool) -> None:
    known = measured(sweep)
    if known.is_active != was_active:
        st.rerun(scope="app")
    with st.container():
        _start_button(view, texts.recorded, sweep, known, texts.train_sweep)
    lines = [
        Line(
            list(Mode).index(mode),
            texts.modes[mode],
            tuple((e.labels, e.new) for e in known.ends if e.mode is mode),
        )
        for mode in COMPARED
    ]
    figure = accuracy_chart(
        lines, x_title=texts.labels_axis, y_title=texts.accuracy_axis, last_x=SWEEP[-1], dark=view.dark
    )
    reading = " ".join(
        texts.chart_reading.format(
            mode=line.name, step=line.points[-1][0], accuracy=f"{100 * line.points[-1][1]:.1f}"
        )
        for line in lines
        if line.points
    )
    chart(figure, key="sweep", alt=reading or texts.not_yet)


def _start_button(view: Frame, recorded: str, config: FinetuneConfig, known: Measured, label: str) -> None:
    words = RUN_TEXTS[view.lang]
    if known.is_active and known.run is not None:
        st.progress(known.run.progress, text=progress_text(known.run, words))
        return
    key = "train_sweep" if config.is_sweep else "train_own"
    say_refused(start_button(config, words, key=key, label=label, is_first=False), config, words, key=key)
    if known.is_recorded:
        st.caption(recorded)


def _layers(screen: Screen) -> None:
    view, texts, config = screen.view, screen.texts, screen.config
    known = measured(config)
    _network(view, texts, config, known)
    st.caption(texts.moved_note)
    st.markdown(f"**{texts.kernels}**")
    for column, mode in zip(st.columns(3), COMPARED, strict=True):
        end = known.end(mode)
        if end is not None:
            with column:
                st.markdown(texts.modes[mode])
                st.html(_kernels(texts, end, view.palette, mode))


def _network(view: Frame, texts: FinetuneTexts, config: FinetuneConfig, known: Measured) -> None:
    palette, ends = view.palette, [known.end(mode) for mode in COMPARED]
    layers: list[dict[str, object]] = []
    for name, shape in parameter_shapes(config.base, 5).items():
        layer = name.split(".")[0]
        if not layers or layers[-1]["name"] != layer:
            if layer in {"conv2", "hidden"} or (layer == "head" and len(layers) < 6):
                pool = "pool1" if layer == "conv2" else "pool2"
                layers.append({"name": pool, "note": texts.layer_notes[pool], "parameters": []})
            layers.append({"name": layer, "note": "", "parameters": []})
        parameters = layers[-1]["parameters"]
        assert isinstance(parameters, list)
        parameters.append(
            {
                "name": name,
                "shape": str(list(shape)),
                "count": f"{int(np.prod(shape)):,}",
                "learns": name in config.trainable,
                "moved": [_share(end, name) for end in ends],
            }
        )
    data = {
        "layers": layers,
        "modes": [texts.modes[mode] for mode in COMPARED],
        "series": list(palette.series[: len(COMPARED)]),
        "labels": {"switch": texts.switch, **view.texts.signs},
        "colours": palette.named("input", "weight", "muted", "ink", "paper", "grid"),
    }
    _mount_network(key="freeze", data=json.dumps(data), on_learn_change=reported(TABLE, LEARN, "freeze"))


def _share(end: ModeReport | None, name: str) -> float | None:
    if end is None or name not in end.moved:
        return None
    change, length = end.moved[name]
    return change / length if length else None


def _kernels(texts: FinetuneTexts, end: ModeReport, palette: Palette, mode: Mode) -> str:
    """Eight kernels before and after, each 3 x 3, in one colour for positive and one for negative weights."""
    rows = []
    limit = float(max(np.abs(kernels).max() for kernels in end.kernels)) or 1.0
    for title, kernels in zip((texts.before, texts.after), end.kernels, strict=True):
        drawn = "".join(_kernel_cells(kernel, limit, palette) for kernel in kernels)
        rows.append(f'<div>{title}<div style="display:flex;flex-wrap:wrap;gap:4px">{drawn}</div></div>')
    label = texts.kernel_reading.format(mode=texts.modes[mode])
    return f'<div role="img" aria-label="{label}" style="display:grid;gap:6px">{"".join(rows)}</div>'


def _kernel_cells(kernel: NDArray[np.float32], limit: float, palette: Palette) -> str:
    cells = []
    for value in kernel.reshape(-1).tolist():
        percent = round(100 * abs(value) / limit)
        colour = palette.weight if value > 0 else palette.input
        shade = f"color-mix(in srgb, {colour} {percent}%, {palette.paper})"
        cells.append(f'<span style="width:9px;height:9px;background:{shade}"></span>')
    style = f"display:grid;grid-template-columns:repeat(3,9px);border:1px solid {palette.grid}"
    return f'<span style="{style}">{"".join(cells)}</span>'


def _norm(screen: Screen) -> None:
    state, texts, config = screen.state, screen.texts, screen.config
    calls = state[CALLS]
    with st.container(horizontal=True, gap="small"):
        for call in Call:
            st.button(
                f"`{CODE[call]}`",
                key=f"call_{call}",
                disabled=len(calls) >= MAX_CALLS,
                on_click=TABLE.change,
                args=({CALLS: calls + call},),
            )
        st.button(texts.undo, icon=":material/undo:", on_click=TABLE.change, args=({CALLS: calls[:-1]},))
        st.button(texts.reset, icon=":material/restart_alt:", on_click=TABLE.change, args=({CALLS: ""},))
    rows = []
    for each in replay(calls):
        mark = "**" if each.moved else ""
        code = texts.at_first if each.call is None else f"`{CODE[each.call]}`"
        numbers = (f"{each.batches:,}", f"{each.mean:.5f}", f"{each.variance:.5f}")
        rows.append((code, f"`{each.is_training}`", *(f"{mark}{number}{mark}" for number in numbers)))
    table(texts.norm_head, rows, label=texts.topics[Topic.NORM])
    end = measured(config).end(Mode.PARTIAL)
    if end is not None:
        steps = end.batches[1] - end.batches[0]
        st.markdown(texts.frozen_moved.format(steps=steps, moved=f"{end.running:.4f}"))


def _own(screen: Screen) -> None:
    view, texts, config = screen.view, screen.texts, screen.config
    digits = kept_digits()
    held = sum(each.held_out for each in digits)
    if not 0 < held < len(digits):
        st.info(texts.own_empty)
        draw = page_info("draw")
        st.page_link(draw.file, label=texts.own_go, icon=draw.icon, query_params={"lang": view.lang})
        return
    images, labels = as_arrays(digits)
    own = OwnDigits(images.tobytes(), labels.tobytes(), bytes(each.held_out for each in digits))
    mine = replace(config, own=own, labels=(10,))
    st.markdown(texts.own_counts.format(train=len(digits) - held, held=held))
    every = REDRAW_SECONDS if measured(mine).is_active else None
    st.fragment(_own_live, run_every=every)(view, texts, mine, every is not None)


def _own_live(view: Frame, texts: FinetuneTexts, mine: FinetuneConfig, was_active: bool) -> None:
    known = measured(mine)
    if known.is_active != was_active:
        st.rerun(scope="app")
    with st.container():
        _start_button(view, texts.recorded, mine, known, texts.own_train)
    if known.points:
        lines = [_own_line(texts, mode, known) for mode in COMPARED]
        figure = accuracy_chart(
            lines, x_title=texts.step_axis, y_title=texts.accuracy_axis, last_x=mine.steps, dark=view.dark
        )
        chart(figure, key="own", alt=texts.own_table[1])
    rows = [(texts.modes[end.mode], f"{round(end.new * end.tested)} / {end.tested}") for end in known.ends]
    if rows:
        table(texts.own_table, rows, label=texts.topics[Topic.OWN])


def _own_line(texts: FinetuneTexts, mode: Mode, known: Measured) -> Line:
    points = tuple((point.step, point.new) for point in known.points if point.mode is mode)
    return Line(list(Mode).index(mode), texts.modes[mode], points)


def _code(screen: Screen) -> None:
    state, texts, config = screen.state, screen.texts, screen.config
    mode = state.choice(MODE, texts.code_mode, format=lambda option: texts.modes[option], widget="select")
    code_block(script(config, mode), height=480)
    st.markdown(f"**{texts.resnet}**")
    known = mode if mode in COMPARED else Mode.FULL
    if known is not Mode.SCRATCH:
        st.caption(texts.resnet_download)
    code_block(resnet_script(known, config.old_rate, config.new_rate), key="resnet_code")


_TOPICS: dict[Topic, Callable[[Screen], None]] = {
    Topic.FORGET: _forget,
    Topic.LABELS: _labels,
    Topic.LAYERS: _layers,
    Topic.NORM: _norm,
    Topic.OWN: _own,
    Topic.CODE: _code,
}
