"""Who shares memory: two boxes, one made from the other."""

from __future__ import annotations

import numpy as np
import streamlit as st

from lib.core.lessons import load_lesson
from lib.core.tensors.sharing import (
    CALLS,
    FROM_ARRAY,
    MAX_EDIT,
    Box,
    Edit,
    Experiment,
    Refusal,
    Shared,
    Way,
    run,
)
from lib.lessons.memory.state import (
    ARRAY_DTYPE,
    DEVICE,
    EDITS,
    NO_EDITS,
    REQUIRES_GRAD,
    TABLE,
    TENSOR_DTYPE,
    WAY,
)
from lib.lessons.memory.texts import MemoryTexts
from lib.ui.components.columns import settings_and_picture
from lib.ui.components.tensor import Edited, Mark, Picture, Scene, tensor_scene
from lib.ui.frame import Frame
from lib.ui.state import State
from lib.ui.tensors.problems import show_refusal
from lib.ui.tensors.words import TensorWords


def sharing(view: Frame, state: State, texts: MemoryTexts, words: TensorWords) -> str:
    """The second topic; returns the code for the screen."""
    settings, shown = settings_and_picture("sharing")
    with settings:
        experiment = _experiment(state, texts)
    result = run(experiment)
    with shown:
        told = st.container()
        st.markdown(load_lesson("memory", view.lang)["numpy"].body)
    with told:
        _boxes(view, texts, words, experiment, result)
        if result.error is not None and result.refusal is not None:
            to_array = experiment.way not in FROM_ARRAY
            is_dtype = result.refusal is Refusal.DTYPE
            refusals = texts.refusals
            show_refusal(
                result.error,
                words,
                refusals[result.refusal] if to_array or not is_dtype else texts.array_dtype,
            )
            lines = experiment.code().splitlines()
            why = " ".join(str(result.error).split())
            at = 3 if result.left is None and experiment.device == "cpu" and experiment.dtype != "str" else 4
            return "\n".join([*lines[:at], f"# {lines[at]}  # {why}"])
        assert result.left is not None
        assert result.right is not None
        _verdict(texts, experiment, result.left, result.right, result)
    return experiment.code()


def _experiment(state: State, texts: MemoryTexts) -> Experiment:
    way = state.choice(WAY, texts.way, format=lambda name: CALLS[name], widget="select")
    from_array = way in FROM_ARRAY
    dtype = state.choice(
        ARRAY_DTYPE if from_array else TENSOR_DTYPE,
        texts.dtype,
        format=lambda name: f"np.{name}" if from_array and name != "str" else name,
        widget="select",
    )
    device, requires_grad = "cpu", False
    if not from_array:
        requires_grad = state.toggle(REQUIRES_GRAD, texts.requires_grad)
    if way is Way.NUMPY:
        device = state.choice(DEVICE, texts.device)
    st.caption(texts.edit_hint)
    edits = state[EDITS]
    if edits:
        st.button(texts.reset, icon=":material/undo:", on_click=TABLE.change, args=({EDITS: NO_EDITS},))
    return Experiment(way, dtype, requires_grad, device, edits)


def _add_edit(edited: Edited) -> None:
    if edited.tensor not in {"a", "b"} or not 0 <= edited.place < 6 or abs(edited.value) > MAX_EDIT:
        return
    TABLE.change({EDITS: (*TABLE.now()[EDITS], Edit(edited.tensor, edited.place, edited.value))})


def _box_picture(id: str, title: str, box: Box, changed: tuple[int, ...]) -> Picture:
    marks = np.zeros(box.values.size, dtype=np.uint8)
    marks[list(changed)] = Mark.CHANGED
    return Picture(
        id,
        title,
        box.values.shape,
        box.values.reshape(-1),
        kind="float" if "float" in box.kind else "int",
        note=box.kind,
        marks=marks,
        role="input" if id == "a" else "output",
        editable=True,
    )


def _boxes(
    view: Frame, texts: MemoryTexts, words: TensorWords, experiment: Experiment, result: Shared
) -> None:
    code = CALLS[experiment.way]
    pictures = []
    if result.left is not None:
        pictures.append(_box_picture("a", texts.original, result.left, result.changed_left))
    if result.right is not None:
        pictures.append(_box_picture("b", texts.made, result.right, result.changed_right))
        verdict = texts.shares if result.shares else texts.apart
        reading = texts.sharing_reading.format(code=code, verdict=verdict)
    else:
        reading = texts.refused_reading.format(code=code, message=result.error)
    tensor_scene(
        Scene(tuple(pictures), reading, joiners=(f"→ {code}",)),
        key="boxes",
        colours=view.palette,
        words=words,
        on_edit=_add_edit,
    )


def _verdict(texts: MemoryTexts, experiment: Experiment, left: Box, right: Box, result: Shared) -> None:
    icon = ":material/link:" if result.shares else ":material/link_off:"
    st.markdown(f"{icon} **{texts.shares if result.shares else texts.apart}**")
    st.markdown(texts.pointers.format(left=f"{left.pointer:#x}", right=f"{right.pointer:#x}"))
    if experiment.edits:
        # Edits of both boxes change both, shared or not; and a view need not show every element.
        both = result.shares and bool(result.changed_left) and bool(result.changed_right)
        st.caption(texts.changed_both if both else texts.changed_one)
