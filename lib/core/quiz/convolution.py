"""Questions about one convolution or pooling layer; answers are the installed PyTorch's."""

from __future__ import annotations

from random import Random

import torch
import torch.nn.functional as F
from torch import nn
from torch.utils.flop_counter import FlopCounterMode

from lib.core.conv.code import layer_call
from lib.core.conv.drawn import columns_of, reads_of
from lib.core.conv.layer import Axis, Layer, LayerKind, square
from lib.core.conv.settings import Settings, default_layer
from lib.core.quiz.programs import IMPORT_NN
from lib.core.quiz.question import Form, Kind, Mistake, Question, known_mistakes

WIDEST = 12
"""A row of so many cells stands on one line of the page."""


def _at(layer: Layer) -> dict[str, str]:
    """The address of /convolution that shows a layer."""
    own_axes = layer.height != layer.width
    changed = Settings(default_layer()).changed(Settings(layer, own_axes=own_axes))
    query = {key: str(value) for key, value in changed.items()}
    if layer.kind is not default_layer().kind:
        query["kind"] = str(layer.kind)
    return query | ({"own": "true"} if own_axes else {}) | ({} if layer.bias else {"bias": "false"})


def conv_size(rng: Random) -> Question:
    """How wide the output is."""
    while True:
        size, kernel, padding = rng.randint(5, 12), rng.randint(2, 5), rng.randint(0, 2)
        stride, dilation = rng.randint(1, 3), rng.choice((1, 1, 2))
        room = size + 2 * padding - dilation * (kernel - 1) - 1
        if room > stride and padding < kernel and size + 2 * padding <= WIDEST:
            break
    axis = Axis(size, kernel, stride, padding, dilation)
    layer = Layer(LayerKind.CONV2D, axis, axis)
    conv = nn.Conv2d(1, 1, kernel, stride, padding, dilation, device="meta")
    answer = str(conv(torch.zeros(1, 1, size, size, device="meta")).shape[-1])
    return Question(
        Kind.CONV_SIZE,
        f"{IMPORT_NN}x = torch.zeros(1, 1, {size}, {size})\n"
        f"conv = {layer_call(layer)}\n"
        "print(conv(x).shape[-1])",
        answer,
        Form.NUMBER,
        {
            "w": str(size),
            "f": str(kernel),
            "p": str(padding),
            "s": str(stride),
            "d": str(dilation),
        },
        "convolution",
        _at(layer),
        mistakes=known_mistakes(
            answer,
            (str(-(-room // stride) + 1), Mistake.ROUNDED_UP),
            *([(str((room - padding) // stride + 1), Mistake.PADDED_ONCE)] * (room >= padding)),
            *([(str((room - 2 * padding) // stride + 1), Mistake.UNPADDED)] * (room >= 2 * padding)),
            (str((room + (dilation - 1) * (kernel - 1)) // stride + 1), Mistake.UNDILATED),
            (str(room + 1), Mistake.UNSTRIDED),
        ),
        before=(columns_of(layer),),
        after=(reads_of(layer),),
    )


def conv_shape(rng: Random) -> Question:
    """The whole shape of an output, with pairs for height and width."""
    batch, channels, out = rng.choice((1, 4, 32)), rng.choice((1, 3)), rng.choice((6, 16, 64))
    height, width = rng.sample(range(12, 33), 2)
    kernel = rng.choice((3, 5))
    padding = tuple(rng.sample(range(3), 2))
    stride = rng.choice((1, 2))
    tall, wide = (Axis(size, kernel, stride, pad) for size, pad in zip((height, width), padding, strict=True))
    layer = Layer(LayerKind.CONV2D, tall, wide, batch, channels, out)

    def shape(pads: tuple[int, ...], channels_out: int = out) -> str:
        x = torch.zeros(batch, channels, height, width, device="meta")
        weight = torch.zeros(channels_out, channels, kernel, kernel, device="meta")
        return str(list(F.conv2d(x, weight, stride=stride, padding=pads).shape))

    answer = shape(padding)
    return Question(
        Kind.CONV_SHAPE,
        f"{IMPORT_NN}x = torch.zeros({batch}, {channels}, {height}, {width})\n"
        f"conv = {layer_call(layer)}\n"
        "print(list(conv(x).shape))",
        answer,
        Form.LIST,
        {
            "n": str(batch),
            "out": str(out),
            "h": str(height),
            "w": str(width),
            "f": str(kernel),
            "s": str(stride),
            "ph": str(padding[0]),
            "pw": str(padding[1]),
        },
        "convolution",
        _at(layer),
        mistakes=known_mistakes(
            answer,
            (shape(padding[::-1]), Mistake.PAIR_SWAPPED),
            (shape(padding, channels), Mistake.IN_CHANNELS),
            (shape((0, 0)), Mistake.UNPADDED),
        ),
    )


def conv_parameters(rng: Random) -> Question:
    """How many parameters a convolution has."""
    groups = rng.choice((1, 1, 2, 4))
    channels, out = groups * rng.randint(1, 3), groups * rng.randint(2, 4)
    kernel, bias = rng.choice((1, 3, 5)), rng.choice((True, True, False))
    axis = Axis(default_layer().width.size, kernel)
    layer = Layer(LayerKind.CONV2D, axis, axis, 1, channels, out, groups, bias)
    conv = nn.Conv2d(channels, out, kernel, groups=groups, bias=bias, device="meta")
    weights = conv.weight.numel()
    answer = str(sum(each.numel() for each in conv.parameters()))
    return Question(
        Kind.CONV_PARAMETERS,
        f"{IMPORT_NN}conv = {layer_call(layer)}\nprint(sum(p.numel() for p in conv.parameters()))",
        answer,
        Form.NUMBER,
        {
            "channels": str(channels),
            "out": str(out),
            "f": str(kernel),
            "groups": str(groups),
            "each": str(channels // groups),
            "bias": str(out if bias else 0),
        },
        "convolution",
        _at(layer),
        mistakes=known_mistakes(
            answer,
            (str(weights), Mistake.NO_BIAS),
            (str(weights * groups + out * bias), Mistake.NO_GROUPS),
            (str(weights * groups), Mistake.NO_GROUPS),
            (str(weights // out + bias), Mistake.ONE_OUTPUT),
            (str(out * kernel**2 + out * bias), Mistake.ONE_CHANNEL),
        ),
    )


def conv_products(rng: Random) -> Question:
    """How many multiplications a convolution takes."""
    size, channels, out = rng.randint(4, 10), rng.randint(1, 3), rng.randint(2, 8)
    kernel = rng.choice((1, 3))
    padding = kernel // 2
    axis = Axis(size, kernel, padding=padding)
    layer = Layer(LayerKind.CONV2D, axis, axis, 1, channels, out, bias=False)
    conv = nn.Conv2d(channels, out, kernel, padding=padding, bias=False, device="meta")
    with FlopCounterMode(display=False) as counter:
        conv(torch.zeros(1, channels, size, size, device="meta"))
    products = counter.get_total_flops() // 2
    answer = str(products)
    return Question(
        Kind.CONV_PRODUCTS,
        f"{IMPORT_NN.rstrip()}\nfrom torch.utils.flop_counter import FlopCounterMode\n\n"
        f"x = torch.zeros(1, {channels}, {size}, {size})\n"
        f"conv = {layer_call(layer)}\n"
        "with FlopCounterMode(display=False) as counter:\n"
        "    conv(x)\n"
        "print(counter.get_total_flops() // 2)",
        answer,
        Form.NUMBER,
        {"w": str(size), "channels": str(channels), "out": str(out), "f": str(kernel)},
        "convolution",
        _at(layer),
        mistakes=known_mistakes(
            answer,
            (str(conv.weight.numel()), Mistake.PARAMETERS),
            (str(products // channels), Mistake.ONE_CHANNEL),
            (str(products // out), Mistake.ONE_OUTPUT),
        ),
    )


def pool_size(rng: Random) -> Question:
    """How wide the output of a pooling layer is."""
    kernel = rng.choice((2, 3))
    size = rng.randint(6, WIDEST)
    answer = str(F.max_pool2d(torch.zeros(1, 1, size, size, device="meta"), kernel).shape[-1])
    layer = square(LayerKind.MAX_POOL, size=size, kernel=kernel, stride=kernel)
    return Question(
        Kind.POOL_SIZE,
        f"{IMPORT_NN}x = torch.zeros(1, 1, {size}, {size})\npool = nn.MaxPool2d({kernel})\nprint(pool(x).shape[-1])",
        answer,
        Form.NUMBER,
        {"w": str(size), "f": str(kernel)},
        "convolution",
        _at(layer),
        mistakes=known_mistakes(
            answer,
            (str(size - kernel + 1), Mistake.POOL_STEPS_BY_ONE),
            (str(-(-size // kernel)), Mistake.ROUNDED_UP),
        ),
        before=(columns_of(layer),),
        after=(reads_of(layer),),
    )
