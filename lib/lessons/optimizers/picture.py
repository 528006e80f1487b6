"""The race on a surface: what the browser gets, as JSON text."""

from __future__ import annotations

import json
import math
from dataclasses import asdict
from functools import cache, lru_cache
from typing import Any

from lib.core.optim.derivative import derivatives
from lib.core.optim.methods import OPTIONS, Method
from lib.core.optim.racers import Race
from lib.core.optim.schedules import ScheduleKind
from lib.core.optim.surfaces import SURFACES, Surface, SurfaceName, typed_surface
from lib.core.optim.sweep import committed
from lib.figures.palette import Palette
from lib.lessons.optimizers.state import RACE, TABLE
from lib.lessons.optimizers.texts import OPTIMIZERS_TEXTS, PICTURE_TEXTS
from lib.ui.components.base import browser_component
from lib.ui.lang import Lang
from lib.ui.state import reported
from lib.ui.texts.frame import FRAME_TEXTS

KEY = "optimizers_picture"
_mount = browser_component("optimizers", html='<div class="optimizers"></div>')


def surface_of(text: str, half: float) -> Surface:
    """A surface by its name or its function. Raises: ExpressionError.

    >>> surface_of("bowl", 4.0).lowest, surface_of("x**2 + y", 4.0).lowest
    (0.0, None)
    """
    return SURFACES[SurfaceName(text)] if text in list(SurfaceName) else typed_surface(text, half)


def _surface_json(text: str, half: float) -> dict[str, Any]:
    surface = surface_of(text, half)
    return {
        "name": text if text in list(SurfaceName) else "",
        "text": surface.function.text,
        "tape": surface.function.to_list(),
        "derivatives": derivatives(surface.function),
        "window": asdict(surface.window),
        "start": surface.start,
        "lowest": surface.lowest,
        "minima": surface.minima,
        "noise": surface.noise,
    }


@cache
def _options_json() -> dict[str, Any]:
    return {
        method: [
            {
                "name": option.name,
                "torch": option.torch,
                "default": option.default,
                "low": option.low,
                "high": option.high,
                "flag": option.is_flag,
            }
            for option in OPTIONS[method].values()
        ]
        for method in Method
    }


def _rows_json(text: str) -> dict[str, Any] | None:
    if text not in list(SurfaceName):
        return None
    return {
        method: [[cell.arrived, cell.gap, int(cell.left)] for cell in row]
        for method, row in committed()[text].items()
    }


def props(text: str, half: float, race: Race, stamp: str, lang: Lang, colours: Palette) -> dict[str, Any]:
    """All that the script documents as Props."""
    texts = OPTIMIZERS_TEXTS[lang]
    return {
        "surface": _surface_json(text, half),
        "about": texts.about.get(SurfaceName(text), "") if text in list(SurfaceName) else "",
        "rows": _rows_json(text),
        "race": race.to_dict(),
        "usual": Race().to_dict(),
        "stamp": stamp,
        "options": _options_json(),
        "schedules": list(ScheduleKind),
        "labels": {**asdict(PICTURE_TEXTS[lang]), **FRAME_TEXTS[lang].signs},
        "optionNames": texts.options,
        "scheduleNames": texts.schedules,
        "colours": {
            **colours.named("input", "weight", "output", "wrong", "muted", "ink", "paper", "grid"),
            "series": colours.series,
        },
    }


@lru_cache(maxsize=128)  # half of it comes from what learners type
def _text(text: str, half: float, race: Race, stamp: str, lang: Lang, colours: Palette) -> str:
    made = props(text, half, race, stamp, lang, colours)
    assert all(math.isfinite(node[3]) for node in made["surface"]["tape"])
    return json.dumps(made, ensure_ascii=False)


def race_picture(text: str, half: float, race: Race, stamp: str, lang: Lang, colours: Palette) -> None:
    """Draw it; ``stamp`` changes where the browser is to take ``race`` over."""
    _mount(
        key=KEY,
        data=_text(text, half, race, stamp, lang, colours),
        on_race_change=reported(TABLE, RACE, KEY),
    )
