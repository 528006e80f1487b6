"""The formula with today's numbers, as LaTeX."""

from __future__ import annotations

from lib.core.conv.layer import Axis, Layer, LayerKind, NamedPadding
from lib.core.conv.shape import axis_shape
from lib.figures.palette import Palette


def _coloured(value: object, colour: str) -> str:
    return rf"\textcolor{{{colour}}}{{{value}}}"


def axis_formula(layer: Layer, axis: Axis, name: str, colours: Palette) -> str:
    """One line: the output's size along an axis, from the settings' numbers to the result.

    >>> from lib.core.conv.layer import square
    >>> from lib.figures.palette import LIGHT
    >>> line = axis_formula(square(size=8, kernel=3, stride=2), Axis(8, 3, 2), "H", LIGHT)
    >>> line.endswith(r"\\left\\lfloor 2.5 \\right\\rfloor + 1 = \\textcolor{#00805f}{3}")
    True
    """
    result = axis_shape(layer, axis)
    symbol = rf"{name}_{{\text{{out}}}}"
    final = _coloured(result.output, colours.output)
    if layer.kind is LayerKind.TRANSPOSED:
        terms = _transposed_terms(axis, colours)
        return f"{symbol} = {terms} = {final}"
    numerator = _numerator(layer, axis, colours)
    quotient = f"{result.numerator / result.stride:.4g}"
    if layer.kind.is_pool and layer.ceil_mode:
        left, right = r"\left\lceil", r"\right\rceil"
        corrected = -(-result.numerator // result.stride) + 1 != result.output
        ending = r" - 1" if corrected else ""
    else:
        left, right, ending = r"\left\lfloor", r"\right\rfloor", ""
    fraction = rf"\frac{{{numerator}}}{{{axis.stride}}}"
    return (
        rf"{symbol} = {left} {fraction} {right} + 1{ending} = {left} {quotient} {right} + 1{ending} = {final}"
    )


def _numerator(layer: Layer, axis: Axis, colours: Palette) -> str:
    before, after = layer.pads(axis)
    pads = rf"2 \cdot {_coloured(before, colours.padding)}"
    if layer.named_padding is NamedPadding.SAME:
        pads = f"{_coloured(before, colours.padding)} + {_coloured(after, colours.padding)}"
    reach = rf"{axis.dilation} \cdot ({_coloured(axis.kernel, colours.weight)} - 1)"
    return f"{_coloured(axis.size, colours.input)} + {pads} - {reach} - 1"


def _transposed_terms(axis: Axis, colours: Palette) -> str:
    return (
        rf"({_coloured(axis.size, colours.input)} - 1) \cdot {axis.stride} - 2 \cdot "
        rf"{_coloured(axis.padding, colours.padding)} + {axis.dilation} \cdot "
        rf"({_coloured(axis.kernel, colours.weight)} - 1) + {axis.output_padding} + 1"
    )


def general_formula(layer: Layer) -> str:
    """The formula with letters.

    >>> from lib.core.conv.layer import square
    >>> general_formula(square(size=8, kernel=3))
    '\\\\left\\\\lfloor \\\\frac{W + 2P - D(F - 1) - 1}{S} \\\\right\\\\rfloor + 1'
    """
    if layer.kind is LayerKind.TRANSPOSED:
        return r"(W - 1)S - 2P + D(F - 1) + P_{\text{out}} + 1"
    left, right = (
        (r"\left\lceil", r"\right\rceil")
        if layer.kind.is_pool and layer.ceil_mode
        else (r"\left\lfloor", r"\right\rfloor")
    )
    reach = "D(F - 1) - 1" if layer.kind.dilates else "F"
    return rf"{left} \frac{{W + 2P - {reach}}}{{S}} {right} + 1"
