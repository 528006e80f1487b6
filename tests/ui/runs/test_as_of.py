"""What is trained again for a run that there is: for whom, how often, and what becomes of what cannot be."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
import pytest

from lib.core.training.closer import CloserConfig
from lib.core.training.config import TrainConfig
from lib.jobs.manager import RunManager
from lib.jobs.settings import ManagerSettings
from lib.jobs.views import RunStatus
from lib.ui.runs import again, as_of, closer

LONG = 120.0
SMALL = TrainConfig(epochs=1, train_share=0.02, hidden=(8,))
IMPOSSIBLE = TrainConfig(epochs=1, train_share=0.02, hidden=(8,), device="toaster")


@pytest.fixture
def manager(monkeypatch: pytest.MonkeyPatch) -> Iterator[RunManager]:
    made = RunManager(ManagerSettings(cpu_workers=1))
    for module in (again, as_of, closer):
        monkeypatch.setattr(module, "get_manager", lambda: made)
    for module in (as_of, closer):
        monkeypatch.setattr(module, "owner_token", lambda: "a" * 22)
    yield made
    made.close()


def test_learners_who_download_at_once_each_get_theirs(
    manager: RunManager, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In threads without a session, as Streamlit makes files; nobody's training ends another's."""
    monkeypatch.delattr(as_of, "owner_token")
    monkeypatch.setattr(as_of, "HEARTBEAT_SECONDS", 0.2)
    steps = {"ann": 3, "bob": 5, "cid": 7}
    with ThreadPoolExecutor(len(steps)) as threads:
        asked = {owner: threads.submit(as_of.wait_for, SMALL, step, owner) for owner, step in steps.items()}
        found = {owner: each.result(LONG) for owner, each in asked.items()}
    assert manager.health().executions_started == len(steps)
    for owner, other in (("ann", "bob"), ("bob", "cid")):
        ours, theirs = found[owner].weights, found[other].weights
        assert ours.keys() == theirs.keys()
        assert any(not np.array_equal(ours[name], theirs[name]) for name in ours)


def test_two_tabs_of_a_learner_each_get_theirs(manager: RunManager) -> None:
    """Each asks with each redraw for what its own run knew."""
    runs = [replace(SMALL, seed=seed) for seed in (1, 2)]
    first = [as_of.ask(config, 5) for config in runs]
    second = [as_of.ask(config, 5) for config in runs]
    for one, other, config in zip(first, second, runs, strict=True):
        assert one is not None
        assert other is not None
        assert one.id == other.id
        assert manager.wait(one.id, lambda view: view.status.is_over, LONG).status is RunStatus.FINISHED
        assert as_of.found(config, 5) is not None
    assert manager.health().executions_started == len(runs)


def test_a_file_that_cannot_be_made_is_refused_and_not_tried_for_ever(manager: RunManager) -> None:
    for _ in range(2):
        with pytest.raises(RuntimeError, match="step 3 cannot be trained again"):
            as_of.wait_for(IMPOSSIBLE, 3, "ann")
    assert manager.health().executions_started == 1


def test_what_failed_is_not_asked_for_secondby_every_redraw(manager: RunManager) -> None:
    """The page asks again with each redraw: twice a second, for as long as it is looked at."""
    job = as_of.ask(IMPOSSIBLE, 3)
    assert job is not None
    manager.wait(job.id, lambda view: view.status is RunStatus.FAILED, LONG)
    asked = as_of.ask(IMPOSSIBLE, 3)
    assert asked is not None
    assert (asked.id, asked.status) == (job.id, RunStatus.FAILED)
    run = manager.submit(IMPOSSIBLE, "owner")
    view = manager.wait(run, lambda view: view.status.is_over, LONG)
    assert manager.health().executions_started == 2
    digit = CloserConfig(IMPOSSIBLE, 0, IMPOSSIBLE.total_steps, digit=bytes(784))
    first = closer._job(f"{view.id} digit", digit, may_ask=True)
    assert first is not None
    manager.wait(first.id, lambda view: view.status.is_over, LONG)
    for _ in range(3):
        known = closer._job(f"{view.id} digit", digit, may_ask=True)
        assert known is not None
        assert known.id == first.id
    assert manager.health().executions_started == 3
