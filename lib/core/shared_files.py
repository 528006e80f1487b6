"""Large contents that several processes of the explorer read, as one file that is mapped into each of them.

What is mapped counts once, however many look at it, and not at all where nobody does.
"""

from __future__ import annotations

import hashlib
import os
import stat
import tempfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray


def mapped(md5: str, make: Callable[[], bytes]) -> NDArray[np.uint8]:
    """The bytes whose MD5 is given, (n,): from the shared file, which ``make``'s bytes fill where it is not there.

    Where no file can be kept they are this process's own. What is written into them stays in this process.

    >>> bytes(mapped(hashlib.md5(b"seven").hexdigest(), lambda: b"seven"))
    b'seven'
    """
    try:
        path = _folder() / md5
        if not _holds(path, md5):
            _keep(path, make())
        return np.memmap(path, np.uint8, mode="c")
    except OSError:
        return np.frombuffer(bytearray(make()), np.uint8)


def _keep(path: Path, content: bytes) -> None:
    """Whole or not at all, whoever else does so at the same moment. Raises: OSError."""
    with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as part:
        try:
            part.write(content)
            part.flush()
            Path(part.name).replace(path)
        except OSError:
            Path(part.name).unlink(missing_ok=True)
            raise


def _folder() -> Path:
    """This user's own, in the system's folder for temporary files. Raises: OSError where others could write there."""
    name = f"shapelab-{os.getuid()}" if hasattr(os, "getuid") else "shapelab"
    folder = Path(tempfile.gettempdir()) / name
    folder.mkdir(mode=0o700, exist_ok=True)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode):
        raise NotADirectoryError(folder)
    if hasattr(os, "getuid") and (found.st_uid != os.getuid() or found.st_mode & 0o022):
        raise PermissionError(folder)
    return folder


def _holds(path: Path, md5: str) -> bool:
    try:
        with path.open("rb") as file:
            found = hashlib.file_digest(file, lambda: hashlib.md5(usedforsecurity=False))
    except FileNotFoundError:
        return False
    return found.hexdigest() == md5
