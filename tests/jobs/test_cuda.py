"""Trainings on a GPU in real workers: the engine's numbers to the last bit, and what goes wrong there."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch

from lib.core.training.as_of import AsOfConfig
from lib.core.training.bundled import bundled
from lib.core.training.closer import CloserConfig, DigitReport
from lib.core.training.config import TrainConfig
from lib.core.training.conv_block import ConvBlock
from lib.core.training.data import mnist_tensors
from lib.core.training.handwriting import fine_tune_config
from lib.core.training.picture_codec import due_steps, unpacked
from lib.jobs.manager import RunManager
from lib.jobs.settings import WARM_UP
from lib.jobs.views import Action, Reason, ReasonKind, RunStatus, RunView
from tests.gpu import GPU, IS_GPU, needs_gpu, really_needs_gpu
from tests.jobs.conftest import MakeManager
from tests.jobs.gpu_works import FaultConfig, GreedyConfig
from tests.jobs.test_training_runs import (
    in_this_process,
    lose_all_workers_after_an_epoch,
)
from tests.jobs.waiting import LONG, is_at_work, is_over, until

pytestmark = needs_gpu

MLP = TrainConfig(epochs=2, train_share=0.05, hidden=(16,), device=GPU)
CNN = replace(MLP, conv=(ConvBlock(6, batch_norm=True), ConvBlock(8)), hidden=())
BOTH = pytest.mark.parametrize("config", [MLP, CNN], ids=["MLP", "CNN"])


def assert_the_same(view: RunView, config: TrainConfig) -> None:
    """The engine's numbers in this process: to the last bit where the GPU, not the threads, adds up."""
    losses, epochs, final = in_this_process(config)
    allowed = 0.0 if IS_GPU else 1e-4
    np.testing.assert_allclose(view.losses, losses, rtol=allowed, atol=allowed)
    assert len(view.epochs) == len(epochs)
    for mine, other in zip(view.epochs, epochs, strict=True):
        assert abs(mine.test_correct - other.test_correct) <= (0 if IS_GPU else 3)
    assert view.final is not None
    for name, values in final.weights.items():
        np.testing.assert_allclose(view.final.weights[name], values, rtol=10 * allowed, atol=allowed)


def finished(manager: RunManager, run_id: str) -> RunView:
    view = manager.wait(run_id, is_over, LONG)
    assert view.status is RunStatus.FINISHED, view.reason
    return view


@BOTH
def test_a_run_has_the_engines_numbers_and_its_pictures(trainer: RunManager, config: TrainConfig) -> None:
    view = finished(trainer, trainer.submit(config, "ann"))
    assert_the_same(view, config)
    assert set(due_steps(config.total_steps)) <= {shot.step for shot in view.pictures}
    levels = None
    for shot in view.pictures:
        levels = unpacked(shot, levels)
    assert levels is not None
    assert levels.any()


def test_paused_stepped_and_disturbed_it_has_the_same_numbers(trainer: RunManager) -> None:
    config = replace(MLP, seed=3)
    mine = trainer.submit(config, "ann", paused=True)
    for steps in (1, 2, 3):
        trainer.control(mine, "ann", Action.STEP)
        view = trainer.wait(mine, lambda v, n=steps: v.steps_done == n, LONG)  # type: ignore[misc]
        assert view.status is RunStatus.PAUSED
    trainer.control(mine, "ann", Action.EPOCH)
    trainer.wait(mine, lambda v: v.status is RunStatus.PAUSED and len(v.epochs) == 1, LONG)
    devices = {"bob": "cpu", "eve": GPU}
    others = [trainer.submit(replace(MLP, seed=4, device=devices[who]), who) for who in devices]
    for other in others:
        finished(trainer, other)
    assert trainer.snapshot(mine).steps_done == config.steps_per_epoch
    trainer.control(mine, "ann", Action.RESUME)
    assert_the_same(finished(trainer, mine), config)


def test_stopped_in_mid_run_and_the_next_one_begins(trainer: RunManager) -> None:
    config = replace(MLP, epochs=50, train_share=1.0, seed=7)
    mine = trainer.submit(config, "ann")
    trainer.wait(mine, is_at_work, LONG)
    stopped = trainer.control(mine, "ann", Action.STOP)
    assert 0 < stopped.steps_done < config.total_steps
    finished(trainer, trainer.submit(replace(MLP, seed=8), "ann"))


def test_learners_take_turns_on_one_gpu(make_manager: MakeManager) -> None:
    manager = make_manager(preload=(WARM_UP,), turn_seconds=0.2, tick_seconds=0.05)
    configs = [replace(config, epochs=8, seed=5) for config in (MLP, CNN)]
    ids = [manager.submit(config, str(config.conv)) for config in configs]
    for run_id, config in zip(ids, configs, strict=True):
        assert_the_same(finished(manager, run_id), config)
    assert manager.health().workers_started == 1


@BOTH
def test_a_worker_that_is_killed_costs_no_number(trainer: RunManager, config: TrainConfig) -> None:
    config = replace(config, epochs=3, seed=111)
    before = set(trainer.health().workers)
    mine = trainer.submit(config, "ann", paused=True)
    killed = lose_all_workers_after_an_epoch(trainer, mine, "ann")
    assert_the_same(finished(trainer, mine), config)
    assert killed >= before


@BOTH
def test_trained_again_for_a_past_step_and_for_a_digit(trainer: RunManager, config: TrainConfig) -> None:
    view = finished(trainer, trainer.submit(AsOfConfig(config, 31), "as of"))
    whole = finished(trainer, trainer.submit(config, "ann"))
    np.testing.assert_array_equal(view.losses, whole.losses[:31])
    digit = mnist_tensors().test_images[0].numpy().tobytes()
    looked = finished(trainer, trainer.submit(CloserConfig(config, 20, 30, every=5, digit=digit), "closer"))
    said = {each.step: each.probabilities for each in looked.reports if isinstance(each, DigitReport)}
    assert sorted(said) == [20, 25, 30]
    assert all(abs(float(each.sum()) - 1) < 1e-5 for each in said.values())
    assert [shot.step for shot in looked.pictures] == [20, 25, 30]


def test_a_network_is_taught_own_digits_there(trainer: RunManager) -> None:
    images = mnist_tensors().test_images[:20].numpy().reshape(-1, 28, 28)
    labels = mnist_tensors().test_labels[:20].numpy().astype(np.uint8)
    base = replace(bundled().config, device=GPU)
    config = fine_tune_config(base, bundled().weights, "bundled", images, labels, mixed=500, epochs=1)
    mine = finished(trainer, trainer.submit(config, "ann"))
    theirs = finished(trainer, trainer.submit(replace(config, device="cpu"), "bob"))
    np.testing.assert_allclose(mine.losses, theirs.losses, rtol=1e-3, atol=1e-4)


@really_needs_gpu
def test_what_the_gpus_memory_does_not_hold_is_refused_and_the_queue_goes_on(
    make_manager: MakeManager,
) -> None:
    manager = make_manager(preload=(WARM_UP, "tests.jobs.gpu_works:have_little_memory"))
    refused = manager.submit(GreedyConfig(device=GPU), "ann")
    next_one = manager.submit(MLP, "bob")
    view = manager.wait(refused, is_over, LONG)
    assert view.status is RunStatus.FAILED
    assert view.reason is not None
    assert view.reason == Reason(ReasonKind.NO_MEMORY, "CUDA out of memory. Tried to allocate 2.73 GiB")
    assert_the_same(finished(manager, next_one), MLP)
    assert manager.health().workers_started == 1


@really_needs_gpu
def test_a_gpu_that_somebody_else_has_filled(make_manager: MakeManager) -> None:
    manager = make_manager(preload=(WARM_UP,))
    ballast = []
    while (free := torch.cuda.mem_get_info(0)[0]) > 2**27:  # less than a process needs to begin with
        ballast.append(torch.empty(free // 2, dtype=torch.uint8, device=GPU))
    refused = manager.wait(manager.submit(MLP, "ann"), is_over, LONG)
    assert refused.reason is not None
    assert refused.reason.kind is ReasonKind.NO_MEMORY
    del ballast
    torch.cuda.empty_cache()
    assert_the_same(finished(manager, manager.submit(MLP, "ann")), MLP)


@really_needs_gpu
def test_a_gpu_that_answers_no_more_takes_a_worker_with_it_and_no_run(make_manager: MakeManager) -> None:
    manager = make_manager(preload=(WARM_UP,))
    faulty = manager.submit(FaultConfig(device=GPU), "ann")
    next_one = manager.submit(MLP, "bob")
    view = until(manager, faulty, RunStatus.FAILED)
    assert view.reason is not None
    assert view.reason.kind is ReasonKind.ERROR
    assert "CUDA error" in view.reason.detail
    assert_the_same(finished(manager, next_one), MLP)
    assert manager.health().workers_started == 2


def test_a_gpu_that_is_not_there(trainer: RunManager) -> None:
    view = until(trainer, trainer.submit(replace(MLP, device="cuda:63"), "ann"), RunStatus.FAILED)
    assert view.reason is not None
    assert view.reason.kind is ReasonKind.ERROR
    assert view.reason.detail
    finished(trainer, trainer.submit(replace(MLP, seed=12), "ann"))


@really_needs_gpu
def test_an_idle_worker_gives_the_gpu_back(make_manager: MakeManager) -> None:
    manager = make_manager(preload=(WARM_UP,), idle_seconds=0.5, tick_seconds=0.1)
    run_id = manager.submit(replace(MLP, hidden=(1024,) * 4), "ann")
    finished(manager, run_id)
    held = torch.cuda.mem_get_info(0)[0]
    manager.wait(run_id, lambda _: torch.cuda.mem_get_info(0)[0] > held, LONG)
    assert manager.health().workers == ()
