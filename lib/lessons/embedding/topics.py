"""/embedding: a lookup, the one-hot product, the rows that learn, and words that find their places."""

from __future__ import annotations

import contextlib

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from lib.core.item_size import FLOAT_BYTES
from lib.core.tensors.embedding import (
    EXAMPLE_ROWS,
    EXAMPLE_STEPS,
    MAX_INDICES,
    Looked,
    Lookup,
    compare_costs,
    nearest,
    one_hot_code,
    parse_indices,
    project,
    rows_moved,
)
from lib.core.tensors.errors import MAX_TEXT, TORCH_RAISES, TensorInputError, commented
from lib.core.tensors.words import (
    CHINESE,
    GROUPS,
    WORDS,
    Learned,
    group_of,
    learn,
    learning_code,
)
from lib.lessons.embedding.state import (
    COSTS,
    INDICES,
    PAD,
    PADDED,
    VOCABULARIES,
    VOCABULARY,
    WIDTH,
    WORD,
    WORD_SEED,
    WORD_WIDTH,
    Topic,
)
from lib.lessons.embedding.texts import EmbeddingTexts
from lib.lessons.embedding.wordmap import WordMapLabels, wordmap
from lib.ui.components.columns import settings_and_picture
from lib.ui.components.tensor import Group, Mark, Picture, Scene, tensor_scene
from lib.ui.frame import Frame
from lib.ui.lang import Lang
from lib.ui.shelf import shelf
from lib.ui.state import State, as_text
from lib.ui.tensors.fields import shelf_offers
from lib.ui.tensors.problems import show_problem, show_refusal
from lib.ui.tensors.words import TensorWords

COLUMNS_DRAWN = 4
MEGABYTE = 1e6
NEAREST = 4


def controls(state: State, texts: EmbeddingTexts, words: TensorWords) -> Lookup | None:
    """Sliders for the table and a field for the indices; None where the table would be too large."""
    # Round numbers, and any other that stands in the address.
    vocabulary = state.steps(
        VOCABULARY,
        texts.vocabulary,
        sorted({*VOCABULARIES, state[VOCABULARY]}),
        format=lambda n: f"{n:,}".replace(",", "\u202f"),
    )
    width = state.slider(WIDTH, texts.width)
    text = state.text(INDICES, texts.indices, help=texts.indices_help)
    shelf_offers(state, INDICES, _index_tensors())
    try:
        indices, shape = parse_indices(text)
        if not indices or 0 <= min(indices) <= max(indices) < vocabulary:
            state.keep_good(INDICES)
    except TensorInputError as problem:
        show_problem(problem, words)
        good = state.last_good(INDICES)
        st.caption(words.last_good.format(text=as_text(good, MAX_TEXT).strip("`")))
        indices, shape = parse_indices(good)
    padding = None
    if state.toggle(PADDED, texts.padding):
        padding = state.slider(PAD, texts.padding_row, high=vocabulary - 1)
    try:
        return Lookup(vocabulary, width, indices, shape, padding)
    except TensorInputError as problem:
        show_problem(problem, words)
        return None


def _index_tensors() -> dict[str, str]:
    """The tensors on the shelf that can be indices, as the lists that one would type."""
    few = {name: spec for name, spec in shelf().items() if 0 < spec.elements <= MAX_INDICES}
    listed = {}
    for name, spec in few.items():
        with contextlib.suppress(TensorInputError, *TORCH_RAISES):
            text = str(spec.make().tolist())
            parse_indices(text)
            if len(text) <= MAX_TEXT:
                listed[name] = text
    return listed


def drawn_columns(width: int) -> tuple[int, ...]:
    """The columns to draw: the first few and the last.

    >>> drawn_columns(100), drawn_columns(3)
    ((0, 1, 2, 3, 99), (0, 1, 2))
    """
    if width <= COLUMNS_DRAWN + 1:
        return tuple(range(width))
    return (*range(COLUMNS_DRAWN), width - 1)


def _tints(lookup: Lookup) -> dict[int, int]:
    """A colour for each row that is looked up, in order of first use."""
    return {row: order for order, row in enumerate(dict.fromkeys(lookup.indices))}


def _row_picture(
    id: str,
    title: str,
    lookup: Lookup,
    rows: tuple[int, ...],
    values: NDArray[np.float32],
    note: str,
    marks: NDArray[np.uint8] | None = None,
) -> Picture:
    columns = drawn_columns(lookup.width)
    tints = _tints(lookup)
    sources = np.add.outer(np.array(rows) * lookup.width, np.array(columns)).reshape(-1)
    return Picture(
        id,
        title,
        (lookup.vocabulary, lookup.width),
        values.astype(np.float64).reshape(-1),
        note=note,
        sources=(sources.astype(np.int32),),
        role="weight",
        positions=(rows, columns),
        tints=np.repeat([tints.get(row, -1) for row in rows], len(columns)).astype(np.int32),
        marks=marks,
    )


def _table_picture(texts: EmbeddingTexts, lookup: Lookup, looked: Looked) -> Picture:
    columns = drawn_columns(lookup.width)
    note = texts.drawn.format(drawn=len(looked.rows), total=f"{lookup.vocabulary:,}")
    marks = None
    if lookup.padding_row is not None:
        flags = np.zeros((len(looked.rows), len(columns)), dtype=np.uint8)
        flags[looked.rows.index(lookup.padding_row)] = Mark.PADDING
        marks = flags.reshape(-1)
    return _row_picture(
        "table", texts.table, lookup, looked.rows, looked.table[:, list(columns)], note, marks
    )


def _index_picture(texts: EmbeddingTexts, lookup: Lookup) -> Picture:
    tints = _tints(lookup)
    bad = set(lookup.bad_indices)
    return Picture(
        "indices",
        texts.index_title,
        lookup.index_shape,
        np.array(lookup.indices, dtype=np.float64),
        kind="int",
        role="input",
        tints=np.array([tints[index] for index in lookup.indices], dtype=np.int32),
        marks=np.array([Mark.WRONG if index in bad else 0 for index in lookup.indices], dtype=np.uint8),
    )


def _output_picture(texts: EmbeddingTexts, lookup: Lookup, output: NDArray[np.float32]) -> Picture:
    columns = drawn_columns(lookup.width)
    tints = _tints(lookup)
    sources = np.add.outer(np.array(lookup.indices) * lookup.width, np.array(columns)).reshape(-1)
    return Picture(
        "output",
        texts.output,
        lookup.output_shape,
        output[:, list(columns)].astype(np.float64).reshape(-1),
        sources=(sources.astype(np.int32),),
        role="output",
        positions=(*(tuple(range(size)) for size in lookup.index_shape), columns),
        tints=np.repeat([tints[index] for index in lookup.indices], len(columns)).astype(np.int32),
    )


def lookup_topic(
    view: Frame, texts: EmbeddingTexts, words: TensorWords, lookup: Lookup, looked: Looked
) -> None:
    """Indices, table and vectors: each row flies to where it is asked for."""
    pictures = [_index_picture(texts, lookup), _table_picture(texts, lookup, looked)]
    if looked.output is not None:
        pictures.append(_output_picture(texts, lookup, looked.output))
    reading = texts.lookup_reading.format(indices=list(lookup.indices), shape=lookup.output_shape)
    if looked.error is not None:
        reading = str(looked.error)
    tensor_scene(
        Scene(
            tuple(pictures),
            reading,
            groups=_weight_group(lookup),
            joiners=("→", "→ embedding(indices)"),
            play_to=2 if looked.output is not None else None,
            play_key=f"{lookup}",
        ),
        key="lookup",
        colours=view.palette,
        words=words,
    )
    if refused(view, texts, words, lookup, looked):
        return
    st.markdown(
        texts.shape_rule.format(
            index_shape=str(tuple(lookup.index_shape)),
            width=lookup.width,
            output_shape=str(list(lookup.output_shape)),
        )
    )
    weights = lookup.vocabulary * lookup.width
    st.caption(
        texts.weights.format(
            vocabulary=f"{lookup.vocabulary:,}",
            width=lookup.width,
            weights=f"{weights:,}",
            megabytes=f"{weights * FLOAT_BYTES / MEGABYTE:.3g}",
        )
    )


def _weight_group(lookup: Lookup) -> tuple[Group, ...]:
    return (Group("weight", (lookup.vocabulary, lookup.width), 0, lookup.vocabulary * lookup.width),)


def refused(view: Frame, texts: EmbeddingTexts, words: TensorWords, lookup: Lookup, looked: Looked) -> bool:
    """Say why torch refuses the indices, if it does."""
    if looked.error is None:
        return False
    bad = view.texts.comma.join(map(str, lookup.bad_indices))
    show_refusal(looked.error, words, texts.out_of_range.format(bad=bad, last=lookup.vocabulary - 1))
    return True


def one_hot_topic(
    view: Frame, texts: EmbeddingTexts, words: TensorWords, lookup: Lookup, looked: Looked
) -> None:
    """The same vectors by a matrix product."""
    if refused(view, texts, words, lookup, looked):
        return
    assert looked.output is not None
    chosen = np.array(lookup.indices)[:, None] == np.array(looked.rows)[None, :]
    flat = Lookup(lookup.vocabulary, lookup.width, lookup.indices, (len(lookup.indices),), lookup.padding_idx)
    tints = _tints(lookup)
    colours = np.array([tints[index] for index in lookup.indices], dtype=np.int32)
    one_hot = Picture(
        "one_hot",
        texts.one_hot,
        (len(lookup.indices), lookup.vocabulary),
        chosen.astype(np.float64).reshape(-1),
        role="input",
        positions=(tuple(range(len(lookup.indices))), looked.rows),
        tints=np.where(chosen, colours[:, None], -1).reshape(-1),
        marks=np.where(chosen, np.uint8(Mark.SELECTED), np.uint8(Mark.FADED)).reshape(-1),
    )
    pictures = (one_hot, _table_picture(texts, lookup, looked), _output_picture(texts, flat, looked.output))
    tensor_scene(
        Scene(
            pictures,
            texts.lookup_reading.format(indices=list(lookup.indices), shape=flat.output_shape),
            groups=_weight_group(lookup),
            joiners=("@", "="),
        ),
        key="one_hot",
        colours=view.palette,
        words=words,
    )
    if len(lookup.index_shape) != 1:
        st.caption(
            texts.in_a_row.format(
                count=len(lookup.indices), shape=list(lookup.index_shape), out=list(lookup.output_shape)
            )
        )


def costs(state: State, texts: EmbeddingTexts, lookup: Lookup) -> None:
    """What both ways cost, measured where the learner asks for it."""
    if st.button(texts.measure, icon=":material/timer:"):
        state.set(COSTS, (lookup, compare_costs(lookup)))
    kept = state[COSTS]
    measured = kept[1] if kept is not None and kept[0] == lookup else None
    rows = [
        (texts.input_bytes, f"{lookup.index_bytes:,}", f"{lookup.one_hot_bytes:,}"),
        (texts.multiplications, "0", f"{lookup.multiplications:,}"),
        (
            texts.seconds,
            texts.not_measured if measured is None else _duration(measured.lookup_seconds),
            texts.not_measured if measured is None else _duration(measured.one_hot_seconds),
        ),
    ]
    lines = [f"| {' | '.join(texts.costs)} |", "|---|---|---|", *(f"| {' | '.join(row)} |" for row in rows)]
    st.markdown("\n".join(lines))
    if measured is not None:
        ratio = measured.one_hot_seconds / max(measured.lookup_seconds, 1e-9)
        st.caption(f"{texts.times.format(ratio=f'{ratio:.3g}')} {texts.same.format(equal=measured.equal)}")


def _duration(seconds: float) -> str:
    return f"{seconds * 1e6:.3g} µs" if seconds < 1e-3 else f"{seconds * 1e3:.3g} ms"


def gradient_topic(
    view: Frame, texts: EmbeddingTexts, words: TensorWords, lookup: Lookup, looked: Looked
) -> None:
    """The gradient of the table after ``vectors.sum().backward()``: zero in all rows but those looked up."""
    if refused(view, texts, words, lookup, looked):
        return
    columns = drawn_columns(lookup.width)
    by_row = dict(zip(looked.grad_rows, looked.grad_values, strict=True))
    values = np.repeat([by_row.get(row, 0.0) for row in looked.rows], len(columns)).astype(np.float32)
    marks = np.where(values != 0, np.uint8(Mark.SELECTED), np.uint8(Mark.FADED))
    note = texts.drawn.format(drawn=len(looked.rows), total=f"{lookup.vocabulary:,}")
    grad = _row_picture("grad", texts.gradient, lookup, looked.rows, values, note, marks)
    comma = view.texts.comma
    rows = comma.join(map(str, looked.grad_rows)) or "–"
    tensor_scene(
        Scene((_index_picture(texts, lookup), grad), texts.grad_reading.format(rows=rows), joiners=("→",)),
        key="gradient",
        colours=view.palette,
        words=words,
    )
    total = f"{lookup.vocabulary:,}"
    st.markdown(texts.grad_rows.format(count=len(looked.grad_rows), total=total, rows=rows))
    for row, times in by_row.items():
        if times > 1:
            st.markdown(texts.grad_repeated.format(row=row, times=f"{times:g}"))
    if lookup.padding_row is not None:
        st.markdown(texts.grad_padding.format(row=lookup.padding_row))
    _moved_rows(texts, comma)


def _moved_rows(texts: EmbeddingTexts, comma: str) -> None:
    """Which rows each optimizer moves: not only those that have a gradient."""
    first, second = (comma.join(map(str, rows)) for rows in EXAMPLE_STEPS)
    st.markdown(texts.moved_rows.format(rows=EXAMPLE_ROWS, first=first, second=second))
    lines = [f"| {' | '.join(texts.moved_heads)} |", "|---|---|---|"]
    for updater, steps in rows_moved().items():
        cells = [
            texts.all_rows if len(rows) == EXAMPLE_ROWS else comma.join(map(str, rows)) for rows in steps
        ]
        lines.append(f"| `{updater}` | {' | '.join(cells)} |")
    st.markdown("\n".join(lines))


@st.cache_data(show_spinner=False, max_entries=32)
def _trained(width: int, seed: int) -> tuple[Learned, NDArray[np.float32]]:
    learned = learn(width, seed)
    return learned, project(list(learned.tables))


def words_topic(view: Frame, state: State, texts: EmbeddingTexts, words: TensorWords) -> str:
    """A table that learns from a hundred sentences; returns the code for the screen."""

    def spoken(word: str) -> str:
        return CHINESE[word] if view.lang is Lang.ZH else word

    settings, shown = settings_and_picture("words")
    with settings:
        width = int(state.choice(WORD_WIDTH, texts.word_width))
        seed = state.number(WORD_SEED, texts.seed)
        word = state.choice(WORD, texts.word, format=spoken, widget="select")
    learned, frames = _trained(width, seed)
    number = WORDS.index(word)
    near = nearest(learned.tables[-1], number, NEAREST)
    with settings:
        st.markdown(texts.nearest.format(word=spoken(word)))
        lines = [f"| {texts.word} | {texts.cosine} |", "|---|---|"]
        lines += [f"| {spoken(WORDS[other])} | {cosine:.2f} |" for other, cosine in near]
        st.markdown("\n".join(lines))
    with shown:
        named = view.texts.comma.join(spoken(WORDS[other]) for other, _ in near)
        wordmap(
            frames=frames,
            words=[spoken(other) for other in WORDS],
            groups=[group_of(index) for index in range(len(WORDS))],
            names=[texts.groups[group.name] for group in GROUPS],
            steps=learned.steps.tolist(),
            losses=learned.losses.tolist(),
            chosen=number,
            near=[other for other, _ in near],
            labels=WordMapLabels(
                play=words.play,
                step=texts.step,
                loss=texts.loss,
                map=texts.map_reading.format(word=spoken(word), near=named),
            ),
            colours=view.palette,
        )
    return learning_code(width, seed, word, NEAREST)


def code_of(topic: Topic, lookup: Lookup, looked: Looked) -> str:
    """The code for a screen with a table."""
    if looked.error is not None:
        lines = lookup.code().splitlines()
        at = next(index for index, line in enumerate(lines) if line.startswith("vectors ="))
        return "\n".join([*lines[:at], commented(lines[at], looked.error)])
    return one_hot_code(lookup) if topic is Topic.ONE_HOT else lookup.code(backward=topic is Topic.GRADIENT)
