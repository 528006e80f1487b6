"""The one visual language: a colour for each role, on every page, colour-blind safe, in light and dark.

The hues are Okabe and Ito's (2008, "Color Universal Design"), lightened for dark backgrounds.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Name = Literal["input", "weight", "output", "padding", "wrong", "muted", "ink", "paper", "grid"]


@dataclass(frozen=True)
class Palette:
    """Colours as ``#rrggbb``; ``ink`` and ``grid`` suit the background, the rest name what they stand for.

    >>> palette(dark=False).input
    '#0072b2'
    """

    input: str
    weight: str
    output: str
    padding: str
    wrong: str
    muted: str
    ink: str
    paper: str
    grid: str
    series: tuple[str, ...]
    """Colours of compared runs, in order: distinct in hue and in lightness."""

    def named(self, *names: Name) -> dict[str, str]:
        """Those that a browser component draws with.

        >>> palette(dark=False).named("ink", "paper")
        {'ink': '#1f2937', 'paper': '#ffffff'}
        """
        return {name: getattr(self, name) for name in names}


LIGHT = Palette(
    input="#0072b2",
    weight="#d55e00",
    output="#00805f",
    padding="#b0578d",
    wrong="#c1272d",
    muted="#6b7280",
    ink="#1f2937",
    paper="#ffffff",
    grid="#e5e7eb",
    series=("#0072b2", "#d55e00", "#00805f", "#b0578d", "#8a6d00", "#3aa0dd", "#5b4bb7", "#1f2937"),
)

DARK = Palette(
    input="#56b4e9",
    weight="#f0a04b",
    output="#3ecf9f",
    padding="#e29ac6",
    wrong="#ff7a70",
    muted="#9ca3af",
    ink="#e5e7eb",
    paper="#0e1117",
    grid="#2b313b",
    series=("#56b4e9", "#f0a04b", "#3ecf9f", "#e29ac6", "#f0e442", "#2f8fd0", "#a79bff", "#e5e7eb"),
)


def palette(*, dark: bool) -> Palette:
    """The palette for a background.

    >>> palette(dark=True).paper
    '#0e1117'
    """
    return DARK if dark else LIGHT
