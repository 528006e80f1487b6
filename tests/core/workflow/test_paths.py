"""Whole paths: the program to take away gives the page's numbers, and what the page says of tokenizers holds."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from lib.core.codegen.workflow_script import script
from lib.core.mnist import load_mnist
from lib.core.workflow.batches import collate
from lib.core.workflow.bundled import PATHS, bundled_paths, train_path
from lib.core.workflow.metrics import confusion, scores
from lib.core.workflow.model import read_text
from lib.core.workflow.path import PicturePath, Pooling, TextPath, Transform
from lib.core.workflow.reviews import FOLDER
from lib.core.workflow.text import TokenizerKind, encode
from tests.core.codegen.test_mnist_script import root  # noqa: F401  (a fixture)
from tests.core.programs import printed_by

SENTENCES = {"en": "The phone was tasteless, sorry!", "zh": "我觉得手机难用。"}
TEXT_PATHS = [
    TextPath(),
    TextPath("zh", TokenizerKind.WORD, share=20, clean=True),
    TextPath("en", TokenizerKind.CHAR, pooling=Pooling.MEAN_UNMASKED, batch_size=50),
    TextPath("zh", TokenizerKind.BPE, vocabulary=200, pooling=Pooling.MAX, seed=3),
    TextPath("en", TokenizerKind.BPE, by_bytes=True, share=5),
]


def test_the_programs_for_texts_print_the_pages_numbers(monkeypatch: pytest.MonkeyPatch) -> None:
    programs = [script(path, SENTENCES[path.language]) for path in TEXT_PATHS]
    outputs = [text.splitlines() for text in printed_by(programs, FOLDER, monkeypatch)]
    for path, printed in zip(TEXT_PATHS, outputs, strict=True):
        trained = train_path(path)
        table = confusion(np.array([r.label for r in path.test_set], np.uint8), trained.predictions, 2)
        found = scores(table)
        encoded = encode(path.spec, SENTENCES[path.language])
        answer = read_text(trained.weights, path.pooling, collate([encoded.ids]))
        assert printed[0] == str(table.tolist()), path
        assert printed[1] == f"accuracy {found.accuracy:.4f}"
        assert printed[2] == f"recall {found.recall or 0:.4f}  F1 {found.f1:.4f}"
        assert printed[3] == str(list(encoded.ids))
        shown = [float(number) for number in printed[4].strip("[]").split(",")]
        assert shown == pytest.approx(answer.probabilities[0].tolist(), abs=1e-5)


def test_the_programs_for_pictures_print_the_pages_numbers(
    root: Path,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("MNIST_ROOT", str(root))
    paths = [PicturePath(Transform.NORMALIZE), PicturePath(Transform.BYTES, hidden=0)]
    programs = [script(path, "") for path in paths]
    outputs = [text.splitlines() for text in printed_by(programs, FOLDER, monkeypatch)]
    for path, printed in zip(paths, outputs, strict=True):
        right = (train_path(path).predictions == load_mnist().test_labels).mean()
        assert float(printed[-2].removeprefix("accuracy ")) == pytest.approx(right, abs=0.003)
        assert printed[-1] == "7"


def test_what_is_bundled_is_what_the_loop_trains() -> None:
    assert set(bundled_paths()) == {path.identity for path in PATHS}
    for path in (TextPath(), TextPath("zh", TokenizerKind.CHAR)):
        anew, kept = train_path(path), bundled_paths()[path.identity]
        for name, values in kept.weights.items():
            assert np.allclose(values, anew.weights[name], atol=1e-3), name
        assert (anew.predictions == kept.predictions).mean() > 0.99


@pytest.mark.parametrize("language", ["en", "zh"])
def test_pieces_read_new_words_better_than_whole_words_do(language: str) -> None:
    right = {}
    for kind in (TokenizerKind.WORD, TokenizerKind.BPE):
        path = TextPath(language, kind)
        labels = np.array([review.label for review in path.test_set])
        is_new = np.array([review.is_new for review in path.test_set])
        right[kind] = (bundled_paths()[path.identity].predictions == labels)[is_new].mean()
    assert right[TokenizerKind.WORD] < 0.6 < 0.65 < right[TokenizerKind.BPE]


def test_accuracy_misleads_where_complaints_are_rare() -> None:
    path = TextPath(share=5)
    labels = np.array([review.label for review in path.test_set], np.uint8)
    never = scores(confusion(labels, np.zeros_like(labels), 2))
    assert never.accuracy > 0.94
    assert (never.recall, never.f1, never.balanced) == (0.0, 0.0, 0.5)
