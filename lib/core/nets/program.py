"""The network as a PyTorch program that prints what the page shows, and the table as text to copy."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from lib.core.nets.analysis import Analysis
from lib.core.nets.failures import When
from lib.core.nets.graph import INPUT, Network
from lib.core.nets.layers import (
    Activation,
    AdaptiveAvgPool,
    AdaptiveMaxPool,
    Add,
    AvgPool,
    BatchNorm,
    Concat,
    Conv,
    Dropout,
    Flatten,
    Function,
    Layer,
    Linear,
    MaxPool,
    Pair,
    Rbf,
    Shape,
    SparseConv,
    Subsample,
)


@dataclass(frozen=True)
class Program:
    """``code`` runs as it stands; ``printed`` is what it prints, or the error that ends it."""

    code: str
    printed: str


def program(found: Analysis) -> Program:
    """A module of the network, its shapes in comments, and what it prints.

    >>> from lib.core.nets.analysis import analyse
    >>> from lib.core.nets.graph import sequence
    >>> written = program(analyse(sequence((1, 1, 8, 8), [Conv(4), Flatten(), Linear(10)])))
    >>> print(written.code)
    import torch
    from torch import nn
    from torch.utils.flop_counter import FlopCounterMode
    <BLANKLINE>
    network = nn.Sequential(
        nn.Conv2d(1, 4, kernel_size=3),  # [1, 4, 6, 6]
        nn.Flatten(),  # [1, 144]
        nn.Linear(144, 10),  # [1, 10]
    )
    <BLANKLINE>
    x = torch.zeros(1, 1, 8, 8)
    with FlopCounterMode(display=False) as counter:
        y = network(x)
    print(f"{sum(p.numel() for p in network.parameters()):,} parameters")
    print(f"{counter.get_total_flops() // 2:,} multiply-accumulates")
    print(list(y.shape))
    >>> print(written.printed)
    1,490 parameters
    2,736 multiply-accumulates
    [1, 10]
    """
    network = found.network
    body = _sequential(found) if _is_chain(network) else _module(found)
    lines = [
        "import torch",
        "from torch import nn",
        "from torch.utils.flop_counter import FlopCounterMode",
        *_own_classes(network),
        "",
        *body,
        "",
        f"x = torch.zeros({', '.join(map(str, network.input_shape))})",
    ]
    if found.failure is not None:
        problem = found.failure.problem
        end = ".sum().backward()" if found.failure.when is When.BACKWARD else ""
        return Program("\n".join([*lines, f"network(x){end}"]), f"{problem.error}: {problem.message}")
    lines += ["with FlopCounterMode(display=False) as counter:", "    y = network(x)"]
    first = "y[0]" if network.side else "y"
    lines += [
        'print(f"{sum(p.numel() for p in network.parameters()):,} parameters")',
        'print(f"{counter.get_total_flops() // 2:,} multiply-accumulates")',
        f"print(list({first}.shape))",
    ]
    shape = list(found.rows[-1].shape) if found.rows else list(network.input_shape)
    printed = [f"{found.parameters:,} parameters", f"{found.macs:,} multiply-accumulates", str(shape)]
    return Program("\n".join(lines), "\n".join(printed))


def _is_chain(network: Network) -> bool:
    return all(
        row.inputs == (number - 1,) and not isinstance(row.layer, Add | Concat)
        for number, row in enumerate(network.rows)
    )


def _shape_of(found: Analysis, number: int) -> Shape | None:
    if number == INPUT:
        return found.network.input_shape
    return found.rows[number].shape if number < len(found.rows) else None


def _comment(found: Analysis, number: int) -> str:
    shape = _shape_of(found, number)
    if shape is not None:
        return f"  # {list(shape)}"
    return "  # breaks here" if number == len(found.rows) else ""


def _call_of_row(found: Analysis, number: int) -> str:
    row = found.network.rows[number]
    return layer_call(row.layer, _shape_of(found, row.inputs[0]) or (1, 1, 1, 1))


def _sequential(found: Analysis) -> list[str]:
    rows = [
        f"    {_call_of_row(found, number)},{_comment(found, number)}"
        for number in range(len(found.network.rows))
    ]
    return ["network = nn.Sequential(", *rows, ")"]


def _module(found: Analysis) -> list[str]:
    """A class: an attribute for each row with a module, a line of ``forward`` for each row."""
    network = found.network
    makes, calls = [], []
    values = _variables(network)
    for number, row in enumerate(network.rows):
        inputs = [values[source] for source in row.inputs]
        result = values[number]
        if isinstance(row.layer, Add):
            call = " + ".join(inputs)
        elif isinstance(row.layer, Concat):
            call = f"torch.cat([{', '.join(inputs)}], dim=1)"
        else:
            name = _attribute(network, number)
            makes.append(f"        self.{name} = {_call_of_row(found, number)}")
            call = f"self.{name}({inputs[0]})"
        calls.append(f"        {result} = {call}{_comment(found, number)}")
    outputs = [values[len(network.rows) - 1], *(values[number] for number in network.side)]
    return [
        "",
        "class Network(nn.Module):",
        "    def __init__(self):",
        "        super().__init__()",
        *makes,
        "",
        "    def forward(self, x):",
        *calls,
        f"        return {', '.join(outputs)}",
        "",
        "",
        "network = Network()",
    ]


def _attribute(network: Network, number: int) -> str:
    name = network.rows[number].name.replace(".", "_")
    return name if name.isidentifier() else f"row{name or number + 1}"


def _variables(network: Network) -> dict[int, str]:
    """x for what only the next row takes, a name of its own for what is needed again."""
    takers: dict[int, list[int]] = {}
    for number, row in enumerate(network.rows):
        for source in row.inputs:
            takers.setdefault(source, []).append(number)
    last = len(network.rows) - 1
    names = {INPUT: "x"}
    for number in range(len(network.rows)):
        is_passed_on = takers.get(number, []) == [number + 1] or number == last
        names[number] = "x" if is_passed_on and number not in network.side else f"x{number + 1}"
    if len(takers.get(INPUT, [])) > 1:
        # The input is needed again: nothing else may be called x.
        names = {number: name if number == INPUT or name != "x" else "y" for number, name in names.items()}
    return names


def _pair(pair: Pair) -> str:
    return str(pair[0]) if pair[0] == pair[1] else f"({pair[0]}, {pair[1]})"


def _flag(name: str, value: object, default: object) -> list[str]:
    if value == default:
        return []
    return [f'{name}="{value}"' if isinstance(value, str) else f"{name}={value}"]


def layer_call(layer: Layer, shape: Shape) -> str:
    """The call that makes a layer for an input of this shape, with every argument that is not the default.

    >>> layer_call(Conv(8, (3, 5), padding=(1, 2), bias=False), (1, 3, 8, 8))
    'nn.Conv2d(3, 8, kernel_size=(3, 5), padding=(1, 2), bias=False)'
    """
    name, arguments = _written(layer, shape)
    own = {"SparseConv2d", "Subsampling", "ScaledTanh", "RBF"}
    return f"{'' if name in own else 'nn.'}{name}({', '.join(arguments)})"


def _written(layer: Layer, shape: Shape) -> tuple[str, list[str]]:
    match layer:
        case Conv():
            return "Conv2d", _conv_arguments(layer, shape)
        case Linear():
            features = shape[-1] if layer.in_features is None else layer.in_features
            return "Linear", [str(features), str(layer.out_features), *_flag("bias", layer.bias, True)]
        case BatchNorm():
            return "BatchNorm2d", [str(shape[1] if layer.num_features is None else layer.num_features)]
        case MaxPool() | AvgPool():
            return _pool_arguments(layer)
        case AdaptiveAvgPool():
            return "AdaptiveAvgPool2d", [str(layer.output)]
        case AdaptiveMaxPool():
            return "AdaptiveMaxPool2d", [str(layer.output)]
        case Dropout():
            return "Dropout", [f"p={layer.percent / 100}", *_flag("inplace", layer.inplace, False)]
        case Flatten():
            return "Flatten", []
        case Activation():
            return str(layer.function), _flag("inplace", layer.inplace, False)
        case SparseConv():
            return "SparseConv2d", ["C3_MAPS", f"kernel_size={layer.kernel}"]
        case Subsample():
            return "Subsampling", [str(shape[1])]
        case Rbf():
            return "RBF", [str(shape[1]), str(layer.units)]
    return type(layer).__name__, []


def _conv_arguments(layer: Conv, shape: Shape) -> list[str]:
    channels = shape[1] if layer.in_channels is None else layer.in_channels
    arguments = [str(channels), str(layer.out_channels), f"kernel_size={_pair(layer.kernel)}"]
    if layer.stride != (1, 1):
        arguments.append(f"stride={_pair(layer.stride)}")
    if layer.named_padding is not None:
        arguments.append(f'padding="{layer.named_padding}"')
    elif layer.padding != (0, 0):
        arguments.append(f"padding={_pair(layer.padding)}")
    if layer.dilation != (1, 1):
        arguments.append(f"dilation={_pair(layer.dilation)}")
    return [
        *arguments,
        *_flag("groups", layer.groups, 1),
        *_flag("bias", layer.bias, True),
        *_flag("padding_mode", layer.padding_mode.value, "zeros"),
    ]


def _pool_arguments(layer: MaxPool | AvgPool) -> tuple[str, list[str]]:
    arguments = [f"kernel_size={_pair(layer.kernel)}", f"stride={_pair(layer.stride)}"]
    if layer.padding != (0, 0):
        arguments.append(f"padding={_pair(layer.padding)}")
    if isinstance(layer, MaxPool):
        if layer.dilation != (1, 1):
            arguments.append(f"dilation={_pair(layer.dilation)}")
        return "MaxPool2d", [*arguments, *_flag("ceil_mode", layer.ceil_mode, False)]
    extra = _flag("ceil_mode", layer.ceil_mode, False) + _flag(
        "count_include_pad", layer.count_include_pad, True
    )
    return "AvgPool2d", [*arguments, *extra]


_SPARSE = """

C3_MAPS = [
{maps}
]


class SparseConv2d(nn.Module):
    def __init__(self, maps, kernel_size):
        super().__init__()
        self.maps = maps
        self.convs = nn.ModuleList(nn.Conv2d(len(each), 1, kernel_size) for each in maps)

    def forward(self, x):
        return torch.cat([conv(x[:, each]) for conv, each in zip(self.convs, self.maps)], dim=1)"""
_SUBSAMPLING = """

class Subsampling(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.coefficient = nn.Parameter(torch.full((channels, 1, 1), 0.25))
        self.bias = nn.Parameter(torch.zeros(channels, 1, 1))

    def forward(self, x):
        return nn.functional.avg_pool2d(x, 2, divisor_override=1) * self.coefficient + self.bias"""
_SCALED_TANH = """

class ScaledTanh(nn.Module):
    def forward(self, x):
        return 1.7159 * torch.tanh(2 / 3 * x)"""
_RBF = """

class RBF(nn.Module):
    def __init__(self, features, classes):
        super().__init__()
        self.register_buffer("targets", torch.ones(classes, features))  # in the paper: 7 x 12 pictures

    def forward(self, x):
        return (x[:, None] - self.targets).pow(2).sum(dim=2)"""


def _own_classes(network: Network) -> list[str]:
    """What torch.nn does not have, for LeNet-5 of 1998."""
    layers = [row.layer for row in network.rows]
    sparse = next((layer for layer in layers if isinstance(layer, SparseConv)), None)
    lines = []
    if sparse is not None:
        maps = "\n".join(f"    {list(each)}," for each in sparse.sources)
        lines.append(_SPARSE.format(maps=maps))
    if any(isinstance(layer, Subsample) for layer in layers):
        lines.append(_SUBSAMPLING)
    if any(isinstance(layer, Activation) and layer.function is Function.SCALED_TANH for layer in layers):
        lines.append(_SCALED_TANH)
    if any(isinstance(layer, Rbf) for layer in layers):
        lines.append(_RBF)
    return [*"\n".join(lines).split("\n"), ""] if lines else []


def text_table(found: Analysis, headings: Sequence[str]) -> str:
    """The table with its columns in line; ``headings``: layer, output, parameters, MACs, kept bytes, field, jump.

    >>> from lib.core.nets.analysis import analyse
    >>> from lib.core.nets.graph import sequence
    >>> print(text_table(analyse(sequence((1, 1, 8, 8), [Conv(4)])), "layer output params MACs kept RF jump".split()))
    #  layer                           output  params   MACs  kept  RF  jump
    1  Conv2d(1, 4, kernel_size=3)  1x4x6x6       40  1,296   256   3     1
                                                  40  1,296   256
    """
    lines = [["#", *headings]]
    for number, report in enumerate(found.rows):
        field = report.field
        height, width = field.height, field.width
        sizes = str(height.size) if height.size == width.size else f"{height.size}x{width.size}"
        jumps = str(height.jump) if height.jump == width.jump else f"{height.jump}x{width.jump}"
        lines.append(
            [
                str(number + 1),
                _call_of_row(found, number).removeprefix("nn."),
                "x".join(map(str, report.shape)),
                f"{report.parameters:,}",
                f"{report.macs:,}",
                f"{report.kept_bytes:,}",
                sizes,
                "" if field.whole else jumps,
            ]
        )
    lines.append(["", "", "", f"{found.parameters:,}", f"{found.macs:,}", f"{found.kept_bytes:,}", "", ""])
    widths = [max(len(line[column]) for line in lines) for column in range(len(lines[0]))]
    written = []
    for line in lines:
        cells = [
            cell.ljust(width) if column in (0, 1) else cell.rjust(width)
            for column, (cell, width) in enumerate(zip(line, widths, strict=True))
        ]
        written.append("  ".join(cells).rstrip())
    if found.failure is not None:
        written.append(
            f"{found.failure.row + 1}: {found.failure.problem.error}: {found.failure.problem.message}"
        )
    return "\n".join(written)
