"""What a component is given is sent without a look at pandas, and without a hash of it.

Streamlit asks of everything that a component is given whether it is a kind of table, and imports pandas and pyarrow
for that: 40 MB a server, and some tests more for each component of each run. Text is none; and as long as nobody has
imported pandas, no list and no dictionary is one either.

It also writes down once more and hashes all that a component is given, for components without a key: ours have one,
and that alone says which one it is.

Private: ``determine_data_format`` and ``is_dataframe_like`` in the modules that send components,
``BidiComponentMixin._build_bidi_identity_kwargs``. Without them the server needs that memory, and that time.
"""

from __future__ import annotations

import sys
from typing import Any

from streamlit.components.v2.bidi_component import main, serialization
from streamlit.dataframe_util import DataFormat
from streamlit.proto.BidiComponent_pb2 import BidiComponent

from lib.ui.adapters.replaced import Part, replace_once

WHOLE, PART, IDENTITY = "determine_data_format", "is_dataframe_like", "_build_bidi_identity_kwargs"
_NO_DATA = BidiComponent()


def send_as_it_is() -> bool:
    """See to it, once a process; False where Streamlit has no such places."""

    def whole(original: Part) -> Part:
        return lambda data: DataFormat.UNKNOWN if isinstance(data, str) else original(data)

    def part(original: Part) -> Part:
        def is_table(data: Any) -> Any:
            return (not isinstance(data, (list, dict)) or "pandas" in sys.modules) and original(data)

        return is_table

    def identity(original: Part) -> Part:
        return lambda mixin, **named: original(mixin, **{**named, "proto": _NO_DATA, "data": None})

    places = (main, WHOLE, whole), (serialization, PART, part), (main.BidiComponentMixin, IDENTITY, identity)
    return [replace_once(*place) for place in places].count(True) == len(places)
