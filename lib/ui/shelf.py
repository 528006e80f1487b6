"""The learner's named tensors: kept on the server as the expressions that make them, one shelf for all their tabs.

A tensor is at most a line of text here; it is made anew where it is needed, and equal text makes equal tensors.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

from lib.core.tensors.create import Creation, parse_creation
from lib.core.tensors.errors import MAX_TEXT, TensorInputError
from lib.ui.learners import SHELF
from lib.ui.owner import learner_store

MAX_TENSORS = 8
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,11}")
RESERVED = frozenset({"a", "b", "x", "torch", "np", "nn"})
"""Names that mean something on the pages that use the shelf."""


def is_name(text: str) -> bool:
    """Whether a tensor may be called that.

    >>> is_name("w1"), is_name("1w"), is_name("torch"), is_name("lambda")
    (True, False, False, False)
    """
    import keyword

    return bool(_NAME.fullmatch(text)) and text not in RESERVED and not keyword.iskeyword(text)


def shelf() -> Mapping[str, Creation]:
    """The tensors on the shelf by name, the oldest first; they outlive a reload."""
    kept: dict[str, str] = learner_store().get(SHELF, {})
    return {name: _read(text) for name, text in kept.items()}


@lru_cache(maxsize=512)
def _read(text: str) -> Creation:
    return parse_creation(text)


def put(name: str, spec: Creation) -> None:
    """Keep a tensor under a name; the oldest leaves when there are more than MAX_TENSORS.

    Raises: TensorInputError where its expression would be longer than an address should carry.
    """
    if len(spec.expression) > MAX_TEXT:
        from lib.core.tensors.errors import Problem

        raise TensorInputError(Problem.TOO_LONG, {"length": len(spec.expression), "limit": MAX_TEXT})
    known = {other: kept for other, kept in shelf().items() if other != name}
    known[name] = spec
    _keep(dict(list(known.items())[-MAX_TENSORS:]))


def remove(name: str) -> None:
    """Take a tensor from the shelf."""
    _keep({other: spec for other, spec in shelf().items() if other != name})


def _keep(known: dict[str, Creation]) -> None:
    learner_store()[SHELF] = {name: spec.expression for name, spec in known.items()}


def next_name() -> str:
    """A name that is free: t1, t2, ..."""
    known = shelf()
    return next(name for number in range(1, MAX_TENSORS + 2) if (name := f"t{number}") not in known)
