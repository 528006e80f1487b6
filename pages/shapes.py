"""/shapes: join and reshape tensors, step by step, and follow every element."""

from __future__ import annotations

import streamlit as st

from lib.core.lessons import load_lesson
from lib.core.tensors.create import Creation
from lib.core.tensors.ops import pipeline_code, run_pipeline
from lib.core.tensors.trace import number_elements
from lib.ui.components.tensor import groups_of
from lib.ui.frame import frame
from lib.ui.tensor_pages.controls import problem_text, typed_tensor
from lib.ui.tensor_pages.pipeline import (
    EXAMPLES,
    chosen_step,
    edit_step,
    examples,
    load_steps,
    strip,
    take_rerun,
)
from lib.ui.tensor_pages.shapes import show_failure, show_input, show_step
from lib.ui.texts.shapes import SHAPES_TEXTS
from lib.ui.texts.tensors import TENSOR_WORDS

view = frame("shapes")
texts, words = SHAPES_TEXTS[view.lang], TENSOR_WORDS[view.lang]
lesson = load_lesson("shapes", view.lang)
first_text, second_text, _ = EXAMPLES["join"]

st.title(texts.title)
st.markdown(lesson["intro"].body)


examples(texts)
left, right = st.columns(2)
with left:
    first, _ = typed_tensor(texts.first, key="a", default=first_text, words=words, help=words.input_help)
with right:
    second, _ = typed_tensor(texts.second, key="b", default=second_text, words=words, help=words.input_help)


@st.fragment
def body(first: Creation, second: Creation) -> None:
    """The steps: what a slider changes, the frame and the inputs left alone."""
    if take_rerun():
        st.rerun()
    a, b = number_elements([first.make().detach(), second.make().detach()])
    steps = load_steps(texts, words, alike=a.shape == b.shape)
    groups = groups_of([("a", a.shape), ("b", b.shape)])
    outcomes = run_pipeline(steps, a, b)
    at = chosen_step(steps)
    outcome = outcomes[at] if at < len(outcomes) else None
    strip(texts, steps, outcomes, a.shape)

    settings, shown = st.columns([3, 7], gap="medium")
    with settings:
        edit_step(texts, words, steps, outcome, at)
    with shown:
        if outcome is None:
            st.info(texts.unreached, icon=":material/block:")
            show_input(view, words, a, groups, texts.unreached)
        elif outcome.after is None:
            show_failure(view, texts, words, outcome, b, groups, steps, at)
        else:
            show_step(view, texts, words, outcome, b, groups, is_first=at == 0)

    memory = lesson["memory"]
    st.markdown(f"**{memory.title}.** {memory.body}\n\n**{view.texts.code_heading}**")
    last = outcomes[-1] if outcomes else None
    refused: object = last.error if last is not None else None
    if last is not None and last.problem is not None:
        refused = problem_text(last.problem, words)
    ran = [result.step for result in outcomes]
    st.code(pipeline_code(ran, first.code("a"), second.code("b"), refused), language="python")


body(first, second)
