"""The operator's log: one line a run, whatever became of it, and no learner in it."""

from __future__ import annotations

import json
import logging

import pytest

from lib.jobs.operator_log import LOGGER
from tests.jobs.conftest import MakeManager
from tests.jobs.waiting import LONG, is_over
from tests.jobs.works import LoggedConfig, Trouble


def test_one_line_a_run(make_manager: MakeManager, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, LOGGER)
    manager = make_manager(tick_seconds=0.05)
    good = manager.submit(LoggedConfig(), "a learner")
    manager.wait(good, is_over, LONG)
    bad = manager.submit(LoggedConfig(trouble=Trouble.ERROR), "another learner", name="my run")
    manager.wait(bad, is_over, LONG)
    last = manager.submit(LoggedConfig(tag="endless", epochs=1000), "a third learner")
    manager.wait(last, lambda view: view.steps_done > 10, LONG)
    manager.tick()
    manager.tick()
    manager.close()
    manager.close()
    # Other managers of this process, as the one that all trainings share, log their ended runs meanwhile.
    told = [json.loads(record.getMessage()) for record in caplog.records if record.name == LOGGER]
    lines = [line for line in told if line["work"] == LoggedConfig.__name__]
    assert [(line["status"], line["reason"]) for line in lines] == [
        ("finished", None),
        ("failed", "error"),
        ("stopped", "server closed"),
    ]
    assert (lines[0]["steps"], lines[0]["work"], lines[0]["shared"]) == (100, "LoggedConfig", False)
    assert "learner" not in json.dumps(lines)
    assert "my run" not in json.dumps(lines)
