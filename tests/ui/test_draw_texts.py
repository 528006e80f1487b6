"""Words of /draw: one for every choice and problem."""

from __future__ import annotations

import pytest

from lib.core.digits.robustness import Change
from lib.core.digits.upload import UploadProblem
from lib.lessons.draw.state import Origin
from lib.lessons.draw.texts import DRAW_TEXTS
from lib.ui.lang import Lang


@pytest.mark.parametrize("lang", list(Lang))
def test_every_choice_and_problem_has_words(lang: Lang) -> None:
    texts = DRAW_TEXTS[lang]
    assert set(texts.sources) == set(Origin)
    assert set(texts.changes) == set(texts.units) == set(Change)
    assert set(texts.upload_problems) == set(UploadProblem)
