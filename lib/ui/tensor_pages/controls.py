"""What the tensor pages share besides the picture: typed tensors, bounded sliders, refusals in plain words."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

import streamlit as st

from lib.core.tensors.create import Creation, parse_creation
from lib.core.tensors.errors import MAX_TEXT, TORCH_RAISES, TensorInputError, TorchError
from lib.core.tensors.refusals import explain
from lib.ui.shelf import shelf
from lib.ui.tensors.words import TensorWords
from lib.ui.torch_once import use_torch

if TYPE_CHECKING:
    import torch


def problem_text(problem: TensorInputError, words: TensorWords) -> str:
    """A problem in the learner's language."""
    shown = {name: str(value).replace("`", "'") for name, value in problem.details.items()}
    return words.problems[problem.problem].format(**shown)


def show_problem(problem: TensorInputError, words: TensorWords) -> None:
    """Say what is wrong with a typed text."""
    st.error(problem_text(problem, words), icon=":material/block:")


def show_refusal(error: TorchError, words: TensorWords, why: str = "", hint: str = "") -> None:
    """PyTorch's own message, word for word; under it what it means, and a hint where there is one.

    ``why`` is for a page that knows more than the message says.
    """
    explained = explain(error)
    if not why and explained is not None:
        why = words.meanings[explained.meaning].format(**explained.details)
    # Two backticks, since torch's messages have single ones; a code block would not wrap on a phone.
    message = " ".join(str(error).split())
    st.error("\n\n".join(filter(None, [f"`` {message} ``", why, hint])), icon=":material/block:")


def typed_tensor(
    label: str, *, key: str, default: str, words: TensorWords, help: str | None = None
) -> tuple[Creation, str]:
    """A text field, bound to the address, in which a tensor is typed; the last good one where the text is bad.

    Returns how the tensor is made and the text it came from.
    """
    known = shelf()

    text = st.text_input(
        label,
        value=default,
        key=key,
        help=help,
        max_chars=MAX_TEXT,
        bind="query-params",
        on_change=spell_out,
        args=(key,),
    )
    good_key = f"_good_{key}"
    shelf_buttons(key, {name: kept.expression for name, kept in known.items()})
    try:
        spec = parse_creation(text or "", known)
        with_torch(spec)
    except TensorInputError as problem:
        show_problem(problem, words)
    except TORCH_RAISES as error:
        show_refusal(TorchError.of(error), words)
    else:
        st.session_state[good_key] = text
        return spec, text
    good = st.session_state.get(good_key, default)
    st.caption(words.last_good.format(text=good.replace("`", "'")))
    try:
        return parse_creation(good, known), good
    except TensorInputError:  # a shelf name that is gone
        return parse_creation(default, known), default


def spell_out(key: str, separator: str | None = None) -> None:
    """Put the expressions in place of names on the shelf, which mean nothing in another learner's address.

    For callbacks of a text field; with a separator the field has several tensors.
    """
    typed = str(st.session_state[key] or "")
    parts = typed.split(separator) if separator else [typed]
    spelled = [_spelled_out(part) for part in parts]
    text = f"{separator} ".join(part.strip() for part in spelled) if separator else spelled[0]
    if spelled != parts and len(text) <= MAX_TEXT:
        st.session_state[key] = text


def _spelled_out(text: str) -> str:
    try:
        named = parse_creation(text, shelf())
    except TensorInputError:
        return text
    try:
        return text if parse_creation(text) == named else named.expression
    except TensorInputError:
        return named.expression


def shelf_buttons(key: str, texts: Mapping[str, str]) -> None:
    """One button a kept tensor: it writes its text into the field, so that the address carries the tensor itself."""
    if not texts:
        return

    def take(text: str) -> None:
        st.session_state[key] = text

    pick_once(
        key,
        list(texts),
        key=f"_take_{key}",
        format_func=lambda name: f":material/shelves: {name}",
        pick=lambda name: take(texts[name]),
    )


def with_torch(spec: Creation) -> torch.Tensor:
    """The tensor, torch loaded first."""
    use_torch()
    return spec.make()


def pick_once(
    label: str,
    options: Sequence[str],
    *,
    key: str,
    format_func: Callable[[str], str],
    pick: Callable[[str], None],
) -> None:
    """A row of pills that act like buttons: one widget however many there are, and none stays chosen."""

    def act() -> None:
        chosen = st.session_state[key]
        if chosen is not None:
            pick(chosen)
        st.session_state[key] = None

    st.pills(
        label,
        options,
        format_func=format_func,
        key=key,
        on_change=act,
        label_visibility="collapsed",
        wrap=True,
    )
