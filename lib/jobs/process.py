"""The server's handle on one worker process."""

from __future__ import annotations

import contextlib
import logging
import pickle
import queue
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

from lib.jobs import messages
from lib.jobs.views import Reason, ReasonKind

_log = logging.getLogger(__name__)
_ROOT = Path(__file__).resolve().parents[2]
_CLOSE_SECONDS = 5.0


class WorkerProcess:
    """A child that speaks :mod:`lib.jobs.messages`; a thread of the server listens to it.

    ``on_message`` and ``on_exit`` are called in that thread. Closing our end of its stdin ends the child, and
    the system closes it when the server ends, however it ends.
    """

    def __init__(
        self,
        setup: messages.Setup,
        on_message: Callable[[WorkerProcess, messages.Answer], None],
        on_exit: Callable[[WorkerProcess], None],
    ) -> None:
        self._popen = subprocess.Popen(
            [sys.executable, "-m", "lib.jobs.worker"],
            cwd=_ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        assert self._popen.stdin is not None
        assert self._popen.stdout is not None
        self._commands: BinaryIO = self._popen.stdin  # type: ignore[assignment]
        self._answers: BinaryIO = self._popen.stdout  # type: ignore[assignment]
        self._outgoing: queue.SimpleQueue[messages.Command | None] = queue.SimpleQueue()
        self.pinged_at: float | None = None
        self._on_message = on_message
        self._on_exit = on_exit
        self.is_ready = False
        self.broken: Reason | None = None
        self.send(setup)
        try:
            threading.Thread(target=self._speak, name=f"to-worker-{self.pid}", daemon=True).start()
            threading.Thread(target=self._listen, name=f"worker-{self.pid}", daemon=True).start()
        except RuntimeError as error:  # the system has no thread left
            self._outgoing.put(None)
            self.kill()
            raise OSError(str(error)) from error

    @property
    def pid(self) -> int:
        """The process's number."""
        return self._popen.pid

    @property
    def is_usable(self) -> bool:
        """Whether a run may be given to it: it is alive, and has not said that it cannot work."""
        return self.broken is None and self._popen.poll() is None

    @property
    def death(self) -> str:
        """How it died: "SIGKILL (9)" or "exit code 3"."""
        code = self._popen.wait()
        if code >= 0:
            return f"exit code {code}"
        try:
            return f"{signal.Signals(-code).name} ({-code})"
        except ValueError:
            return f"signal {-code}"

    def send(self, command: messages.Command) -> None:
        """Tell the worker, without waiting: one that hangs reads nothing, and a pipe holds little.

        To a dead one nothing happens, its listener notices soon enough.
        """
        self._outgoing.put(command)

    def kill(self) -> None:
        """End it now."""
        self._popen.kill()

    def close(self) -> None:
        """End it by closing its stdin, or by force if it does not listen."""
        self._outgoing.put(None)
        try:
            self._popen.wait(_CLOSE_SECONDS)
        except subprocess.TimeoutExpired:
            self._popen.kill()
            self._popen.wait()

    def _speak(self) -> None:
        lock = threading.Lock()
        with contextlib.suppress(OSError, ValueError):
            while (command := self._outgoing.get()) is not None:
                messages.send(self._commands, command, lock)
        with contextlib.suppress(OSError):
            self._commands.close()

    def _listen(self) -> None:
        try:
            while (answer := self._receive()) is not None:
                self._on_message(self, answer)
        except Exception as error:
            _log.exception("what worker %d said cannot be taken on", self.pid)
            self.broken = Reason(ReasonKind.ERROR, f"{type(error).__name__}: {error}")
            self.kill()
        with contextlib.suppress(OSError):
            self._answers.close()
        self._popen.wait()
        self._outgoing.put(None)
        self._on_exit(self)

    def _receive(self) -> messages.Answer | None:
        """What it says next; None where it says nothing more, or what cannot be read."""
        try:
            answer: messages.Answer = messages.receive(self._answers)
        except (EOFError, OSError):
            return None
        except (pickle.UnpicklingError, AttributeError, ImportError) as error:
            _log.exception("worker %d sent what cannot be read", self.pid)
            self.broken = Reason(ReasonKind.ERROR, f"unreadable report: {error}")
            self.kill()
            return None
        return answer
