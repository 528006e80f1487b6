"""A cable between browser and server that can be cut: a TCP forwarder."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Iterator
from urllib.parse import urlsplit

from tests.e2e.server import free_port


class Cable:
    """Forwards ``url`` to the server; while it is cut, connections end and new ones are refused."""

    def __init__(self, server_url: str) -> None:
        parts = urlsplit(server_url)
        self._target = (str(parts.hostname), int(parts.port or 80))
        self._port = free_port()
        self.url = f"http://localhost:{self._port}"
        self._lock = threading.Lock()
        self._ends: list[socket.socket] = []
        self._listener: socket.socket | None = None
        self.mend()

    def cut(self) -> None:
        """From now on nothing passes."""
        with self._lock:
            listener, self._listener = self._listener, None
            ends, self._ends = self._ends, []
        for each in ([listener] if listener else []) + ends:
            with contextlib.suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
            each.close()

    def mend(self) -> None:
        """Let through again."""
        listener = socket.create_server(("127.0.0.1", self._port), reuse_port=False)
        self._listener = listener
        threading.Thread(target=self._accept, args=(listener,), daemon=True).start()

    def _accept(self, listener: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while True:
                near, _ = listener.accept()
                try:
                    far = socket.create_connection(self._target)
                except OSError:
                    near.close()
                    continue
                with self._lock:
                    is_cut = self._listener is not listener
                    self._ends += [near, far]
                if is_cut:
                    self.cut()
                for source, target in ((near, far), (far, near)):
                    threading.Thread(target=_pump, args=(source, target), daemon=True).start()


def _pump(source: socket.socket, target: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while data := source.recv(65536):
            target.sendall(data)
    for each in (source, target):
        with contextlib.suppress(OSError):
            each.shutdown(socket.SHUT_RDWR)


@contextlib.contextmanager
def cable_to(server_url: str) -> Iterator[Cable]:
    """A cable for the time of a test."""
    cable = Cable(server_url)
    try:
        yield cable
    finally:
        cable.cut()
