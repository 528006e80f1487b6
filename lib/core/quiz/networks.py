"""Questions about several layers in a row; answers are the installed PyTorch's."""

from __future__ import annotations

from random import Random

import torch
from torch import nn

from lib.core.conv.code import layer_call
from lib.core.conv.layer import POINT, Axis, Layer, LayerKind
from lib.core.quiz.programs import IMPORT_NN
from lib.core.quiz.question import Form, Kind, Mistake, Question, known_mistakes
from lib.core.tensors.drawn import Drawn

CLASSES = 10


def field(rng: Random) -> Question:
    """How many cells of the input one output sees: those that get a gradient from it."""
    layers = []
    for _ in range(rng.randint(2, 3)):
        kernel = rng.randint(2, 4)
        layers.append((kernel, rng.choice((1, 1, 2))))
    convs = [
        nn.Conv1d(1, 1, kernel, stride, bias=False, device="meta").to_empty(device="cpu")
        for kernel, stride in layers
    ]
    for conv in convs:
        nn.init.ones_(conv.weight)
    reach, jump, terms = 1, 1, []
    for kernel, stride in layers:
        terms.append(f"({kernel} − 1)·{jump}")
        reach, jump = reach + (kernel - 1) * jump, jump * stride
    length = reach + jump
    x = torch.ones(1, 1, length, requires_grad=True)
    nn.Sequential(*convs)(x)[0, 0, 0].backward()
    assert x.grad is not None
    seen = x.grad[0, 0] != 0
    answer = str(int(seen.sum()))
    lines = "".join(
        f"    {layer_call(Layer(LayerKind.CONV1D, POINT, Axis(length, kernel, stride), bias=False))},\n"
        for kernel, stride in layers
    )
    return Question(
        Kind.FIELD,
        f"{IMPORT_NN}net = nn.Sequential(\n{lines})\n"
        "for p in net.parameters():\n"
        "    nn.init.ones_(p)\n"
        f"x = torch.ones(1, 1, {length}, requires_grad=True)\n"
        "net(x)[0, 0, 0].backward()\n"
        "print(int((x.grad != 0).sum()))",
        answer,
        Form.NUMBER,
        {"sum": " + ".join(terms)},
        "cnn",
        mistakes=known_mistakes(
            answer,
            (str(max(kernel for kernel, _ in layers)), Mistake.LARGEST_KERNEL),
            (str(1 + sum(kernel - 1 for kernel, _ in layers)), Mistake.UNSTRIDED),
            (str(length), Mistake.ALL_CELLS),
        ),
        before=(Drawn("x", x.detach()[0, 0], "input"),),
        after=(Drawn("x.grad", x.grad[0, 0], "input", faded=(~seen).numpy(), chosen=seen.numpy()),),
    )


def flattened(rng: Random) -> Question:
    """What the first linear layer after convolution and pooling takes."""
    size, out = rng.choice((12, 16, 20, 28)), rng.choice((4, 8, 16))
    kernel = rng.choice((3, 5))
    padding = rng.choice((0, kernel // 2))
    axis = Axis(size, kernel, padding=padding)
    net = nn.Sequential(
        nn.Conv2d(1, out, kernel, padding=padding, device="meta"), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten()
    )
    answer = str(net(torch.zeros(1, 1, size, size, device="meta")).shape[1])
    after_conv = size + 2 * padding - kernel + 1
    side = after_conv // 2
    unpadded = (size - kernel + 1) // 2
    return Question(
        Kind.FLATTENED,
        f"{IMPORT_NN}net = nn.Sequential(\n"
        f"    {layer_call(Layer(LayerKind.CONV2D, axis, axis, out_channels=out))},\n"
        "    nn.ReLU(),\n    nn.MaxPool2d(2),\n    nn.Flatten(),\n)\n"
        f"x = torch.zeros(1, 1, {size}, {size})\n"
        "print(net(x).shape[1])",
        answer,
        Form.NUMBER,
        {"w": str(size), "conv": str(after_conv), "pool": str(side), "out": str(out)},
        "cnn",
        mistakes=known_mistakes(
            answer,
            (str(side * side), Mistake.NO_CHANNELS),
            (str(out * after_conv**2), Mistake.UNPOOLED),
            (str(out * unpadded**2), Mistake.UNPADDED),
        ),
    )


def linear_parameters(rng: Random) -> Question:
    """How many parameters two linear layers have."""
    inputs, hidden = rng.choice((4, 8, 16, 784)), rng.choice((3, 5, 10, 50))
    net = nn.Sequential(
        nn.Linear(inputs, hidden, device="meta"), nn.ReLU(), nn.Linear(hidden, CLASSES, device="meta")
    )
    answer = str(sum(each.numel() for each in net.parameters()))
    weights = inputs * hidden + hidden * CLASSES
    return Question(
        Kind.LINEAR_PARAMETERS,
        f"{IMPORT_NN}net = nn.Sequential(\n    nn.Linear({inputs}, {hidden}),\n    nn.ReLU(),\n"
        f"    nn.Linear({hidden}, {CLASSES}),\n)\n"
        "print(sum(p.numel() for p in net.parameters()))",
        answer,
        Form.NUMBER,
        {"inputs": str(inputs), "hidden": str(hidden), "out": str(CLASSES)},
        "train",
        {"hidden": str(hidden)},
        mistakes=known_mistakes(
            answer,
            (str(weights), Mistake.NO_BIAS),
            (str(inputs * hidden + hidden), Mistake.FIRST_LAYER),
        ),
    )


def trainable(rng: Random) -> Question:
    """How many parameters still learn, after all were frozen and the last layer was replaced."""
    inputs, hidden, classes = rng.choice((16, 784)), rng.choice((10, 20, 50)), rng.choice((2, 3, 5))
    net = nn.Sequential(
        nn.Linear(inputs, hidden, device="meta"), nn.ReLU(), nn.Linear(hidden, CLASSES, device="meta")
    )
    for each in net.parameters():
        each.requires_grad = False
    net[2] = nn.Linear(hidden, classes, device="meta")
    answer = str(sum(each.numel() for each in net.parameters() if each.requires_grad))
    return Question(
        Kind.TRAINABLE,
        f"{IMPORT_NN}net = nn.Sequential(nn.Linear({inputs}, {hidden}), nn.ReLU(), nn.Linear({hidden}, {CLASSES}))\n"
        "for p in net.parameters():\n    p.requires_grad = False\n"
        f"net[2] = nn.Linear({hidden}, {classes})\n"
        "print(sum(p.numel() for p in net.parameters() if p.requires_grad))",
        answer,
        Form.NUMBER,
        {"hidden": str(hidden), "classes": str(classes)},
        "finetune",
        mistakes=known_mistakes(
            answer,
            (str(sum(each.numel() for each in net.parameters())), Mistake.ALL_LAYERS),
            (str(hidden * classes), Mistake.NO_BIAS),
            ("0", Mistake.STAYS_FROZEN),
            (str(hidden * CLASSES + CLASSES), Mistake.OLD_LAYER),
        ),
    )
