"""/shapes: the pipeline of steps as state of the session and of the address, and the controls of one step."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import streamlit as st

from lib.core.tensors.errors import TensorInputError
from lib.core.tensors.ops import (
    MAX_STEPS,
    PARAMETERS,
    PIECES,
    Argument,
    Outcome,
    Parameter,
    Role,
    Step,
    StepKind,
    default_step,
    legal_range,
    parse_steps,
    steps_text,
)
from lib.core.tensors.parse import parse_sizes
from lib.ui.tensor_pages.controls import pick_once, problem_text, show_problem
from lib.ui.texts.shapes import ShapesTexts
from lib.ui.texts.tensors import TensorWords

STEPS = "steps"
DEFAULT_STEPS = "stack(0)"
FALLBACK_STEPS = "unsqueeze(0)"
"""Where the address has no steps that can be read and a and b are not alike: a step that any tensor can take."""
_RERUN = "_pipeline_rerun"
_STATE, _SEEN, _AT = "_pipeline", "_pipeline_seen", "_pipeline_at"
MAX_COUNT = 16

EXAMPLES: dict[str, tuple[str, str, str]] = {
    "join": ("[1, 2, 3]", "[3, 2, 1]", DEFAULT_STEPS),
    "squeeze": ("1, 3, 1, 2", "2, 3", "squeeze();unsqueeze(0)"),
    "transpose": ("2, 3", "2, 3", "t();view((6,))"),
    "broadcast": ("3, 1", "[10, 20, 30, 40]", "add()"),
    "permute": ("2, 3, 4", "2, 3, 4", "permute((2, 0, 1));unsqueeze(0)"),
    "split": ("4, 6", "4, 3", "split(3, 1);cat(1)"),
}


def load_steps(texts: ShapesTexts, words: TensorWords, *, alike: bool) -> tuple[Step, ...]:
    """The pipeline: of the session, or of the address where that has changed.

    ``alike`` says that the two tensors have one shape, so that they can be stacked.
    """
    in_address = st.query_params.get(STEPS)
    standard = DEFAULT_STEPS if alike else FALLBACK_STEPS
    if _STATE not in st.session_state or in_address != st.session_state.get(_SEEN):
        try:
            steps = parse_steps(standard if in_address is None else in_address)
        except TensorInputError as problem:
            st.warning(
                texts.bad_steps.format(reason=problem_text(problem, words)), icon=":material/link_off:"
            )
            steps = parse_steps(standard)
        st.session_state[_STATE] = steps
        st.session_state[_SEEN] = in_address
    kept: tuple[Step, ...] = st.session_state[_STATE]
    if in_address is None and steps_text(kept) != standard:
        save_steps(kept)  # a or b changed under steps that went without saying
    return kept


def save_steps(steps: Sequence[Step]) -> None:
    """Keep a changed pipeline, in the address too."""
    text = steps_text(steps)
    st.session_state[_STATE] = tuple(steps)
    st.query_params[STEPS] = text
    st.session_state[_SEEN] = text


def ask_rerun() -> None:
    """From a callback of the fragment: the inputs above it changed too, so the whole page must run."""
    st.session_state[_RERUN] = True


def take_rerun() -> bool:
    """Whether a callback asked for the whole page; asking once is enough."""
    return bool(st.session_state.pop(_RERUN, False))


def chosen_step(steps: Sequence[Step]) -> int:
    """The number of the step on screen, from 0; the last one at first."""
    at: int = st.session_state.get(_AT, len(steps) - 1)
    return min(max(at, 0), len(steps) - 1)


def examples(texts: ShapesTexts) -> None:
    """Buttons that set both tensors and the steps."""

    def load(name: str) -> None:
        first, second, steps = EXAMPLES[name]
        st.session_state["a"], st.session_state["b"] = first, second
        save_steps(parse_steps(steps))
        st.session_state.pop(_AT, None)

    pick_once(
        texts.examples,
        list(EXAMPLES),
        key="_example",
        format_func=lambda name: texts.example_names[name],
        pick=load,
    )


def strip(
    texts: ShapesTexts, steps: Sequence[Step], outcomes: Sequence[Outcome], first: tuple[int, ...]
) -> None:
    """The shapes on the way as a row of choices: a chosen step can be edited."""
    labels = []
    for index, step in enumerate(steps):
        if index >= len(outcomes):
            after = "…"
        else:
            reached = outcomes[index].after
            after = "✗" if reached is None else shape_text(reached.shape)
        labels.append(f"{index + 1} · {step.text} → {after}")
    key = "_strip"
    st.session_state[key] = chosen_step(steps)

    def choose() -> None:
        st.session_state[_AT] = st.session_state[key]

    st.segmented_control(
        f"{texts.steps} · a {shape_text(first)}",
        range(len(steps)),
        format_func=lambda index: labels[index].replace("*", "\\*"),
        required=True,
        key=key,
        on_change=choose,
        wrap=True,
    )


def shape_text(shape: tuple[int, ...]) -> str:
    """A shape as torch.Size prints it, without its name.

    >>> shape_text((3,))
    '(3,)'
    """
    return str(tuple(shape))


def edit_step(
    texts: ShapesTexts, words: TensorWords, steps: tuple[Step, ...], outcome: Outcome | None, at: int
) -> None:
    """The controls of one step, and the buttons to add and to remove one."""
    shape = outcome.before.shape if outcome is not None else ()
    _kind_control(texts, steps, at, shape)
    if outcome is not None:
        for index, parameter in enumerate(PARAMETERS[steps[at].kind]):
            _argument_control(texts, words, steps, at, index, parameter, shape)
        if steps[at].kind in PIECES and len(outcome.results) > 1:
            _piece_control(texts, steps, at, len(outcome.results))
    after = outcome.after.shape if outcome is not None and outcome.after is not None else shape

    def add() -> None:
        fresh = default_step(StepKind.UNSQUEEZE, after)
        save_steps((*steps[: at + 1], fresh, *steps[at + 1 :]))
        st.session_state[_AT] = at + 1

    def remove() -> None:
        save_steps((*steps[:at], *steps[at + 1 :]))
        st.session_state[_AT] = max(at - 1, 0)

    with st.container(horizontal=True):
        st.button(texts.add, icon=":material/add:", on_click=add, disabled=len(steps) >= MAX_STEPS)
        st.button(texts.remove, icon=":material/remove:", on_click=remove, disabled=len(steps) < 2)


def _kind_control(texts: ShapesTexts, steps: tuple[Step, ...], at: int, shape: tuple[int, ...]) -> None:
    key = f"_kind_{at}"
    st.session_state[key] = steps[at].kind

    def change() -> None:
        _replace(steps, at, default_step(StepKind(st.session_state[key]), shape))

    st.selectbox(texts.operation, [*StepKind], format_func=str, key=key, on_change=change)
    st.caption(texts.rules[steps[at].kind])


def _replace(steps: tuple[Step, ...], at: int, step: Step) -> None:
    save_steps((*steps[:at], step, *steps[at + 1 :]))
    st.session_state[_AT] = at


def _argument_control(
    texts: ShapesTexts,
    words: TensorWords,
    steps: tuple[Step, ...],
    at: int,
    index: int,
    parameter: Parameter,
    shape: tuple[int, ...],
) -> None:
    step = steps[at]
    key = f"_arg_{at}_{step.kind}_{parameter.name}"
    value = step.arguments[index]

    def change(read: Callable[[Any], Argument] = lambda raw: raw) -> None:
        _replace(steps, at, step.with_argument(index, read(st.session_state[key])))

    if parameter.role is Role.OPTIONAL_DIM:
        _optional(texts, steps, at, index, shape)
        if value is None:
            return
    if parameter.role in {Role.DIM, Role.NEW_DIM, Role.OPTIONAL_DIM}:
        low, high = legal_range(parameter.role, len(shape))
        assert isinstance(value, int)
        label = f"{parameter.name} ({low} … {high})"
        _slider(label, key, min(low, value), max(high, value), value, change)
    elif parameter.role is Role.COUNT:
        assert isinstance(value, int)
        longest = max((min(size, MAX_COUNT) for size in shape), default=1)
        _slider(parameter.name, key, min(1, value), max(longest, value, 2), value, change)
    else:
        _sizes_control(texts, words, steps, at, index, parameter)


def _slider(name: str, key: str, low: int, high: int, value: int, change: Callable[[], None]) -> None:
    st.session_state[key] = value
    st.slider(name, low, high, key=key, on_change=change)


def _optional(
    texts: ShapesTexts, steps: tuple[Step, ...], at: int, index: int, shape: tuple[int, ...]
) -> None:
    key = f"_given_{at}_{steps[at].kind}"
    st.session_state[key] = steps[at].arguments[index] is not None
    ones = [axis for axis, size in enumerate(shape) if size == 1]

    def change() -> None:
        value = (ones[0] if ones else 0) if st.session_state[key] else None
        _replace(steps, at, steps[at].with_argument(index, value))

    st.toggle(texts.use_dim, key=key, on_change=change)


def _sizes_control(
    texts: ShapesTexts,
    words: TensorWords,
    steps: tuple[Step, ...],
    at: int,
    index: int,
    parameter: Parameter,
) -> None:
    step = steps[at]
    key = f"_sizes_{at}_{step.kind}_{parameter.name}"
    bad_key = f"{key}_bad"
    value = step.arguments[index]
    assert isinstance(value, tuple)

    def change() -> None:
        try:
            read = parse_sizes(st.session_state[key] or "()")
            changed = step.with_argument(index, read[:8])
        except TensorInputError as problem:
            st.session_state[bad_key] = problem
            return
        st.session_state.pop(bad_key, None)
        _replace(steps, at, changed)

    if bad_key not in st.session_state:
        st.session_state[key] = ", ".join(map(str, value))
    help = texts.order_help if parameter.role is Role.ORDER else texts.sizes_help
    st.text_input(parameter.name, key=key, help=help, max_chars=60, on_change=change)
    if bad_key in st.session_state:
        show_problem(st.session_state.pop(bad_key), words)


def _piece_control(texts: ShapesTexts, steps: tuple[Step, ...], at: int, count: int) -> None:
    key = f"_piece_{at}"
    step = steps[at]

    def change() -> None:
        _replace(steps, at, Step(step.kind, step.arguments, int(st.session_state[key])))

    _slider(texts.piece, key, 0, count - 1, min(step.piece, count - 1), change)
