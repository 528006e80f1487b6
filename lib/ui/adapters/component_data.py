"""What a component is given is sent without a look at pandas.

Streamlit asks of everything that a component is given whether it is a kind of table, and imports pandas and pyarrow
for that: 40 MB a server, and some tests more for each component of each run. Text is none; and as long as nobody has
imported pandas, no list and no dictionary is one either.

Private: ``determine_data_format`` and ``is_dataframe_like`` in the modules that send components. Without them the
server needs that memory.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import wraps
from types import ModuleType
from typing import Any

from streamlit.components.v2.bidi_component import main, serialization
from streamlit.dataframe_util import DataFormat

WHOLE, PART = "determine_data_format", "is_dataframe_like"


def send_without_pandas() -> bool:
    """See to it, once a process; False where Streamlit has no such places."""
    whole = _replace(main, WHOLE, DataFormat.UNKNOWN, lambda data: isinstance(data, str))
    part = _replace(
        serialization,
        PART,
        False,
        lambda data: isinstance(data, (list, dict)) and "pandas" not in sys.modules,
    )
    return whole and part


def _replace(module: ModuleType, name: str, answer: object, is_known: Callable[[object], bool]) -> bool:
    original = getattr(module, name, None)
    if original is None:
        return False
    if not hasattr(original, "__wrapped__"):

        @wraps(original)
        def ask(data: Any) -> Any:
            return answer if is_known(data) else original(data)

        setattr(module, name, ask)
    return True
