"""The small icon font has every icon that is named."""

from __future__ import annotations

from fontTools.ttLib import TTFont

from lib.ui.door.icons import FONT, STREAMLIT, names_in, names_in_use


def test_every_icon_is_in_the_small_font() -> None:
    (whole,) = STREAMLIT.glob("media/MaterialSymbols-Rounded.*.woff2")
    drawn = names_in_use() & names_in(TTFont(whole))
    assert {"home", "grid_on", "play_arrow", "content_copy"} <= drawn
    missing = sorted(drawn - names_in(TTFont(FONT)))
    assert missing == [], f"run `make icons`: without it browsers show these names in letters: {missing}"
    assert FONT.stat().st_size < 40_000
