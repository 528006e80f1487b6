"""Tensors that a lesson's core wants to have drawn, as pictures of the page."""

from __future__ import annotations

from collections.abc import Mapping

from lib.core.tensors.drawn import Drawn
from lib.ui.components.tensor import Mark, Picture, picture_of


def drawn_picture(number: int, drawn: Drawn, names: Mapping[str, str], *, fold: bool = False) -> Picture:
    """The picture at a place of its scene; ``names`` are the page's words for titles that are no code.

    With ``fold`` a row that is too long is broken into lines.
    """
    import numpy as np

    marks = np.zeros(drawn.tensor.numel(), dtype=np.uint8)
    for places, mark in (
        (drawn.padding, Mark.PADDING),
        (drawn.faded, Mark.FADED),
        (drawn.chosen, Mark.SELECTED),
    ):
        if places is not None:
            marks[places] |= np.uint8(mark)
    return picture_of(
        f"drawn{number}",
        names.get(drawn.title, drawn.title),
        drawn.tensor,
        marks=marks,
        role=drawn.role,
        fold=fold and drawn.tensor.dim() == 1,
        sources=() if drawn.sources is None else (drawn.sources,),
    )
