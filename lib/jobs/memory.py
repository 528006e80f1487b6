"""How much memory a further process may take."""

from __future__ import annotations

from pathlib import Path

from lib.jobs.settings import MEGABYTE

_MEMINFO = Path("/proc/meminfo")
_CGROUP = Path("/sys/fs/cgroup")


def free_megabytes(meminfo: Path = _MEMINFO, cgroup: Path = _CGROUP) -> int | None:
    """What is available here: the machine's, or what is left of the container's share. None where it cannot be read.

    >>> free = free_megabytes()
    >>> free is None or free > 0
    True
    """
    left = [_machine(meminfo), _container(cgroup)]
    known = [megabytes for megabytes in left if megabytes is not None]
    return min(known, default=None)


def _machine(meminfo: Path) -> int | None:
    try:
        lines = meminfo.read_text().splitlines()
        kilobytes = next(int(line.split()[1]) for line in lines if line.startswith("MemAvailable:"))
    except (OSError, StopIteration, ValueError, IndexError):
        return None
    return kilobytes // 1024


def _container(cgroup: Path) -> int | None:
    try:
        limit = int((cgroup / "memory.max").read_text())
        used = int((cgroup / "memory.current").read_text())
        # Files that the system only keeps in case somebody asks again are given up when needed.
        stat = dict(line.split() for line in (cgroup / "memory.stat").read_text().splitlines())
        used -= int(stat.get("inactive_file", 0))
    except (OSError, ValueError):
        return None  # "max": no limit
    return max(0, limit - used) // MEGABYTE
