"""What cannot be set down to disk need not be: the largest of it holds little, and comes to an end."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest

from lib.core.autograd.parallel import MAX_BATCH, ParallelConfig
from lib.core.finetune.config import MAX_STEPS, Base, FinetuneConfig, parameter_shapes
from lib.core.training.config import ConfigError
from lib.core.training.mnist_race import (
    MAX_ENTRANTS,
    MAX_EPOCHS,
    MAX_HIDDEN,
    Entrant,
    MnistRaceConfig,
    Rule,
)
from lib.core.workflow.path import WorkflowConfig
from lib.jobs.settings import ManagerSettings
from lib.jobs.work import CAN_BE_SET_DOWN, WORK

ENTRANTS = (Entrant(Rule.ADAM, 0.001),) * MAX_ENTRANTS
LARGEST_RACE = MnistRaceConfig(ENTRANTS, hidden=MAX_HIDDEN, epochs=MAX_EPOCHS)
FLOAT_BYTES, COPIES = 4, 4
"""Weights, gradients, and the two moments of Adam."""


def test_which_works_those_are() -> None:
    own = {
        config for config in WORK if config.__module__.startswith("lib.")
    }  # other tests have works of theirs
    names = {config.__name__ for config in own - CAN_BE_SET_DOWN}
    retrained = {"AsOfConfig", "CloserConfig"}  # what a run's own settings, bounded there, train again
    assert names - retrained == {"FinetuneConfig", "MnistRaceConfig", "WorkflowConfig", "ParallelConfig"}


def test_a_race_is_bounded() -> None:
    parameters = 784 * MAX_HIDDEN + MAX_HIDDEN + 10 * MAX_HIDDEN + 10
    held = parameters * FLOAT_BYTES * COPIES * MAX_ENTRANTS
    assert held < ManagerSettings().paused_bytes / 16
    with pytest.raises(ConfigError):
        replace(LARGEST_RACE, epochs=MAX_EPOCHS + 1)
    with pytest.raises(ConfigError):
        replace(LARGEST_RACE, hidden=MAX_HIDDEN + 1)
    with pytest.raises(ConfigError):
        MnistRaceConfig((*ENTRANTS, ENTRANTS[0]))


@pytest.mark.parametrize("base", Base)
def test_a_fine_tuning_is_bounded(base: Base) -> None:
    parameters = sum(math.prod(shape) for shape in parameter_shapes(base, 10).values())
    assert parameters * FLOAT_BYTES * COPIES < ManagerSettings().paused_bytes / 16
    with pytest.raises(ConfigError):
        FinetuneConfig(steps=MAX_STEPS + 1, base=base)


def test_paths_and_processes_are_bounded() -> None:
    with pytest.raises(ValueError, match="1 or 2"):
        WorkflowConfig(())
    with pytest.raises(ValueError, match="samples"):
        ParallelConfig(batch=MAX_BATCH + 1)
