"""Following a page of docs/ on a copy of the repository: its titled blocks are written where their titles say."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
COPIED = ("lib", "pages", "tests", "docs", ".streamlit")
SHARED = ("assets",)
FILES = ("streamlit_app.py", "pyproject.toml", "README.md")
_BLOCK = re.compile(r"^```\w+ title=([^\n]+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Block:
    """A block of code and where it goes: a file, or a place in one, in words."""

    title: str
    text: str

    @property
    def path(self) -> str:
        """The file."""
        return self.title.partition(" ")[0]

    @property
    def place(self) -> str:
        """The place in the file; empty where the block is the file."""
        return self.title.partition(" ")[2]


def blocks(page: str) -> Iterator[Block]:
    """The titled blocks of a page of docs/, in order."""
    for title, text in _BLOCK.findall((ROOT / "docs" / page).read_text("utf-8")):
        yield Block(title, text)


def copy_repository(folder: Path) -> Path:
    """What the app and its tests need, in a folder of its own."""
    ignore = shutil.ignore_patterns("__pycache__", "*.pyc")
    for name in COPIED:
        shutil.copytree(ROOT / name, folder / name, ignore=ignore)
    for name in SHARED:
        (folder / name).symlink_to(ROOT / name)
    for name in FILES:
        shutil.copy(ROOT / name, folder / name)
    return folder


def put_before(path: Path, mark: str, text: str) -> None:
    """Insert a text before the last place where the mark stands."""
    before, found, after = path.read_text("utf-8").rpartition(mark)
    assert found, mark
    path.write_text(f"{before}{text}{found}{after}", "utf-8")


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Python in the copy, with one thread for torch."""
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        env={**os.environ, "OMP_NUM_THREADS": "1", "PYTHONPATH": str(folder)},
        check=False,
    )


def run_tests(folder: Path, tests: Sequence[str]) -> subprocess.CompletedProcess[str]:
    """The tests in the copy."""
    return run(folder, "-m", "pytest", "-q", "-p", "no:xdist", *tests)
