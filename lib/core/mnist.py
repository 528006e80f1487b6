"""MNIST, whole, from the files that come with the explorer: no room needs internet. Imports no torch."""

from __future__ import annotations

import gzip
import hashlib
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from lib.core.bundled_files import BundledFileError
from lib.core.shared_files import mapped

FOLDER = Path(__file__).resolve().parents[2] / "assets" / "mnist"
MD5 = {
    "train-images-idx3-ubyte": "6bbc9ace898e44ae57da46a324031adb",
    "train-labels-idx1-ubyte": "a25bea736e30d166cdddb491f175f624",
    "t10k-images-idx3-ubyte": "2646ac647ad5339dbf082846283269ea",
    "t10k-labels-idx1-ubyte": "27ae3e4e09519cfbb04c329615203637",
}


@dataclass(eq=False)
class MnistFileError(BundledFileError):
    """A file of MNIST that cannot be used: ``reason`` is ``missing`` or ``damaged``."""

    def __str__(self) -> str:
        return (
            f"{self.path} is {self.reason}; restore it with `git checkout -- assets/mnist`, "
            "or put the original MNIST file there, gzipped"
        )


@dataclass(frozen=True)
class Mnist:
    """Pixels uint8 (60000, 28, 28) and (10000, 28, 28), 0 black to 255 white; labels uint8, 0 to 9."""

    train_images: NDArray[np.uint8]
    train_labels: NDArray[np.uint8]
    test_images: NDArray[np.uint8]
    test_labels: NDArray[np.uint8]


def read_checked(folder: Path, name: str) -> bytes:
    """The uncompressed content of ``<name>.gz``, its MD5 checked.

    Raises: MnistFileError where the file is missing, cannot be unpacked or has other content.
    """
    path = folder / f"{name}.gz"
    try:
        content = gzip.decompress(path.read_bytes())
    except FileNotFoundError as error:
        raise MnistFileError(path, "missing") from error
    except (OSError, EOFError, zlib.error) as error:
        raise MnistFileError(path, "damaged") from error
    if hashlib.md5(content, usedforsecurity=False).hexdigest() != MD5[name]:
        raise MnistFileError(path, "damaged")
    return content


def parse_idx(content: bytes | NDArray[np.uint8]) -> NDArray[np.uint8]:
    """An IDX file of bytes as an array: big-endian magic, sizes, then the values.

    >>> parse_idx(bytes([0, 0, 8, 1, 0, 0, 0, 3, 7, 2, 1]))
    array([7, 2, 1], dtype=uint8)

    Source: Y. LeCun, C. Cortes, "The MNIST database of handwritten digits", file formats.
    """
    dimensions = int(content[3])
    sizes = np.frombuffer(content, dtype=">i4", count=dimensions, offset=4)
    values = np.frombuffer(content, dtype=np.uint8, offset=4 + 4 * dimensions)
    return values.reshape(sizes)


def read_mnist(folder: Path, read: Callable[[Path, str], bytes | NDArray[np.uint8]] = read_checked) -> Mnist:
    """MNIST from a folder of the four gzipped IDX files; ``read`` gives a file's uncompressed content.

    Raises: MnistFileError, which names the file and the remedy.
    """
    return Mnist(*(parse_idx(read(folder, name)) for name in MD5))


@cache
def load_mnist() -> Mnist:
    """The bundled MNIST, read and checked once a process; its arrays are to be read only.

    Raises: MnistFileError, which names the file and the remedy.

    >>> load_mnist().train_images.shape, load_mnist().test_labels[:3].tolist()
    ((60000, 28, 28), [7, 2, 1])
    """
    return read_mnist(FOLDER, _shared)


def _shared(folder: Path, name: str) -> NDArray[np.uint8]:
    """The uncompressed content, which the server and its workers share. Raises: MnistFileError."""
    path = folder / f"{name}.gz"
    if not path.exists():
        raise MnistFileError(path, "missing")
    return mapped(MD5[name], lambda: read_checked(folder, name))
