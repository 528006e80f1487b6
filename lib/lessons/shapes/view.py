"""The page: inputs, steps, the open step's picture, and the program."""

from __future__ import annotations

import streamlit as st

from lib.core.lessons import load_lesson
from lib.core.tensors.ops import parse_steps, pipeline_code, run_pipeline
from lib.core.tensors.trace import number_elements
from lib.lessons.shapes.picture import show_failure, show_input, show_step
from lib.lessons.shapes.state import AT, EXAMPLES, FALLBACK_STEPS, OPENED, STEPS, TABLE, A, B
from lib.lessons.shapes.steps import chosen_step, edit_step, strip
from lib.lessons.shapes.texts import SHAPES_TEXTS
from lib.ui.components.code import code_block
from lib.ui.components.columns import settings_and_picture
from lib.ui.components.tensor import groups_of
from lib.ui.frame import Frame, frame
from lib.ui.state import State, offers
from lib.ui.tensors.fields import typed_tensor
from lib.ui.tensors.problems import problem_text
from lib.ui.tensors.words import TENSOR_WORDS
from lib.ui.torch_once import use_torch


def show() -> None:
    """The page."""
    view = frame("shapes")
    use_torch()
    st.title(SHAPES_TEXTS[view.lang].title)
    st.markdown(load_lesson("shapes", view.lang)["intro"].body)
    body(view)


@st.fragment
def body(view: Frame) -> None:
    """What a control changes; the frame around it is left alone."""
    texts, words = SHAPES_TEXTS[view.lang], TENSOR_WORDS[view.lang]
    with TABLE.read(view.lang) as state:
        offers(
            TABLE,
            "_example",
            texts.examples,
            list(EXAMPLES),
            changes=lambda name: dict(
                zip((A, B, STEPS, AT), (*EXAMPLES[name][:2], parse_steps(EXAMPLES[name][2]), 0), strict=True)
            ),
            format=lambda name: texts.example_names[name],
        )
        left, right = st.columns(2)
        with left:
            first, _ = typed_tensor(state, A, texts.first, words, help=words.input_help)
        with right:
            second, _ = typed_tensor(state, B, texts.second, words, help=words.input_help)
        a, b = number_elements([first.make().detach(), second.make().detach()])
        _standard_steps(state, alike=a.shape == b.shape)
        steps = state[STEPS]
        groups = groups_of([("a", a.shape), ("b", b.shape)])
        outcomes = run_pipeline(steps, a, b)
        at = chosen_step(state)
        outcome = outcomes[at] if at < len(outcomes) else None
        strip(state, texts, outcomes, a.shape)

        settings, shown = settings_and_picture("shapes")
        with settings:
            edit_step(state, texts, words, outcome, at)
        with shown:
            if outcome is None:
                st.info(texts.unreached, icon=":material/block:")
                show_input(view, words, a, groups, texts.unreached)
            elif outcome.after is None:
                show_failure(view, texts, words, outcome, b, groups, steps, at)
            else:
                show_step(view, texts, words, outcome, b, groups, is_first=at == 0)

        memory = load_lesson("shapes", view.lang)["memory"]
        st.markdown(
            f"**{memory.title}{view.texts.stop.strip()}** {memory.body}\n\n**{view.texts.code_heading}**"
        )
        last = outcomes[-1] if outcomes else None
        refused: object = last.error if last is not None else None
        if last is not None and last.problem is not None:
            refused = problem_text(last.problem, words)
        ran = [result.step for result in outcomes]
        code_block(pipeline_code(ran, first.code("a"), second.code("b"), refused))


def _standard_steps(state: State, *, alike: bool) -> None:
    """Tensors that came without steps open with one that they can take; what is on screen then stays."""
    if not state[OPENED]:
        state.set(OPENED, True)
        if not alike and not state.came(STEPS):
            state.set(STEPS, FALLBACK_STEPS)
    state.say(STEPS, is_said=not alike)
