"""What an opened block of /workflow shows: its controls, one column a path, and its numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from lib.core.mnist import load_mnist
from lib.core.workflow.batches import batch_sizes
from lib.core.workflow.bundled import TrainedPath
from lib.core.workflow.metrics import Scores, confusion, scores
from lib.core.workflow.path import TRAIN_PICTURES, WIDTH, Path, PicturePath, TextPath
from lib.core.workflow.reviews import FOLDER
from lib.core.workflow.text import Encoded, TokenizerKind, encode, vocabulary_of
from lib.figures.workflow import loss_figure
from lib.lessons.workflow.loader import show_loader
from lib.lessons.workflow.state import BLOCK, CLEAN, SAMPLE, SHARE, Block, Side
from lib.lessons.workflow.texts import WorkflowTexts
from lib.ui.components.chart import chart
from lib.ui.frame import Frame
from lib.ui.state import State, as_text

MERGES_LISTED = 12
SENTENCES_LISTED = 6


@dataclass(frozen=True)
class Shown:
    """One path on the screen: its keys, itself, its weights where it is trained, the sentence cut by it."""

    name: str
    side: Side
    path: Path
    trained: TrainedPath | None
    encoded: Encoded | None


@dataclass(frozen=True)
class Screen:
    """What a block needs to know of the page."""

    view: Frame
    state: State
    texts: WorkflowTexts
    shown: Sequence[Shown]


@lru_cache(maxsize=64)
def labels_of(path: Path) -> NDArray[np.uint8]:
    """The true classes of a path's test set."""
    if isinstance(path, TextPath):
        return np.array([review.label for review in path.test_set], np.uint8)
    return load_mnist().test_labels


def scores_of(shown: Shown) -> Scores | None:
    """What a trained path measures on its test set."""
    if shown.trained is None:
        return None
    return scores(_confusion(shown.path, shown.trained))


def _confusion(path: Path, trained: TrainedPath) -> NDArray[np.int64]:
    return confusion(labels_of(path), trained.predictions, 2 if isinstance(path, TextPath) else 10)


def percent(value: float | None, texts: WorkflowTexts) -> str:
    """A fraction in words of the page."""
    return texts.undefined if value is None else f"{100 * value:.1f} %"


def show_block(screen: Screen) -> None:
    """The opened block: controls side by side, then what it does."""
    block = screen.state[BLOCK]
    controls = _CONTROLS.get(block)
    if controls is not None:
        for column, each in zip(st.columns(len(screen.shown), gap="medium"), screen.shown, strict=True):
            with column:
                controls(screen.state, screen.texts, each)
    _BODIES[block](screen)


def _tokenizer_controls(state: State, texts: WorkflowTexts, each: Shown) -> None:
    side, name = each.side, each.name
    if isinstance(each.path, PicturePath):
        state.choice(
            side.transform,
            texts.of_path.format(path=name, name=texts.transform),
            format=lambda kind: texts.transforms[kind],
            widget="select",
        )
        return
    kind = state.choice(
        side.tok,
        texts.of_path.format(path=name, name=texts.tokenizer),
        format=lambda option: texts.tokenizers[option],
    )
    if kind is TokenizerKind.BPE:
        in_bytes = state.toggle(side.in_bytes, texts.of_path.format(path=name, name=texts.in_bytes))
        state.slider(
            side.vocab, texts.of_path.format(path=name, name=texts.vocabulary), low=300 if in_bytes else None
        )


def _loader_controls(state: State, texts: WorkflowTexts, each: Shown) -> None:
    state.slider(each.side.batch, texts.of_path.format(path=each.name, name=texts.batch))


def _model_controls(state: State, texts: WorkflowTexts, each: Shown) -> None:
    if isinstance(each.path, PicturePath):
        state.toggle(each.side.hidden, texts.of_path.format(path=each.name, name=texts.hidden))
    else:
        state.choice(
            each.side.pool,
            texts.of_path.format(path=each.name, name=texts.pooling),
            format=lambda option: texts.poolings[option],
            widget="select",
        )


def _metric_controls(state: State, texts: WorkflowTexts, each: Shown) -> None:
    state.choice(
        each.side.metric,
        texts.of_path.format(path=each.name, name=texts.metric),
        format=lambda option: texts.metrics[option],
        widget="select",
    )


def _data(screen: Screen) -> None:
    texts, shown = screen.texts, screen.shown
    path = shown[0].path
    if isinstance(path, PicturePath):
        return
    left, right = st.columns([2, 3], gap="medium")
    with left:
        screen.state.choice(SHARE, texts.share)
        file = FOLDER / f"reviews.{path.language}.tsv"
        st.download_button(texts.download, file.read_bytes(), file.name, "text/tab-separated-values")
    with right:
        train, test = path.train_set, path.test_set
        shares = [f"{100 * sum(review.label for review in part) / len(part):.0f}" for part in (train, test)]
        st.markdown(
            texts.counts.format(
                train=len(train), complaints=shares[0], test=len(test), test_complaints=shares[1]
            )
        )
        rows = [(texts.labels[review.label], review.text) for review in train[:SENTENCES_LISTED]]
        st.markdown(_table(texts.table_head, rows))


def _dataset(screen: Screen) -> None:
    texts, shown = screen.texts, screen.shown
    first = shown[0].path
    if isinstance(first, PicturePath):
        mnist = load_mnist()
        index = screen.state.slider(SAMPLE, texts.sample)
        label = int(mnist.train_labels[index])
        for each in shown:
            line = texts.dataset_line.format(
                index=index, ids="[1, 28, 28]", label=label, length=TRAIN_PICTURES
            )
            st.markdown(texts.of_path.format(path=f"**{each.name}**", name=line))
        return
    screen.state.toggle(CLEAN, texts.clean)
    index = screen.state.slider(SAMPLE, texts.sample, high=len(first.train_set) - 1)
    review = first.train_set[index]
    st.markdown(as_text(review.text, 200))
    for each in shown:
        assert isinstance(each.path, TextPath)
        ids = list(encode(each.path.spec, review.text).ids)
        line = texts.dataset_line.format(
            index=index, ids=ids, label=review.label, length=len(each.path.train_set)
        )
        st.markdown(texts.of_path.format(path=f"**{each.name}**", name=line))
    _leakage(texts, shown)


def _leakage(texts: WorkflowTexts, shown: Sequence[Shown]) -> None:
    first = shown[0].path
    assert isinstance(first, TextPath)
    known = {review.text for review in first.train_set}
    leaked = np.array([review.text in known for review in first.test_set])
    said = texts.leak if leaked.any() else texts.no_leak
    st.markdown(said.format(leaked=int(leaked.sum()), total=len(leaked)))
    if not 0 < leaked.sum() < len(leaked):
        return
    for each in shown:
        if each.trained is not None:
            right = each.trained.predictions == labels_of(each.path)
            seen, unseen = (percent(float(right[part].mean()), texts) for part in (leaked, ~leaked))
            st.markdown(f"- {texts.leak_scores.format(path=each.name, seen=seen, unseen=unseen)}")


def _tokenizer(screen: Screen) -> None:
    texts, shown = screen.texts, screen.shown
    for column, each in zip(st.columns(len(shown), gap="medium"), shown, strict=True):
        if not isinstance(each.path, TextPath) or each.encoded is None:
            continue
        with column:
            vocabulary = vocabulary_of(each.path.spec)
            tokens, unknown = len(vocabulary.tokens), each.encoded.unknown
            st.markdown(texts.knows.format(path=each.name, tokens=tokens, unknown=unknown))
            if each.trained is not None:
                st.markdown(_new_words(texts, each, each.path, each.trained))
            pairs = zip(each.encoded.tokens, each.encoded.pieces, strict=True)
            rows = [(as_text(token.token), str(token.id), as_text(piece)) for token, piece in pairs]
            st.markdown(_table(texts.token_head, rows))
            if each.path.tokenizer is TokenizerKind.BPE:
                _merges(screen, each, each.path)


def _new_words(texts: WorkflowTexts, each: Shown, path: TextPath, trained: TrainedPath) -> str:
    right = trained.predictions == labels_of(path)
    is_new = np.array([review.is_new for review in path.test_set])
    new, rest = (percent(float(right[part].mean()), texts) for part in (is_new, ~is_new))
    return texts.new_words.format(path=each.name, new=new, rest=rest)


def _merges(screen: Screen, each: Shown, path: TextPath) -> None:
    texts, comma = screen.texts, screen.view.texts.comma
    merges = vocabulary_of(path.spec).merges[:MERGES_LISTED]
    if not merges:
        st.caption(texts.no_merges)
        return
    st.markdown(texts.merges.format(path=each.name, count=len(merges)))
    st.markdown(comma.join(f"{as_text(merge.left)} + {as_text(merge.right)}" for merge in merges))


def _loader(screen: Screen) -> None:
    texts, shown = screen.texts, screen.shown
    for each in shown:
        samples = TRAIN_PICTURES if isinstance(each.path, PicturePath) else len(each.path.train_set)
        sizes = batch_sizes(samples, each.path.batch_size)
        st.markdown(
            texts.loader_line.format(
                path=each.name,
                samples=f"{samples:,}",
                size=each.path.batch_size,
                batches=len(sizes),
                last=sizes[-1],
            )
        )
    show_loader(screen.view, screen.state)


def _model(screen: Screen) -> None:
    texts, shown = screen.texts, screen.shown
    for each in shown:
        parts = _parameters(each.path)
        total = sum(rows * columns for rows, columns in parts)
        spelled = " + ".join(f"{rows:,} × {columns}" for rows, columns in parts)
        st.markdown(texts.parameters.format(path=each.name, total=f"{total:,}", parts=spelled))
    trained = [(each.name, each.trained.losses) for each in shown if each.trained is not None]
    if trained:
        reading = " ".join(
            texts.loss_reading.format(
                path=name, steps=len(values), first=f"{values[0]:.2f}", last=f"{values[-1]:.2f}"
            )
            for name, values in trained
        )
        figure = loss_figure(trained, x_title=texts.step, y_title=texts.loss, dark=screen.view.dark)
        chart(figure, key="workflow_loss", alt=reading)


def _parameters(path: Path) -> list[tuple[int, int]]:
    """Weights and biases, each as rows times columns."""
    if isinstance(path, TextPath):
        return [(len(vocabulary_of(path.spec).tokens), WIDTH), (2, WIDTH), (2, 1)]
    if path.hidden:
        return [(path.hidden, 784), (path.hidden, 1), (10, path.hidden), (10, 1)]
    return [(10, 784), (10, 1)]


def _pipeline(screen: Screen) -> None:
    texts, shown = screen.texts, screen.shown
    for column, each in zip(st.columns(len(shown), gap="medium"), shown, strict=True):
        with column:
            st.markdown(f"**{each.name}**")
            rows = _text_calls(each) if isinstance(each.path, TextPath) else _picture_calls(each.path)
            st.markdown(_table(texts.pipeline_head, rows))


def _text_calls(each: Shown) -> list[tuple[str, str, str]]:
    assert isinstance(each.path, TextPath)
    assert each.encoded is not None
    length = len(each.encoded.tokens)
    return [
        ("`text`", "`str`", as_text(each.encoded.text)),
        ("`tokenizer.encode(text).ids`", f"`[{length}]`", f"`{list(each.encoded.ids)}`"),
        ("`collate([(ids, 0)])`", f"`[1, {length}]`", ""),
        ("`model.embedding(ids)`", f"`[1, {length}, {WIDTH}]`", ""),
        (f"`{each.path.pooling}`", f"`[1, {WIDTH}]`", ""),
        ("`model.head(pooled)`", "`[1, 2]`", ""),
        ("`.softmax(dim=1)[0]`", "`[2]`", ""),
    ]


def _picture_calls(path: PicturePath) -> list[tuple[str, str, str]]:
    hidden = [("`nn.Linear(784, 32)`, `ReLU`", "`[1, 32]`", "")] if path.hidden else []
    return [
        ("`picture`", "`[28, 28]`", "`uint8`"),
        ("`transform(picture)`", "`[1, 28, 28]`", "`float32`"),
        ("`.unsqueeze(0)`", "`[1, 1, 28, 28]`", ""),
        ("`nn.Flatten()`", "`[1, 784]`", ""),
        *hidden,
        (f"`nn.Linear({path.hidden or 784}, 10)`", "`[1, 10]`", ""),
        ("`.softmax(dim=1)[0]`", "`[10]`", ""),
    ]


def _evaluation(screen: Screen) -> None:
    texts, shown = screen.texts, screen.shown
    columns = st.columns(len(shown), gap="medium")
    for column, each in zip(columns, shown, strict=True):
        with column:
            found = scores_of(each)
            if found is None:
                st.markdown(texts.not_trained)
                continue
            rows = [(texts.metrics[metric], percent(found.of(metric), texts)) for metric in texts.metrics]
            st.markdown(_table((each.name, texts.metric), rows))
    first = shown[0].path
    if isinstance(first, TextPath):
        labels = labels_of(first)
        st.markdown(texts.baseline.format(percent=f"{100 * float((labels == 0).mean()):.0f}"))
    else:
        st.markdown(texts.macro)
        columns = [st.container() for _ in shown]  # ten digits want the whole width
    for column, each in zip(columns, shown, strict=True):
        if each.trained is not None:
            with column:
                _confusion_table(texts, each, _confusion(each.path, each.trained))


def _confusion_table(texts: WorkflowTexts, each: Shown, table: NDArray[np.int64]) -> None:
    st.markdown(texts.confusion_head.format(path=each.name))
    names = list(texts.labels) if isinstance(each.path, TextPath) else [str(n) for n in range(10)]
    lines = [(f"**{name}**", *map(str, row)) for name, row in zip(names, table.tolist(), strict=True)]
    st.markdown(_table((f"{texts.true} ╲ {texts.answered}", *names), lines))


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A Markdown table; cells have no pipes of their own."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(cell.replace('|', '∣') for cell in line)} |" for line in lines)


_CONTROLS = {
    Block.TOKENIZER: _tokenizer_controls,
    Block.LOADER: _loader_controls,
    Block.MODEL: _model_controls,
    Block.EVALUATION: _metric_controls,
}
_BODIES = {
    Block.DATA: _data,
    Block.DATASET: _dataset,
    Block.TOKENIZER: _tokenizer,
    Block.LOADER: _loader,
    Block.MODEL: _model,
    Block.PIPELINE: _pipeline,
    Block.EVALUATION: _evaluation,
}
