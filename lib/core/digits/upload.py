"""An uploaded picture of a digit as ink: white on black, whatever the paper was. Imports no torch."""

from __future__ import annotations

import io
from enum import StrEnum

import numpy as np
from PIL import Image, ImageOps

from lib.core.digits.prepare import Ink

MAX_PIXELS = 16_000_000
MAX_JPEG_PIXELS = 64_000_000
"""More than of the others: a JPEG is unpacked at an eighth of its size where that is enough."""
KEPT_SIDE = 560
FORMATS = ("PNG", "JPEG", "WEBP", "BMP", "GIF")
_LIGHT = 127.5
_MIN_CONTRAST = 24
_NOISE_SHARE = 0.25


class UploadProblem(StrEnum):
    """Why a file cannot be used; the page words it."""

    UNREADABLE = "unreadable"
    TOO_LARGE = "too large"
    NO_CONTRAST = "no contrast"


class UploadError(ValueError):
    """A file that is no picture of a digit."""

    def __init__(self, problem: UploadProblem) -> None:
        super().__init__(str(problem))
        self.problem = problem


def ink_of_picture(content: bytes) -> Ink:
    """A picture file -> (H, W) ink, 0 where the paper was, its longer side at most 560 pixels.

    The paper is what most of the border looks like; what differs from it little is taken for shadow.

    >>> buffer = io.BytesIO()
    >>> paper = np.full((40, 40), 250, np.uint8); paper[10:30, 18:22] = 20
    >>> Image.fromarray(paper).save(buffer, format="PNG")
    >>> ink = ink_of_picture(buffer.getvalue())
    >>> int(ink[0, 0]), int(ink[20, 20])
    (0, 255)

    Raises: UploadError.
    """
    try:
        with Image.open(io.BytesIO(content), formats=FORMATS) as picture:
            limit = MAX_JPEG_PIXELS if picture.format == "JPEG" else MAX_PIXELS
            if picture.width * picture.height > limit:
                raise UploadError(UploadProblem.TOO_LARGE)
            picture.draft("L", (KEPT_SIDE, KEPT_SIDE))
            upright = ImageOps.exif_transpose(picture)
            grey = np.asarray(_on_paper(upright), dtype=np.float64)
    except UploadError:
        raise
    except Image.DecompressionBombError as error:
        raise UploadError(UploadProblem.TOO_LARGE) from error
    except (OSError, ValueError, SyntaxError, EOFError) as error:
        raise UploadError(UploadProblem.UNREADABLE) from error
    return _ink(grey)


def _on_paper(picture: Image.Image) -> Image.Image:
    """Grey and small; where it is transparent, paper that contrasts with what is not."""
    picture.thumbnail((KEPT_SIDE, KEPT_SIDE), Image.Resampling.BOX)
    if "A" not in picture.getbands() and "transparency" not in picture.info:
        return picture.convert("L")
    coloured = picture.convert("RGBA")
    alpha = np.asarray(coloured.getchannel("A"), dtype=np.float64)
    grey = np.asarray(coloured.convert("RGB").convert("L"), dtype=np.float64)
    is_dark = float((grey * alpha).sum()) < _LIGHT * float(alpha.sum())
    paper = Image.new("RGBA", coloured.size, (255, 255, 255, 255) if is_dark else (0, 0, 0, 255))
    return Image.alpha_composite(paper, coloured).convert("L")


def _ink(grey: np.ndarray[tuple[int, ...], np.dtype[np.float64]]) -> Ink:
    border = np.concatenate([grey[0], grey[-1], grey[:, 0], grey[:, -1]])
    paper = float(np.median(border))
    ink = paper - grey if paper > _LIGHT else grey - paper
    # The strongest stroke, a few bright or dark specks left aside.
    strongest = float(np.quantile(ink, 0.999)) if ink.size > 1000 else float(ink.max())
    if strongest < _MIN_CONTRAST:
        raise UploadError(UploadProblem.NO_CONTRAST)
    share = np.clip(ink / strongest, 0, 1)
    share[share < _NOISE_SHARE] = 0
    return np.asarray(np.rint(255 * share), dtype=np.uint8)
