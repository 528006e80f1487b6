"""The learner's cookie, set by the server with each page: out of scripts' reach, for this site alone.

Two first visits at once, as when a browser opens several tabs, get two cookies, and the browser keeps the one that
came last. A tab with the other one would lose what it keeps at its next visit. So while a cookie is young, tabs ask
once in a while which one the browser has by now: the one that it had before is *followed* by it.
"""

from __future__ import annotations

import secrets
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import HTTPConnection, Request
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from lib.ui.door.addresses import PREFIX
from lib.ui.door.documents import is_document
from lib.ui.owner import COOKIE, is_token

YEAR_SECONDS = 365 * 24 * 3600
YOUNG_SECONDS = 600
_MAX_YOUNG = 10_000


@dataclass
class _Young:
    made: float
    question: str
    follower: str | None = None


@dataclass
class YoungTokens:
    """Tokens that were given to browsers lately, oldest first."""

    clock: Callable[[], float] = time.monotonic
    _tokens: OrderedDict[str, _Young] = field(default_factory=OrderedDict)
    _by_question: dict[str, str] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def make(self) -> str:
        """A new token.

        >>> tokens = YoungTokens()
        >>> token = tokens.make()
        >>> tokens.answer(tokens.question(token), cookie=token), tokens.follower(token)
        (False, None)
        >>> later = tokens.make()
        >>> tokens.answer(tokens.question(token), cookie=later), tokens.follower(token) == later
        (True, True)
        """
        token, question = secrets.token_urlsafe(16), secrets.token_urlsafe(16)
        with self._lock:
            self._tokens[token] = _Young(self.clock(), question)
            self._by_question[question] = token
            while len(self._tokens) > _MAX_YOUNG:
                _, oldest = self._tokens.popitem(last=False)
                del self._by_question[oldest.question]
        return token

    def question(self, token: str) -> str | None:
        """What a tab with this token may ask by; None once the token is no longer young."""
        with self._lock:
            young = self._tokens.get(token)
            return young.question if young and self.clock() - young.made < YOUNG_SECONDS else None

    def answer(self, question: str | None, cookie: str | None) -> bool:
        """Whether the browser has another cookie by now than the one that the question stands for."""
        with self._lock:
            token = self._by_question.get(question or "")
            if token is None or not is_token(cookie) or cookie == token:
                return False
            self._tokens[token].follower = cookie
            return True

    def follower(self, token: str) -> str | None:
        """The token that the browser has in this one's place."""
        with self._lock:
            young = self._tokens.get(token)
            return young.follower if young else None


YOUNG = YoungTokens()


class OwnerCookie:
    """Middleware: each page comes with the cookie, the known one or a new one."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if not is_document(scope):
            await self._app(scope, receive, send)
            return

        async def with_cookie(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                if headers.get("content-type", "").startswith("text/html"):
                    headers.append("set-cookie", _cookie(scope))
            await send(message)

        await self._app(scope, receive, with_cookie)


def _cookie(scope: Scope) -> str:
    known = HTTPConnection(scope).cookies.get(COOKIE)
    token = known if known is not None and is_token(known) else YOUNG.make()
    secure = "; Secure" if is_https(scope) else ""
    return f"{COOKIE}={token}; Max-Age={YEAR_SECONDS}; Path=/; HttpOnly; SameSite=Lax{secure}"


def is_https(scope: Scope) -> bool:
    """Whether the browser came by https, to us or to a proxy before us that says so."""
    forwarded = Headers(scope=scope).get("x-forwarded-proto", "").split(",")[0].strip()
    return scope.get("scheme") == "https" or forwarded == "https"


def question_address(token: str) -> str | None:
    """Where a tab asks, relative to the app's address; None where it need not."""
    question = YOUNG.question(token)
    return None if question is None else f"{PREFIX}/owner/{question}"


def question_route(request: Request) -> Response:
    """Answers a tab: has its browser another cookie by now?"""
    changed = YOUNG.answer(request.path_params["question"], request.cookies.get(COOKIE))
    return JSONResponse({"changed": changed}, headers={"Cache-Control": "no-store"})
