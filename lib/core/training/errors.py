"""What a setting outside the allowed raises, and the checks that raise it. Imports no torch."""

from __future__ import annotations

import math
from dataclasses import dataclass


@dataclass(eq=False)
class ConfigError(ValueError):
    """A setting outside what is allowed: which one, what it was, and what is allowed.

    ``allowed`` is language-neutral ("1 to 1024", "ReLU, Tanh, ..."); the page words the rest.
    """

    setting: str
    value: object
    allowed: str

    def __str__(self) -> str:
        return f"{self.setting} = {self.value!r} is not possible; allowed: {self.allowed}"


def require_whole(setting: str, value: object, low: int, high: int) -> None:
    """Nothing where ``value`` is a whole number from ``low`` to ``high``.

    >>> require_whole("epochs", 3, 1, 50)

    Raises: ConfigError.
    """
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        raise ConfigError(setting, value, f"{low} to {high}, whole")


def require_number(setting: str, value: object, low: float, high: float, *, above: bool = False) -> None:
    """Nothing where ``value`` is a finite number from ``low`` (with ``above``: greater than it) to ``high``.

    >>> require_number("learning_rate", 0.1, 0, 10, above=True)

    Raises: ConfigError.
    """
    legal = isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
    if not legal or not low <= float(value) <= high or (above and float(value) == low):  # type: ignore[arg-type]
        raise ConfigError(setting, value, f"{'above ' if above else ''}{low:g} to {high:g}")
