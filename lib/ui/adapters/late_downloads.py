"""A download that is asked for in the moment in which a redraw replaces its button is still there.

Streamlit makes a file that is to be computed when it is asked for under a new name each time its button is drawn,
and forgets the old name at the end of that run, or of anybody else's. A press that was under way then found
nothing. Here what no button on a page stands for any more is forgotten a little later.

Private: ``MediaFileManager._remove_orphaned_deferred_callables``, ``_deferred_callables``, ``_drop_deferred_id`` and
``_files_by_session_and_coord``. Without them such a press fails, and the learner has to press again.
"""

from __future__ import annotations

import time
from typing import Any

from streamlit.runtime.media_file_manager import MediaFileManager

from lib.ui.adapters.replaced import Part, replace_once

METHOD = "_remove_orphaned_deferred_callables"
KEPT_SECONDS = 15.0
"""Longer than a press is ever under way."""


def keep_late_downloads() -> bool:
    """See to it, once a process; False where Streamlit has no such place."""

    def late(original: Part) -> Part:
        replaced_at: dict[str, float] = {}

        def remove(manager: Any) -> None:
            nonlocal replaced_at
            try:
                now = time.monotonic()
                since = {name: replaced_at.get(name, now) for name in _without_button(manager)}
                replaced_at = {name: then for name, then in since.items() if now - then < KEPT_SECONDS}
                for name in since.keys() - replaced_at.keys():
                    manager._drop_deferred_id(name)
            except AttributeError:
                original(manager)

        return remove

    return replace_once(MediaFileManager, METHOD, late)


def _without_button(manager: Any) -> list[str]:
    """Names of files that were to be computed and that stand on no page any more."""
    shown = {name for page in manager._files_by_session_and_coord.values() for name in page.values()}
    return [name for name in manager._deferred_callables if name not in shown]
