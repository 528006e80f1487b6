"""A tensor's values in a sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import torch

MAX_LISTED = 24


def values_text(tensor: torch.Tensor) -> str:
    """Its numbers as nested lists, to four decimals; an ellipsis where they are too many.

    >>> import torch
    >>> values_text(torch.tensor([0.1, 2.0])), values_text(torch.zeros(25))
    ('[0.1, 2.0]', '…')
    """
    if tensor.numel() > MAX_LISTED:
        return "…"
    if tensor.is_floating_point():
        return str(np.round(tensor.double().numpy(), 4).tolist())
    return str(tensor.tolist())
