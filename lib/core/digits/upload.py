"""An uploaded picture of a digit as ink: white on black, whatever the paper was. Imports no torch."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray
from PIL import ExifTags, Image

from lib.core.digits.photo import Found, NoDigit, NoDigitError, find_digit
from lib.core.digits.prepare import find_box, resize

MAX_PIXELS = 16_000_000
MAX_JPEG_PIXELS = 64_000_000
"""More than of the others: a JPEG is unpacked at an eighth of its size where that is enough."""
MAX_SCANS = 100
"""Of a progressive JPEG, which has ten or so: each goes over the whole picture, in few bytes."""
_JPEG_SCAN = b"\xff\xda"
LOOKED_AT_SIDE, KEPT_SIDE = 900, 560
"""Pixels of the longer side, while the digit is looked for and afterwards."""
SMALL = 60
"""A digit of fewer pixels is not made smaller than it is."""
FORMATS = ("PNG", "JPEG", "WEBP", "BMP", "GIF")
_LIGHT = 127.5
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
"""By EXIF's orientation."""


class UploadProblem(StrEnum):
    """Why a file cannot be used; the page words it."""

    UNREADABLE = "unreadable"
    TOO_LARGE = "too large"
    NO_CONTRAST = NoDigit.BLANK.value
    NO_SIGN = NoDigit.NO_SIGN.value
    SEVERAL = NoDigit.SEVERAL.value


class UploadError(ValueError):
    """A file that is no picture of a digit."""

    def __init__(self, problem: UploadProblem) -> None:
        super().__init__(str(problem))
        self.problem = problem


@contextmanager
def upright_picture(content: bytes, formats: Sequence[str], side: int) -> Iterator[Image.Image]:
    """A picture file of a learner's, the right way up; a JPEG unpacked to no more than it takes for ``side`` pixels.

    Raises: UploadError, also for whatever goes wrong while the picture is worked on.
    """
    try:
        with Image.open(io.BytesIO(content), formats=tuple(formats)) as picture:
            is_jpeg = picture.format == "JPEG"
            if picture.width * picture.height > (MAX_JPEG_PIXELS if is_jpeg else MAX_PIXELS):
                raise UploadError(UploadProblem.TOO_LARGE)
            if is_jpeg and content.count(_JPEG_SCAN) > MAX_SCANS:
                raise UploadError(UploadProblem.TOO_LARGE)
            picture.draft("RGB", (side, side))
            yield _turned(picture)
    except UploadError:
        raise
    except Image.DecompressionBombError as error:
        raise UploadError(UploadProblem.TOO_LARGE) from error
    except Exception as error:  # damaged files make Pillow raise anything: struct.error, KeyError, ...
        raise UploadError(UploadProblem.UNREADABLE) from error


def _turned(picture: Image.Image) -> Image.Image:
    """As ``ImageOps.exif_transpose``, but for the EXIF data: writing that anew fails on what some cameras put there."""
    way = _TURNS.get(picture.getexif().get(ExifTags.Base.Orientation, 1))
    return picture if way is None else picture.transpose(way)


def ink_of_picture(content: bytes) -> Found:
    """A picture file -> the digit in it, 0 where anything else was, its longer side at most 560 pixels.

    >>> buffer = io.BytesIO()
    >>> paper = np.full((200, 200), 250, np.uint8); paper[50:150, 90:110] = 20
    >>> Image.fromarray(paper).save(buffer, format="PNG")
    >>> found = ink_of_picture(buffer.getvalue())
    >>> int(found.ink[0, 0]), int(found.ink[100, 100])
    (0, 255)

    Raises: UploadError.
    """
    with upright_picture(content, FORMATS, LOOKED_AT_SIDE) as picture:
        pixels = _on_paper(picture)
    try:
        return _kept(find_digit(pixels))
    except NoDigitError as error:
        raise UploadError(UploadProblem(error.why.value)) from error


def _kept(found: Found) -> Found:
    """Small enough to be kept for each learner: the picture, or where its digit is small, what lies around that."""
    box = find_box(found.ink)
    if box is None:
        raise UploadError(UploadProblem.NO_SIGN)
    height, width = found.ink.shape
    share = min(1.0, KEPT_SIDE / max(height, width))
    if share * max(box.height, box.width) >= SMALL:
        ink = resize(found.ink, max(1, round(share * height)), max(1, round(share * width)))
        return replace(found, ink=ink)
    margin = max(box.height, box.width)
    rows = slice(max(0, box.top - margin), box.top + box.height + margin)
    columns = slice(max(0, box.left - margin), box.left + box.width + margin)
    return replace(found, ink=found.ink[rows, columns].copy())


def _on_paper(picture: Image.Image) -> NDArray[np.uint8]:
    """Small; grey (H, W) or colours (H, W, 3); where it is transparent, paper that contrasts with what is not."""
    if picture.mode.startswith("I") or picture.mode == "F":
        picture = _eight_bits(picture)
    if picture.mode == "P" or "transparency" in picture.info:
        picture = picture.convert("RGBA")
    elif picture.mode not in ("L", "RGB", "RGBA", "LA"):
        picture = picture.convert("RGB")
    if "A" not in picture.getbands():
        picture.thumbnail((LOOKED_AT_SIDE, LOOKED_AT_SIDE), Image.Resampling.BOX)
        return np.asarray(picture)
    coloured = picture.convert("RGBA")
    coloured.thumbnail((LOOKED_AT_SIDE, LOOKED_AT_SIDE), Image.Resampling.BOX)
    alpha = np.asarray(coloured.getchannel("A"), dtype=np.float64)
    grey = np.asarray(coloured.convert("RGB").convert("L"), dtype=np.float64)
    is_dark = float((grey * alpha).sum()) < _LIGHT * float(alpha.sum())
    paper = Image.new("RGBA", coloured.size, (255, 255, 255, 255) if is_dark else (0, 0, 0, 255))
    return np.asarray(Image.alpha_composite(paper, coloured).convert("RGB"))


def _eight_bits(picture: Image.Image) -> Image.Image:
    """More than 8 bits of grey, brought to 8: by the fewest bits that hold all values."""
    values = np.asarray(picture)
    bits = max(8, int(values.max(initial=0)).bit_length())
    return Image.fromarray((np.maximum(values, 0).astype(np.int64) >> (bits - 8)).astype(np.uint8))
