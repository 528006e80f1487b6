"""The letters that our texts are made of, cut out of Streamlit's two fonts of text: a third of their bytes.

``python -m lib.ui.door.letters`` (``make icons``) cuts them anew, after Streamlit was upgraded; a test says when that
is due. The whole fonts stay at hand: browsers fetch them with the first letter that only they have.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from lib.ui.door.files import FONTS
from lib.ui.door.icons import STREAMLIT

BLOCKS = (
    (0x0020, 0x017F),  # Latin
    (0x0302, 0x0302),  # the hat of v̂
    (0x0370, 0x03FF),  # Greek
    (0x1D40, 0x1D40),  # raised T
    (0x1D57, 0x1D57),  # raised t
    (0x2000, 0x20BF),  # punctuation, raised and lowered figures, currencies
    (0x2100, 0x23FF),  # units, arrows, operators, brackets
    (0x2500, 0x27BF),  # lines, shapes, ticks
)
_OWN_NAME = "ShapeLab Text"  # the fonts' licence reserves theirs
_NAMED = (1, 3, 4, 6, 16, 25)


@dataclass(frozen=True)
class TextFont:
    """One of Streamlit's fonts: the family that its pages name, and how its file's name begins."""

    family: str
    stem: str

    @property
    def small(self) -> Path:
        """The letters that were cut out."""
        return FONTS.path / f"{self.stem}.woff2"

    @property
    def _ranges(self) -> Path:
        return FONTS.path / f"{self.stem}.txt"

    @cached_property
    def whole(self) -> Path | None:
        """Streamlit's file, if it still has one of this name."""
        files = list(STREAMLIT.glob(f"media/{self.stem}.*.woff2"))
        return files[0] if len(files) == 1 else None

    def faces(self) -> str:
        """Both files as CSS, each for its own letters; nothing where Streamlit's is not known.

        >>> FAMILIES[0].faces().count("@font-face")
        2
        """
        if self.whole is None:
            return ""
        here, rest = self._ranges.read_text("ascii").splitlines()
        addresses = (FONTS.address(self.small.name), here), (f"static/media/{self.whole.name}", rest)
        return "\n".join(
            f'@font-face {{ font-family: "{self.family}"; font-weight: 100 900; '
            f'src: url("./{address}") format("woff2"); unicode-range: {ranges}; }}'
            for address, ranges in addresses
        )

    def cut(self) -> tuple[int, int]:
        """Write the small font and who draws what; bytes of it and of the whole. Needs fontTools and brotli."""
        from fontTools import subset
        from fontTools.ttLib import TTFont

        if self.whole is None:
            raise FileNotFoundError(f"Streamlit has no font {self.stem}")
        font = TTFont(self.whole)
        has = set(font.getBestCmap())
        chosen = {code for first, last in BLOCKS for code in range(first, last + 1)} & has
        options = subset.Options(flavor="woff2", name_IDs=[0, *_NAMED, 13, 14])
        cutter = subset.Subsetter(options)
        cutter.populate(unicodes=chosen)
        cutter.subset(font)
        for record in font["name"].names:
            if record.nameID in _NAMED:
                record.string = _OWN_NAME
        subset.save_font(font, str(self.small), options)
        self._ranges.write_text(
            f"{unicode_range(chosen, has)}\n{unicode_range(has - chosen, has)}\n", "ascii"
        )
        return self.small.stat().st_size, self.whole.stat().st_size


FAMILIES = (
    TextFont("Source Sans", "SourceSansVF-Upright"),
    TextFont("Source Code Pro", "SourceCodeVF-Upright"),
)


def unicode_range(codes: Iterable[int], known: Iterable[int]) -> str:
    """These code points as CSS; ranges bridge at most 255 that no font has.

    >>> unicode_range({65, 66, 67, 97, 1024}, {65, 66, 67, 70, 97, 1024})
    'U+41-43,U+61,U+400'
    >>> unicode_range({65, 67}, {65, 67})
    'U+41-43'
    """
    ranges: list[list[int]] = []
    wanted = set(codes)
    is_open = False
    for code in sorted(known):
        if code not in wanted:
            is_open = False
        elif is_open and code - ranges[-1][1] <= 256:
            ranges[-1][1] = code
        else:
            ranges.append([code, code])
            is_open = True
    return ",".join(f"U+{a:X}" if a == b else f"U+{a:X}-{b:X}" for a, b in ranges)


def with_small_preload(document: str) -> str:
    """Streamlit's document asks for the whole font of its texts before all else; this one asks for ours.

    >>> with_small_preload('<link rel="preload" href="./static/media/SourceSansVF-Upright.ttf.x.woff2"').endswith(
    ...     'SourceSansVF-Upright.woff2"'
    ... )
    True
    """
    for font in FAMILIES:
        if font.whole is not None:
            whole = rf'href="\./static/media/{re.escape(font.stem)}\.[^"]*"'
            document = re.sub(whole, f'href="./{FONTS.address(font.small.name)}"', document)
    return document


if __name__ == "__main__":
    for each in FAMILIES:
        kept, before = each.cut()
        print(f"{each.family}: {kept:,} bytes of {before:,}")
