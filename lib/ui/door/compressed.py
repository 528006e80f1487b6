"""Files go to browsers compressed, and each is compressed once.

Streamlit sends its own scripts as they are, since compressing them anew for every visitor costs more than it
brings. A class on one Wi-Fi needs the bytes: here the compressed file is kept.
"""

from __future__ import annotations

import asyncio
import gzip
from dataclasses import dataclass

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from lib.ui.door.addresses import PREFIX, route
from lib.ui.door.documents import Answer, never_gone, plain_request

MAX_BYTES = 24 * 2**20
"""What all kept files may take, but for the last of them; what comes when it is full is sent as it is."""
MIN_BYTES = 1000
_FOLDERS = ("static/", f"{PREFIX}/components/", f"{PREFIX}/plotly/")
_TYPES = ("text/", "application/javascript", "application/json", "image/svg+xml", "font/ttf", "font/otf")


@dataclass(frozen=True)
class Kept:
    """A compressed answer: its start and its body."""

    start: Message
    body: bytes


class Compressed:
    """Middleware for files that never change under their address."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._kept: dict[str, Kept] = {}
        self._locks: dict[str, asyncio.Lock] = {}
        self._bytes = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if not _may_be_compressed(scope):
            await self._app(scope, receive, send)
            return
        path: str = scope["path"]
        kept = self._kept.get(path)
        if kept is None:
            # Thirty first visits at once: one compresses, the others wait for it.
            async with self._locks.setdefault(path, asyncio.Lock()):
                kept = self._kept.get(path)
                if kept is None:
                    kept = await self._fetch(scope)
            self._locks.pop(path, None)
        await send(kept.start)
        await send({"type": "http.response.body", "body": kept.body})

    async def _fetch(self, scope: Scope) -> Kept:
        answer = Answer()
        await self._app(plain_request(scope), never_gone, answer.take)
        is_file = answer.start["status"] == 200 and answer.headers.get("content-type", "").startswith(_TYPES)
        if (
            is_file
            and answer.is_whole
            and self._bytes < MAX_BYTES
            and len(answer.body) >= MIN_BYTES
            and "immutable" in answer.headers.get("cache-control", "")
        ):
            answer.body = await run_in_threadpool(gzip.compress, answer.body, 9)
            kept_for = answer.headers["cache-control"]
            answer.replace_headers(
                [("content-encoding", "gzip"), ("vary", "Accept-Encoding"), ("cache-control", kept_for)]
            )
            kept = self._kept[scope["path"]] = Kept(answer.start, answer.body)
            self._bytes += len(kept.body)
            return kept
        return Kept(answer.start, answer.body)


def _may_be_compressed(scope: Scope) -> bool:
    if scope["type"] != "http" or scope["method"] != "GET":
        return False
    headers = Headers(scope=scope)
    return (
        scope["path"].startswith(tuple(route(folder) for folder in _FOLDERS))
        and "gzip" in headers.get("accept-encoding", "")
        and "range" not in headers
    )
