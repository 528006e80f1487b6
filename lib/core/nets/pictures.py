"""The photograph that networks look at: a bundled one, or a learner's own. Imports no torch."""

from __future__ import annotations

import io
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps

from lib.core.bundled_files import reading
from lib.core.digits.upload import UploadError, UploadProblem, upright_picture

PHOTO = Path(__file__).resolve().parents[3] / "assets" / "pictures" / "chelsea.jpg"
MAX_BYTES = 5_000_000
SIDE = 256
Photo = NDArray[np.uint8]
"""(256, 256, 3)"""


@cache
def bundled_photo() -> bytes:
    """The JPEG that comes with the explorer.

    >>> bundled_photo()[:2]
    b'\\xff\\xd8'
    """
    with reading(PHOTO):
        return PHOTO.read_bytes()


def square_photo(content: bytes) -> Photo:
    """A PNG or JPEG file as a square photograph: its middle, 256 x 256, in colour.

    >>> square_photo(bundled_photo()).shape
    (256, 256, 3)
    >>> square_photo(b"GIF89a")
    Traceback (most recent call last):
    ...
    lib.core.digits.upload.UploadError: unreadable

    Raises: UploadError.
    """
    if len(content) > MAX_BYTES:
        raise UploadError(UploadProblem.TOO_LARGE)
    with upright_picture(content, ("PNG", "JPEG"), SIDE) as picture:
        fitted = ImageOps.fit(picture.convert("RGB"), (SIDE, SIDE), Image.Resampling.BOX)
        return np.asarray(fitted, dtype=np.uint8)


def jpeg_of(photo: Photo) -> bytes:
    """A photograph as a small JPEG file, for the browser.

    >>> jpeg_of(np.zeros((256, 256, 3), np.uint8))[:2]
    b'\\xff\\xd8'
    """
    buffer = io.BytesIO()
    Image.fromarray(photo).save(buffer, format="JPEG", quality=85)
    return buffer.getvalue()


def as_input(photo: Photo, channels: int, size: int) -> NDArray[np.float32]:
    """The photograph as a network's input, (1, channels, size, size), each channel with mean 0 and variance 1.

    >>> as_input(np.zeros((256, 256, 3), np.uint8), 1, 32).shape
    (1, 1, 32, 32)
    """
    resized = Image.fromarray(photo).resize((size, size), Image.Resampling.BILINEAR)
    colour = np.asarray(resized, dtype=np.float32) / 255
    grey = colour.mean(axis=2, keepdims=True)
    planes = colour if channels == 3 else np.repeat(grey, channels, axis=2)
    planes = (planes - planes.mean(axis=(0, 1))) / np.maximum(planes.std(axis=(0, 1)), 1e-6)
    return np.ascontiguousarray(planes.transpose(2, 0, 1)[None], dtype=np.float32)
