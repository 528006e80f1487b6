"""What every page of the app starts as: Streamlit's one HTML document, with the shell's styles in it, compressed once.

The styles stand at the end of the body: Streamlit's own are put into the head as its parts appear, and would
override what comes before them.
"""

from __future__ import annotations

import asyncio
import gzip
from collections.abc import Iterable
from functools import lru_cache

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from lib.ui.adapters.frontend_chunks import FRAME, LESSON, scripts_of
from lib.ui.door.addresses import PREFIX, route
from lib.ui.door.files import ASSETS
from lib.ui.door.icons import FAMILY, face
from lib.ui.door.letters import FAMILIES, with_small_preload

STYLES = ("streamlit.css", "app.css", "room.css")
SMALL_FONTS = "small_fonts.js"
_OTHERS = ("static/", "_stcore/", "media/", "component/", f"{PREFIX}/", "health", "app/static/")
_CHANGED = (
    b"content-length",
    b"content-encoding",
    b"etag",
    b"last-modified",
    b"accept-ranges",
    b"cache-control",
)


def is_document(scope: Scope) -> bool:
    """Whether a request asks for a page of the app, which Streamlit answers with its one document."""
    return (
        scope["type"] == "http"
        and scope["method"] in ("GET", "HEAD")
        and not scope["path"].startswith(tuple(route(other) for other in _OTHERS))
    )


def plain_request(scope: Scope) -> Scope:
    """The same request without what allows half an answer: no encoding, no range, no condition."""
    dropped = (b"accept-encoding", b"range", b"if-none-match", b"if-modified-since", b"if-range")
    return {**scope, "headers": [pair for pair in scope["headers"] if pair[0].lower() not in dropped]}


async def never_gone() -> Message:
    """In the place of ``receive``: a browser that waits for its answer.

    Files stop half-way for one that has gone elsewhere; what is kept for everybody must be whole, whoever asked first.
    """
    await asyncio.Event().wait()
    return {"type": "http.disconnect"}


def styles() -> str:
    """The shell's style sheets and small fonts, as the document holds them."""
    faces = {FAMILY: face(), **{font.family: font.faces() for font in FAMILIES}}
    small = [family for family, rules in faces.items() if rules]
    sheets = "\n".join([*faces.values(), *((ASSETS / name).read_text("utf-8") for name in STYLES)])
    script = (ASSETS / SMALL_FONTS).read_text("utf-8")
    return (
        f'<style id="shapelab-shell" data-families="{",".join(small)}">\n{sheets}</style>\n'
        f"<script>\n{script}</script>\n"
    )


def preloads(document: str, *, is_lesson: bool) -> str:
    """Links to scripts that the page will ask for, but for those that the document names already."""
    files = scripts_of(FRAME + LESSON if is_lesson else FRAME)
    return "".join(
        f'<link rel="modulepreload" crossorigin href="./static/js/{file}">\n'
        for file in files
        if file not in document
    )


@lru_cache(maxsize=8)
def _dressed(document: bytes, *, projector: bool, is_lesson: bool) -> tuple[bytes, bytes]:
    """The document with the styles in it, and the same compressed."""
    if projector:
        document = document.replace(b"<html ", b'<html class="projector" ', 1)
    text = with_small_preload(document.decode())
    document = text.replace("</head>", f"{preloads(text, is_lesson=is_lesson)}</head>", 1).encode()
    head, end, tail = document.rpartition(b"</body>")
    dressed = head + styles().encode() + end + tail
    return dressed, gzip.compress(dressed, 9)


class Documents:
    """Middleware: dresses Streamlit's document, and lets nobody but the browser itself keep it."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if not is_document(scope):
            await self._app(scope, receive, send)
            return
        answer = Answer()
        await self._app(plain_request(scope), never_gone, answer.take)
        if not answer.is_html or scope["method"] == "HEAD":
            await answer.give(send)
            return
        dressed, compressed = _dressed(
            answer.body,
            projector=b"projector=true" in scope["query_string"].split(b"&"),
            is_lesson=scope["path"] != route(""),
        )
        takes_gzip = "gzip" in Headers(scope=scope).get("accept-encoding", "")
        answer.body = compressed if takes_gzip else dressed
        headers = [("vary", "Accept-Encoding"), ("cache-control", "private, no-cache")]
        answer.replace_headers([*headers, ("content-encoding", "gzip")] if takes_gzip else headers)
        await answer.give(send)


class Answer:
    """An answer of the app, held until it is complete."""

    def __init__(self) -> None:
        self.start: Message = {}
        self.body = b""
        self.is_whole = False

    async def take(self, message: Message) -> None:
        """In the place of ``send``."""
        if message["type"] == "http.response.start":
            self.start = message
        elif message["type"] == "http.response.body":
            self.body += message.get("body", b"")
            self.is_whole = not message.get("more_body", False)

    @property
    def headers(self) -> MutableHeaders:
        """Those of the answer."""
        return MutableHeaders(scope=self.start)

    @property
    def is_html(self) -> bool:
        """Whether it is a page."""
        return bool(
            self.start["status"] == 200 and self.headers.get("content-type", "").startswith("text/html")
        )

    def replace_headers(self, headers: Iterable[tuple[str, str]]) -> None:
        """Forget what was true of the old body."""
        kept = [pair for pair in self.start["headers"] if pair[0].lower() not in _CHANGED]
        new = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers]
        length = (b"content-length", str(len(self.body)).encode())
        self.start = {**self.start, "headers": [*kept, *new, length]}

    async def give(self, send: Send) -> None:
        """Send it."""
        await send(self.start)
        await send({"type": "http.response.body", "body": self.body})
