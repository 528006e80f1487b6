"""However fast one move follows another, and however busy the server is, the last one is what counts."""

from __future__ import annotations

import asyncio
import random
from urllib.parse import parse_qs

import pytest

from tests.bench.learner import PATIENCE_SECONDS, Learner
from tests.e2e.server import Server
from tests.own_loop import in_own_loop

pytestmark = pytest.mark.e2e

MOVES = [
    ("train", "epochs=3", "Epochs", "epochs"),
    ("convolution", "W=7", "Input size W", "W"),
    ("optimizers", "topic=experiments&esteps=31", "Steps", "esteps"),
    ("embedding", "width=50", "embedding_dim", "width"),
]
"""A slider of each page: its address, its label, its key in the address."""
TO_AND_FRO = [
    ("cnn", "N convolutions"),
    ("workflow", "Path B: Vocabulary size"),
    ("convolution", "Input size W"),
]
"""Sliders whose moves bring large messages, which browsers keep."""
LEARNERS, ROUNDS, PRESSES = 2, 20, 8
PAUSES = (0.0, 0.005, 0.01, 0.02, 0.03, 0.05)
"""Seconds: shorter and longer than the page takes to answer."""


async def _lost(url: str, page: str, query: str, label: str, key: str, chance: random.Random) -> list[str]:
    """Eight moves in a row, again and again: what is wrong where the address never says the last one."""
    async with Learner(url, page, f"lang=en&{query}") as learner:
        await learner.open()
        for _ in range(ROUNDS):
            slider = learner.slider(label)
            assert slider.state is not None
            (at,) = slider.state[1]
            low, high, step = slider.element.min, slider.element.max, slider.element.step
            start = at if at + PRESSES * step <= high else low
            for press in range(1, PRESSES + 1):
                await learner.turn(label, start + press * step)
                await asyncio.sleep(chance.choice(PAUSES) * chance.uniform(0.5, 1.5))
            last = str(int(start + PRESSES * step))
            deadline = asyncio.get_running_loop().time() + PATIENCE_SECONDS
            while parse_qs(learner.query).get(key) != [last]:
                if asyncio.get_running_loop().time() > deadline:
                    return [f"/{page}: {last}, but the address says {learner.query}"]
                await asyncio.sleep(0.01)
        return learner.errors


async def _to_and_fro(url: str, page: str, label: str, chance: random.Random) -> list[str]:
    """Between four values, so fast that what is asked for comes before the last answer: what went wrong."""
    async with Learner(url, page, "lang=en") as learner:
        await learner.open()
        slider = learner.slider(label).element
        for move in range(ROUNDS * PRESSES):
            await learner.turn(label, slider.min + (move % 4) * slider.step)
            await asyncio.sleep(chance.choice(PAUSES))
        await learner.move()  # and it still answers
        return learner.errors


async def _all_lost(url: str) -> list[str]:
    chance = random.Random(7)
    found = await asyncio.gather(
        *[_lost(url, *move, random.Random(chance.random())) for move in MOVES for _ in range(LEARNERS)]
    )
    return [each for lost in found for each in lost]


def test_the_last_of_many_moves_counts(server: Server) -> None:
    assert in_own_loop(_all_lost(server.url)) == []


@pytest.mark.parametrize(("page", "label"), TO_AND_FRO)
def test_a_page_survives_moves_to_and_fro(server: Server, page: str, label: str) -> None:
    assert in_own_loop(_to_and_fro(server.url, page, label, random.Random(7))) == []
