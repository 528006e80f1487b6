"""Pages of other sites cannot speak to this server through a learner's browser.

A browser says with each WebSocket, and with each request that changes something, which page it comes from.
Streamlit compares host names alone: a page of any other port of ``localhost`` would pass. Here it must be the very
address that was asked. Behind a proxy that asks under another name than the browser did, the name that the proxy
passes on as ``X-Forwarded-Host`` counts (no page can make a browser send that one), or what the operator names in
Streamlit's ``server.corsAllowedOrigins``; ``server.enableCORS = false`` leaves it all to the proxy.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from urllib.parse import urlsplit

import streamlit as st
from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

SAFE_METHODS = ("GET", "HEAD", "OPTIONS")
_DEFAULT_PORTS = {"http": 80, "https": 443, "ws": 80, "wss": 443}
_MAX_SHOWN = 80
_log = logging.getLogger(__name__)


def place(address: str, scheme: str = "http") -> tuple[str, int] | None:
    """Host and port of an origin (``https://a.org``) or of a Host header (``a.org:443``); None where it is neither.

    >>> place("https://Lab.example.org"), place("localhost:8501"), place("null")
    (('lab.example.org', 443), ('localhost', 8501), None)
    """
    if address == "null":
        return None
    try:
        parts = urlsplit(address if "://" in address else f"{scheme}://{address}")
        port = parts.port
    except ValueError:
        return None
    if not parts.hostname:
        return None
    return parts.hostname.rstrip("."), port or _DEFAULT_PORTS.get(parts.scheme, 0)


def is_own(origin: str, hosts: Iterable[str], allowed: Iterable[str] = ()) -> bool:
    """Whether an origin is the server's own under one of its names, or named by the operator.

    >>> is_own("http://localhost:8501", ["localhost:8501"]), is_own("http://localhost:3000", ["localhost:8501"])
    (True, False)
    >>> is_own("https://lab.org", ["10.0.0.7:8501", "lab.org"]), is_own("https://evil.org", ["lab.org"], ["*"])
    (True, True)
    """
    here = place(origin)
    scheme = origin.partition("://")[0]
    if here is None:
        return False
    own = here in [place(host.strip(), scheme) for host in hosts]
    return own or any(name == "*" or here == place(name, scheme) for name in allowed)


class OwnOrigins:
    """Middleware: refuses what comes from a page of another site."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request or one connection."""
        if not self._is_foreign(scope):
            await self._app(_under_its_own_name(scope), receive, send)
            return
        headers = Headers(scope=scope)
        _log.warning(
            "refused a page of %r, asking %r: where this is a proxy's other name for this server, let it pass on "
            "X-Forwarded-Host, or name the page's address in server.corsAllowedOrigins",
            headers["origin"][:_MAX_SHOWN],
            headers.get("host", "")[:_MAX_SHOWN],
        )
        if scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
            return
        await PlainTextResponse("this page belongs to another site", status_code=403)(scope, receive, send)

    @staticmethod
    def _is_foreign(scope: Scope) -> bool:
        if scope["type"] == "http" and scope["method"] in SAFE_METHODS:
            return False
        if scope["type"] not in ("http", "websocket") or not st.get_option("server.enableCORS"):
            return False
        headers = Headers(scope=scope)
        origin = headers.get("origin")
        if origin is None:  # no browser
            return False
        hosts = [headers.get("host", ""), *headers.get("x-forwarded-host", "").split(",")]
        return not is_own(origin, hosts, st.get_option("server.corsAllowedOrigins") or ())


def _under_its_own_name(scope: Scope) -> Scope:
    """The same connection, asking as the browser did: Streamlit looks at Host alone, which a proxy may rewrite."""
    headers = Headers(scope=scope) if scope["type"] == "websocket" else {}
    if "origin" not in headers or "x-forwarded-host" not in headers:
        return scope
    own = urlsplit(headers["origin"]).netloc.encode("latin-1")
    kept = [pair for pair in scope["headers"] if pair[0] != b"host"]
    return {**scope, "headers": [*kept, (b"host", own)]}
