"""The engine against the textbook loop: the same batches, the same losses, the same parameters."""

from __future__ import annotations

from dataclasses import replace
from itertools import count, islice, pairwise
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch.utils.data import DataLoader, TensorDataset

from lib.core.training.config import Activation, OptimizerKind, TrainConfig
from lib.core.training.conv_block import ConvBlock
from lib.core.training.data import EpochOrders, MnistTensors, mnist_tensors
from lib.core.training.engine import Training, state_after, train
from lib.core.training.model import build_model
from lib.core.training.network import Network
from lib.core.training.optimizers import flat_update, torch_optimizer
from lib.core.training.pictures import Draft
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
    orders = EpochOrders(101, seed=7)
    for _ in range(3):
        assert torch.cat([batch for (batch,) in loader]).tolist() == next(orders).tolist()


@pytest.mark.parametrize("activation", list(Activation))
def test_evaluation_equals_the_module(activation: Activation) -> None:
    config = TrainConfig(hidden=(30, 20), activation=activation)
    rows = mnist_tensors().test_images[:200]
    with torch.no_grad():
        expected = build_model(config)(rows.float().div(255).view(-1, 1, 28, 28))
        torch.testing.assert_close(Network(config).logits(rows), expected)


@pytest.mark.parametrize("activation", list(Activation))
@pytest.mark.parametrize("hidden", [(), (30,), (30, 20)])
def test_images_that_are_read_over_and_over_give_the_same(
    activation: Activation, hidden: tuple[int, ...]
) -> None:
    config = TrainConfig(hidden=hidden, activation=activation)
    *_, final = state_after(replace(config, train_share=0.01, epochs=2), 9)
    assert isinstance(final, FinalReport)
    network, data = Network(config, final.weights), mnist_tensors()
    torch.testing.assert_close(
        network.lit_logits(data.confusion_pixels),
        network.logits(data.test_images[:1000]),
        rtol=1e-4,
        atol=1e-4,
    )


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
    losses = np.concatenate([r.losses for r in steps]).astype(np.float64)
    means = losses.reshape(3, 30).mean(axis=1)
    assert [r.train_loss for r in epochs] == pytest.approx(means.tolist(), rel=1e-9)
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


@pytest.mark.parametrize("is_fused", [True, False])
@pytest.mark.parametrize("decay", [0.0, 0.1])
@pytest.mark.parametrize("kind", list(OptimizerKind))
def test_an_update_is_torch_optims_whatever_the_rate_of_its_step(
    kind: OptimizerKind, decay: float, is_fused: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not is_fused:  # as on a device for which torch has no fused kernel
        monkeypatch.setattr("lib.core.training.optimizers.fused_kernel", lambda _: None)
    config = TrainConfig(optimizer=kind, weight_decay=decay, learning_rate=0.05)
    parameters, gradients = torch.linspace(-1, 1, 9), torch.zeros(9)
    truth = torch.nn.Parameter(parameters.clone())
    optimizer = torch_optimizer(config, [truth])
    rates = [0.1, 0.001, 0.5, 0.01, 0.2]
    asked = iter(rates)
    update = flat_update(config, parameters, gradients, lambda: next(asked))
    for step, rate in enumerate(rates):
        gradients.copy_(torch.sin(torch.arange(9.0) * (step + 1)))
        truth.grad = gradients.clone()
        optimizer.param_groups[0]["lr"] = rate
        optimizer.step()
        update()
        torch.testing.assert_close(parameters, truth.detach(), rtol=1e-5, atol=1e-6)
    own = flat_update(config, parameters, gradients)
    before = parameters.clone()
    gradients.fill_(0.3)
    own()
    again = torch.nn.Parameter(before)
    again.grad = gradients
    torch_optimizer(config, [again]).step()
    torch.testing.assert_close(parameters, again.detach(), rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("softmax_first", [False, True])
def test_what_is_reported_at_the_end_is_what_the_module_does(softmax_first: bool) -> None:
    config = TrainConfig(
        hidden=(12,),
        train_share=0.02,
        epochs=2,
        batch_size=50,
        softmax_first=softmax_first,
        weight_decay=0.01,
    )
    data = replace(mnist_tensors(), test_images=mnist_tensors().test_images[:2100],
                   test_labels=mnist_tensors().test_labels[:2100])  # fmt: skip
    *reports, last, final = train(config, data)
    assert isinstance(last, EpochReport)
    assert isinstance(final, FinalReport)
    model = build_model(config)
    model.load_state_dict({name: torch.tensor(values) for name, values in final.weights.items()})
    with torch.no_grad():
        probabilities = model(data.test_images.float().div(255).view(-1, 1, 28, 28)).softmax(dim=1)
        given = probabilities if softmax_first else probabilities.log()  # logits but for a constant
        loss = torch.nn.functional.cross_entropy(given, data.test_labels)
    right = probabilities.argmax(dim=1) == data.test_labels
    assert last.test_loss == pytest.approx(loss.item(), rel=1e-4)
    assert (last.test_correct, last.test_total) == (int(right.sum()), 2100)
    assert last.test_accuracy == pytest.approx(100 * right.float().mean().item())
    assert (str(final.predictions.dtype), final.predictions.tolist()) == (
        "uint8",
        probabilities.argmax(1).tolist(),
    )
    np.testing.assert_allclose(final.confidences, probabilities.amax(dim=1), atol=1e-5)
    of_label = probabilities[torch.arange(2100), data.test_labels]
    np.testing.assert_allclose(final.label_confidences, of_label, atol=1e-5)
    steps = [report for report in reports if isinstance(report, StepsReport)]
    assert [len(report.losses) for report in steps] == [24, 24], "a chunk of 100 ends with its epoch"
    assert [report.samples for report in steps] == [1200, 2400]


def test_seconds_are_those_of_training_and_measuring(monkeypatch: pytest.MonkeyPatch) -> None:
    ticks = count(5.0)  # every look at the clock is a second later
    monkeypatch.setattr("lib.core.training.engine.time.perf_counter", lambda: next(ticks))
    reports = list(train(TrainConfig(hidden=(2,), train_share=0.01, epochs=2), chunk_steps=lambda: 4))
    assert [report.seconds for report in reports] == [1, 2, 3, 4, 5, 6, 7, 8, 8]


@pytest.mark.parametrize("conv", [(), (ConvBlock(2),)], ids=["MLP", "CNN"])
def test_a_training_goes_on_from_given_weights_on_given_data(conv: tuple[ConvBlock, ...]) -> None:
    config = TrainConfig(hidden=(3,), conv=conv, train_share=0.01, epochs=1)
    start = {name: values + 1 for name, values in next(state_after(config, 0)).weights.items()}  # type: ignore[union-attr]
    few = MnistTensors(
        *(part[:600] for part in vars(mnist_tensors()).values() if isinstance(part, torch.Tensor))
    )
    (begun,) = state_after(config, 0, few, start=start)
    assert isinstance(begun, FinalReport)
    assert all(np.array_equal(begun.weights[name], start[name]) for name in start)
    assert len(begun.predictions) == 600
    *steps, after = state_after(config, 7, few, lambda: 3, start=start)
    assert [len(report.losses) for report in steps if isinstance(report, StepsReport)] == [3, 3, 1]
    model = build_model(config)
    model.load_state_dict({name: torch.tensor(values) for name, values in start.items()})
    optimizer = torch.optim.Adam(model.parameters(), lr=config.learning_rate)
    for batch in torch.split(next(EpochOrders(600, config.seed)), config.batch_size)[:7]:
        optimizer.zero_grad()
        images = few.train_images[batch].float().div(255).view(-1, 1, 28, 28)
        torch.autograd.backward(torch.nn.functional.cross_entropy(model(images), few.train_labels[batch]))
        optimizer.step()
    assert isinstance(after, FinalReport)
    for name, tensor in model.state_dict().items():
        np.testing.assert_allclose(after.weights[name], tensor, atol=1e-4)


def test_pictures_are_taken_after_the_steps_that_were_asked_for() -> None:
    config = TrainConfig(hidden=(3,), train_share=0.01, epochs=1)
    for steps in ([2, 7], [0, 3]):
        told = list(Training(config).with_pictures(lambda: 4, steps))
        assert [each.finish().step for each in told if isinstance(each, Draft)] == steps
