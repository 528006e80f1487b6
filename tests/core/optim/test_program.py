"""The program to take away prints the line on the screen; the formulas' numbers add up; a race's text is one text."""

from __future__ import annotations

import contextlib
import io
import math
import random
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings as budget
from hypothesis import strategies as st

from lib.core.optim.derivative import derivatives
from lib.core.optim.methods import OPTIONS, Method, settings
from lib.core.optim.race import Course
from lib.core.optim.racers import Race, RaceError, Racer, View, parse_race
from lib.core.optim.schedules import ScheduleKind
from lib.core.optim.surfaces import SURFACES, Surface, SurfaceName, typed_surface
from tests.core.optim.browser import ask
from tests.core.optim.cases import any_settings
from tests.core.optim.test_race import plain

TYPED = ("sin(3*x)*cos(2*y) + (x**2 + y**2)/10", "abs(x) + abs(y - 1) + tanh(x*y)", "exp(x) + e**y + pi*x")


def question(surface: Surface, method: Method, values: dict[str, float], course: Course, step: int) -> Any:
    return {
        "task": "program",
        "text": surface.function.text,
        "derivatives": derivatives(surface.function),
        "method": method,
        "values": values,
        "course": plain(course),
        "step": step,
    }


def cases() -> list[Any]:
    chance = random.Random(4)
    made = []
    surfaces = [*SURFACES.values(), *(typed_surface(text) for text in TYPED)]
    for surface in surfaces:
        for method in Method:
            flags = {n: float(chance.random() < 0.5) for n, o in OPTIONS[method].items() if o.is_flag}
            values = {**flags, "lr": chance.choice([0.001, 0.03]), "wd": chance.choice([0.0, 0.01])}
            values |= {"damp": 0.25} if method is Method.MOMENTUM and chance.random() < 0.5 else {}
            values |= (
                {"lr_decay": 0.1, "acc": 0.5} if method is Method.ADAGRAD and chance.random() < 0.5 else {}
            )
            values |= {"mu": 0.5} if method is Method.RMSPROP and chance.random() < 0.5 else {}
            course = Course(
                surface, surface.start, 60, chance.choice(list(ScheduleKind)), seed=chance.randrange(99)
            )
            step = chance.choice([0, 1, 2, 17, 60])
            made.append(question(surface, method, settings(method, values).to_dict(), course, step))
    # Ways that fly off: the program says at which step.
    for name in SurfaceName:
        course = Course(SURFACES[name], SURFACES[name].start, 300)
        made += [question(SURFACES[name], m, settings(m, lr=60).to_dict(), course, 300) for m in Method]
    return made


def printed(code: str) -> str:
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        exec(code, {})  # noqa: S102
    return out.getvalue().strip()


def test_the_program_prints_the_line_on_the_screen() -> None:
    asked = cases()
    answers = ask(asked)
    for said, answer in zip(asked, answers, strict=True):
        assert printed(answer["code"]) == answer["line"], (said, answer["code"])
    assert any("not a finite number" in answer["line"] for answer in answers)
    assert sum("x = " in answer["line"] for answer in answers) > len(answers) / 2


def read(text: str) -> float:
    """A shown number's value: "−1.2·10⁻⁵" is -1.2e-5."""
    digits = {ord(raised): str(i) for i, raised in enumerate("⁰¹²³⁴⁵⁶⁷⁸⁹")}
    powers = re.sub(r"·10(⁻?)([⁰¹²³⁴-⁹]+)", lambda m: f"e{'-' if m[1] else ''}{m[2].translate(digits)}", text)
    return float(powers.replace("−", "-").replace("∞", "inf"))


def test_the_numbers_in_the_formulas_are_what_they_say() -> None:
    """Each line's right side is its left side, within what four digits allow."""
    checked = 0
    for answer in ask(cases()):
        for line in answer["rule"]:
            for numbers in line["numbers"]:
                left, equals, right = numbers.rpartition(" = ")
                if not equals:
                    continue
                parts = [abs(read(part)) for part in re.findall(r"−?\d[\d.]*(?:·10⁻?[⁰¹²³⁴-⁹]+)?", left)]
                formula = re.sub(r"−?\d[\d.]*(?:·10⁻?[⁰¹²³⁴-⁹]+)?", lambda m: repr(read(m[0])), left)
                formula = formula.replace("²", "**2").replace("×", "*").replace("−", "-")
                formula = re.sub(r"√([\d.e-]+)", r"sqrt(\1)", formula).replace("√(", "sqrt(")
                if not math.isfinite(read(right)) or "∞" in left or "nan" in left:
                    continue
                value = eval(formula, {"sqrt": math.sqrt, "max": max})  # noqa: S307
                slack = 2e-3 * max([abs(value), *(part for part in parts if part < 1e6), 1e-9])
                slack += 1e-2 * abs(value) if "/" in left else 0
                assert abs(value - read(right)) <= slack, (numbers, formula)
                checked += 1
    assert checked > 500


def test_numbers_are_written_as_python_writes_them() -> None:
    chance = random.Random(6)
    values = [chance.uniform(-1, 1) * 10.0 ** chance.randrange(-12, 12) for _ in range(500)]
    values += [180.3125, 180.3135, 0.5, 2.5e-5, 1234565.0, 999999.5, 9.9999995, 1e5, 1e6, -0.0001, 1e300, 0.0]
    values += [chance.randrange(10**8) / 2**k for k in range(30)]
    [answer] = ask([{"task": "general", "values": values}])
    assert answer == [f"{value:.6g}" for value in values]


racers = st.sampled_from(list(Method)).flatmap(
    lambda method: any_settings(method).map(
        lambda chosen: Racer(
            method,
            tuple((n, float(f"{v:.12g}")) for n, v in list(chosen.to_dict().items())[: hash(chosen) % 4]),
        )
    )
)
races = st.builds(
    Race,
    racers=st.lists(racers, min_size=1, max_size=7, unique_by=lambda racer: racer.method).map(tuple),
    start=st.none() | st.tuples(*2 * [st.floats(-1000, 1000).map(lambda v: float(f"{v:.12g}"))]),
    steps=st.integers(10, 2000),
    schedule=st.sampled_from(list(ScheduleKind)),
    turn=st.floats(0.01, 0.99).map(lambda v: float(f"{v:.12g}")),
    seed=st.integers(0, 999_999),
    focus=st.none() | st.sampled_from(list(Method)),
    step=st.none() | st.integers(0, 2000),
    view=st.sampled_from(list(View)),
)


@given(race=races)
@budget(max_examples=200, deadline=None)
def test_a_race_comes_back_from_its_text(race: Race) -> None:
    assert parse_race(race.text) == race


def test_the_browser_writes_what_the_server_reads() -> None:
    chance = random.Random(2)
    all_races = [
        Race(),
        Race(racers=(Racer(Method.ADAM, (("lr", 0.1), ("amsgrad", 1.0))),), start=(-1.5, 2.0), step=7),
        Race(steps=500, schedule=ScheduleKind.COSINE, focus=Method.SGD, view=View.SOLID),
    ]
    for _ in range(40):
        methods = chance.sample(list(Method), chance.randrange(1, 8))
        all_races.append(
            Race(
                racers=tuple(Racer(m, (("lr", float(f"{chance.uniform(1e-9, 2):.12g}")),)) for m in methods),
                turn=float(f"{chance.uniform(0.01, 0.99):.12g}"),
                seed=chance.randrange(999_999),
            )
        )
    asked = [{"task": "text", "race": race.to_dict(), "usual": Race().to_dict()} for race in all_races]
    for race, text in zip(all_races, ask(asked), strict=True):
        assert parse_race(text) == race


@pytest.mark.parametrize(
    "text",
    [
        "Adamantium",
        "Adam:lr=x",
        "Adam:lr=-1",
        "Adam:lr=nan",
        "SGD:mu=0.9",
        "start=1",
        "start=a,b",
        "start=1e9,0",
        "steps=5",
        "steps=1e2",
        "turn=1",
        "sched=cosinus",
        "seed=-1",
        "t=9999999999",
        "view=4d",
        "focus=adam",
        "Adam:amsgrad=0.5",
        "Adam:lr",
    ],
)
def test_texts_that_mean_no_race_are_refused(text: str) -> None:
    with pytest.raises(RaceError):
        parse_race(text)
