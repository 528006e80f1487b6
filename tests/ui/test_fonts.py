"""The small fonts have every icon that is named, and every letter of our texts that the whole ones have."""

from __future__ import annotations

import re

import pytest
from fontTools.ttLib import TTFont

from lib.ui.door.files import ASSETS
from lib.ui.door.icons import FONT, STREAMLIT, names_in, names_in_use
from lib.ui.door.letters import FAMILIES, TextFont, unicode_range


def test_every_icon_is_in_the_small_font() -> None:
    (whole,) = STREAMLIT.glob("media/MaterialSymbols-Rounded.*.woff2")
    drawn = names_in_use() & names_in(TTFont(whole))
    assert {"home", "grid_on", "play_arrow", "content_copy"} <= drawn
    missing = sorted(drawn - names_in(TTFont(FONT)))
    assert missing == [], f"run `make icons`: without it browsers show these names in letters: {missing}"
    assert FONT.stat().st_size < 40_000


def codes_of(ranges: str) -> set[int]:
    found: set[int] = set()
    for first, last in re.findall(r"U\+([0-9A-F]+)(?:-([0-9A-F]+))?", ranges):
        found.update(range(int(first, 16), int(last or first, 16) + 1))
    return found


@pytest.mark.parametrize("font", FAMILIES, ids=lambda font: font.stem)
def test_every_letter_is_in_one_of_the_two_files(font: TextFont) -> None:
    assert font.whole is not None, (
        "Streamlit has no font of this name any more: browsers fetch whatever it has now"
    )
    whole, small = TTFont(font.whole), TTFont(font.small)
    here, rest = (codes_of(face) for face in re.findall("unicode-range: (.*?);", font.faces()))
    assert not here & rest, "browsers would fetch the whole font for a letter of the small one"
    assert here & set(whole.getBestCmap()) == set(small.getBestCmap()), "run `make icons`"
    assert set(whole.getBestCmap()) <= here | rest
    assert not rest & set(range(0x2E80, 0xA000)), "a Chinese letter would bring the whole font along"
    assert font.small.stat().st_size < 60_000
    axes = [
        [(axis.axisTag, axis.minValue, axis.maxValue) for axis in each["fvar"].axes]
        for each in (whole, small)
    ]
    assert axes[0] == axes[1]
    assert small["fvar"].axes[0].axisTag == "wght"
    widths = [each["hmtx"][each.getBestCmap()[ord("m")]] for each in (whole, small)]
    assert widths[0] == widths[1]


@pytest.mark.parametrize("font", FAMILIES, ids=lambda font: font.stem)
def test_our_texts_need_the_small_fonts_alone(font: TextFont) -> None:
    files = [
        *(ASSETS.parent / "lib").rglob("*.py"),
        *(ASSETS.parent / "lib").rglob("*.md"),
        *ASSETS.rglob("*.js"),
    ]
    ours = [file for file in files if "plotly" not in file.parts]
    used = {ord(letter) for file in ours for letter in file.read_text("utf-8")}
    _, rest = re.findall("unicode-range: (.*?);", font.faces())
    assert sorted(map(chr, used & codes_of(rest))) == []
    assert len(used) > 500  # the Chinese ones among them


def test_ranges_say_what_is_meant() -> None:
    assert unicode_range([], {65}) == ""
    assert unicode_range({65, 66, 400}, {65, 66, 400}) == "U+41-42,U+190"
    assert codes_of("U+41-42,U+190") == {65, 66, 400}
