"""A slow line: a relay before the app that holds every byte back, each way, HTTP and websocket alike."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Iterator
from urllib.parse import urlsplit

from tests.e2e.server import Server, free_port


async def _carry(source: asyncio.StreamReader, sink: asyncio.StreamWriter, seconds: float) -> None:
    """Pass on what comes, each piece so much later than it came: pieces overtake nothing, and do not add up."""
    loop = asyncio.get_running_loop()
    held: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue()

    async def take() -> None:
        # An end that is cut off is an end, too: who waits behind the relay learns of it, or would wait for ever.
        with contextlib.suppress(OSError):
            while piece := await source.read(65536):
                held.put_nowait((loop.time() + seconds, piece))
        held.put_nowait((loop.time() + seconds, b""))

    taking = asyncio.create_task(take())
    with contextlib.suppress(OSError):
        while True:
            due, piece = await held.get()
            await asyncio.sleep(max(0.0, due - loop.time()))
            if not piece:
                break
            sink.write(piece)
            await sink.drain()
    taking.cancel()
    sink.close()


async def _serve(port: int, behind: int, seconds: float, ready: threading.Event, stop: asyncio.Event) -> None:
    async def connect(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        answers, questions = await asyncio.open_connection("localhost", behind)
        await asyncio.gather(_carry(reader, questions, seconds), _carry(answers, writer, seconds))

    server = await asyncio.start_server(connect, "127.0.0.1", port)
    ready.set()
    await stop.wait()
    server.close()


@contextlib.contextmanager
def slow_line(server: Server, seconds: float) -> Iterator[str]:
    """The app's address behind a line on which everything takes ``seconds`` longer, each way."""
    port, behind = free_port(), urlsplit(server.url).port
    assert behind is not None
    ready, loop, stop = threading.Event(), asyncio.new_event_loop(), asyncio.Event()

    def run() -> None:
        asyncio.set_event_loop(loop)
        loop.run_until_complete(_serve(port, behind, seconds, ready, stop))
        for task in asyncio.all_tasks(loop):
            task.cancel()
        loop.run_until_complete(asyncio.sleep(0))
        loop.close()

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    assert ready.wait(10)
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join(10)
