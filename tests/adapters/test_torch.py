"""After an upgrade of torch: which of its private things that the training uses are gone, in plain words."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from lib.core import torchvision_compat
from lib.core.adapters import log_softmax
from lib.core.adapters.fused_optimizers import RULES, Rule, fused_kernel
from lib.core.training.config import OptimizerKind, TrainConfig
from lib.core.training.optimizers import flat_update


@pytest.mark.parametrize("rule", RULES)
def test_fused_update_rules(rule: Rule) -> None:
    assert fused_kernel(rule) is not None, (
        f"torch has no _fused_{rule}_ any more: training with it goes on by torch.optim, at about half the speed"
    )


@pytest.mark.parametrize("kind", list(OptimizerKind))
def test_without_them_the_numbers_stay(kind: OptimizerKind, monkeypatch: pytest.MonkeyPatch) -> None:
    start = torch.linspace(-1, 1, 40)
    config = TrainConfig(optimizer=kind, weight_decay=0.01)
    found = []
    for kernel_is_there in (True, False):
        if not kernel_is_there:
            monkeypatch.setattr("lib.core.training.optimizers.fused_kernel", lambda _: None)
        parameters, gradients = start.clone(), torch.empty(40)
        update = flat_update(config, parameters, gradients)
        for step in range(5):
            gradients.copy_(torch.sin(parameters * (step + 1)))
            update()
        found.append(parameters)
    assert not torch.equal(found[0], start)
    torch.testing.assert_close(found[0], found[1], rtol=1e-5, atol=1e-7)


def test_gradient_of_log_softmax() -> None:
    assert log_softmax.KERNEL is not None, (
        "torch has no _log_softmax_backward_data any more: each training step takes three passes more"
    )


def test_gradient_of_softmax() -> None:
    assert log_softmax.SOFTMAX_KERNEL is not None, (
        "torch has no _softmax_backward_data any more: a step with softmax before the loss takes three passes more"
    )


@pytest.mark.parametrize(
    ("function", "works"),
    [
        (torch.log_softmax, (log_softmax.log_softmax_backward, log_softmax.written_out)),
        (torch.softmax, (log_softmax.softmax_backward, log_softmax.softmax_written_out)),
    ],
    ids=["log_softmax", "softmax"],
)
@given(st.integers(1, 20), st.integers(1, 40), st.integers(0, 2**31))
def test_written_out_it_is_the_same(
    function: Callable[..., torch.Tensor],
    works: tuple[Callable[..., None], ...],
    classes: int,
    samples: int,
    seed: int,
) -> None:
    generator = torch.Generator().manual_seed(seed)
    logits = torch.randn(classes, samples, generator=generator, requires_grad=True)
    slope = torch.randn(classes, samples, generator=generator)
    values = function(logits, 0)
    torch.autograd.backward(values, slope)
    assert logits.grad is not None
    for work in works:
        out = torch.empty(classes, samples)
        work(slope, values.detach(), out)
        torch.testing.assert_close(out, logits.grad, rtol=1e-4, atol=1e-5)


def test_declared_operators_can_be_told() -> None:
    assert hasattr(torch._C, "_dispatch_has_kernel"), (
        "torch no longer says which operators are declared: torchvision may fail to import beside a CPU-only torch"
    )
    assert torchvision_compat._is_declared("no such operator") is False
