"""Trainings that went wrong: real ones are recognised, and what they export is still JSON."""

from __future__ import annotations

import json

import numpy as np
import pytest

from lib.core.training.config import OptimizerKind, TrainConfig
from lib.core.training.engine import Training, train
from lib.core.training.export import metrics_csv, metrics_json
from lib.core.training.pictures import Draft
from lib.core.training.reports import EpochReport, StepsReport
from lib.core.training.trouble import Trouble, TroubleKind, trouble

DIVERGING = TrainConfig(
    hidden=(256, 256, 256, 256),
    learning_rate=5.0,
    optimizer=OptimizerKind.SGD,
    epochs=1,
    train_share=0.02,
    batch_size=64,
)
IDLE = TrainConfig(learning_rate=1e-6, optimizer=OptimizerKind.SGD, epochs=1, train_share=0.34, hidden=(4,))


def losses_of(config: TrainConfig) -> tuple[np.ndarray, list[EpochReport]]:
    reports = list(train(config))
    losses = np.concatenate([each.losses for each in reports if isinstance(each, StepsReport)])
    return losses, [each for each in reports if isinstance(each, EpochReport)]


def test_a_diverging_run_says_where_and_its_files_are_still_json() -> None:
    losses, epochs = losses_of(DIVERGING)
    found = trouble(losses)
    assert found is not None
    assert found.kind is TroubleKind.DIVERGED
    assert np.isfinite(losses[: found.step - 1]).all()
    assert not np.isfinite(losses[found.step - 1])
    read = json.loads(metrics_json(DIVERGING, losses, epochs), parse_constant=pytest.fail)
    assert read["minibatch_losses"][found.step - 1] is None
    assert "nan" not in metrics_csv(losses, epochs, DIVERGING.steps_per_epoch).lower()
    drafts = [each for each in Training(DIVERGING).with_pictures(lambda: 50) if isinstance(each, Draft)]
    pictures = [each.finish() for each in drafts]
    assert pictures[0].is_finite
    assert not pictures[-1].is_finite


def test_a_network_that_learns_nothing_is_recognised() -> None:
    losses, _ = losses_of(IDLE)
    assert trouble(losses) == Trouble(TroubleKind.STUCK, len(losses))


def test_one_that_learns_is_left_alone() -> None:
    losses, _ = losses_of(TrainConfig(epochs=1, train_share=0.4))
    assert trouble(losses) is None
