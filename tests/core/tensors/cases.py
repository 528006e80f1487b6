"""What the tensor tests draw from: shapes, steps and tensors, legal and illegal ones.

Hypothesis draws seeds; each seed gives a batch of cases, which is ten times as fast as drawing every number.
"""

from __future__ import annotations

import math
from random import Random

import torch
from hypothesis import settings
from hypothesis import strategies as st

from lib.core.tensors.ops import PARAMETERS, Argument, Role, Step, StepKind
from lib.core.tensors.trace import Traced, number_elements

BATCH = 20
THOROUGH = settings(max_examples=100, deadline=None, derandomize=True, database=None)
"""With BATCH cases a seed: 2,000 cases."""
SEEDS = st.integers(0, 2**32 - 1)


def draw_shape(random: Random, most: int = 4) -> tuple[int, ...]:
    return tuple(random.choice((0, 1, 1, 2, 2, 3, 3, 4)) for _ in range(random.randint(0, most)))


def values_of(shape: tuple[int, ...], seed: int = 0) -> torch.Tensor:
    """Distinct numbers in random order, so that a wrong place shows."""
    order = torch.randperm(math.prod(shape), generator=torch.Generator().manual_seed(seed))
    return order.to(torch.int64).reshape(shape)


def draw_argument(random: Random, role: Role, ndim: int) -> Argument:
    """Mostly legal arguments; some just outside."""
    if role is Role.OPTIONAL_DIM and random.random() < 0.3:
        return None
    if role is Role.OPTIONAL_DIM and random.random() < 0.4:
        return tuple(random.randint(-ndim - 1, ndim) for _ in range(random.randint(0, 3)))
    if role in {Role.DIM, Role.NEW_DIM, Role.OPTIONAL_DIM}:
        return random.randint(-ndim - 2, ndim + 2)
    if role is Role.COUNT:
        return random.randint(-1, 5)
    if role is Role.ORDER:
        order = random.sample(range(ndim), ndim)
        if random.random() < 0.3:
            order = [random.randint(-ndim - 1, ndim) for _ in range(random.randint(0, ndim + 1))]
        return tuple(axis - ndim if random.random() < 0.2 else axis for axis in order)
    return tuple(
        random.choice((-2, -1, 0, 1, 1, 2, 3, 4, 6, 8, 12)) for _ in range(random.randint(0, ndim + 2))
    )


def draw_inputs(random: Random) -> tuple[Traced, Traced]:
    """Two traced tensors; the first is often a view that is not contiguous, the second often fits it."""
    shape = draw_shape(random)
    other = shape if random.random() < 0.4 else draw_shape(random)
    if shape and random.random() < 0.4:
        axis = random.randrange(len(shape))
        other = (*shape[:axis], random.randint(0, 4), *shape[axis + 1 :])
    first, second = number_elements([values_of(shape), values_of(other, 1)])
    if len(shape) > 1 and random.random() < 0.5:
        order = random.sample(range(len(shape)), len(shape))
        first = first.apply(lambda tensor: tensor.permute(order))
    if shape and random.random() < 0.25:
        first = first.apply(lambda tensor: tensor[..., ::2])
    return first, second


def draw_step(random: Random, kind: StepKind, shape: tuple[int, ...]) -> Step:
    """A step of one kind; reshapes often keep the number of elements."""
    arguments: tuple[Argument, ...] = tuple(
        draw_argument(random, parameter.role, len(shape)) for parameter in PARAMETERS[kind]
    )
    if kind in {StepKind.RESHAPE, StepKind.VIEW} and random.random() < 0.6:
        sizes = random.sample(shape, len(shape))
        if random.random() < 0.3:
            sizes = [math.prod(sizes[:2]), *sizes[2:]]
        if sizes and random.random() < 0.3:
            sizes[random.randrange(len(sizes))] = -1
        arguments = (tuple(sizes),)
    if kind is StepKind.EXPAND and random.random() < 0.6:
        arguments = (tuple(random.randint(2, 3) if size == 1 else size for size in shape),)
    if kind is StepKind.REPEAT and random.random() < 0.6:
        arguments = (tuple(random.randint(0, 3) for _ in range(len(shape) + random.randint(0, 1))),)
    return Step(kind, arguments, piece=random.randint(0, 2))
