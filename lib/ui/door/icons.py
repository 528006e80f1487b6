"""The icons that are in use, cut out of Streamlit's icon font: a tenth of its bytes on each page.

``python -m lib.ui.door.icons`` (``make icons``) cuts them anew, after an icon was added or Streamlit was upgraded;
a test says when that is due.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import streamlit

from lib.ui.door.files import ASSETS, FONTS
from lib.ui.pages import PAGES

FAMILY = "Material Symbols Rounded"
FONT = FONTS.path / "symbols.woff2"
NAMES = FONTS.path / "names.txt"
"""Of the icons in the small font, a line each."""
ROOT = ASSETS.parent
STREAMLIT = Path(streamlit.__file__).parent / "static" / "static"
_NAME = re.compile(r":material/([a-z0-9_]+)")


def names_in_use() -> set[str]:
    """Icons that our sources name, and those that Streamlit's frontend names for itself.

    >>> {"home", "content_copy"} <= names_in_use()
    True
    """
    found = own_names()
    for source in STREAMLIT.glob("js/*.js"):
        found.update(_NAME.findall(source.read_text("utf-8", errors="replace")))
    return found


def is_complete() -> bool:
    """Whether the small font has all icons that our sources name; if not, browsers had better get the whole one.

    >>> is_complete()
    True
    """
    return own_names() <= set(NAMES.read_text("ascii").split())


def face() -> str:
    """The small font as CSS, where it is complete.

    >>> face().startswith('@font-face { font-family: "Material Symbols Rounded"; src: url("./shapelab/fonts/')
    True
    """
    if not is_complete():
        return ""
    return f'@font-face {{ font-family: "{FAMILY}"; src: url("./{FONTS.address(FONT.name)}"); }}'


def own_names() -> set[str]:
    """Icons that our sources name."""
    found: set[str] = set()
    for source in [*(ROOT / "lib").rglob("*.py"), *(ROOT / "pages").glob("*.py")]:
        found.update(_NAME.findall(source.read_text("utf-8")))
    return found | {_NAME.sub(r"\1", page.icon).strip(":") for page in PAGES.values()}


def names_in(font: Any) -> set[str]:
    """Icons that a font draws: letters of a name become one sign."""
    letters = {glyph: chr(code) for code, glyph in font.getBestCmap().items()}
    return {name for name, _, _ in _ligatures(font, letters)}


def _ligatures(font: Any, letters: dict[str, str]) -> list[tuple[str, list[Any], Any]]:
    found = []
    for lookup in font["GSUB"].table.LookupList.Lookup:
        for table in lookup.SubTable:
            inner = getattr(table, "ExtSubTable", table)
            for first, choices in getattr(inner, "ligatures", {}).items():
                for choice in choices:
                    name = "".join(letters.get(glyph, "?") for glyph in [first, *choice.Component])
                    found.append((name, choices, choice))
    return found


def cut(source: Path, target: Path, names: set[str]) -> int:
    """Write a font with the icons of these names alone; returns its bytes. Needs fontTools and brotli."""
    from fontTools import subset
    from fontTools.ttLib import TTFont

    font = TTFont(source)
    letters = {glyph: chr(code) for code, glyph in font.getBestCmap().items()}
    for name, choices, choice in _ligatures(font, letters):
        if name not in names:
            choices.remove(choice)
    options = subset.Options(layout_features=["*"], flavor="woff2", notdef_outline=True, name_IDs=["*"])
    cutter = subset.Subsetter(options)
    cutter.populate(text="abcdefghijklmnopqrstuvwxyz0123456789_ ")
    cutter.subset(font)
    subset.save_font(font, str(target), options)
    return target.stat().st_size


if __name__ == "__main__":
    (whole,) = STREAMLIT.glob("media/MaterialSymbols-Rounded.*.woff2")
    used = names_in_use()
    NAMES.write_text("".join(f"{name}\n" for name in sorted(used)), "ascii")
    print(f"{len(used)} icons, {cut(whole, FONT, used):,} bytes of {whole.stat().st_size:,}")
