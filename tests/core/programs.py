"""The programs that pages hand out, executed here: importing torch anew takes longer than most of them."""

from __future__ import annotations

import contextlib
import io
from collections.abc import Sequence
from pathlib import Path

import pytest

from lib.core.torchvision_compat import import_torchvision


def printed(program: str) -> str:
    """What a program prints."""
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        exec(compile(program, "program", "exec"), {"__name__": "__main__"})  # noqa: S102 - the pages' own
    return out.getvalue()


def printed_by(programs: Sequence[str], folder: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What each program prints when it is started in a folder."""
    import_torchvision()
    monkeypatch.chdir(folder)
    return [printed(program) for program in programs]
