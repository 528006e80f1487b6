"""Whatever is moved on a page, and however fast: a browser can draw what comes, and no callback fails."""

from __future__ import annotations

import asyncio
import random
from typing import Any

import pytest

from lib.ui.pages import PAGES
from tests.bench.learner import Learner, Widget
from tests.e2e.page_tree import PageTree
from tests.e2e.server import Server
from tests.own_loop import in_own_loop

pytestmark = [pytest.mark.e2e, pytest.mark.long]

SECONDS = 20.0
PAUSES = (0.0, 0.01, 0.03, 0.06, 0.15)
PRESSES_A_HUNDRED = 15


class Drawn(Learner):
    """A learner whose page is drawn, as far as where everything comes."""

    def __init__(self, url: str, page: str) -> None:
        super().__init__(url, page, "lang=en")
        self._tree = PageTree()

    def _take(self, answer: Any) -> None:
        kind = answer.WhichOneof("type")
        if kind == "new_session":
            self._tree.begin(answer.metadata.run.fragment_ids)
        elif kind == "delta":
            is_block = answer.delta.WhichOneof("type") == "add_block"
            block = (answer.delta.add_block.WhichOneof("type") or "plain") if is_block else None
            self._tree.put(answer.metadata.delta_path, answer.delta.fragment_id, block)
        elif kind == "script_finished" and answer.script_finished != answer.FINISHED_EARLY_FOR_RERUN:
            self._tree.end()
        super()._take(answer)

    async def do_something(self, chance: random.Random) -> None:
        """Press a button or move something, without waiting for what follows."""
        buttons = [each for each in self._enabled("button") if each.state is None]
        movable = [
            each for each in self._enabled("slider", "number_input", "checkbox") if each.state is not None
        ]
        if buttons and (not movable or chance.randrange(100) < PRESSES_A_HUNDRED):
            pressed = chance.choice(buttons)
            pressed.state = ("trigger_value", True)
            await self._send(pressed.fragment)
            pressed.state = None
        elif movable:
            moved = chance.choice(movable)
            moved.state = _moved(moved, chance)
            await self._send(moved.fragment)

    def _enabled(self, *kinds: str) -> list[Widget]:
        return [each for each in self.widgets.values() if each.kind in kinds and not each.element.disabled]


def _moved(widget: Widget, chance: random.Random) -> tuple[str, Any]:
    """Another state for it, which may be the one that it has."""
    assert widget.state is not None
    kind, value = widget.state
    element = widget.element
    if widget.kind == "checkbox":
        return kind, not value
    if widget.kind == "number_input":
        value += chance.choice((-1, 1)) * (element.step or 1)
        low = element.min if element.has_min else value
        high = element.max if element.has_max else value
        return kind, min(max(value, low), high)
    if element.options:
        return kind, [chance.choice(list(element.options))]
    steps = int((element.max - element.min) / (element.step or 1))
    return kind, [element.min + chance.randint(0, steps) * element.step for _ in value]


async def _use(url: str, page: str) -> list[str]:
    """What a browser complained of while everything on the page was moved."""
    chance = random.Random(page)
    async with Drawn(url, "" if page == "home" else page) as learner:
        await learner.open()
        end = asyncio.get_running_loop().time() + SECONDS
        while asyncio.get_running_loop().time() < end:
            await learner.do_something(chance)
            await asyncio.sleep(chance.choice(PAUSES))
        await asyncio.sleep(1.0)
        await learner.open()  # and it still answers
        return learner.errors


@pytest.mark.parametrize("page", [page for page in PAGES if page != "home"])
def test_a_page_survives_whatever_is_moved(server: Server, page: str) -> None:
    printed = server.log.stat().st_size
    assert in_own_loop(_use(server.url, page)) == []
    assert "Traceback" not in server.log.read_bytes()[printed:].decode()
