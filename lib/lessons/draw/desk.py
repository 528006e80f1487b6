"""What a learner has on the page /draw: the drawing, an uploaded picture, and the tray. A reload keeps it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from lib.core.digits.ink import Stroke
from lib.core.digits.photo import Found
from lib.core.digits.tray import KeptDigit
from lib.core.digits.upload import UploadProblem
from lib.ui.owner import learner_store
from lib.ui.tray import kept_digits

_STORE_KEY = "draw"


@dataclass
class Kept:
    """The learner's own, shared by their tabs: it outlives a reload, as the drawing in the address does."""

    upload: Found | UploadProblem | None = None
    """The digit in the picture that came last, or why there is none."""

    def __bool__(self) -> bool:
        """Whether there is anything but the tray, which is kept elsewhere."""
        return self.upload is not None

    @property
    def tray(self) -> list[KeptDigit]:
        """The digits that were kept."""
        return kept_digits()


@dataclass
class Desk:
    """One tab's drawing.

    ``strokes`` is what is on the canvas; ``cleared`` what was on it before it was emptied. ``initial`` are the
    objects with which the canvas was last made to begin, the ``revision``-th, and ``stale`` the drawing that it
    still reported then. ``news`` tells with which address the strokes were compared last.
    """

    strokes: tuple[Stroke, ...] = ()
    cleared: tuple[Stroke, ...] = ()
    initial: list[dict[str, Any]] = field(default_factory=list)
    revision: int = 0
    stale: Any = None
    news: int = 0


def kept() -> Kept:
    """This learner's."""
    found: Kept = learner_store().setdefault(_STORE_KEY, Kept())
    return found
