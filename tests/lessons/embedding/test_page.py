"""/embedding: the notes' lookup, rows with gradients, refusals, words."""

from __future__ import annotations

import pytest
import torch

from lib.core.tensors.embedding import nearest, project
from lib.core.tensors.words import WORDS, learn
from tests.lessons.page import open_page, run_code, shown_text


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_lookup_of_the_notes(lang: str) -> None:
    at = open_page("embedding", lang=lang)
    assert "`torch.Size([2, 3, 100])`" in shown_text(at)
    made, printed = run_code(at)
    assert made["vectors"].shape == (2, 3, 100)
    assert printed == "torch.Size([2, 3, 100])\n"


def test_one_hot_gives_the_same() -> None:
    at = open_page("embedding", topic="one_hot", vocab="50", width="7")
    _, printed = run_code(at)
    assert printed.splitlines()[-1] == "True"
    at.button[0].click().run()
    assert "µs" in shown_text(at)


def test_gradients_and_padding() -> None:
    at = open_page("embedding", topic="gradient", idx="[0, 2, 2, 9]", padded="true", pad="0")
    shown = shown_text(at)
    assert "**2 of 10,000 rows**" in shown
    assert "Row 2 was looked up 2 times" in shown
    _, printed = run_code(at)
    assert "tensor([2, 9])" in printed


@pytest.mark.parametrize("topic", ["lookup", "one_hot", "gradient"])
@pytest.mark.parametrize("idx", ["[10000]", "[-1, 2]"])
def test_an_index_outside_the_table_gets_torchs_error(topic: str, idx: str) -> None:
    at = open_page("embedding", topic=topic, idx=idx)
    assert "IndexError: index out of range in self" in at.error[0].value
    assert "9999" in at.error[0].value
    run_code(at)


def test_a_table_beyond_the_limit_is_refused() -> None:
    at = open_page("embedding", width="200", vocab="20 000")
    if not at.error:
        at.select_slider(key="vocab").set_value(20_000).run()
    assert "4000000" in at.error[0].value
    assert "2000000" in at.error[0].value


@pytest.mark.parametrize("idx", ["[[1, 2], [3]]", "[1.5]", "", "x", str(list(range(65)))])
def test_bad_indices_leave_the_last_good_ones(idx: str) -> None:
    at = open_page("embedding", idx=idx)
    assert at.error
    assert run_code(at)[0]["vectors"].shape == (2, 3, 100)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_last_good_indices_are_shown_as_text(lang: str) -> None:
    at = open_page("embedding", lang=lang, idx="[1, 2] # `**bold** ![x](http://y)`")
    at.text_input(key="idx").input("[1,").run()
    (said,) = [caption.value for caption in at.caption if "bold" in caption.value]
    assert said.count("`") == 2
    assert "`[1, 2] # '**bold** ![x](http://y)'`" in said


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_words_learn_as_their_code_does(lang: str) -> None:
    at = open_page("embedding", topic="words", wdim="4", wseed="3", lang=lang)
    made, printed = run_code(at)
    learned = learn(4, 3)
    assert torch.allclose(made["embedding"].weight, torch.from_numpy(learned.tables[-1]), atol=1e-3)
    assert len(made["words"]) == len(WORDS)
    loss, *neighbours = printed.splitlines()
    assert float(loss) == pytest.approx(float(learned.losses[-1]), abs=0.05)
    near = nearest(learned.tables[-1], WORDS.index("cat"), 4)
    for line, (other, cosine) in zip(neighbours, near, strict=True):
        name, number = line.split()
        assert name == WORDS[other] or float(number) == pytest.approx(cosine, abs=0.02)
    spread = torch.from_numpy(project([learned.tables[-1]])[0])
    places = made["places"]
    assert torch.allclose(torch.cdist(places, places), torch.cdist(spread, spread), atol=1e-2)


@pytest.mark.parametrize(
    "query", [{"width": "0"}, {"topic": "x"}, {"topic": "words", "word": "unicorn"}, {"pad": "-1"}]
)
def test_a_bad_address_is_explained(query: dict[str, str]) -> None:
    at = open_page("embedding", **query)
    assert at.warning
    run_code(at)


@pytest.mark.parametrize("topic", ["lookup", "one_hot", "gradient"])
def test_the_code_runs_without_indices(topic: str) -> None:
    made, _ = run_code(open_page("embedding", topic=topic, idx="[]", vocab="20", width="3"))
    assert made["vectors"].shape == (0, 3)


@pytest.mark.parametrize("vocab", ["20000", "7"])
def test_the_vocabulary_in_the_address_is_a_plain_number(vocab: str) -> None:
    at = open_page("embedding", vocab=vocab, idx="[1, 2]", width="4")
    assert f"nn.Embedding({vocab}, 4)" in at.code[-1].value
    assert not at.warning
    bad = open_page("embedding", vocab="1e9")
    assert "vocab=1e9" in bad.warning[0].value


def test_the_last_good_indices_are_ones_that_torch_took() -> None:
    at = open_page("embedding", idx="[-1]")
    at.text_input(key="idx").input("[1.5]").run()
    assert len(at.error) == 1
    assert "[-1]" not in shown_text(at)
