"""The arguments of the chosen function, and the shelf."""

from __future__ import annotations

from typing import Any

import streamlit as st

from lib.core.tensors.create import (
    RANDOM,
    SHAPED,
    WITHOUT_DTYPE,
    Creation,
    CreationKind,
    nested_creation,
    parse_creation,
    torch_reason,
)
from lib.core.tensors.errors import TORCH_RAISES, TensorInputError, TorchError
from lib.core.tensors.parse import Scalar, literal_values, number_of, parse_shape, syntax_tree
from lib.lessons.tensors.state import (
    COLUMNS,
    COUNT,
    DATA,
    DEVICE,
    DIM,
    DTYPE,
    END,
    FILL,
    GRAD,
    HIGH,
    INFERRED,
    KIND,
    LIKE,
    LOW,
    PARTS,
    ROWS,
    SEED,
    SHAPE,
    START,
    STEP,
)
from lib.lessons.tensors.texts import TensorsTexts
from lib.ui.frame import Frame
from lib.ui.shelf import MAX_TENSORS, is_name, next_name, put, remove, shelf
from lib.ui.state import State, Text
from lib.ui.tensors.fields import spell_out
from lib.ui.tensors.problems import problem_text, show_problem, show_refusal
from lib.ui.tensors.words import TENSOR_WORDS
from lib.ui.texts.frame import FRAME_TEXTS


def controls(view: Frame, state: State, texts: TensorsTexts) -> Creation | None:
    """Draw the arguments of the chosen function; None where what was typed makes no tensor (the page says why)."""
    kind = state.choice(KIND, texts.kind, widget="select")
    st.markdown(texts.kinds[kind])
    try:
        values = _arguments(state, kind, texts)
        values |= _common(state, kind, texts)
        return Creation(kind, **values)
    except TensorInputError as problem:
        show_problem(problem, TENSOR_WORDS[view.lang])
        if kind is CreationKind.TENSOR:
            _torch_reason(state, texts)
    except TORCH_RAISES as error:  # what torch says to one of the tensors to stack
        show_refusal(TorchError.of(error), TENSOR_WORDS[view.lang])
    return None


def _arguments(state: State, kind: CreationKind, texts: TensorsTexts) -> dict[str, Any]:
    """The function's own arguments.

    Raises: TensorInputError for a text that cannot be read.
    """
    if kind in SHAPED:
        shape = parse_shape(state.text(SHAPE, texts.shape, help=texts.shape_help) or "()")
        values: dict[str, Any] = {"shape": shape}
        if kind in {CreationKind.FULL, CreationKind.EMPTY}:
            values["fill"] = _number(state, FILL, texts.fill)
        if kind is CreationKind.RANDINT:
            left, right = st.columns(2)
            with left:
                values["low"] = state.number(LOW, texts.low)
            with right:
                values["high"] = state.number(HIGH, texts.high)
        return values
    if kind is CreationKind.EYE:
        left, right = st.columns(2)
        with left:
            rows = state.slider(ROWS, texts.rows)
        with right:
            return {"rows": rows, "columns": state.slider(COLUMNS, texts.columns)}
    if kind is CreationKind.ARANGE:
        names = {"start": START, "end": END, "step": STEP}
        return {name: _number(state, key, getattr(texts, name)) for name, key in names.items()}
    if kind is CreationKind.LINSPACE:
        start, end = _number(state, START, texts.start), _number(state, END, texts.end)
        return {"start": start, "end": end, "count": state.slider(COUNT, texts.count)}
    if kind in {CreationKind.TENSOR, CreationKind.FROM_NUMPY}:
        return {"data": nested_creation(state.text(DATA, texts.data, help=texts.data_help)).data}
    if kind is CreationKind.RANDN_LIKE:
        return {"parts": (parse_creation(_named(state, LIKE, texts.like, texts), shelf()),)}
    written = _named(state, PARTS, texts.parts, texts, separator=";")
    parts = tuple(parse_creation(part, shelf()) for part in written.split(";"))
    highest = max(len(_shape_of(parts[0])), 0)
    return {"parts": parts, "dim": state.slider(DIM, texts.dim, low=-highest - 1, high=highest)}


def _shape_of(spec: Creation) -> tuple[int, ...]:
    return tuple(spec.make().shape)


def _named(
    state: State, key: Text[str], label: str, texts: TensorsTexts, *, separator: str | None = None
) -> str:
    """A field for tensors that may be named on the shelf."""
    signs = FRAME_TEXTS[state.lang]
    return state.text(
        key,
        label,
        help=f"{texts.shelf}{signs.colon}{signs.comma.join(shelf()) or '—'}",
        on_change=lambda: spell_out(state, key, separator),
    )


def _number(state: State, key: Text[str], label: str) -> Scalar:
    return number_of(syntax_tree(state.text(key, label)))


def _common(state: State, kind: CreationKind, texts: TensorsTexts) -> dict[str, Any]:
    values: dict[str, Any] = {}
    left, right = st.columns(2)
    if kind in RANDOM or kind is CreationKind.EMPTY:
        with left:
            values["seed"] = state.number(SEED, texts.seed)
    if kind not in WITHOUT_DTYPE or kind is CreationKind.FROM_NUMPY:
        with right if kind in RANDOM or kind is CreationKind.EMPTY else left:
            chosen = state.choice(
                DTYPE,
                texts.dtype,
                format=lambda name: texts.dtype_inferred if name == INFERRED else f"torch.{name}",
                widget="select",
            )
            values["dtype"] = None if chosen == INFERRED else chosen
    if kind not in WITHOUT_DTYPE:
        values["device"] = state.choice(
            DEVICE, texts.device, widget="select", disabled=len(DEVICE.options) == 1, help=texts.device_help
        )
    values["requires_grad"] = state.toggle(GRAD, texts.requires_grad)
    return values


def _torch_reason(state: State, texts: TensorsTexts) -> None:
    """What torch itself says to a ragged or mixed list."""
    try:
        values = literal_values(state[DATA])
    except TensorInputError:
        return
    reason = torch_reason(values)
    if reason is not None:
        st.caption(texts.ragged_reason.format(message=str(reason).replace("`", "'")))


def show_shelf(view: Frame, texts: TensorsTexts, spec: Creation | None) -> None:
    """A name for the tensor, where there is one to keep, and the shelf, each tensor with a way to remove it."""
    if spec is not None:
        _keep_on_shelf(view, texts, spec)
    st.markdown(view.texts.aside.format(name=f"**{texts.shelf}**", note=f"{len(shelf())} / {MAX_TENSORS}"))
    if not shelf():
        st.caption(texts.shelf_empty)
    for kept, made in shelf().items():
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f"`{kept}` = `{made.expression}`", width="content")
            st.button(
                texts.remove.format(name=kept),
                icon=":material/delete:",
                key=f"remove_{kept}",
                on_click=remove,
                args=(kept,),
                type="tertiary",
            )


def _keep_on_shelf(view: Frame, texts: TensorsTexts, spec: Creation) -> None:
    left, right = st.columns([2, 3], vertical_alignment="bottom")
    name = left.text_input(texts.keep_name, value=next_name(), max_chars=12, key=f"name_{next_name()}")
    if right.button(texts.keep, icon=":material/shelves:", width="stretch"):
        try:
            if not is_name(name):
                st.error(texts.bad_name)
            else:
                put(name, spec)
                st.rerun()
        except TensorInputError as problem:
            st.error(problem_text(problem, TENSOR_WORDS[view.lang]))
