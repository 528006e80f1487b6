"""Going on from trained weights on own digits: the textbook's loop on the same data in the same order."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch
from torch import nn

from lib.core.digits.classifier import load_classifier
from lib.core.mnist import load_mnist
from lib.core.training.bundled import bundled, train_bundled
from lib.core.training.config import Activation, ConfigError, OptimizerKind, TrainConfig
from lib.core.training.conv_block import ConvBlock
from lib.core.training.data import EpochOrders
from lib.core.training.engine import train
from lib.core.training.handwriting import MAX_DIGITS, HandwritingConfig, copies_for, fine_tune_config
from lib.core.training.optimizers import torch_optimizer
from lib.core.training.reports import FinalReport, StepsReport
from lib.jobs.handwriting import handwriting_data


def config_of(count: int, *, mixed: int = 40, epochs: int = 2) -> HandwritingConfig:
    mnist = load_mnist()
    images, labels = mnist.test_images[:count], mnist.test_labels[:count]
    return fine_tune_config(
        bundled().config, bundled().weights, "bundled", images, labels, mixed=mixed, epochs=epochs
    )


def test_fine_tuning_is_the_textbooks() -> None:
    config = replace(config_of(5), batch_size=16)
    data = handwriting_data(config)
    assert len(data.train_images) == config.train_images == 5 * config.copies + 40
    losses: list[float] = []
    final: FinalReport | None = None
    for report in train(config, data, start=config.start):
        if isinstance(report, StepsReport):
            losses += report.losses.tolist()
        if isinstance(report, FinalReport):
            final = report
    model = load_classifier(config, config.start).requires_grad_(True).train()
    optimizer = torch_optimizer(config, list(model.parameters()))
    orders = EpochOrders(config.train_images, config.seed)
    expected = []
    for _ in range(config.epochs):
        for batch in torch.split(next(orders), config.batch_size):
            loss = nn.functional.cross_entropy(
                model(data.train_images[batch] / 255), data.train_labels[batch]
            )
            optimizer.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            optimizer.step()
            expected.append(loss.item())
    np.testing.assert_allclose(losses, expected, rtol=1e-4, atol=1e-6)
    assert final is not None
    for name, weight in model.state_dict().items():
        np.testing.assert_allclose(final.weights[name], weight.numpy(), atol=1e-5)


def test_identity_is_that_of_digits_weights_and_settings() -> None:
    one, again = config_of(5), config_of(5)
    assert one == again
    assert len({one, again}) == 1
    moved = {name: values + 1 for name, values in one.start.items()}
    labels = bytes([*one.labels[:-1], (one.labels[-1] + 1) % 10])
    for other in (
        config_of(6),
        config_of(5, mixed=41),
        replace(one, start=moved),
        replace(one, labels=labels),
    ):
        assert other != one
        assert other.identity != one.identity
    assert one != TrainConfig()


def test_it_has_the_base_networks_shape_and_place_and_adam() -> None:
    base = TrainConfig(
        conv=(ConvBlock(2),), hidden=(7, 3), activation=Activation.TANH, optimizer=OptimizerKind.SGD, device="cuda:1",
        learning_rate=0.3, seed=5, epochs=9,
    )  # fmt: skip
    weights = {"a": np.ones(2, np.float32)}
    labels = np.array([3, 4], np.uint8)
    made = fine_tune_config(base, weights, "mine", np.ones((2, 28, 28), np.uint8), labels, mixed=60, epochs=4)
    plain = TrainConfig(conv=base.conv, hidden=(7, 3), activation=Activation.TANH, epochs=4, device="cuda:1")
    assert {
        name: value for name, value in made.to_dict().items() if name in plain.to_dict()
    } == plain.to_dict()
    own = {name: value for name, value in made.to_dict().items() if name not in plain.to_dict()}
    assert own.keys() == {"digits", "digits_sha256", "start_sha256", "start_name", "mixed", "copies"}
    assert (own["digits"], own["start_name"], own["mixed"], own["copies"]) == (2, "mine", 60, 10)
    assert (made.start_name, made.mixed, made.copies, made.digits) == ("mine", 60, 10, 2)
    assert (made.images, made.labels) == (b"\1" * 1568, b"\3\4")
    assert made.start.keys() == weights.keys()


def refused(config: HandwritingConfig, **changes: object) -> tuple[str, object, str]:
    with pytest.raises(ConfigError) as caught:
        replace(config, **changes)  # type: ignore[arg-type]
    return caught.value.setting, caught.value.value, caught.value.allowed


def test_impossible_numbers_are_refused_and_the_last_possible_ones_are_not() -> None:
    one = config_of(1)
    digits = "1 to 200, 28 x 28, labels 0 to 9"
    assert refused(one, images=b"", labels=b"") == ("digits", 0, digits)
    assert refused(one, labels=bytes([10])) == ("digits", 1, digits)
    assert refused(one, labels=bytes([1, 2])) == ("digits", 2, digits)
    assert refused(one, images=bytes(784 * 201), labels=bytes(201)) == ("digits", 201, digits)
    assert refused(one, mixed=-1) == ("mixed", -1, "0 to 10000")
    assert refused(one, mixed=10_001) == ("mixed", 10_001, "0 to 10000")
    assert refused(one, copies=0) == ("copies", 0, "1 to 1000")
    assert refused(one, copies=1001) == ("copies", 1001, "1 to 1000")
    assert refused(one, epochs=51) == ("epochs", 51, "1 to 50, whole")
    most = replace(
        one, images=bytes(784 * MAX_DIGITS), labels=bytes([9] * MAX_DIGITS), mixed=10_000, copies=1000
    )
    assert most.train_images == 200 * 1000 + 10_000
    assert replace(one, mixed=0, copies=1).train_images == 1
    assert hash(most) == hash(replace(most)) != hash(one)
    with pytest.raises(ConfigError) as caught:
        HandwritingConfig.from_dict(one.to_dict())
    said = caught.value
    assert (said.setting, said.value) == ("digits", one.to_dict()["digits_sha256"])
    assert said.allowed


@pytest.mark.parametrize("mixed", [0, 300, 10_000])
@pytest.mark.parametrize("digits", [1, 30, 200])
def test_own_digits_are_seen_at_least_once_and_about_a_quarter(digits: int, mixed: int) -> None:
    copies = copies_for(digits, mixed)
    assert copies >= 1
    if mixed >= 6 * digits and copies < 1000:
        assert 0.2 < digits * copies / (digits * copies + mixed) < 0.3


def test_the_bundled_network_can_be_trained_anew() -> None:
    trained, correct = train_bundled()
    assert correct >= 9700
    assert trained.config == bundled().config
    both = [load_classifier(each.config, each.weights) for each in (trained, bundled())]
    rows = torch.tensor(load_mnist().test_images).view(-1, 784) / 255
    with torch.no_grad():
        answers = [model(rows).argmax(dim=1) for model in both]
    assert (answers[0] == answers[1]).float().mean() >= 0.97
