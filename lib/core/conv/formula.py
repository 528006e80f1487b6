"""The formula in letters and with today's numbers, as LaTeX."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from lib.core.conv.layer import Axis, Layer, LayerKind, NamedPadding
from lib.core.conv.shape import AxisShape, axis_shape


class Colours(Protocol):
    """One colour, as in ``#0072b2``, for each thing that a term of the formula belongs to."""

    @property
    def input(self) -> str: ...
    @property
    def weight(self) -> str: ...
    @property
    def output(self) -> str: ...
    @property
    def padding(self) -> str: ...


@dataclass(frozen=True)
class _Terms:
    """What stands in the formula: letters or numbers, in the colour of what they belong to."""

    size: str
    kernel: str
    before: str
    after: str
    stride: str
    dilation: str
    output_padding: str
    times: str

    def product(self, first: str, second: str) -> str:
        return f"{first}{self.times}{second}"


def axis_formula(layer: Layer, axis: Axis, name: str, colours: Colours) -> str:
    """One line: the output's size along an axis, from the settings' numbers to the result.

    >>> from lib.core.conv.layer import square
    >>> from types import SimpleNamespace
    >>> ink = SimpleNamespace(input="#111", weight="#222", output="#333", padding="#444")
    >>> line = axis_formula(square(size=8, kernel=3, stride=2), Axis(8, 3, 2), "H", ink)
    >>> line.endswith(r"\\left\\lfloor 2.5 \\right\\rfloor + 1 = \\textcolor{#333}{3}")
    True
    """
    before, after = layer.pads(axis)
    numbers = _Terms(
        size=_coloured(axis.size, colours.input),
        kernel=_coloured(axis.kernel, colours.weight),
        before=_coloured(before, colours.padding),
        after=_coloured(after, colours.padding),
        stride=str(axis.stride),
        dilation=str(axis.dilation),
        output_padding=str(axis.output_padding),
        times=r" \cdot ",
    )
    result = axis_shape(layer, axis)
    lines = [_symbol(name), _expression(layer, numbers) + _correction(layer, result)]
    if layer.kind is not LayerKind.TRANSPOSED:
        left, right = _rounding(layer)
        quotient = f"{result.numerator / result.stride:.4g}"
        lines.append(f"{left} {quotient} {right} + 1{_correction(layer, result)}")
    return " = ".join([*lines, _coloured(result.output, colours.output)])


def general_formula(layer: Layer, colours: Colours) -> str:
    """The same with the letters of the sliders, for either axis.

    >>> import re
    >>> from lib.core.conv.layer import square
    >>> from types import SimpleNamespace
    >>> ink = SimpleNamespace(input="#111", weight="#222", output="#333", padding="#444")
    >>> print(re.sub(r"\\\\textcolor{#\\w+}", "", general_formula(square(size=8, kernel=3), ink)))
    \\left\\lfloor \\frac{{W} + 2{P} - D({F} - 1) - 1}{S} \\right\\rfloor + 1
    """
    # "same" may put one cell more after the input than before it.
    sides = ("P", "P") if layer.named_padding is None else (r"P_{\text{1}}", r"P_{\text{2}}")
    letters = _Terms(
        size=_coloured("W", colours.input),
        kernel=_coloured("F", colours.weight),
        before=_coloured(sides[0], colours.padding),
        after=_coloured(sides[1], colours.padding),
        stride="S",
        dilation="D",
        output_padding=r"\mathit{OP}",
        times="",
    )
    return _expression(layer, letters)


def ceil_is_corrected(layer: Layer, axis: Axis) -> bool:
    """Whether ``ceil_mode`` leaves out a last window, because it would start in the padding after the input.

    >>> pool = Axis(size=3, kernel=2, stride=2, padding=1)
    >>> ceil_is_corrected(Layer(LayerKind.MAX_POOL, pool, pool, ceil_mode=True), pool)
    True
    """
    result = axis_shape(layer, axis)
    return bool(_correction(layer, result))


def _coloured(value: object, colour: str) -> str:
    return rf"\textcolor{{{colour}}}{{{value}}}"


def _symbol(name: str) -> str:
    return rf"{name}_{{\text{{out}}}}"


def _rounding(layer: Layer) -> tuple[str, str]:
    side = "ceil" if layer.kind.is_pool and layer.ceil_mode else "floor"
    return rf"\left\l{side}", rf"\right\r{side}"


def _correction(layer: Layer, result: AxisShape) -> str:
    rounded = -(-result.numerator // result.stride) + 1
    return " - 1" if layer.kind.is_pool and layer.ceil_mode and rounded != result.output else ""


def _expression(layer: Layer, terms: _Terms) -> str:
    reach = f"{terms.product(terms.dilation, f'({terms.kernel} - 1)')}"
    if layer.kind is LayerKind.TRANSPOSED:
        return (
            f"{terms.product(f'({terms.size} - 1)', terms.stride)} - {terms.product('2', terms.before)}"
            f" + {reach} + {terms.output_padding} + 1"
        )
    if layer.named_padding is NamedPadding.VALID:
        pads = ""
    elif layer.named_padding is NamedPadding.SAME:
        pads = f" + {terms.before} + {terms.after}"
    else:
        pads = f" + {terms.product('2', terms.before)}"
    window = f"{reach} - 1" if layer.kind.dilates else terms.kernel
    left, right = _rounding(layer)
    return rf"{left} \frac{{{terms.size}{pads} - {window}}}{{{terms.stride}}} {right} + 1"
