"""Short reviews, praise or complaint, in English and Chinese: made by this script, free of rights.

``python -m lib.core.workflow.reviews`` writes them anew to ``assets/texts``. The last fifth are for testing; some
of them have words that no training sentence has, built from parts that training sentences do have
(``tasteless`` beside ``useless``, 难用 beside 难吃): a tokenizer that cuts words into pieces can still read those.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path
from random import Random

from lib.core.bundled_files import reading

FOLDER = Path(__file__).resolve().parents[3] / "assets" / "texts"
SENTENCES = 1200
TEST_SENTENCES = 240
SEED = 2
NEW_WORD_SHARE = 0.4
NEGATED_SHARE = 0.12
LABELS = ("praise", "complaint")
"""Classes by number: 0 and 1. The second is what an evaluation looks for (the "positive" class of a metric)."""
LANGUAGES = ("en", "zh")


@dataclass(frozen=True)
class Review:
    """One sentence; ``words`` are its words and punctuation, ``label`` a number of LABELS.

    ``is_new`` says that one of its words is in no training sentence.
    """

    text: str
    words: tuple[str, ...]
    label: int
    is_new: bool = False


@dataclass(frozen=True)
class Topic:
    """Things of one kind, and what is said of them: ``good`` and ``bad``, and the words kept for testing."""

    things: tuple[str, ...]
    good: tuple[str, ...]
    bad: tuple[str, ...]
    new_good: tuple[str, ...]
    new_bad: tuple[str, ...]


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


_TOPICS: dict[str, tuple[Topic, ...]] = {
    "en": (
        Topic(
            _words("soup coffee cake salad bread"),
            _words("tasty fresh delicious great"),
            _words("stale cold awful bad"),
            _words("wonderful tasteful"),
            _words("tasteless unpleasant"),
        ),
        Topic(
            _words("waiter teacher driver doctor guide"),
            _words("helpful friendly careful kind"),
            _words("unhelpful unfriendly careless rude"),
            _words("pleasant thoughtful"),
            _words("unpleasant thoughtless"),
        ),
        Topic(
            _words("room bed seat hotel garden"),
            _words("comfortable clean quiet lovely"),
            _words("uncomfortable dirty noisy awful"),
            _words("peaceful beautiful"),
            _words("unclean joyless"),
        ),
        Topic(
            _words("phone app bus train printer"),
            _words("useful quick great perfect"),
            _words("useless slow broken terrible"),
            _words("reliable powerful"),
            _words("unreliable hopeless"),
        ),
    ),
    "zh": (
        Topic(
            _words("汤 咖啡 蛋糕 沙拉 面包"),
            _words("好吃 新鲜 可口 美味"),
            _words("难吃 不新鲜 冰冷 糟糕"),
            _words("好喝 好闻"),
            _words("难喝 难闻"),
        ),
        Topic(
            _words("服务员 老师 司机 医生 导游"),
            _words("热情 友好 细心 准时"),
            _words("冷淡 不友好 粗心 粗鲁"),
            _words("好说话 热心"),
            _words("不准时 不细心"),
        ),
        Topic(
            _words("房间 床 座位 酒店 花园"),
            _words("舒服 干净 安静 好看"),
            _words("不舒服 不干净 吵闹 难看"),
            _words("好住 干爽"),
            _words("难住 不安静"),
        ),
        Topic(
            _words("手机 应用 公交车 火车 打印机"),
            _words("方便 快 好看 省心"),
            _words("不方便 慢 麻烦 糟糕"),
            _words("好用 好懂"),
            _words("难用 难懂"),
        ),
    ),
}
_FRAMES: dict[str, tuple[str, ...]] = {
    "en": (
        "the {thing} was {adverb} {said} .",
        "I found the {thing} {adverb} {said} .",
        "the {thing} : {said} !",
        "we thought that the {thing} was {said} .",
        "the {thing} was {said} , and so was the {other} .",
    ),
    "zh": (
        "这里 的 {thing} {adverb} {said} 。",
        "我 觉得 {thing} {adverb} {said} 。",
        "{thing} {said} ！",
        "我们 都 说 {thing} {said} 。",
        "{thing} {said} ， {other} 也 是 。",
    ),
}
_ADVERBS = {"en": _words("very really so quite"), "zh": _words("非常 真的 特别 比较")}
_NOT = {"en": "not", "zh": "并不"}


def _sentence(random: Random, language: str, label: int, *, is_new: bool) -> Review:
    topic = random.choice(_TOPICS[language])
    is_negated = not is_new and random.random() < NEGATED_SHARE
    says_good = (label == 0) != is_negated
    if is_new:
        said = random.choice(topic.new_good if says_good else topic.new_bad)
    else:
        known = topic.good if says_good else topic.bad
        said = random.choice([word for word in known if not (is_negated and word.startswith("不"))])
    thing, other = random.sample(topic.things, 2)
    said = f"{_NOT[language]} {said}" if is_negated else said
    adverb = "" if is_negated else random.choice(_ADVERBS[language])
    frame = random.choice(_FRAMES[language])
    words = tuple(frame.format(thing=thing, other=other, said=said, adverb=adverb).split())
    return Review(_written(words, language), words, label, is_new)


def _written(words: tuple[str, ...], language: str) -> str:
    if language == "zh":
        return "".join(words)
    text = words[0]
    for before, word in pairwise(words):
        text += word if word in ".,!" or (word == ":" and before) else f" {word}"
    return text


def make_reviews(language: str) -> Iterator[Review]:
    """All sentences, training ones first; the same each time.

    >>> sum(1 for _ in make_reviews("en"))
    1200
    """
    random = Random(SEED)
    for number in range(SENTENCES):
        is_test = number >= SENTENCES - TEST_SENTENCES
        is_new = is_test and random.random() < NEW_WORD_SHARE
        yield _sentence(random, language, number % 2, is_new=is_new)


@cache
def load_reviews(language: str) -> tuple[Review, ...]:
    """The bundled sentences, training ones first.

    >>> load_reviews("zh")[0].label
    0

    Raises: BundledFileError where the file is missing or damaged.
    """
    path = FOLDER / f"reviews.{language}.tsv"
    with reading(path):
        lines = path.read_text("utf-8").splitlines()[1:]
        return tuple(_parsed(line) for line in lines)


def _parsed(line: str) -> Review:
    label, is_new, text, words = line.split("\t")
    return Review(text, tuple(words.split(" ")), LABELS.index(label), is_new == "1")


def table(language: str) -> str:
    """The bundled file's text: a head, then a line a sentence.

    >>> table("en").splitlines()[0].split("\\t")
    ['label', 'new_word', 'text', 'words']
    """
    rows = (
        f"{LABELS[review.label]}\t{int(review.is_new)}\t{review.text}\t{' '.join(review.words)}\n"
        for review in make_reviews(language)
    )
    return "label\tnew_word\ttext\twords\n" + "".join(rows)


def main() -> int:
    """Write both files."""
    FOLDER.mkdir(exist_ok=True)
    for language in LANGUAGES:
        (FOLDER / f"reviews.{language}.tsv").write_text(table(language), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
