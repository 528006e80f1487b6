"""A learner's cursor at a pace of its own, started at step 0; pictures within their bound."""

from __future__ import annotations

import numpy as np
import pytest

from lib.core.training.config import TrainConfig
from lib.core.training.picture_codec import RUN_BYTES, packed, unpacked
from lib.core.training.reports import Picture, StepsReport
from lib.jobs.manager import RunManager
from lib.jobs.pictures import FEWEST, PictureLog
from lib.jobs.runs import Execution, Run
from lib.jobs.views import Action, RunStatus
from tests.jobs.waiting import LONG
from tests.jobs.works import CountConfig

CONFIG = CountConfig(epochs=1, steps_per_epoch=100)
SECONDS_A_STEP = 0.001


def run_at(tempo: float | None, *, trained: int) -> Run:
    execution = Execution(1, "", CONFIG)
    run = Run("id", "me", 1, None, 0.0, execution, shared=False, advanced_at=0.0, tempo=tempo)
    execution.runs.append(run)
    train(execution, trained)
    return run


def train(execution: Execution, steps: int) -> None:
    log = execution.log
    for _ in range(steps):
        log.append(log.seconds + SECONDS_A_STEP, StepsReport(log.steps, np.zeros(1, np.float32), 0.0, 0))
    execution.is_done = log.steps == CONFIG.total_steps


@pytest.mark.parametrize("every", [0.05, 0.5, 3.0])
def test_so_many_steps_a_second_however_often_one_looks(every: float) -> None:
    run = run_at(10.0, trained=100)
    now = 0.0
    while now < 5.99:
        now += every
        run.advance(now)
        assert run.steps == pytest.approx(min(100, 10 * now), abs=1)
    run.advance(11.0)
    assert (run.steps, run.outcome) == (100, RunStatus.FINISHED)


def test_the_log_holds_a_slow_cursor_up_and_it_does_not_catch_up() -> None:
    run = run_at(10.0, trained=5)
    run.advance(3.0)
    assert run.steps == 5
    train(run.execution, 50)
    run.advance(4.0)
    assert run.steps == 15


def test_pausing_stepping_and_another_tempo() -> None:
    run = run_at(10.0, trained=100)
    run.advance(2.0)
    run.act(Action.PAUSE)
    run.advance(9.0)
    assert (run.steps, run.is_paused) == (20, True)
    run.act(Action.STEP)
    run.advance(9.1)
    assert run.steps == 21
    run.act(Action.RESUME)
    run.advance(10.1)
    assert run.steps == 31
    run.set_tempo(1.0)
    run.advance(12.1)
    assert run.steps == 33
    run.set_tempo(None)
    run.advance(12.2)
    assert run.outcome is RunStatus.FINISHED


def test_a_run_that_starts_paused_shows_step_0_and_waits(trainer: RunManager) -> None:
    config = TrainConfig(epochs=1, train_share=0.05, hidden=(12,), seed=77)
    run = trainer.submit(config, "slow", paused=True, tempo=10.0)
    view = trainer.wait(run, lambda view: bool(view.pictures), LONG)
    assert (view.status, view.steps_done, [shot.step for shot in view.pictures]) == (
        RunStatus.PAUSED,
        0,
        [0],
    )
    trainer.control(run, "slow", Action.STEP)
    view = trainer.wait(run, lambda view: len(view.pictures) > 1, LONG)
    assert (view.steps_done, [shot.step for shot in view.pictures]) == (1, [0, 1])
    trainer.set_tempo(run, "slow", 1e4)
    trainer.control(run, "slow", Action.EPOCH)
    view = trainer.wait(run, lambda view: bool(view.epochs), LONG)
    assert (view.steps_done, view.pictures[-1].step) == (47, 47)
    trainer.control(run, "slow", Action.RESUME)
    view = trainer.wait(run, lambda view: view.status is RunStatus.FINISHED, LONG)
    assert view.final is not None
    trainer.remove(run, "slow")


def noise(count: int) -> tuple[list[Picture], list[np.ndarray]]:
    made = np.random.default_rng(0)
    shots: list[Picture] = []
    pictures: list[np.ndarray] = []
    for step in range(count):
        levels = made.integers(-127, 128, (50, 28, 28)).astype(np.int8)
        before = pictures[-1] if pictures else None
        shots.append(Picture(step, step - 1, 0.0, 50, 28, packed(levels, before), b"", b"", True))
        pictures.append(levels)
    return shots, pictures


def test_a_runs_pictures_stay_within_4_megabytes_and_can_be_made_few() -> None:
    log = PictureLog()
    shots, pictures = noise(180)
    most = 0
    for shot in shots:
        log.append(float(shot.step), shot)
        most = max(most, log.byte_count)
    assert most <= RUN_BYTES + 50_000
    assert log.make_small()
    left = log.until(1e9)
    assert FEWEST - 4 <= len(left) <= FEWEST
    assert (left[0].step, left[-1].step) == (0, 179)
    assert not log.make_small()
    levels = None
    for shot in left:
        levels = unpacked(shot, levels)
        assert np.array_equal(levels, pictures[shot.step])
