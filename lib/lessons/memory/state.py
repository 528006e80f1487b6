"""What defines the screen of /memory."""

from __future__ import annotations

from enum import StrEnum

from lib.core.tensors.create import DTYPES
from lib.core.tensors.errors import MAX_TEXT
from lib.core.tensors.sharing import ARRAY_DTYPES, TENSOR_DTYPES, Edit, Way, edits_text, parse_edits
from lib.core.tensors.strides import MAX_SIZE, MAX_STORAGE, MAX_VIEW_DIMS, PRESETS, Preset, View
from lib.ui.devices import devices
from lib.ui.lang import Lang
from lib.ui.state import Choice, Flag, Key, Memo, Table, Text, Whole, typed


class Topic(StrEnum):
    """The three parts of the page."""

    STRIDES = "strides"
    SHARING = "sharing"
    DTYPES = "dtypes"


def device_names() -> list[str]:
    """Devices of a tensor that may become an array; ``meta`` holds no values anywhere."""
    return ["cpu", *(found.name for found in devices() if found.name != "cpu"), "meta"]


DEFAULT_STORAGE = "arange(24)"
DEFAULT_VIEW = PRESETS[Preset.ROWS]
_SIZE = (*DEFAULT_VIEW.size, 1)
_STRIDE = (*DEFAULT_VIEW.stride, 1)

TOPIC = Choice("topic", Topic, default=Topic.STRIDES)

STORAGE = typed("st", default=DEFAULT_STORAGE, longest=MAX_TEXT)
DIMS = Whole("dims", 1, MAX_VIEW_DIMS, default=len(DEFAULT_VIEW.size))
SIZES = tuple(Whole(f"s{axis}", 1, MAX_SIZE, default=_SIZE[axis]) for axis in range(MAX_VIEW_DIMS))
STRIDES = tuple(Whole(f"t{axis}", 0, MAX_STORAGE - 1, default=_STRIDE[axis]) for axis in range(MAX_VIEW_DIMS))
OFFSET = Whole("off", 0, MAX_STORAGE - 1, default=DEFAULT_VIEW.offset)
FLIP = Flag("flip", default=False)
STORAGE_SEEN = Memo("storage_seen", default="", fresh=True)
"""The expression of the storage to which the view was fitted last."""

WAY = Choice("way", Way, default=Way.NUMPY)
TENSOR_DTYPE = Choice("tdtype", TENSOR_DTYPES, default="float32")
ARRAY_DTYPE = Choice("adtype", ARRAY_DTYPES, default="float32")
REQUIRES_GRAD = Flag("agrad", default=False)
DEVICE = Choice("adevice", device_names, default="cpu")
NO_EDITS: tuple[Edit, ...] = ()
EDITS = Text(
    "edits",
    default=NO_EDITS,
    parse=parse_edits,
    write=edits_text,
    allowed={
        Lang.EN: "changes of cells such as `a0=99;b5=-1`",
        Lang.ZH: "对格子的修改，如 `a0=99;b5=-1`",
    },
)

VALUE = typed("value", default="300", longest=30)
SOURCE = Choice("from", DTYPES, default="int64")
TARGET = Choice("to", DTYPES, default="int8")
NUMERATOR = Whole("num", -999, 999, default=7)
DENOMINATOR = Whole("den", -999, 999, default=2)

TABLE = Table(
    "memory",
    TOPIC,
    STORAGE,
    DIMS,
    *SIZES,
    *STRIDES,
    OFFSET,
    FLIP,
    STORAGE_SEEN,
    WAY,
    TENSOR_DTYPE,
    ARRAY_DTYPE,
    REQUIRES_GRAD,
    DEVICE,
    EDITS,
    VALUE,
    SOURCE,
    TARGET,
    NUMERATOR,
    DENOMINATOR,
)


def view_changes(chosen: View) -> dict[Key[int], int]:
    """What sets the sliders to a view; axes that it does not have go back to their defaults."""
    changes: dict[Key[int], int] = {DIMS: len(chosen.size), OFFSET: chosen.offset}
    for axis in range(MAX_VIEW_DIMS):
        known = axis < len(chosen.size)
        changes[SIZES[axis]] = chosen.size[axis] if known else SIZES[axis].default
        changes[STRIDES[axis]] = chosen.stride[axis] if known else STRIDES[axis].default
    return changes
