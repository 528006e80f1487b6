"""The second topic: what a line writes into x, and where a place named twice, a copy, one memory surprise."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import streamlit as st

from lib.core.tensors.assign import Assignment, Change, Written, counted_code, parse_assignment, write
from lib.core.tensors.create import Creation
from lib.core.tensors.errors import MAX_TEXT, TensorInputError, commented
from lib.core.tensors.index import NAME
from lib.core.tensors.trace import number_elements
from lib.lessons.indexing.state import EXPANDED, TABLE, WRITE, WRITE_PRESETS, WRITTEN
from lib.lessons.indexing.texts import IndexingTexts
from lib.lessons.indexing.values_text import values_text
from lib.ui.components.tensor import Mark, Scene, groups_of, picture_of, tensor_scene
from lib.ui.frame import Frame
from lib.ui.state import Key, State, as_text, offers
from lib.ui.tensors.fields import typed_tensor
from lib.ui.tensors.problems import problem_text, show_problem, show_refusal
from lib.ui.tensors.words import TensorWords

if TYPE_CHECKING:
    pass


def writing(view: Frame, state: State, texts: IndexingTexts, words: TensorWords) -> str:
    """The topic; returns the code for the screen."""
    left, right = st.columns(2)
    with left:
        spec, _ = typed_tensor(state, WRITTEN, texts.tensor, words, help=words.input_help)
    with right:
        assignment = _typed_line(state, texts, words)
    offers(
        TABLE,
        "_write_preset",
        texts.write,
        list(WRITE_PRESETS),
        changes=_preset,
        format=lambda name: texts.write_presets[name],
    )
    is_expanded = state.toggle(EXPANDED, texts.expanded)
    done = write(assignment, spec.make().detach(), is_expanded=is_expanded)
    _picture(view, texts, words, assignment, done)
    if done.problem is not None:
        show_problem(done.problem, words)
    if done.error is not None:
        show_refusal(done.error, words)
    if done.after is not None:
        _explain(texts, assignment, done)
    if is_expanded and done.before.dim() and len(done.before) > 1:  # one place shares with none
        st.markdown(texts.shared_rows.format(size=len(done.before)))
    return _code(spec, assignment, done, words, is_expanded=is_expanded)


def _preset(name: str) -> dict[Key[Any], object]:
    return {WRITE: WRITE_PRESETS[name], EXPANDED: name == "expanded", WRITTEN: WRITTEN.default}


def _typed_line(state: State, texts: IndexingTexts, words: TensorWords) -> Assignment:
    text = state.text(WRITE, texts.write, help=texts.write_help)
    try:
        assignment = parse_assignment(text)
    except TensorInputError as problem:
        show_problem(problem, words)
        good = state.last_good(WRITE)
        st.caption(f"{texts.write_help} {words.last_good.format(text=as_text(good, MAX_TEXT).strip('`'))}")
        return parse_assignment(good)
    state.keep_good(WRITE)
    if assignment.target.typed_name != NAME:
        typed = as_text(assignment.target.typed_name, MAX_TEXT)
        st.caption(texts.read_as_x.format(typed=typed, code=assignment.code))
    return assignment


def _picture(
    view: Frame, texts: IndexingTexts, words: TensorWords, assignment: Assignment, done: Written
) -> None:
    traced = number_elements([done.before])[0]
    groups = groups_of([(NAME, traced.shape)])
    sources = (traced.source_map(),)
    pictures = [picture_of("before", texts.x_before, done.before, sources=sources)]
    reading = texts.failed_reading.format(code=assignment.code, message=done.error or done.problem)
    if done.after is not None:
        marks = np.zeros(done.before.numel(), dtype=np.uint8)
        marks[list(done.changed)] = Mark.CHANGED
        pictures.append(picture_of("after", texts.x_after, done.after, sources=sources, marks=marks))
        reading = texts.write_reading.format(
            code=assignment.code, before=values_text(done.before), after=values_text(done.after)
        )
    tensor_scene(
        Scene(tuple(pictures), reading, groups=groups, joiners=(f"→ {assignment.code}",)),
        key="written",
        colours=view.palette,
        words=words,
    )


def _explain(texts: IndexingTexts, assignment: Assignment, done: Written) -> None:
    total = done.before.numel()
    st.markdown(texts.written.format(named=done.named, changed=len(done.changed), total=total))
    if done.lost:
        st.info(texts.lost, icon=":material/content_copy:")
    if (
        done.repeated and not done.lost and assignment.change is not Change.SET
    ):  # one value is one, however often
        number, count = done.repeated[0]
        place = tuple(int(at) for at in np.unravel_index(number, tuple(done.before.shape)))
        st.info(texts.repeated.format(place=list(place), count=count), icon=":material/info:")
        counted = counted_code(assignment)
        if counted is not None:
            st.markdown(texts.counted.format(code=counted))


def _code(
    spec: Creation, assignment: Assignment, done: Written, words: TensorWords, *, is_expanded: bool
) -> str:
    made = spec.code(NAME)
    if is_expanded and done.before.dim() and len(done.before):
        made += f"\n{NAME} = {NAME}[:1].expand({NAME}.shape)"
    head = f"import torch\n\n{made}\n"
    if done.after is None:
        why = done.error if done.problem is None else problem_text(done.problem, words)
        return f"{head}{commented(assignment.code, why)}\nprint({NAME})"
    return f"{head}{assignment.code}\nprint({NAME})"
