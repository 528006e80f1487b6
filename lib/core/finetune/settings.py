"""A comparison's settings as one short text, for addresses and for choosing among several. Imports no torch."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from lib.core.finetune.config import Base, FinetuneConfig
from lib.core.training.errors import ConfigError

_READ: dict[str, tuple[str, Callable[[str], Any]]] = {
    "labels": ("labels", lambda text: (int(text),)),
    "steps": ("steps", int),
    "old": ("old_rate", float),
    "new": ("new_rate", float),
    "base": ("base", Base),
    "seed": ("seed", int),
    "learn": ("trainable", lambda text: tuple(text.split("+"))),
}


def settings_code(config: FinetuneConfig) -> str:
    """The labels, and what else differs from the defaults.

    >>> settings_code(FinetuneConfig()), settings_code(FinetuneConfig((50,), old_rate=0.01, base=Base.HIDDEN))
    ('labels=10', 'labels=50,old=0.01,base=hidden')
    """
    usual = FinetuneConfig()
    parts = [f"labels={config.labels[0]}"]
    for short, (name, _) in _READ.items():
        value = getattr(config, name)
        if name != "labels" and value != getattr(usual, name):
            parts.append(f"{short}={'+'.join(value) if name == 'trainable' else _text(value)}")
    return ",".join(parts)


def _text(value: object) -> str:
    """A setting so that it is read again as it was: a float in its short form where that is the same number.

    >>> _text(0.001), _text(1.0), _text(0.00123456789)
    ('0.001', '1', '0.00123456789')
    """
    if not isinstance(value, float):
        return str(value)
    short = f"{value:g}"
    return short if float(short) == value else repr(value)


def read_settings(code: str) -> FinetuneConfig:
    """The inverse of :func:`settings_code`.

    >>> read_settings("labels=50,learn=head.bias").trainable
    ('head.bias',)

    Raises: ConfigError for another name, one that comes twice, or a value outside what is allowed.
    """
    values: dict[str, Any] = {}
    for part in code.split(","):
        short, found, text = part.strip().partition("=")
        if not found or short not in _READ or _READ[short][0] in values:
            raise ConfigError("settings", part, ", ".join(f"{name}=..." for name in _READ))
        name, read = _READ[short]
        try:
            values[name] = read(text)
        except ValueError as error:
            raise ConfigError(name, text, "a number" if name != "base" else ", ".join(Base)) from error
    return FinetuneConfig(**values)


def differences(config: FinetuneConfig, other: FinetuneConfig) -> dict[str, str]:
    """What ``other`` has that ``config`` has not: names of settings and ``other``'s values.

    >>> differences(FinetuneConfig(), FinetuneConfig((50,), seed=3))
    {'labels': '50', 'seed': '3'}
    """
    found = {}
    for name, _ in _READ.values():
        value = getattr(other, name)
        if value != getattr(config, name):
            found[name] = ", ".join(map(str, value)) if isinstance(value, tuple) else _text(value)
    return found


def is_comparable(config: FinetuneConfig) -> bool:
    """Whether its curves may share a chart with the page's: one number of labels, the digits 5 to 9.

    >>> is_comparable(FinetuneConfig()), is_comparable(FinetuneConfig(labels=(10, 20)))
    (True, False)
    """
    return not config.is_sweep and config.own is None
