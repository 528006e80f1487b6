"""A browser is referred to a message that it keeps only where it still keeps it when the reference comes.

Streamlit's frontend keeps large messages until two more runs have ended without them, and names those that it has
with whatever it asks for; the server answers with references to them. Of two requests in a row the second names what
is forgotten as soon as the first one is answered: a slider that was moved to and fro, or a lost connection, ended a
learner's page with "Cached ForwardMsg MISS". Here the server counts, too, and refers to what it has sent in the last
few runs alone: half as many as those for which browsers are told to keep it (``global.maxCachedMessageAge`` in
.streamlit/config.toml).

Private: ``ScriptRunContext.reset``, its ``cached_message_hashes`` and ``fragment_storage``, and ``enqueue``. Without
them a page may end that way.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from weakref import WeakKeyDictionary

import streamlit as st
from streamlit.runtime.scriptrunner import ScriptRunContext

from lib.ui.adapters.replaced import Part, replace_once

BEGIN, SEND, KEPT, STORAGE = "reset", "enqueue", "cached_message_hashes", "fragment_storage"
OPTION = "global.maxCachedMessageAge"


@dataclass
class _Sent:
    """One tab's: the number of its run, and that of the last one that sent each message, by the message's hash."""

    run: int = 0
    last: dict[str, int] = field(default_factory=dict)


def refer_to_what_is_kept() -> bool:
    """See to it, once a process; False where Streamlit has no such places."""
    tabs: WeakKeyDictionary[Any, _Sent] = WeakKeyDictionary()

    def sent_to(context: Any) -> _Sent:
        return tabs.setdefault(getattr(context, STORAGE), _Sent())

    def begun(original: Part) -> Part:
        def begin(context: Any, *arguments: Any, **named: Any) -> None:
            original(context, *arguments, **named)
            sent = sent_to(context)
            sent.run += 1
            oldest = sent.run - int(st.get_option(OPTION)) // 2
            sent.last = {hash_: run for hash_, run in list(sent.last.items()) if run >= oldest}
            setattr(context, KEPT, getattr(context, KEPT) & sent.last.keys())

        return begin

    def noted(original: Part) -> Part:
        def send(context: Any, message: Any) -> None:
            original(context, message)
            if message.metadata.cacheable:
                sent = sent_to(context)
                sent.last[message.hash] = sent.run

        return send

    places = (ScriptRunContext, BEGIN, begun), (ScriptRunContext, SEND, noted)
    return [replace_once(*place) for place in places].count(True) == len(places)
