"""What is wrong with a typed text or a tensor, in plain words."""

from __future__ import annotations

import streamlit as st

from lib.core.tensors.errors import TensorInputError, TorchError
from lib.core.tensors.refusals import explain
from lib.ui.tensors.words import TensorWords


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
