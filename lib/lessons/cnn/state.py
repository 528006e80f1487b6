"""What defines the screen of /cnn: which network, its input and classes, a stack of one's own, the unit pointed at."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from lib.core.digits.maps_look import is_maps_look
from lib.core.nets.classics import Classic, classic
from lib.core.nets.classics.lenet import LeNetParts
from lib.core.nets.graph import Network
from lib.core.nets.reading.program import MAX_BATCH, MAX_SIDE, Read
from lib.core.nets.stack import MAX_CODE, Stack, general_stack, read_code, stack_of, write_code
from lib.ui.lang import Lang
from lib.ui.state import Choice, Choices, Flag, Memo, Table, Text, Values, Whole

OWN = "own"
NONE = "none"
GENERAL_SIZE = 28
MAX_SIZE = MAX_SIDE
MAX_CLASSES = 10_000
PARTS = ("sparse", "pools", "rbf", "tanh")


def parse_stack(text: str) -> Stack | None:
    """A stack's code; nothing is the one that N, M and K make.

    Raises: StackError.
    """
    return read_code(text) if text else None


def write_stack(stack: Stack | None) -> str:
    """The opposite of :func:`parse_stack`.

    >>> write_stack(None)
    ''
    """
    return "" if stack is None else write_code(stack)


_UNIT = re.compile(r"(\d{1,3})\.(\d{1,4})\.(\d{1,4})", re.ASCII)
Unit = tuple[int, int, int]
"""Row from 1, then y and x."""


def parse_unit(text: str) -> Unit | None:
    """The unit that is pinned: row, y and x.

    >>> parse_unit("3.13.13"), parse_unit("")
    ((3, 13, 13), None)

    Raises: ValueError.
    """
    if not text:
        return None
    found = _UNIT.fullmatch(text)
    if found is None:
        raise ValueError(text)
    row, y, x = map(int, found.groups())
    return row, y, x


def _write_unit(unit: Unit | None) -> str:
    return "" if unit is None else ".".join(map(str, unit))


def parse_maps(text: str) -> str:
    """What is switched in the feature maps.

    Raises: ValueError for what they could not have said.
    """
    if not is_maps_look(text):
        raise ValueError(text)
    return text


NET = Choice("net", (OWN, *(str(name) for name in Classic)), default=OWN)
N = Whole("N", 0, 6, default=2)
M = Whole("M", 0, 6, default=2)
K = Whole("K", 0, 4, default=0)
STACK: Text[Stack | None] = Text(
    "stack",
    default=None,
    parse=parse_stack,
    write=write_stack,
    allowed={Lang.EN: "the code of a stack, as this page writes it", Lang.ZH: "本页写出的网络代码"},
    longest=MAX_CODE,
)
SIZE = Whole("size", 0, MAX_SIZE, default=0)
"""0 is the size that the network was made for; classes likewise."""
CLASSES = Whole("classes", 0, MAX_CLASSES, default=0)
BATCH = Whole("batch", 1, MAX_BATCH, default=1)
AUX = Flag("aux", default=False)
CHANGED = Choices("changed", PARTS, default=(), may_be_empty=True)
"""Parts of LeNet-5 that are the other version's."""
WITH = Choice("with", (NONE, *(str(name) for name in Classic)), default=NONE)
AT: Text[Unit | None] = Text(
    "at",
    default=None,
    parse=parse_unit,
    write=_write_unit,
    allowed={
        Lang.EN: "a row, then its unit's y and x, such as `3.13.13`",
        Lang.ZH: "行号，再是该单元的 y 和 x，如 `3.13.13`",
    },
)
LOOK = Text("look", default="", parse=parse_maps, write=str)
REFUSED = Memo("refused", default="")
"""What the last edit had wrong."""

DRAWN: Memo[Read | None] = Memo("drawn", default=None)
"""The program that was read last."""

TABLE = Table("cnn", NET, N, M, K, STACK, SIZE, CLASSES, BATCH, AUX, CHANGED, WITH, AT, LOOK, REFUSED, DRAWN)


@dataclass(frozen=True)
class Chosen:
    """The network on the screen. ``name`` is None for a stack of one's own; ``stack`` None where rows branch."""

    name: Classic | None
    network: Network
    stack: Stack | None
    size: int
    classes: int
    natural_size: int
    natural_classes: int


def lenet_parts(name: Classic, changed: tuple[str, ...]) -> LeNetParts:
    """The version's parts, some of them exchanged.

    >>> lenet_parts(Classic.LENET5, ("rbf",)).rbf_output
    True
    """
    own = name.parts
    return LeNetParts(
        sparse_c3=own.sparse_c3 != ("sparse" in changed),
        trained_pools=own.trained_pools != ("pools" in changed),
        rbf_output=own.rbf_output != ("rbf" in changed),
        scaled_tanh=own.scaled_tanh != ("tanh" in changed),
    )


def chosen(values: Values) -> Chosen:
    """The network that the keys describe."""
    batch = values[BATCH]
    if values[NET] == OWN:
        stack = values[STACK]
        natural = 0
        if stack is None:
            natural = 10
            stack = general_stack(values[N], values[M], values[K], classes=values[CLASSES] or natural)
        size = values[SIZE] or GENERAL_SIZE
        network = stack.network(size=size, batch=batch)
        return Chosen(None, network, stack, size, values[CLASSES] or natural, GENERAL_SIZE, natural)
    name = Classic(values[NET])
    return classic_chosen(
        name, values[SIZE], values[CLASSES], batch, aux=values[AUX], changed=values[CHANGED]
    )


def classic_chosen(
    name: Classic,
    size: int = 0,
    classes: int = 0,
    batch: int = 1,
    *,
    aux: bool = False,
    changed: tuple[str, ...] = (),
) -> Chosen:
    """A classic with its input and classes; 0 takes its own.

    >>> classic_chosen(Classic.ALEXNET).size
    224
    """
    size, classes = size or name.size, classes or name.classes
    network = classic(
        name,
        size=size,
        classes=classes,
        aux=aux and name is Classic.GOOGLENET,
        parts=lenet_parts(name, changed) if name.is_lenet else None,
    )
    if batch != 1:
        network = replace(network, input_shape=(batch, *network.input_shape[1:]))
    return Chosen(name, network, stack_of(network), size, classes, name.size, name.classes)
