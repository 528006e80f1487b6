"""/workflow: one sentence or picture through every block, from raw data to evaluation; exchange a block, compare."""

from __future__ import annotations

from functools import lru_cache

import streamlit as st

from lib.core.codegen.workflow_script import script
from lib.core.lessons import load_lesson
from lib.core.mnist import load_mnist
from lib.core.workflow.batches import collate
from lib.core.workflow.model import TextAnswer, read_text
from lib.core.workflow.path import Path, PicturePath, TextPath, WorkflowConfig
from lib.core.workflow.text import MAX_TEXT, Encoded, encode, encode_all
from lib.lessons.workflow.blocks import Screen, Shown, labels_of, percent, scores_of, show_block
from lib.lessons.workflow.picture import NEIGHBOURS, Lane, flow, picture_stages, text_stages
from lib.lessons.workflow.state import (
    BLOCK,
    COMPARE,
    DATA,
    DIGIT,
    EXAMPLES,
    STANDARD,
    TABLE,
    TEXT,
    TRACK,
    Block,
    Track,
    path_of,
    sides,
)
from lib.lessons.workflow.texts import WORKFLOW_TEXTS, WorkflowTexts
from lib.lessons.workflow.trained import current_run, trained
from lib.ui.components.code import code_block
from lib.ui.frame import Frame, frame
from lib.ui.runs.shared import REDRAW_SECONDS, end_text, is_active, progress_text, say_refused, start_button
from lib.ui.runs.texts import RUN_TEXTS, RunTexts
from lib.ui.state import State, as_text, reported


def show() -> None:
    """The page."""
    view = frame("workflow")
    texts = WORKFLOW_TEXTS[view.lang]
    with st.container(key="workflow_title", gap="xsmall"):
        st.title(texts.title)
        st.markdown(load_lesson("workflow", view.lang)["intro"].body)
    body(view)


@st.fragment
def body(view: Frame) -> None:
    """What a control changes; the frame around it is left alone."""
    texts = WORKFLOW_TEXTS[view.lang]
    with TABLE.read(view.lang) as state:
        _inputs(state, texts)
        shown = _shown(state, texts)
        _picture(view, state, texts, shown)
        state.choice(
            BLOCK,
            texts.blocks_label,
            format=lambda block: _block_name(texts, state, block),
            label_visibility="collapsed",
        )
        _explain(view, state)
        show_block(Screen(view, state, texts, shown))
        _code(view, state, shown, texts)


def _block_name(texts: WorkflowTexts, state: State, block: Block) -> str:
    is_transform = block is Block.TOKENIZER and state[TRACK] is Track.PICTURE
    return texts.transform_block if is_transform else texts.blocks[block]


def _explain(view: Frame, state: State) -> None:
    lesson = load_lesson("workflow", view.lang)
    block = str(state[BLOCK])
    if state[TRACK] is Track.PICTURE:
        block = "transform" if block == "tokenizer" else block
        block = f"{block}_picture" if f"{block}_picture" in lesson else block
    st.markdown(lesson[block].body)


def _inputs(state: State, texts: WorkflowTexts) -> None:
    left, middle, right = st.columns([3, 5, 2], gap="medium", vertical_alignment="bottom")
    with left:
        track = state.choice(
            TRACK, texts.track, format=lambda option: texts.tracks[option], label_visibility="collapsed"
        )
    with right:
        state.toggle(COMPARE, texts.compare)
    with middle:
        if track is Track.PICTURE:
            state.slider(DIGIT, texts.digit, high=199)
            return
        typed, language = st.columns([3, 1], vertical_alignment="bottom")
        with language:
            data = state.choice(DATA, texts.data, format=lambda option: texts.datas[option], widget="select")
        if state[TEXT] == state[STANDARD]:
            state.set(TEXT, EXAMPLES[data])  # nothing typed yet: the sentence of the language
        state.set(STANDARD, EXAMPLES[data])
        with typed:
            state.text(TEXT, texts.sentence, help=texts.sentence_help.format(limit=MAX_TEXT))


def _shown(state: State, texts: WorkflowTexts) -> list[Shown]:
    found = []
    for name, side in zip(texts.paths, sides(state), strict=False):
        path = path_of(state, side)
        encoded = encode(path.spec, state[TEXT]) if isinstance(path, TextPath) else None
        found.append(Shown(name, side, path, trained(path), encoded))
    return found


def _picture(view: Frame, state: State, texts: WorkflowTexts, shown: list[Shown]) -> None:
    missing = tuple(dict.fromkeys(each.path for each in shown if each.trained is None))
    if any(each.encoded is not None and not each.encoded.tokens for each in shown):
        st.warning(texts.no_tokens)
        return
    lanes, readings = [], []
    for each in shown:
        if isinstance(each.path, TextPath):
            assert each.encoded is not None
            lanes.append(_text_lane(each, each.path, each.encoded, state, texts))
            tokens = view.texts.comma.join(as_text(piece) for piece in each.encoded.pieces)
            readings.append(texts.reading.format(path=each.name, tokens=tokens, ids=list(each.encoded.ids)))
        else:
            lanes.append(_picture_lane(each, each.path, state, texts))
            readings.append(_picture_reading(lanes[-1], each, state, texts))
    flow(
        lanes,
        signature=f"{state[TRACK]}",
        opened=state[BLOCK],
        labels=texts.picture_labels,
        colours=view.palette,
        on_open=reported(TABLE, BLOCK, "flow"),
    )
    st.caption("  \n".join(filter(None, readings)))
    if missing:
        _training(view, missing)


def _score(each: Shown, state: State, texts: WorkflowTexts) -> str:
    found = scores_of(each)
    if found is None:
        return texts.not_trained
    metric = state[each.side.metric]
    value, samples = percent(found.of(metric), texts), f"{len(labels_of(each.path)):,}"
    return texts.score.format(metric=texts.metrics[metric], value=value, samples=samples)


def _text_lane(each: Shown, path: TextPath, encoded: Encoded, state: State, texts: WorkflowTexts) -> Lane:
    batch = collate([encoded.ids, *_neighbours(path)][: path.batch_size])
    answer: TextAnswer | None = None
    if each.trained is not None:
        answer = read_text(each.trained.weights, path.pooling, batch)
    kind = texts.tokenizers[path.tokenizer]
    stages = text_stages(path, encoded, batch, answer, texts.stages, texts.labels)
    return Lane(texts.of_path.format(path=each.name, name=kind), _score(each, state, texts), stages)


@lru_cache(maxsize=64)
def _neighbours(path: TextPath) -> tuple[tuple[int, ...], ...]:
    """The sentences that share the batch: the same for all learners."""
    return tuple(encode_all(path.spec, [review.text for review in path.train_set[:NEIGHBOURS]]))


def _picture_lane(each: Shown, path: PicturePath, state: State, texts: WorkflowTexts) -> Lane:
    images = load_mnist().test_images
    neighbours = load_mnist().train_images[:NEIGHBOURS]
    weights = each.trained.weights if each.trained is not None else None
    stages = picture_stages(path, images[state[DIGIT]], neighbours, weights, texts.stages)
    return Lane(
        texts.of_path.format(path=each.name, name=texts.transforms[path.transform]),
        _score(each, state, texts),
        stages,
    )


def _picture_reading(lane: Lane, each: Shown, state: State, texts: WorkflowTexts) -> str:
    bars = lane.stages[-1]
    if bars["kind"] != "bars":
        return ""
    answer, values = bars["answer"], bars["values"]
    assert isinstance(answer, int)
    assert isinstance(values, list)
    share = f"{100 * values[answer]:.1f}"
    return texts.picture_reading.format(path=each.name, digit=state[DIGIT], answer=answer, percent=share)


def _training(view: Frame, missing: tuple[Path, ...]) -> None:
    run = current_run(missing)
    st.fragment(_progress, run_every=REDRAW_SECONDS if is_active(run) else None)(
        RUN_TEXTS[view.lang], missing, is_active(run)
    )


def _progress(words: RunTexts, missing: tuple[Path, ...], was_active: bool) -> None:
    run = current_run(missing)
    if is_active(run) != was_active:
        st.rerun()  # the whole page: redrawing begins or ends, and the results appear
    if run is not None and was_active:
        st.progress(run.progress, text=progress_text(run, words))
        return
    ended = end_text(run, words)
    if ended:
        st.warning(ended)
    config = WorkflowConfig(missing)
    say_refused(start_button(config, words, key="train"), config, words, key="train")


def _code(view: Frame, state: State, shown: list[Shown], texts: WorkflowTexts) -> None:
    st.markdown(f"**{view.texts.code_heading}**")
    tabs = st.tabs([texts.code_path.format(path=each.name) for each in shown])
    for tab, each in zip(tabs, shown, strict=True):
        with tab:
            code_block(script(each.path, state[TEXT]), key=f"code_{each.side.tok.name}")
