"""Random settings, and torch.optim doing the same with them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import torch
from hypothesis import strategies as st

from lib.core.optim.methods import OPTIONS, Method, Option, Settings, settings

LONG_AGO = 1e7
"""So many steps done: every bias correction is 1."""


def _values(option: Option) -> st.SearchStrategy[float]:
    if option.is_flag:
        return st.sampled_from([0.0, 1.0])
    if option.name == "lr":
        return st.floats(1e-4, 2.0)
    if option.name == "eps":
        return st.sampled_from([0.0, 1e-10, 1e-8, 1e-4, 0.1, 1.0])
    if option.name == "acc":
        return st.floats(0.0, 3.0)
    low, high = option.low, min(option.high, 1.0)
    return st.one_of(st.just(option.default), st.floats(low, high))


def any_settings(method: Method) -> st.SearchStrategy[Settings]:
    """Every option anywhere in what is offered (learning rates up to 2)."""
    options = {name: _values(option) for name, option in OPTIONS[method].items()}
    return st.fixed_dictionaries(options).map(lambda values: settings(method, values))


numbers = st.floats(-3.0, 3.0).map(lambda value: round(value, 6))
gradients = st.lists(
    st.one_of(st.none(), st.lists(st.one_of(numbers, st.just(0.0)), min_size=3, max_size=3)),
    min_size=1,
    max_size=12,
)


def torch_optimizer(chosen: Settings, parameter: torch.Tensor) -> torch.optim.Optimizer:
    """The same optimizer from torch.optim, in float64."""
    o = chosen.to_dict()
    lr, wd = o["lr"], o["wd"]
    match chosen.method:
        case Method.SGD:
            return torch.optim.SGD([parameter], lr=lr, weight_decay=wd)
        case Method.MOMENTUM:
            if o["sutskever"]:  # the learning rate goes into the gradient, see `gradient_for`
                return torch.optim.SGD([parameter], lr=1.0, momentum=o["mu"], dampening=o["damp"])
            return torch.optim.SGD([parameter], lr=lr, momentum=o["mu"], dampening=o["damp"], weight_decay=wd)
        case Method.NESTEROV:
            return torch.optim.SGD([parameter], lr=lr, momentum=o["mu"], nesterov=True, weight_decay=wd)
        case Method.ADAGRAD:
            return torch.optim.Adagrad(
                [parameter],
                lr=lr,
                lr_decay=o["lr_decay"],
                initial_accumulator_value=o["acc"],
                eps=o["eps"],
                weight_decay=wd,
            )
        case Method.RMSPROP:
            return torch.optim.RMSprop(
                [parameter],
                lr=lr,
                alpha=o["alpha"],
                eps=o["eps"],
                momentum=o["mu"],
                centered=bool(o["centered"]),
                weight_decay=wd,
            )
        case Method.ADAM | Method.ADAMW:
            kind = torch.optim.Adam if chosen.method is Method.ADAM else torch.optim.AdamW
            made = kind(
                [parameter],
                lr=lr,
                betas=(o["b1"], o["b2"]),
                eps=o["eps"],
                weight_decay=wd,
                amsgrad=bool(o["amsgrad"]),
            )
            if not o["correct"]:
                names = ("exp_avg", "exp_avg_sq", "max_exp_avg_sq")
                made.state[parameter] = {name: torch.zeros_like(parameter) for name in names}
                made.state[parameter]["step"] = torch.tensor(LONG_AGO)
            return made


def by_torch(
    chosen: Settings,
    start: Sequence[float],
    gradients: Sequence[Sequence[float] | None],
    rates: Sequence[float],
) -> tuple[list[list[float]], dict[str, Any]]:
    """Where torch.optim goes with these gradients and learning rates, and its state at the end."""
    parameter = torch.tensor(start, dtype=torch.float64, requires_grad=True)
    optimizer = torch_optimizer(chosen, parameter)
    is_sutskever = chosen.method is Method.MOMENTUM and bool(chosen["sutskever"])
    points = []
    for gradient, rate in zip(gradients, rates, strict=True):
        parameter.grad = None
        if gradient is not None:
            parameter.grad = torch.tensor(gradient, dtype=torch.float64)
            if is_sutskever:
                parameter.grad = (parameter.grad + chosen["wd"] * parameter.detach()) * rate
        optimizer.param_groups[0]["lr"] = 1.0 if is_sutskever else rate
        optimizer.step()
        points.append(parameter.detach().tolist())
    return points, dict(optimizer.state[parameter])


def assert_close(ours: Sequence[float], theirs: Sequence[float], relative: float = 1e-9) -> None:
    """Equal to ``relative``; what is not finite must be so in both."""
    for a, b in zip(ours, theirs, strict=True):
        if math.isfinite(a) and math.isfinite(b):
            assert abs(a - b) <= relative * max(1.0, abs(a), abs(b)), (a, b)
        else:
            assert (math.isnan(a) and math.isnan(b)) or a == b, (a, b)
