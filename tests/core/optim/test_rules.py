"""The plain rules against torch.optim in float64, and the browser's against the plain ones."""

from __future__ import annotations

import math
import random

import pytest
import torch
from hypothesis import HealthCheck, assume, given
from hypothesis import settings as budget
from hypothesis import strategies as st

from lib.core.optim.methods import OPTIONS, Method, SettingError, Settings, settings
from lib.core.optim.rules import Optimizer
from tests.core.optim.browser import ask
from tests.core.optim.cases import any_settings, assert_close, by_torch, gradients, numbers

STATE = {
    Method.MOMENTUM: {"v": "momentum_buffer"},
    Method.NESTEROV: {"v": "momentum_buffer"},
    Method.ADAGRAD: {"s": "sum"},
    Method.RMSPROP: {"s": "square_avg", "a": "grad_avg", "b": "momentum_buffer"},
    Method.ADAM: {"m": "exp_avg", "v": "exp_avg_sq", "top": "max_exp_avg_sq"},
    Method.ADAMW: {"m": "exp_avg", "v": "exp_avg_sq", "top": "max_exp_avg_sq"},
}
"""What torch calls the numbers that a step shows."""


def ours(
    chosen: Settings, start: list[float], given: list[list[float] | None], rates: list[float]
) -> tuple[list[list[float]], Optimizer]:
    optimizer, point, points = Optimizer(chosen, len(start)), start, []
    for gradient, rate in zip(given, rates, strict=True):
        point = optimizer.step(point, gradient, rate)
        points.append(point)
    return points, optimizer


def same(a: float, b: float) -> bool:
    return a == b or (math.isnan(a) and math.isnan(b))


def optimizer_cancels(
    chosen: Settings, start: list[float], given: list[list[float] | None], rates: list[float]
) -> bool:
    optimizer, point = Optimizer(chosen, len(start)), start
    for gradient, rate in zip(given, rates, strict=True):
        point = optimizer.step(point, gradient, rate)
        if any("spread" in axis and abs(axis["spread"]) <= 1e-5 * axis["s"] for axis in optimizer.last):
            return True
    return False


@pytest.mark.parametrize("method", list(Method))
@given(data=st.data())
@budget(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.filter_too_much])
def test_every_option_is_torchs(method: Method, data: st.DataObject) -> None:
    chosen = data.draw(any_settings(method))
    start = data.draw(st.lists(numbers, min_size=3, max_size=3))
    given_gradients = data.draw(gradients)
    schedule = data.draw(st.lists(st.floats(0.05, 1.0), min_size=12, max_size=12))
    rates = [chosen["lr"] * part for part in schedule[: len(given_gradients)]]
    points, optimizer = ours(chosen, start, given_gradients, rates)
    # Where the centred square is a difference of equal numbers, its last bits decide, in torch too.
    assume(not optimizer_cancels(chosen, start, given_gradients, rates))
    torchs, state = by_torch(chosen, start, given_gradients, rates)
    for mine, theirs in zip(points, torchs, strict=True):
        assert_close(mine, theirs)
    for name, key in STATE.get(method, {}).items():
        if name in optimizer.last[0] and key in state:
            assert_close([axis[name] for axis in optimizer.last], state[key].tolist())


def test_without_a_memory_a_tiny_gradient_after_a_large_one_counts() -> None:
    chosen = settings(Method.ADAM, lr=1.0, b1=0.0, b2=0.0, eps=0.0, wd=1e-54, correct=0)
    given_gradients: list[list[float] | None] = [[1.0], [0.0]]
    mine, _ = ours(chosen, [0.0], given_gradients, [1.0, 1.0])
    assert mine == by_torch(chosen, [0.0], given_gradients, [1.0, 1.0])[0] == [[-1.0], [0.0]]


@pytest.mark.parametrize("method", list(Method))
def test_defaults_are_torchs(method: Method) -> None:
    names = {Method.MOMENTUM: "SGD", Method.NESTEROV: "SGD"}
    made = getattr(torch.optim, names.get(method, method))([torch.zeros(2, requires_grad=True)])
    for option in OPTIONS[method].values():
        if not option.torch or (option.name == "mu" and method is not Method.RMSPROP):
            continue  # what torch does not have, and momentum, where its default is none at all
        name, _, place = option.torch.partition("[")
        theirs = made.defaults[name]
        assert option.default == (theirs[int(place[0])] if place else theirs), option


def test_the_browser_computes_the_same_numbers_to_the_last_bit() -> None:
    chance = random.Random(0)
    questions, answers = [], []
    for method in Method:
        for _ in range(40):
            values = {
                name: float(chance.random() < 0.5)
                if option.is_flag
                else chance.choice([option.default, chance.uniform(option.low, min(option.high, 1))])
                for name, option in OPTIONS[method].items()
            }
            chosen = settings(method, values)
            start = [chance.uniform(-3, 3) for _ in range(2)]
            given = [
                None
                if chance.random() < 0.1
                else [chance.gauss(0, 2), chance.choice([0.0, chance.gauss(0, 1)])]
                for _ in range(25)
            ]
            rates = [chosen["lr"] * chance.uniform(0.1, 1) for _ in given]
            optimizer, point, steps = Optimizer(chosen, 2), start, []
            for gradient, rate in zip(given, rates, strict=True):
                point = optimizer.step(point, gradient, rate)
                steps.append((point, [dict(axis) for axis in optimizer.last if axis]))
            questions.append(
                {
                    "task": "steps",
                    "method": method,
                    "values": values,
                    "start": start,
                    "gradients": given,
                    "rates": rates,
                }
            )
            answers.append(steps)
    for theirs, mine in zip(ask(questions), answers, strict=True):
        for step, (point, axes) in zip(theirs, mine, strict=True):
            assert all(map(same, step["point"], point))
            for there, here in zip(step["axes"], axes, strict=True):
                assert there.keys() == here.keys()
                assert all(same(there[name], here[name]) for name in here), (there, here)


def test_settings_refuse_what_the_method_does_not_take() -> None:
    for values in ({"lr": -1.0}, {"lr": float("nan")}, {"amsgrad": 0.5}, {"mu": 0.9}):
        with pytest.raises(SettingError):
            settings(Method.ADAM, values)
