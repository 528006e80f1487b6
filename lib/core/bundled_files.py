"""Files that come with the explorer, and what to say where one of them cannot be used. Imports no torch."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]


@dataclass(eq=False)
class BundledFileError(Exception):
    """A file of the explorer's own that cannot be used: ``reason`` is ``missing`` or ``damaged``."""

    path: Path
    reason: str

    @property
    def name(self) -> str:
        """Where it lies in the repository, for whoever restores it."""
        inside = self.path.is_relative_to(REPOSITORY)
        return str(self.path.relative_to(REPOSITORY)) if inside else str(self.path)

    def __str__(self) -> str:
        return f"{self.path} is {self.reason}; restore it with `git checkout -- {self.name}`"


@contextmanager
def reading(path: Path) -> Iterator[None]:
    """Around what reads such a file.

    >>> path = REPOSITORY / "assets" / "none"
    >>> try:
    ...     with reading(path):
    ...         path.read_bytes()
    ... except BundledFileError as error:
    ...     print(error.name, error.reason)
    assets/none missing

    Raises: BundledFileError.
    """
    from safetensors import SafetensorError

    try:
        yield
    except FileNotFoundError as error:
        raise BundledFileError(path, "missing") from error
    except (OSError, EOFError, ValueError, KeyError, TypeError, SafetensorError) as error:
        raise BundledFileError(path, "damaged") from error
