"""A race: from one start, each optimizer goes its way down, and the first to come and stay has won."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from enum import StrEnum

from lib.core.optim.methods import Settings
from lib.core.optim.noise import noise
from lib.core.optim.rules import Optimizer
from lib.core.optim.schedules import Schedule, ScheduleKind
from lib.core.optim.surfaces import ASPECT, Surface

ARRIVED = 1e-3
"""Who has come down all but this part of the way from the start's value to the lowest one has arrived."""
DEFAULT_STEPS = 300
MIN_STEPS, MAX_STEPS = 10, 2000
GRID_ROWS, GRID_COLUMNS = 121, 161
"""Where a typed function's lowest value is looked for."""
_HALVINGS = 60


class Ending(StrEnum):
    """How a way ended."""

    ARRIVED = "arrived"
    GOING = "going"
    OUTSIDE = "outside"
    OVERFLOW = "overflow"


@dataclass(frozen=True)
class Way:
    """Where an optimizer went: points and values at steps 0, 1, ...; gradients as the optimizer got them.

    ``arrived`` is the first step from which on it stays within reach of the lowest value, None where it never
    does. A way ends early where a number stopped being finite: ``overflow`` is that step.
    """

    points: list[tuple[float, float]] = field(repr=False)
    values: list[float] = field(repr=False)
    arrived: int | None
    overflow: int | None


@dataclass(frozen=True)
class Course:
    """What all racers share: surface, start, steps, schedule, and the seed of the noise."""

    surface: Surface
    start: tuple[float, float]
    steps: int = DEFAULT_STEPS
    schedule: ScheduleKind = ScheduleKind.CONSTANT
    part: float = 0.3
    seed: int = 0

    def gradient(self, x: float, y: float, step: int) -> list[float]:
        """What the optimizer sees at a step, counted from 1: the gradient, with the noise of that step."""
        dx, dy = self.surface.function.gradient(x, y)
        sigma = self.surface.noise
        if sigma:
            dx += sigma * noise(self.seed, step, 0)
            dy += sigma * noise(self.seed, step, 1)
        return [dx, dy]


def reach(course: Course, lowest: float) -> float:
    """The value at or below which a ball has arrived.

    >>> from lib.core.optim.surfaces import SURFACES, SurfaceName
    >>> round(reach(Course(SURFACES[SurfaceName.BOWL], (4.0, -0.5)), 0.0), 6)
    0.009
    """
    return lowest + ARRIVED * (course.surface.function(*course.start) - lowest)


def run(settings: Settings, course: Course, lowest: float) -> Way:
    """Let one optimizer go.

    >>> from lib.core.optim.methods import Method, settings
    >>> from lib.core.optim.surfaces import SURFACES, SurfaceName
    >>> bowl = Course(SURFACES[SurfaceName.BOWL], (3.0, 1.0))
    >>> run(settings(Method.SGD, lr=0.1), bowl, 0.0).arrived, run(settings(Method.SGD, lr=9), bowl, 0.0).overflow
    (16, 125)
    """
    optimizer = Optimizer(settings, 2)
    schedule = Schedule(course.schedule, course.steps, course.part)
    function, base = course.surface.function, settings["lr"]
    point = [float(course.start[0]), float(course.start[1])]
    points, values = [(point[0], point[1])], [function(*point)]
    overflow: int | None = None
    for step in range(1, course.steps + 1):
        gradient = course.gradient(point[0], point[1], step)
        point = optimizer.step(point, gradient, base * schedule.factor(step - 1))
        value = function(*point)
        if not all(map(math.isfinite, (*point, value))):
            overflow = step
            break
        points.append((point[0], point[1]))
        values.append(value)
    return Way(points, values, _arrival(values, reach(course, lowest), overflow), overflow)


def _arrival(values: list[float], enough: float, overflow: int | None) -> int | None:
    if overflow is not None:
        return None
    for step in range(len(values) - 1, -1, -1):
        if not values[step] <= enough:
            return step + 1 if step + 1 < len(values) else None
    return 0


def ending(way: Way, surface: Surface) -> Ending:
    """How it ended.

    >>> from lib.core.optim.surfaces import SURFACES, SurfaceName
    >>> ending(Way([(99.0, 0.0)], [9801.0], None, None), SURFACES[SurfaceName.BOWL]).value
    'outside'
    """
    if way.overflow is not None:
        return Ending.OVERFLOW
    if way.arrived is not None:
        return Ending.ARRIVED
    return Ending.GOING if is_inside(surface, way.points[-1]) else Ending.OUTSIDE


def is_inside(surface: Surface, point: tuple[float, float]) -> bool:
    """Whether the surface's picture shows the point.

    >>> from lib.core.optim.surfaces import SURFACES, SurfaceName
    >>> is_inside(SURFACES[SurfaceName.BOWL], (4.0, 3.0)), is_inside(SURFACES[SurfaceName.BOWL], (0.0, 3.1))
    (True, False)
    """
    window = surface.window
    return abs(point[1] - window.y) <= window.half and abs(point[0] - window.x) <= window.half * ASPECT


@dataclass(frozen=True)
class Lowest:
    """The lowest value in a surface's window, and where; ``at_edge`` where it goes on falling outside."""

    value: float
    point: tuple[float, float]
    at_edge: bool


def find_lowest(surface: Surface) -> Lowest | None:
    """Search the window on a grid, then around the best point in ever smaller steps.

    Of several places that are as low, as along a valley, the one nearest to the middle. None where the function has no
    finite value there.

    >>> from lib.core.optim.surfaces import typed_surface
    >>> found = find_lowest(typed_surface("(x - 1)**2 + (y + 0.3)**2"))
    >>> round(found.value, 9), [round(v, 4) for v in found.point], found.at_edge
    (0.0, [1.0, -0.3], False)
    """
    if surface.lowest is not None:
        return Lowest(surface.lowest, surface.minima[0], False)
    function, window = surface.function, surface.window
    half_x, half_y = window.half * ASPECT, window.half
    step = 2 * half_y / (GRID_ROWS - 1)
    best, nearest, at = math.inf, math.inf, None
    for row in range(GRID_ROWS):
        for column in range(GRID_COLUMNS):
            x = window.x - half_x + 2 * half_x * column / (GRID_COLUMNS - 1)
            y = window.y - half_y + 2 * half_y * row / (GRID_ROWS - 1)
            value, away = function(x, y), abs(x - window.x) + abs(y - window.y)
            if math.isfinite(value) and (value, away) < (best, nearest):
                best, nearest, at = value, away, (x, y)
    if at is None:
        return None
    for _ in range(_HALVINGS):
        around = [(at[0] + dx * step, at[1] + dy * step) for dx in (-1, 0, 1) for dy in (-1, 0, 1)]
        inside = [(x, y) for x, y in around if abs(x - window.x) <= half_x and abs(y - window.y) <= half_y]
        values = [function(x, y) for x, y in inside]
        lower = min((v for v in values if math.isfinite(v)), default=best)
        if lower < best:
            best, at = lower, inside[values.index(lower)]
        else:
            step /= 2
    margin = 1e-6 * window.half
    at_edge = abs(at[0] - window.x) >= half_x - margin or abs(at[1] - window.y) >= half_y - margin
    return Lowest(best, at, at_edge)
