"""``/health``: what an operator, or a probe, wants to know of a running server, as JSON."""

from __future__ import annotations

import importlib.metadata
import os
import sys
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from lib.jobs.manager import get_manager

PYPROJECT = Path(__file__).resolve().parents[3] / "pyproject.toml"


@cache
def versions() -> dict[str, str]:
    """What runs here; torch is not imported for it.

    >>> sorted(versions())
    ['python', 'shapelab', 'streamlit', 'torch']
    """
    project = tomllib.loads(PYPROJECT.read_text("utf-8"))["project"]
    packages = {name: importlib.metadata.version(name) for name in ("streamlit", "torch")}
    return {"shapelab": project["version"], "python": sys.version.split()[0], **packages}


def memory_bytes(pid: int) -> int | None:
    """What a process holds, pages it shares with others divided among them (PSS); None where no Linux says so.

    >>> held = memory_bytes(os.getpid())
    >>> held is None or held > 1e6
    True
    """
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text("ascii").splitlines()
    except OSError:  # no Linux, or the process has just ended
        return None
    return next((1024 * int(line.split()[1]) for line in lines if line.startswith("Pss:")), None)


def health() -> dict[str, Any]:
    """The answer: ``queue`` trainings wait; ``running`` are the learners' runs that are not over, those included that
    wait, are paused or share a training with others.

    ``problems`` are what this server cannot keep, in words."""
    stats = get_manager().health()
    held = [memory_bytes(pid) for pid in stats.workers]
    return {
        "status": "ok",
        "version": versions()["shapelab"],
        "versions": versions(),
        "queue": stats.queue_length,
        "running": stats.active_runs,
        "kept_runs": stats.kept_runs,
        "workers": len(stats.workers),
        "set_down": stats.set_down,
        "problems": list(stats.problems),
        "memory": {
            "server_bytes": memory_bytes(os.getpid()),
            "worker_bytes": None if None in held else sum(size for size in held if size is not None),
            "runs_bytes": stats.byte_count,
        },
        "disk": {"snapshot_bytes": stats.snapshot_byte_count},
    }


def health_route(_: Request) -> Response:
    """Not ``async``: reading the memory takes a few milliseconds, in which others shall be served."""
    return JSONResponse(health(), headers={"Cache-Control": "no-store"})
