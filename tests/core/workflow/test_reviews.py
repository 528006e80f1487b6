"""The bundled sentences: what the script makes, balanced, with new words in the test part only."""

from __future__ import annotations

from pathlib import Path

import pytest

from lib.core.workflow import reviews
from lib.core.workflow.reviews import FOLDER, LANGUAGES, load_reviews, table
from lib.core.workflow.text import test_reviews as kept_for_testing
from lib.core.workflow.text import training_reviews
from tests.core.bundled import says_so


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_bundled_file_is_what_the_script_makes(language: str) -> None:
    assert (FOLDER / f"reviews.{language}.tsv").read_text("utf-8") == table(language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_labels_are_balanced_and_new_words_are_new(language: str) -> None:
    known = {word for review in training_reviews(language) for word in review.words}
    for part in (training_reviews(language), kept_for_testing(language)):
        assert sum(review.label for review in part) * 2 == len(part)
    for review in load_reviews(language):
        assert review.is_new == any(word not in known for word in review.words)
        assert review.text.replace(" ", "") == "".join(review.words)


@pytest.mark.parametrize("row", [None, "good\t0", "good\t0\ta b\ta b"])
def test_a_file_that_is_missing_or_damaged_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, row: str | None
) -> None:
    path = tmp_path / "reviews.en.tsv"
    monkeypatch.setattr(reviews, "FOLDER", tmp_path)
    content = None if row is None else f"label\tnew_word\ttext\twords\n{row}\n"
    says_so(path, content, lambda: load_reviews.__wrapped__("en"))
