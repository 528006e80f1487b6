"""A real `streamlit run` of the app on a free port, for tests and screenshots."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

APP = Path(__file__).resolve().parents[2] / "streamlit_app.py"
# What a host does that knows nothing of st.App.
PLAIN_HOST = (
    "import sys; from streamlit.web import bootstrap; port = int(sys.argv.pop()); "
    "options = {'server_port': port, 'server_headless': True, 'server_fileWatcherType': 'none'}; "
    "bootstrap.load_config_options(options); bootstrap.run(sys.argv.pop(), False, [], options)"
)
START_SECONDS = 120


@dataclass(frozen=True)
class Server:
    """A running app: ``url`` without a slash at its end, the server's process id, and what it printed."""

    url: str
    pid: int
    log: Path


def free_port() -> int:
    """A TCP port that nobody listens on just now."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


def is_healthy(url: str) -> bool:
    """Whether the app answers."""
    try:
        with urllib.request.urlopen(f"{url}/_stcore/health", timeout=2) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


@contextlib.contextmanager
def running_app(script: Path = APP, *, plain: bool = False, **environment: str) -> Iterator[Server]:
    """Start the app (or another script) with extra environment variables, wait until it answers, stop it at the end.

    ``plain``: as on a host that runs the script alone, without ``st.App``.
    """
    port = free_port()
    log = Path(tempfile.mkstemp(prefix="shapelab-", suffix=".log")[1])
    command = [sys.executable, "-m", "streamlit", "run", script.name]
    options = ["--server.port", str(port), "--server.headless", "true", "--server.fileWatcherType", "none"]
    if plain:
        command, options = [sys.executable, "-c", PLAIN_HOST], [script.name, str(port)]
    with log.open("w") as output:
        process = subprocess.Popen(
            [*command, *options],
            cwd=script.parent,
            env={**os.environ, **environment},
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    server = Server(f"http://localhost:{port}", process.pid, log)
    try:
        deadline = time.monotonic() + START_SECONDS
        while not is_healthy(server.url):
            if process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"the app did not start:\n{log.read_text()}")
            time.sleep(0.1)
        yield server
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(10)
        log.unlink(missing_ok=True)
