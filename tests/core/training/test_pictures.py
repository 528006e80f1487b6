"""Pictures of a training against a plain loop of PyTorch's own modules, and their 8 bits."""

from __future__ import annotations

import math
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from lib.core.training.config import OptimizerKind, TrainConfig
from lib.core.training.conv_block import ConvBlock
from lib.core.training.data import mnist_tensors
from lib.core.training.engine import Training, state_after, train
from lib.core.training.model import build_model
from lib.core.training.network import Network
from lib.core.training.optimizers import torch_optimizer
from lib.core.training.picture_codec import (
    CONFUSION_DIGITS,
    due_steps,
    levels_of,
    spared,
    thinned,
    unpacked,
    weights_of,
)
from lib.core.training.pictures import LIVE_SECONDS, Draft, Recorder
from lib.core.training.reports import FinalReport, Picture, StepsReport
from tests.core.training.loop import AsTensors

STEPS = 12
MLP = TrainConfig(epochs=2, train_share=0.02, batch_size=200, hidden=(60, 20))
CNN = TrainConfig(
    conv=(ConvBlock(4, batch_norm=True),),
    hidden=(),
    optimizer=OptimizerKind.SGD,
    learning_rate=0.02,
    epochs=2,
    train_share=0.02,
    batch_size=200,
)


def recorded(config: TrainConfig) -> list[Picture]:
    reports = Training(config).with_pictures(lambda: 5)
    return [report.finish() for report in reports if isinstance(report, Draft)]


def plain_models(config: TrainConfig) -> list[dict[str, torch.Tensor]]:
    """The state of PyTorch's own modules before the first step and after each, of a loop as anybody writes it."""
    model = build_model(config)
    loader = torch.utils.data.DataLoader(
        torch.utils.data.Subset(AsTensors(), range(config.train_images)),
        batch_size=config.batch_size,
        shuffle=True,
        generator=torch.Generator().manual_seed(config.seed),
    )
    optimizer = torch_optimizer(config, list(model.parameters()))
    states = [{name: value.clone() for name, value in model.state_dict().items()}]
    for _ in range(config.epochs):
        for images, labels in loader:
            loss = torch.nn.functional.cross_entropy(model(images), labels)
            optimizer.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            optimizer.step()
            states.append({name: value.clone() for name, value in model.state_dict().items()})
    return states


@pytest.mark.parametrize("config", [MLP, CNN], ids=["MLP", "CNN"])
def test_every_step_is_that_of_a_plain_loop(config: TrainConfig) -> None:
    shots, states = recorded(config), plain_models(config)
    assert [shot.step for shot in shots] == list(range(STEPS + 1))
    assert math.isnan(shots[0].loss)
    steps = [report for report in train(config, chunk_steps=lambda: 5) if isinstance(report, StepsReport)]
    assert [shot.loss for shot in shots[1:]] == np.concatenate([report.losses for report in steps]).tolist()
    model, data, levels = build_model(config).eval(), mnist_tensors(), None
    images = data.test_images[:CONFUSION_DIGITS].float().div(255).view(-1, 1, 28, 28)
    labels = data.test_labels[:CONFUSION_DIGITS]
    for shot, state in zip(shots, states, strict=True):
        levels = unpacked(shot, levels)
        first = next(iter(state.values()))[: shot.count].numpy().reshape(levels.shape)
        # Rounding may fall the other way where the engine's floats differ in the last digit.
        assert np.abs(levels.astype(int) - levels_of(first)).max() <= 1
        assert (levels != levels_of(first)).sum() <= max(2, levels.size // 100)
        model.load_state_dict(state)
        with torch.no_grad():
            said = model(images).softmax(dim=1)
        ten = torch.stack([said[labels == digit][0] for digit in range(10)])
        shown = np.frombuffer(shot.probabilities, np.uint8).reshape(10, 10)
        np.testing.assert_allclose(shown / 255, ten.numpy(), atol=0.003)
        counts = np.frombuffer(shot.confusion, "<i2").reshape(10, 10)
        assert counts.sum() == CONFUSION_DIGITS
        assert int(np.trace(counts)) == pytest.approx(int((said.argmax(1) == labels).sum()), abs=8)


@pytest.mark.parametrize(
    ("config", "count", "side"),
    [
        (MLP, 50, 28),
        (replace(MLP, hidden=()), 10, 28),
        (replace(CNN, conv=(ConvBlock(3, 5), ConvBlock(2, 7))), 3, 5),
        (replace(CNN, conv=(ConvBlock(51, 7, 0),)), 50, 7),
    ],
)
def test_the_first_picture_is_of_the_network_as_it_starts(config: TrainConfig, count: int, side: int) -> None:
    draft = next(Training(config).with_pictures(lambda: 1))
    assert isinstance(draft, Draft)
    shot = draft.finish()
    assert (shot.step, shot.after, shot.count, shot.side) == (0, -1, count, side)
    model, data = build_model(config).eval(), mnist_tensors()
    first = next(model.parameters())[:count].detach().numpy()
    assert np.abs(unpacked(shot, None).astype(int) - levels_of(first).reshape(count, side, side)).max() <= 1
    with torch.no_grad():
        said = model(data.test_images[:CONFUSION_DIGITS].float().div(255).view(-1, 1, 28, 28)).argmax(dim=1)
    counts = np.frombuffer(shot.confusion, "<i2").reshape(10, 10).sum(axis=0)
    assert np.abs(counts - np.bincount(said.numpy(), minlength=10)).sum() <= 8


def test_a_slow_training_is_looked_at_between_the_steps_that_are_due(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = [0.0]
    monkeypatch.setattr("lib.core.training.pictures.time.perf_counter", lambda: clock[0])
    config = replace(MLP, epochs=50)
    live, chosen = Recorder(config, mnist_tensors()), Recorder(config, mnist_tensors(), [0, 150])
    assert live.begins_with(0)
    assert live.begins_with(7)
    assert chosen.begins_with(0)
    assert not Recorder(config, mnist_tensors(), [150]).begins_with(0)
    for passed, is_due in ((0.0, False), (LIVE_SECONDS, False), (LIVE_SECONDS + 0.01, True)):
        clock[0] = passed
        assert live.is_due(103) is is_due
        assert live.is_due(108), "whatever the time"
        assert not chosen.is_due(103)
        assert chosen.is_due(150)
    clock[0] = 200.0
    live.take(Network(config), 103, 1.0)
    assert not live.is_due(104)


def test_levels_of_no_number_are_none() -> None:
    back = weights_of(np.array([-128, 0, 127], np.int8))
    assert str(back.dtype) == "float32"
    assert math.isnan(back[0])
    assert back[1:].tolist() == [0, pytest.approx(4)]


def test_early_steps_are_spared_to_the_last_of_them() -> None:
    steps = [0, 1, 2, 3, 4, 8, 16]
    assert [step for step, is_kept in zip(steps, spared(steps, 5, every_step_to=3), strict=True) if is_kept] == [
        0, 1, 2, 3, 16,
    ]  # fmt: skip


def test_a_network_as_of_a_step_is_the_one_of_the_run() -> None:
    *_, final = state_after(MLP, 7, mnist_tensors(), lambda: 4)
    assert isinstance(final, FinalReport)
    for name, value in plain_models(MLP)[7].items():
        np.testing.assert_allclose(final.weights[name], value.numpy(), atol=1e-5)


@given(arrays(np.float32, st.integers(1, 50), elements=st.floats(-8, 8, width=32)))
def test_levels_are_the_nearest(weights: np.ndarray) -> None:
    levels = levels_of(weights)
    again = weights_of(levels)
    assert np.array_equal(levels_of(again), levels)
    inside = np.abs(weights) <= 4
    off = np.abs(again - weights)[inside]
    assert (off <= 0.032 * np.abs(weights)[inside] + 1.3e-4).all()


@given(st.integers(1, 3_000_000))
def test_due_steps_begin_one_by_one_and_spread(total: int) -> None:
    steps = due_steps(total)
    assert steps[: min(total, 100) + 1] == list(range(min(total, 100) + 1))
    assert steps[-1] == total
    assert all(one < other for one, other in pairwise(steps))
    assert len(steps) < 300


@given(st.data())
def test_thinned_pictures_look_as_before(data: st.DataObject) -> None:
    shots = recorded_once()
    kept = [True, *data.draw(st.lists(st.booleans(), min_size=STEPS - 1, max_size=STEPS - 1)), True]
    fewer = thinned(shots, kept)
    assert [shot.step for shot in fewer] == [i for i, is_kept in enumerate(kept) if is_kept]
    whole = pictures(shots)
    for step, picture in pictures(fewer).items():
        assert np.array_equal(picture, whole[step])


_once: list[Picture] = []


def recorded_once() -> list[Picture]:
    if not _once:
        _once.extend(recorded(MLP))
    return _once


def pictures(shots: list[Picture]) -> dict[int, np.ndarray]:
    found: dict[int, np.ndarray] = {}
    for shot in shots:
        found[shot.step] = unpacked(shot, found.get(shot.after))
    return found


@given(st.integers(2, 400), st.integers(2, 400))
def test_what_is_spared_keeps_the_ends(total: int, count: int) -> None:
    kept = spared(range(total), count, every_step_to=0)
    assert kept[0]
    assert kept[-1]
    assert sum(kept) <= max(2, count)
