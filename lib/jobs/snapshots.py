"""The folder in which trainings lie that were set down."""

from __future__ import annotations

import contextlib
import logging
import os
import secrets
import shutil
import tempfile
from pathlib import Path
from typing import IO

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]

_log = logging.getLogger(__name__)
_PREFIX = "shapelab-trainings-"
_LOCK = "lock"
"""Held by its server: in a container each server is process 1, and a second one's processes cannot be seen."""


class SnapshotFolder:
    """One a manager, made when it is first needed, gone with it; folders of servers that are gone go, too."""

    def __init__(self, data_dir: Path | None) -> None:
        self._parent = data_dir if data_dir is not None else Path(tempfile.gettempdir())
        self._folder: Path | None = None
        self._lock: IO[bytes] | None = None
        self.problem = ""
        """Why nothing can be set down; empty where it can."""

    def path(self, number: int) -> Path | None:
        """Where an execution's state lies, whether or not it does already; None where nothing can be written."""
        if self._folder is None and not self.problem:
            self._make()
        return None if self._folder is None else self._folder / f"{number}.safetensors"

    def drop(self, number: int) -> None:
        """The execution is over."""
        if self._folder is not None:
            for suffix in ("safetensors", "part"):
                try:
                    (self._folder / f"{number}.{suffix}").unlink(missing_ok=True)
                except OSError:
                    _log.exception("a training's file cannot be removed")

    def close(self) -> None:
        """Remove all of it."""
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)
        if self._lock is not None:
            self._lock.close()

    def _make(self) -> None:
        try:
            self._parent.mkdir(parents=True, exist_ok=True)
            _remove_left_over(self._parent)
            folder = self._parent / f"{_PREFIX}{os.getpid()}-{secrets.token_hex(4)}"
            folder.mkdir(mode=0o700)
            self._lock = _locked(folder)
        except OSError as error:
            self.problem = error.strerror or type(error).__name__
            _log.warning("trainings cannot be set down to disk: %s", error)
        else:
            self._folder = folder


def _remove_left_over(parent: Path) -> None:
    """Folders of processes that were killed."""
    for folder in parent.glob(f"{_PREFIX}*"):
        number = folder.name.removeprefix(_PREFIX).split("-")[0]
        if fcntl is not None and (folder / _LOCK).exists():
            is_left = (lock := _locked(folder)) is not None
            if lock is not None:
                lock.close()
        else:
            is_left = number.isdigit() and not _is_alive(int(number))
        if is_left:
            shutil.rmtree(folder, ignore_errors=True)


def _locked(folder: Path) -> IO[bytes] | None:
    """The folder's lock, taken; None where somebody has it, or there are none. The system lets go of a dead one's."""
    if fcntl is None:
        return None
    with contextlib.ExitStack() as stack:
        try:
            lock = stack.enter_context((folder / _LOCK).open("wb"))
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return None
        stack.pop_all()
        return lock


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0) if os.name == "posix" else None
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True
