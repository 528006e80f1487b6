"""One line a run in the server's log, for its operator: a JSON object without anything that names a learner."""

from __future__ import annotations

import json
import logging
from typing import Any

from lib.jobs.runs import Run

LOGGER = "shapelab.runs"
_log = logging.getLogger(LOGGER)


def line(run: Run, now: float) -> dict[str, Any]:
    """What became of a run that is over: ``steps`` and ``training_seconds`` as its learner saw them."""
    execution = run.execution
    return {
        "event": "run",
        "work": type(execution.config).__name__,
        "device": execution.config.device,
        "status": str(run.outcome),
        "reason": None if run.reason is None else str(run.reason.kind),
        "detail": "" if run.reason is None else run.reason.detail,
        "shared": run.shared,
        "attempts": execution.attempts,
        "steps": run.steps,
        "training_seconds": round(run.clock, 3),
        "age_seconds": round(max(0.0, now - run.created), 3),
    }


def log_run(run: Run, now: float) -> None:
    """Write it; ``now`` is ``time.time()``."""
    _log.info(json.dumps(line(run, now), ensure_ascii=False))
