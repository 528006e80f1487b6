"""One step as a picture, before and after, every element followed; or why it is illegal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import streamlit as st

from lib.core.tensors.explain import Explanation, Fix, explain
from lib.core.tensors.ops import JOINS, Outcome, Step, StepKind, broadcast_sizes, try_step
from lib.core.tensors.trace import Traced
from lib.lessons.shapes.state import STEPS, TABLE, B
from lib.lessons.shapes.steps import shape_text
from lib.lessons.shapes.texts import ShapesTexts
from lib.ui.components.tensor import (
    Group,
    Mark,
    Picture,
    Scene,
    picture_of,
    tensor_scene,
    traced_picture,
)
from lib.ui.frame import Frame
from lib.ui.state import Key
from lib.ui.tensors.problems import show_problem, show_refusal
from lib.ui.tensors.words import TensorWords

if TYPE_CHECKING:
    import torch

MAX_PIECES_DRAWN = 8
MAX_LIST = 24


def show_step(
    view: Frame,
    texts: ShapesTexts,
    words: TensorWords,
    outcome: Outcome,
    other: Traced,
    groups: tuple[Group, ...],
    *,
    is_first: bool,
) -> None:
    """The picture of a step that worked, with its contrast for stack and cat."""
    name = "a" if is_first else "x"
    listed = _scene(view, texts, words, outcome, other, groups, name=name, key="step")
    st.markdown(f"{listed}\n\n{_facts(words, outcome)}")
    found_nothing = outcome.after is not None and outcome.after.shape == outcome.before.shape
    if outcome.step.kind is StepKind.SQUEEZE and found_nothing:
        st.caption(texts.nothing_squeezed.format(shape=shape_text(outcome.before.shape)))
    if outcome.step.kind in texts.contrast:
        kind = StepKind.CAT if outcome.step.kind is StepKind.STACK else StepKind.STACK
        dim = outcome.step.arguments[0] if kind is StepKind.STACK else 0
        contrast = try_step(Step(kind, (dim,)), outcome.before, other)
        if contrast.after is not None:
            st.markdown(texts.contrast[outcome.step.kind])
            st.markdown(
                _scene(
                    view, texts, words, contrast, other, groups, name=name, key="contrast", only_result=True
                )
            )


def _scene(
    view: Frame,
    texts: ShapesTexts,
    words: TensorWords,
    outcome: Outcome,
    other: Traced,
    groups: tuple[Group, ...],
    *,
    name: str,
    key: str,
    only_result: bool = False,
) -> str:
    """Draw it; returns the line of code with its result."""
    after = outcome.after
    assert after is not None
    code = outcome.step.code(name, "b")
    before = [] if only_result else _inputs(outcome, other, name)
    joiners = ["+" if outcome.step.kind is StepKind.ADD else ","] * max(len(before) - 1, 0)
    if outcome.step.kind is StepKind.ADD and not only_result:
        stretched = _stretched(texts, outcome.before, other, name)
        joiners += ["→", *["+"] * (len(stretched) - 1)] if stretched else []
        before += stretched
    results = [
        traced_picture(
            f"{key}_after{index}",
            texts.result if len(outcome.results) == 1 else f"[{index}]",
            piece,
            marks=None
            if len(outcome.results) == 1 or piece is after
            else np.full(piece.values.numel(), Mark.FADED, dtype=np.uint8),
        )
        for index, piece in enumerate(outcome.results[:MAX_PIECES_DRAWN])
    ]
    joiners += [f"→ {outcome.step.text}"] if before else []
    joiners += [""] * (len(results) - 1)
    tensor_scene(
        Scene(
            (*before, *results),
            texts.reading.format(
                code=code, before=shape_text(outcome.before.shape), after=shape_text(after.shape)
            ),
            groups=groups,
            joiners=tuple(joiners),
            play_to=len(before) if len(results) == 1 and before else None,
            play_key=f"{outcome.step.text} {outcome.before.shape} {other.shape}",
        ),
        key=f"scene_{key}",
        colours=view.palette,
        words=words,
    )
    listed = f" = `{_listed(after.values)}`" if after.values.numel() <= MAX_LIST else ""
    return f"`{code}` → `{after.values.shape}`{listed}"


def _listed(values: torch.Tensor) -> object:
    """Floats with four digits after the point, as torch prints them."""
    return np.round(values.double().numpy(), 4).tolist() if values.is_floating_point() else values.tolist()


def _inputs(
    outcome: Outcome, other: Traced, name: str, clash: tuple[tuple[int, int], ...] = ()
) -> list[Picture]:
    axes = [tuple(axis for tensor, axis in clash if tensor == which) for which in (0, 1)]
    inputs = [traced_picture("before", name, outcome.before, clash=axes[0])]
    if outcome.step.kind in JOINS:
        inputs.append(traced_picture("other", "b", other, clash=axes[1]))
    return inputs


def _stretched(texts: ShapesTexts, before: Traced, other: Traced, name: str) -> list[Picture]:
    """Both tensors as broadcasting sees them, repeats faded; only where something is stretched."""
    sizes = broadcast_sizes(before.shape, other.shape)
    if sizes is None or (before.shape == sizes and other.shape == sizes):
        return []
    pictures = []
    for label, traced in ((name, before), ("b", other)):
        wide = traced.apply(lambda tensor: tensor.expand(sizes))
        numbers = wide.source_map()
        marks = np.full(numbers.shape, Mark.FADED, dtype=np.uint8)
        marks[np.unique(numbers, return_index=True)[1]] = Mark.NONE
        pictures.append(
            traced_picture(f"wide_{label}", texts.stretched.format(name=label), wide, marks=marks)
        )
    return pictures


def _facts(words: TensorWords, outcome: Outcome) -> str:
    after = outcome.after
    assert after is not None
    shared = words.view if outcome.shares else words.copy
    order = words.contiguous if after.values.is_contiguous() else words.not_contiguous
    strides = f"stride `{tuple(outcome.before.values.stride())}` → `{tuple(after.values.stride())}`"
    icon = ":material/link:" if outcome.shares else ":material/content_copy:"
    return f"{icon} **{shared}** · {order} · {strides}"


def show_failure(
    view: Frame,
    texts: ShapesTexts,
    words: TensorWords,
    outcome: Outcome,
    other: Traced,
    groups: tuple[Group, ...],
    steps: tuple[Step, ...],
    at: int,
) -> None:
    """A step that is illegal: the sizes that clash, torch's message, and a button with the smallest fix."""
    name = "a" if at == 0 else "x"
    why = explain(outcome, other) if outcome.error is not None else None
    message = str(outcome.error or outcome.problem)
    tensor_scene(
        Scene(
            tuple(_inputs(outcome, other, name, why.clash if why else ())),
            texts.failed_reading.format(
                code=outcome.step.code(name, "b"), before=shape_text(outcome.before.shape), message=message
            ),
            groups=groups,
            joiners=(",",),
        ),
        key="scene_step",
        colours=view.palette,
        words=words,
    )
    st.markdown(f"`{outcome.step.code(name, 'b')}`")
    if outcome.problem is not None:
        show_problem(outcome.problem, words)
    if outcome.error is not None and why is not None:
        show_refusal(outcome.error, words, texts.reasons[why.reason].format(**why.numbers))
        _fix_button(view, texts, why, steps, at)


def _fix_button(view: Frame, texts: ShapesTexts, why: Explanation, steps: tuple[Step, ...], at: int) -> None:
    fix = why.fix

    mended = (*steps[:at], *fix.steps, *steps[at + 1 :])
    if not mended:
        return  # to leave out the only step would be no lesson
    changes: dict[Key[Any], object] = {STEPS: mended}
    if fix.other_shape is not None:
        changes[B] = shape_text(fix.other_shape)
    st.button(
        f"{texts.fix}{view.texts.colon}{fix_text(texts, fix, steps[at])}",
        icon=":material/build:",
        type="primary",
        on_click=TABLE.change,
        args=(changes,),
    )


def fix_text(texts: ShapesTexts, fix: Fix, step: Step) -> str:
    """A fix in words."""
    parts = []
    if fix.steps != (step,) and fix.steps:
        parts.append(texts.fix_steps.format(steps=", ".join(part.text for part in fix.steps)))
    if fix.other_shape is not None:
        parts.append(texts.fix_other.format(shape=shape_text(fix.other_shape)))
    return " · ".join(parts) or texts.fix_remove


def show_input(
    view: Frame, words: TensorWords, traced: Traced, groups: tuple[Group, ...], reading: str
) -> None:
    """The first tensor alone, where no step can be shown."""
    tensor_scene(
        Scene(
            (picture_of("before", "a", traced.values, sources=(traced.source_map(),)),),
            reading,
            groups=groups,
        ),
        key="scene_step",
        colours=view.palette,
        words=words,
    )
