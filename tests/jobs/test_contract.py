"""The contract, kept by the local processes, and by them behind a connection: as another machine's would be."""

from __future__ import annotations

from collections.abc import Iterator
from multiprocessing import get_context
from multiprocessing.managers import SyncManager
from typing import cast

import pytest

from lib.jobs.interface import Manager
from lib.jobs.manager import RunManager
from lib.jobs.settings import ManagerSettings
from tests.jobs import works
from tests.jobs.contract import QUEUE_LIMIT, ManagerContract


def make() -> RunManager:
    """With one slot and nothing to preload; no turn and no grace is over by itself."""
    assert works  # registered in this process
    return RunManager(
        ManagerSettings(
            cpu_workers=1, preload=(), queue_limit=QUEUE_LIMIT, turn_seconds=3600, grace_seconds=3600
        )
    )


class Remote(SyncManager):
    """A process with run managers: arguments, views and errors cross a socket, pickled."""


Remote.register("make", make, method_to_typeid={"subscribe": "Iterator"})


class TestLocal(ManagerContract):
    @pytest.fixture
    def manager(self) -> Iterator[Manager]:
        manager = make()
        yield manager
        manager.close()


@pytest.fixture(scope="module")
def remote() -> Iterator[Remote]:
    with Remote(ctx=get_context("spawn")) as remote:
        yield remote


@pytest.mark.long
class TestBehindAConnection(ManagerContract):
    @pytest.fixture
    def manager(self, remote: Remote) -> Iterator[Manager]:
        manager = cast("Manager", remote.make())  # type: ignore[attr-defined]
        yield manager
        manager.close()
