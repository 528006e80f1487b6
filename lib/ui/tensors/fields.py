"""A field in which a tensor is typed, with the learner's shelf beside it."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from lib.core.tensors.create import Creation, parse_creation
from lib.core.tensors.errors import MAX_TEXT, TORCH_RAISES, TensorInputError, TorchError
from lib.ui.shelf import shelf
from lib.ui.state import State, Text, as_text, offers
from lib.ui.tensors.problems import show_problem, show_refusal
from lib.ui.tensors.words import TensorWords


def typed_tensor(
    state: State, key: Text[str], label: str, words: TensorWords, *, help: str | None = None
) -> tuple[Creation, str]:
    """A text field in which a tensor is typed; the last good one where the text is bad.

    Returns how the tensor is made and the text it came from.
    """
    known = shelf()
    text = state.text(key, label, help=help, on_change=lambda: spell_out(state, key))
    shelf_offers(state, key, {name: kept.expression for name, kept in known.items()})
    try:
        spec = parse_creation(text, known)
        spec.make()
    except TensorInputError as problem:
        show_problem(problem, words)
    except TORCH_RAISES as error:
        show_refusal(TorchError.of(error), words)
    else:
        state.keep_good(key)
        return spec, text
    good = state.last_good(key)
    st.caption(words.last_good.format(text=as_text(good, MAX_TEXT).strip("`")))
    try:
        return parse_creation(good, known), good
    except TensorInputError:  # a shelf name that is gone
        return parse_creation(key.default, known), key.default


def spell_out(state: State, key: Text[str], separator: str | None = None) -> None:
    """Put the expressions in place of names on the shelf, which mean nothing in another learner's address.

    For callbacks of a text field; with a separator the field has several tensors.
    """
    typed = state.table.now()[key]
    parts = typed.split(separator) if separator else [typed]
    spelled = [_spelled_out(part) for part in parts]
    text = f"{separator} ".join(part.strip() for part in spelled) if separator else spelled[0]
    if spelled != parts and len(text) <= MAX_TEXT:
        state.table.change({key: text})


def _spelled_out(text: str) -> str:
    try:
        named = parse_creation(text, shelf())
    except TensorInputError:
        return text
    try:
        return text if parse_creation(text) == named else named.expression
    except TensorInputError:
        return named.expression


def shelf_offers(state: State, key: Text[str], texts: Mapping[str, str]) -> None:
    """One button a kept tensor: it writes its text into the field, so that the address carries the tensor itself."""
    if texts:
        offers(
            state.table,
            f"_take_{key.name}",
            key.name,
            list(texts),
            changes=lambda name: {key: texts[name]},
            format=lambda name: f":material/shelves: {name}",
        )
