"""From a drawing to the 28 x 28 pixels that a network trained on MNIST expects. Imports no torch.

MNIST's makers cropped each digit, scaled its longer side to 20 pixels with an anti-aliasing filter, and moved
its centre of mass to the middle of a 28 x 28 field. A digit that was not treated so looks like no digit the
network has ever seen.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

SIDE = 28
BOX_SIDE = 20
MIDDLE = 14
"""The pixel, counted from 0, at which MNIST's centres of mass lie after rounding."""

Ink = NDArray[np.uint8]


@dataclass(frozen=True)
class Box:
    """The smallest rectangle with all ink: first row and column, and its size, in pixels of the drawing."""

    top: int
    left: int
    height: int
    width: int


@dataclass(frozen=True, eq=False)
class Prepared:
    """A drawing on its way to the network, white on black, 0 to 255.

    ``cropped`` (height, width) is what lies in ``box``; ``scaled`` has a longer side of 20; ``fed`` (28, 28) is
    what the network gets. ``centre`` is the centre of mass (row, column) of ``scaled`` after it was laid into
    the upper left corner, ``shift`` the whole pixels (down, right) by which that moved. Where the drawing is fed
    raw, ``scaled`` and ``cropped`` are the whole drawing and nothing moved.
    """

    drawing: Ink
    box: Box
    cropped: Ink
    scaled: Ink
    centre: tuple[float, float]
    shift: tuple[int, int]
    fed: Ink
    is_raw: bool

    @property
    def pixels(self) -> NDArray[np.float32]:
        """(784,) from 0 to 1, as ``ToTensor`` makes them."""
        return (self.fed.reshape(-1) / np.float32(255)).astype(np.float32)

    @property
    def stroke_width(self) -> float:
        """Roughly how wide the strokes are in ``fed``, in pixels: twice the ink over the ink's outline."""
        ink = self.fed / 255.0
        down = np.abs(np.diff(ink, axis=0, prepend=0, append=0)).sum()
        across = np.abs(np.diff(ink, axis=1, prepend=0, append=0)).sum()
        # Steps along rows and columns overestimate the outline's length, by 4 / pi over all directions.
        outline = (down + across) * np.pi / 4
        return float(2 * ink.sum() / outline) if outline else 0.0


def find_box(ink: Ink) -> Box | None:
    """Where the ink is; None on an empty drawing.

    >>> find_box(np.pad(np.full((2, 3), 255, np.uint8), ((5, 0), (1, 4))))
    Box(top=5, left=1, height=2, width=3)
    """
    rows, columns = np.flatnonzero(ink.any(axis=1)), np.flatnonzero(ink.any(axis=0))
    if not len(rows):
        return None
    top, left = int(rows[0]), int(columns[0])
    return Box(top, left, int(rows[-1]) - top + 1, int(columns[-1]) - left + 1)


def resize(ink: Ink, height: int, width: int) -> Ink:
    """(H, W) -> (height, width): the mean over each new pixel's area; where pixels grow, between neighbours.

    >>> resize(np.array([[0, 255], [255, 255]], np.uint8), 1, 1).tolist()
    [[191]]
    """
    grows = height > ink.shape[0] or width > ink.shape[1]
    method = Image.Resampling.BILINEAR if grows else Image.Resampling.BOX
    picture = Image.fromarray(ink.astype(np.float32)).resize((width, height), method)
    return np.asarray(np.clip(np.rint(np.asarray(picture)), 0, 255), dtype=np.uint8)


def centre_of_mass(ink: Ink) -> tuple[float, float]:
    """Mean row and column, each pixel weighted by its ink.

    >>> centre_of_mass(np.array([[0, 0, 0], [255, 0, 255]], np.uint8))
    (1.0, 1.0)
    """
    weights = ink.astype(np.float64)
    total = weights.sum()
    rows = float(weights.sum(axis=1) @ np.arange(ink.shape[0]) / total)
    columns = float(weights.sum(axis=0) @ np.arange(ink.shape[1]) / total)
    return rows, columns


def prepare(drawing: Ink, *, raw: bool = False) -> Prepared | None:
    """(H, W) white on black -> what the network gets; None on an empty drawing.

    ``raw`` leaves out crop, scale and centring: the whole drawing is shrunk to 28 x 28.

    >>> prepare(np.zeros((280, 280), np.uint8)) is None
    True
    >>> stroke = np.zeros((280, 280), np.uint8)
    >>> stroke[10:110, 20:30] = 255
    >>> prepared = prepare(stroke)
    >>> prepared.scaled.shape, prepared.shift
    ((20, 2), (5, 14))

    Source: Y. LeCun, C. Cortes, C. Burges, "The MNIST database of handwritten digits".
    """
    box = find_box(drawing)
    if box is None:
        return None
    if raw:
        whole = Box(0, 0, *drawing.shape)
        fed = resize(drawing, SIDE, SIDE)
        centre = centre_of_mass(fed) if fed.any() else (0.0, 0.0)
        return Prepared(drawing, whole, drawing, fed, centre, (0, 0), fed, is_raw=True)
    cropped = drawing[box.top : box.top + box.height, box.left : box.left + box.width]
    share = BOX_SIDE / max(box.height, box.width)
    scaled = resize(cropped, max(1, round(box.height * share)), max(1, round(box.width * share)))
    centre = centre_of_mass(scaled) if scaled.any() else (0.0, 0.0)
    shift = (_shift(centre[0], scaled.shape[0]), _shift(centre[1], scaled.shape[1]))
    fed = np.zeros((SIDE, SIDE), np.uint8)
    fed[shift[0] : shift[0] + scaled.shape[0], shift[1] : shift[1] + scaled.shape[1]] = scaled
    return Prepared(drawing, box, cropped, scaled, centre, shift, fed, is_raw=False)


def _shift(centre: float, size: int) -> int:
    """Whole pixels that bring the centre nearest to the middle; ink never leaves the field."""
    return min(max(0, int(np.floor(MIDDLE - centre + 0.5))), SIDE - size)
