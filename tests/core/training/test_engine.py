"""The engine against the textbook loop: the same batches, the same losses, the same parameters."""

from __future__ import annotations

from itertools import islice, pairwise
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch.utils.data import DataLoader, TensorDataset

from lib.core.training.config import Activation, OptimizerKind, TrainConfig
from lib.core.training.data import epoch_orders, mnist_tensors
from lib.core.training.engine import train
from lib.core.training.network import Network
from lib.core.training.reports import EpochReport, FinalReport, StepsReport
from lib.core.training.textbook import textbook_steps, torchvision_mnist, unpack_for_torchvision
from tests.core.training.loop import AsTensors, engine_weights_after

SHARE = 0.02  # 1,200 images: an epoch of 100 steps at batch size 12
LEARNING_RATES = {OptimizerKind.SGD: 0.05, OptimizerKind.MOMENTUM: 0.01, OptimizerKind.NESTEROV: 0.01}
DEPTHS = [(), (50,), (30, 20), (24, 16, 12), (20, 18, 16, 14)]


def assert_equals_textbook(config: TrainConfig, tolerance: float) -> None:
    *_, (model, _) = steps = list(textbook_steps(config, AsTensors()))
    weights, losses = engine_weights_after(config, len(steps))
    np.testing.assert_allclose(losses, [loss for _, loss in steps], rtol=tolerance, atol=tolerance)
    for name, tensor in model.state_dict().items():
        np.testing.assert_allclose(weights[name], tensor.numpy(), rtol=tolerance, atol=tolerance)


@pytest.mark.parametrize("optimizer", list(OptimizerKind))
@pytest.mark.parametrize("activation", list(Activation))
def test_each_optimizer_and_activation_equals_the_textbook(
    optimizer: OptimizerKind, activation: Activation
) -> None:
    config = TrainConfig(
        hidden=(20, 15),
        activation=activation,
        optimizer=optimizer,
        learning_rate=LEARNING_RATES.get(optimizer, 0.001),
        batch_size=12,
        epochs=1,
        weight_decay=0.01,
        train_share=SHARE,
        seed=3,
    )
    assert_equals_textbook(config, tolerance=2e-4)


@pytest.mark.parametrize("hidden", DEPTHS, ids=len)
@pytest.mark.parametrize("optimizer", [OptimizerKind.ADAM, OptimizerKind.SGD])
def test_each_depth_equals_the_textbook(hidden: tuple[int, ...], optimizer: OptimizerKind) -> None:
    config = TrainConfig(
        hidden=hidden,
        optimizer=optimizer,
        learning_rate=LEARNING_RATES.get(optimizer, 0.001),
        batch_size=12,
        epochs=1,
        train_share=SHARE,
        seed=1,
    )
    assert_equals_textbook(config, tolerance=2e-4)


@settings(max_examples=15, deadline=None, derandomize=True)
@given(
    hidden=st.lists(st.integers(1, 40), max_size=4).map(tuple),
    activation=st.sampled_from(list(Activation)),
    optimizer=st.sampled_from(list(OptimizerKind)),
    batch_size=st.integers(1, 700),
    seed=st.integers(0, 2**31 - 1),
    weight_decay=st.sampled_from([0.0, 0.001, 0.1]),
)
def test_any_config_starts_as_the_textbook_does(
    hidden: tuple[int, ...],
    activation: Activation,
    optimizer: OptimizerKind,
    batch_size: int,
    seed: int,
    weight_decay: float,
) -> None:
    config = TrainConfig(
        hidden=hidden,
        activation=activation,
        optimizer=optimizer,
        batch_size=batch_size,
        seed=seed,
        weight_decay=weight_decay,
        train_share=0.01,
        epochs=2,
    )
    expected = [loss for _, loss in islice(textbook_steps(config, AsTensors()), 20)]
    losses: list[float] = []
    for report in train(config, chunk_steps=lambda: 20):
        if isinstance(report, StepsReport):
            losses.extend(report.losses.tolist())
        if len(losses) >= len(expected):
            break
    np.testing.assert_allclose(losses[: len(expected)], expected, rtol=2e-4, atol=2e-4)


def test_the_real_dataset_gives_the_same_losses(tmp_path: Path) -> None:
    dataset = torchvision_mnist(unpack_for_torchvision(tmp_path), train=True)
    config = TrainConfig(train_share=0.02, epochs=2)
    expected = [loss for _, loss in textbook_steps(config, dataset)]
    reports = [r for r in train(config) if isinstance(r, StepsReport)]
    np.testing.assert_allclose(np.concatenate([r.losses for r in reports]), expected, rtol=1e-4)


def test_epoch_orders_are_the_loaders() -> None:
    loader = DataLoader(
        TensorDataset(torch.arange(101)),
        batch_size=10,
        shuffle=True,
        generator=torch.Generator().manual_seed(7),
    )
    orders = epoch_orders(101, seed=7)
    for _ in range(3):
        assert torch.cat([batch for (batch,) in loader]).tolist() == next(orders).tolist()


@pytest.mark.parametrize("activation", list(Activation))
def test_evaluation_equals_the_module(activation: Activation) -> None:
    from lib.core.training.model import build_model

    config = TrainConfig(hidden=(30, 20), activation=activation)
    rows = mnist_tensors().test_images[:200]
    with torch.no_grad():
        expected = build_model(config)(rows.float().div(255).view(-1, 1, 28, 28))
        torch.testing.assert_close(Network(config).logits(rows), expected)


def test_reports_cover_the_run_without_gap() -> None:
    config = TrainConfig(train_share=0.05, epochs=3, batch_size=100)
    reports = list(train(config, chunk_steps=lambda: 7))
    steps = [r for r in reports if isinstance(r, StepsReport)]
    assert [r.first_step for r in steps] == [0, *(r.steps_done for r in steps[:-1])]
    assert all(len(r.losses) <= 7 for r in steps)
    assert steps[-1].steps_done == config.total_steps
    assert steps[-1].samples == 3 * config.train_images
    epochs = [r for r in reports if isinstance(r, EpochReport)]
    assert [r.epoch for r in epochs] == [1, 2, 3]
    assert [r.steps_done for r in epochs] == [30, 60, 90]
    mean = np.concatenate([r.losses for r in steps[:5]]).mean()
    assert epochs[0].train_loss == pytest.approx(mean, rel=1e-5)
    assert isinstance(reports[-1], FinalReport)
    assert all(a.seconds <= b.seconds for a, b in pairwise(reports))


def test_same_config_and_seed_give_the_same_bits_however_it_is_watched() -> None:
    config = TrainConfig(train_share=0.05, epochs=2)
    first = engine_weights_after(config, config.total_steps)
    chunks = iter([1, 1, 50, 3] + [1000] * 100)
    *_, final = train(config, chunk_steps=lambda: next(chunks))
    assert isinstance(final, FinalReport)
    assert all(np.array_equal(final.weights[name], first[0][name]) for name in final.weights)
    other = engine_weights_after(TrainConfig(train_share=0.05, epochs=2, seed=1), config.total_steps)
    assert not np.array_equal(other[1], first[1])


def test_the_callers_random_state_is_left_alone() -> None:
    torch.manual_seed(5)
    expected = torch.rand(3)
    torch.manual_seed(5)
    next(train(TrainConfig(train_share=0.01)))
    assert torch.equal(torch.rand(3), expected)


@pytest.mark.parametrize("seed", [0, *(pytest.param(seed, marks=pytest.mark.long) for seed in range(1, 5))])
def test_default_run_reaches_97_percent(seed: int) -> None:
    torch.set_flush_denormal(True)  # as the workers do
    try:
        *_, last, final = train(TrainConfig(seed=seed), chunk_steps=lambda: 1000)
    finally:
        torch.set_flush_denormal(False)  # other tests of this process need the smallest numbers
    assert isinstance(last, EpochReport)
    assert isinstance(final, FinalReport)
    assert last.test_accuracy >= 97.0
    labels = mnist_tensors().test_labels.numpy()
    assert int((final.predictions == labels).sum()) == last.test_correct
    assert np.all(final.confidences >= final.label_confidences)
