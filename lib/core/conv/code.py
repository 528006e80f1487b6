"""The code block: what is on the screen, as PyTorch that anyone can run."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from lib.core.conv import data as numbers
from lib.core.conv.data import Pixels, fits_picture, picture_data
from lib.core.conv.layer import Axis, Layer, LayerKind, PaddingMode
from lib.core.conv.legality import Problem, problem_of
from lib.core.conv.look import NAMED_KERNELS, Edit, InputKind, KernelKind, Look
from lib.core.conv.shape import output_shape, output_sizes
from lib.core.conv.values import Floats

LITERAL_INPUT = 225
LITERAL_WEIGHT = 100
PRINTED_CELLS = 144
PRINTED_WIDTH = 16
CORNER = (4, 8)


@dataclass(frozen=True)
class Snippet:
    """``code`` runs as it stands; ``printed`` is what it prints. An illegal layer's code raises instead."""

    code: str
    printed: str


def snippet(layer: Layer, look: Look, pixels: Pixels, *, relu: bool = False) -> Snippet:
    """The code of a picture and what it prints: shape and numbers, of a large output its first corner.

    ``relu``: an activation after the layer.

    >>> from lib.core.conv.layer import square
    >>> tiny = snippet(square(size=2, kernel=2), Look(input=InputKind.RAMP), np.zeros((28, 28), np.uint8))
    >>> print(tiny.code)
    import torch
    from torch import nn
    <BLANKLINE>
    x = torch.tensor([[[
        [0.0, 1.0],
        [0.0, 1.0],
    ]]])
    weight = torch.tensor([[[
        [-2.0, 2.0],
        [-2.0, 2.0],
    ]]])
    <BLANKLINE>
    layer = nn.Conv2d(1, 1, kernel_size=2)
    with torch.no_grad():
        layer.weight.copy_(weight)
        layer.bias.copy_(torch.tensor([1.0]))
        y = layer(x)
    print(y.shape)
    for row in y[0, 0].tolist():
        print([round(value, 4) for value in row])
    >>> print(tiny.printed)
    torch.Size([1, 1, 1, 1])
    [5.0]
    """
    problem = problem_of(layer)
    if problem is not None or not fits_picture(layer):
        return _without_numbers(layer, problem, relu=relu)
    shown = picture_data(layer, look, pixels)
    needs_pad = _is_long_input(layer) and look.shift != (0, 0)
    lines = [*_imports(functional=needs_pad), *_input(layer, look, pixels, shown.inputs)]
    if shown.weight is not None:
        lines += _weight(layer, look, shown.weight)
    lines += ["", f"layer = {layer_call(layer)}", *_call(layer, shown, relu=relu)]
    printing, printed = _print(layer, shown, min(look.channel, layer.output_channels - 1), relu=relu)
    size = f"torch.Size({list(output_shape(layer))})"
    return Snippet("\n".join([*lines, "print(y.shape)", *printing]), "\n".join([size, *printed]))


def _imports(*, functional: bool = False) -> list[str]:
    extra = ["import torch.nn.functional as F"] if functional else []
    return ["import torch", *extra, "from torch import nn", ""]


def _forward(*, relu: bool) -> str:
    return "y = torch.relu(layer(x))" if relu else "y = layer(x)"


def _without_numbers(layer: Layer, problem: Problem | None, *, relu: bool) -> Snippet:
    lines = [*_imports(), f"x = torch.randn({_tuple(layer.input_shape)})", f"layer = {layer_call(layer)}"]
    if problem is not None:
        return Snippet("\n".join([*lines, "y = layer(x)"]), f"{problem.error}: {problem.message}")
    return Snippet(
        "\n".join([*lines, _forward(relu=relu), "print(y.shape)"]), f"torch.Size({list(output_shape(layer))})"
    )


def _tuple(values: tuple[int, ...]) -> str:
    return ", ".join(map(str, values))


# --- the layer ------------------------------------------------------------------------------------------------


def _setting(layer: Layer, name: str) -> str:
    values = [getattr(axis, name) for axis in layer.axes]
    return str(values[0]) if len(set(values)) == 1 else f"({_tuple(tuple(values))})"


def layer_call(layer: Layer) -> str:
    """The call that makes the layer, with every argument that is not the default.

    >>> from lib.core.conv.layer import worked_example
    >>> layer_call(worked_example())
    'nn.Conv2d(3, 64, kernel_size=3, padding=1)'
    """
    arguments = [] if layer.kind.is_pool else [str(layer.in_channels), str(layer.out_channels)]
    arguments.append(f"kernel_size={_setting(layer, 'kernel')}")
    plain = Axis(size=1, kernel=1)
    for name in ("stride", "padding", "output_padding", "dilation"):
        if name == "padding" and layer.named_padding is not None:
            arguments.append(f'padding="{layer.named_padding}"')
        elif name == "stride" and layer.kind.is_pool:
            arguments.append(f"stride={_setting(layer, name)}")
        elif any(getattr(axis, name) != getattr(plain, name) for axis in layer.axes):
            arguments.append(f"{name}={_setting(layer, name)}")
    return f"nn.{layer.kind}({', '.join([*arguments, *_flags(layer)])})"


def _flags(layer: Layer) -> list[str]:
    flags = []
    if not layer.kind.is_pool:
        if layer.groups != 1:
            flags.append(f"groups={layer.groups}")
        if not layer.bias:
            flags.append("bias=False")
        if layer.padding_mode is not PaddingMode.ZEROS:
            flags.append(f'padding_mode="{layer.padding_mode}"')
    if layer.kind.is_pool and layer.ceil_mode:
        flags.append("ceil_mode=True")
    if layer.kind is LayerKind.AVG_POOL and not layer.count_include_pad:
        flags.append("count_include_pad=False")
    return flags


# --- the numbers ----------------------------------------------------------------------------------------------


def _literal(name: str, values: Floats) -> list[str]:
    """Lines of ``name = torch.tensor(...)``, a row of numbers a line."""
    depth = values.ndim - 1
    flat = values.reshape(-1, values.shape[-1])
    lines = [f"{name} = torch.tensor({'[' * depth}"]
    for number, row in enumerate(flat, start=1):
        lines.append(f"    [{', '.join(repr(float(value)) for value in row)}],")
        closing = sum(number % int(np.prod(values.shape[axis:-1])) == 0 for axis in range(1, depth))
        if closing and number < len(flat):
            lines.append(f"{']' * closing}, {'[' * closing}")
    lines.append(f"{']' * depth})")
    return lines


def _is_long_input(layer: Layer) -> bool:
    return layer.in_channels * layer.height.size * layer.width.size > LITERAL_INPUT


def _input(layer: Layer, look: Look, pixels: Pixels, inputs: Floats) -> list[str]:
    flat = layer.kind is LayerKind.CONV1D
    if _is_long_input(layer):
        lines = [*_long_input(layer, look, pixels), *_edited("x", "0, ", look.input_edits, inputs.shape)]
        if look.shift != (0, 0):
            right, down = look.shift
            lines.append(f"x = F.pad(x, ({right}, {-right}, {down}, {-down}))")
        if flat:
            lines.append("x = x.squeeze(2)")
        if not layer.batched:
            lines.append("x = x[0]")
    else:
        sample = inputs[:, 0] if flat else inputs
        lines = _literal("x", sample[None] if layer.batched else sample)
    if layer.batched and layer.batch > 1:
        lines.append(f"x = x.expand({layer.batch}{', -1' * (2 if flat else 3)})")
    return lines


def _long_input(layer: Layer, look: Look, pixels: Pixels) -> list[str]:
    channels, height, width = layer.in_channels, layer.height.size, layer.width.size
    if look.input is InputKind.RANDOM:
        return [
            f"generator = torch.Generator().manual_seed({look.number})",
            f"x = torch.randint({numbers.INPUT_LOW}, {numbers.INPUT_HIGH}, "
            f"(1, {channels}, {height}, {width}), generator=generator).float()",
        ]
    lines = [*_base(look, height, width, pixels)]
    if channels == 1:
        return [*lines, "x = base[None, None].clone()"]
    return [*lines, f"x = torch.stack([base.roll(c, dims=1) for c in range({channels})])[None]"]


def _base(look: Look, height: int, width: int, pixels: Pixels) -> list[str]:
    """Lines that make ``base``, (height, width)."""
    if look.input in {InputKind.DIGIT, InputKind.DRAWN}:
        small = look.input is InputKind.DIGIT
        tones = (
            numbers.digit_rows(pixels, height, width)
            if small
            else numbers.base_image(look, height, width, pixels)
        )
        rows = ["".join(map(str, row)) for row in tones.tolist()]
        lines = ['rows = """', *rows, '""".split()']
        lines.append("base = torch.tensor([[float(tone) for tone in row] for row in rows])")
        if tones.shape != (height, width):
            lines.append(f"base = base[torch.arange({height}) * {tones.shape[0]} // {height}]")
            lines.append(f"base = base[:, torch.arange({width}) * {tones.shape[1]} // {width}]")
        return lines
    if look.input is InputKind.RAMP:
        ramp = f"(torch.arange({width}) * 10 // {max(width, 10)}).float()"
        return [f"base = {ramp}.repeat({height}, 1)"]
    if look.input is InputKind.CHECKER:
        tile = numbers.checker_tile(width)
        rows_ = f"torch.arange({height})[:, None] // {tile}"
        return [f"base = {numbers.BRIGHT}.0 * (({rows_} + torch.arange({width}) // {tile}) % 2)"]
    return [f"base = torch.zeros({height}, {width})", f"base[{height // 2}, {width // 2}] = 1"]


def _edited(name: str, lead: str, edits: tuple[Edit, ...], shape: tuple[int, ...]) -> list[str]:
    return [
        f"{name}[{lead}{_tuple(edit.place)}] = {edit.value!r}"
        for edit in edits
        if all(at < size for at, size in zip(edit.place, shape, strict=True))
    ]


def _weight(layer: Layer, look: Look, weight: Floats) -> list[str]:
    flat = layer.kind is LayerKind.CONV1D
    if weight.size <= LITERAL_WEIGHT:
        return _literal("weight", weight[:, :, 0] if flat else weight)
    shape = weight.shape
    if look.kernel is KernelKind.RANDOM:
        lines = [
            f"generator = torch.Generator().manual_seed({look.kernel_seed})",
            f"weight = torch.randint({numbers.WEIGHT_LOW}, {numbers.WEIGHT_HIGH}, ({_tuple(shape)}), "
            "generator=generator).float()",
        ]
    else:
        transposed = layer.kind is LayerKind.TRANSPOSED
        kernels = shape[1] if transposed else shape[0]
        distinct = numbers.named_kernels(look, layer, min(kernels, len(NAMED_KERNELS)))
        index = f"kernels[torch.arange({kernels}) % {len(distinct)}]"
        spread = f"[None].expand({shape[0]}" if transposed else f"[:, None].expand(-1, {shape[1]}"
        rest = ", -1, -1, -1)" if transposed else ", -1, -1)"
        lines = [*_literal("kernels", distinct), f"weight = {index}{spread}{rest}.clone()"]
    lines += _edited("weight", "", look.weight_edits, shape)
    return [*lines, "weight = weight.squeeze(2)"] if flat else lines


def _call(layer: Layer, shown: numbers.PictureData, *, relu: bool) -> list[str]:
    if shown.weight is None:
        return [_forward(relu=relu)]
    lines = ["with torch.no_grad():", "    layer.weight.copy_(weight)"]
    if shown.bias is not None:
        few = shown.bias.size <= 8
        values = f"torch.tensor({shown.bias.tolist()})" if few else "1 - torch.arange(y_channels) % 3"
        lines.append(f"    layer.bias.copy_({values.replace('y_channels', str(layer.out_channels))})")
    return [*lines, f"    {_forward(relu=relu)}"]


def _print(
    layer: Layer, shown: numbers.PictureData, channel: int, *, relu: bool
) -> tuple[list[str], list[str]]:
    """Lines that print one output channel, or its first corner where it is large, and what they print."""
    sizes = output_sizes(layer)
    place, values = f"0, {channel}" if layer.batched else str(channel), shown.output(layer, channel)
    if int(np.prod(sizes)) > PRINTED_CELLS or sizes[-1] > PRINTED_WIDTH:
        height, width = CORNER
        place += f", :{width}" if len(sizes) == 1 else f", :{height}, :{width}"
        values = values[:height, :width]
    if relu:
        values = np.maximum(values, 0)
    rows = [str([round(value, 4) + 0.0 for value in row]) for row in values.tolist()]
    each = "[round(value, 4) for value in {}]"
    if layer.kind is LayerKind.CONV1D:
        return [f"print({each.format(f'y[{place}].tolist()')})"], rows
    return [f"for row in y[{place}].tolist():", f"    print({each.format('row')})"], rows
