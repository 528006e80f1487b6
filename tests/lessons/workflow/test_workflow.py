"""/workflow without a browser: tokens and ids as text, each block in each track, refusals, and who is trained."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest

from lib.core.workflow.batches import collate
from lib.core.workflow.bundled import bundled_paths
from lib.core.workflow.loading import LoaderSettings, epoch_ms, printed
from lib.core.workflow.metrics import confusion, scores
from lib.core.workflow.model import read_text
from lib.core.workflow.path import Pooling, TextPath
from lib.core.workflow.text import TokenizerKind, encode
from lib.lessons.workflow.picture import text_stages
from lib.lessons.workflow.state import EXAMPLES, Block, Track
from lib.lessons.workflow.texts import WORKFLOW_TEXTS
from lib.ui.lang import Lang
from tests.lessons.page import open_page, shown_text


@pytest.mark.parametrize("lang", list(Lang))
@pytest.mark.parametrize("kind", list(TokenizerKind))
def test_tokens_and_ids_stand_on_the_page(lang: Lang, kind: TokenizerKind) -> None:
    sentence = {"en": "The soup was useless!", "zh": "我觉得汤难喝！"}[lang]
    at = open_page("workflow", lang=lang, text=sentence, tok=kind)
    encoded = encode(TextPath(lang, kind).spec, sentence)
    shown = shown_text(at)
    assert str(list(encoded.ids)) in shown
    for piece in encoded.pieces:
        assert f"`{piece}`" in shown or f'`"{piece}"`' in shown


@pytest.mark.parametrize("track", list(Track))
@pytest.mark.parametrize("block", list(Block))
@pytest.mark.parametrize("lang", list(Lang))
def test_every_block_opens(track: Track, block: Block, lang: Lang) -> None:
    at = open_page("workflow", lang=lang, track=track, block=block)
    assert not at.error
    assert not at.warning
    assert len(at.code) == 2 + (block is Block.LOADER)


@pytest.mark.parametrize("lang", list(Lang))
def test_the_opening_sentence_shows_what_the_page_says(lang: Lang) -> None:
    right = []
    for kind in (TokenizerKind.WORD, TokenizerKind.BPE):
        path = TextPath(lang, kind)
        encoded = encode(path.spec, EXAMPLES[lang])
        assert bool(encoded.unknown) == (kind is TokenizerKind.WORD)
        weights = bundled_paths()[path.identity].weights
        right.append(read_text(weights, path.pooling, collate([encoded.ids])).probabilities[0, 0])
    assert right[0] < 0.35 < 0.85 < right[1]


@pytest.mark.parametrize("clean", [False, True])
def test_leakage_is_told_only_where_there_is_some(clean: bool) -> None:
    at = open_page("workflow", lang="en", block="dataset", clean=str(clean).lower())
    texts = WORKFLOW_TEXTS[Lang.EN]
    assert (texts.no_leak.format(total=240) in shown_text(at)) == clean
    assert ("That is leakage" in shown_text(at)) == (not clean)


def test_each_set_says_its_own_share_of_complaints() -> None:
    path = TextPath("en", share=5, clean=True)
    at = open_page("workflow", lang="en", block="data", share="5", clean="true")
    train, test = (
        f"{100 * np.mean([review.label for review in part]):.0f}" for part in (path.train_set, path.test_set)
    )
    said = WORKFLOW_TEXTS[Lang.EN].counts.format(
        train=len(path.train_set), complaints=train, test=len(path.test_set), test_complaints=test
    )
    assert said in shown_text(at)


def test_the_measured_numbers_are_those_of_the_predictions() -> None:
    at = open_page("workflow", lang="en", block="evaluation", metric="f1")
    path = TextPath()
    labels = np.array([review.label for review in path.test_set], np.uint8)
    found = scores(confusion(labels, bundled_paths()[path.identity].predictions, 2))
    assert f"| F1 | {100 * found.f1:.1f} % |" in shown_text(at)


def test_the_loader_says_how_long_an_epoch_takes_with_each_number_of_workers() -> None:
    at = open_page("workflow", lang="en", block="loader", num_workers="1", prepare="30", step="50", epoch="2")
    shown = shown_text(at)
    assert "| `num_workers` | 0 | **1** | 2 | 3 | 4 |" in shown
    times = [epoch_ms(LoaderSettings(workers=n, prepare_ms=30, step_ms=50)) for n in range(5)]
    assert (
        "| one epoch takes | "
        + " | ".join(f"{ms} ms" for ms in times).replace(f"{times[1]} ms", f"**{times[1]} ms**", 1)
        in shown
    )
    (loader,) = [code.value for code in at.code if "get_worker_info" in code.value]
    assert loader.endswith(
        "\n".join(f"# {line}" for line in printed(LoaderSettings(workers=1, epoch=2)).splitlines())
    )


def test_a_path_that_nobody_trained_offers_training() -> None:
    at = open_page("workflow", lang="en", model="max", block="model")
    assert [button.label for button in at.button] == ["Train"]
    assert not open_page("workflow", lang="en").button


@pytest.mark.parametrize("text", [" ", "   "])
def test_a_sentence_without_tokens_is_explained(text: str) -> None:
    at = open_page("workflow", lang="en", text=text)
    assert [warning.value for warning in at.warning] == [WORKFLOW_TEXTS[Lang.EN].no_tokens]


@pytest.mark.parametrize("pooling", list(Pooling))
def test_the_picture_has_the_numbers_of_the_answer(pooling: Pooling) -> None:
    path = TextPath(pooling=pooling)
    weights = bundled_paths()[TextPath().identity].weights
    encoded = encode(path.spec, "the soup was cold.")
    batch = collate([encoded.ids, (2, 3)])
    answer = read_text(weights, pooling, batch)
    texts = WORKFLOW_TEXTS[Lang.EN]
    stages: list[dict[str, Any]] = text_stages(path, encoded, batch, answer, texts.stages, texts.labels)
    assert json.loads(json.dumps(stages)) == stages
    assert [stage["shape"] for stage in stages] == ["str", "[5]", "[2, 5]", "[2, 5, 16]", "[2, 2]", ""]
    assert stages[2]["rows"] == [list(encoded.ids), [2, 3, None, None, None]]
    assert stages[-1]["values"] == pytest.approx(answer.probabilities[0].tolist(), abs=1e-4)
    assert stages[-1]["answer"] == answer.logits[0].argmax()
