"""A slower processor for the browser's pages: they stand still three quarters of the time, and cost nothing meanwhile.

Chromium's own brake (``Emulation.setCPUThrottlingRate``) keeps a processor busy with waiting, also for a page that
rests: with a few pages beside each other it is the machine that is measured. Here a process of its own stops and
continues the processes that draw pages (SIGSTOP, SIGCONT).
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psutil

from tests.processes import ps

ROOT = Path(__file__).resolve().parents[2]
RUN_SECONDS = 0.006
"""How long a page runs in one go: shorter than a frame."""
LOOK_SECONDS = 0.25
"""How often new pages are looked for."""
RENDERER = "--type=renderer"


@contextlib.contextmanager
def braked(pid: int, slower: int) -> Iterator[None]:
    """All pages of browsers below a process have a processor that is so many times slower, those to come, too."""
    brake = subprocess.Popen([sys.executable, "-m", "tests.e2e.brake", str(pid), str(slower)], cwd=ROOT)
    try:
        yield
    finally:
        brake.terminate()
        brake.wait()


def renderers(pid: int) -> list[int]:
    """The processes below one that draw pages."""
    found = []
    with contextlib.suppress(psutil.NoSuchProcess):
        for child in ps.Process(pid).children(recursive=True):
            with contextlib.suppress(psutil.Error):
                if RENDERER in " ".join(child.cmdline()):
                    found.append(child.pid)
    return found


def send(pids: list[int], which: signal.Signals) -> None:
    """To all that are still there."""
    for pid in pids:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, which)


def hold(pid: int, slower: int) -> None:
    """Until this process is ended, or the one above it is gone."""
    pids: list[int] = []
    looked = 0.0
    try:
        while ps.pid_exists(pid):
            if time.monotonic() - looked > LOOK_SECONDS:
                pids, looked = renderers(pid), time.monotonic()
            time.sleep(RUN_SECONDS)
            send(pids, signal.SIGSTOP)
            time.sleep((slower - 1) * RUN_SECONDS)
            send(pids, signal.SIGCONT)
    finally:
        send(pids, signal.SIGCONT)


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit())
    hold(int(sys.argv[1]), int(sys.argv[2]))
