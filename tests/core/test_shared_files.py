"""Contents that processes share: real files, and the ways in which none can be kept."""

from __future__ import annotations

import hashlib
import multiprocessing
import tempfile
from pathlib import Path

import numpy as np
import pytest

from lib.core.shared_files import mapped

CONTENT = bytes(range(256)) * 40
MD5 = hashlib.md5(CONTENT, usedforsecurity=False).hexdigest()


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Stands for the system's folder for temporary files."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def never() -> bytes:
    raise AssertionError("it is there already")


def test_it_is_made_once_and_read_from_the_file(folder: Path) -> None:
    assert bytes(mapped(MD5, lambda: CONTENT)) == CONTENT
    (file,) = files(folder)
    assert file.read_bytes() == CONTENT
    assert bytes(mapped(MD5, never)) == CONTENT


@pytest.mark.parametrize("damaged", [b"", CONTENT[:-1], b"x" + CONTENT[1:]])
def test_a_damaged_file_is_made_again(folder: Path, damaged: bytes) -> None:
    mapped(MD5, lambda: CONTENT)
    (file,) = files(folder)
    file.write_bytes(damaged)
    assert bytes(mapped(MD5, lambda: CONTENT)) == CONTENT
    assert file.read_bytes() == CONTENT


def test_what_is_written_stays_in_the_process(folder: Path) -> None:
    ours = mapped(MD5, lambda: CONTENT)
    ours[0] = 99
    assert mapped(MD5, never)[0] == 0
    assert files(folder)[0].read_bytes() == CONTENT


@pytest.mark.parametrize("what", ["a file", "open to others", "a link"])
def test_a_folder_that_is_not_ours_alone_is_not_used(folder: Path, what: str) -> None:
    mapped(MD5, lambda: CONTENT)
    (file,) = files(folder)
    place = file.parent
    file.unlink()
    if what == "open to others":
        place.chmod(0o777)
    else:
        place.rmdir()
        if what == "a file":
            place.write_bytes(b"")
        else:
            (folder / "elsewhere").mkdir()
            place.symlink_to(folder / "elsewhere")
    before = files(folder)
    assert bytes(mapped(MD5, lambda: CONTENT)) == CONTENT
    assert files(folder) == before


def test_several_processes_at_once(folder: Path) -> None:
    with multiprocessing.get_context("fork").Pool(4) as pool:
        sums = pool.map(total, range(8))
    assert sums == [int(np.frombuffer(CONTENT, np.uint8).sum())] * 8
    assert len(files(folder)) == 1


def total(_: int) -> int:
    return int(mapped(MD5, lambda: CONTENT).sum())
