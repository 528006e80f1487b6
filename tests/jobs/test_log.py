"""The log's line through time, against a list with one moment for each step."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lib.core.training.reports import EpochReport, StepsReport
from lib.jobs.log import RunLog, approximate_bytes

# (steps, seconds they took, seconds of an evaluation afterwards or None)
Chunks = list[tuple[int, float, float | None]]
chunks = st.lists(
    st.tuples(
        st.integers(1, 40),
        st.floats(0.001, 3, allow_nan=False),
        st.one_of(st.none(), st.floats(0.001, 3, allow_nan=False)),
    ),
    max_size=12,
)


def _epoch(epoch: int, steps_done: int) -> EpochReport:
    return EpochReport(epoch, steps_done, 0.5, 0.4, 9700, 10_000, seconds=0.0)


def _fill(log: RunLog, parts: Chunks) -> list[float]:
    """Append chunks; the oracle is the moment at which each step was done."""
    moments: list[float] = []
    now, epochs = 0.0, 0
    for steps, seconds, evaluation in parts:
        first = len(moments)
        moments += [now + seconds * (index + 1) / steps for index in range(steps)]
        now += seconds
        losses = np.arange(first, first + steps, dtype=np.float32)
        log.append(now, StepsReport(first, losses, now, len(moments) * 8))
        if evaluation is not None:
            now += evaluation
            epochs += 1
            log.append(now, _epoch(epochs, len(moments)))
    return moments


@settings(deadline=None)
@given(chunks)
def test_each_step_is_reached_when_it_was_done(parts: Chunks) -> None:
    log = RunLog()
    moments = _fill(log, parts)
    assert log.steps == len(moments)
    for step, moment in enumerate(moments, start=1):
        assert log.steps_at(moment) in (step, step - 1 if moment == 0 else step)
        assert log.reached(step) >= moment - 1e-9
        assert log.steps_at(log.reached(step)) == step


@settings(deadline=None)
@given(chunks, st.floats(0, 80, allow_nan=False))
def test_any_moment_shows_what_was_done_by_then(parts: Chunks, moment: float) -> None:
    log = RunLog()
    moments = _fill(log, parts)
    done = sum(each <= moment for each in moments)
    assert abs(log.steps_at(moment) - done) <= (1 if any(abs(m - moment) < 1e-4 for m in moments) else 0)
    assert [epoch.epoch for epoch in log.epochs(moment)] == [
        epoch.epoch for epoch in log.reports(moment) if isinstance(epoch, EpochReport)
    ]
    assert all(epoch.steps_done <= log.steps_at(moment) for epoch in log.epochs(moment))


@settings(deadline=None)
@given(chunks)
def test_losses_are_views_that_do_not_change(parts: Chunks) -> None:
    log = RunLog()
    half = len(parts) // 2
    _fill(log, parts[:half])
    early = log.losses(log.steps)
    before = early.copy()
    later = RunLog()
    moments = _fill(later, parts)
    np.testing.assert_array_equal(early, before)
    np.testing.assert_array_equal(later.losses(10**9), np.arange(len(moments)))
    assert not later.losses(3).flags.writeable
    assert later.losses(3).base is not None


def test_an_evaluation_belongs_to_the_step_before_it() -> None:
    log = RunLog()
    log.append(1.0, StepsReport(0, np.zeros(10, np.float32), 1.0, 640))
    assert log.reached(10) == 1.0
    log.append(3.0, _epoch(1, 10))
    assert log.reached(10) == 3.0
    assert log.steps_at(2.9) == 10
    assert not log.epochs(2.9)
    assert log.epochs(3.0)


def test_a_gap_is_refused() -> None:
    log = RunLog()
    log.append(1.0, StepsReport(0, np.zeros(10, np.float32), 1.0, 640))
    with pytest.raises(ValueError, match="steps 12 follow on 10"):
        log.append(2.0, StepsReport(12, np.zeros(10, np.float32), 1.0, 640))


def test_speed_is_that_of_the_window() -> None:
    log = RunLog()
    log.append(10.0, StepsReport(0, np.zeros(100, np.float32), 10.0, 1000))
    log.append(12.0, StepsReport(100, np.zeros(100, np.float32), 12.0, 3000))
    assert log.samples_per_second(10.0, 2.0) == pytest.approx(100)
    assert log.samples_per_second(12.0, 2.0) == pytest.approx(1000)
    assert log.samples_per_second(0.0, 2.0) is None


def test_bytes_count_what_reports_hold() -> None:
    log = RunLog()
    small = log.byte_count
    log.append(1.0, {"weights": np.zeros(100_000, np.float32)})
    assert 400_000 <= log.byte_count - small < 402_000
    assert approximate_bytes([np.zeros(10), "text"]) > 80
