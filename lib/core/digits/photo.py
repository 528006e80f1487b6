"""A digit found in a photograph: light flattened, paper told from desk, the digit from dirt. Imports no torch.

A pen's stroke is dark, and narrow beside the page; a shadow, a desk, a table's edge is broad. A morphological closing
with a window wider than any stroke takes the strokes away and leaves everything else where it is, edges of shadows
and of the paper included: what the picture lacks of its closing is ink. The noise around each pixel says how much of
it counts. Parts of ink that lie together are one sign; the largest that lies on paper, has strokes and does not run
out of the picture is the digit.

Source: J. Serra (1982), "Image Analysis and Mathematical Morphology" (top-hat by closing).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from lib.core.digits.components import Mask, Parts, find_parts, running_max, spread
from lib.core.digits.lines import without_lines
from lib.core.digits.prepare import BOX_SIDE, Ink

Bytes = NDArray[np.uint8]
Floats = NDArray[np.float32]
Box4 = tuple[int, int, int, int]

ENOUGH = 112
"""Pixels of the shorter side: smaller pictures are enlarged, each pixel to a square."""
WINDOW = 0.4
"""Side of the closing's window, as a share of the picture's shorter side: wider than any stroke."""
RULE = 0.1
"""The same, wider than what divides a sheet: printed lines, and the strokes of a digit on a sheet."""
TILES = 28
"""Along the shorter side: in each the noise is measured."""
CALM = 0.3
"""The share of them that is taken for bare paper."""
LEVELS = (0.07, 0.12, 0.2, 0.32, 0.5)
"""How much darker than its paper ink is taken to be, from pencil to felt pen: each is tried."""
SIGMAS = 5.0
SMALLEST = 10
SMALLEST_SHARE = 0.02
"""Of the picture's shorter side: what is smaller is dirt."""
BLOB = 0.45
"""Where the stroke is wider than this share of the extent, it is a spot."""
HAIR = 0.008
"""Where it is narrower than this share, it is a grid of lines."""
SHEET = 0.5
"""A sheet of paper, turned a little, fills at least this share of its box."""
FAINTEST = 0.1
"""Ink takes at least this share of its paper's light."""
LINE = 0.05
"""Where it is narrower than this share and runs out of the picture, it is a line of the page."""
THIN, AS_PEN = 1.6, 2.2
"""Pixels at MNIST's size: strokes narrower than the first are made as wide as the second."""


class NoDigit(StrEnum):
    """Why nothing was found."""

    BLANK = "no contrast"
    NO_SIGN = "no sign"
    SEVERAL = "several"


class NoDigitError(ValueError):
    """A picture without one digit to be read."""

    def __init__(self, why: NoDigit) -> None:
        super().__init__(str(why))
        self.why = why


@dataclass(frozen=True, eq=False)
class Found:
    """A digit: ``ink`` (H, W) white on black, all else of the picture empty, and whether its strokes were widened."""

    ink: Ink
    is_widened: bool


@dataclass(frozen=True, eq=False)
class _Flat:
    """A picture whose paper is 0 everywhere: ``ink`` is how much of the light is missing, in shares of its paper.

    ``paper`` is the light of the paper around, ``threshold`` what noise does not reach.
    """

    ink: Floats
    paper: Floats
    threshold: Floats


@dataclass(frozen=True, eq=False)
class _Candidate:
    box: Box4
    score: float
    contrast: float
    share: float
    flat: _Flat
    own: Mask

    @property
    def extent(self) -> int:
        return max(self.box[2] - self.box[0], self.box[3] - self.box[1])


def find_digit(picture: Bytes) -> Found:
    """(H, W) grey or (H, W, 3) colours -> the one digit in it, dark on light or light on dark.

    >>> paper = np.full((100, 100), 240, np.uint8); paper[20:80, 45:55] = 30
    >>> found = find_digit(paper)
    >>> int(found.ink[0, 0]), int(found.ink[50, 50]), found.is_widened
    (0, 255, False)

    Raises: NoDigitError.
    """
    colours = picture[..., None] if picture.ndim == 2 else picture
    shorter, longer = sorted(colours.shape[:2])
    enlarged = max(1, min(ENOUGH // shorter, 8 * ENOUGH // longer))
    if shorter * enlarged < TILES:
        raise NoDigitError(NoDigit.BLANK)
    if enlarged > 1:
        colours = colours.repeat(enlarged, axis=0).repeat(enlarged, axis=1)
    # The darkest of red, green and blue: a yellow pen is as light as its paper in all but blue.
    flats = [_flatten(colours.min(axis=2))]
    if _may_be_light_on_dark(colours):
        flats.append(_flatten((255 - colours).min(axis=2)))
    found = [candidate for flat in flats for candidate in _candidates(flat)]
    if not found:
        any_ink = any((flat.ink > np.maximum(2 * flat.threshold, LEVELS[1])).any() for flat in flats)
        raise NoDigitError(NoDigit.NO_SIGN if any_ink else NoDigit.BLANK)
    best = _best(found)
    if any(_is_another(each, best) for each in found):
        raise NoDigitError(NoDigit.SEVERAL)
    return _extract(best)


def _is_another(other: _Candidate, best: _Candidate) -> bool:
    """Whether beside the best candidate there is another sign of the same pen."""
    apart = (
        other.box[2] <= best.box[0]
        or best.box[2] <= other.box[0]
        or other.box[3] <= best.box[1]
        or best.box[3] <= other.box[1]
    )
    return bool(
        other.flat is best.flat
        and apart
        and other.extent > 0.6 * best.extent
        and other.contrast > 0.7 * best.contrast
        and other.score > 0.6 * best.score
        and 0.5 < other.share * other.extent / (best.share * best.extent) < 2
    )


def _may_be_light_on_dark(colours: Bytes) -> bool:
    """Whether all that is light is as narrow as strokes: a blackboard, not paper on a dark desk."""
    light = np.ascontiguousarray(colours.max(axis=2)[::2, ::2])
    smooth = np.asarray(Image.fromarray(light).filter(ImageFilter.GaussianBlur(1)))
    shorter = min(smooth.shape)
    whole = _closing(smooth, int(shorter * RULE) | 1)  # a sheet stays a sheet where thin lines divide it
    ground = 255 - _closing(255 - whole, int(shorter * WINDOW) | 1)
    chalk = float(smooth.flat[int((smooth.astype(np.int16) - ground).argmax())])
    return bool(float(np.quantile(ground, 0.98)) < 0.6 * chalk)


def _closing(grey: Bytes, window: int) -> Bytes:
    """The picture without dark structures narrower than the window; beyond its border it goes on as it ends."""
    grown = np.pad(grey, window, mode="edge")
    for axis in (0, 1):
        grown = running_max(grown, window, axis)
    shrunk: Bytes = 255 - grown
    for axis in (0, 1):
        shrunk = running_max(shrunk, window, axis)
    return np.asarray(255 - shrunk, dtype=np.uint8)[window:-window, window:-window]


def _flatten(grey: Bytes) -> _Flat:
    shorter = min(grey.shape)
    smooth = np.asarray(Image.fromarray(grey).filter(ImageFilter.GaussianBlur(max(grey.shape) / 900)))
    paper = _closing(smooth, int(shorter * WINDOW) | 1).astype(np.float32)
    brightest = float(np.quantile(paper[::4, ::4], 0.95))
    missing: Floats = paper - smooth
    level, noise = _level_and_noise(missing)
    unit = np.maximum(np.maximum(paper, 0.35 * brightest), 1)
    ink = ((missing - level) / unit).astype(np.float32)
    ink = without_lines(ink, max(0.03, 2 * noise / max(brightest, 1)))
    return _Flat(ink, paper / max(brightest, 1), (SIGMAS * noise / unit + 0.01).astype(np.float32))


def _level_and_noise(missing: Floats) -> tuple[float, float]:
    """By how much the closing is lighter than the paper, and the noise's standard deviation.

    From the calmer third of all tiles: the others may have ink in them, or something else than paper.
    """
    height, width = missing.shape
    side = max(4, min(height, width) // TILES)
    rows, columns = height // side, width // side
    whole = missing[: rows * side, : columns * side].reshape(rows, side, columns, side)
    tiles = np.ascontiguousarray(whole.swapaxes(1, 2)).reshape(rows * columns, -1)
    level = np.median(tiles, axis=1)
    noise = 1.4826 * np.median(np.abs(tiles - level[:, None]), axis=1)
    return float(np.quantile(level, CALM)), float(np.quantile(noise, CALM))


def _candidates(flat: _Flat) -> Iterator[_Candidate]:
    """What could be a digit, at each level of ink."""
    shorter = min(flat.ink.shape)
    smallest = max(SMALLEST, SMALLEST_SHARE * shorter)
    for level in LEVELS:
        parts = find_parts(flat.ink > np.maximum(flat.threshold, level))
        extents = parts.extent
        largest = [int(k) for k in np.argsort(-extents)[:8] if extents[k] >= smallest and k]
        taken: set[int] = set()
        for part in largest:
            if part in taken:
                continue
            group = _group(parts, part)
            taken |= set(group)
            candidate = _judge(flat, parts, group)
            if candidate is not None:
                yield candidate


def _group(parts: Parts, first: int) -> list[int]:
    """All parts of the sign that ``first`` is the largest part of: near, and no dirt."""
    group = [first]
    extent, stroke = float(parts.extent[first]), float(parts.stroke[first])
    height, width = parts.labels.shape
    for _ in range(3):
        top, left, bottom, right = _around(parts, group)
        reach = round(0.3 * extent) + 2
        rows, columns = (
            slice(max(0, top - reach), min(height, bottom + reach)),
            slice(max(0, left - reach), min(width, right + reach)),
        )
        labels = parts.labels[rows, columns]
        own = np.isin(labels, group)
        near = np.unique(labels[spread(own, max(1, round(0.7 * stroke)))])
        far = np.unique(labels[spread(own, reach)])
        more = [
            int(k)
            for k in far
            if k
            and k not in group
            and parts.extent[k] <= 1.2 * extent
            and (_is_stroke(parts, int(k), extent, stroke) or (k in near and parts.area[k] > 3))
        ]
        if not more:
            break
        group += more
    return group


def _is_stroke(parts: Parts, part: int, extent: float, stroke: float) -> bool:
    """Whether a part further away is another stroke of the same pen, not a speck."""
    own = float(parts.stroke[part])
    return bool(
        parts.extent[part] >= 0.2 * extent
        and parts.extent[part] >= 2 * own
        and 0.4 * stroke <= own <= 2 * stroke
    )


def _around(parts: Parts, group: list[int]) -> Box4:
    boxes = parts.boxes[group]
    top, left = boxes[:, :2].min(axis=0)
    bottom, right = boxes[:, 2:].max(axis=0)
    return int(top), int(left), int(bottom), int(right)


def _judge(flat: _Flat, parts: Parts, group: list[int]) -> _Candidate | None:
    """How much a group looks like a digit on paper; None where it cannot be one."""
    height, width = flat.ink.shape
    shorter = min(height, width)
    box = top, left, bottom, right = _around(parts, group)
    extent = max(bottom - top, right - left)
    area = float(parts.area[group].sum())
    stroke = 2 * area / max(float(parts.edge[group].sum()) * np.pi / 4, 1)
    if stroke > BLOB * extent or stroke < HAIR * extent or extent < 3:
        return None
    around = (
        slice(max(0, top - extent), min(height, bottom + extent)),
        slice(max(0, left - extent), min(width, right + extent)),
    )
    own = np.isin(parts.labels[top:bottom, left:right], group)
    light = float(flat.paper[top:bottom, left:right][own].mean())
    contrast = float(np.quantile(flat.ink[top:bottom, left:right][own], 0.8))
    grey = flat.paper[around] * (1 - flat.ink[around])
    if float((grey > light * (1 - 0.5 * contrast)).mean()) < 0.4:
        return None  # not on paper: a hole in something dark
    border = _border_contact(own, box, height, width)
    if contrast < max(FAINTEST, 1.3 * float(flat.threshold[top:bottom, left:right].mean())):
        return None
    narrow = min(bottom - top, right - left)
    is_line = stroke < LINE * extent or extent > 8 * narrow or extent < 0.1 * shorter
    frame = max(2, shorter // 40)
    is_outside = min(top, left, height - bottom, width - right) < frame
    if border > 0.35 * shorter or (is_outside and is_line):
        return None
    if area > 0.68 * (bottom - top) * (right - left) and extent < 1.5 * narrow and stroke > 0.3 * extent:
        return None  # a spot
    share = stroke / extent
    score = contrast * min(1.0, light) ** 2 * (extent / shorter) ** 0.5 * (1 - share / 0.5)
    if border:
        score *= 0.1
    return _Candidate(box, score, contrast, share, flat, own)


def _border_contact(own: Mask, box: Box4, height: int, width: int) -> int:
    """How many pixels of a group lie at the picture's border."""
    top, left, bottom, right = box
    sides = [
        own[0] if top == 0 else own[:0, 0],
        own[-1] if bottom == height else own[:0, 0],
        own[:, 0] if left == 0 else own[:0, 0],
        own[:, -1] if right == width else own[:0, 0],
    ]
    return int(sum(side.sum() for side in sides))


def _best(found: list[_Candidate]) -> _Candidate:
    """The best one; of dark on light and light on dark, one in the other, that which is the stroke.

    In a ring there is a hole, and in a sheet of paper a digit: a sheet is full but for its digit, and that narrower.
    """
    ranked = sorted(found, key=lambda each: -each.score)
    best = ranked[0]
    for other in ranked[1:]:
        if other.flat is best.flat or other.score < 0.5 * best.score:
            continue
        for outer, inner in ((best, other), (other, best)):
            if _contains(outer.box, inner.box):
                return inner if inner.share < outer.share and _filled(outer.own) > SHEET else outer
    return best


def _filled(own: Mask) -> float:
    """The share of its box that a group fills, its holes filled."""
    parts = find_parts(~np.pad(own, 1))
    outside = parts.area[parts.labels[0, 0]]
    return float(1 - (outside - (parts.labels.size - own.size)) / own.size)


def _contains(outer: Box4, inner: Box4) -> bool:
    return outer[0] <= inner[0] and outer[1] <= inner[1] and outer[2] >= inner[2] and outer[3] >= inner[3]


def _extract(best: _Candidate) -> Found:
    """The digit's ink with its soft edges: half of its own darkness is where a stroke ends."""
    flat = best.flat
    height, width = flat.ink.shape
    margin = max(4, round(0.15 * best.extent))
    rows = slice(max(0, best.box[0] - margin), min(height, best.box[2] + margin))
    columns = slice(max(0, best.box[1] - margin), min(width, best.box[3] + margin))
    ink = flat.ink[rows, columns]
    low = np.maximum(0.4 * best.contrast, np.minimum(flat.threshold[rows, columns], 0.7 * best.contrast))
    parts = find_parts(ink > low)
    group = _group(parts, int(parts.extent.argmax()))
    own = np.isin(parts.labels, group)
    soft = np.clip((ink / best.contrast - 0.2) / 0.6, 0, 1) * spread(own, 1)
    extent = max(np.array(_around(parts, group)[2:]) - _around(parts, group)[:2])
    area = float(parts.area[group].sum())
    stroke = 2 * area / (float(parts.edge[group].sum()) * np.pi / 4)
    pixels = np.asarray(np.rint(255 * soft), dtype=np.uint8)
    scale = BOX_SIDE / float(extent)
    is_widened = stroke * scale < THIN
    whole = np.zeros((height, width), np.uint8)
    whole[rows, columns] = pixels
    if is_widened:
        more = round((AS_PEN / scale - stroke) / 2)
        whole = _widened(whole, more)
    return Found(whole, is_widened)


def _widened(ink: Ink, radius: int) -> Ink:
    """Strokes wider by ``radius`` to each side, with round ends."""
    if radius < 1:
        return ink
    result = ink.copy()
    height = len(ink)
    for down in range(-radius, radius + 1):
        reach = int(np.sqrt(radius**2 - down**2) + 0.5)
        row = running_max(ink, 2 * reach + 1, 1)
        target = slice(max(0, down), height + min(0, down))
        source = slice(max(0, -down), height + min(0, -down))
        np.maximum(result[target], row[source], out=result[target])
    return result
