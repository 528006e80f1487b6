"""A table of numbers on a page. On a phone it scrolls by itself, also by keyboard; the page stays where it is."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape

import streamlit as st

_BOLD = re.compile(r"\*\*(.+?)\*\*")


def table(head: Sequence[str], rows: Sequence[Sequence[str]], *, label: str, numbers: bool = True) -> None:
    """Draw a table; in its cells `` `code` `` and ``**bold**`` mean what they mean in Markdown, all else is text.

    ``label`` is its name for screen readers. With ``numbers`` all columns but the first are set to the right.
    Not Markdown: for the region around it browsers would fetch a parser of HTML, 57 KB.
    """
    st.html(table_html(head, rows, label=label, numbers=numbers))


def table_html(head: Sequence[str], rows: Sequence[Sequence[str]], *, label: str, numbers: bool) -> str:
    """A table inside of a region that can be reached and scrolled by keyboard; app.css gives it its looks.

    >>> print(table_html(["n", "n²"], [["2", "4"]], label="Squares", numbers=True))
    <div class="table numbers" role="region" aria-label="Squares" tabindex="0"><table>
    <thead><tr><th>n</th><th>n²</th></tr></thead>
    <tbody>
    <tr><td>2</td><td>4</td></tr>
    </tbody></table></div>
    """
    kind = "table numbers" if numbers else "table"
    return (
        f'<div class="{kind}" role="region" aria-label="{escape(label)}" tabindex="0"><table>\n'
        f"<thead>{_row('th', head)}</thead>\n<tbody>\n"
        + "".join(f"{_row('td', row)}\n" for row in rows)
        + "</tbody></table></div>"
    )


def _row(tag: str, cells: Sequence[str]) -> str:
    return f"<tr>{''.join(f'<{tag}>{cell_html(cell)}</{tag}>' for cell in cells)}</tr>"


def cell_html(cell: str) -> str:
    """What stands in a cell.

    >>> cell_html("a <b> `c < **d**` **e**")
    'a &lt;b&gt; <code>c &lt; **d**</code> <strong>e</strong>'
    >>> cell_html("a ` <b>")
    'a ` &lt;b&gt;'
    """
    parts = escape(cell, quote=False).split("`")
    if len(parts) % 2 == 0:
        parts = ["`".join(parts)]
    return "".join(
        f"<code>{part}</code>" if at % 2 else _BOLD.sub(r"<strong>\1</strong>", part)
        for at, part in enumerate(parts)
    )
