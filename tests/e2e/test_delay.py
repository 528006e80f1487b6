"""The slow line passes on every end of a connection: a browser behind it that has lost its server asks again."""

from __future__ import annotations

import socket
import struct
import threading
from pathlib import Path

import pytest

from tests.e2e.delay import slow_line
from tests.e2e.server import Server

SECONDS = 0.05
PATIENCE = 20.0


def answered(connection: socket.socket) -> bytes:
    """All that comes until the other side ends; a cut counts as an end."""
    said = b""
    try:
        while piece := connection.recv(4096):
            said += piece
    except ConnectionResetError:
        pass
    return said


@pytest.mark.parametrize("is_cut", [False, True], ids=["closed", "cut off"])
def test_an_end_is_passed_on(is_cut: bool, tmp_path: Path) -> None:
    with socket.create_server(("localhost", 0)) as listening:

        def answer() -> None:
            connection, _ = listening.accept()
            connection.recv(4096)
            connection.sendall(b"half an ans")
            if is_cut:  # closing resets the connection, and what the kernel has not sent is lost
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            connection.close()

        thread = threading.Thread(target=answer, daemon=True)
        thread.start()
        server = Server(f"http://localhost:{listening.getsockname()[1]}", 0, tmp_path / "log")
        with (
            slow_line(server, SECONDS) as url,
            socket.create_connection(("127.0.0.1", int(url.rpartition(":")[2])), PATIENCE) as browser,
        ):
            browser.sendall(b"a question")
            assert b"half an ans".startswith(answered(browser))
        thread.join(PATIENCE)
