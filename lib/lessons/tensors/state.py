"""What defines the screen of /tensors: the function, and the arguments of all of them."""

from __future__ import annotations

from lib.core.tensors.create import DTYPES, MAX_SEED, Creation, CreationKind, parse_creation
from lib.core.tensors.errors import MAX_TEXT
from lib.ui.devices import devices
from lib.ui.state import Choice, Flag, Memo, Table, Whole, typed

INFERRED = "auto"
MAX_SIDE = 100
WHOLE_LIMIT = 10_000


def device_names() -> list[str]:
    """Devices on which a tensor can be made here."""
    return [device.name for device in devices()]


def first_tensor() -> Creation:
    """The tensor under a message about another, where none was shown before."""
    return parse_creation("randn(4, 6)")


KIND = Choice("fn", CreationKind, default=CreationKind.RANDN)
SHAPE = typed("shape", default="4, 6", longest=MAX_TEXT)
FILL = typed("fill", default="7", longest=30)
LOW = Whole("low", -WHOLE_LIMIT, WHOLE_LIMIT, default=0)
HIGH = Whole("high", -WHOLE_LIMIT, WHOLE_LIMIT, default=10)
ROWS = Whole("rows", 0, MAX_SIDE, default=4)
COLUMNS = Whole("cols", 0, MAX_SIDE, default=4)
START = typed("start", default="0", longest=30)
END = typed("end", default="10", longest=30)
STEP = typed("step", default="1", longest=30)
COUNT = Whole("steps", 0, MAX_SIDE, default=5)
DATA = typed("data", default="[[1, 2, 3], [4, 5, 6]]", longest=MAX_TEXT)
LIKE = typed("like", default="ones(2, 3)", longest=MAX_TEXT)
PARTS = typed("parts", default="[1, 2, 3]; [3, 2, 1]", longest=MAX_TEXT)
DIM = Whole("dim", -6, 5, default=0)
SEED = Whole("seed", 0, MAX_SEED, default=0)
DTYPE = Choice("dtype", (INFERRED, *DTYPES), default=INFERRED)
DEVICE = Choice("device", device_names, default="cpu")
GRAD = Flag("grad", default=False)
GOOD: Memo[Creation] = Memo("good_creation", default=first_tensor)
"""The last tensor that torch made."""

TABLE = Table(
    "tensors",
    KIND,
    SHAPE,
    FILL,
    LOW,
    HIGH,
    ROWS,
    COLUMNS,
    START,
    END,
    STEP,
    COUNT,
    DATA,
    LIKE,
    PARTS,
    DIM,
    SEED,
    DTYPE,
    DEVICE,
    GRAD,
    GOOD,
)
