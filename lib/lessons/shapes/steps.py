"""The row of steps, and the controls of the one that is open."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import streamlit as st

from lib.core.tensors.errors import TensorInputError
from lib.core.tensors.ops import (
    MAX_STEPS,
    PARAMETERS,
    PIECES,
    Outcome,
    Parameter,
    Role,
    Step,
    StepKind,
    default_step,
    legal_range,
)
from lib.core.tensors.parse import parse_sizes
from lib.lessons.shapes.state import AT, STEPS, TABLE
from lib.lessons.shapes.texts import ShapesTexts
from lib.ui.state import Key, State
from lib.ui.tensors.problems import show_problem
from lib.ui.tensors.words import TensorWords

MAX_COUNT = 16


def chosen_step(state: State) -> int:
    """The number of the step on screen, from 0; the last one at first."""
    last = len(state[STEPS]) - 1
    return min(state[AT] - 1, last) if state[AT] else last


def strip(state: State, texts: ShapesTexts, outcomes: Sequence[Outcome], first: tuple[int, ...]) -> None:
    """The shapes on the way as a row of choices: a chosen step can be edited."""
    steps = state[STEPS]
    labels = []
    for index, step in enumerate(steps):
        if index >= len(outcomes):
            after = "…"
        else:
            reached = outcomes[index].after
            after = "✗" if reached is None else shape_text(reached.shape)
        labels.append(f"{index + 1} · {step.text} → {after}")
    state.part(
        "_strip",
        chosen_step(state),
        lambda key, moved: st.segmented_control(
            f"{texts.steps} · a {shape_text(first)}",
            range(len(steps)),
            format_func=lambda index: labels[index].replace("*", "\\*"),
            required=True,
            key=key,
            on_change=moved,
            wrap=True,
        ),
        changes=lambda index: {AT: _number(steps, index)},
        shape=len(steps),
    )


def _number(steps: Sequence[Step], index: int) -> int:
    """A step's number from 1; the last one is what goes without saying."""
    return 0 if index == len(steps) - 1 else index + 1


def shape_text(shape: tuple[int, ...]) -> str:
    """A shape as torch.Size prints it, without its name.

    >>> shape_text((3,))
    '(3,)'
    """
    return str(tuple(shape))


def edit_step(state: State, texts: ShapesTexts, words: TensorWords, outcome: Outcome | None, at: int) -> None:
    """The controls of one step, and the buttons to add and to remove one."""
    steps = state[STEPS]
    shape = outcome.before.shape if outcome is not None else ()
    _kind_control(state, texts, at, shape)
    if outcome is not None:
        for index, parameter in enumerate(PARAMETERS[steps[at].kind]):
            _argument_control(state, texts, words, at, index, parameter, shape)
        if steps[at].kind in PIECES and len(outcome.results) > 1:
            _piece_control(state, texts, at, len(outcome.results))
    after = outcome.after.shape if outcome is not None and outcome.after is not None else shape
    fresh = default_step(StepKind.UNSQUEEZE, after)
    more = (*steps[: at + 1], fresh, *steps[at + 1 :])
    fewer = (*steps[:at], *steps[at + 1 :])
    add = {STEPS: more, AT: _number(more, at + 1)}
    remove = {STEPS: fewer, AT: _number(fewer, max(at - 1, 0))}
    with st.container(horizontal=True):
        st.button(
            texts.add,
            icon=":material/add:",
            on_click=TABLE.change,
            args=(add,),
            disabled=len(steps) >= MAX_STEPS,
        )
        st.button(
            texts.remove,
            icon=":material/remove:",
            on_click=TABLE.change,
            args=(remove,),
            disabled=len(steps) < 2,
        )


def with_step(steps: Sequence[Step], at: int, step: Step) -> dict[Key[Any], object]:
    """What changes when one step becomes another: it is the one on screen."""
    changed = (*steps[:at], step, *steps[at + 1 :])
    return {STEPS: changed, AT: _number(changed, at)}


def _kind_control(state: State, texts: ShapesTexts, at: int, shape: tuple[int, ...]) -> None:
    steps = state[STEPS]
    state.part(
        f"_kind_{at}",
        steps[at].kind,
        lambda key, moved: st.selectbox(
            texts.operation, [*StepKind], format_func=str, key=key, on_change=moved
        ),
        changes=lambda kind: with_step(steps, at, default_step(StepKind(kind), shape)),
    )
    st.caption(texts.rules[steps[at].kind])


def _argument_control(
    state: State,
    texts: ShapesTexts,
    words: TensorWords,
    at: int,
    index: int,
    parameter: Parameter,
    shape: tuple[int, ...],
) -> None:
    steps = state[STEPS]
    step = steps[at]
    value = step.arguments[index]
    name = f"_arg_{at}_{step.kind}_{parameter.name}"

    def change(number: int) -> dict[Key[Any], object]:
        return with_step(steps, at, step.with_argument(index, number))

    if parameter.role is Role.OPTIONAL_DIM:
        _optional(state, texts, at, index, shape)
        if value is None:
            return
        if isinstance(value, tuple):  # several axes, from an address: no slider has so many ends
            st.markdown(f"`{parameter.name} = {value}`")
            return
    if parameter.role in {Role.DIM, Role.NEW_DIM, Role.OPTIONAL_DIM}:
        low, high = legal_range(parameter.role, len(shape))
        assert isinstance(value, int)
        label = f"{parameter.name} ({low} … {high})"
        _slider(state, label, name, min(low, value), max(high, value), value, change)
    elif parameter.role is Role.COUNT:
        assert isinstance(value, int)
        longest = max((min(size, MAX_COUNT) for size in shape), default=1)
        _slider(state, parameter.name, name, min(1, value), max(longest, value, 2), value, change)
    else:
        _sizes_control(state, texts, words, at, index, parameter)


def _slider(
    state: State,
    label: str,
    name: str,
    low: int,
    high: int,
    value: int,
    change: Callable[[int], Mapping[Key[Any], object]],
) -> None:
    state.part(
        name,
        value,
        lambda key, moved: st.slider(label, low, high, key=key, on_change=moved),
        changes=change,
        shape=(low, high),
    )


def _optional(state: State, texts: ShapesTexts, at: int, index: int, shape: tuple[int, ...]) -> None:
    steps = state[STEPS]
    ones = [axis for axis, size in enumerate(shape) if size == 1]
    first = ones[0] if ones else 0
    state.part(
        f"_given_{at}_{steps[at].kind}",
        steps[at].arguments[index] is not None,
        lambda key, moved: st.toggle(texts.use_dim, key=key, on_change=moved),
        changes=lambda given: with_step(steps, at, steps[at].with_argument(index, first if given else None)),
    )


def _sizes_control(
    state: State, texts: ShapesTexts, words: TensorWords, at: int, index: int, parameter: Parameter
) -> None:
    steps = state[STEPS]
    step = steps[at]
    value = step.arguments[index]
    assert isinstance(value, tuple)
    help = texts.order_help if parameter.role is Role.ORDER else texts.sizes_help
    problem = state.part(
        f"_sizes_{at}_{step.kind}_{parameter.name}",
        ", ".join(map(str, value)),
        lambda key, moved: st.text_input(parameter.name, key=key, help=help, max_chars=60, on_change=moved),
        changes=lambda typed: with_step(steps, at, step.with_argument(index, parse_sizes(typed or "()")[:8])),
        refusals=TensorInputError,
    )
    if isinstance(problem, TensorInputError):
        show_problem(problem, words)


def _piece_control(state: State, texts: ShapesTexts, at: int, count: int) -> None:
    steps = state[STEPS]
    step = steps[at]
    _slider(
        state,
        texts.piece,
        f"_piece_{at}",
        0,
        count - 1,
        min(step.piece, count - 1),
        lambda piece: with_step(steps, at, Step(step.kind, step.arguments, int(piece))),
    )
