"""Why a network says what it says of one image: activations, and logits as sums. Imports torch.

The last layer is a sum: each logit is its bias plus, for each unit below, activation times weight. A ReLU
network is one linear map wherever no unit switches on or off, so that each logit is also a constant plus, for
each pixel, brightness times slope: exactly, not nearly. With other activations the slope holds only for tiny
changes, and pixel times slope does not add up to the logit.
"""

from __future__ import annotations

import copy
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from lib.core.digits.classifier import Floats
from lib.core.digits.prepare import SIDE

Doubles = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Inside:
    """One image's way through a network with H numbers before its last layer (784 in an MLP without hidden ones).

    ``layers`` are the hidden layers' activations, first to last. ``unit_terms`` (10, H) are weight times
    activation, ``bias`` (10,): each row and its bias sum to ``logits`` (10,). ``slopes`` (10, 784) is the
    logits' derivative by the pixels, ``pixel_terms`` (10, 784) = slopes * pixels, and ``pixel_constant`` (10,)
    what they lack of the logit. ``is_exact`` says that the network is linear around this image. ``units`` are
    the last hidden layer's most active ones, most active first; none in a network without hidden layers, or
    with convolutions, whose ``layers`` are none, too: their maps are worth another picture.
    """

    logits: Doubles
    layers: tuple[Doubles, ...]
    bias: Doubles
    unit_terms: Doubles
    slopes: Doubles
    pixel_terms: Doubles
    pixel_constant: Doubles
    is_exact: bool
    units: tuple[UnitView, ...]
    derivatives: tuple[Doubles, ...] = ()
    """Of each hidden layer's activation function at its sums, first to last; none with convolutions."""


@dataclass(frozen=True, eq=False)
class UnitView:
    """A unit of the last hidden layer: the slope of its sum by each pixel (784,), and the sum's constant part.

    In a network with one hidden layer these are the unit's own weights and bias. ``total`` is the sum before
    the activation function, ``value`` after it.
    """

    unit: int
    slope: Doubles
    constant: float
    total: float
    value: float


@dataclass(frozen=True, eq=False)
class _Pass:
    """Inputs of each linear layer, its sums, and the activations' derivatives at them."""

    linears: tuple[nn.Linear, ...]
    inputs: tuple[Tensor, ...]
    sums: tuple[Tensor, ...]
    derivatives: tuple[Tensor, ...]
    is_exact: bool


def _run(model: nn.Sequential, pixels: Floats) -> _Pass:
    """Forward in double precision: what is shown as a sum has to add up."""
    linears, inputs, sums, derivatives = [], [], [], []
    is_exact = True
    values = torch.from_numpy(pixels).double()
    for module in model:
        if isinstance(module, nn.Linear):
            linears.append(module)
            inputs.append(values)
            values = values @ module.weight.double().T + module.bias.double()
            sums.append(values)
        elif not isinstance(module, nn.Flatten):
            is_exact = is_exact and isinstance(module, nn.ReLU)
            with torch.enable_grad():
                at = values.clone().requires_grad_()
                (slope,) = torch.autograd.grad(module(at).sum(), at)
            derivatives.append(slope)
            values = module(values)
    return _Pass(tuple(linears), tuple(inputs), tuple(sums), tuple(derivatives), is_exact)


def _slopes(run: _Pass, rows: Tensor, layer: int) -> Tensor:
    """Derivatives (k, 784) by the pixels of ``rows`` (k, units) times the sums of a layer."""
    slopes = rows @ run.linears[layer].weight.double()
    for below in range(layer - 1, -1, -1):
        slopes = (slopes * run.derivatives[below]) @ run.linears[below].weight.double()
    return slopes


def look_inside(model: nn.Sequential, pixels: Floats, units: int = 32) -> Inside:
    """(784,) pixels from 0 to 1 -> all that is worth seeing, with the ``units`` most active units.

    >>> from lib.core.digits.classifier import load_classifier
    >>> from lib.core.training.bundled import bundled
    >>> model = load_classifier(bundled().config, bundled().weights)
    >>> inside = look_inside(model, np.full(784, 0.1, np.float32))
    >>> np.allclose(inside.unit_terms.sum(axis=1) + inside.bias, inside.logits)
    True
    >>> np.allclose(inside.pixel_terms.sum(axis=1) + inside.pixel_constant, inside.logits)
    True
    """
    if any(isinstance(module, nn.Conv2d) for module in model):
        return _inside_of_maps(model, pixels)
    run = _run(model, pixels)
    last = run.linears[-1]
    logits = run.sums[-1]
    slopes = _slopes(run, torch.eye(len(logits), dtype=torch.float64), len(run.linears) - 1)
    pixel_terms = slopes * run.inputs[0]
    return Inside(
        logits=logits.numpy(),
        layers=tuple(values.numpy() for values in run.inputs[1:]),
        bias=last.bias.double().numpy(),
        unit_terms=(last.weight.double() * run.inputs[-1]).numpy(),
        slopes=slopes.numpy(),
        pixel_terms=pixel_terms.numpy(),
        pixel_constant=(logits - pixel_terms.sum(dim=1)).numpy(),
        is_exact=run.is_exact,
        units=tuple(_most_active(run, units)),
        derivatives=tuple(values.numpy() for values in run.derivatives),
    )


_EXACT = (
    nn.Conv2d,
    nn.BatchNorm2d,  # in eval(), as all networks here: a scale and a shift
    nn.ReLU,
    nn.MaxPool2d,
    nn.AvgPool2d,
    nn.Flatten,
    nn.Linear,
)


def _inside_of_maps(model: nn.Sequential, pixels: Floats) -> Inside:
    """The same of a network with convolutions: a maximum, like a ReLU, is linear wherever no winner changes."""
    doubled = copy.deepcopy(model).double().eval()
    last = doubled[-1]
    assert isinstance(last, nn.Linear)
    with torch.enable_grad():
        at = torch.from_numpy(pixels).double().view(1, 1, SIDE, SIDE).requires_grad_()
        features = at
        for module in list(doubled)[:-1]:
            features = module(features)
        logits = last(features)[0]
        slopes = torch.stack(
            [torch.autograd.grad(logit, at, retain_graph=True)[0].flatten() for logit in logits]
        )
    logits, features, flat = logits.detach(), features.detach()[0], at.detach().flatten()
    pixel_terms = slopes * flat
    return Inside(
        logits=logits.numpy(),
        layers=(),
        bias=last.bias.detach().numpy(),
        unit_terms=(last.weight.detach() * features).numpy(),
        slopes=slopes.numpy(),
        pixel_terms=pixel_terms.numpy(),
        pixel_constant=(logits - pixel_terms.sum(dim=1)).numpy(),
        is_exact=all(isinstance(module, _EXACT) for module in doubled),
        units=(),
    )


def _most_active(run: _Pass, count: int) -> list[UnitView]:
    if len(run.linears) < 2:
        return []
    values, totals = run.inputs[-1], run.sums[-2]
    chosen = values.abs().argsort(descending=True, stable=True)[:count]
    rows = torch.nn.functional.one_hot(chosen, len(values)).double()
    slopes = _slopes(run, rows, len(run.linears) - 2)
    constants = totals[chosen] - slopes @ run.inputs[0]
    return [
        UnitView(int(unit), slope.numpy(), float(constant), float(totals[unit]), float(values[unit]))
        for unit, slope, constant in zip(chosen, slopes, constants, strict=True)
    ]
