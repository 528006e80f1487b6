"""The update rules, one number at a time: gradient in, moved parameter out, everything in between kept.

The order of the operations is torch's, so that the results agree to the last bits; ``rules.js`` is the same in
JavaScript. ``b1**t`` is a running product: powers are not the same to the last bit in every language.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping

from lib.core.optim.methods import Method, Settings

Numbers = dict[str, float]
"""Memory between steps, or what one step went through, by name."""
Rule = Callable[[Mapping[str, float], float, float, float, Numbers], Numbers]


def divide(numerator: float, denominator: float) -> float:
    """IEEE division: what Python refuses is an infinity, or not a number.

    >>> divide(1.0, 0.0), divide(-1.0, 0.0)
    (inf, -inf)
    """
    try:
        return numerator / denominator
    except ZeroDivisionError:
        if numerator == 0 or math.isnan(numerator):
            return math.nan
        return math.copysign(math.inf, numerator) * math.copysign(1.0, denominator)


def root(value: float) -> float:
    """IEEE square root: not a number where Python refuses."""
    return math.sqrt(value) if value >= 0 else math.nan


def lerp(a: float, b: float, weight: float) -> float:
    """From ``a`` to ``b`` by ``weight``, 0 to 1, as torch.lerp rounds it: exactly ``b`` at 1.

    >>> lerp(1.0, -1e-20, 1.0), lerp(0.0, 4.0, 0.25)
    (-1e-20, 1.0)
    """
    return a + weight * (b - a) if weight < 0.5 else b - (b - a) * (1 - weight)


def _decayed(o: Mapping[str, float], p: float, g: float) -> float:
    """The gradient with L2's part in it; untouched without weight decay, even where p is not finite."""
    return g + o["wd"] * p if o["wd"] else g


def _sgd(o: Mapping[str, float], lr: float, p: float, g: float, _: Numbers) -> Numbers:
    d = _decayed(o, p, g)
    return {"d": d, "p": p - lr * d}


def _momentum(o: Mapping[str, float], lr: float, p: float, g: float, memory: Numbers) -> Numbers:
    d = _decayed(o, p, g)
    # Without momentum torch keeps no velocity, and dampening does nothing.
    first = memory["t"] == 1 or not o["mu"]
    share = 1 - o["damp"]
    if o["sutskever"]:
        # The learning rate goes into the velocity, and stays in it when it changes later.
        v = lr * d if first else o["mu"] * memory["v"] + lr * (share * d)
        memory["v"] = v
        return {"d": d, "v": v, "p": p - v}
    v = d if first else o["mu"] * memory["v"] + share * d
    memory["v"] = v
    return {"d": d, "v": v, "p": p - lr * v}


def _nesterov(o: Mapping[str, float], lr: float, p: float, g: float, memory: Numbers) -> Numbers:
    d = _decayed(o, p, g)
    v = memory["v"] = d if memory["t"] == 1 else o["mu"] * memory["v"] + d
    ahead = d + o["mu"] * v
    return {"d": d, "v": v, "ahead": ahead, "p": p - lr * ahead}


def _adagrad(o: Mapping[str, float], lr: float, p: float, g: float, memory: Numbers) -> Numbers:
    d = _decayed(o, p, g)
    rate = lr / (1 + (memory["t"] - 1) * o["lr_decay"])
    s = memory["s"] = memory.get("s", o["acc"]) + d * d
    below = root(s) + o["eps"]
    return {"d": d, "s": s, "rate": rate, "below": below, "p": p - rate * divide(d, below)}


def _rmsprop(o: Mapping[str, float], lr: float, p: float, g: float, memory: Numbers) -> Numbers:
    d = _decayed(o, p, g)
    s = memory["s"] = o["alpha"] * memory.get("s", 0.0) + (1 - o["alpha"]) * d * d
    step: Numbers = {"d": d, "s": s}
    spread = s
    if o["centered"]:
        before = memory.get("a", 0.0)
        a = memory["a"] = step["a"] = lerp(before, d, 1 - o["alpha"])
        spread = step["spread"] = s - a * a
    below = step["below"] = root(spread) + o["eps"]
    scaled = step["scaled"] = divide(d, below)
    if o["mu"] > 0:
        scaled = memory["b"] = step["b"] = o["mu"] * memory.get("b", 0.0) + scaled
    return {**step, "p": p - lr * scaled}


def _adam_step(
    o: Mapping[str, float], lr: float, p: float, d: float, memory: Numbers, step: Numbers
) -> Numbers:
    before = memory.get("m", 0.0)
    m = memory["m"] = lerp(before, d, 1 - o["b1"])
    v = memory["v"] = o["b2"] * memory.get("v", 0.0) + (1 - o["b2"]) * d * d
    step |= {"d": d, "m": m, "v": v}
    spread = v
    if o["amsgrad"]:
        top = memory.get("top", 0.0)
        spread = memory["top"] = step["top"] = top if v <= top else v  # not a number stays one
    c1 = c2 = 1.0
    if o["correct"]:
        memory["b1t"] = memory.get("b1t", 1.0) * o["b1"]
        memory["b2t"] = memory.get("b2t", 1.0) * o["b2"]
        c1, c2 = 1 - memory["b1t"], 1 - memory["b2t"]
    below = root(spread) / root(c2) + o["eps"]
    step |= {"c1": c1, "c2": c2, "below": below}
    return {**step, "p": p - lr / c1 * divide(m, below)}


def _adam(o: Mapping[str, float], lr: float, p: float, g: float, memory: Numbers) -> Numbers:
    return _adam_step(o, lr, p, _decayed(o, p, g), memory, {})


def _adamw(o: Mapping[str, float], lr: float, p: float, g: float, memory: Numbers) -> Numbers:
    shrunk = p * (1 - lr * o["wd"])
    return _adam_step(o, lr, shrunk, g, memory, {"shrunk": shrunk})


RULES: dict[Method, Rule] = {
    Method.SGD: _sgd,
    Method.MOMENTUM: _momentum,
    Method.NESTEROV: _nesterov,
    Method.ADAGRAD: _adagrad,
    Method.RMSPROP: _rmsprop,
    Method.ADAM: _adam,
    Method.ADAMW: _adamw,
}


class Optimizer:
    """An update rule with its memory, for some parameters.

    >>> from lib.core.optim.methods import settings
    >>> adam = Optimizer(settings(Method.ADAM, lr=0.1), 2)
    >>> [round(value, 6) for value in adam.step([1.0, -3.0], [1000.0, -0.001])]
    [0.9, -2.900001]
    >>> round(adam.last[0]["m"], 9), round(adam.last[0]["c1"], 9)
    (100.0, 0.1)
    """

    def __init__(self, settings: Settings, size: int) -> None:
        self.settings = settings
        self._values = settings.to_dict()
        self._rule = RULES[settings.method]
        self._memories: list[Numbers] = [{"t": 0} for _ in range(size)]
        self.last: list[Numbers] = [{} for _ in range(size)]
        """What the last step went through, for each parameter."""

    def step(self, point: list[float], gradient: list[float] | None, lr: float | None = None) -> list[float]:
        """The parameters after one step; ``lr`` is what a schedule says, the settings' own by default.

        ``gradient`` None is ``p.grad = None``: nothing moves, and nothing is remembered.
        """
        if gradient is None:
            return point
        rate = self._values["lr"] if lr is None else lr
        for i, (p, g) in enumerate(zip(point, gradient, strict=True)):
            memory = self._memories[i]
            memory["t"] += 1
            self.last[i] = self._rule(self._values, rate, p, g, memory)
        return [step["p"] for step in self.last]
