"""Vanishing and exploding gradients by depth, activation and initialisation, measured in torch.

A stack of linear layers, 64 wide, on 128 random inputs, cross-entropy over ten classes; float64, so that nothing
overflows too early. Imports torch when it measures, not before.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from lib.core.autograd.values import Array

WIDTH, BATCH, CLASSES = 64, 128, 10
MIN_DEPTH, MAX_DEPTH = 2, 50
DEAD_BIAS = -100.0
VANISHES, EXPLODES = 1e-3, 1e3
"""Lengths of a gradient below and above which the page says so."""


class Nonlinearity(StrEnum):
    """After each hidden layer."""

    SIGMOID = "sigmoid"
    TANH = "tanh"
    RELU = "relu"


class Init(StrEnum):
    """How the weights begin; biases are 0 but where it says otherwise."""

    DEFAULT = "default"
    """nn.Linear's own: uniform within 1/sqrt(fan_in), biases too."""
    XAVIER = "xavier"
    KAIMING = "kaiming"
    SMALL = "small"
    """Normal with standard deviation 0.01."""
    LARGE = "large"
    """Normal with standard deviation 1."""
    DEAD = "dead"
    """Kaiming, and every hidden bias -100: with ReLU no neuron is ever active."""


@dataclass(frozen=True)
class Stack:
    """What is measured: ``depth`` layers, the last of which makes the logits."""

    depth: int = 20
    nonlinearity: Nonlinearity = Nonlinearity.SIGMOID
    init: Init = Init.DEFAULT

    def __post_init__(self) -> None:
        if not MIN_DEPTH <= self.depth <= MAX_DEPTH:
            raise ValueError(f"depth {self.depth}: {MIN_DEPTH} to {MAX_DEPTH}")


@dataclass(frozen=True, eq=False)
class Measured:
    """``norms``: length of d loss / d weight of each layer, the first layer first; the loss before any step."""

    norms: Array
    loss: float


def measure(stack: Stack) -> Measured:
    """One forward and one backward pass.

    >>> bool(measure(Stack(20, Nonlinearity.SIGMOID)).norms[0] < 1e-6)
    True
    """
    import torch
    import torch.nn.functional as F
    from torch import nn

    generator = torch.Generator().manual_seed(0)
    x = torch.randn(BATCH, WIDTH, generator=generator, dtype=torch.float64)
    labels = torch.randint(0, CLASSES, (BATCH,), generator=generator)
    activate = {"sigmoid": torch.sigmoid, "tanh": torch.tanh, "relu": torch.relu}[stack.nonlinearity]
    weights = []
    hidden = x
    for layer in range(stack.depth):
        is_last = layer == stack.depth - 1
        weight = torch.empty(CLASSES if is_last else WIDTH, WIDTH, dtype=torch.float64)
        bias = torch.zeros(len(weight), dtype=torch.float64)
        if stack.init is Init.DEFAULT:
            bound = WIDTH**-0.5
            nn.init.uniform_(weight, -bound, bound, generator=generator)
            nn.init.uniform_(bias, -bound, bound, generator=generator)
        elif stack.init is Init.XAVIER:
            nn.init.xavier_normal_(weight, generator=generator)
        elif stack.init is Init.SMALL:
            nn.init.normal_(weight, std=0.01, generator=generator)
        elif stack.init is Init.LARGE:
            nn.init.normal_(weight, std=1.0, generator=generator)
        else:
            nn.init.kaiming_normal_(weight, nonlinearity="relu", generator=generator)
            if stack.init is Init.DEAD and not is_last:
                bias.fill_(DEAD_BIAS)
        weights.append(weight.requires_grad_())
        hidden = F.linear(hidden, weight, bias)
        if not is_last:
            hidden = activate(hidden)
    loss = F.cross_entropy(hidden, labels)
    loss.backward()  # type: ignore[no-untyped-call]
    norms = [float(weight.grad.norm()) if weight.grad is not None else 0.0 for weight in weights]
    return Measured(np.array(norms), float(loss.detach()))


_INIT_LINES = {
    Init.DEFAULT: [
        "bound = 64**-0.5  # nn.Linear's own",
        "nn.init.uniform_(weight, -bound, bound, generator=generator)",
        "nn.init.uniform_(bias, -bound, bound, generator=generator)",
    ],
    Init.XAVIER: ["nn.init.xavier_normal_(weight, generator=generator)"],
    Init.SMALL: ["nn.init.normal_(weight, std=0.01, generator=generator)"],
    Init.LARGE: ["nn.init.normal_(weight, std=1.0, generator=generator)"],
    Init.KAIMING: ['nn.init.kaiming_normal_(weight, nonlinearity="relu", generator=generator)'],
    Init.DEAD: [
        'nn.init.kaiming_normal_(weight, nonlinearity="relu", generator=generator)',
        "if layer < DEPTH - 1:",
        f"    bias.fill_({DEAD_BIAS})",
    ],
}


def depth_code(stack: Stack) -> str:
    """The same as a program, which prints the loss and the first and last layers' gradients.

    >>> exec(depth_code(Stack(3, Nonlinearity.RELU, Init.DEAD)))
    loss = 2.30...
    layer 1: 0.0
    layer 3: 0.0
    """
    init = "\n    ".join(_INIT_LINES[stack.init])
    return f"""\
import torch
import torch.nn.functional as F
from torch import nn

DEPTH = {stack.depth}
generator = torch.Generator().manual_seed(0)
hidden = torch.randn({BATCH}, {WIDTH}, generator=generator, dtype=torch.float64)
labels = torch.randint(0, {CLASSES}, ({BATCH},), generator=generator)
weights = []
for layer in range(DEPTH):
    weight = torch.empty({CLASSES} if layer == DEPTH - 1 else {WIDTH}, {WIDTH}, dtype=torch.float64)
    bias = torch.zeros(len(weight), dtype=torch.float64)
    {init}
    weights.append(weight.requires_grad_())
    hidden = F.linear(hidden, weight, bias)
    if layer < DEPTH - 1:
        hidden = torch.{stack.nonlinearity}(hidden)
loss = F.cross_entropy(hidden, labels)
loss.backward()
print("loss =", float(f"{{loss.item():.4g}}"))
for layer in (0, DEPTH - 1):
    print(f"layer {{layer + 1}}:", float(f"{{weights[layer].grad.norm().item():.4g}}"))"""


def printed(stack: Stack, measured: Measured) -> list[str]:
    """What the program prints.

    >>> printed(Stack(2), Measured(np.array([0.5, 1.0]), 2.25))
    ['loss = 2.25', 'layer 1: 0.5', 'layer 2: 1.0']
    """
    return [
        f"loss = {float(f'{measured.loss:.4g}')}",
        f"layer 1: {float(f'{measured.norms[0]:.4g}')}",
        f"layer {stack.depth}: {float(f'{measured.norms[-1]:.4g}')}",
    ]
