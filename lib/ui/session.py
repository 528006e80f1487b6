"""What a tab remembers across pages, in no address."""

from __future__ import annotations

import secrets

from lib.ui.state import Memo, Table


def _new_viewer() -> str:
    return secrets.token_urlsafe(8)


VIEWER: Memo[str] = Memo("viewer", default=_new_viewer)
"""This tab, for the heartbeats of the runs that it watches."""

SESSION = Table("session", VIEWER, page="")
