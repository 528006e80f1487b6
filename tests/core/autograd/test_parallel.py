"""What DDP comes to, computed without a process: against torch, and the two conditions under which it is faithful."""

from __future__ import annotations

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from hypothesis import given
from hypothesis import strategies as st

from lib.core.autograd.parallel import (
    MAX_BATCH,
    ParallelConfig,
    Reduction,
    batch_of,
    first_weights,
    gradient,
    relative_difference,
    simulate,
)


@st.composite
def configs(draw: st.DrawFn) -> ParallelConfig:
    batch = draw(st.integers(2, MAX_BATCH))
    return ParallelConfig(batch, draw(st.integers(1, batch - 1)), draw(st.sampled_from(Reduction)))


@given(configs())
def test_gradients_are_torchs(config: ParallelConfig) -> None:
    x, y = batch_of(config.batch)
    weights = torch.tensor(first_weights(), requires_grad=True)
    prediction = torch.from_numpy(x) @ weights[:2] + weights[2]
    F.mse_loss(prediction, torch.from_numpy(y[:, 0]), reduction=str(config.reduction)).backward()  # type: ignore[no-untyped-call]
    assert weights.grad is not None
    np.testing.assert_allclose(
        gradient(first_weights(), x, y, config.reduction), weights.grad.numpy(), rtol=1e-10
    )


@given(configs())
def test_a_mean_loss_and_equal_shards_are_what_it_takes(config: ParallelConfig) -> None:
    differences = [relative_difference(step.averaged, step.single) for step in simulate(config)]
    assert config.is_faithful == (max(differences) < 1e-9)


@given(configs())
def test_data_parallel_adds_up_to_one_loss(config: ParallelConfig) -> None:
    """DataParallel's way: one loss on the gathered outputs, so that the parts' gradients add up, whatever the parts."""
    x, y = batch_of(config.batch)
    parts = [slice(0, config.first), slice(config.first, None)]
    total = sum(gradient(first_weights(), x[part], y[part], Reduction.SUM) for part in parts)
    whole = gradient(first_weights(), x, y, Reduction.MEAN)
    np.testing.assert_allclose(total / config.batch, whole, rtol=1e-10)


@pytest.mark.skipif(torch.cuda.is_available(), reason="with a GPU it splits")
def test_without_a_gpu_data_parallel_just_calls_the_module() -> None:
    model = torch.nn.Linear(2, 1)
    x = torch.ones(3, 2)
    parallel = torch.nn.DataParallel(model)
    assert parallel.device_ids == []
    assert torch.equal(parallel(x), model(x))
