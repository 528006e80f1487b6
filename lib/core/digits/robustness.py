"""How much a digit may change before a network takes it for another one. Imports torch and torchvision."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from enum import StrEnum

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional as F

from lib.core.digits.classifier import Floats
from lib.core.digits.prepare import SIDE
from lib.core.torchvision_compat import import_transforms

CURVE_POINTS = 41
NOISE_SEED = 0


class Change(StrEnum):
    """A way to change a digit; the value is the field of :class:`Changes`."""

    SHIFT_X = "shift_x"
    SHIFT_Y = "shift_y"
    ROTATE = "rotate"
    SCALE = "scale"
    THICKEN = "thicken"
    NOISE = "noise"


@dataclass(frozen=True)
class Range:
    """Of a change: from ``low`` to ``high`` in steps; ``neutral`` leaves the digit as it is."""

    low: float
    high: float
    step: float
    neutral: float


RANGES: dict[Change, Range] = {
    Change.SHIFT_X: Range(-10, 10, 0.5, 0),
    Change.SHIFT_Y: Range(-10, 10, 0.5, 0),
    Change.ROTATE: Range(-90, 90, 1, 0),
    Change.SCALE: Range(0.4, 1.6, 0.05, 1),
    Change.THICKEN: Range(-1, 2, 0.1, 0),
    Change.NOISE: Range(0, 1, 0.02, 0),
}


@dataclass(frozen=True)
class Changes:
    """Pixels to the right and down, degrees clockwise, a factor, pixels of stroke, standard deviation of noise."""

    shift_x: float = 0.0
    shift_y: float = 0.0
    rotate: float = 0.0
    scale: float = 1.0
    thicken: float = 0.0
    noise: float = 0.0

    @property
    def is_neutral(self) -> bool:
        """Whether nothing changes.

        >>> Changes().is_neutral, Changes(noise=0.5).is_neutral
        (True, False)
        """
        return self == Changes()


@dataclass(frozen=True, eq=False)
class Curve:
    """Class probabilities (points, 10) over the values (points,) of one change, the others as they are."""

    change: Change
    values: NDArray[np.float64]
    probabilities: Floats


def change_digit(pixels: Floats, changes: Changes) -> Floats:
    """(784,) from 0 to 1 -> (784,): ``affine``, then stroke width, then ``gaussian_noise``.

    >>> digit = np.zeros(784, np.float32); digit[28 * 14 + 14] = 1
    >>> int(change_digit(digit, Changes(shift_x=3)).argmax()) - 28 * 14
    17
    """
    image = torch.from_numpy(pixels).view(1, 1, SIDE, SIDE)
    functional = import_transforms()
    if changes != replace(Changes(), thicken=changes.thicken, noise=changes.noise):
        image = functional.affine(
            image,
            angle=changes.rotate,
            translate=[changes.shift_x, changes.shift_y],
            scale=changes.scale,
            shear=[0.0, 0.0],
            interpolation=functional.InterpolationMode.BILINEAR,
        )
    image = _thicken(image, changes.thicken)
    if changes.noise:
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(NOISE_SEED)  # the same noise at every strength: the curve is smooth
            image = functional.gaussian_noise(image, sigma=changes.noise)
    return np.asarray(image.reshape(-1).numpy(), dtype=np.float32)


def _thicken(image: Tensor, amount: float) -> Tensor:
    """Each whole step takes the largest (below zero the smallest) of a pixel and its four neighbours."""
    sign = 1.0 if amount >= 0 else -1.0
    left = abs(amount)
    image = image * sign
    while left > 0:
        across = F.max_pool2d(image, (1, 3), stride=1, padding=(0, 1))
        down = F.max_pool2d(image, (3, 1), stride=1, padding=(1, 0))
        image = torch.lerp(image, torch.maximum(across, down), min(left, 1.0))
        left -= 1
    return image * sign


def curve_values(change: Change) -> NDArray[np.float64]:
    """The values at which a curve is measured: evenly spaced, its ends and the neutral value among them.

    >>> values = curve_values(Change.ROTATE)
    >>> float(values[0]), float(values[-1]), 0.0 in values
    (-90.0, 90.0, True)
    """
    span = RANGES[change]
    values = np.linspace(span.low, span.high, CURVE_POINTS)
    values[np.abs(values - span.neutral).argmin()] = span.neutral
    return values


@torch.inference_mode()
def probability_curve(model: nn.Sequential, pixels: Floats, changes: Changes, along: Change) -> Curve:
    """What the network says while one change runs through its range."""
    values = curve_values(along)
    images = [
        change_digit(pixels, replace(changes, **{along.value: float(round(value, 6))})) for value in values
    ]
    logits = model(torch.from_numpy(np.stack(images)))
    return Curve(along, values, logits.softmax(dim=1).numpy())


assert {field.name for field in fields(Changes)} == {change.value for change in Change}
