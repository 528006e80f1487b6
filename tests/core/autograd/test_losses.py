"""Losses and their gradients against torch, and the numbers that the page states."""

from __future__ import annotations

import contextlib
import io
import math

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from hypothesis import given, settings
from hypothesis import strategies as st

from lib.core.autograd.losses import (
    BATCH_LOGITS,
    BATCH_TARGETS,
    LogitsError,
    Sample,
    cross_entropy,
    floor_with_probabilities,
    floor_with_smoothing,
    loss_code,
    parse_logits,
    untrained_loss,
    weighted_mean,
    write_logits,
)
from lib.core.autograd.numbers import written


@st.composite
def samples(draw: st.DrawFn) -> Sample:
    logits = draw(st.lists(st.floats(-20, 20, width=32), min_size=2, max_size=10))
    smoothing = draw(st.sampled_from([0.0, 0.1, 0.5, 1.0]))
    return Sample(tuple(logits), draw(st.integers(0, len(logits) - 1)), smoothing, draw(st.booleans()))


@settings(deadline=None)
@given(samples())
def test_loss_and_gradient_are_torchs(sample: Sample) -> None:
    logits = torch.tensor([sample.logits], dtype=torch.float64, requires_grad=True)
    fed = logits.softmax(dim=1) if sample.as_probabilities else logits
    loss = F.cross_entropy(fed, torch.tensor([sample.target]), label_smoothing=sample.smoothing)
    loss.backward()  # type: ignore[no-untyped-call]
    ours = cross_entropy(sample)
    np.testing.assert_allclose(ours.loss, loss.item(), rtol=1e-9, atol=1e-12)
    assert logits.grad is not None
    np.testing.assert_allclose(ours.gradient, logits.grad[0].numpy(), rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(ours.p, fed.softmax(dim=1)[0].detach().numpy(), rtol=1e-9, atol=1e-12)


def test_the_floors_are_where_the_page_says() -> None:
    perfect = F.cross_entropy(torch.eye(10, dtype=torch.float64)[:1], torch.tensor([0])).item()
    assert perfect == pytest.approx(floor_with_probabilities(10))
    assert round(perfect, 4) == 1.4612
    logits = torch.zeros(1, 10, dtype=torch.float64, requires_grad=True)
    optimizer = torch.optim.LBFGS([logits], max_iter=200, tolerance_grad=1e-12, tolerance_change=1e-15)

    def closure() -> float:
        optimizer.zero_grad()
        loss = F.cross_entropy(logits, torch.tensor([0]), label_smoothing=0.1)
        loss.backward()  # type: ignore[no-untyped-call]
        return float(loss)

    for _ in range(5):
        optimizer.step(closure)  # type: ignore[no-untyped-call]
    assert closure() == pytest.approx(floor_with_smoothing(10, 0.1), abs=1e-7)
    assert round(floor_with_smoothing(10, 0.1), 4) == 0.5003
    assert logits.softmax(dim=1)[0, 0].item() == pytest.approx(1 - 0.1 + 0.1 / 10, abs=1e-4)
    assert F.cross_entropy(torch.zeros(1, 10), torch.tensor([4])).item() == pytest.approx(untrained_loss(10))
    assert round(untrained_loss(10), 3) == 2.303 == round(math.log(10), 3)


@given(st.floats(0.1, 20))
def test_the_weighted_mean_divides_by_the_weights(weight: float) -> None:
    logits, targets = torch.tensor(BATCH_LOGITS, dtype=torch.float64), torch.tensor(BATCH_TARGETS)
    theirs = F.cross_entropy(
        logits, targets, weight=torch.tensor([1.0, weight, 1.0], dtype=torch.float64)
    ).item()
    assert weighted_mean(weight).mean == pytest.approx(theirs)


@settings(max_examples=20, deadline=None)
@given(samples(), st.sampled_from([0.5, 1.0, 5.0]))
def test_the_program_prints_the_screens_numbers(sample: Sample, weight: float) -> None:
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(loss_code(sample, weight), {})  # noqa: S102, a program of our own making
    lines = dict(line.split(" = ") for line in printed.getvalue().splitlines())
    ours = cross_entropy(sample)
    for name, value in {"loss": np.array(ours.loss), "softmax": ours.p, "gradient": ours.gradient}.items():
        theirs = np.array(eval(lines[name]))  # noqa: S307, floats of our own printing
        np.testing.assert_allclose(theirs, value, rtol=2e-5, atol=1e-9)
    assert lines["weighted mean"] == written(np.array(weighted_mean(weight).mean))


@pytest.mark.parametrize(
    "text", ["", "1", "1, x", "1, nan", "1, inf", "1, 99", "1 2 3 4 5 6 7 8 9 10 11", "１, 2"]
)
def test_bad_logits_are_refused(text: str) -> None:
    with pytest.raises(LogitsError):
        parse_logits(text)


def test_logits_survive_their_text() -> None:
    assert parse_logits(write_logits((2.0, -0.5, 1e-3))) == (2.0, -0.5, 1e-3)
