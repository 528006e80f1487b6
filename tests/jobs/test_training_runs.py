"""Real trainings on MNIST in real workers, against the engine in this process."""

from __future__ import annotations

import os
import signal
from dataclasses import replace

import numpy as np
import pytest
import torch

from lib.core.training.config import TrainConfig
from lib.core.training.reports import EpochReport, FinalReport, StepsReport
from lib.jobs import training
from lib.jobs.manager import RunManager
from lib.jobs.settings import ManagerSettings
from lib.jobs.views import Action, Reason, ReasonKind, RunStatus, RunView
from tests.jobs.waiting import LONG, is_at_work, is_paused, until
from tests.jobs.works import InsideConfig, InsideReport, RandomConfig

SMALL = TrainConfig(epochs=2, train_share=0.05, hidden=(16,))


def in_this_process(config: TrainConfig) -> tuple[np.ndarray, list[EpochReport], FinalReport]:
    reports = list(training.train(config, chunk_steps=lambda: 1000))
    losses = np.concatenate([report.losses for report in reports if isinstance(report, StepsReport)])
    epochs = [report for report in reports if isinstance(report, EpochReport)]
    assert isinstance(reports[-1], FinalReport)
    return losses, epochs, reports[-1]


def assert_equals_the_engine(view: RunView, config: TrainConfig) -> None:
    """The same numbers, but for how many threads a matrix product was split over."""
    losses, epochs, final = in_this_process(config)
    np.testing.assert_allclose(view.losses, losses, rtol=1e-4, atol=1e-5)
    assert view.final is not None
    assert view.final.weights.keys() == final.weights.keys()
    for name, values in final.weights.items():
        np.testing.assert_allclose(view.final.weights[name], values, rtol=1e-3, atol=1e-4)
    assert len(view.epochs) == len(epochs)
    for mine, other in zip(view.epochs, epochs, strict=True):
        assert (mine.epoch, mine.steps_done) == (other.epoch, other.steps_done)
        assert mine.test_loss == pytest.approx(other.test_loss, rel=1e-4)
        assert abs(mine.test_correct - other.test_correct) <= 3


def lose_all_workers_after_an_epoch(manager: RunManager, run_id: str, owner: str) -> set[int]:
    """Step a paused run, have it set down, let it do an epoch, kill every worker, and resume it. Who was killed."""
    for _ in range(3):
        manager.control(run_id, owner, Action.STEP)
        manager.wait(run_id, is_paused, LONG)
    manager.wait(run_id, lambda _: manager.health().snapshot_byte_count > 0, LONG)
    manager.control(run_id, owner, Action.EPOCH)
    manager.wait(run_id, lambda view: len(view.epochs) == 1, LONG)
    killed = set(manager.health().workers)
    for pid in killed:
        os.kill(pid, signal.SIGKILL)
    manager.wait(run_id, lambda _: not killed & set(manager.health().workers), LONG)
    manager.control(run_id, owner, Action.RESUME)
    return killed


def test_a_run_has_the_engines_numbers(trainer: RunManager) -> None:
    run_id = trainer.submit(SMALL, "ann")
    assert_equals_the_engine(until(trainer, run_id, RunStatus.FINISHED), SMALL)


def test_a_run_that_is_paused_stepped_and_disturbed_has_the_same_numbers(trainer: RunManager) -> None:
    config = TrainConfig(epochs=3, train_share=0.05, hidden=(16,), seed=3)
    mine = trainer.submit(config, "ann", paused=True)
    for steps in (1, 2, 3):
        trainer.control(mine, "ann", Action.STEP)
        view = trainer.wait(mine, lambda v, n=steps: v.steps_done == n, LONG)  # type: ignore[misc]
        assert view.status is RunStatus.PAUSED
        assert view.losses.shape == (steps,)
    trainer.control(mine, "ann", Action.EPOCH)
    view = trainer.wait(mine, lambda v: v.status is RunStatus.PAUSED and len(v.epochs) == 1, LONG)
    assert view.steps_done == view.epochs[0].steps_done == config.steps_per_epoch
    other = trainer.submit(TrainConfig(epochs=1, train_share=0.05, hidden=(8,)), "bob")
    until(trainer, other, RunStatus.FINISHED)
    assert trainer.snapshot(mine).steps_done == config.steps_per_epoch
    trainer.control(mine, "ann", Action.RESUME)
    assert_equals_the_engine(until(trainer, mine, RunStatus.FINISHED), config)


def test_two_learners_share_one_training(trainer: RunManager) -> None:
    config = TrainConfig(epochs=2, train_share=0.05, seed=5)
    before = trainer.health().executions_started
    ids = [trainer.submit(config, owner) for owner in ("ann", "bob")]
    views = [until(trainer, each, RunStatus.FINISHED) for each in ids]
    assert trainer.health().executions_started == before + 1
    assert [view.shared for view in views] == [False, True]
    np.testing.assert_array_equal(views[0].losses, views[1].losses)
    assert views[0].final is views[1].final


def test_stopped_in_mid_run_and_the_next_one_begins(trainer: RunManager) -> None:
    config = TrainConfig(epochs=50, seed=7)
    mine = trainer.submit(config, "ann")
    trainer.wait(mine, is_at_work, LONG)
    stopped = trainer.control(mine, "ann", Action.STOP)
    assert 0 < stopped.steps_done < config.total_steps
    assert np.isfinite(stopped.losses).all()
    until(trainer, trainer.submit(SMALL, "ann"), RunStatus.FINISHED)


def test_an_impossible_device_fails_with_torchs_own_words(trainer: RunManager) -> None:
    view = until(trainer, trainer.submit(TrainConfig(device="toaster"), "ann"), RunStatus.FAILED)
    assert view.reason is not None
    assert view.reason.kind is ReasonKind.ERROR
    assert "toaster" in view.reason.detail


def test_a_worker_killed_in_mid_run(trainer: RunManager) -> None:
    mine = trainer.submit(TrainConfig(epochs=50, seed=9), "ann")
    trainer.wait(mine, is_at_work, LONG)
    (pid,) = trainer.health().workers
    os.kill(pid, signal.SIGKILL)
    view = trainer.wait(mine, lambda v: v.status.is_over or is_elsewhere(trainer, pid), LONG)
    if view.status.is_over:  # it had not been set down yet
        assert view.reason == Reason(ReasonKind.WORKER_DIED, "SIGKILL (9)")
    else:
        trainer.control(mine, "ann", Action.STOP)
    view = trainer.snapshot(mine)
    assert len(view.losses) == view.steps_done > 0, "what was seen stays"
    until(trainer, trainer.submit(SMALL, "ann"), RunStatus.FINISHED)
    assert trainer.health().workers != (pid,)


def is_elsewhere(manager: RunManager, pid: int) -> bool:
    return bool(manager.health().workers) and pid not in manager.health().workers


def test_a_training_whose_worker_is_killed_goes_on_with_the_same_numbers(trainer: RunManager) -> None:
    config = TrainConfig(epochs=3, train_share=0.05, hidden=(16,), seed=11)
    undisturbed = until(trainer, trainer.submit(config, "ann"), RunStatus.FINISHED)
    trainer.remove(undisturbed.id, "ann")
    mine = trainer.submit(config, "ann", paused=True)
    assert not trainer.snapshot(mine).shared
    assert len(lose_all_workers_after_an_epoch(trainer, mine, "ann")) == 1
    view = until(trainer, mine, RunStatus.FINISHED)
    np.testing.assert_array_equal(view.losses, undisturbed.losses)
    assert [epoch.test_loss for epoch in view.epochs] == [epoch.test_loss for epoch in undisturbed.epochs]
    assert view.final is not None
    assert undisturbed.final is not None
    for name, values in undisturbed.final.weights.items():
        np.testing.assert_array_equal(view.final.weights[name], values)


def test_inside_a_worker(trainer: RunManager) -> None:
    """The very process that trains: torch, no streamlit, as many threads as planned, polite to the server."""
    until(trainer, trainer.submit(TrainConfig(epochs=1, train_share=0.05), "ann"), RunStatus.FINISHED)
    view = until(trainer, trainer.submit(InsideConfig(), "ann"), RunStatus.FINISHED)
    (inside,) = view.reports
    assert isinstance(inside, InsideReport)
    assert inside.pid in trainer.health().workers
    assert "torch" in inside.modules
    assert "lib.core.training.engine" in inside.modules
    assert [name for name in inside.modules if name.split(".")[0] in ("streamlit", "plotly")] == []
    assert inside.threads == ManagerSettings(cpu_workers=1).threads
    assert inside.niceness == min(19, os.nice(0) + ManagerSettings().niceness), "19 is the politest there is"


def test_trainings_that_take_turns_do_not_share_random_numbers(trainer: RunManager) -> None:
    torch.manual_seed(1)
    expected = torch.rand(100).numpy()
    config = RandomConfig(epochs=1, steps_per_epoch=100, step_seconds=0.005)
    first = trainer.submit(config, "ann", paused=True)
    second = trainer.submit(replace(config, tag="b"), "bob", paused=True)
    for each, owner in ((first, "ann"), (second, "bob")):
        trainer.control(each, owner, Action.STEP)
        trainer.wait(each, is_paused, LONG)
    trainer.control(second, "bob", Action.RESUME)
    trainer.wait(second, lambda view: view.steps_done > 1, LONG)
    trainer.control(first, "ann", Action.STEP)
    trainer.wait(first, is_paused, LONG)
    trainer.control(first, "ann", Action.RESUME)
    for each in (first, second):
        np.testing.assert_array_equal(until(trainer, each, RunStatus.FINISHED).losses, expected)
