"""What defines the screen of /notes: which sentence, and the numbers of each check."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lib.core.notes.note import SQUEEZED_SHAPE, TABLE_SHAPE, Note, PaddingWord, Way
from lib.ui.state import Choice, Key, Number, Table, Values, Whole

NOTE = Choice("note", Note, default=Note.FLOOR)

W = Whole("W", 1, 32, default=8)
F = Whole("F", 1, 7, default=3)
P = Whole("P", 0, 5, default=0)
S = Whole("S", 1, 5, default=2)
D = Whole("D", 1, 4, default=1)
PADDED_SIZE = Whole("size", 3, 7, default=5)
PADDED_KERNEL = Whole("kernel", 1, 3, default=3)
PADDED_BY = Whole("by", 0, 3, default=1)
LAYERS = Whole("layers", 1, 6, default=3)
FIELD_KERNEL = Whole("fk", 1, 7, default=3)
FIELD_STRIDE = Whole("fs", 1, 2, default=1)
FIELD_DILATION = Whole("fd", 1, 3, default=1)
CHANNELS = Whole("c", 1, 8, default=3)
ABOVE = Whole("above", 0, 3, default=1)
LEFT = Whole("left", 0, 3, default=2)
MODE = Choice("mode", PaddingWord, default=PaddingWord.CIRCULAR)
MODE_BY = Whole("mp", 1, 4, default=2)
INPUTS = Whole("in", 1, 12, default=4)
OUTPUTS = Whole("out", 1, 12, default=8)
GROUPS = Whole("groups", 1, 12, default=2)
SQUEEZED = Whole("dim", 0, len(SQUEEZED_SHAPE) - 1, default=1)
JOINED = Whole("along", 0, 1, default=1)
ROWS = Whole("rows", 1, 4, default=2)
COLUMNS = Whole("cols", 1, 4, default=3)
WAY = Choice("way", Way, default=Way.TENSOR)
ROW = Whole("row", 0, TABLE_SHAPE[0] - 1, default=3)
STEPS = Whole("steps", 1, 100, default=30)
RATE = Number("lr", 0.001, 0.5, default=0.1)
DECAY = Number("wd", 0.0, 1.0, default=0.5)
MAX_DIM = Whole("adim", 0, 1, default=1)
OLD = Number("old", 1e-5, 0.1, default=0.01)
NEW = Number("new", 1e-5, 0.1, default=0.001)

CONTROLS: Mapping[Note, tuple[Key[Any], ...]] = {
    Note.FLOOR: (W, F, P, S, D),
    Note.PADDED: (PADDED_SIZE, PADDED_KERNEL, PADDED_BY),
    Note.FIELD: (LAYERS, FIELD_KERNEL, FIELD_STRIDE, FIELD_DILATION),
    Note.CHANNELS: (CHANNELS,),
    Note.PAIR: (ABOVE, LEFT),
    Note.MODE: (MODE, MODE_BY),
    Note.GROUPS: (INPUTS, OUTPUTS, GROUPS),
    Note.SQUEEZE: (SQUEEZED,),
    Note.CAT: (JOINED, ROWS, COLUMNS),
    Note.SHARED: (WAY,),
    Note.EMBEDDING: (ROW,),
    Note.ADAM: (STEPS, RATE),
    Note.ADAMW: (STEPS, RATE, DECAY),
    Note.ARGMAX: (MAX_DIM,),
    Note.PRETRAINED: (),
    Note.RATES: (OLD, NEW),
    Note.PARALLEL: (),
}
"""The controls of each check, in the order of its arguments."""

TABLE = Table("notes", NOTE, *dict.fromkeys(key for keys in CONTROLS.values() for key in keys))


def values_of(state: Values, note: Note) -> tuple[Any, ...]:
    """What a check takes, as the controls say it."""
    return tuple(state[key] for key in CONTROLS[note])


def more(state: Values, note: Note) -> tuple[str, dict[str, str]]:
    """The page that shows a sentence's matter at length, and the state in which it does."""
    if note is Note.FLOOR:
        return "convolution", {key.name: key.write(state[key]) for key in CONTROLS[note]}
    return MORE[note]


MORE: Mapping[Note, tuple[str, dict[str, str]]] = {
    Note.PADDED: ("convolution", {"P": "1"}),
    Note.FIELD: ("cnn", {"N": "4"}),
    Note.CHANNELS: ("convolution", {}),
    Note.PAIR: ("convolution", {}),
    Note.MODE: ("convolution", {"P": "2", "mode": "circular"}),
    Note.GROUPS: ("convolution", {}),
    Note.SQUEEZE: ("shapes", {"a": "1, 3, 1, 2", "steps": "squeeze(1);squeeze()"}),
    Note.CAT: ("shapes", {}),
    Note.SHARED: ("memory", {"topic": "sharing"}),
    Note.EMBEDDING: ("embedding", {"topic": "one_hot"}),
    Note.ADAM: ("optimizers", {"topic": "experiments", "exp": "bias"}),
    Note.ADAMW: ("optimizers", {"topic": "experiments", "exp": "decay"}),
    Note.ARGMAX: ("indexing", {"topic": "reduce"}),
    Note.PRETRAINED: ("finetune", {"topic": "code"}),
    Note.RATES: ("finetune", {"old": "0.01", "new": "0.001"}),
    Note.PARALLEL: ("autograd", {"topic": "parallel", "way": "dp"}),
}
"""But for the first sentence, whose numbers go along."""
