"""Text into numbers: tokenizers by characters, words and byte-pair encoding, made with the ``tokenizers`` library."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import TYPE_CHECKING

from lib.core.workflow.reviews import TEST_SENTENCES, Review, load_reviews

if TYPE_CHECKING:
    from tokenizers import Tokenizer

PAD, UNKNOWN = "[PAD]", "[UNK]"
PAD_ID, UNKNOWN_ID = 0, 1
SPECIAL = [PAD, UNKNOWN]
MAX_TEXT = 120
MIN_VOCABULARY, MAX_VOCABULARY, DEFAULT_VOCABULARY = 60, 600, 120
BYTES = 256
"""The alphabet of a byte-level tokenizer: it knows every text."""


class TokenizerKind(StrEnum):
    """Into what a text is cut. Values stand in addresses."""

    WORD = "word"
    CHAR = "char"
    BPE = "bpe"


@dataclass(frozen=True)
class TokenizerSpec:
    """A tokenizer and what it was made from: the training sentences of a language.

    ``vocabulary`` is what byte-pair encoding grows to (at least the alphabet and the two special tokens);
    ``by_bytes`` lets it start from the 256 bytes instead of the characters.

    >>> TokenizerSpec(TokenizerKind.BPE, "en", by_bytes=True).vocabulary
    300
    """

    kind: TokenizerKind = TokenizerKind.WORD
    language: str = "en"
    vocabulary: int = DEFAULT_VOCABULARY
    by_bytes: bool = False

    def __post_init__(self) -> None:
        if not MIN_VOCABULARY <= self.vocabulary <= MAX_VOCABULARY:
            raise ValueError(f"vocabulary: {MIN_VOCABULARY} to {MAX_VOCABULARY}")
        is_bpe = self.kind is TokenizerKind.BPE
        # What a kind does not use must not tell two equal tokenizers apart.
        object.__setattr__(self, "by_bytes", self.by_bytes and is_bpe)
        least = BYTES + 44 if self.by_bytes else MIN_VOCABULARY
        object.__setattr__(self, "vocabulary", max(self.vocabulary, least) if is_bpe else DEFAULT_VOCABULARY)


@dataclass(frozen=True)
class Token:
    """One token: its text in the vocabulary, its number, and the place in the input it was cut from."""

    token: str
    id: int
    start: int
    end: int


@dataclass(frozen=True)
class Encoded:
    """A text cut into tokens, in order."""

    text: str
    tokens: tuple[Token, ...]

    @property
    def ids(self) -> tuple[int, ...]:
        """The tokens' numbers.

        >>> encode(TokenizerSpec(), "the soup was great.").ids
        (2, 26, 4, 34, 3)
        """
        return tuple(token.id for token in self.tokens)

    @property
    def pieces(self) -> tuple[str, ...]:
        """What each token covers of the text itself: readable, also where the token is a byte."""
        return tuple(self.text[token.start : token.end] for token in self.tokens)

    @property
    def unknown(self) -> int:
        """How many tokens are [UNK]."""
        return sum(token.id == UNKNOWN_ID for token in self.tokens)


@dataclass(frozen=True)
class Merge:
    """One step of byte-pair training: the most frequent pair of neighbours becomes a token."""

    left: str
    right: str


@dataclass(frozen=True)
class Vocabulary:
    """What a trained tokenizer knows: tokens by number, and the merges of byte-pair encoding in order."""

    tokens: tuple[str, ...]
    merges: tuple[Merge, ...]


def training_reviews(language: str) -> tuple[Review, ...]:
    """The sentences to learn from.

    >>> len(training_reviews("en"))
    960
    """
    return load_reviews(language)[:-TEST_SENTENCES]


def test_reviews(language: str) -> tuple[Review, ...]:
    """The sentences kept for testing.

    >>> len(test_reviews("zh"))
    240
    """
    return load_reviews(language)[-TEST_SENTENCES:]


@lru_cache(maxsize=64)
def tokenizer_of(spec: TokenizerSpec) -> Tokenizer:
    """The trained tokenizer; the same for all learners, and never changed after."""
    # The library's threads would spin beside torch's and the server's on two cores.
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    return _MAKERS[spec.kind](spec)


def encode(spec: TokenizerSpec, text: str) -> Encoded:
    """A text as tokens; at most MAX_TEXT characters of it are read.

    >>> encode(TokenizerSpec(TokenizerKind.CHAR, "zh"), "汤").pieces
    ('汤',)
    """
    text = text[:MAX_TEXT]
    found = tokenizer_of(spec).encode(text)
    parts = zip(found.tokens, found.ids, found.offsets, strict=True)
    return Encoded(text, tuple(Token(token, number, *place) for token, number, place in parts))


def encode_all(spec: TokenizerSpec, texts: Sequence[str]) -> list[tuple[int, ...]]:
    """The token numbers of many texts.

    >>> encode_all(TokenizerSpec(), ["great", "bad soup"])
    [(34,), (49, 26)]
    """
    return [
        tuple(found.ids) for found in tokenizer_of(spec).encode_batch([text[:MAX_TEXT] for text in texts])
    ]


@lru_cache(maxsize=64)
def vocabulary_of(spec: TokenizerSpec) -> Vocabulary:
    """Tokens and merges of a tokenizer.

    >>> vocabulary_of(TokenizerSpec()).tokens[:3]
    ('[PAD]', '[UNK]', 'the')
    """
    import json

    tokenizer = tokenizer_of(spec)
    numbers = tokenizer.get_vocab()
    tokens = tuple(sorted(numbers, key=lambda token: numbers[token]))
    merges = json.loads(tokenizer.to_str())["model"].get("merges", [])
    return Vocabulary(tokens, tuple(Merge(left, right) for left, right in merges))


def _by_character(spec: TokenizerSpec) -> Tokenizer:
    from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers, trainers

    tokenizer = Tokenizer(models.WordLevel(unk_token=UNKNOWN))
    tokenizer.normalizer = normalizers.Lowercase()
    tokenizer.pre_tokenizer = pre_tokenizers.Split(Regex(r"[\s\S]"), "isolated")
    tokenizer.train_from_iterator(
        _texts(spec), trainers.WordLevelTrainer(special_tokens=SPECIAL, show_progress=False)
    )
    return tokenizer


def _by_word(spec: TokenizerSpec) -> Tokenizer:
    """English at spaces and punctuation; Chinese, which has no spaces, by the longest word of the training set."""
    from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers, trainers

    tokenizer = Tokenizer(models.WordLevel(unk_token=UNKNOWN))
    tokenizer.normalizer = normalizers.Lowercase()
    if spec.language == "zh":
        known = sorted({word for review in training_reviews("zh") for word in review.words})
        longest_first = sorted(known, key=lambda word: (-len(word), word))
        cut = pre_tokenizers.Split(Regex("|".join([*longest_first, r"\w+?", r"\S"])), "isolated")
        tokenizer.pre_tokenizer = pre_tokenizers.Sequence([pre_tokenizers.WhitespaceSplit(), cut])
    else:
        tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    tokenizer.train_from_iterator(
        _texts(spec), trainers.WordLevelTrainer(special_tokens=SPECIAL, show_progress=False)
    )
    return tokenizer


def _by_pairs(spec: TokenizerSpec) -> Tokenizer:
    from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers, trainers

    if spec.by_bytes:
        tokenizer = Tokenizer(models.BPE())
        tokenizer.normalizer = normalizers.Lowercase()
        tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
        tokenizer.decoder = decoders.ByteLevel()
        alphabet = pre_tokenizers.ByteLevel.alphabet()
    else:
        tokenizer = Tokenizer(models.BPE(unk_token=UNKNOWN))
        tokenizer.normalizer = normalizers.Lowercase()
        tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
        alphabet = []
    trainer = trainers.BpeTrainer(
        vocab_size=spec.vocabulary, initial_alphabet=alphabet, special_tokens=SPECIAL, show_progress=False
    )
    tokenizer.train_from_iterator(_texts(spec), trainer)
    return tokenizer


def _texts(spec: TokenizerSpec) -> list[str]:
    return [review.text for review in training_reviews(spec.language)]


_MAKERS = {
    TokenizerKind.CHAR: _by_character,
    TokenizerKind.WORD: _by_word,
    TokenizerKind.BPE: _by_pairs,
}
