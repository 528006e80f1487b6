"""The processes of a running app, from outside: which they are, whether they live, and how to make them stand still."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

from tests.e2e.server import Server
from tests.processes import is_alive, ps


def processes(server: Server) -> list[Any]:
    """Workers and what they started."""
    return list(ps.Process(server.pid).children(recursive=True))


def workers(server: Server) -> list[Any]:
    """Those that compute; there is at least one."""
    found = [each for each in processes(server) if is_alive(each) and "lib.jobs.worker" in each.cmdline()]
    assert found, "no worker runs"
    return found


@contextlib.contextmanager
def standing_still(server: Server) -> Iterator[None]:
    """No worker computes meanwhile: whatever trains still does afterwards, however long a browser takes.

    The server ends workers that answer nothing: give it SHAPELAB_HANG_SECONDS enough.
    """
    stopped = workers(server)
    for each in stopped:
        each.suspend()
    try:
        yield
    finally:
        for each in stopped:
            each.resume()
