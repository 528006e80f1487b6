"""A training set down and taken up again, against the same training left alone: equal to the last bit."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
import torch
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from lib.core.training.config import Activation, ConfigError, OptimizerKind, TrainConfig
from lib.core.training.conv_block import ConvBlock, Pooling
from lib.core.training.data import MnistTensors, mnist_tensors
from lib.core.training.engine import Training, train
from lib.core.training.reports import EpochReport, FinalReport, Report, StepsReport
from lib.core.training.state import StateError, TrainState

MLP = TrainConfig(hidden=(12,), batch_size=100, epochs=3, train_share=0.01, optimizer=OptimizerKind.MOMENTUM)
SETTINGS = {
    "activation": st.sampled_from(list(Activation)),
    "optimizer": st.sampled_from(list(OptimizerKind)),
    "batch_size": st.integers(40, 700),
    "epochs": st.integers(1, 3),
    "weight_decay": st.sampled_from([0.0, 0.01]),
    "seed": st.integers(0, 2**31 - 1),
}
BLOCK = st.builds(
    ConvBlock,
    channels=st.integers(1, 4),
    kernel=st.sampled_from([1, 3, 5]),
    padding=st.integers(0, 1),
    pool=st.sampled_from(Pooling),
    batch_norm=st.booleans(),
)
HIDDEN = st.lists(st.integers(1, 24), max_size=3)


def few() -> MnistTensors:
    """MNIST with 300 of its test images: what is evaluated costs more here than what is trained."""
    whole = mnist_tensors()
    return replace(whole, test_images=whole.test_images[:300], test_labels=whole.test_labels[:300])


def numbers(reports: list[Report]) -> tuple[bytes, list[EpochReport], dict[str, bytes]]:
    """All that a training says, but for the time it took."""
    final = reports[-1]
    assert isinstance(final, FinalReport)
    steps = [report for report in reports if isinstance(report, StepsReport)]
    assert [report.first_step for report in steps[1:]] == [report.steps_done for report in steps[:-1]]
    losses = np.concatenate([report.losses for report in steps])
    epochs = [replace(report, seconds=0.0) for report in reports if isinstance(report, EpochReport)]
    arrays: dict[str, np.ndarray] = {
        **final.weights,
        "predictions": final.predictions,
        "confidences": final.confidences,
    }
    return losses.tobytes(), epochs, {name: values.tobytes() for name, values in arrays.items()}


def set_down_at(config: TrainConfig, places: list[int]) -> list[Report]:
    """The reports of a training that moves to a fresh one, by way of bytes, after each of these steps."""
    told: list[Report] = []
    training = Training(config, few())
    for place in [*sorted(places), math.inf]:
        for report in training.reports(_steps_up_to(place, training)):
            told.append(report)
            if isinstance(report, StepsReport) and report.steps_done == place:
                break
        data = training.state().to_bytes()
        training = Training(config, few())
        training.restore(TrainState.from_bytes(data))
    return told


def _steps_up_to(place: float, training: Training) -> Callable[[], int]:
    def steps() -> int:
        return int(min(7, max(1, place - training.steps_done)))

    return steps


@settings(max_examples=25, deadline=None, derandomize=True)
@given(
    data=st.data(), hidden=HIDDEN, blocks=st.lists(BLOCK, max_size=2), others=st.fixed_dictionaries(SETTINGS)
)
def test_numbers_are_the_same_wherever_it_was_set_down(
    data: st.DataObject, hidden: list[int], blocks: list[ConvBlock], others: dict[str, object]
) -> None:
    try:
        config = TrainConfig(hidden=tuple(hidden), conv=tuple(blocks), train_share=0.01, **others)  # type: ignore[arg-type]
    except ConfigError:
        assume(False)
    places = data.draw(st.sets(st.integers(1, config.total_steps), min_size=1, max_size=3))
    assert numbers(set_down_at(config, list(places))) == numbers(list(train(config, few())))


@pytest.mark.parametrize("is_fused", [True, False])
@pytest.mark.parametrize("kind", list(OptimizerKind))
def test_each_optimizer_is_set_down_and_so_are_torchs_own(
    kind: OptimizerKind, is_fused: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not is_fused:
        monkeypatch.setattr("lib.core.training.optimizers.fused_kernel", lambda _: None)
    config = replace(MLP, optimizer=kind, weight_decay=0.01)
    assert numbers(set_down_at(config, [1, 9])) == numbers(list(train(config, few())))


def test_between_an_epochs_end_and_the_next_ones_beginning() -> None:
    whole = list(train(MLP, few()))
    first = Training(MLP, few())
    told: list[Report] = []
    for report in first.reports(lambda: 100):
        told.append(report)
        if isinstance(report, EpochReport):
            break
    second = Training(MLP, few())
    second.restore(first.state())
    assert numbers([*told, *second.reports(lambda: 100)]) == numbers(whole)


def test_a_state_is_a_copy() -> None:
    training = Training(MLP, few())
    reports = training.reports(lambda: 1)
    next(reports)
    state = training.state()
    before = state.to_bytes()
    next(reports)
    assert state.to_bytes() == before


def test_what_is_no_state_is_refused() -> None:
    data = Training(MLP, few()).state().to_bytes()
    with pytest.raises(StateError, match=r"the state of .*, not of"):
        Training(replace(MLP, seed=1)).restore(TrainState.from_bytes(data))
    for damaged in (
        b"",
        data[:100],
        data[:-1],
        b"\x80\x04N.",
        b"\xff" * 20,
        data.replace(b'"w', b'"v', 1)[8:],
    ):
        with pytest.raises(StateError):
            TrainState.from_bytes(damaged)
    state = TrainState.from_bytes(data)
    smaller = {**state.tensors, "network.parameters": torch.zeros(3)}
    with pytest.raises(StateError, match=r"network\.parameters"):
        Training(MLP, few()).restore(TrainState(state.place, smaller))
    header = json.loads(data[8 : 8 + int.from_bytes(data[:8], "little")])
    assert header["__metadata__"].keys() == {"shapelab.training"}, "tensors and JSON, nothing else"
