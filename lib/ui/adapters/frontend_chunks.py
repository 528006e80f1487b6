"""Streamlit's scripts that nearly every page needs, named in the first HTML so that browsers fetch them at once.

Streamlit's frontend asks for each kind of element's script when the first such element comes, and shows a grey bar
of another height in the meantime: the page jumps.

Private: the names of those scripts. One that is gone is left out, and its elements come a little later.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import streamlit

SCRIPTS = Path(streamlit.__file__).parent / "static" / "static" / "js"
FRAME = ("PageLink", "BidiComponent", "ButtonGroup", "Checkbox", "Button")
"""On every page: the menu, the switches, our own components."""
LESSON = ("Slider", "Selectbox", "TextInput")
_IMPORT = re.compile(r'(?:from|import)"\./([\w.-]+\.js)"')


def script(name: str) -> str | None:
    """The file of a script, whose name holds a digest.

    >>> script("PageLink").startswith("PageLink."), script("NoSuchThing")
    (True, None)
    """
    found = sorted(SCRIPTS.glob(f"{name}.*.js"))
    return found[0].name if found else None


@cache
def scripts_of(names: tuple[str, ...]) -> tuple[str, ...]:
    """Files of these scripts and of all that they import."""
    todo = [found for name in names if (found := script(name)) is not None]
    known: dict[str, None] = {}
    while todo:
        file = todo.pop()
        if file in known or not (SCRIPTS / file).exists():
            continue
        known[file] = None
        todo += _IMPORT.findall((SCRIPTS / file).read_text("utf-8", errors="replace"))
    return tuple(sorted(known))
