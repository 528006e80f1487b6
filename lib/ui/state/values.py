"""A table's values as the session has them, and how what a widget shows becomes one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lib.ui.state.keys import BadValueError, Key, T
from lib.ui.state.session import Session, Store

if TYPE_CHECKING:
    from lib.ui.state.table import Table

MISSING = object()
"""What a widget has that was never drawn."""


class Values:
    """A table's values as they are now, for callbacks: ``values[KEY]``."""

    def __init__(self, table: Table, session: Session) -> None:
        self.table = table
        self._session = session
        self._store: Store = session.store(table.name)

    def __getitem__(self, key: Key[T]) -> T:
        """The value of a key of this table."""
        value: T = self._store.values[self.table.name_of(key)]
        return value


def take_raw(store: Store, key: Key[Any], raw: Any) -> None:
    """What a widget has, as the key's value; a text that means none is kept beside the last good value."""
    name = key.name
    store.shown[name] = list(raw) if isinstance(raw, list) else raw
    try:
        value = key.from_widget(raw)
    except BadValueError:
        store.typed[name] = str(raw)
        return
    store.typed.pop(name, None)
    if value != store.values[name]:
        store.values[name] = value
        store.problems.pop(name, None)
