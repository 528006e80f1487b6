"""Softmax before the loss: autograd's numbers to the last bit, the textbook's losses, and the floor under them."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch.nn import functional as F

from lib.core.training.config import SOFTMAX_FLOOR, TrainConfig
from lib.core.training.conv_block import ConvBlock
from lib.core.training.engine import train
from lib.core.training.network import LossHead
from lib.core.training.reports import EpochReport, StepsReport
from lib.core.training.textbook import textbook_steps
from tests.core.training.loop import AsTensors


@given(
    samples=st.integers(1, 200),
    scale=st.sampled_from([0.01, 1.0, 30.0]),
    seed=st.integers(0, 2**31),
    softmax_first=st.booleans(),
)
def test_loss_and_gradient_are_autograds_bit_by_bit(
    samples: int, scale: float, seed: int, softmax_first: bool
) -> None:
    generator = torch.Generator().manual_seed(seed)
    values = scale * torch.randn(10, samples, generator=generator)
    labels = torch.randint(10, (samples,), generator=generator)
    slope = torch.empty(10, samples)
    loss = LossHead(values, labels, slope, softmax_first=softmax_first).run()

    logits = values.clone().requires_grad_()
    given = logits.softmax(0) if softmax_first else logits
    expected = F.nll_loss(given.log_softmax(0).t(), labels)
    expected.backward()  # type: ignore[no-untyped-call]
    assert logits.grad is not None
    assert torch.equal(loss, expected.detach())
    assert torch.equal(slope, logits.grad)

    as_taught = F.cross_entropy(values.t().softmax(dim=1) if softmax_first else values.t(), labels)
    torch.testing.assert_close(loss, as_taught)
    if softmax_first:
        assert float(loss) >= SOFTMAX_FLOOR - 1e-6


def test_the_floor_is_what_torch_gives_for_a_1_and_nine_0s() -> None:
    sure = torch.zeros(1, 10, dtype=torch.float64)
    sure[0, 4] = 1e6
    loss = F.cross_entropy(sure.softmax(dim=1), torch.tensor([4]))
    assert float(loss) == pytest.approx(SOFTMAX_FLOOR, abs=1e-12)
    assert pytest.approx(math.log(math.e + 9) - 1) == SOFTMAX_FLOOR
    assert float(F.softmax(sure.softmax(dim=1), dim=1)[0, 4]) == pytest.approx(0.232, abs=5e-4)


@pytest.mark.parametrize("conv", [(), (ConvBlock(4),)], ids=["MLP", "CNN"])
def test_a_run_has_the_textbooks_losses_and_never_falls_below_the_floor(conv: tuple[ConvBlock, ...]) -> None:
    config = TrainConfig(
        conv=conv,
        hidden=() if conv else (50,),
        learning_rate=0.01,
        softmax_first=True,
        epochs=1,
        train_share=0.05,
        batch_size=100,
    )
    expected = [loss for _, loss in textbook_steps(config, AsTensors())]
    reports = list(train(config))
    losses = np.concatenate([each.losses for each in reports if isinstance(each, StepsReport)])
    (epoch,) = [each for each in reports if isinstance(each, EpochReport)]
    np.testing.assert_allclose(losses, expected, rtol=1e-4)
    assert SOFTMAX_FLOOR < losses.min() < 2.25
    assert SOFTMAX_FLOOR < epoch.test_loss < 2.25
    assert epoch.test_accuracy > 40


def test_only_the_experiment_is_another_run() -> None:
    assert "softmax_first" not in TrainConfig().to_dict()
    config = TrainConfig(softmax_first=True)
    assert TrainConfig.from_dict(config.to_dict()) == config
    assert config.identity != TrainConfig().identity
