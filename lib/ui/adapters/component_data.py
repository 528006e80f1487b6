"""What a component is given is sent without a look at pandas.

Streamlit asks of everything that a component is given whether it is a kind of table, and imports pandas and pyarrow
for that: 40 MB a server, and some tests more for each component of each run. Text is none; and as long as nobody has
imported pandas, no list and no dictionary is one either.

Private: ``determine_data_format`` and ``is_dataframe_like`` in the modules that send components. Without them the
server needs that memory.
"""

from __future__ import annotations

import sys
from typing import Any

from streamlit.components.v2.bidi_component import main, serialization
from streamlit.dataframe_util import DataFormat

from lib.ui.adapters.replaced import Part, replace_once

WHOLE, PART = "determine_data_format", "is_dataframe_like"


def send_without_pandas() -> bool:
    """See to it, once a process; False where Streamlit has no such places."""

    def whole(original: Part) -> Part:
        return lambda data: DataFormat.UNKNOWN if isinstance(data, str) else original(data)

    def part(original: Part) -> Part:
        def is_table(data: Any) -> Any:
            return (not isinstance(data, (list, dict)) or "pandas" in sys.modules) and original(data)

        return is_table

    replaced = replace_once(main, WHOLE, whole), replace_once(serialization, PART, part)
    return all(replaced)
