"""A race as a run: the same numbers in a worker, one training for equal races."""

from __future__ import annotations

import numpy as np

from lib.core.training.mnist_race import Entrant, MnistRaceConfig, RaceEpoch, Rule, losses_of
from lib.core.training.side_by_side import race
from lib.jobs.manager import RunManager
from lib.jobs.views import RunStatus
from tests.jobs.waiting import LONG

CONFIG = MnistRaceConfig(
    (Entrant(Rule.ADAM, 0.003), Entrant(Rule.MUON, 0.02, 0.1)), hidden=16, train_share=0.05
)


def test_a_race_runs_in_a_worker_and_equal_ones_share_it(trainer: RunManager) -> None:
    before = trainer.health().executions_started
    first, second = trainer.submit(CONFIG, "racer-ann"), trainer.submit(CONFIG, "racer-ben")
    view = trainer.wait(first, lambda run: run.status is RunStatus.FINISHED, LONG)
    reports = list(race(CONFIG))
    np.testing.assert_allclose(losses_of(view.reports, 2), losses_of(reports, 2), rtol=2e-2, atol=1e-3)
    assert [type(report) for report in view.reports][-1] is RaceEpoch
    assert view.steps_done == CONFIG.total_steps == 47
    assert trainer.wait(second, lambda run: run.status is RunStatus.FINISHED, LONG).shared
    assert trainer.health().executions_started == before + 1
