"""The bundled sentences: what the script makes, balanced, with new words in the test part only."""

from __future__ import annotations

import pytest

from lib.core.workflow.reviews import FOLDER, LANGUAGES, load_reviews, table
from lib.core.workflow.text import test_reviews as kept_for_testing
from lib.core.workflow.text import training_reviews


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
