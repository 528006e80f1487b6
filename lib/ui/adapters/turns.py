"""Learners' pages are drawn one after the other, not all at once; one that takes long is overtaken.

Each session draws in a thread of its own, and Python runs one thread at a time: sixty pages that are drawn at once
are all ready late, and the event loop that sends what is ready waits for each of them. Here who came first is drawn
first. Who has had :data:`LONG_SECONDS` goes on beside the next one, so that whoever waits for a worker, a lock or a
file holds up nobody. Of sixty learners on /convolution who move a slider once a second 19 in 20 see the answer in half
to a third of the time.

Private: ``ScriptRunner._run_script``. Without it all are drawn at once.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager

from streamlit.runtime.scriptrunner.script_runner import ScriptRunner

from lib.ui.adapters.replaced import Part, replace_once

METHOD = "_run_script"
LONG_SECONDS = 0.05
"""Two to four times what a move of a slider takes."""


class Turns:
    """Who may go on now, in the order in which they came.

    >>> turns = Turns()
    >>> with turns.mine():
    ...     "nobody else's"
    "nobody else's"
    """

    def __init__(self, long_seconds: float = LONG_SECONDS) -> None:
        """``long_seconds``: after this the next one need not wait any more."""
        self._long = long_seconds
        self._lock = threading.Lock()
        self._waiting: deque[threading.Event] = deque()
        self._holder: threading.Event | None = None
        self._over_at = 0.0

    @contextmanager
    def mine(self) -> Iterator[None]:
        """Wait for the turn, and let the next one have it at the end."""
        ticket = threading.Event()
        self._take(ticket)
        try:
            yield
        finally:
            with self._lock:
                if self._holder is ticket:
                    self._holder = None
                    self._wake_next()

    def _take(self, ticket: threading.Event) -> None:
        with self._lock:
            self._waiting.append(ticket)
        while True:
            with self._lock:
                left = 0.0 if self._holder is None else self._over_at - time.monotonic()
                is_next = self._waiting[0] is ticket
                if is_next and left <= 0:
                    self._waiting.popleft()
                    self._holder, self._over_at = ticket, time.monotonic() + self._long
                    self._wake_next()
                    return
                ticket.clear()
            ticket.wait(left if is_next else None)

    def _wake_next(self) -> None:
        """The next one looks whether it has the turn, or how long it has to wait for it."""
        if self._waiting:
            self._waiting[0].set()


def draw_in_turns() -> bool:
    """See to it, once a process; False where Streamlit has no such place."""
    turns = Turns()

    def in_turn(original: Part) -> Part:
        def run(runner: ScriptRunner, *arguments: object, **named: object) -> object:
            with turns.mine():
                return original(runner, *arguments, **named)

        return run

    return replace_once(ScriptRunner, METHOD, in_turn)
