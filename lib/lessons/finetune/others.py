"""Other comparisons over the curves: which ones, and their results beside the page's own."""

from __future__ import annotations

import zlib

import streamlit as st

from lib.core.finetune.config import COMPARED, FinetuneConfig, Mode
from lib.core.finetune.settings import differences, read_settings, settings_code
from lib.lessons.finetune.runs import Measured, comparable
from lib.lessons.finetune.state import MAX_OTHERS, OTHERS
from lib.lessons.finetune.texts import FinetuneTexts
from lib.ui.components.table import table
from lib.ui.state import State

MAX_OFFERED = 8
_DRAWN = ("━━━", "╍╍╍", "┈┈┈", "━ ┈ ━")
"""The dashes of the charts in a line of text."""


def others_named(texts: FinetuneTexts, config: FinetuneConfig, other: FinetuneConfig) -> str:
    """What the other has that this one has not."""
    found = differences(config, other)
    values = found | ({"base": texts.bases[other.base]} if "base" in found else {})
    return texts.comma.join(texts.differs[name].format(value=value) for name, value in values.items())


def choose_others(state: State, texts: FinetuneTexts, config: FinetuneConfig) -> None:
    """The learner's own runs, and what is recorded, to lie over the curves."""
    chosen = [other for other in state[OTHERS] if other.identity != config.identity]
    offered = [other for other in comparable() if other.identity != config.identity][:MAX_OFFERED]
    codes = [settings_code(other) for other in dict.fromkeys([*chosen, *offered])]
    if not codes:
        return
    state.part(
        f"_others_{zlib.crc32(repr([settings_code(config), *codes]).encode())}",
        [settings_code(other) for other in chosen],
        lambda name, moved: st.pills(
            texts.others,
            codes,
            selection_mode="multi",
            format_func=lambda code: others_named(texts, config, read_settings(code)),
            key=name,
            on_change=moved,
        ),
        changes=lambda picked: {OTHERS: tuple(map(read_settings, picked[-MAX_OTHERS:]))},
    )


def others_table(
    texts: FinetuneTexts, config: FinetuneConfig, shown: list[tuple[FinetuneConfig, Measured]]
) -> None:
    """Accuracies at the end, a row a comparison, each with its kind of line."""
    head = [texts.others_head, *(texts.modes[mode] for mode in COMPARED), texts.others_old]
    rows = []
    for drawn, (each, known) in zip(_DRAWN, shown, strict=False):
        name = texts.these if each.identity == config.identity else others_named(texts, config, each)
        ends = [known.end(mode) for mode in COMPARED]
        shared = known.end(Mode.SHARED)
        values = [*(end.new if end else None for end in ends), shared.old if shared else None]
        rows.append([f"{drawn} {name}", *("–" if v is None else f"{100 * v:.1f}\u00a0%" for v in values)])
    table(head, rows, label=texts.others_head)
    if any(not known.reports for _, known in shown[1:]):
        st.caption(texts.others_unmeasured)
