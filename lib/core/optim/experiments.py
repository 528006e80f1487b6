"""Small experiments with one number: where torch's rules differ from what is often said.

Each trial is an optimizer that is given a list of gradients; what comes out are the values of its parameter, which
start at 1. Tests run each trial in torch.optim; a trial without torch's arithmetic says so.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from lib.core.optim.methods import Method, Settings, settings
from lib.core.optim.rules import Optimizer
from lib.core.optim.schedules import Schedule, ScheduleKind

START = 1.0
MIN_STEPS, MAX_STEPS = 10, 200


class Experiment(StrEnum):
    """The values stand in addresses."""

    DECAY = "decay"
    BIAS = "bias"
    MOMENTUM = "momentum"
    DAMPENING = "dampening"
    NESTEROV = "nesterov"
    AMSGRAD = "amsgrad"
    EPS = "eps"
    NONE = "none"
    SCHEDULES = "schedules"


@dataclass(frozen=True)
class Knobs:
    """What a learner may turn. ``gradient`` is the gradient's size where an experiment has one."""

    lr: float = 0.1
    wd: float = 0.1
    mu: float = 0.9
    damp: float = 0.9
    gradient: float = 1.0
    steps: int = 30


USED: dict[Experiment, tuple[str, ...]] = {
    Experiment.DECAY: ("lr", "wd", "mu", "steps"),
    Experiment.BIAS: ("lr", "gradient", "steps"),
    Experiment.MOMENTUM: ("lr", "mu", "steps"),
    Experiment.DAMPENING: ("lr", "mu", "damp", "steps"),
    Experiment.NESTEROV: ("lr", "mu", "steps"),
    Experiment.AMSGRAD: ("lr", "steps"),
    Experiment.EPS: ("lr", "gradient", "steps"),
    Experiment.NONE: ("lr", "wd", "mu", "steps"),
    Experiment.SCHEDULES: ("lr", "steps"),
}
"""The knobs that make a difference."""


@dataclass(frozen=True)
class Trial:
    """One curve. ``name`` is its key in the texts; ``settings`` None where no optimizer of torch computes it so.

    ``points`` are the parameter's values at steps 0, 1, ...; ``gradients`` and ``rates`` what each step was given.
    """

    name: str
    settings: Settings | None
    gradients: tuple[float | None, ...]
    rates: tuple[float, ...]
    points: tuple[float, ...]

    @property
    def moves(self) -> tuple[float, ...]:
        """How far each step went down: the old value less the new one."""
        return tuple(a - b for a, b in zip(self.points, self.points[1:], strict=False))


def run_trial(
    name: str, chosen: Settings, gradients: list[float | None], rates: list[float] | None = None
) -> Trial:
    """A trial by the plain rules.

    >>> trial = run_trial("sgd", settings(Method.SGD, lr=0.1), [1.0, None, 1.0])
    >>> [round(p, 3) for p in trial.points]
    [1.0, 0.9, 0.9, 0.8]
    """
    given = rates or [chosen["lr"]] * len(gradients)
    optimizer, point, points = Optimizer(chosen, 1), [START], [START]
    for gradient, rate in zip(gradients, given, strict=True):
        point = optimizer.step(point, None if gradient is None else [gradient], rate)
        points.append(point[0])
    return Trial(name, chosen, tuple(gradients), tuple(given), tuple(points))


def _otherwise(name: str, gradients: list[float | None], rates: list[float], moves: list[float]) -> Trial:
    """A trial that torch does not compute, from how far each step goes."""
    points = [START]
    for move in moves:
        points.append(points[-1] - move)
    return Trial(name, None, tuple(gradients), tuple(rates), tuple(points))


def _decay(knobs: Knobs) -> list[Trial]:
    zeros: list[float | None] = [0.0] * knobs.steps
    lr, wd = knobs.lr, knobs.wd
    return [
        run_trial("sgd", settings(Method.SGD, lr=lr, wd=wd), zeros),
        run_trial("momentum", settings(Method.MOMENTUM, lr=lr, wd=wd, mu=knobs.mu), zeros),
        run_trial("adam", settings(Method.ADAM, lr=lr, wd=wd), zeros),
        run_trial("adamw", settings(Method.ADAMW, lr=lr, wd=wd), zeros),
        _otherwise(
            "paper", zeros, [lr] * knobs.steps, [wd * START * (1 - wd) ** t for t in range(knobs.steps)]
        ),
    ]


def _bias(knobs: Knobs) -> list[Trial]:
    constant: list[float | None] = [knobs.gradient] * knobs.steps
    return [
        run_trial("corrected", settings(Method.ADAM, lr=knobs.lr), constant),
        run_trial("uncorrected", settings(Method.ADAM, lr=knobs.lr, correct=0), constant),
        run_trial("adagrad", settings(Method.ADAGRAD, lr=knobs.lr), constant),
    ]


def overshoot(t: int, b1: float = 0.9, b2: float = 0.999) -> float:
    """How many times as far Adam's step ``t`` goes without bias correction, epsilon aside.

    >>> round(overshoot(1), 2), round(overshoot(12), 2)
    (3.16, 6.57)
    """
    return (1 - b1**t) / math.sqrt(1 - b2**t)


def drop_at(steps: int) -> int:
    """After so many steps the learning rate drops to a tenth.

    >>> drop_at(30)
    20
    """
    return max(1, steps * 2 // 3)


def _momentum(knobs: Knobs) -> list[Trial]:
    ones: list[float | None] = [1.0] * knobs.steps
    drop = drop_at(knobs.steps)
    rates = [knobs.lr if t < drop else knobs.lr / 10 for t in range(knobs.steps)]
    torchs = settings(Method.MOMENTUM, lr=knobs.lr, mu=knobs.mu)
    return [
        run_trial("torch", torchs, ones, rates),
        run_trial("sutskever", torchs.changed(sutskever=1), ones, rates),
    ]


def _dampening(knobs: Knobs) -> list[Trial]:
    ones: list[float | None] = [1.0] * knobs.steps
    lr, mu, damp = knobs.lr, knobs.mu, knobs.damp
    velocity, moves = 0.0, []
    for _ in range(knobs.steps):
        velocity = mu * velocity + (1 - damp)
        moves.append(lr * velocity)
    return [
        run_trial("undamped", settings(Method.MOMENTUM, lr=lr, mu=mu), ones),
        run_trial("torch", settings(Method.MOMENTUM, lr=lr, mu=mu, damp=damp), ones),
        _otherwise("always", ones, [lr] * knobs.steps, moves),
    ]


def _nesterov(knobs: Knobs) -> list[Trial]:
    ones: list[float | None] = [1.0] * knobs.steps
    lr, mu = knobs.lr, knobs.mu
    velocity, moves = 0.0, []
    for _ in range(knobs.steps):
        moves.append(lr * (1.0 + mu * velocity))  # the velocity of before, as some write it
        velocity = mu * velocity + 1.0
    return [
        run_trial("momentum", settings(Method.MOMENTUM, lr=lr, mu=mu), ones),
        run_trial("torch", settings(Method.NESTEROV, lr=lr, mu=mu), ones),
        _otherwise("old", ones, [lr] * knobs.steps, moves),
    ]


SPIKE, REST = 1.0, 0.1
"""AMSGrad's gradients: one large, then small ones."""


def _amsgrad(knobs: Knobs) -> list[Trial]:
    gradients: list[float | None] = [SPIKE, *[REST] * (knobs.steps - 1)]
    lr, b1, b2, eps = knobs.lr, 0.9, 0.999, 1e-8
    m = v = top = 0.0
    moves = []
    for t, gradient in enumerate([SPIKE, *[REST] * (knobs.steps - 1)], start=1):
        m = b1 * m + (1 - b1) * gradient
        v = b2 * v + (1 - b2) * gradient**2
        top = max(top, v / (1 - b2**t))
        moves.append(lr * m / (1 - b1**t) / (math.sqrt(top) + eps))
    return [
        run_trial("adam", settings(Method.ADAM, lr=lr), gradients),
        run_trial("torch", settings(Method.ADAM, lr=lr, amsgrad=1), gradients),
        _otherwise("after", gradients, [lr] * knobs.steps, moves),
    ]


def _eps(knobs: Knobs) -> list[Trial]:
    g, lr = knobs.gradient, knobs.lr
    constant: list[float | None] = [g] * knobs.steps
    before, inside = [], []
    for t in range(1, knobs.steps + 1):
        v = (1 - 0.999**t) * g * g
        before.append(lr * g / ((math.sqrt(v) + 1e-8) / math.sqrt(1 - 0.999**t)))
        inside.append(lr * g / math.sqrt(g * g + 1e-8))
    rates = [lr] * knobs.steps
    return [
        run_trial("torch", settings(Method.ADAM, lr=lr), constant),
        _otherwise("before", constant, rates, before),
        _otherwise("inside", constant, rates, inside),
    ]


def _none(knobs: Knobs) -> list[Trial]:
    chosen = settings(Method.MOMENTUM, lr=knobs.lr, wd=knobs.wd, mu=knobs.mu)
    return [
        run_trial("none", chosen, [1.0, *[None] * (knobs.steps - 1)]),
        run_trial("zero", chosen, [1.0, *[0.0] * (knobs.steps - 1)]),
    ]


_TRIALS: dict[Experiment, Callable[[Knobs], list[Trial]]] = {
    Experiment.DECAY: _decay,
    Experiment.BIAS: _bias,
    Experiment.MOMENTUM: _momentum,
    Experiment.DAMPENING: _dampening,
    Experiment.NESTEROV: _nesterov,
    Experiment.AMSGRAD: _amsgrad,
    Experiment.EPS: _eps,
    Experiment.NONE: _none,
}
MOVES = {Experiment.BIAS, Experiment.MOMENTUM, Experiment.DAMPENING, Experiment.NESTEROV}
MOVES |= {Experiment.AMSGRAD, Experiment.EPS}
"""Experiments that show how far each step goes; the others show where the parameter is."""


def trials(experiment: Experiment, knobs: Knobs) -> list[Trial]:
    """The experiment's curves; none for the schedules, which have a picture of their own.

    >>> [(t.name, round(t.points[-1], 2)) for t in trials(Experiment.DECAY, Knobs())]
    [('sgd', 0.74), ('momentum', -0.13), ('adam', -0.03), ('adamw', 0.74), ('paper', 0.04)]
    """
    make = _TRIALS.get(experiment)
    return make(knobs) if make is not None else []


_TORCH: dict[Method, str] = {
    Method.SGD: "SGD([p], lr={lr}, weight_decay={wd})",
    Method.MOMENTUM: "SGD([p], lr={lr}, momentum={mu}, dampening={damp}, weight_decay={wd})",
    Method.NESTEROV: "SGD([p], lr={lr}, momentum={mu}, nesterov=True, weight_decay={wd})",
    Method.ADAGRAD: "Adagrad([p], lr={lr}, weight_decay={wd})",
    Method.ADAM: "Adam([p], lr={lr}, weight_decay={wd}, amsgrad={amsgrad})",
    Method.ADAMW: "AdamW([p], lr={lr}, weight_decay={wd}, amsgrad={amsgrad})",
}


def torch_call(chosen: Settings) -> str:
    """How torch makes the optimizer; arguments at 0 or False are left out.

    >>> torch_call(settings(Method.MOMENTUM, lr=0.1, wd=0.1))
    'SGD([p], lr=0.1, momentum=0.9, weight_decay=0.1)'
    >>> torch_call(settings(Method.ADAMW, lr=0.1, wd=0))
    'AdamW([p], lr=0.1, weight_decay=0)'
    """
    values = {name: f"{value:.12g}" for name, value in chosen.to_dict().items()}
    if "amsgrad" in values:
        values["amsgrad"] = str(bool(chosen["amsgrad"]))
    call = _TORCH[chosen.method].format(**values)
    for idle in (", dampening=0", ", weight_decay=0", ", amsgrad=False"):
        decays_by_default = chosen.method is Method.ADAMW and "weight_decay" in idle
        if not decays_by_default:
            call = call.replace(f"{idle},", ",").replace(f"{idle})", ")")
    return call


def torch_code(experiment: Experiment, knobs: Knobs) -> str:
    """A program that runs the experiment's trials in torch.optim and prints what :func:`printed` says.

    Trials that torch does not compute are not in it.
    """
    if experiment is Experiment.SCHEDULES:
        return _schedules_code(knobs)
    own = [trial for trial in trials(experiment, knobs) if in_torch(trial)]
    rows = [
        f'    "{trial.name}": (lambda p: {torch_call(_settings(trial))}, {_listed(trial)}),' for trial in own
    ]
    used = sorted({torch_call(_settings(trial)).partition("(")[0] for trial in own})
    drop = drop_at(knobs.steps)
    dropping = (
        f"        if step == {drop}:  # the learning rate drops\n"
        f'            optimizer.param_groups[0]["lr"] /= 10\n'
        if experiment is Experiment.MOMENTUM
        else ""
    )
    return (
        f"import torch\nfrom torch.optim import {', '.join(used)}\n\n"
        "trials = {\n" + "\n".join(rows) + "\n}\n"
        "for name, (make, gradients) in trials.items():\n"
        "    p = torch.tensor([1.0], dtype=torch.float64, requires_grad=True)\n"
        "    optimizer = make(p)\n"
        "    points = [p.item()]\n"
        "    for step, gradient in enumerate(gradients):\n"
        f"{dropping}"
        "        p.grad = None if gradient is None else torch.tensor([gradient], dtype=torch.float64)\n"
        "        optimizer.step()\n"
        "        points.append(p.item())\n"
        '    print(f"{name}: first {points[1]:.4f}, last {points[-1]:.4f}")\n'
    )


def _schedules_code(knobs: Knobs) -> str:
    steps, turn = knobs.steps, Schedule(ScheduleKind.STEP, knobs.steps).turn
    return f"""import warnings

import torch
from torch.optim import lr_scheduler as sched

warnings.filterwarnings("ignore")  # SequentialLR warns of its own calls
make = {{
    "constant": lambda o: sched.ConstantLR(o, factor=1),
    "step": lambda o: sched.StepLR(o, {turn}, gamma=0.1),
    "cosine": lambda o: sched.CosineAnnealingLR(o, {steps}),
    "onecycle": lambda o: sched.OneCycleLR(o, {knobs.lr:.12g}, total_steps={steps}, cycle_momentum=False),
    "warmup": lambda o: sched.LinearLR(o, 0.01, total_iters={turn}),
    "warmupcosine": lambda o: sched.SequentialLR(
        o, [sched.LinearLR(o, 0.01, total_iters={turn}), sched.CosineAnnealingLR(o, {steps - turn})], [{turn}]
    ),
}}
for name, made in make.items():
    optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr={knobs.lr:.12g})
    scheduler = made(optimizer)
    rates = []
    for step in range({steps}):
        rates.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        if step < {steps - 1}:
            scheduler.step()
    print(f"{{name}}: first {{rates[0]:.6f}}, middle {{rates[{steps // 2}]:.6f}}, last {{rates[-1]:.6f}}")
"""


def in_torch(trial: Trial) -> bool:
    """Whether torch.optim computes the trial's numbers."""
    if trial.settings is None:
        return False
    o = trial.settings.to_dict()
    return bool(o.get("correct", 1)) and not o.get("sutskever", 0)


def _settings(trial: Trial) -> Settings:
    assert trial.settings is not None
    return trial.settings


def _listed(trial: Trial) -> str:
    """The gradients as Python, equal ones together.

    >>> _listed(run_trial("a", settings(Method.SGD), [1.0, 0.0, 0.0]))
    '[1] + [0] * 2'
    """
    runs: list[tuple[float | None, int]] = []
    for gradient in trial.gradients:
        if runs and runs[-1][0] == gradient:
            runs[-1] = (gradient, runs[-1][1] + 1)
        else:
            runs.append((gradient, 1))
    parts = []
    for gradient, count in runs:
        text = "None" if gradient is None else f"{gradient:.12g}"
        parts.append(f"[{text}] * {count}" if count > 1 else f"[{text}]")
    return " + ".join(parts)


def printed(experiment: Experiment, knobs: Knobs) -> str:
    """What :func:`torch_code` prints.

    >>> print(printed(Experiment.NONE, Knobs(steps=6)))
    none: first 0.8900, last 0.8900
    zero: first 0.8900, last 0.3872
    """
    if experiment is Experiment.SCHEDULES:
        return "\n".join(_schedule_line(kind, knobs) for kind in ScheduleKind)
    return "\n".join(
        f"{trial.name}: first {trial.points[1]:.4f}, last {trial.points[-1]:.4f}"
        for trial in trials(experiment, knobs)
        if in_torch(trial)
    )


def _schedule_line(kind: ScheduleKind, knobs: Knobs) -> str:
    schedule = Schedule(kind, knobs.steps)
    first, middle, last = (knobs.lr * schedule.factor(t) for t in (0, knobs.steps // 2, knobs.steps - 1))
    return f"{kind}: first {first:.6f}, middle {middle:.6f}, last {last:.6f}"
