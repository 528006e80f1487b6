"""One row of a layer's padded input as tensors to draw: its columns by number, and how often windows read each."""

from __future__ import annotations

import numpy as np
import torch

from lib.core.conv.coverage import read_counts
from lib.core.conv.layer import Layer
from lib.core.conv.taps import NOWHERE, padded_source
from lib.core.tensors.drawn import Drawn


def columns_of(layer: Layer) -> Drawn:
    """(before + size + after,) int64: the columns' numbers; those of the padding lie outside of 0 to size - 1.

    >>> from lib.core.conv.layer import square
    >>> columns_of(square(size=3, kernel=3, padding=1)).tensor.tolist()
    [-1, 0, 1, 2, 3]
    """
    before, after = layer.pads(layer.width)
    columns = torch.arange(-before, layer.width.size + after)
    title = "padded_columns" if before or after else "columns"
    return Drawn(title, columns, "input", padding=padded_source(layer, layer.width) == NOWHERE)


def reads_of(layer: Layer) -> Drawn:
    """(before + size + after,) int64: how many windows read each column; what none reads is faded.

    >>> from lib.core.conv.layer import square
    >>> reads_of(square(size=4, kernel=3, stride=2)).tensor.tolist()
    [1, 1, 1, 0]
    """
    counts = read_counts(layer, layer.width).astype(np.int64)
    border = padded_source(layer, layer.width) == NOWHERE
    return Drawn("reads", torch.from_numpy(counts), "input", padding=border, faded=counts == 0)
