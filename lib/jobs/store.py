"""What outlives the server: finished runs, and what learners keep, in one SQLite file of a bounded size.

Writes are done by a thread of their own, in order; whoever asks for one never waits. Each is a transaction, so that a
server that is killed loses at most what it had not yet begun to write. Where nothing can be written (no folder is
named, a full disk, a read-only one) everything else goes on, and :attr:`Store.problem` says so until all of it is
written: what could not be is tried again.
"""

from __future__ import annotations

import contextlib
import logging
import queue
import sqlite3
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_log = logging.getLogger(__name__)
FILE = "shapelab.sqlite"
_VERSION = 1
_PAGE_BYTES = 4096
_BUSY_SECONDS = 5.0
_AGAIN_SECONDS = 10.0
"""What could not be written is tried again with whatever is written next, and after so long in any case."""
MOST_LATE = 200
"""More than so many are not tried again: they hold what they would write in memory."""
_SLACK = 1.25
"""The file may be so many times larger than what is kept in it."""
_SCHEMA = """
CREATE TABLE IF NOT EXISTS logs (key TEXT PRIMARY KEY, data BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS runs (
    id TEXT PRIMARY KEY, owner TEXT NOT NULL, name TEXT, data BLOB NOT NULL, seen REAL NOT NULL,
    log TEXT NOT NULL REFERENCES logs (key));
CREATE INDEX IF NOT EXISTS runs_of ON runs (owner);
CREATE INDEX IF NOT EXISTS runs_with ON runs (log);
CREATE TABLE IF NOT EXISTS learners (
    owner TEXT NOT NULL, key TEXT NOT NULL, data BLOB NOT NULL, seen REAL NOT NULL, PRIMARY KEY (owner, key));
"""
_HELD = """
SELECT (SELECT coalesce(sum(length(data)), 0) FROM logs) + (SELECT coalesce(sum(length(data)), 0) FROM runs)
     + (SELECT coalesce(sum(length(data)), 0) FROM learners)
"""


_Write = Callable[[sqlite3.Connection], None]


@dataclass(frozen=True)
class StoredRun:
    """A run as bytes, and its log's name; ``name`` is the learner's for it."""

    id: str
    owner: str
    name: str | None
    data: bytes
    log: str


class Store:
    """All methods may be called from any thread; reads wait for the disk, writes do not."""

    def __init__(self, folder: Path | None, limit_bytes: int) -> None:
        """Without a folder nothing is kept, and that is no problem."""
        self._limit_bytes = limit_bytes
        self._lock = threading.Lock()
        self._reader: sqlite3.Connection | None = None
        self._tasks: queue.SimpleQueue[tuple[str, _Write] | None] = queue.SimpleQueue()
        self._late: dict[str, _Write] = {}
        self._thread: threading.Thread | None = None
        self.problem = ""
        """Why something is not kept yet; empty where all is."""
        if folder is not None:
            self._open(folder)

    @property
    def is_open(self) -> bool:
        """Whether anything is kept at all."""
        return self._thread is not None

    def put_run(self, run_id: str, run: Callable[[], StoredRun], log: Callable[[], bytes]) -> None:
        """Keep a run that is over; ``run`` is called in the store's thread, and ``log`` where its log is new."""

        def write(connection: sqlite3.Connection) -> None:
            row = run()
            if not connection.execute("SELECT 1 FROM logs WHERE key = ?", (row.log,)).fetchone():
                connection.execute("INSERT INTO logs VALUES (?, ?)", (row.log, log()))
            connection.execute(
                "INSERT OR REPLACE INTO runs VALUES (?, ?, ?, ?, ?, ?)",
                (row.id, row.owner, row.name, row.data, time.time(), row.log),
            )

        self._write(f"run {run_id}", write)

    def rename_run(self, run_id: str, name: str | None) -> None:
        """Give it another name."""
        self._write(
            f"name of {run_id}",
            lambda connection: _run(connection, "UPDATE runs SET name = ? WHERE id = ?", name, run_id),
        )

    def delete_run(self, run_id: str) -> None:
        """Forget it, and its log with the last run that has it."""

        def write(connection: sqlite3.Connection) -> None:
            connection.execute("DELETE FROM runs WHERE id = ?", (run_id,))
            _delete_logs(connection)

        self._write(f"run {run_id}", write)

    def run(self, run_id: str) -> StoredRun | None:
        """A run; None where there is none."""
        found = self._read("id = ?", run_id)
        return found[0] if found else None

    def runs_of(self, owner: str) -> list[StoredRun]:
        """All runs of a learner."""
        return self._read("owner = ?", owner)

    def log(self, key: str) -> bytes | None:
        """A run's log; None where there is none."""
        found = self._rows("SELECT data FROM logs WHERE key = ?", key)
        return found[0][0] if found else None

    def put_learner(self, owner: str, key: str, data: bytes | None) -> None:
        """Keep what a learner has under a key; None forgets it."""

        def write(connection: sqlite3.Connection) -> None:
            if data is None:
                _run(connection, "DELETE FROM learners WHERE owner = ? AND key = ?", owner, key)
            else:
                _run(
                    connection,
                    "INSERT OR REPLACE INTO learners VALUES (?, ?, ?, ?)",
                    owner,
                    key,
                    data,
                    time.time(),
                )

        self._write(f"{key} of {owner}", write)

    def learner(self, owner: str) -> dict[str, bytes]:
        """What a learner keeps, by key."""
        return {
            str(key): data
            for key, data in self._rows("SELECT key, data FROM learners WHERE owner = ?", owner)
        }

    def flush(self) -> None:
        """Wait until all that was asked for is written, or could not be."""
        if self._thread is not None:
            done = threading.Event()
            self._write("", lambda _: done.set())
            done.wait()

    def close(self) -> None:
        """Write what is left. Harmless if repeated."""
        thread, self._thread = self._thread, None
        if thread is not None:
            self._tasks.put(None)
            thread.join()
        with self._lock:
            if self._reader is not None:
                self._reader.close()
                self._reader = None

    def _open(self, folder: Path) -> None:
        try:
            folder.mkdir(parents=True, exist_ok=True)
            writer = self._connect(folder / FILE)
            self._reader = self._connect(folder / FILE)
        except (OSError, sqlite3.Error) as error:
            self._complain(error)
            return
        self._thread = threading.Thread(target=self._work, args=(writer,), name="store", daemon=True)
        self._thread.start()

    def _connect(self, file: Path) -> sqlite3.Connection:
        connection = sqlite3.connect(file, timeout=_BUSY_SECONDS, check_same_thread=False)
        try:
            connection.execute("PRAGMA auto_vacuum = INCREMENTAL")
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = NORMAL")
            connection.execute(f"PRAGMA journal_size_limit = {self._limit_bytes // 4}")
            connection.execute(f"PRAGMA max_page_count = {int(_SLACK * self._limit_bytes) // _PAGE_BYTES}")
            (version,) = connection.execute("PRAGMA user_version").fetchone()
            if version not in (0, _VERSION):
                raise sqlite3.DatabaseError(f"the file is of version {version}, this server's is {_VERSION}")
            connection.executescript(_SCHEMA)
            connection.execute(f"PRAGMA user_version = {_VERSION}")
        except BaseException:
            connection.close()
            raise
        return connection

    def _work(self, connection: sqlite3.Connection) -> None:
        with contextlib.closing(connection):
            while True:
                try:
                    task = self._tasks.get(timeout=_AGAIN_SECONDS if self._late else None)
                except queue.Empty:
                    self._catch_up(connection)
                    continue
                if task is None:
                    self._catch_up(connection)
                    return
                what, write = task
                self._late.pop(what, None)  # what is newer takes its place
                self._catch_up(connection)
                self._do(connection, what, write)

    def _catch_up(self, connection: sqlite3.Connection) -> None:
        """Try what is late, until something still cannot be written: that comes last the next time."""
        for what in list(self._late):
            if not self._do(connection, what, self._late.pop(what)):
                return

    def _do(self, connection: sqlite3.Connection, what: str, write: _Write) -> bool:
        """Write it; False where that is to be tried again."""
        before = connection.total_changes
        try:
            with connection:
                write(connection)
                self._trim(connection)
            connection.execute("PRAGMA incremental_vacuum").fetchall()
        except (OSError, sqlite3.OperationalError) as error:
            self._complain(error)
            self._late[what] = write
            if len(self._late) > MOST_LATE:
                del self._late[next(iter(self._late))]
            return False
        except Exception as error:
            _log.exception("%s could not be kept", what)
            if isinstance(error, sqlite3.Error):
                self._complain(error)
            return True
        if connection.total_changes > before and not self._late:
            self.problem = ""
        return True

    def _trim(self, connection: sqlite3.Connection) -> None:
        """Forget the runs that lie here longest until the rest fits, then what learners keep."""
        for table in ("runs", "learners"):
            while connection.execute(_HELD).fetchone()[0] > self._limit_bytes:
                oldest = (
                    f"DELETE FROM {table} WHERE rowid = (SELECT rowid FROM {table} ORDER BY seen LIMIT 1)"
                )
                if connection.execute(oldest).rowcount < 1:
                    break
                _delete_logs(connection)

    def _write(self, what: str, write: _Write) -> None:
        """``what`` names it: of two that are late the newer one counts."""
        if self._thread is not None:
            self._tasks.put((what, write))

    def _read(self, condition: str, value: str) -> list[StoredRun]:
        rows = self._rows(f"SELECT id, owner, name, data, log FROM runs WHERE {condition}", value)
        return [StoredRun(*row) for row in rows]

    def _rows(self, question: str, value: str) -> list[tuple[Any, ...]]:
        with self._lock:
            if self._reader is None:
                return []
            try:
                return self._reader.execute(question, (value,)).fetchall()
            except sqlite3.Error as error:
                self._complain(error)
                return []

    def _complain(self, error: Exception) -> None:
        self.problem = getattr(error, "strerror", None) or str(error)
        _log.warning("runs, trays and shelves cannot be kept: %s", error)


def _run(connection: sqlite3.Connection, statement: str, *values: object) -> None:
    connection.execute(statement, values)


def _delete_logs(connection: sqlite3.Connection) -> None:
    connection.execute("DELETE FROM logs WHERE key NOT IN (SELECT log FROM runs)")
