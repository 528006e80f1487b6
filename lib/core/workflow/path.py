"""One way from raw data to an evaluated answer: which block stands at each place. Imports no torch."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from enum import StrEnum
from functools import lru_cache

from lib.core.workflow.reviews import LANGUAGES, Review
from lib.core.workflow.text import (
    DEFAULT_VOCABULARY,
    TokenizerKind,
    TokenizerSpec,
    test_reviews,
    training_reviews,
)

WIDTH = 16
TEXT_EPOCHS = 12
TEXT_LEARNING_RATE = 0.01
PICTURE_HIDDEN = 32
PICTURE_EPOCHS = 3
PICTURE_LEARNING_RATE = 0.001
TRAIN_PICTURES = 6000
MAX_BATCH = 128
COMPLAINT_SHARES = (50, 20, 10, 5)
"""Percent of the sentences that are complaints."""
MEAN, DEVIATION = 0.1307, 0.3081
"""Of MNIST's training pixels, as fractions."""


class Pooling(StrEnum):
    """How a sentence's vectors become one. Values stand in addresses."""

    MEAN = "mean"
    MEAN_UNMASKED = "mean_unmasked"
    MAX = "max"


class Transform(StrEnum):
    """What is done to a picture's bytes. Values stand in addresses."""

    TO_TENSOR = "to_tensor"
    NORMALIZE = "normalize"
    BYTES = "bytes"


@dataclass(frozen=True)
class TextPath:
    """From a sentence to praise or complaint.

    ``share`` is the percentage of complaints in both sets; ``clean`` leaves sentences out of training that the
    test set has, too.

    >>> TextPath().total_steps
    360
    """

    language: str = "en"
    tokenizer: TokenizerKind = TokenizerKind.WORD
    vocabulary: int = DEFAULT_VOCABULARY
    by_bytes: bool = False
    pooling: Pooling = Pooling.MEAN
    batch_size: int = 32
    share: int = 50
    clean: bool = False
    seed: int = 0

    def __post_init__(self) -> None:
        if self.language not in LANGUAGES:
            raise ValueError(f"language: {', '.join(LANGUAGES)}")
        if self.share not in COMPLAINT_SHARES:
            raise ValueError(f"share: {COMPLAINT_SHARES}")
        _require_batch(self.batch_size)
        spec = self.spec
        object.__setattr__(self, "vocabulary", spec.vocabulary)
        object.__setattr__(self, "by_bytes", spec.by_bytes)

    @property
    def spec(self) -> TokenizerSpec:
        """The tokenizer's block."""
        return TokenizerSpec(self.tokenizer, self.language, self.vocabulary, self.by_bytes)

    @property
    def train_set(self) -> tuple[Review, ...]:
        """The sentences that the model learns from."""
        return _train_set(self.language, self.share, self.clean)

    @property
    def test_set(self) -> tuple[Review, ...]:
        """The sentences that it is measured on."""
        return _test_set(self.language, self.share)

    @property
    def epochs(self) -> int:
        """Passes through the training set."""
        return TEXT_EPOCHS

    @property
    def steps_per_epoch(self) -> int:
        """Batches an epoch, the last one partial."""
        return -(-len(self.train_set) // self.batch_size)

    @property
    def total_steps(self) -> int:
        """Batches in all."""
        return self.steps_per_epoch * self.epochs

    @property
    def identity(self) -> str:
        """Equal for paths with equal results."""
        return _digest(self)


@dataclass(frozen=True)
class PicturePath:
    """From a picture of a digit to its name.

    >>> PicturePath().steps_per_epoch
    188
    """

    transform: Transform = Transform.TO_TENSOR
    batch_size: int = 32
    hidden: int = PICTURE_HIDDEN
    seed: int = 0

    def __post_init__(self) -> None:
        _require_batch(self.batch_size)
        if self.hidden not in {0, PICTURE_HIDDEN}:
            raise ValueError(f"hidden: 0 or {PICTURE_HIDDEN}")

    @property
    def epochs(self) -> int:
        """Passes through the training set."""
        return PICTURE_EPOCHS

    @property
    def steps_per_epoch(self) -> int:
        """Batches an epoch, the last one partial."""
        return -(-TRAIN_PICTURES // self.batch_size)

    @property
    def total_steps(self) -> int:
        """Batches in all."""
        return self.steps_per_epoch * self.epochs

    @property
    def identity(self) -> str:
        """Equal for paths with equal results."""
        return _digest(self)


Path = TextPath | PicturePath


@dataclass(frozen=True)
class WorkflowConfig:
    """The paths that are trained one after the other; one run, shared by all who ask for the same.

    >>> WorkflowConfig((TextPath(), TextPath(tokenizer=TokenizerKind.CHAR))).total_steps
    720
    """

    paths: tuple[Path, ...]
    device: str = "cpu"

    def __post_init__(self) -> None:
        if not 1 <= len(self.paths) <= 2:
            raise ValueError("paths: 1 or 2")

    @property
    def identity(self) -> str:
        """Equal for configs with equal results."""
        return "+".join(path.identity for path in self.paths)

    @property
    def steps_per_epoch(self) -> int:
        """Batches of the first path's epoch."""
        return self.paths[0].steps_per_epoch

    @property
    def total_steps(self) -> int:
        """Batches of all paths."""
        return sum(path.total_steps for path in self.paths)


def _require_batch(size: int) -> None:
    if not 1 <= size <= MAX_BATCH:
        raise ValueError(f"batch_size: 1 to {MAX_BATCH}")


def _with_share(reviews: tuple[Review, ...], share: int) -> tuple[Review, ...]:
    """All praise, and as many complaints, from the first on, as make ``share`` percent of the whole."""
    praise = sum(review.label == 0 for review in reviews)
    wanted = round(praise * share / (100 - share))
    kept = []
    for review in reviews:
        wanted -= review.label
        if review.label == 0 or wanted >= 0:
            kept.append(review)
    return tuple(kept)


@lru_cache(maxsize=32)
def _test_set(language: str, share: int) -> tuple[Review, ...]:
    return _with_share(test_reviews(language), share)


@lru_cache(maxsize=32)
def _train_set(language: str, share: int, clean: bool) -> tuple[Review, ...]:
    chosen = _with_share(training_reviews(language), share)
    if not clean:
        return chosen
    kept_for_testing = {review.text for review in test_reviews(language)}
    return tuple(review for review in chosen if review.text not in kept_for_testing)


@lru_cache(maxsize=256)
def _digest(path: TextPath | PicturePath) -> str:
    text = json.dumps([type(path).__name__, asdict(path)], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:16]
