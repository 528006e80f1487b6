"""What learners leave on the server between visits: by owner, then by key. Knows no session.

What stands under :data:`PERSISTENT` keys is written to the manager's store, where it has one. Pages change these
values in place, so what has changed is found by looking: every second at those who were there lately. Only what
holds other things than at the last look is encoded.
"""

from __future__ import annotations

import hashlib
import logging
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from typing import Any

from lib.jobs import codec
from lib.jobs.store import Store

MAX_LEARNERS = 500
_SLACK = 64
"""Room is made for so many at a time."""
TRAY, SHELF, DRAWING, QUIZ = "tray", "shelf", "drawing", "quiz"
PERSISTENT = (TRAY, SHELF, DRAWING, QUIZ)
LATELY_SECONDS = 300.0
_LOOK_SECONDS = 1.0
_log = logging.getLogger(__name__)


def is_empty(values: Mapping[str, Any]) -> bool:
    """Whether nothing is kept there: merely looking leaves empty lists behind.

    >>> is_empty({}), is_empty({"tray": []}), is_empty({"tray": [3]})
    (True, True, False)
    """
    return not any(values.values())


class Learners:
    """One dictionary a learner. Where there are too many, empty ones are forgotten first, then the longest unseen."""

    def __init__(
        self,
        store: Callable[[], Store],
        *,
        most: int = MAX_LEARNERS,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """``store`` is asked each time: a reload of the code opens another."""
        self._store = store
        self._most = most
        self._clock = clock
        self._lock = threading.Lock()
        self._values: OrderedDict[str, dict[str, Any]] = OrderedDict()
        self._seen: dict[str, float] = {}
        self._written: dict[tuple[str, str], bytes] = {}
        self._looked_at: dict[tuple[str, str], tuple[object, ...]] = {}

    def of(self, owner: str) -> dict[str, Any]:
        """This learner's, to be read and changed."""
        with self._lock:
            values = self._values.get(owner)
            if values is None:
                values = self._values[owner] = self._read(owner)
            self._values.move_to_end(owner)
            self._seen[owner] = self._clock()
            if len(self._values) > self._most + _SLACK:
                self._make_room()
            return values

    def keep(self) -> None:
        """Write what has changed."""
        now = self._clock()
        with self._lock:
            lately = [owner for owner, at in self._seen.items() if now - at <= LATELY_SECONDS]
            for owner in lately:
                self._keep(owner)

    def keep_for_ever(self) -> None:
        """Do so every second, in a thread of its own."""

        def look() -> None:
            while True:
                time.sleep(_LOOK_SECONDS)
                try:
                    self.keep()
                except Exception:  # the next look may fare better
                    _log.exception("what learners keep cannot be written")

        threading.Thread(target=look, name="learners", daemon=True).start()

    def _read(self, owner: str) -> dict[str, Any]:
        found = {}
        for key, data in self._store().learner(owner).items():
            try:
                found[key] = codec.decode(data)
            except codec.CodecError as error:
                _log.warning("what a learner kept cannot be read: %s", error)
                continue
            self._written[owner, key] = _digest(data)
        return found

    def _keep(self, owner: str) -> None:
        store = self._store()
        if not store.is_open:
            return
        for key in PERSISTENT:
            value = self._values[owner].get(key)
            parts, known = _parts(value), self._looked_at.get((owner, key))
            if known is not None and _same(parts, known):
                continue
            self._looked_at[owner, key] = parts
            data = codec.encode(value) if value else None
            digest = b"" if data is None else _digest(data)
            if digest != self._written.get((owner, key), b""):
                self._written[owner, key] = digest
                store.put_learner(owner, key, data)

    def _make_room(self) -> None:
        """The newest stays, whoever it is: somebody is about to put something there."""
        *others, _ = self._values
        empty = [owner for owner in others if is_empty(self._values[owner])]
        rest = [owner for owner in others if not is_empty(self._values[owner])]
        for owner in [*empty, *rest][: len(self._values) - self._most]:
            self._keep(owner)
            del self._values[owner]
            self._seen.pop(owner, None)
            for key in PERSISTENT:
                self._written.pop((owner, key), None)
                self._looked_at.pop((owner, key), None)


def _parts(value: Any) -> tuple[object, ...]:
    """What a tray, a shelf or the quiz holds, each thing itself, or the last drawing.

    None of them ever changes, so others are a change.

    >>> _parts(None), _parts([3]), _parts({"w": "randn(2)"}), _parts(b"28 x 28")
    ((), (3,), ('w', 'randn(2)'), (b'28 x 28',))
    """
    if not value:
        return ()
    if isinstance(value, bytes):
        return (value,)
    return (*value, *value.values()) if isinstance(value, Mapping) else tuple(value)


def _same(ours: tuple[object, ...], seen: tuple[object, ...]) -> bool:
    return len(ours) == len(seen) and all(one is other for one, other in zip(ours, seen, strict=True))


def _digest(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()
