"""The numbers in the picture: which input, which kernel, what was edited. One short text in the address says it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from lib.core.training.config import TEST_IMAGES

MAX_EDITS = 64
MAX_SEED = 9999
MAX_DIGIT = TEST_IMAGES - 1
MAX_PLACE = 9999
"""Of an edited cell, on each axis."""
MAX_SHIFT = 9
MAX_DRAWN = 32
MAX_VALUE = 999
MAX_CHANNEL = 1023
MAX_TEXT = 3000
_FIELDS = "~"
_ITEMS = "*"
_NUMBERS = "_"
_NUMBER = re.compile(r"-?\d{1,3}(\.\d{1,3})?")


class InputKind(StrEnum):
    """What the input shows."""

    DIGIT = "digit"
    RAMP = "ramp"
    CHECKER = "checker"
    IMPULSE = "impulse"
    RANDOM = "random"
    DRAWN = "drawn"


class KernelKind(StrEnum):
    """What the kernel does."""

    IDENTITY = "identity"
    BLUR = "blur"
    SHARPEN = "sharpen"
    SOBEL_X = "sobel_x"
    SOBEL_Y = "sobel_y"
    LAPLACIAN = "laplacian"
    EMBOSS = "emboss"
    RANDOM = "random"


NAMED_KERNELS = tuple(kind for kind in KernelKind if kind is not KernelKind.RANDOM)


@dataclass(eq=False)
class LookError(ValueError):
    """A text that says no look."""

    text: str

    def __str__(self) -> str:
        return f"{self.text!r} describes no input and kernel; an example is {Look().text}"


@dataclass(frozen=True)
class Edit:
    """One number that the learner typed: where, and what."""

    place: tuple[int, ...]
    value: float

    @property
    def text(self) -> str:
        """As it stands in the address.

        >>> Edit((0, 2, 3), -1.5).text
        '0_2_3_-1.5'
        """
        return _NUMBERS.join([*map(str, self.place), f"{self.value:.10g}"])


@dataclass(frozen=True)
class Look:
    """Input and kernel of the picture.

    ``input_edits`` have places (channel, row, column), ``weight_edits`` (out, in of the group, row, column);
    those beyond today's sizes are left aside. ``drawn`` are rows of digits 0 to 9. ``shift`` is (right, down).
    ``channel`` is the output channel that is shown; the last one where the layer has fewer.

    >>> Look().text
    'digit.0~sobel_x~0_0~~'
    >>> parse_look(Look(shift=(1, 0)).text).shift
    (1, 0)
    """

    input: InputKind = InputKind.DIGIT
    number: int = 0
    drawn: tuple[str, ...] = ()
    kernel: KernelKind = KernelKind.SOBEL_X
    kernel_seed: int = 0
    shift: tuple[int, int] = (0, 0)
    input_edits: tuple[Edit, ...] = ()
    weight_edits: tuple[Edit, ...] = ()
    channel: int = 0

    @property
    def text(self) -> str:
        """The look as one text without signs that an address would have to escape."""
        source = str(self.input)
        if self.input in {InputKind.DIGIT, InputKind.RANDOM}:
            source += f".{self.number}"
        if self.input is InputKind.DRAWN:
            source += "." + ".".join(_packed(row) for row in self.drawn)
        kernel = str(self.kernel)
        if self.kernel is KernelKind.RANDOM:
            kernel += f".{self.kernel_seed}"
        edits = [_ITEMS.join(edit.text for edit in part) for part in (self.input_edits, self.weight_edits)]
        channel = [str(self.channel)] if self.channel else []
        return _FIELDS.join([source, kernel, f"{self.shift[0]}{_NUMBERS}{self.shift[1]}", *edits, *channel])


def _packed(row: str) -> str:
    """A row with its runs of equal digits shortened: a letter (b = 2 times, c = 3, ...) before the digit.

    >>> _packed("0009")
    'c09'
    """
    return re.sub(r"(\d)\1{1,25}", lambda run: chr(ord("a") + len(run[0]) - 1) + run[1], row)


def _unpacked(text: str) -> str:
    """The inverse of :func:`_packed`.

    >>> _unpacked("d09")
    '00009'
    """
    return re.sub(r"([a-z])(\d)", lambda run: run[2] * (ord(run[1]) - ord("a") + 1), text)


def _whole(text: str, low: int, high: int) -> int:
    digits = text.removeprefix("-")
    if not (digits.isascii() and digits.isdecimal() and len(digits) <= 5 and low <= int(text) <= high):
        raise LookError(text)
    return int(text)


def _edits(text: str, axes: int) -> tuple[Edit, ...]:
    items = text.split(_ITEMS) if text else []
    if len(items) > MAX_EDITS:
        raise LookError(text[:60])
    edits = []
    for item in items:
        *place, value = item.split(_NUMBERS)
        if len(place) != axes or not _NUMBER.fullmatch(value):
            raise LookError(item[:60])
        edits.append(Edit(tuple(_whole(part, 0, MAX_PLACE) for part in place), float(value)))
    return tuple(edits)


def _source(text: str) -> tuple[InputKind, int, tuple[str, ...]]:
    name, *rest = text.split(".")
    if name not in list(InputKind):
        raise LookError(text[:60])
    kind = InputKind(name)
    if kind is InputKind.DRAWN:
        rows = tuple(_unpacked(part) for part in rest)
        legal = all(row.isascii() and row.isdecimal() and len(row) == len(rows[0]) for row in rows)
        if not rows or not legal or max(len(rows), len(rows[0])) > MAX_DRAWN:
            raise LookError(text[:60])
        return kind, 0, rows
    if kind not in {InputKind.DIGIT, InputKind.RANDOM}:
        if rest:
            raise LookError(text[:60])
        return kind, 0, ()
    if len(rest) != 1:
        raise LookError(text[:60])
    return kind, _whole(rest[0], 0, MAX_DIGIT if kind is InputKind.DIGIT else MAX_SEED), ()


def parse_look(text: str) -> Look:
    """A look from its text.

    >>> parse_look("random.5~blur~0_0~0_1_1_9~").input_edits
    (Edit(place=(0, 1, 1), value=9.0),)

    Raises: LookError where the text describes none.
    """
    parts = text.split(_FIELDS)
    if len(parts) not in {5, 6} or len(text) > MAX_TEXT:
        raise LookError(text[:60])
    kind, number, drawn = _source(parts[0])
    kernel, _, seed = parts[1].partition(".")
    if kernel not in list(KernelKind) or bool(seed) != (kernel == KernelKind.RANDOM):
        raise LookError(text[:60])
    shift = parts[2].split(_NUMBERS)
    if len(shift) != 2:
        raise LookError(text[:60])
    return Look(
        input=kind,
        number=number,
        drawn=drawn,
        kernel=KernelKind(kernel),
        kernel_seed=_whole(seed, 0, MAX_SEED) if seed else 0,
        shift=(_whole(shift[0], -MAX_SHIFT, MAX_SHIFT), _whole(shift[1], -MAX_SHIFT, MAX_SHIFT)),
        input_edits=_edits(parts[3], 3),
        weight_edits=_edits(parts[4], 4),
        channel=_whole(parts[5], 1, MAX_CHANNEL) if len(parts) > 5 else 0,
    )
