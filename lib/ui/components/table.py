"""A table of numbers on a page. On a phone it scrolls by itself, also by keyboard; the page stays where it is."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import streamlit as st


def table(head: Sequence[str], rows: Sequence[Sequence[str]], *, label: str, numbers: bool = True) -> None:
    """Draw a table whose cells are Markdown, without HTML; ``label`` is its name for screen readers.

    With ``numbers`` all columns but the first are set to the right.
    """
    st.markdown(table_html(head, rows, label=label, numbers=numbers), unsafe_allow_html=True)


def table_html(head: Sequence[str], rows: Sequence[Sequence[str]], *, label: str, numbers: bool) -> str:
    """A Markdown table inside of a region that can be reached and scrolled by keyboard.

    >>> print(table_html(["n", "n²"], [["2", "4"]], label="Squares", numbers=True))
    <div class="table" role="region" aria-label="Squares" tabindex="0">
    <BLANKLINE>
    | n | n² |
    |---|---:|
    | 2 | 4 |
    <BLANKLINE>
    </div>
    """
    rule = "|".join(["---", *["---:" if numbers else "---"] * (len(head) - 1)])
    first, *others = (f"| {' | '.join(map(plain, row))} |" for row in (head, *rows))
    lines = "\n".join([first, f"|{rule}|", *others])
    return f'<div class="table" role="region" aria-label="{escape(label)}" tabindex="0">\n\n{lines}\n\n</div>'


def plain(cell: str) -> str:
    """A cell's Markdown in which nothing is HTML; what stands in backticks is none anyway.

    >>> plain("a <b> `c < d`")
    'a &lt;b> `c < d`'
    >>> plain("a ` <b>")
    'a ` &lt;b>'
    """
    parts = cell.split("`")
    if len(parts) % 2 == 0:
        return cell.replace("<", "&lt;")
    return "`".join(part if at % 2 else part.replace("<", "&lt;") for at, part in enumerate(parts))
