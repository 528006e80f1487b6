"""Words of the tensor pages: one for each choice, problem and reason, with the slots that the core fills."""

from __future__ import annotations

from string import Formatter

import pytest
import torch

from lib.core.tensors.create import CreationKind
from lib.core.tensors.dtypes import Loss
from lib.core.tensors.errors import SLOTS, Problem
from lib.core.tensors.explain import REASON_SLOTS, Reason
from lib.core.tensors.ops import StepKind
from lib.core.tensors.reduce import Reduction
from lib.core.tensors.refusals import SLOTS as MEANING_SLOTS
from lib.core.tensors.refusals import Meaning
from lib.core.tensors.selection import Effect, index_presets
from lib.core.tensors.sharing import Refusal
from lib.core.tensors.strides import Preset
from lib.core.tensors.words import CHINESE, GROUPS, WORDS
from lib.lessons.embedding.texts import EMBEDDING_TEXTS
from lib.lessons.indexing.texts import INDEXING_TEXTS
from lib.lessons.memory.texts import MEMORY_TEXTS
from lib.lessons.shapes.state import EXAMPLES
from lib.lessons.shapes.texts import SHAPES_TEXTS
from lib.lessons.tensors.texts import TENSORS_TEXTS
from lib.ui.lang import Lang
from lib.ui.tensors.words import TENSOR_WORDS


def slots(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


@pytest.mark.parametrize("lang", list(Lang))
def test_every_choice_and_problem_has_words(lang: Lang) -> None:
    assert set(TENSOR_WORDS[lang].problems) == set(Problem)
    assert set(TENSOR_WORDS[lang].meanings) == set(Meaning)
    assert set(TENSORS_TEXTS[lang].kinds) == set(CreationKind)
    assert set(SHAPES_TEXTS[lang].reasons) == set(Reason)
    assert set(SHAPES_TEXTS[lang].rules) == set(StepKind)
    assert set(SHAPES_TEXTS[lang].example_names) == set(EXAMPLES)
    assert set(INDEXING_TEXTS[lang].effects) == set(Effect)
    assert set(INDEXING_TEXTS[lang].functions) == set(Reduction)
    assert set(INDEXING_TEXTS[lang].presets) >= {*index_presets((2, 3, 4)), *index_presets(())}
    assert set(MEMORY_TEXTS[lang].presets) == set(Preset)
    assert set(MEMORY_TEXTS[lang].refusals) == set(Refusal)
    assert set(MEMORY_TEXTS[lang].losses) == set(Loss)
    assert set(EMBEDDING_TEXTS[lang].groups) == {group.name for group in GROUPS}


@pytest.mark.parametrize("lang", list(Lang))
def test_messages_have_the_slots_that_come_with_them(lang: Lang) -> None:
    for problem, text in TENSOR_WORDS[lang].problems.items():
        assert slots(text) <= set(SLOTS[problem]), problem
    for meaning, text in TENSOR_WORDS[lang].meanings.items():
        assert slots(text) <= set(MEANING_SLOTS.get(meaning, ())), meaning
    for reason, text in SHAPES_TEXTS[lang].reasons.items():
        assert slots(text) <= set(REASON_SLOTS[reason]), reason


def test_chunk_promises_no_more_pieces_than_torch_gives() -> None:
    assert len(torch.arange(6).chunk(4)) == 3
    assert "at most" in SHAPES_TEXTS[Lang.EN].rules[StepKind.CHUNK]
    assert "至多" in SHAPES_TEXTS[Lang.ZH].rules[StepKind.CHUNK]


def test_every_word_of_the_tiny_language_is_translated() -> None:
    assert set(CHINESE) == set(WORDS)
    assert len(set(CHINESE.values())) == len(WORDS)
