"""The nine steps of the program, each with what it does beside its code."""

from __future__ import annotations

import streamlit as st

from lib.core.codegen.mnist_script import CodeStep, nine_steps, notebook, script
from lib.core.lessons import Section
from lib.core.training.config import TrainConfig
from lib.lessons.train.state import STYLE
from lib.lessons.train.texts import TrainTexts
from lib.ui.components.code import code_block
from lib.ui.state import State


def steps(state: State, texts: TrainTexts, config: TrainConfig, lesson: dict[str, Section]) -> None:
    """Draw them for the current settings, with the whole program to take away."""
    st.header(texts.steps)
    st.caption(texts.steps_lead)
    style = state.choice(
        STYLE, texts.style, format=lambda style: texts.styles[style], widget="pills", help=texts.style_help
    )
    made = nine_steps(config, style)
    sections = [_section(step, config, lesson) for step in made]
    with st.container(horizontal=True):
        st.download_button(
            texts.download_script,
            data=lambda: script(config, style),
            file_name="train_mnist.py",
            mime="text/x-python",
            on_click="ignore",
            icon=":material/download:",
        )
        st.download_button(
            texts.download_notebook,
            data=lambda: notebook(config, [s.title for s in sections], [s.body for s in sections], style),
            file_name="train_mnist.ipynb",
            mime="application/x-ipynb+json",
            on_click="ignore",
            icon=":material/download:",
        )
    with st.container(key="train_steps"):  # in two columns by the page's style
        for step, section in zip(made, sections, strict=True):
            st.markdown(f"**{step.number}. {section.title}**\n\n{section.body}")
            code_block(step.code, key=f"step_{step.number}", wrap_lines=True)


def _section(step: CodeStep, config: TrainConfig, lesson: dict[str, Section]) -> Section:
    """What stands beside a step: a network with convolutions has its own words, and so has the experiment."""
    if step.key == "network" and config.is_convolutional:
        return lesson["cnn"]
    return lesson["softmax" if step.key == "training" and config.softmax_first else step.key]
