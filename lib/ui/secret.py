"""The server's own secret, for what it signs: results of the quiz."""

from __future__ import annotations

import os
import secrets

from lib.jobs.home import once
from lib.jobs.manager import get_manager
from lib.jobs.store import Store

VARIABLE = "SHAPELAB_SECRET"
"""Names the secret where several servers are to know each other's signatures, or one has no folder for its data."""
_OWNER, _KEY = "server", "secret"
_BYTES = 32


def server_secret() -> bytes:
    """The secret: from the environment, else kept with the server's data, else made for as long as it runs."""
    named, store = os.environ.get(VARIABLE), get_manager().store
    return named.encode() if named else once("secret", lambda: _kept(store))


def is_secret_kept() -> bool:
    """Whether the server that is started next knows the same secret."""
    return bool(os.environ.get(VARIABLE)) or get_manager().store.is_open


def _kept(store: Store) -> bytes:
    secret = store.learner(_OWNER).get(_KEY) or secrets.token_bytes(_BYTES)
    # Also where it is known: what was written long ago is forgotten first.
    store.put_learner(_OWNER, _KEY, secret)
    return secret
