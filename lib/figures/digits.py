"""Digits and weights as small pictures in a grid that wraps on a narrow screen: HTML with PNGs inside."""

from __future__ import annotations

import base64
import html
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lib.core.png import indexed_png_bytes, png_bytes
from lib.figures.palette import palette
from lib.figures.training import ChartTexts


@dataclass(frozen=True)
class Caption:
    """What stands below a digit; ``is_right`` None where nothing was predicted; ``alt`` for screen readers."""

    text: str
    is_right: bool | None
    alt: str


def png_uri(pixels: NDArray[np.uint8]) -> str:
    """(H, W) grey or (H, W, 3) colour as a data address.

    >>> png_uri(np.zeros((2, 2), np.uint8))[:22]
    'data:image/png;base64,'
    """
    return _uri(png_bytes(pixels))


def _uri(png: bytes) -> str:
    return "data:image/png;base64," + base64.b64encode(png).decode()


def digit_grid_html(
    images: NDArray[np.uint8], captions: Sequence[Caption], *, dark: bool, smallest: str = "max(64px,8.5%)"
) -> str:
    """(N, 28, 28) digits with a caption each; right and wrong are told by a sign as well as by colour.

    ``smallest`` is the least width of a digit, in CSS.
    """
    colours = palette(dark=dark)
    cells = []
    for place, caption in zip(_places(len(images)), captions, strict=True):
        sign, colour = {
            True: ("✓ ", colours.output),
            False: ("✗ ", colours.wrong),
            None: ("", colours.ink),
        }[caption.is_right]
        cells.append(
            f"<figure>{_tile(place, caption.alt)}"
            f'<figcaption style="color:{colour}">{sign}{html.escape(caption.text)}</figcaption></figure>'
        )
    return _grid(cells, png_bytes(images.reshape(-1, images.shape[-1])), smallest=smallest)


def _places(count: int) -> list[str]:
    """Where each of some pictures one above the other stands: 0 at the top, 1 at the bottom.

    >>> _places(3), _places(1)
    (['0', '0.5', '1'], ['0'])
    """
    return [f"{at / max(1, count - 1):.6g}" for at in range(count)]


def _tile(place: str, alt: str) -> str:
    return f'<i role="img" aria-label="{html.escape(alt)}" style="--at:{place}"></i>'


def _grid(cells: Sequence[str], sheet: bytes, *, smallest: str) -> str:
    """Tiles that show one file, each its part of it: half the bytes of a file for each. app.css lays them out."""
    return f'<div class="tiles" style="--least:{smallest};--sheet:url({_uri(sheet)})">{"".join(cells)}</div>'


def _rgb(colour: str) -> NDArray[np.float64]:
    return np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)], dtype=float)


def diverging(values: NDArray[np.floating], limit: float, *, dark: bool) -> NDArray[np.uint8]:
    """(H, W) numbers -> (H, W, 3) colours: paper at 0, the weights' hue above, the input's below.

    >>> diverging(np.zeros((1, 1)), 1.0, dark=False).tolist()
    [[[255, 255, 255]]]
    """
    colours = palette(dark=dark)
    share = np.clip(np.abs(values) / limit if limit > 0 else np.zeros_like(values), 0, 1)[..., None]
    target = np.where((values > 0)[..., None], _rgb(colours.weight), _rgb(colours.input))
    return np.asarray((1 - share) * _rgb(colours.paper) + share * target, dtype=np.uint8)


_LEVELS = 21
"""Colours from the lowest weight to the highest, zero in the middle: an eye tells no more of them apart."""


def weight_grid_html(weights: NDArray[np.float32], *, dark: bool, texts: ChartTexts) -> str:
    """(H, 784) weights or (H, 1, k, k) kernels: each unit's as an image, all on one scale."""
    colours = palette(dark=dark)
    scale = float(np.quantile(np.abs(weights), 0.995)) or 1.0
    side = round(weights[0].size ** 0.5)
    steps = diverging(np.linspace(-1, 1, _LEVELS)[None], 1.0, dark=dark)[0]
    shares = np.nan_to_num(np.clip(weights / scale, -1, 1))
    places = np.rint((shares + 1) / 2 * (_LEVELS - 1)).astype(np.uint8)
    cells = [
        _tile(place, texts.weight_alt.format(unit=unit)) for unit, place in enumerate(_places(len(weights)))
    ]
    bar = f"linear-gradient(90deg,{colours.input},{colours.paper},{colours.weight})"
    legend = (
        '<div style="display:flex;align-items:center;gap:8px;margin-bottom:8px;font-size:.9rem">'
        f"<span>{html.escape(texts.weight_low)} −{scale:.2f}</span>"
        f'<span style="width:120px;height:10px;background:{bar};border:1px solid {colours.grid}"></span>'
        f"<span>+{scale:.2f} {html.escape(texts.weight_high)}</span></div>"
    )
    return legend + _grid(cells, indexed_png_bytes(places.reshape(-1, side), steps), smallest="max(56px,7%)")
