"""A sheet of questions: which ones, with which numbers, and what has been answered so far."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import lru_cache
from random import Random

from lib.core.quiz import convolution, memory, networks, tensors, training
from lib.core.quiz.question import TOPICS, Kind, Question, Topic
from lib.core.quiz.settings import Attempt, Progress, Settings, Standing

MAKERS: Mapping[Kind, Callable[[Random], Question]] = {
    Kind.CONV_SIZE: convolution.conv_size,
    Kind.CONV_SHAPE: convolution.conv_shape,
    Kind.CONV_PARAMETERS: convolution.conv_parameters,
    Kind.CONV_PRODUCTS: convolution.conv_products,
    Kind.POOL_SIZE: convolution.pool_size,
    Kind.FIELD: networks.field,
    Kind.FLATTENED: networks.flattened,
    Kind.LINEAR_PARAMETERS: networks.linear_parameters,
    Kind.TRAINABLE: networks.trainable,
    Kind.SQUEEZED: tensors.squeezed,
    Kind.JOINED: tensors.joined,
    Kind.BROADCAST: tensors.broadcast,
    Kind.LOOKED_UP: tensors.looked_up,
    Kind.SLICED: tensors.sliced,
    Kind.LARGEST: tensors.largest,
    Kind.SHARED: memory.shared,
    Kind.BYTES: memory.nbytes,
    Kind.DTYPE: memory.dtype,
    Kind.GRADIENT: training.gradient,
    Kind.MOMENTUM: training.momentum,
    Kind.ADAM: training.adam,
    Kind.STEPS: training.steps,
    Kind.LOSS: training.loss,
}


@lru_cache(512)
def kinds(topics: tuple[Topic, ...], count: int, seed: int) -> tuple[Kind, ...]:
    """The kinds of a sheet's questions in turn: each once before any comes again.

    >>> len(set(kinds(tuple(Topic), 20, 3)))
    20
    """
    rng = Random(f"kinds {seed}")
    pool = [kind for topic in Topic if topic in topics for kind in TOPICS[topic]]
    found: list[Kind] = []
    while len(found) < count:
        found += rng.sample(pool, len(pool))
    return tuple(found[:count])


@lru_cache(2048)
def question(settings: Settings, place: int) -> Question:
    """The question at a place of the sheet, counted from 0: the same whenever and wherever it is asked for.

    >>> settings = Settings((Topic.CONV,), 3, 7, 2)
    >>> question(settings, 1).program == question(settings, 1).program
    True
    """
    kind = kinds(settings.topics, settings.count, settings.seed)[place]
    return MAKERS[kind](Random(f"{settings.key} {place}"))


def example(kind: Kind, seed: int = 0) -> Question:
    """A question of a kind.

    >>> example(Kind.LOSS).kind
    <Kind.LOSS: 'loss'>
    """
    return MAKERS[kind](Random(f"example {seed}"))


def standing(settings: Settings, attempt: Attempt | None, place: int) -> Standing:
    """How far the question at a place has come.

    >>> settings = Settings((Topic.TRAINING,), 2, 7, 2)
    >>> right = question(settings, 0).answer
    >>> [standing(settings, Attempt(((right,), ("-1",)), 0.0), place).value for place in (0, 1)]
    ['right', 'open']
    """
    answers = () if attempt is None else attempt.answers[place]
    if answers and question(settings, place).is_right(answers[-1]):
        return Standing.RIGHT
    return Standing.WRONG if len(answers) >= settings.tries else Standing.OPEN


def progress(settings: Settings, attempt: Attempt | None) -> Progress:
    """How far the sheet has come.

    >>> found = progress(Settings((Topic.CONV,), 2, 7, 2), None)
    >>> found.is_over, found.right, found.tries
    (False, 0, 0)
    """
    return Progress(
        tuple(standing(settings, attempt, place) for place in range(settings.count)),
        0 if attempt is None else sum(map(len, attempt.answers)),
    )


def answered(settings: Settings, attempt: Attempt | None, place: int, given: str, now: float) -> Attempt:
    """The attempt with one more answer (what ``Question.read`` gave); one that has no try left stays as it is.

    >>> settings = Settings((Topic.CONV,), 2, 7, 1)
    >>> attempt = answered(settings, None, 0, "-1", 12.0)
    >>> attempt.answers, answered(settings, attempt, 0, "3", 13.0) == attempt
    ((('-1',), ()), True)
    """
    if attempt is None:
        attempt = Attempt(((),) * settings.count, now)
    if standing(settings, attempt, place) is not Standing.OPEN:
        return attempt
    answers = list(attempt.answers)
    answers[place] = (*answers[place], given)
    attempt = replace(attempt, answers=tuple(answers))
    return replace(attempt, ended=now) if progress(settings, attempt).is_over else attempt
