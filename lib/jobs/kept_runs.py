"""Runs that are over as the store keeps them, and back."""

from __future__ import annotations

import logging

from lib.jobs import codec
from lib.jobs.log import RunLog
from lib.jobs.runs import Execution, Run
from lib.jobs.store import StoredRun
from lib.jobs.views import Reason, ReasonKind, RunStatus
from lib.jobs.work import WORK

_log = logging.getLogger(__name__)
NO_NUMBER = 0


def stored(run: Run) -> StoredRun:
    """The run as bytes; its training is over. Raises: CodecError."""
    values = {
        "number": run.number,
        "created": run.created,
        "shared": run.shared,
        "clock": run.clock,
        "steps": run.steps,
        "outcome": str(run.outcome),
        "reason": None if run.reason is None else (str(run.reason.kind), run.reason.detail),
    }
    return StoredRun(run.id, run.owner, run.name, codec.encode(values), run.execution.key)


def stored_training(execution: Execution) -> bytes:
    """A training that is over, with its log. Raises: CodecError."""
    return codec.encode(
        {"config": execution.config, "is_done": execution.is_done, "log": execution.log.parts()}
    )


def training_of(key: str, data: bytes) -> Execution | None:
    """The training, over, whose log has that key; None where this version cannot read it."""
    try:
        log = codec.decode(data)
        config, is_done = log["config"], bool(log["is_done"])
        execution = Execution(NO_NUMBER, WORK[type(config)], config, RunLog.of_parts(log["log"]))
    except (codec.CodecError, KeyError, TypeError) as error:
        _log.warning("a run that was kept cannot be read: %s", error)
        return None
    execution.key, execution.is_done, execution.is_cancelled = key, is_done, not is_done
    return execution


def run_of(kept: StoredRun, execution: Execution, now: float) -> Run | None:
    """The run on its training; None where this version cannot read it."""
    try:
        values = codec.decode(kept.data)
        reason = values["reason"]
        return Run(
            id=kept.id,
            owner=kept.owner,
            number=int(values["number"]),
            name=kept.name,
            created=float(values["created"]),
            execution=execution,
            shared=bool(values["shared"]),
            advanced_at=now,
            goal=int(values["steps"]),
            clock=float(values["clock"]),
            outcome=RunStatus(values["outcome"]),
            reason=None if reason is None else Reason(ReasonKind(reason[0]), str(reason[1])),
            seen_at=now,
            is_logged=True,
            is_stored=True,
        )
    except (codec.CodecError, KeyError, TypeError, ValueError) as error:
        _log.warning("a run that was kept cannot be read: %s", error)
        return None
