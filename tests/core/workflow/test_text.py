"""Tokenizers: every token leads back to its place, byte-pair merges by an implementation of our own."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from lib.core.workflow.reviews import LANGUAGES
from lib.core.workflow.text import (
    BYTES,
    MAX_TEXT,
    UNKNOWN_ID,
    TokenizerKind,
    TokenizerSpec,
    encode,
    training_reviews,
    vocabulary_of,
)

SPECS = [
    *(TokenizerSpec(kind, language) for kind in TokenizerKind for language in LANGUAGES),
    *(TokenizerSpec(TokenizerKind.BPE, language, by_bytes=True) for language in LANGUAGES),
]


@settings(max_examples=60, deadline=None)
@given(some.text(max_size=MAX_TEXT + 20), some.sampled_from(SPECS))
def test_tokens_cover_the_text_in_order(text: str, spec: TokenizerSpec) -> None:
    encoded = encode(spec, text)
    vocabulary = vocabulary_of(spec).tokens
    place = 0
    for token, piece in zip(encoded.tokens, encoded.pieces, strict=True):
        assert vocabulary[token.id] == token.token
        assert 0 <= token.start <= token.end <= len(encoded.text)
        assert token.start >= place or spec.by_bytes  # a character of several bytes has several tokens
        place = max(place, token.start)
        if token.id != UNKNOWN_ID and not spec.by_bytes:
            assert piece.lower() == token.token
    if spec.kind is TokenizerKind.CHAR:
        assert "".join(encoded.pieces) == encoded.text


@settings(max_examples=40, deadline=None)
@given(some.text(max_size=60))
def test_bytes_know_every_text(text: str) -> None:
    encoded = encode(TokenizerSpec(TokenizerKind.BPE, by_bytes=True), text)
    assert encoded.unknown == 0
    assert bool(encoded.tokens) == bool(text)


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_unknown_word_is_unknown_to_words_only(language: str) -> None:
    text = {"en": "the soup was tasteless.", "zh": "我觉得手机难用。"}[language]
    assert encode(TokenizerSpec(TokenizerKind.WORD, language), text).unknown > 0
    assert encode(TokenizerSpec(TokenizerKind.CHAR, language), text).unknown == 0
    assert encode(TokenizerSpec(TokenizerKind.BPE, language), text).unknown == 0


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_merge_is_of_a_most_frequent_pair(language: str) -> None:
    spec = TokenizerSpec(TokenizerKind.BPE, language, vocabulary=150)
    words = Counter(piece for review in training_reviews(language) for piece in _runs(review.text.lower()))
    cut = {word: tuple(word) for word in words}
    for merge in vocabulary_of(spec).merges[:15]:
        pairs = Counter[tuple[str, str]]()
        for word, count in words.items():
            for pair in zip(cut[word], cut[word][1:], strict=False):
                pairs[pair] += count
        assert pairs[merge.left, merge.right] == max(pairs.values())
        cut = {word: _merged(parts, merge.left, merge.right) for word, parts in cut.items()}


def _runs(text: str) -> list[str]:
    import re

    return re.findall(r"\w+|[^\w\s]+", text)


def _merged(parts: tuple[str, ...], left: str, right: str) -> tuple[str, ...]:
    result: list[str] = []
    for part in parts:
        if result and result[-1] == left and part == right:
            result[-1] += part
        else:
            result.append(part)
    return tuple(result)


def test_the_alphabet_of_bytes_leaves_room_for_merges() -> None:
    spec = TokenizerSpec(TokenizerKind.BPE, vocabulary=60, by_bytes=True)
    assert len(vocabulary_of(spec).tokens) == spec.vocabulary > BYTES
    assert vocabulary_of(spec).merges
