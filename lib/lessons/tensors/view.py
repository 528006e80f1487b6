"""The page: choose a function, set its arguments, see the tensor it makes."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from lib.core.lessons import Section, load_lesson
from lib.core.tensors.create import RANDOM, Creation, CreationKind, number_text
from lib.core.tensors.describe import facts
from lib.core.tensors.errors import TORCH_RAISES, TensorInputError, TorchError
from lib.core.tensors.surprises import surprises
from lib.lessons.tensors.controls import controls, show_shelf
from lib.lessons.tensors.picture import facts_line, overwritten, picture
from lib.lessons.tensors.state import GOOD, TABLE
from lib.lessons.tensors.texts import TENSORS_TEXTS
from lib.ui.components.code import code_block
from lib.ui.components.columns import settings_and_picture
from lib.ui.frame import Frame, frame
from lib.ui.tensors.problems import show_problem, show_refusal
from lib.ui.tensors.words import TENSOR_WORDS
from lib.ui.torch_once import use_torch


def show() -> None:
    """The page."""
    view = frame("tensors")
    use_torch()
    st.title(TENSORS_TEXTS[view.lang].title)
    st.markdown(load_lesson("tensors", view.lang)["intro"].body)
    body(view)


@st.fragment
def body(view: Frame) -> None:
    """What a control changes; the frame around it is left alone."""
    texts = TENSORS_TEXTS[view.lang]
    with TABLE.read(view.lang) as state:
        settings, shown = settings_and_picture("tensors")
        with settings:
            chosen = controls(view, state, texts)
        with shown:
            if chosen is not None and not show_tensor(view, chosen):
                chosen = None
            if chosen is None:
                good = state[GOOD]
                st.caption(TENSOR_WORDS[view.lang].last_good.format(text=good.expression))
                show_tensor(view, good)
            else:
                state.set(GOOD, chosen)
        with settings:
            show_shelf(view, texts, chosen)


def _section(view: Frame, lesson: Mapping[str, Section], key: str) -> None:
    """A section that belongs to the chosen function only."""
    st.markdown(f"**{lesson[key].title}{view.texts.stop.strip()}** {lesson[key].body}")


def show_tensor(view: Frame, spec: Creation) -> bool:
    """The tensor, its size in bytes, and its code; False, with the reason, where torch refuses to make it."""
    texts, lesson = TENSORS_TEXTS[view.lang], load_lesson("tensors", view.lang)
    try:
        tensor = spec.make()
        # empty's own values are nobody's: what is told below is what the code has after fill_.
        told = overwritten(spec, tensor) if spec.kind is CreationKind.EMPTY else tensor
    except TensorInputError as problem:
        show_problem(problem, TENSOR_WORDS[view.lang])
        return False
    except TORCH_RAISES as error:
        show_refusal(TorchError.of(error), TENSOR_WORDS[view.lang])
        return False
    about = facts(told)
    picture(view, texts, spec, tensor)
    for surprised in surprises(spec, told):
        st.info(texts.surprises[surprised.surprise].format(**surprised.details))
    facts_line(texts, about)
    sizes = " × ".join(str(size) for size in about.shape) or "1"
    size = lesson["size"].body.format(
        sizes=sizes,
        elements=f"{tensor.numel():,}",
        width=about.element_size,
        nbytes=f"{about.nbytes:,}",
    )
    # One axis multiplies nothing: "10 = 10 elements" would say the same twice.
    st.markdown(size if tensor.dim() > 1 else size.removeprefix(f"{sizes} = "))
    if spec.kind in RANDOM:
        _section(view, lesson, "random")
    if spec.kind is CreationKind.EMPTY:
        _section(view, lesson, "empty")
    if spec.kind is CreationKind.FROM_NUMPY:
        _section(view, lesson, "numpy")
    st.markdown(f"**{view.texts.code_heading}**")
    code_block(page_code(spec))
    return True


def page_code(spec: Creation) -> str:
    """Everything one needs to make this tensor elsewhere."""
    needs_numpy = CreationKind.FROM_NUMPY in {spec.kind, *(part.kind for part in spec.parts)}
    imports = "import numpy as np\nimport torch" if needs_numpy else "import torch"
    fill = ""
    if spec.kind is CreationKind.EMPTY:
        fill = f"\nx.fill_({number_text(spec.fill)})"
        if spec.requires_grad:  # autograd refuses to lose sight of an overwritten leaf
            fill = f"\nwith torch.no_grad():\n    x.fill_({number_text(spec.fill)})"
    return f"{imports}\n\n{spec.code('x')}{fill}\nprint(x)\nprint(x.shape, x.dtype, x.device)"
