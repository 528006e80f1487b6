"""Reductions: along which dim, what each number comes from, and a shape to guess first."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import streamlit as st

from lib.core.tensors.create import Creation, CreationKind
from lib.core.tensors.errors import WRITTEN_TEXT, TensorInputError, commented
from lib.core.tensors.parse import literal_values
from lib.core.tensors.reduce import (
    Reduced,
    Reduction,
    judge,
    reduce,
    reduction_code,
    refuse_nested_list,
)
from lib.lessons.indexing.state import (
    ALONG,
    GUESS,
    GUESSED_FOR,
    GUESSING,
    KEEPDIM,
    OP,
    RDIM,
    SCORES,
)
from lib.lessons.indexing.texts import IndexingTexts
from lib.lessons.indexing.values_text import values_text
from lib.ui.components.columns import settings_and_picture
from lib.ui.components.tensor import (
    Mark,
    Scene,
    picture_of,
    tensor_scene,
)
from lib.ui.frame import Frame
from lib.ui.state import State
from lib.ui.tensors.fields import typed_tensor
from lib.ui.tensors.problems import show_problem, show_refusal
from lib.ui.tensors.words import TensorWords

if TYPE_CHECKING:
    import torch


def reduction(view: Frame, state: State, texts: IndexingTexts, words: TensorWords) -> str:
    """The topic; returns the code for the screen."""
    settings, shown = settings_and_picture("reduce")
    with settings:
        spec, _ = typed_tensor(state, SCORES, texts.tensor, words, help=words.input_help)
        tensor = spec.make().detach()
        kind = state.choice(
            OP,
            texts.function,
            format=lambda name: f"{name}{view.texts.colon}{texts.functions[name]}",
            widget="select",
        )
        dim = _dim_control(state, texts, tensor)
        keepdim = False
        if dim is not None and kind is not Reduction.SOFTMAX:
            keepdim = state.toggle(KEEPDIM, texts.keepdim)
        reduced = reduce(kind, tensor, dim, keepdim=keepdim)
        code = reduction_code(kind, dim, keepdim=keepdim)
        is_open = _guess(state, texts, words, spec, reduced, code)
    with shown:
        _reduction_picture(view, texts, words, kind, tensor, reduced, code, is_open=is_open)
        if is_open:
            _reduction_words(texts, words, kind, tensor, reduced, code, dim)
    if spec.kind is CreationKind.TENSOR and kind is Reduction.ARGMAX and tensor.dim():
        _list_refused(texts, spec, dim, view.texts.stop.strip())
    if reduced.result is None:
        return f"import torch\n\n{spec.code('x')}\n{commented(f'y = {code}', reduced.error)}"
    return f"import torch\n\n{spec.code('x')}\ny = {code}\nprint(y.shape)\nprint(y)"


def _guess(
    state: State, texts: IndexingTexts, words: TensorWords, spec: Creation, reduced: Reduced, code: str
) -> bool:
    """Where the learner wants to guess first: the field for it; whether the result may be seen."""
    if not state.toggle(GUESSING, texts.guessing) or reduced.result is None:
        return True
    about = f"{spec.code('x')} {code}"
    if state[GUESSED_FOR] and state[GUESSED_FOR] != about:
        state.set(GUESS, "")
    state.set(GUESSED_FOR, about)
    typed = state.text(GUESS, texts.guess.format(code=f"`{code}`"), help=texts.guess_help)
    if not typed.strip():
        return False
    try:
        guess = judge(typed, reduced.result)
    except TensorInputError as problem:
        show_problem(problem, words)
        return False
    total = reduced.result.numel()
    if guess.typed != total:
        shape = list(reduced.result.shape)
        st.info(texts.guess_count.format(total=total, shape=shape, typed=guess.typed), icon=":material/tag:")
        return False
    said = texts.guess_right.format(right=guess.right, total=total)
    if guess.right == total:
        st.success(said, icon=":material/check:")
    else:
        st.warning(said, icon=":material/close:")
    return True


def _dim_control(state: State, texts: IndexingTexts, tensor: torch.Tensor) -> int | None:
    if not state.toggle(ALONG, texts.along):
        return None
    axes = max(tensor.dim(), 1)
    return state.slider(RDIM, texts.dim.format(low=-axes, high=axes - 1), low=-axes, high=axes - 1)


def _reduction_picture(
    view: Frame,
    texts: IndexingTexts,
    words: TensorWords,
    kind: Reduction,
    tensor: torch.Tensor,
    reduced: Reduced,
    code: str,
    *,
    is_open: bool,
) -> None:
    marks = np.where(reduced.winners & is_open, np.uint8(Mark.WINNER), np.uint8(Mark.NONE))
    pictures = [picture_of("x", "x", tensor, sources=(reduced.lanes,), marks=marks, role="lane")]
    reading = texts.failed_reading.format(code=code, message=reduced.error)
    if reduced.result is not None and not is_open:
        reading = f"x{view.texts.colon}{values_text(tensor)}"
    elif reduced.result is not None:
        lanes = reduced.lanes
        if kind is not Reduction.SOFTMAX:
            lanes = np.arange(reduced.result.numel(), dtype=np.int32)
        pictures.append(picture_of("result", texts.result, reduced.result, sources=(lanes,), role="lane"))
        shape = tuple(reduced.result.shape)
        reading = texts.reading.format(code=code, shape=shape, values=values_text(reduced.result))
    tensor_scene(
        Scene(
            tuple(pictures),
            reading,
            joiners=(f"→ {kind}",),
            play_to=1 if len(pictures) > 1 and kind is not Reduction.SOFTMAX else None,
            play_key=code,
        ),
        key="reduction",
        colours=view.palette,
        words=words,
    )


def _reduction_words(
    texts: IndexingTexts,
    words: TensorWords,
    kind: Reduction,
    tensor: torch.Tensor,
    reduced: Reduced,
    code: str,
    dim: int | None,
) -> None:
    if reduced.error is not None:
        show_refusal(reduced.error, words, texts.mean_why if kind is Reduction.MEAN else "")
        return
    assert reduced.result is not None
    st.markdown(f"`{code}` → `{reduced.result.shape}` = `{values_text(reduced.result)}`")
    if reduced.places is not None:
        places = code.removesuffix(".values") + ".indices"
        st.markdown(f"`{places}` = `{values_text(reduced.places)}`")
    if not tensor.numel():
        return
    lane = np.flatnonzero(reduced.lanes == 0)
    values = [f"{value:.4g}" for value in tensor.reshape(-1)[lane.tolist()].double().tolist()]
    listed = ", ".join(values[:8]) + (", …" if len(values) > 8 else "")
    if kind is Reduction.SOFTMAX:
        shares = reduced.result.reshape(-1)[lane.tolist()].tolist()
        result = ", ".join(f"{share:.3f}" for share in shares[:8]) + (", …" if len(shares) > 8 else "")
    else:
        result = f"{reduced.result.reshape(-1)[0].item():.4g}"
    axes = ["0"] * reduced.result.dim()
    if kind is Reduction.SOFTMAX and axes:
        axes = [":"] * len(axes) if dim is None else [*axes[:dim], ":", *axes[dim:][1:]]
    place = ", ".join(axes) or "·"
    st.markdown(texts.lane.format(place=f"[{place}]", code=kind, values=listed, result=result))
    if reduced.ties:
        st.caption(texts.ties)


def _list_refused(texts: IndexingTexts, spec: Creation, dim: int | None, stop: str) -> None:
    error = refuse_nested_list(literal_values(spec.data, WRITTEN_TEXT))
    along = "" if dim is None else f", dim={dim}"
    why = texts.list_why.format(dim=along)
    st.info(
        f"**{texts.list_heading}{stop}** `torch.argmax({spec.data}{along})`\n\n`{error}`\n\n{why}",
        icon=":material/data_array:",
    )
