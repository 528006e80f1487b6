"""What several networks say of one digit, as a table with bars: HTML."""

from __future__ import annotations

import html
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lib.figures.palette import palette


@dataclass(frozen=True, eq=False)
class NamedAnswer:
    """A network's name, and its logits and probabilities (10,) for the digit."""

    name: str
    logits: NDArray[np.float32]
    probabilities: NDArray[np.float32]


@dataclass(frozen=True)
class AnswerTexts:
    """The table's headings."""

    digit: str
    probability: str
    logit: str


def answers_html(answers: Sequence[NamedAnswer], texts: AnswerTexts, *, dark: bool) -> str:
    """A row a digit, a column a network; each network's choice is bold and has a sign besides its colour.

    With one network its logits stand beside the bars.
    """
    colours = palette(dark=dark)
    is_alone = len(answers) == 1
    cell = 'style="padding:1px 8px;text-align:end;font-variant-numeric:tabular-nums"'
    head = [f'<th scope="col" {cell}>{html.escape(texts.digit)}</th>']
    for answer in answers:
        title = texts.probability if is_alone else answer.name
        head.append(
            f'<th scope="col" style="padding:1px 8px;text-align:start;width:60%">{html.escape(title)}</th>'
        )
    if is_alone:
        head.append(f'<th scope="col" {cell}>{html.escape(texts.logit)}</th>')
    rows = []
    for digit in range(10):
        cells = [f'<th scope="row" {cell}>{digit}</th>']
        for answer in answers:
            share = float(answer.probabilities[digit])
            is_chosen = digit == int(answer.logits.argmax())
            colour = colours.output if is_chosen else colours.muted
            weight = "700" if is_chosen else "400"
            cells.append(
                '<td style="padding:1px 8px"><div style="display:flex;align-items:center;gap:6px">'
                f'<span style="flex:1;height:14px;min-width:24px"><span style="display:block;height:14px;'
                f'border-radius:3px;min-width:1px;width:{100 * share:.2f}%;background:{colour}"></span></span>'
                f'<span style="min-width:4.2em;text-align:end;font-weight:{weight};'
                f'font-variant-numeric:tabular-nums">{"✓ " if is_chosen else ""}{100 * share:.1f}&nbsp;%</span>'
                "</div></td>"
            )
        if is_alone:
            cells.append(f"<td {cell}>{answers[0].logits[digit]:.2f}</td>".replace("-", "−"))
        rows.append(f"<tr>{''.join(cells)}</tr>")
    return (
        '<div style="overflow-x:auto"><table style="width:100%;border-collapse:collapse;font-size:.95rem">'
        f"<thead><tr>{''.join(head)}</tr></thead><tbody>{''.join(rows)}</tbody></table></div>"
    )
