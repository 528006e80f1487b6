"""What the server and a worker say to each other, and how it crosses the pipe.

A frame is eight bytes of length, then one pickled message. Both ends are this program's own processes,
started by one another; nothing a learner sends is ever unpickled.
"""

from __future__ import annotations

import pickle
import struct
import threading
from dataclasses import dataclass
from typing import Any, BinaryIO

from lib.jobs.views import ReasonKind

_LENGTH = struct.Struct(">Q")


@dataclass(frozen=True)
class Setup:
    """Server to worker, first of all: how to run, and what to import before the first training.

    ``preload`` holds "module" or "module:function" targets; a function is called without arguments.
    """

    threads: int
    niceness: int
    chunk_seconds: float
    preload: tuple[str, ...]
    snapshot_seconds: float = 10.0


@dataclass(frozen=True)
class Start:
    """Server to worker: begin this execution, or take it up. ``limit`` as in :class:`Limit`.

    ``snapshot`` is the file to which it may be set down, None where it cannot be; with ``steps`` above 0 it goes on
    from what lies there: so many steps are done, in so many ``seconds`` of work.
    """

    execution: int
    target: str
    config: Any
    limit: int | None
    snapshot: str | None = None
    steps: int = 0
    seconds: float = 0.0


@dataclass(frozen=True)
class Limit:
    """Server to worker: train until ``limit`` steps are done, then wait; None is to the end."""

    execution: int
    limit: int | None


@dataclass(frozen=True)
class Cancel:
    """Server to worker: nobody needs this execution any more."""

    execution: int


@dataclass(frozen=True)
class SetDown:
    """Server to worker: write this execution to its file, and let go of it."""

    execution: int


@dataclass(frozen=True)
class Ping:
    """Server to worker: are you there?"""


@dataclass(frozen=True)
class Pong:
    """Worker to server: the answer, whatever its trainings are at."""


@dataclass(frozen=True)
class Kept:
    """Worker to server: its file holds the execution as it was after this many steps.

    With ``is_down`` the worker has let go of it.
    """

    execution: int
    steps: int
    byte_count: int
    is_down: bool


@dataclass(frozen=True)
class NotKept:
    """Worker to server: its file could not be written; the training goes on."""

    execution: int
    message: str


@dataclass(frozen=True)
class Ready:
    """Worker to server: everything is imported, runs may start."""


@dataclass(frozen=True)
class Broken:
    """Worker to server, its last word: it could not get ready."""

    message: str


@dataclass(frozen=True)
class Reports:
    """Worker to server: (seconds of work so far, report) pairs, in order."""

    execution: int
    items: tuple[tuple[float, object], ...]


@dataclass(frozen=True)
class Done:
    """Worker to server: the work's generator came to its end."""

    execution: int


@dataclass(frozen=True)
class Failed:
    """Worker to server: the work raised an error with this message."""

    execution: int
    message: str
    kind: ReasonKind = ReasonKind.ERROR


@dataclass(frozen=True)
class Cancelled:
    """Worker to server: a cancelled execution has let go."""

    execution: int


Told = Reports | Done | Failed | Cancelled | Kept | NotKept
"""What a worker says of one execution."""
Command = Setup | Start | Limit | Cancel | SetDown | Ping
Answer = Ready | Broken | Pong | Told


def send(stream: BinaryIO, message: Command | Answer, lock: threading.Lock) -> None:
    """Write one frame, whole, whichever thread asks. Raises: OSError, ValueError where the pipe is closed."""
    body = pickle.dumps(message, protocol=pickle.HIGHEST_PROTOCOL)
    with lock:
        stream.write(_LENGTH.pack(len(body)) + body)
        stream.flush()


def receive(stream: BinaryIO) -> Any:
    """Read one frame. Raises EOFError once the other side is gone.

    >>> import io, threading
    >>> pipe = io.BytesIO()
    >>> send(pipe, Limit(execution=3, limit=None), threading.Lock())
    >>> pipe.seek(0)
    0
    >>> receive(pipe)
    Limit(execution=3, limit=None)
    """
    return pickle.loads(_read_exactly(stream, _LENGTH.unpack(_read_exactly(stream, _LENGTH.size))[0]))


def _read_exactly(stream: BinaryIO, size: int) -> bytes:
    body = stream.read(size)
    if len(body) < size:
        raise EOFError("the other side closed the pipe")
    return body
