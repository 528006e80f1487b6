"""What PyTorch's messages mean: the page words each meaning under the message itself. Imports no torch."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import StrEnum

from lib.core.tensors.errors import TorchError


class Meaning(StrEnum):
    """Why PyTorch refuses. The value is stable; pages word it in the learner's language."""

    FLOAT_ONLY = "float_only"
    NOT_FOR_DTYPE = "not_for_dtype"
    OVERFLOW = "overflow"
    NO_GRADIENT = "no_gradient"
    STEP_ZERO = "step_zero"
    STEP_SIGN = "step_sign"
    LOW_HIGH = "low_high"
    NOTHING_TO_REDUCE = "nothing_to_reduce"
    BOOL_ORDER = "bool_order"
    DIM_RANGE = "dim_range"
    INDEX_RANGE = "index_range"
    NO_PLACES = "no_places"
    LISTS_DIFFER = "lists_differ"
    TOO_MANY_INDICES = "too_many_indices"
    NOT_AN_INDEX = "not_an_index"
    NEGATIVE_STEP = "negative_step"
    MASK_SHAPE = "mask_shape"
    GATHER_AXES = "gather_axes"
    SIZES_DIFFER = "sizes_differ"


SLOTS: dict[Meaning, tuple[str, ...]] = {
    Meaning.FLOAT_ONLY: ("dtype",),
    Meaning.NOT_FOR_DTYPE: ("dtype",),
    Meaning.OVERFLOW: ("dtype", "low", "high"),
    Meaning.DIM_RANGE: ("low", "high"),
    Meaning.INDEX_RANGE: ("dim", "size", "last"),
    Meaning.NO_PLACES: ("dim",),
    Meaning.LISTS_DIFFER: ("shapes",),
    Meaning.TOO_MANY_INDICES: ("ndim",),
    Meaning.MASK_SHAPE: ("mask", "tensor"),
}
"""The numbers that come with each meaning; none where it is not listed."""

_RULES: tuple[tuple[str, Meaning], ...] = (
    (
        r'"(?:normal_kernel|check_uniform|softmax|linspace)\w*" not implemented for \'(?P<dtype>\w+)\'',
        Meaning.FLOAT_ONLY,
    ),
    (r"could not infer output dtype.* Got: (?P<dtype>\w+)", Meaning.FLOAT_ONLY),
    (r"not implemented for '(?P<dtype>\w+)'", Meaning.NOT_FOR_DTYPE),
    (r"cannot be converted to type (?P<dtype>[\w: ]+?) without overflow", Meaning.OVERFLOW),
    (r"to - 1 is out of bounds for (?P<dtype>[\w: ]+)", Meaning.OVERFLOW),
    (r"from is out of bounds for (?P<dtype>[\w: ]+)", Meaning.OVERFLOW),
    (r"Overflow when unpacking long|int too (?:big|large) to convert", Meaning.OVERFLOW),
    (r"floating point (?:and complex )?dtype can require gradients", Meaning.NO_GRADIENT),
    (r"step must be nonzero", Meaning.STEP_ZERO),
    (r"inconsistent with step sign", Meaning.STEP_SIGN),
    (r"expects 'from' to be less than 'to'", Meaning.LOW_HIGH),
    (r"Expected reduction dim", Meaning.NOTHING_TO_REDUCE),
    (r"does not support bool input", Meaning.BOOL_ORDER),
    (
        r"Dimension out of range \(expected to be in range of \[(?P<low>-?\d+), (?P<high>-?\d+)\]",
        Meaning.DIM_RANGE,
    ),
    (r"index -?\d+ is out of bounds for dimension (?P<dim>\d+) with size 0", Meaning.NO_PLACES),
    (r"index -?\d+ is out of bounds for dimension (?P<dim>\d+) with size (?P<size>\d+)", Meaning.INDEX_RANGE),
    (
        r"indexing tensors could not be broadcast together with shapes (?P<shapes>\[.*\])",
        Meaning.LISTS_DIFFER,
    ),
    (r"too many indices for tensor of dimension (?P<ndim>\d+)", Meaning.TOO_MANY_INDICES),
    (r"only integers, slices", Meaning.NOT_AN_INDEX),
    (r"step must be greater than zero", Meaning.NEGATIVE_STEP),
    (
        r"shape of the mask (?P<mask>\[[\d, ]*\]) at index \d+ does not match .* tensor (?P<tensor>\[[\d, ]*\])",
        Meaning.MASK_SHAPE,
    ),
    (r"Index tensor must have the same number of dimensions", Meaning.GATHER_AXES),
    (r"expects each tensor to be equal size", Meaning.SIZES_DIFFER),
)
_DTYPES = {
    "bool": "bool",
    **dict.fromkeys(("byte", "uint8_t", "unsigned char"), "uint8"),
    **dict.fromkeys(("char", "int8_t", "signed char"), "int8"),
    **dict.fromkeys(("short", "int16_t"), "int16"),
    **dict.fromkeys(("int", "int32_t"), "int32"),
    **dict.fromkeys(("long", "int64_t", "long long"), "int64"),
    **dict.fromkeys(("half", "c10::half"), "float16"),
    **dict.fromkeys(("bfloat16", "c10::bfloat16"), "bfloat16"),
    "float": "float32",
    "double": "float64",
}
"""PyTorch's C++ names, in small letters, as the dtypes' Python names."""
_RANGES = {
    "bool": ("0", "1"),
    "uint8": ("0", "255"),
    "int8": ("-128", "127"),
    "int16": ("-32768", "32767"),
    "int32": ("-2147483648", "2147483647"),
    "int64": ("-9223372036854775808", "9223372036854775807"),
    "float16": ("-65504", "65504"),
    "bfloat16": ("-3.39e38", "3.39e38"),
    "float32": ("-3.4e38", "3.4e38"),
    "float64": ("-1.8e308", "1.8e308"),
}


@dataclass(frozen=True)
class Explained:
    """A meaning and its numbers."""

    meaning: Meaning
    details: dict[str, str] = field(default_factory=dict)


def explain(error: TorchError) -> Explained | None:
    """What a message of PyTorch's means; None where it is not known here.

    >>> explain(TorchError("RuntimeError", "value cannot be converted to type uint8_t without overflow")).details
    {'dtype': 'uint8', 'low': '0', 'high': '255'}
    >>> explain(TorchError("RuntimeError", "something new")) is None
    True
    """
    for pattern, meaning in _RULES:
        found = re.search(pattern, error.message)
        if found is None:
            continue
        details = dict(found.groupdict())
        if meaning is Meaning.OVERFLOW:
            details.setdefault("dtype", "int64")
        if "dtype" in details:
            details["dtype"] = _DTYPES.get(details["dtype"].lower(), details["dtype"].lower())
        if meaning is Meaning.OVERFLOW:
            if details["dtype"] not in _RANGES:
                return None
            details["low"], details["high"] = _RANGES[details["dtype"]]
        if meaning is Meaning.INDEX_RANGE:
            details["last"] = str(int(details["size"]) - 1)
        return Explained(meaning, details)
    return None
