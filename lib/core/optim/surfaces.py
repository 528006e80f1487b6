"""The surfaces that optimizers race on."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from lib.core.optim.expression import Expression, parse

ASPECT = 4 / 3
"""Width of a picture over its height. Both axes have one scale, so that gradients cross contours at right angles."""
NOISE = 1.0
"""Standard deviation of the noise on each part of the noisy surface's gradient."""


class SurfaceName(StrEnum):
    """The values stand in addresses."""

    BOWL = "bowl"
    RAVINE = "ravine"
    ROSENBROCK = "rosenbrock"
    BEALE = "beale"
    SADDLE = "saddle"
    HIMMELBLAU = "himmelblau"
    NOISY = "noisy"
    SHALLOW = "shallow"


@dataclass(frozen=True)
class Window:
    """What of the plane is shown: its centre and half its height."""

    x: float
    y: float
    half: float


@dataclass(frozen=True)
class Surface:
    """A function with its picture, where balls start, and its lowest value (None: to be searched in the window).

    ``noise`` is the standard deviation of what is added to each part of the gradient.
    """

    text: str
    window: Window
    start: tuple[float, float]
    lowest: float | None
    minima: tuple[tuple[float, float], ...] = ()
    noise: float = 0.0

    @property
    def function(self) -> Expression:
        """Parsed. Raises: ExpressionError."""
        return _parsed(self.text)


@lru_cache(maxsize=256)
def _parsed(text: str) -> Expression:
    return parse(text)


SURFACES: dict[SurfaceName, Surface] = {
    SurfaceName.BOWL: Surface("(x - 1)**2 + (y + 0.5)**2", Window(0, 0, 3), (-3.2, 2.2), 0.0, ((1.0, -0.5),)),
    SurfaceName.RAVINE: Surface("(x - 3)**2/20 + y**2", Window(0, 0, 6), (-7.0, 3.0), 0.0, ((3.0, 0.0),)),
    SurfaceName.ROSENBROCK: Surface(
        "(1 - x)**2 + 100*(y - x**2)**2", Window(0, 1, 2), (-1.5, 2.0), 0.0, ((1.0, 1.0),)
    ),
    SurfaceName.BEALE: Surface(
        "(1.5 - x + x*y)**2 + (2.25 - x + x*y**2)**2 + (2.625 - x + x*y**3)**2",
        Window(0.6, 0, 3.3),
        (0.6, 2.2),
        0.0,
        ((3.0, 0.5),),
    ),
    SurfaceName.SADDLE: Surface(
        "x**2 - y**2 + y**4/4", Window(0, 0, 2.4), (2.4, 0.02), -1.0, ((0.0, 2**0.5), (0.0, -(2**0.5)))
    ),
    SurfaceName.HIMMELBLAU: Surface(
        "(x**2 + y - 11)**2 + (x + y**2 - 7)**2",
        Window(0, 0, 5.2),
        (-0.5, -1.0),
        0.0,
        (
            (3.0, 2.0),
            (-2.805118086952745, 3.131312518250573),
            (-3.779310253377747, -3.283185991286170),
            (3.584428340330492, -1.848126526964404),
        ),
    ),
    SurfaceName.NOISY: Surface(
        "(x - 3)**2/20 + y**2", Window(0, 0, 6), (-7.0, 3.0), 0.0, ((3.0, 0.0),), noise=NOISE
    ),
    # Its slope along x is (x + 2)(x + 0.5)(x - 2.5): a shallow minimum, a ridge, a deep one.
    SurfaceName.SHALLOW: Surface(
        "x**4/4 - 21*x**2/8 - 5*x/2 + 3*y**2", Window(0.3, 0, 2.8), (-2.85, 1.0), -12.890625, ((2.5, 0.0),)
    ),
}

MAX_WINDOW, MIN_WINDOW = 100.0, 0.1


def typed_surface(text: str, half: float = 4.0) -> Surface:
    """A learner's function, shown around the origin; the start is up left, where there is room to go.

    >>> typed_surface("sin(x) + y**2", 3.0).start
    (-3.0, 2.0)

    Raises: ExpressionError.
    """
    function = parse(text)
    return Surface(function.text, Window(0, 0, half), (-half, half * 2 / 3), None)
