"""A run's cursor, whatever its owner presses and however the training behind it comes along."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from lib.core.training.reports import EpochReport, StepsReport
from lib.jobs.runs import Execution, Run
from lib.jobs.views import Action, RunStatus
from tests.jobs.works import CountConfig

CONFIG = CountConfig(epochs=3, steps_per_epoch=20)

events = st.lists(
    st.one_of(
        st.sampled_from(list(Action)),
        st.floats(0.0, 3.0, allow_nan=False).map(lambda seconds: ("time", seconds)),
        st.integers(1, 30).map(lambda steps: ("train", steps)),
    ),
    max_size=40,
)


def _train(execution: Execution, steps: int) -> None:
    """As a worker would: not beyond the limit, 0.1 s a step, epochs reported with their last step."""
    log = execution.log
    limit = CONFIG.total_steps if execution.limit is None else min(execution.limit, CONFIG.total_steps)
    for _ in range(min(steps, limit - log.steps)):
        done = log.steps + 1
        log.append(log.seconds + 0.1, StepsReport(done - 1, np.zeros(1, np.float32), 0.0, done))
        if done % CONFIG.steps_per_epoch == 0:
            epoch = done // CONFIG.steps_per_epoch
            log.append(log.seconds + 1.0, EpochReport(epoch, done, 0, 0, 0, 1, seconds=0.0))
    execution.is_done = log.steps == CONFIG.total_steps


@settings(deadline=None)
@given(events)
def test_the_cursor_keeps_its_promises(happenings: list[Action | tuple[str, float]]) -> None:
    execution = Execution(1, "", CONFIG)
    run = Run("id", "me", 1, None, 0.0, execution, shared=False, advanced_at=0.0)
    execution.runs.append(run)
    now = 0.0
    for happening in happenings:
        before, was_paused, was_over = run.steps, run.is_paused, run.is_over
        if isinstance(happening, Action):
            run.act(happening)
        elif happening[0] == "time":
            now += happening[1]
        else:
            _train(execution, int(happening[1]))
        run.advance(now)
        assert before <= run.steps <= execution.log.steps
        if was_over or (was_paused and not isinstance(happening, Action)):
            assert run.steps == before
        if run.is_paused:
            assert run.goal == run.steps
        if run.outcome is RunStatus.FINISHED:
            assert run.steps == CONFIG.total_steps
            assert len(run.view(None, None).epochs) == CONFIG.epochs
        view = run.view(None, None)
        assert view.steps_done == len(view.losses) == run.steps
        assert all(epoch.steps_done <= view.steps_done for epoch in view.epochs)


@settings(deadline=None)
@given(events)
def test_left_alone_every_run_that_goes_on_finishes(happenings: list[Action | tuple[str, float]]) -> None:
    execution = Execution(1, "", CONFIG)
    run = Run("id", "me", 1, None, 0.0, execution, shared=False, advanced_at=0.0)
    execution.runs.append(run)
    for happening in happenings:
        if isinstance(happening, Action) and happening is not Action.STOP:
            run.advance(run.advanced_at + 0.3)
            run.act(happening)
            _train(execution, 5)
    run.act(Action.RESUME)
    run.goal = None
    _train(execution, CONFIG.total_steps)
    run.advance(run.advanced_at + 1000)
    assert run.outcome is RunStatus.FINISHED
