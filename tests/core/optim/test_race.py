"""Races and sweeps: the browser's equal the plain ones, and the committed file is what the script writes."""

from __future__ import annotations

import math
import random
from dataclasses import asdict, replace
from typing import Any

import pytest
import torch

from lib.core.optim.methods import OPTIONS, Method, settings
from lib.core.optim.noise import noise
from lib.core.optim.race import Course, ending, find_lowest, run
from lib.core.optim.schedules import ScheduleKind
from lib.core.optim.surfaces import SURFACES, SurfaceName, typed_surface
from lib.core.optim.sweep import RATES, Cell, as_kept, best, best_rate, committed, course_of, sweep
from tests.core.optim.browser import ask
from tests.core.optim.cases import by_torch


def plain(course: Course) -> dict[str, Any]:
    return {
        "tape": course.surface.function.to_list(),
        "noise": course.surface.noise,
        "start": course.start,
        "steps": course.steps,
        "schedule": course.schedule,
        "part": course.part,
        "seed": course.seed,
    }


@pytest.mark.parametrize("name", list(SurfaceName))
def test_the_browsers_race_is_the_same_to_the_last_bit(name: SurfaceName) -> None:
    chance = random.Random(name)
    surface = SURFACES[name]
    questions, ways = [], []
    for method in Method:
        for rate in (best_rate(name, method), 0.003, 8.0):
            start = (chance.uniform(-2, 2), chance.uniform(-2, 2))
            course = Course(surface, start, 120, seed=chance.randrange(10**6))
            window = {"x": surface.window.x, "y": surface.window.y, "half": surface.window.half}
            values = settings(method, lr=rate).to_dict()
            assert surface.lowest is not None
            questions.append(
                {
                    "task": "run",
                    "method": method,
                    "values": values,
                    "course": plain(course),
                    "lowest": surface.lowest,
                    "view": window,
                }
            )
            ways.append(run(settings(method, lr=rate), course, surface.lowest))
    for theirs, mine in zip(ask(questions), ways, strict=True):
        assert [tuple(point) for point in theirs["points"]] == mine.points
        assert theirs["values"] == mine.values
        assert (theirs["arrived"], theirs["overflow"]) == (mine.arrived, mine.overflow)
        assert theirs["ending"] == ending(mine, surface)


@pytest.mark.parametrize("kind", list(ScheduleKind))
def test_races_with_schedules_agree(kind: ScheduleKind) -> None:
    course = Course(SURFACES[SurfaceName.RAVINE], (-7.0, 3.0), 150, kind)
    asked = {"task": "run", "lowest": 0.0, "course": plain(course), "view": {"x": 0, "y": 0, "half": 6}}
    answers = ask([{**asked, "method": m, "values": settings(m, lr=0.05).to_dict()} for m in Method])
    for method, theirs in zip(Method, answers, strict=True):
        mine = run(settings(method, lr=0.05), course, 0.0)
        assert theirs["values"] == pytest.approx(mine.values, rel=1e-9, abs=1e-12)


def test_a_race_is_torchs() -> None:
    """The whole way, with the gradient from autograd and the steps from torch.optim."""
    for method in Method:
        chosen = settings(method, lr=0.01)
        x = torch.tensor(SURFACES[SurfaceName.HIMMELBLAU].start, dtype=torch.float64, requires_grad=True)
        course = replace(course_of(SURFACES[SurfaceName.HIMMELBLAU]), steps=80)
        way = run(chosen, course, 0.0)
        gradients = []
        for point in way.points[:-1]:
            x = torch.tensor(point, dtype=torch.float64, requires_grad=True)
            value = (x[0] ** 2 + x[1] - 11) ** 2 + (x[0] + x[1] ** 2 - 7) ** 2
            gradients.append(torch.autograd.grad(value, x)[0].tolist())
        torchs, _ = by_torch(chosen, way.points[0], gradients, [0.01] * len(gradients))
        for mine, theirs in zip(way.points[1:], torchs, strict=True):
            assert mine == pytest.approx(theirs, rel=1e-9, abs=1e-9)


def by_torchs_sgd(rate: float, momentum: float) -> tuple[float, float]:
    """Where 300 steps of torch.optim.SGD end on the surface with a shallow and a deep minimum."""
    point = torch.tensor(SURFACES[SurfaceName.SHALLOW].start, dtype=torch.float64, requires_grad=True)
    optimizer = torch.optim.SGD([point], lr=rate, momentum=momentum)
    for _ in range(300):
        optimizer.zero_grad()
        x, y = point
        (x**4 / 4 - 21 * x**2 / 8 - 5 * x / 2 + 3 * y**2).backward()
        optimizer.step()
    x, y = point.tolist()
    return x, y


def test_plain_sgd_stays_in_the_shallow_minimum_and_momentum_carries_past_it() -> None:
    surface = SURFACES[SurfaceName.SHALLOW]
    rate = best_rate(SurfaceName.SHALLOW, Method.SGD)
    assert by_torchs_sgd(rate, 0) == pytest.approx((-2, 0), abs=1e-6)
    value, slopes = surface.function.evaluate(-2, 0)
    assert slopes == pytest.approx((0, 0), abs=1e-12)
    assert surface.lowest is not None
    assert value > surface.lowest + 10
    assert all(cell.arrived is None for cell in committed()[SurfaceName.SHALLOW][Method.SGD])
    rate = best_rate(SurfaceName.SHALLOW, Method.MOMENTUM)
    assert by_torchs_sgd(rate, 0.9) == pytest.approx(surface.minima[0], abs=1e-6)
    assert committed()[SurfaceName.SHALLOW][Method.MOMENTUM][RATES.index(rate)].arrived is not None


def test_noise_is_the_same_everywhere_and_about_normal() -> None:
    cases = [(seed, step, axis) for seed in (0, 1, 7, 2**31 - 1) for step in range(1, 500) for axis in (0, 1)]
    mine = [noise(*case) for case in cases]
    answers = ask([{"task": "noise", "seed": a, "step": b, "axis": c} for a, b, c in cases])
    assert answers == mine
    mean = sum(mine) / len(mine)
    assert abs(mean) < 4 / math.sqrt(len(mine))
    assert abs(sum(v * v for v in mine) / len(mine) - 1) < 0.1
    assert len(set(mine)) == len(mine)


@pytest.mark.parametrize("name", list(SurfaceName))
def test_the_known_minima_are_minima(name: SurfaceName) -> None:
    surface = SURFACES[name]
    for at in surface.minima:
        value, slopes = surface.function.evaluate(*at)
        assert value == pytest.approx(surface.lowest, abs=1e-12)
        assert slopes == pytest.approx((0, 0), abs=1e-6)
    found = find_lowest(typed_surface(surface.text, 6.0))
    assert found is not None
    assert found.value == pytest.approx(surface.lowest, abs=1e-9)


@pytest.mark.parametrize(
    ("text", "at_edge"),
    [
        ("x**2 + y", True),
        ("sin(x)*y", True),
        ("1/(x - x)", None),
        ("sqrt(x**2 + y**2 - 2)", False),
        ("exp(x) + y**2", True),
        ("x**2", False),
        ("abs(y - 0.3)", False),
        ("(x*y)**2", False),
        ("sin(x)**2", False),
    ],
)
def test_the_lowest_value_of_a_typed_function_agrees_and_edges_are_told(
    text: str, at_edge: bool | None
) -> None:
    surface = typed_surface(text, 4.0)
    mine = find_lowest(surface)
    [theirs] = ask(
        [{"task": "lowest", "tape": surface.function.to_list(), "view": {"x": 0, "y": 0, "half": 4}}]
    )
    if mine is None:
        assert theirs is None
        assert at_edge is None
        return
    assert theirs["value"] == pytest.approx(mine.value, rel=1e-9, abs=1e-12)
    assert theirs["atEdge"] == mine.at_edge == at_edge


def test_the_committed_sweeps_are_what_the_script_computes() -> None:
    """A row a surface in Python, all of them in the browser's arithmetic."""
    assert set(committed()) == set(SurfaceName)
    for i, name in enumerate(SurfaceName):
        surface, method = SURFACES[name], list(Method)[i % len(Method)]
        assert surface.lowest is not None
        row = sweep(settings(method), course_of(surface), surface.lowest)
        kept = committed()[name][method]
        assert [as_kept(cell) for cell in row] == kept
        questions = [
            {
                "task": "sweep",
                "method": each,
                "values": settings(each).to_dict(),
                "rates": RATES,
                "course": plain(course_of(surface)),
                "lowest": surface.lowest,
                "view": asdict(surface.window),
            }
            for each in Method
        ]
        for each, answer in zip(Method, ask(questions), strict=True):
            kept = committed()[name][each]
            assert [as_kept(Cell(a, gap, bool(left))) for a, gap, left in answer["row"]] == kept
            assert RATES[int(answer["best"])] == best_rate(name, each) == RATES[best(kept)]


def test_every_method_is_swept_with_torchs_defaults() -> None:
    assert all(set(rows) == set(Method) == set(OPTIONS) for rows in committed().values())
