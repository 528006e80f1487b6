"""Noise on a gradient that is the same in Python and in JavaScript, to the last bit."""

from __future__ import annotations

_MASK = 0xFFFFFFFF
_DRAWS = 12


def _mixed(state: int) -> int:
    """Mulberry32 (Tommy Ettinger, public domain): 32 bits from 32."""
    t = ((state ^ (state >> 15)) * (state | 1)) & _MASK
    t ^= (t + ((t ^ (t >> 7)) * (t | 61))) & _MASK
    return (t ^ (t >> 14)) & _MASK


def noise(seed: int, step: int, axis: int) -> float:
    """About standard normal (the sum of twelve uniform numbers less six), for a step from 1 and an axis 0 or 1.

    >>> noise(0, 1, 0) == noise(0, 1, 0), noise(0, 1, 0) == noise(0, 1, 1)
    (True, False)
    """
    state = (seed * 0x9E3779B1 + step * 0x85EBCA6B + axis * 0xC2B2AE35) & _MASK
    total = 0.0
    for _ in range(_DRAWS):
        state = (state + 0x6D2B79F5) & _MASK
        total += _mixed(state) / 4294967296
    return total - _DRAWS / 2
