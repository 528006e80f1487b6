"""Widgets look a value up in the session without making a copy of all of it.

Streamlit's widgets ask whether a key has a value by ``get_session_state().filtered_state``: a dictionary of all that
the session holds, in which each component's value is wrapped anew in a class made for it. A page with a dozen
components and as many widgets spends a tenth of its time on that. Here the same mapping looks up what is asked for.

Private: ``SafeSessionState.filtered_state``, ``_state`` and ``_lock``. Without them pages take that tenth longer.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from streamlit.runtime.state.common import is_element_id
from streamlit.runtime.state.safe_session_state import SafeSessionState

PROPERTY = "filtered_state"
_INTERNAL = "$$"


class _Values(Mapping[str, Any]):
    """What a session holds by key: as ``filtered_state`` has it, one value at a time."""

    def __init__(self, session: Any, all_of_them: Any) -> None:
        self._session = session
        self._all = all_of_them

    def __contains__(self, key: object) -> bool:
        if not isinstance(key, str) or not self._may_have(key):
            return False
        with self._session._lock:
            return key in self._session._state

    def __getitem__(self, key: str) -> Any:
        if not self._may_have(key):
            raise KeyError(key)
        with self._session._lock:
            return self._session._state[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._all(self._session))

    def __len__(self) -> int:
        return len(self._all(self._session))

    def __repr__(self) -> str:
        return repr(self._all(self._session))

    def _may_have(self, key: str) -> bool:
        return not is_element_id(key) and not key.startswith(_INTERNAL)


def look_up_single_values() -> bool:
    """See to it, once a process; False where Streamlit has no such place."""
    original = SafeSessionState.__dict__.get(PROPERTY)
    if not isinstance(original, property):
        return False
    if getattr(original.fget, "__module__", "") != __name__:
        all_of_them = original.fget

        def values(session: Any) -> _Values:
            return _Values(session, all_of_them)

        setattr(SafeSessionState, PROPERTY, property(values))
    return True
