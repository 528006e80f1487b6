"""What a learner changed about the feature maps, as a short text for an address. Imports no torch."""

from __future__ import annotations

import re

MAX_TEXT = 400
MAX_SHIFT = 10
"""Pixels."""
_CELL = r"\d{1,2}"
_LAYER = r"\d{1,2}"
_CHANNEL = r"\d{1,4}"
_SHIFT = rf"-?(?:{'|'.join(str(by) for by in reversed(range(MAX_SHIFT + 1)))})"
_PARTS = (
    r"d\d{1,4}",  # the test image
    r"l",  # no activations: the network is linear
    r"p(?:max|average)",
    rf"s{_SHIFT}\.{_SHIFT}",  # pixels to the right and down
    rf"x{_LAYER}(?:\.{_CHANNEL}){{1,64}}",  # a layer's silenced channels
    rf"m-?{_LAYER}\.{_CHANNEL}\.{_CELL}\.{_CELL}",  # the cell looked at: layer, channel, row, column
)
_LOOK = re.compile(rf"(?:(?:{'|'.join(_PARTS)})(?:~(?!$)|$))*", re.ASCII)


def is_maps_look(text: str) -> bool:
    """Whether ``assets/components/feature_maps/look.js`` can read it; the empty text is the look at first.

    >>> is_maps_look(""), is_maps_look("d18~l~pmax~s3.-2~x0.1.5~m3.4.5.6")
    (True, True)
    >>> is_maps_look("d18~"), is_maps_look("s11.0"), is_maps_look("hello")
    (False, False, False)
    """
    return len(text) <= MAX_TEXT and _LOOK.fullmatch(text) is not None
