"""/indexing: what an index selects, axis by axis; and who competes along a dim."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import streamlit as st

from lib.core.lessons import load_lesson
from lib.core.tensors.create import Creation
from lib.core.tensors.errors import MAX_TEXT, TensorInputError, commented
from lib.core.tensors.index import (
    NAME,
    Flip,
    Gather,
    IndexExpression,
    Mask,
    Reorder,
    names_mask,
    parse_index,
    parse_mask,
)
from lib.core.tensors.selection import (
    AxisNote,
    Effect,
    Selection,
    Stage,
    gather_rule,
    index_presets,
    select,
)
from lib.core.tensors.trace import Traced, number_elements
from lib.lessons.indexing.reduction import reduction
from lib.lessons.indexing.state import (
    DEFAULT_INDEX,
    INDEX,
    MASK,
    STANDARD,
    TABLE,
    TOPIC,
    Topic,
    X,
)
from lib.lessons.indexing.texts import INDEXING_TEXTS, IndexingTexts
from lib.lessons.indexing.values_text import values_text
from lib.lessons.indexing.writing import writing
from lib.ui.components.code import code_block
from lib.ui.components.tensor import (
    Group,
    Mark,
    Scene,
    groups_of,
    picture_of,
    tensor_scene,
    traced_picture,
)
from lib.ui.frame import Frame, frame
from lib.ui.state import State, as_text, offers
from lib.ui.tensors.fields import typed_tensor
from lib.ui.tensors.problems import problem_text, show_problem, show_refusal
from lib.ui.tensors.words import TENSOR_WORDS, TensorWords
from lib.ui.torch_once import use_torch

if TYPE_CHECKING:
    pass


def show() -> None:
    """The page."""
    view = frame("indexing")
    use_torch()
    st.title(INDEXING_TEXTS[view.lang].title)
    body(view)


@st.fragment
def body(view: Frame) -> None:
    """What a control changes; the frame around it is left alone."""
    texts, words = INDEXING_TEXTS[view.lang], TENSOR_WORDS[view.lang]
    with TABLE.read(view.lang) as state:
        topic = state.choice(
            TOPIC, texts.topic, format=lambda name: texts.topics[name], label_visibility="collapsed"
        )
        st.markdown(load_lesson("indexing", view.lang)[topic].body)
        draw = {Topic.SELECT: selection, Topic.WRITE: writing, Topic.REDUCE: reduction}[topic]
        code = draw(view, state, texts, words)
        st.markdown(f"**{view.texts.code_heading}**")
        code_block(code)


def selection(view: Frame, state: State, texts: IndexingTexts, words: TensorWords) -> str:
    """The first topic; returns the code for the screen."""
    left, right = st.columns(2)
    with left:
        spec, _ = typed_tensor(state, X, texts.tensor, words, help=words.input_help)
    traced = number_elements([spec.make().detach()])[0]
    with right:
        expression = _typed_index(state, texts, words, traced)
    codes = index_presets(traced.shape)
    offers(
        TABLE,
        "_index_preset",
        texts.index,
        list(codes),
        changes=lambda name: {INDEX: codes[name]},
        format=lambda name: texts.presets[name],
    )
    chosen = select(expression, traced)
    groups = groups_of([("x", traced.shape)])
    _selection_picture(view, texts, words, chosen, groups)
    if chosen.problem is not None:
        show_problem(chosen.problem, words)
    if chosen.error is not None:
        hint = texts.try_instead.format(code=chosen.fix) if chosen.fix else ""
        show_refusal(chosen.error, words, hint=hint)
    if chosen.after is not None:
        _explain(view, texts, words, chosen)
    return _selection_code(spec, chosen, words)


def _default_index(traced: Traced) -> str:
    """An index to begin with that fits the tensor."""
    fits = (code for code in (DEFAULT_INDEX, "x[0]") if select(parse_index(code), traced).after is not None)
    return next(fits, "x[...]")


def _typed_index(state: State, texts: IndexingTexts, words: TensorWords, traced: Traced) -> IndexExpression:
    default = _default_index(traced)
    if state[INDEX] == state[STANDARD]:
        state.set(INDEX, default)  # the learner has typed none: one that fits the new x
    state.set(STANDARD, default)
    text = state.text(INDEX, texts.index, help=texts.index_help)
    mask = _typed_mask(state, texts, words) if names_mask(text) else None
    try:
        expression = parse_index(text, mask)
    except TensorInputError as problem:
        show_problem(problem, words)
        good = state.last_good(INDEX)
        if names_mask(good) or select(parse_index(good), traced).after is None:
            good = default
        st.caption(words.last_good.format(text=as_text(good, MAX_TEXT).strip("`")))
        return parse_index(good)
    state.keep_good(INDEX)
    if expression.typed_name != NAME:
        st.caption(
            texts.read_as_x.format(typed=as_text(expression.typed_name, MAX_TEXT), code=expression.code)
        )
    return expression


def _typed_mask(state: State, texts: IndexingTexts, words: TensorWords) -> Mask:
    """What the name mask stands for: a field of its own, there when the index names it."""
    text = state.text(MASK, "mask =", help=texts.mask_help)
    try:
        return parse_mask(text)
    except TensorInputError as problem:
        show_problem(problem, words)
        st.caption(words.last_good.format(text=MASK.default))
        return parse_mask(MASK.default)


def _selection_picture(
    view: Frame, texts: IndexingTexts, words: TensorWords, chosen: Selection, groups: tuple[Group, ...]
) -> None:
    code = chosen.expression.code
    marks = np.zeros(chosen.before.values.numel(), dtype=np.uint8)
    pictures = []
    if chosen.after is None:
        reading = texts.failed_reading.format(code=code, message=chosen.error or chosen.problem)
    else:
        marks[:] = Mark.FADED
        marks[chosen.after.source_map()] = Mark.SELECTED
        pictures = [traced_picture("result", texts.result, chosen.after)]
        values = values_text(chosen.after.values)
        reading = texts.reading.format(code=code, shape=chosen.after.shape, values=values)
    joiners = [f"→ {code}"]
    if chosen.expression.mask is not None and chosen.flags is not None:
        flags = chosen.flags
        # Booleans over the first axes alone have no cell of x to be coloured like.
        alike = flags.shape == chosen.before.values.shape
        sources = (np.arange(flags.numel(), dtype=np.int32),) if alike else ()
        pictures.insert(0, picture_of("mask", "mask", flags, sources=sources))
        joiners.insert(0, f"mask = {chosen.expression.mask.code}")
    tensor_scene(
        Scene(
            (traced_picture("x", "x", chosen.before, marks=marks), *pictures),
            reading,
            groups=groups,
            joiners=tuple(joiners),
            play_to=None if chosen.after is None else len(pictures),
            play_key=f"{code} {chosen.before.shape}",
        ),
        key="selection",
        colours=view.palette,
        words=words,
    )


def _explain(view: Frame, texts: IndexingTexts, words: TensorWords, chosen: Selection) -> None:
    after = chosen.after
    assert after is not None
    kinds = len(np.unique(after.source_map()))
    total = chosen.before.values.numel()
    shape = str(after.values.shape)
    icon = ":material/link:" if chosen.shares else ":material/content_copy:"
    shared = words.view if chosen.shares else words.copy
    summary = texts.selected.format(chosen=kinds, total=total, shape=shape)
    st.markdown(f"{summary} · {icon} **{shared}**")
    codes = [*chosen.expression.prefixes[1:], chosen.expression.code]
    for stage, code in zip(chosen.stages, codes, strict=True):
        if len(chosen.stages) > 1:
            st.markdown(texts.stage.format(code=code, before=list(stage.before), after=list(stage.after)))
        _explain_stage(view, texts, stage)


def _explain_stage(view: Frame, texts: IndexingTexts, stage: Stage) -> None:
    """One pair of brackets, axis by axis; what gather and flip do in one sentence."""
    if isinstance(stage.access, Gather):
        dim = stage.access.dim
        ndim = len(stage.before)
        rule = gather_rule(stage.prefix, stage.access, ndim)
        st.markdown(
            texts.gather.format(rule=rule, name=stage.prefix, dim=dim % max(ndim, 1), shape=list(stage.after))
        )
    elif isinstance(stage.access, Flip):
        axes = view.texts.comma.join(str(dim % max(len(stage.before), 1)) for dim in stage.access.dims)
        st.markdown(texts.flip.format(axes=axes or "–"))
    elif isinstance(stage.access, Reorder):
        st.markdown(texts.reorder.format(before=list(stage.before), after=list(stage.after)))
    if stage.notes:
        rows = [_note_row(texts, note) for note in stage.notes]
        axis = texts.axis.format(name=stage.prefix)
        st.markdown(
            "\n".join(
                [f"| {texts.part} | {axis} | {texts.effect} | {texts.becomes} |\n|---|---|---|---|", *rows]
            )
        )
    if stage.moved:
        st.caption(texts.moved)


def _note_row(texts: IndexingTexts, note: AxisNote) -> str:
    axes = ", ".join(map(str, note.axes)) or "–"
    sizes = " × ".join(map(str, note.sizes)) or "–"
    result = " × ".join(map(str, note.result))
    nothing = "–" if note.effect in {Effect.PAIRED, Effect.KEPT} else texts.gone
    effect = texts.effects[note.effect].format(sizes=sizes, result=result or "–")
    text = note.text.replace("|", "\\|")
    return f"| `{text}` | {axes} | {effect} | {result or nothing} |"


def _selection_code(spec: Creation, chosen: Selection, words: TensorWords) -> str:
    line = f"y = {chosen.expression.code}"
    made = spec.code("x")
    why = chosen.error if chosen.problem is None else problem_text(chosen.problem, words)
    if chosen.expression.mask is not None:
        mask_line = f"mask = {chosen.expression.mask.code}"
        if chosen.flags is None:
            return f"import torch\n\n{made}\n{commented(mask_line, why)}\n# {line}"
        made += f"\n{mask_line}"
    if chosen.after is None:
        return f"import torch\n\n{made}\n{commented(line, why)}"
    return f"import torch\n\n{made}\n{line}\nprint(y.shape)\nprint(y)"
