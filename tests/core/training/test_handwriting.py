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
from lib.core.training.config import ConfigError, TrainConfig
from lib.core.training.data import epoch_orders
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
    orders = epoch_orders(config.train_images, config.seed)
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


@pytest.mark.parametrize(("mixed", "count"), [(-1, 5), (10_001, 5), (40, MAX_DIGITS + 1)])
def test_impossible_numbers_are_refused(mixed: int, count: int) -> None:
    with pytest.raises(ConfigError):
        config_of(count, mixed=mixed)


def test_no_digits_and_no_digits_labels_are_refused() -> None:
    one = config_of(1)
    with pytest.raises(ConfigError):
        replace(one, images=b"", labels=b"")
    with pytest.raises(ConfigError):
        replace(one, labels=bytes([10]))


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
