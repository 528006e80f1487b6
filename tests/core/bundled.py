"""What comes with ShapeLab and is not as it was made."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from lib.core.bundled_files import BundledFileError


def says_so(path: Path, content: str | None, read: Callable[[], object]) -> None:
    """Reading a file that is missing (None), or holds something else, is refused with its path and why."""
    if content is not None:
        path.write_text(content, "utf-8")
    with pytest.raises(BundledFileError) as caught:
        read()
    assert (caught.value.path, caught.value.reason) == (path, "missing" if content is None else "damaged")
