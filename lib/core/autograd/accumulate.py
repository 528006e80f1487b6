"""Gradient accumulation: a batch in k parts against the whole batch at once, measured in torch.

Imports torch when it computes, not before.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from lib.core.autograd.numbers import SHORT, written
from lib.core.autograd.values import Array

SAMPLES, FEATURES, HIDDEN = 12, 3, 4
PARTS = (1, 2, 3, 4, 6)
_UNEQUAL = {1: (12,), 2: (9, 3), 3: (7, 4, 1), 4: (6, 3, 2, 1), 6: (5, 2, 2, 1, 1, 1)}


@dataclass(frozen=True)
class Accumulation:
    """``parts`` minibatches one after the other; ``unequal`` sizes; a network with batch norm; loss divided by k."""

    parts: int = 3
    unequal: bool = False
    batch_norm: bool = False
    divide: bool = True

    def __post_init__(self) -> None:
        if self.parts not in PARTS:
            raise ValueError(f"{self.parts} parts: {PARTS}")

    @property
    def sizes(self) -> tuple[int, ...]:
        """Samples of each part.

        >>> Accumulation(3).sizes, Accumulation(3, unequal=True).sizes
        ((4, 4, 4), (7, 4, 1))
        """
        return _UNEQUAL[self.parts] if self.unequal else (SAMPLES // self.parts,) * self.parts

    @property
    def is_faithful(self) -> bool:
        """Whether the accumulated gradient is the whole batch's."""
        if self.parts == 1:
            return True
        return self.divide and not self.batch_norm and not self.unequal


@dataclass(frozen=True, eq=False)
class Accumulated:
    """Gradients of the last layer's (HIDDEN,) weights, and how far apart all parameters' gradients are (a share)."""

    whole: Array
    summed: Array
    difference: float


def accumulate(settings: Accumulation) -> Accumulated:
    """Both ways, by torch.

    >>> accumulate(Accumulation(3)).difference < 1e-12
    True
    """
    import torch
    import torch.nn.functional as F
    from torch import nn

    generator = torch.Generator().manual_seed(0)
    x = torch.randn(SAMPLES, FEATURES, generator=generator, dtype=torch.float64)
    y = torch.randn(SAMPLES, 1, generator=generator, dtype=torch.float64)
    norm = [nn.BatchNorm1d(HIDDEN)] if settings.batch_norm else []
    layers = [nn.Linear(FEATURES, HIDDEN), *norm, nn.Tanh(), nn.Linear(HIDDEN, 1)]
    model = nn.Sequential(*layers).double()
    # One sample has no variance: a part of one takes batch norm's running statistics.
    with torch.no_grad():
        for layer in (layers[0], layers[-1]):
            for parameter in layer.parameters():
                parameter.copy_(torch.randn(parameter.shape, generator=generator, dtype=torch.float64) / 2)

    def gradient(sizes: tuple[int, ...], scale: float) -> list[torch.Tensor]:
        model.zero_grad()
        pairs = zip(torch.split(x, list(sizes)), torch.split(y, list(sizes)), strict=True)
        for part_x, part_y in pairs:
            model.train(len(part_x) > 1)
            loss = F.mse_loss(model(part_x), part_y)
            (loss * scale).backward()  # type: ignore[no-untyped-call]
        return [parameter.grad.clone() for parameter in model.parameters() if parameter.grad is not None]

    whole = gradient((SAMPLES,), 1.0)
    summed = gradient(settings.sizes, 1 / settings.parts if settings.divide else 1.0)
    ours, theirs = (torch.cat([grad.reshape(-1) for grad in grads]) for grads in (summed, whole))
    difference = float((ours - theirs).norm() / theirs.norm())
    return Accumulated(whole[-2][0].numpy(), summed[-2][0].numpy(), difference)


def accumulation_code(settings: Accumulation) -> str:
    """The same as a program.

    >>> exec(accumulation_code(Accumulation(2)))
    whole batch: ...
    in 2 parts:  ...
    difference:  0.0 %
    """
    scale = f" / {settings.parts}" if settings.divide else ""
    norm = f"nn.BatchNorm1d({HIDDEN}), " if settings.batch_norm else ""
    return f"""\
import torch
import torch.nn.functional as F
from torch import nn


{SHORT}

generator = torch.Generator().manual_seed(0)
x = torch.randn({SAMPLES}, {FEATURES}, generator=generator, dtype=torch.float64)
y = torch.randn({SAMPLES}, 1, generator=generator, dtype=torch.float64)
model = nn.Sequential(nn.Linear({FEATURES}, {HIDDEN}), {norm}nn.Tanh(), nn.Linear({HIDDEN}, 1)).double()
with torch.no_grad():
    for layer in (model[0], model[-1]):
        for p in layer.parameters():
            p.copy_(torch.randn(p.shape, generator=generator, dtype=torch.float64) / 2)


def gradient(sizes, divide_by):
    model.zero_grad()
    for part_x, part_y in zip(x.split(sizes), y.split(sizes)):
        model.train(len(part_x) > 1)  # batch norm cannot take the variance of one sample
        loss = F.mse_loss(model(part_x), part_y)
        (loss / divide_by).backward()  # added to .grad
    return [p.grad.clone() for p in model.parameters()]


whole = gradient([{SAMPLES}], 1)
parts = gradient({list(settings.sizes)}, {settings.parts if scale else 1})
a, b = (torch.cat([g.reshape(-1) for g in grads]) for grads in (parts, whole))
print("whole batch:", short(whole[-2][0].tolist()))
print("in {settings.parts} parts: ", short(parts[-2][0].tolist()))
print(f"difference:  {{100 * ((a - b).norm() / b.norm()).item():.1f}} %")"""


def printed(settings: Accumulation, result: Accumulated) -> list[str]:
    """What the program prints.

    >>> len(printed(Accumulation(), accumulate(Accumulation())))
    3
    """
    return [
        f"whole batch: {written(np.asarray(result.whole))}",
        f"in {settings.parts} parts:  {written(np.asarray(result.summed))}",
        f"difference:  {100 * result.difference:.1f} %",
    ]
