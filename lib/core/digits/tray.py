"""The learner's own digits with what they say they meant: counted, and as files to take away. Imports no torch."""

from __future__ import annotations

import gzip
import hashlib
import io
import struct
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from lib.core.digits.prepare import SIDE
from lib.core.png import png_bytes

MAX_KEPT = 200
_IDX_BYTES = 0x08


@dataclass(frozen=True)
class KeptDigit:
    """28 x 28 pixels as they were fed to the network, row by row, and the digit that was meant.

    One that is ``held_out`` is never learned from: networks are measured on it.
    """

    pixels: bytes
    label: int
    held_out: bool = field(default=False, compare=False)

    @property
    def key(self) -> str:
        """What tells it from all others, wherever it lies in the tray.

        >>> len(KeptDigit(bytes(784), 3).key), KeptDigit(bytes(784), 3).key == KeptDigit(bytes(784), 4).key
        (16, False)
        """
        return hashlib.sha256(self.pixels + bytes([self.label])).hexdigest()[:16]

    def __post_init__(self) -> None:
        if len(self.pixels) != SIDE * SIDE or not 0 <= self.label <= 9:
            raise ValueError(f"{len(self.pixels)} pixels, label {self.label}: not a 28 x 28 digit")


def is_next_held_out(kept: Sequence[KeptDigit], label: int) -> bool:
    """Whether the next digit of that label is to be held out: one of three is, where there is one to learn from.

    >>> first = KeptDigit(bytes(784), 3)
    >>> is_next_held_out([], 3), is_next_held_out([first], 3), is_next_held_out([first], 4)
    (False, True, False)
    """
    same = [each for each in kept if each.label == label]
    held = sum(each.held_out for each in same)
    return 2 * held < len(same) - held


def take_out(kept: list[KeptDigit], key: str) -> bool:
    """Take the digit with that key out of the list, wherever it is now; whether it was there.

    >>> kept = [KeptDigit(bytes(784), 3), KeptDigit(bytes(784), 4)]
    >>> key = kept[1].key
    >>> del kept[0]  # in another tab
    >>> take_out(kept, key), kept, take_out(kept, key)
    (True, [], False)
    """
    for place, each in enumerate(kept):
        if each.key == key:
            del kept[place]
            return True
    return False


def as_arrays(kept: Sequence[KeptDigit]) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """Images (N, 28, 28) and labels (N,).

    >>> images, labels = as_arrays([KeptDigit(bytes(784), 3)])
    >>> images.shape, labels.tolist()
    ((1, 28, 28), [3])
    """
    images = np.frombuffer(b"".join(each.pixels for each in kept), np.uint8).reshape(-1, SIDE, SIDE)
    return images, np.array([each.label for each in kept], np.uint8)


def idx_bytes(values: NDArray[np.uint8]) -> bytes:
    """An array as an IDX file, the format of MNIST: magic, sizes, values.

    >>> from lib.core.mnist import parse_idx
    >>> parse_idx(idx_bytes(np.array([7, 2], np.uint8))).tolist()
    [7, 2]

    Source: Y. LeCun, C. Cortes, "The MNIST database of handwritten digits", file formats.
    """
    header = struct.pack(">BBBB", 0, 0, _IDX_BYTES, values.ndim)
    return header + struct.pack(f">{values.ndim}i", *values.shape) + values.tobytes()


def tray_zip(kept: Sequence[KeptDigit]) -> bytes:
    """All digits as PNG files named by number and label, and as a pair of IDX files like MNIST's own.

    >>> with zipfile.ZipFile(io.BytesIO(tray_zip([KeptDigit(bytes(784), 3)]))) as archive:
    ...     archive.namelist()
    ['png/001-label-3.png', 'own-images-idx3-ubyte.gz', 'own-labels-idx1-ubyte.gz']
    """
    images, labels = as_arrays(kept)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for number, (image, label) in enumerate(zip(images, labels, strict=True), start=1):
            archive.writestr(f"png/{number:03d}-label-{label}.png", png_bytes(image))
        archive.writestr("own-images-idx3-ubyte.gz", gzip.compress(idx_bytes(images), mtime=0))
        archive.writestr("own-labels-idx1-ubyte.gz", gzip.compress(idx_bytes(labels), mtime=0))
    return buffer.getvalue()
