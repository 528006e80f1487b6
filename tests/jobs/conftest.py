"""Managers that end with their test, and a clock that only moves when told."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from lib.jobs.manager import RunManager
from lib.jobs.settings import ManagerSettings

MakeManager = Callable[..., RunManager]


class HandClock:
    """Seconds that pass when a test says so."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def make_manager() -> Iterator[MakeManager]:
    """A manager with one slot and nothing to preload, unless told otherwise; it ends with the test.

    However long a test is held up, no turn and no grace is over by itself.
    """
    made: list[RunManager] = []

    def make(**settings: Any) -> RunManager:
        mine = {"cpu_workers": 1, "preload": (), "turn_seconds": 3600, "grace_seconds": 3600}
        manager = RunManager(ManagerSettings(**{**mine, **settings}))
        made.append(manager)
        return manager

    yield make
    for manager in made:
        manager.close()


@pytest.fixture
def manager(make_manager: MakeManager) -> RunManager:
    return make_manager()


@pytest.fixture(scope="session")
def trainer() -> Iterator[RunManager]:
    """A manager as the server has it, with one slot: its worker has torch and MNIST."""
    manager = RunManager(ManagerSettings(cpu_workers=1))
    yield manager
    manager.close()
