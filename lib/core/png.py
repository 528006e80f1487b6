"""Pixels as PNG files."""

from __future__ import annotations

import io

import numpy as np
from numpy.typing import NDArray
from PIL import Image


def png_bytes(pixels: NDArray[np.uint8]) -> bytes:
    """(H, W) grey or (H, W, 3) colour as a PNG file.

    >>> png_bytes(np.zeros((2, 2), np.uint8))[1:4]
    b'PNG'
    """
    return _file(Image.fromarray(pixels))


def indexed_png_bytes(places: NDArray[np.uint8], colours: NDArray[np.uint8]) -> bytes:
    """(H, W) places in ``colours`` (at most 256, 3) as a PNG file: a third of the size of three colours a pixel.

    >>> len(indexed_png_bytes(np.zeros((28, 28), np.uint8), np.zeros((4, 3), np.uint8))) < 120
    True
    """
    image = Image.fromarray(places, mode="P")
    image.putpalette(colours.tobytes())
    return _file(image)


def _file(image: Image.Image) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, format="PNG")
    return buffer.getvalue()
