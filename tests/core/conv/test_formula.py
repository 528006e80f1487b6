"""The formula on the page is computed from its own LaTeX, and gives PyTorch's size in every step."""

from __future__ import annotations

import math
import re
from typing import Any

import pytest
import torch
from hypothesis import assume, given, settings

from lib.core.conv.formula import axis_formula, ceil_is_corrected, general_formula
from lib.core.conv.layer import Axis, Layer, LayerKind, NamedPadding, square
from lib.core.conv.legality import problem_of
from lib.figures.palette import LIGHT
from tests.core.conv.cases import layers, legal_groups, torch_layer

COLOURED = re.compile(r"\\textcolor\{(#\w+)\}\{(\w+)\}")
FRACTION = re.compile(r"\\frac\{([^{}]*)\}\{([^{}]*)\}")
LETTERS = {"W": "size", "F": "kernel", "S": "stride", "D": "dilation", "O": "output_padding"}


def arithmetic(latex: str) -> str:
    """The LaTeX as Python: colours dropped, fractions, floor and ceiling kept, a letter beside a letter multiplied."""
    text = latex.replace(r"P_{\text{1}}", "A").replace(r"P_{\text{2}}", "B").replace(r"\mathit{OP}", "O")
    text = COLOURED.sub(r"\2", text)
    text = FRACTION.sub(r"((\1)/(\2))", text).replace(r" \cdot ", "*")
    for side in ("floor", "ceil"):
        text = text.replace(rf"\left\l{side} ", f"{side}(").replace(rf" \right\r{side}", ")")
    return re.sub(r"(?<=[\w)])(?=[A-Z(])(?<!floor)(?<!ceil)", "*", text)


def computed(latex: str, **letters: int) -> float:
    names: dict[str, Any] = {"floor": math.floor, "ceil": math.ceil, "__builtins__": {}}
    return float(eval(arithmetic(latex), names, letters))  # noqa: S307 - our own formula


def torch_sizes(layer: Layer) -> tuple[int, ...]:
    with torch.no_grad():
        return tuple(
            torch_layer(layer)
            .double()(torch.zeros(layer.input_shape, dtype=torch.float64))
            .shape[-len(layer.axes) :]
        )


def padding_by_torch(layer: Layer, axis: Axis) -> tuple[int, int]:
    """What torch.nn.Conv2d puts before and after the input."""
    if layer.named_padding is NamedPadding.VALID:
        return 0, 0
    if layer.named_padding is NamedPadding.SAME:
        total = axis.dilation * (axis.kernel - 1)
        return total // 2, total - total // 2
    return axis.padding, axis.padding


@settings(max_examples=300, deadline=None, derandomize=True, database=None)
@given(layers())
def test_every_step_of_the_formula_is_torchs_size(drawn: Layer) -> None:
    layer = legal_groups(drawn)
    assume(problem_of(layer) is None)
    sizes = torch_sizes(layer)
    for axis, size in zip(layer.axes, sizes, strict=True):
        line = axis_formula(layer, axis, "W", LIGHT)
        symbol, *steps = line.split(" = ")
        assert symbol == r"W_{\text{out}}"
        assert len(steps) == (2 if layer.kind is LayerKind.TRANSPOSED else 3)
        assert [computed(step) for step in steps] == [size] * len(steps)

        before, after = padding_by_torch(layer, axis)
        general = general_formula(layer, LIGHT)
        letters = {letter: getattr(axis, name) for letter, name in LETTERS.items()}
        correction = 1 if layer.kind.is_pool and ceil_is_corrected(layer, axis) else 0
        assert computed(general, **letters, P=axis.padding, A=before, B=after) - correction == size

        own = {
            LIGHT.input: {str(axis.size), "W"},
            LIGHT.weight: {str(axis.kernel), "F"},
            LIGHT.padding: {str(before), str(after), "P"},
            LIGHT.output: {str(size)},
        }
        assert all(value in own[colour] for colour, value in COLOURED.findall(line + general))


@pytest.mark.parametrize(
    ("layer", "expected"),
    [
        (square(size=8, kernel=3), r"\left\lfloor \frac{W + 2P - D(F - 1) - 1}{S} \right\rfloor + 1"),
        (
            Layer(LayerKind.CONV2D, Axis(8, 4), Axis(8, 4), named_padding=NamedPadding.SAME),
            r"\left\lfloor \frac{W + P_{\text{1}} + P_{\text{2}} - D(F - 1) - 1}{S} \right\rfloor + 1",
        ),
        (
            Layer(LayerKind.CONV2D, Axis(8, 4), Axis(8, 4), named_padding=NamedPadding.VALID),
            r"\left\lfloor \frac{W - D(F - 1) - 1}{S} \right\rfloor + 1",
        ),
        (square(LayerKind.TRANSPOSED, size=4, kernel=3), r"(W - 1)S - 2P + D(F - 1) + \mathit{OP} + 1"),
        (
            square(LayerKind.AVG_POOL, size=8, kernel=2),
            r"\left\lfloor \frac{W + 2P - F}{S} \right\rfloor + 1",
        ),
        (
            Layer(LayerKind.MAX_POOL, Axis(8, 2), Axis(8, 2), ceil_mode=True),
            r"\left\lceil \frac{W + 2P - D(F - 1) - 1}{S} \right\rceil + 1",
        ),
    ],
    ids=["conv", "same", "valid", "transposed", "average", "ceil"],
)
def test_the_formula_in_letters(layer: Layer, expected: str) -> None:
    plain = general_formula(layer, LIGHT)
    for part in (r"P_{\text{1}}", r"P_{\text{2}}"):
        plain = plain.replace(rf"\textcolor{{{LIGHT.padding}}}{{{part}}}", part)
    assert COLOURED.sub(r"\2", plain) == expected


def test_a_window_that_ceil_would_begin_in_the_padding_is_taken_off_again() -> None:
    pool = Axis(size=3, kernel=2, stride=2, padding=1)
    line = axis_formula(Layer(LayerKind.MAX_POOL, pool, pool, ceil_mode=True), pool, "H", LIGHT)
    assert COLOURED.sub(r"\2", line) == (
        r"H_{\text{out}} = \left\lceil \frac{3 + 2 \cdot 1 - 1 \cdot (2 - 1) - 1}{2} \right\rceil + 1 - 1"
        r" = \left\lceil 1.5 \right\rceil + 1 - 1 = 2"
    )
