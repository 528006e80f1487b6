"""What is compressed once and kept for everybody is the whole file, whoever asked first and whatever became of them."""

from __future__ import annotations

import asyncio
import gzip
from pathlib import Path

import pytest
from starlette.responses import FileResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from lib.ui.door.compressed import Compressed
from lib.ui.door.documents import Documents
from lib.ui.door.files import Folder
from tests.own_loop import in_own_loop

SIZE = 3_000_000


def scope_of(path: str) -> Scope:
    """A browser's request, as uvicorn hands it over."""
    return {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "method": "GET",
        "path": path,
        "root_path": "",
        "query_string": b"",
        "headers": [(b"accept-encoding", b"gzip"), (b"host", b"localhost")],
    }


async def gone() -> Message:
    """A browser that has gone elsewhere."""
    return {"type": "http.disconnect"}


async def waiting() -> Message:
    """A browser that waits for its answer."""
    await asyncio.Event().wait()
    raise AssertionError("nothing sets it")


async def ask(app: ASGIApp, path: str, receive: Receive) -> tuple[Message, bytes]:
    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    await asyncio.wait_for(app(scope_of(path), receive, send), 60)
    return sent[0], b"".join(message.get("body", b"") for message in sent[1:])


def folder_with(tmp_path: Path) -> tuple[Compressed, str, bytes]:
    content = b"let number = 1;\n" * (SIZE // 16)
    (tmp_path / "large.js").write_bytes(content)
    folder = Folder("plotly", tmp_path)
    return Compressed(folder.mount()), f"/{folder.address('large.js')}", content


@pytest.mark.parametrize("first", [gone, waiting])
def test_who_leaves_while_a_file_is_read_spoils_it_for_nobody(first: Receive, tmp_path: Path) -> None:
    app, path, content = folder_with(tmp_path)

    async def visits() -> list[tuple[Message, bytes]]:
        return [await ask(app, path, first), await ask(app, path, waiting)]

    for start, body in in_own_loop(visits()):
        headers = dict(start["headers"])
        assert start["status"] == 200
        assert headers[b"content-encoding"] == b"gzip"
        assert int(headers[b"content-length"]) == len(body)
        assert gzip.decompress(body) == content


def test_half_an_answer_is_not_kept(tmp_path: Path) -> None:
    app, path, content = folder_with(tmp_path)
    whole = app._app
    is_torn = True

    async def torn(scope: Scope, receive: Receive, send: Send) -> None:
        async def half(message: Message) -> None:
            if message["type"] == "http.response.start" or message.get("more_body", False):
                await send(message)

        await whole(scope, receive, half if is_torn else send)

    app._app = torn
    in_own_loop(ask(app, path, waiting))
    is_torn = False
    start, body = in_own_loop(ask(app, path, waiting))
    assert dict(start["headers"])[b"content-encoding"] == b"gzip"
    assert gzip.decompress(body) == content


def test_a_page_that_nobody_waits_for_any_more_is_no_error(tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text(f"<html><head></head><body>{'x' * 300_000}</body></html>")

    async def page(scope: Scope, receive: Receive, send: Send) -> None:
        await FileResponse(tmp_path / "index.html")(scope, receive, send)

    _, body = in_own_loop(ask(Documents(page), "/train", gone))
    assert b"x" * 300_000 in gzip.decompress(body)
