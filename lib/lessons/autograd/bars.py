"""Small pictures of numbers as HTML: signed bars in rows, in cards that wrap on a phone."""

from __future__ import annotations

import html
import math
from collections.abc import Sequence
from dataclasses import dataclass

from lib.figures.palette import Palette

_MONO = "var(--st-code-font, 'Source Code Pro', monospace)"


@dataclass(frozen=True)
class Bar:
    """One row: its name, its number (drawn to both sides of zero), its colour, what is written (the number)."""

    name: str
    value: float
    colour: str
    said: str = ""

    @property
    def text(self) -> str:
        """What stands at its end.

        >>> Bar("a", -0.25, "red").text
        '−0.25'
        """
        return self.said or f"{self.value:.4g}".replace("-", "−")


def bars(
    rows: Sequence[Bar], *, largest: float, colours: Palette, signed: bool = True, name_width: str = "4.5rem"
) -> str:
    """Rows of bars; ``largest`` is the absolute value that fills a side. Without ``signed`` zero is at the left."""
    return "".join(_row(row, largest, colours, signed, name_width) for row in rows)


def _row(row: Bar, largest: float, colours: Palette, signed: bool, name_width: str) -> str:
    share = min(1.0, abs(row.value) / largest) if largest > 0 and math.isfinite(row.value) else 0.0
    side = 50.0 if signed else 100.0
    width = share * side
    left = (50.0 if row.value >= 0 else 50.0 - width) if signed else 0.0
    zero = (
        f'<div style="position:absolute;left:50%;top:-2px;bottom:-2px;width:1px;background:{colours.muted}"></div>'
        if signed
        else ""
    )
    return (
        '<div style="display:flex;align-items:center;gap:.5rem;min-height:1.6rem;font-size:.9375rem">'
        f'<span style="width:{name_width};flex:none;font-family:{_MONO};overflow-wrap:anywhere">'
        f"{html.escape(row.name)}</span>"
        f'<div style="position:relative;flex:1;min-width:3rem;height:.95rem;background:{colours.grid};'
        'border-radius:3px">'
        f'<div style="position:absolute;left:{left:.2f}%;width:{width:.2f}%;top:0;bottom:0;border-radius:3px;'
        f'background:{row.colour}"></div>{zero}</div>'
        f'<span style="width:4.9rem;flex:none;text-align:right;font-family:{_MONO};font-weight:600">'
        f"{html.escape(row.text)}</span></div>"
    )


def squares(colour_of: Sequence[str]) -> str:
    """Samples as small squares."""
    return (
        '<div style="display:flex;flex-wrap:wrap;gap:4px;margin:.3rem 0">'
        + "".join(
            f'<span style="width:1.15rem;height:1.15rem;border-radius:4px;background:{colour}"></span>'
            for colour in colour_of
        )
        + "</div>"
    )


def card(title: str, body: str, colour: str) -> str:
    """A box with a title; boxes stand side by side where there is room."""
    return (
        f'<div style="flex:1 1 16rem;min-width:0;padding:.6rem .9rem;border:2px solid {colour};border-radius:10px">'
        f'<div style="font-weight:700;font-size:1rem;margin-bottom:.25rem">{html.escape(title)}</div>{body}</div>'
    )


def row_of(*parts: str) -> str:
    """Cards side by side."""
    return (
        '<div style="display:flex;flex-wrap:wrap;gap:.75rem;margin-bottom:.6rem">' + "".join(parts) + "</div>"
    )


def verdict(text: str, *, is_good: bool, colours: Palette) -> str:
    """One line that says whether two things are equal."""
    colour = colours.output if is_good else colours.wrong
    sign = "=" if is_good else "≠"
    return (
        f'<div role="status" style="display:flex;align-items:center;gap:.7rem;font-size:1.15rem;font-weight:700;'
        f'color:{colour};margin:.2rem 0 .7rem"><span style="font-size:1.8rem;line-height:1">{sign}</span>'
        f"{html.escape(text)}</div>"
    )
