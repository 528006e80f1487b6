"""Prose of the lessons: ``lib/lessons/<page>/prose.<lang>.md``, cut into sections by its ``##`` headings.

::

    ## key
    # Title, where the section has one
    The text, with {slots} for numbers.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "lib" / "lessons"
_SLOT = re.compile(r"\{([a-z_]+)(?::[^}]*)?\}")


@dataclass(frozen=True)
class Section:
    """A title (empty where there is none) and Markdown with named slots."""

    title: str
    body: str

    @property
    def slots(self) -> frozenset[str]:
        """Names in braces, for ``body.format``.

        >>> sorted(Section("", "{out} cells of {size:.1f}").slots)
        ['out', 'size']
        """
        return frozenset(_SLOT.findall(self.body))


def parse_lesson(text: str) -> dict[str, Section]:
    """Sections by key.

    >>> parse_lesson("## intro\\nHello.\\n\\n## end\\n# Bye\\nSee you.")["end"]
    Section(title='Bye', body='See you.')
    """
    sections = {}
    for part in re.split(r"^## ", text, flags=re.MULTILINE)[1:]:
        key, _, body = part.partition("\n")
        title = ""
        if body.startswith("# "):
            title, _, body = body[2:].partition("\n")
        sections[key.strip()] = Section(title.strip(), body.strip())
    return sections


@cache
def load_lesson(page: str, lang: str) -> dict[str, Section]:
    """The lesson of a page in a language.

    >>> "intro" in load_lesson("train", "en")
    True
    """
    return parse_lesson((FOLDER / page / f"prose.{lang}.md").read_text("utf-8"))
