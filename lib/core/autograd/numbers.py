"""Numbers as the page and its programs write them: six significant digits, as Python prints a float."""

from __future__ import annotations

from lib.core.autograd.values import Array

Nested = float | list["Nested"]


def rounded(value: Array) -> Nested:
    """Nested lists of floats of six significant digits.

    >>> import numpy as np
    >>> rounded(np.array([[2.0, 1 / 3]]))
    [[2.0, 0.333333]]
    """
    if value.ndim:
        return [rounded(each) for each in value]
    # Adding zero makes a negative zero positive: what is zero has no sign on the screen.
    return float(f"{float(value):.6g}") + 0.0


def written(value: Array | None) -> str:
    """The text of a gradient.

    >>> import numpy as np
    >>> written(np.array(2.0)), written(None)
    ('2.0', 'None')
    """
    return "None" if value is None else str(rounded(value))


SHORT = '''\
def short(x):
    """Six significant digits, as on the page."""
    if x is None:
        return None
    if isinstance(x, list):
        return [short(each) for each in x]
    return float(f"{x:.6g}") + 0.0
'''
"""The same in a program to take away: for numbers, nested lists of them, and None."""
