"""``grad = None`` against ``grad = 0``: what SGD with momentum and weight decay does to a parameter nobody uses."""

from __future__ import annotations

RATE, MOMENTUM, DECAY = 0.1, 0.9, 0.1
START, GRADIENT = 1.0, 1.0


def idle_steps(steps: int, *, zeros: bool) -> list[float]:
    """The parameter after one step with gradient 1, then after each of ``steps`` more without a new gradient.

    With ``zeros`` its ``.grad`` is a tensor of zeros, as ``zero_grad(set_to_none=False)`` leaves it: momentum and
    weight decay go on. With None the optimizer skips it.

    >>> [round(value, 2) for value in (idle_steps(5, zeros=False)[-1], idle_steps(5, zeros=True)[-1])]
    [0.89, 0.39]
    """
    value, buffer = START, 0.0
    values = []
    for step in range(steps + 1):
        gradient = GRADIENT if step == 0 else 0.0
        if step == 0 or zeros:
            decayed = gradient + DECAY * value
            buffer = decayed if step == 0 else MOMENTUM * buffer + decayed
            value -= RATE * buffer
        values.append(value)
    return values


def idle_code(steps: int) -> str:
    """The same in torch, for both ways.

    >>> exec(idle_code(5))
    None:  [0.89, 0.89, 0.89, 0.89, 0.89, 0.89]
    zeros: [0.89, 0.7821, 0.677169, 0.575959, 0.479111, 0.387157]
    """
    return f"""\
import torch


def after_one_step(set_to_none):
    p = torch.tensor({START}, dtype=torch.float64, requires_grad=True)
    optimizer = torch.optim.SGD([p], lr={RATE}, momentum={MOMENTUM}, weight_decay={DECAY})
    (p * {GRADIENT}).backward()
    optimizer.step()
    values = [p.item()]
    for _ in range({steps}):  # p takes no part in the loss any more
        optimizer.zero_grad(set_to_none=set_to_none)
        optimizer.step()
        values.append(p.item())
    return [float(f"{{value:.6g}}") for value in values]


print("None: ", after_one_step(True))
print("zeros:", after_one_step(False))"""
