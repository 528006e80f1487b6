"""The picture of /workflow: a lane a path, a block a stage, the shape of what passes on every arrow."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass

import numpy as np
from numpy.typing import NDArray

from lib.core.workflow.batches import Batch
from lib.core.workflow.model import TextAnswer, Weights, hidden_units, prepare, read_pictures, softmax
from lib.core.workflow.path import WIDTH, PicturePath, Pooling, TextPath
from lib.core.workflow.text import UNKNOWN_ID, Encoded
from lib.figures.palette import Palette
from lib.lessons.workflow.texts import StageTexts
from lib.ui.components.base import browser_component

NEIGHBOURS = 3
ROWS_DRAWN = 24
"""Vectors of a sentence that are drawn; a longer one goes on unseen."""
_mount = browser_component("flow", html='<div class="flow"></div>')

Stage = dict[str, object]


@dataclass(frozen=True)
class Lane:
    """One path's row: ``stages`` as ``assets/components/flow/stages.js`` declares them."""

    name: str
    score: str
    stages: list[Stage]


def flow(
    lanes: Sequence[Lane],
    *,
    signature: str,
    opened: str,
    labels: dict[str, str],
    colours: Palette,
    on_open: Callable[[], None],
) -> None:
    """Draw the lanes; ``on_open`` is called when the title of a block is pressed, with the block reported."""
    data = {
        "lanes": [asdict(lane) for lane in lanes],
        "signature": signature,
        "opened": opened,
        "labels": labels,
        "colours": colours.named("input", "output", "padding", "wrong", "muted", "ink", "paper", "grid"),
    }
    _mount(key="flow", data=json.dumps(data, ensure_ascii=False), on_block_change=on_open)


def _stage(kind: str, key: str, title: str, shape: object, note: str = "", **own: object) -> Stage:
    return {"kind": kind, "key": key, "title": title, "shape": str(shape), "note": note, **own}


def _rows(values: NDArray[np.float32]) -> list[list[float]]:
    return [[round(float(value), 4) for value in row] for row in values]


def text_stages(
    path: TextPath,
    encoded: Encoded,
    batch: Batch,
    answer: TextAnswer | None,
    texts: StageTexts,
    labels: tuple[str, str],
) -> list[Stage]:
    """The blocks of a sentence; ``batch`` has it in its first row, ``answer`` is None before training."""
    size, longest = batch.ids.shape
    length = len(encoded.tokens)
    kept = texts.kept.format(
        kept=longest if path.pooling is Pooling.MEAN_UNMASKED else length, length=longest
    )
    stages = [_raw(encoded, texts), _tokens(encoded, texts), _batch(batch, path.batch_size, texts)]
    shape = [size, longest, WIDTH]
    if answer is None:
        return [*stages, _stage("text", "model", texts.vectors, shape, texts.untrained, text="?")]
    vectors = _rows(answer.vectors[0][: min(length, ROWS_DRAWN)])
    two = [*_rows(answer.pooled[:1]), *_rows(answer.logits[:1])]
    shares = answer.probabilities[0]
    return [
        *stages,
        _stage("heat", "model", texts.vectors, shape, texts.looked_up, values=vectors, tokens=True),
        _stage("heat", "pipeline", texts.pooled, [size, 2], kept, values=two, tokens=False),
        _bars(texts.answer, list(labels), shares),
    ]


def _raw(encoded: Encoded, texts: StageTexts) -> Stage:
    note = texts.characters.format(count=len(encoded.text))
    return _stage("text", "data", texts.raw, "str", note, text=encoded.text)


def _tokens(encoded: Encoded, texts: StageTexts) -> Stage:
    tokens = [
        {"piece": piece, "id": token.id, "unknown": token.id == UNKNOWN_ID}
        for piece, token in zip(encoded.pieces, encoded.tokens, strict=True)
    ]
    note = texts.count.format(tokens=len(tokens), unknown=encoded.unknown)
    return _stage("tokens", "tokenizer", texts.tokens, [len(tokens)], note, tokens=tokens)


def _batch(batch: Batch, size: int, texts: StageTexts) -> Stage:
    rows = [
        [number if kept else None for number, kept in zip(numbers, mask, strict=True)]
        for numbers, mask in zip(batch.ids.tolist(), batch.mask.tolist(), strict=True)
    ]
    percent = f"{100 * batch.padding_share:.0f}"
    note = texts.padded.format(neighbours=len(rows) - 1, size=size, percent=percent)
    return _stage("batch", "loader", texts.batch, list(batch.ids.shape), note, rows=rows)


def _bars(title: str, names: list[str], shares: NDArray[np.float32]) -> Stage:
    values = [round(float(share), 5) for share in shares]
    return _stage("bars", "evaluation", title, "", names=names, values=values, answer=int(shares.argmax()))


def picture_stages(
    path: PicturePath,
    pixels: NDArray[np.uint8],
    neighbours: NDArray[np.uint8],
    weights: Weights | None,
    texts: StageTexts,
) -> list[Stage]:
    """The blocks of a picture (28, 28); ``weights`` are None before training."""
    size = path.batch_size
    prepared = prepare(pixels, path.transform)
    low, high = (float(end) for end in prepare(np.array([0, 255], np.uint8), path.transform))

    # A transform is affine: what it makes looks like the bytes, with its own ends for paper and ink.
    def drawn(
        key: str, title: str, shape: list[int], pictures: list[NDArray[np.uint8]], note: str = ""
    ) -> Stage:
        pixels = [each.reshape(-1).tolist() for each in pictures]
        return _stage("pictures", key, title, shape, note, pictures=pixels, side=28, low=0, high=255)

    together = [pixels, *neighbours][:size]
    note = "float32, " + texts.value_range.format(low=f"{low:.3g}", high=f"{high:.3g}")
    stages = [
        drawn("data", texts.picture, [28, 28], [pixels], "uint8"),
        drawn("tokenizer", texts.transformed, [1, 28, 28], [pixels], note),
        drawn(
            "loader",
            texts.pictures,
            [size, 1, 28, 28],
            together,
            texts.drawn.format(drawn=len(together), size=size),
        ),
    ]
    if weights is None:
        return [*stages, _stage("text", "model", texts.logits, [size, 10], texts.untrained, text="?")]
    if path.hidden:
        hidden = _rows(hidden_units(weights, prepared[None]).reshape(4, -1))
        shape = [size, path.hidden]
        stages.append(_stage("heat", "model", texts.hidden, shape, "ReLU", values=hidden, tokens=False))
    logits = read_pictures(weights, prepared[None])
    return [
        *stages,
        _stage("heat", "pipeline", texts.logits, [size, 10], values=_rows(logits.T), tokens=False),
        _bars(texts.answer, [str(digit) for digit in range(10)], softmax(logits)[0]),
    ]
