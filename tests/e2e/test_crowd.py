"""Eighty learners open a page, move, go on to /train and train: no error, and each of them reads the final line.

No browser: headless learners of the bench, which redraw by their timers as browsers do.
"""

from __future__ import annotations

import pytest

from tests.bench.class_ import crowd
from tests.e2e.server import running_app
from tests.own_loop import in_own_loop

pytestmark = pytest.mark.long

LEARNERS = "80"


def test_no_learner_of_a_crowd_misses_the_end_of_a_training() -> None:
    with running_app() as server:
        told = in_own_loop(crowd(server.url, server.pid, LEARNERS))
    assert told["crowd_first_problems"] == []
    assert (told["crowd_learners"], told["crowd_lost_runs"], told["crowd_errors"]) == (int(LEARNERS), 0, 0)
