"""How the programs of the questions begin, and how their calls are written."""

from __future__ import annotations

IMPORT_TORCH = "import torch\n\n"
IMPORT_NN = "import torch\nfrom torch import nn\n\n"


def arguments(**pairs: tuple[object, object]) -> str:
    """Further arguments of a call, those at their default (the second) left out.

    >>> arguments(stride=(2, 1), padding=(0, 0), bias=(False, True))
    ', stride=2, bias=False'
    """
    return "".join(f", {name}={value}" for name, (value, default) in pairs.items() if value != default)
