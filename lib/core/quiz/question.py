"""What a question is, and what an answer to it says. Imports no torch."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from lib.core.tensors.drawn import Drawn


class Topic(StrEnum):
    """What a question is about, in teaching order."""

    CONV = "conv"
    NETS = "nets"
    TENSORS = "tensors"
    INDEX = "index"
    MEMORY = "memory"
    TRAINING = "training"


class Kind(StrEnum):
    """A question without its numbers."""

    CONV_SIZE = "conv_size"
    CONV_SHAPE = "conv_shape"
    CONV_PARAMETERS = "conv_parameters"
    CONV_PRODUCTS = "conv_products"
    POOL_SIZE = "pool_size"
    FIELD = "field"
    FLATTENED = "flattened"
    LINEAR_PARAMETERS = "linear_parameters"
    TRAINABLE = "trainable"
    SQUEEZED = "squeezed"
    JOINED = "joined"
    BROADCAST = "broadcast"
    LOOKED_UP = "looked_up"
    SLICED = "sliced"
    LARGEST = "largest"
    SHARED = "shared"
    BYTES = "bytes"
    DTYPE = "dtype"
    GRADIENT = "gradient"
    MOMENTUM = "momentum"
    ADAM = "adam"
    STEPS = "steps"
    LOSS = "loss"


TOPICS: Mapping[Topic, tuple[Kind, ...]] = {
    Topic.CONV: (
        Kind.CONV_SIZE,
        Kind.CONV_SHAPE,
        Kind.CONV_PARAMETERS,
        Kind.CONV_PRODUCTS,
        Kind.POOL_SIZE,
    ),
    Topic.NETS: (Kind.FIELD, Kind.FLATTENED, Kind.LINEAR_PARAMETERS, Kind.TRAINABLE),
    Topic.TENSORS: (Kind.SQUEEZED, Kind.JOINED, Kind.BROADCAST, Kind.LOOKED_UP),
    Topic.INDEX: (Kind.SLICED, Kind.LARGEST),
    Topic.MEMORY: (Kind.SHARED, Kind.BYTES, Kind.DTYPE),
    Topic.TRAINING: (Kind.GRADIENT, Kind.MOMENTUM, Kind.ADAM, Kind.STEPS, Kind.LOSS),
}
"""Each kind once."""


class Form(StrEnum):
    """What is answered."""

    NUMBER = "number"
    LIST = "list"
    """Whole numbers: a shape, or values."""
    LIST_OR_ERROR = "list_or_error"
    OPTION = "option"


class Mistake(StrEnum):
    """A usual way to a wrong answer."""

    ROUNDED_UP = "rounded_up"
    PADDED_ONCE = "padded_once"
    UNPADDED = "unpadded"
    UNDILATED = "undilated"
    UNSTRIDED = "unstrided"
    PAIR_SWAPPED = "pair_swapped"
    IN_CHANNELS = "in_channels"
    NO_BIAS = "no_bias"
    NO_GROUPS = "no_groups"
    ONE_CHANNEL = "one_channel"
    ONE_OUTPUT = "one_output"
    PARAMETERS = "parameters"
    POOL_STEPS_BY_ONE = "pool_steps_by_one"
    LARGEST_KERNEL = "largest_kernel"
    ALL_CELLS = "all_cells"
    NO_CHANNELS = "no_channels"
    UNPOOLED = "unpooled"
    FIRST_LAYER = "first_layer"
    ALL_LAYERS = "all_layers"
    STAYS_FROZEN = "stays_frozen"
    OLD_LAYER = "old_layer"
    ALL_REMOVED = "all_removed"
    ANY_REMOVED = "any_removed"
    UNCHANGED = "unchanged"
    OTHER_JOIN = "other_join"
    OTHER_DIM = "other_dim"
    ALIGNED_LEFT = "aligned_left"
    NEVER_FITS = "never_fits"
    ALWAYS_FITS = "always_fits"
    NO_VECTOR = "no_vector"
    WHOLE_TABLE = "whole_table"
    END_INCLUDED = "end_included"
    FROM_ONE = "from_one"
    VALUES = "values"
    COPIED = "copied"
    IS_SHARED = "is_shared"
    OTHER_ITEM = "other_item"
    ELEMENTS = "elements"
    DOUBLE = "double"
    STAYS_WHOLE = "stays_whole"
    LAST_ALONE = "last_alone"
    NO_ZEROING = "no_zeroing"
    NO_MOMENTUM = "no_momentum"
    UPHILL = "uphill"
    TIMES_GRADIENT = "times_gradient"
    CUT_OFF = "cut_off"
    KEPT_LAST = "kept_last"
    ONE_EPOCH = "one_epoch"
    PROBABILITY = "probability"
    NO_LOSS = "no_loss"
    COMMON_LOGARITHM = "common_logarithm"


ERROR = "error"
"""What the programs print where PyTorch refuses."""
ERROR_WORDS = frozenset(
    {ERROR, "an error", "runtimeerror", "报错", "会报错", "出错", "出错了", "错误", "异常", "运行时错误"}
)
MAX_ANSWER = 60
MOST = 1e15
"""No answer is as large: beyond, whole numbers are not exact any more."""
_IME = str.maketrans({"×": "x", "·": "x", "，": ",", "、": ",", "−": "-", "【": "[", "】": "]", "。": "."})
_DECIMAL_COMMA = re.compile(r"([+-]?\d*),(\d+)")
_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?")
_THOUSANDS = re.compile(r"[+-]?\d{1,3}(,\d{3})+")
_LIST = re.compile(r"(torch\.size|size|torch\.tensor|tensor)?[\[(]*(?P<inside>[^\[\]()]*)[\])]*")
_BETWEEN = re.compile(r"\s*[,;x*]\s*|\s+")
_WHOLE = re.compile(r"[+-]?\d{1,9}")


class AnswerError(ValueError):
    """A text that is no answer of the form that was asked for."""


@dataclass(frozen=True, eq=False)
class Question:
    """A program and what it prints.

    ``slots`` are today's numbers for the explanation, ``mistakes`` what a wrong answer would come from, by the
    answer. ``before`` may be seen at once, ``after`` gives the answer away. ``decimals`` are what a number is
    rounded to. ``page`` and ``query`` are an address that shows more.
    """

    kind: Kind
    program: str
    answer: str
    form: Form
    slots: Mapping[str, str]
    page: str
    query: Mapping[str, str] = field(default_factory=dict)
    options: tuple[str, ...] = ()
    mistakes: Mapping[str, Mistake] = field(default_factory=dict)
    before: tuple[Drawn, ...] = ()
    after: tuple[Drawn, ...] = ()
    decimals: int = 0

    def read(self, text: str) -> str:
        """An answer as the program would print it.

        >>> from lib.core.quiz.sheet import example
        >>> example(Kind.CONV_SHAPE).read("torch.Size([2, 3, 4, 4])"), example(Kind.STEPS).read(" 1,876 ")
        ('[2, 3, 4, 4]', '1876')

        Raises: AnswerError where it says nothing of the kind.
        """
        said = unicodedata.normalize("NFKC", text).translate(_IME).strip().strip("\"'`!").lower()
        if self.form is not Form.NUMBER:
            said = said.strip(".:")
        if len(said) > MAX_ANSWER:
            raise AnswerError(text)
        match self.form:
            case Form.NUMBER:
                return _number(said, self.decimals)
            case Form.OPTION:
                return _option(said, self.options)
            case Form.LIST_OR_ERROR if said in ERROR_WORDS:
                return ERROR
        return _list(said)

    def is_right(self, given: str) -> bool:
        """Whether what :meth:`read` gave is what PyTorch gives; numbers may be off by one in the last decimal.

        >>> from lib.core.quiz.sheet import example
        >>> question = example(Kind.CONV_SIZE)
        >>> question.is_right(question.answer), question.is_right("-1")
        (True, False)
        """
        if self.form is Form.NUMBER and self.decimals:
            return math.isclose(
                float(given), float(self.answer), rel_tol=0.0, abs_tol=1.01 * 10.0**-self.decimals
            )
        return given == self.answer

    def mistake(self, given: str) -> Mistake | None:
        """What a wrong answer seems to come from, where that is known."""
        return self.mistakes.get(given)


def shown(value: float, decimals: int = 0) -> str:
    """A number as the programs print it.

    >>> shown(7), shown(0.27149, 3), shown(0.5, 3), shown(-0.0001, 3)
    ('7', '0.271', '0.5', '0.0')
    """
    return str(round(value, decimals) + 0.0) if decimals else str(value)


def _number(said: str, decimals: int) -> str:
    if decimals:
        said = _DECIMAL_COMMA.sub(r"\1.\2", said)
    elif _THOUSANDS.fullmatch(said):
        said = said.replace(",", "")
    if not _NUMBER.fullmatch(said):
        raise AnswerError(said)
    value = float(said)
    if not abs(value) <= MOST:
        raise AnswerError(said)
    if decimals:
        return shown(value, decimals)
    return str(int(value)) if value.is_integer() else said


def _option(said: str, options: tuple[str, ...]) -> str:
    for option in options:
        if said == option.lower():
            return option
    raise AnswerError(said)


def _list(said: str) -> str:
    found = _LIST.fullmatch(said)
    if not found:
        raise AnswerError(said)
    inside = found["inside"].strip().strip(",").strip()
    parts = _BETWEEN.split(inside) if inside else []
    if not all(map(_WHOLE.fullmatch, parts)):
        raise AnswerError(said)
    if not inside and not any(sign in said for sign in "[("):
        raise AnswerError(said)  # nothing was typed: the shape of a scalar has brackets
    return str([int(part) for part in parts])


def known_mistakes(answer: str, *pairs: tuple[str, Mistake]) -> dict[str, Mistake]:
    """Wrong answers by what they come from; what comes to the right one is none, and of two the first counts.

    >>> known_mistakes("3", ("3", Mistake.UNPADDED), ("4", Mistake.ROUNDED_UP), ("4", Mistake.UNDILATED))
    {'4': <Mistake.ROUNDED_UP: 'rounded_up'>}
    """
    found: dict[str, Mistake] = {}
    for wrong, mistake in pairs:
        if wrong != answer:
            found.setdefault(wrong, mistake)
    return found
