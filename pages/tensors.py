"""/tensors: choose a function, set its arguments, see the tensor it makes."""

from __future__ import annotations

import streamlit as st

from lib.core.lessons import load_lesson
from lib.core.tensors.create import RANDOM, Creation, CreationKind, number_text, parse_creation
from lib.core.tensors.describe import facts
from lib.core.tensors.errors import TORCH_RAISES, TensorInputError, TorchError
from lib.core.tensors.surprises import surprises
from lib.ui.frame import frame
from lib.ui.tensor_pages.controls import show_problem, show_refusal, with_torch
from lib.ui.tensor_pages.create import controls, facts_line, overwritten, picture, show_shelf
from lib.ui.texts.tensors import TENSOR_WORDS, TENSORS_TEXTS

GOOD, FIRST = "_good_creation", "randn(4, 6)"

view = frame("tensors")
texts = TENSORS_TEXTS[view.lang]
lesson = load_lesson("tensors", view.lang)

st.title(texts.title)
st.markdown(lesson["intro"].body)


def section(key: str) -> None:
    """A section that belongs to the chosen function only."""
    st.markdown(f"**{lesson[key].title}.** {lesson[key].body}")


def show(spec: Creation) -> bool:
    """The tensor, its size in bytes, and its code; False, with the reason, where torch refuses to make it."""
    try:
        tensor = with_torch(spec)
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
        section("random")
    if spec.kind is CreationKind.EMPTY:
        section("empty")
    if spec.kind is CreationKind.FROM_NUMPY:
        section("numpy")
    st.markdown(f"**{view.texts.code_heading}**")
    st.code(page_code(spec), language="python")
    return True


def show_last_good() -> None:
    """The tensor that was shown before, or the first one, under a message about another."""
    good: Creation = st.session_state.get(GOOD, parse_creation(FIRST))
    st.caption(TENSOR_WORDS[view.lang].last_good.format(text=good.expression))
    show(good)


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


@st.fragment
def body() -> None:
    """What a control changes; the frame around it is left alone."""
    settings, shown = st.columns([3, 7], gap="medium")
    with settings:
        chosen = controls(view, texts)
    with shown:
        is_good = chosen is not None and show(chosen)
        if not is_good:
            show_last_good()
    if is_good:
        st.session_state[GOOD] = chosen
    with settings:
        show_shelf(view, texts, chosen if is_good else None)


body()
