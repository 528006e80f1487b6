"""Which pages may speak to the server: its own, under any of its names."""

from __future__ import annotations

from typing import Any

import pytest

from lib.ui.door.origins import OwnOrigins, is_own, place
from tests.own_loop import in_own_loop


@pytest.mark.parametrize(
    ("origin", "host", "forwarded", "passes"),
    [
        ("http://localhost:8501", "localhost:8501", None, True),
        ("http://localhost:8502", "localhost:8501", None, False),
        ("http://localhost", "localhost:8501", None, False),
        ("http://127.0.0.1:8501", "localhost:8501", None, False),
        ("http://[::1]:8501", "[::1]:8501", None, True),
        ("https://lab.example.org", "lab.example.org", None, True),
        ("https://LAB.example.org:443", "lab.example.org", None, True),
        ("https://lab.example.org", "10.0.0.7:8501", None, False),
        ("https://lab.example.org", "10.0.0.7:8501", "lab.example.org", True),
        ("https://lab.example.org", "10.0.0.7:8501", "lab.example.org, inner:80", True),
        ("https://evil.example.org", "lab.example.org", "lab.example.org", False),
        ("https://lab.example.org.evil.net", "lab.example.org", None, False),
        ("null", "null", None, False),
        ("http://localhost:99999", "localhost:8501", None, False),
        ("", "", None, False),
        (None, "localhost:8501", None, True),
    ],
)
@pytest.mark.parametrize("kind", ["websocket", "POST", "PUT", "DELETE"])
def test_origins(origin: str | None, host: str, forwarded: str | None, passes: bool, kind: str) -> None:
    reached, sent = answered(kind, origin=origin, host=host, forwarded=forwarded)
    assert reached is passes
    if not passes:
        refusal = sent[0]
        assert refusal.get("code") == 1008 if kind == "websocket" else refusal["status"] == 403


def test_reading_a_page_is_free() -> None:
    reached, _ = answered("GET", origin="https://evil.example.org", host="localhost:8501", forwarded=None)
    assert reached


def test_what_the_operator_names() -> None:
    assert is_own("https://a.org", ["b"], ["https://a.org"])
    assert is_own("https://a.org", ["b"], ["a.org"])
    assert not is_own("https://a.org:444", ["b"], ["https://a.org"])
    assert place("http://a.org:x") is None


def answered(kind: str, **headers: str | None) -> tuple[bool, list[Any]]:
    return in_own_loop(ask(kind, **headers))


async def ask(kind: str, **headers: str | None) -> tuple[bool, list[Any]]:
    """Whether the app behind was reached, and what was answered."""
    reached, sent = False, []

    async def app(*_: object) -> None:
        nonlocal reached
        reached = True

    async def receive() -> dict[str, str]:
        return {"type": "http.request"}

    async def send(message: Any) -> None:
        sent.append(message)

    named = {**headers, "x-forwarded-host": headers.pop("forwarded")}
    named.pop("forwarded", None)
    pairs = [(name.encode(), value.encode()) for name, value in named.items() if value is not None]
    scope = {
        "type": "websocket" if kind == "websocket" else "http",
        "method": kind,
        "headers": pairs,
        "path": "/",
    }
    await OwnOrigins(app)(scope, receive, send)
    return reached, sent
