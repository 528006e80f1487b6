"""The N-D tensor picture of all tensor pages: tensors side by side, each element followed by its colour."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from enum import IntFlag
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray

from lib.core.tensors.describe import Histogram
from lib.core.tensors.trace import Traced
from lib.figures.palette import Palette
from lib.ui.components.base import browser_component, packed
from lib.ui.state import report
from lib.ui.tensors.words import TensorWords

if TYPE_CHECKING:
    import torch

EXACT = 2**53
_mount = browser_component("tensor", html='<div class="tensors"></div>')


class Mark(IntFlag):
    """How a cell stands out, besides its colour."""

    NONE = 0
    SELECTED = 1
    WINNER = 2
    FADED = 4
    CHANGED = 8
    WRONG = 16
    PADDING = 32


@dataclass(frozen=True)
class Group:
    """A tensor whose elements are numbered and coloured: numbers ``first`` to ``first + count - 1``."""

    name: str
    shape: tuple[int, ...]
    first: int
    count: int


Role = Literal["element", "lane", "input", "weight", "output", "padding", "wrong", "muted"]


@dataclass(frozen=True)
class Picture:
    """One tensor of the picture.

    ``values`` in row-major order, float64; where ``positions`` is given, only those places of each axis.
    ``sources`` are element numbers, one array a layer; role "element" colours by them, "lane" by their group.
    ``marks`` is uint8, one ``Mark`` an element. ``clash`` are axes whose sizes are shown as wrong.
    ``wide`` is how many columns fit; ``fold`` breaks a long row into several lines.
    ``tints`` colours cells by number (series colours), whatever their sources; -1 leaves the role's colour.
    """

    id: str
    title: str
    shape: tuple[int, ...]
    values: NDArray[np.float64]
    kind: Literal["float", "int", "bool"] = "float"
    note: str = ""
    sources: tuple[NDArray[np.int32], ...] = ()
    marks: NDArray[np.uint8] | None = None
    role: Role = "element"
    positions: tuple[tuple[int, ...], ...] | None = None
    texts: tuple[str, ...] | None = None
    clash: tuple[int, ...] = ()
    editable: bool = False
    wide: int | None = None
    fold: bool = False
    tints: NDArray[np.int32] | None = None

    def to_json(self) -> dict[str, Any]:
        """What the browser gets: numbers as base64, so that ten thousand cost the server nothing."""
        return {
            "id": self.id,
            "title": self.title,
            "note": self.note,
            "shape": list(self.shape),
            "kind": self.kind,
            "values": packed(self.values, np.float64),
            "texts": self.texts,
            "sources": [packed(source, np.int32) for source in self.sources],
            "flags": None if self.marks is None else packed(self.marks, np.uint8),
            "role": self.role,
            "positions": self.positions,
            "clash": list(self.clash),
            "editable": self.editable,
            "wide": self.wide,
            "fold": self.fold,
            "tints": None if self.tints is None else packed(self.tints, np.int32),
        }


def _kind(tensor: torch.Tensor) -> Literal["float", "int", "bool"]:
    import torch

    if tensor.dtype == torch.bool:
        return "bool"
    return "float" if tensor.is_floating_point() else "int"


def picture_of(
    id: str,
    title: str,
    tensor: torch.Tensor,
    **options: Any,
) -> Picture:
    """A picture of a tensor; ``options`` are fields of Picture."""
    import torch

    flat = tensor.detach().to("cpu").reshape(-1)
    texts = None
    if flat.dtype == torch.int64 and flat.numel() and flat.abs().max() > EXACT:
        texts = tuple(str(value) for value in flat.tolist())  # float64 would round these
    return Picture(
        id,
        title,
        tuple(tensor.shape),
        flat.to(torch.float64).numpy(),
        kind=_kind(tensor),
        texts=texts,
        **options,
    )


def traced_picture(id: str, title: str, traced: Traced, **options: Any) -> Picture:
    """A picture of a traced tensor, coloured by where its elements came from."""
    sources = tuple(traced.source_map(layer) for layer in range(len(traced.layers)))
    return picture_of(id, title, traced.values, sources=sources, **options)


@dataclass(frozen=True)
class Edited:
    """A learner's new value for one cell."""

    tensor: str
    place: int
    value: int


@dataclass(frozen=True)
class Scene:
    """What one mounted picture shows: tensors in order, what stands between them, and how to read them aloud.

    ``play_to`` is the tensor into which the elements fly, whenever ``play_key`` changes.
    """

    pictures: tuple[Picture, ...]
    reading: str
    groups: tuple[Group, ...] = ()
    joiners: tuple[str, ...] = ()
    play_to: int | None = None
    play_key: str = ""
    bars: Histogram | None = None
    bars_reading: str = ""


def tensor_scene(
    scene: Scene,
    *,
    key: str,
    colours: Palette,
    words: TensorWords,
    on_edit: Callable[[Edited], None] | None = None,
) -> None:
    """Draw it. ``on_edit`` is called before the next run of the page with what was typed into a cell."""
    bars = None
    if scene.bars is not None:
        theory = scene.bars.theory
        bars = {
            "density": scene.bars.density.tolist(),
            "edges": scene.bars.edges.tolist(),
            "theory": None if theory is None else theory.tolist(),
            "reading": scene.bars_reading,
        }
    data = {
        "tensors": [picture.to_json() for picture in scene.pictures],
        "joiners": list(scene.joiners),
        "groups": [asdict(group) for group in scene.groups],
        "play": None if scene.play_to is None else {"to": scene.play_to, "key": scene.play_key},
        "bars": bars,
        "labels": {
            "axis": words.axis,
            "play": words.play,
            "hint": words.hint,
            "edit_allowed": words.edit_allowed,
        },
        "reading": scene.reading,
        "colours": _colours(colours),
    }
    _mount(key=key, data=json.dumps(data), on_edit_change=_reporter(key, on_edit))


def _colours(colours: Palette) -> dict[str, Any]:
    return {
        **colours.named("input", "weight", "output", "padding", "wrong", "muted", "ink", "paper"),
        "series": colours.series,
    }


def _reporter(key: str, on_edit: Callable[[Edited], None] | None) -> Callable[[], None]:
    def take() -> None:
        edit = report(key, "edit")
        if not isinstance(edit, dict) or on_edit is None:
            return
        tensor, place, value = edit.get("tensor"), edit.get("place"), edit.get("value")
        if not isinstance(value, int | float) or not math.isfinite(value):
            return
        if isinstance(tensor, str) and isinstance(place, int):
            on_edit(Edited(tensor, place, int(value)))

    return take


def groups_of(named: Sequence[tuple[str, tuple[int, ...]]]) -> tuple[Group, ...]:
    """Groups for tensors numbered through by ``trace.number_elements``, in the same order.

    >>> [group.first for group in groups_of([("a", (2, 3)), ("b", (4,))])]
    [0, 6]
    """
    groups: list[Group] = []
    first = 0
    for name, shape in named:
        count = int(np.prod(shape, dtype=np.int64))
        groups.append(Group(name, shape, first, count))
        first += count
    return tuple(groups)
