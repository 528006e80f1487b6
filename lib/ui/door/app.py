"""What the app behind the door is made of."""

from __future__ import annotations

import logging
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any, TypedDict

from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.routing import BaseRoute, Route

from lib.jobs.manager import get_manager
from lib.ui.boundary import show_failure
from lib.ui.devices import devices
from lib.ui.door import files
from lib.ui.door.addresses import PREFIX, route
from lib.ui.door.compressed import Compressed
from lib.ui.door.documents import Documents
from lib.ui.door.health import health_route
from lib.ui.door.origins import OwnOrigins
from lib.ui.door.owner_cookie import OwnerCookie, question_route
from lib.ui.door.presence import set_open
from lib.ui.owner import keep_learners


class Parts(TypedDict):
    """Arguments of ``st.App``."""

    routes: Sequence[BaseRoute]
    middleware: Sequence[Middleware]
    lifespan: Callable[[Any], AbstractAsyncContextManager[None]]
    on_script_error: Callable[[Exception], bool]


@asynccontextmanager
async def _lifespan(_: object) -> AsyncGenerator[None, None]:
    _write_log()
    devices()  # torch needs seconds to say which there are: the first address that names one is not kept waiting
    set_open(True)
    yield
    set_open(False)
    await run_in_threadpool(keep_learners)
    # Workers end before the server does; learners' pages say that it stops.
    await run_in_threadpool(get_manager().close)


def _write_log() -> None:
    """Our own loggers to the server's output, a line each with its time."""
    handler = logging.StreamHandler()
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
    for name in ("shapelab", "lib"):
        logger = logging.getLogger(name)
        logger.setLevel(logging.INFO)
        logger.addHandler(handler)
        logger.propagate = False


def door() -> Parts:
    """All that the front door does, as arguments of ``st.App``."""
    return {
        "routes": [
            Route(route("health"), health_route),
            Route(route(f"{PREFIX}/owner/{{question}}"), question_route),
            *files.mounts(),
        ],
        "middleware": [
            Middleware(OwnOrigins),
            Middleware(OwnerCookie),
            Middleware(Documents),
            Middleware(Compressed),
        ],
        "lifespan": _lifespan,
        "on_script_error": show_failure,
    }
