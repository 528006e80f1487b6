"""nn.functional against nn.Module: where parameters live, what train() and eval() change."""

from __future__ import annotations

import numpy as np
import streamlit as st

from lib.core.autograd.modules import ModuleFacts, ModuleSettings, module_code, module_facts, printed
from lib.core.autograd.values import Array
from lib.core.lessons import load_lesson
from lib.lessons.autograd.bars import Bar, bars, card, row_of
from lib.lessons.autograd.more_texts import MODULE_TEXTS, ModuleTexts
from lib.lessons.autograd.shared import with_output
from lib.lessons.autograd.state import DROPOUT, MODE
from lib.lessons.autograd.texts import AutogradTexts
from lib.ui.frame import Frame
from lib.ui.state import State
from lib.ui.torch_once import use_torch


@st.cache_data(show_spinner=False, max_entries=64)
def _facts(settings: ModuleSettings) -> ModuleFacts:
    use_torch()
    return module_facts(settings)


def module_topic(view: Frame, texts: AutogradTexts, state: State) -> str:
    """The whole part; returns its program."""
    words = MODULE_TEXTS[view.lang]
    left, right = st.columns(2, gap="medium")
    with left:
        mode = state.choice(MODE, words.mode, format=lambda each: words.modes[each])
    with right:
        dropout = state.slider(DROPOUT, words.dropout, step=0.1)
    settings = ModuleSettings(round(dropout, 3), mode == "train")
    facts = _facts(settings)
    cards = [
        _dropped(view, words, title, values, settings.dropout)
        for title, values in (
            (words.module, facts.module_dropout),
            (words.functional, facts.functional_dropout),
            (words.careless, facts.careless_dropout),
        )
    ]
    st.html(row_of(*cards))
    st.markdown(words.careless_note)
    st.markdown(words.same if facts.same else "")
    said = words.running_train.format(batches=facts.batches) if settings.training else words.running_eval
    st.markdown(said)
    st.markdown(load_lesson("autograd", view.lang)["module"].body)
    _table(words, facts)
    return with_output(module_code(settings), printed(facts), texts)


def _dropped(view: Frame, words: ModuleTexts, title: str, values: Array, dropout: float) -> str:
    colours = view.palette
    dropped = int((values == 0).sum())
    is_untouched = bool(np.all(values == 1))
    note = (
        words.untouched
        if is_untouched
        else words.zeros.format(dropped=dropped, scale=f"{1 / (1 - dropout):.4g}")
    )
    colour = colours.output if is_untouched else colours.weight
    rows = [Bar(f"h{number + 1}", float(value), colour) for number, value in enumerate(values)]
    largest = max(2.0, float(values.max()))
    body = f'<div style="font-size:.9375rem">{note}</div>' + bars(
        rows, largest=largest, colours=colours, signed=False, name_width="2rem"
    )
    return card(title, body, colour)


def _table(words: ModuleTexts, facts: ModuleFacts) -> None:
    st.markdown(f"**{words.where}**")
    lines = ["| " + " | ".join(words.columns) + " |", "|---|---|---|"]
    for kind, named in ((words.parameters, facts.parameters), (words.buffers, facts.buffers)):
        lines += [f"| `{name}` | {shape} | {kind} |" for name, shape in named]
    st.markdown("\n".join(lines))
