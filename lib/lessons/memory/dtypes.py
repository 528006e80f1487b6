"""What a dtype can hold, and what a cast loses."""

from __future__ import annotations

import numpy as np
import streamlit as st

from lib.core.tensors.dtypes import (
    Cast,
    DtypeInfo,
    cast,
    cast_code,
    divide,
    dtype_table,
    parse_value,
    promote,
    promotion,
)
from lib.core.tensors.errors import TensorInputError
from lib.lessons.memory.state import DENOMINATOR, NUMERATOR, SOURCE, TABLE, TARGET, VALUE
from lib.lessons.memory.texts import MemoryTexts
from lib.ui.components.table import table
from lib.ui.components.tensor import Picture, Scene, tensor_scene
from lib.ui.frame import Frame
from lib.ui.state import State, offers
from lib.ui.tensors.problems import show_problem, show_refusal
from lib.ui.tensors.words import TensorWords

_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


def dtypes(view: Frame, state: State, texts: MemoryTexts, words: TensorWords) -> str:
    """The third topic; returns the code for the screen."""
    offers(
        TABLE,
        "_cast_preset",
        texts.cast,
        list(texts.cast_presets),
        changes=lambda preset: dict(zip((VALUE, SOURCE, TARGET), preset.split("|"), strict=True)),
        format=lambda preset: texts.cast_presets[preset],
    )
    left, middle, right = st.columns(3)
    with left:
        text = state.text(VALUE, texts.value)
    with middle:
        source = state.choice(SOURCE, texts.source, widget="select")
    with right:
        target = state.choice(TARGET, texts.target, widget="select")
    try:
        value = parse_value(text)
    except TensorInputError as problem:
        show_problem(problem, words)
        st.caption(texts.shown_instead.format(value=300))
        value = 300
    _cast_result(view, texts, words, cast(value, source, target), source, target)
    st.markdown(
        texts.promote.format(
            left=source,
            right=target,
            result=promote(source, target),
            rule=texts.promotions[promotion(source, target)],
        )
    )
    _division(state, texts)
    st.markdown(f"**{texts.all_dtypes}**")
    rows = [dtype_row(info) for info in dtype_table()]
    table(texts.table, rows, label=texts.all_dtypes, numbers=False)
    return (
        f"{cast_code(value, source, target)}\n"
        f"print(torch.promote_types(torch.{source}, torch.{target}))\n"
        f"{_division_code(state[NUMERATOR], state[DENOMINATOR])}"
    )


def _division_code(a: int, b: int) -> str:
    lines = [f"a, b = torch.tensor({a}), torch.tensor({b})", "print(a / b)"]
    if b:
        lines += ["print(a // b)", 'print(torch.div(a, b, rounding_mode="trunc"))']
    return "\n".join(lines)


def _cast_result(
    view: Frame, texts: MemoryTexts, words: TensorWords, done: Cast, source: str, target: str
) -> None:
    if done.error is not None:
        show_refusal(done.error, words)
        return
    stored, becomes = texts.stored.format(source=source), texts.becomes.format(target=target)
    colon = view.texts.colon
    st.markdown(f"{stored}{colon}`{done.stored}` → {becomes}{colon}**`{done.result}`**")
    if not done.stored_exactly:
        st.markdown(
            texts.stored_otherwise.format(typed=f"{done.typed:.6g}", source=source, stored=done.stored)
        )
    st.markdown(texts.losses[done.loss])
    roles = ("wrong", "weight", "input")
    pictures = []
    if done.cut:
        lost = np.array([float(bit) for bit in done.cut])
        pictures.append(
            Picture("cut", texts.cut_bits, (lost.size,), lost, kind="int", role="muted", fold=True)
        )
    start = 0
    for name, count, role in zip(texts.bit_names, done.fields, roles, strict=True):
        if not count:
            continue
        bits = np.array([float(bit) for bit in done.bits[start : start + count]])
        start += count
        title = name if sum(done.fields[1:2]) or name == texts.bit_names[0] else texts.bits
        pictures.append(Picture(name, title, (count,), bits, kind="int", role=role, fold=True))  # type: ignore[arg-type]
    reading = f"{texts.bits}{colon}{done.bits}" + (
        f" · {texts.cut_bits}{colon}{done.cut}" if done.cut else ""
    )
    tensor_scene(Scene(tuple(pictures), reading), key="bits", colours=view.palette, words=words)


def _division(state: State, texts: MemoryTexts) -> None:
    left, right = st.columns(2)
    with left:
        a = state.number(NUMERATOR, texts.left)
    with right:
        b = state.number(DENOMINATOR, texts.right)
    try:
        done = divide(a, b)
    except ZeroDivisionError:
        import torch

        st.warning(texts.zero_division.format(a=a, true=(torch.tensor(a) / torch.tensor(b)).item()))
        return
    st.markdown(texts.division.format(a=a, b=b, true=done.true, floor=done.floor, trunc=done.trunc))


def dtype_row(info: DtypeInfo) -> tuple[str, ...]:
    """A dtype as a row of the table of all, in Markdown."""
    names = ", ".join(f"`{alias}`" for alias in info.aliases)
    twin = f"`{info.numpy}`" if info.numpy else "–"
    epsilon = "–" if info.epsilon is None else f"{info.epsilon:.3g}"
    digits = "–" if info.digits is None else str(info.digits)
    low, high = (_limit(info, value) for value in (info.lowest, info.highest))
    return f"`{info.name}`", names, twin, str(info.nbytes), low, high, epsilon, digits


def _limit(info: DtypeInfo, value: float) -> str:
    if info.epsilon is not None:
        return f"{value:.5g}"
    if abs(value) < 2**31 - 1:
        return str(int(value))
    power = str(info.nbytes * 8 - 1).translate(_RAISED)
    return f"−2{power}" if value < 0 else f"2{power} − 1"
