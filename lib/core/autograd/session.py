"""The training step of a 2-3-1 network in slow motion: five buttons in any order, as PyTorch would take them.

float64, one sample, ``F.mse_loss``, ``torch.optim.SGD``. What PyTorch refuses (a second ``backward()`` through one
graph, a weight that changed since the forward pass) is refused here too; the tests press random buttons in both.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

import numpy as np

from lib.core.autograd.numbers import SHORT
from lib.core.autograd.values import Array

Tensors = dict[str, Array]
Grads = dict[str, Array | None]
MOST_PRESSES = 30
INPUT = (1.0, 2.0)
TARGET = 1.0


class Button(StrEnum):
    """A line of the training step. The value is its letter in the address."""

    FORWARD = "f"
    LOSS = "l"
    ZERO_GRAD = "z"
    BACKWARD = "b"
    STEP = "s"


class Activation(StrEnum):
    """Of the hidden layer."""

    TANH = "tanh"
    RELU = "relu"


class Refusal(StrEnum):
    """What Python or PyTorch raises; the value is the beginning of its message."""

    NO_PREDICTION = "NameError: name 'pred' is not defined"
    NO_LOSS = "NameError: name 'loss' is not defined"
    TWICE = "RuntimeError: Trying to backward through the graph a second time"
    CHANGED = (
        "RuntimeError: one of the variables needed for gradient computation has been modified by an inplace"
    )


@dataclass(frozen=True)
class Settings:
    """What can be chosen: the hidden activation, and SGD's learning rate from 0 to 10."""

    activation: Activation = Activation.TANH
    learning_rate: float = 0.1

    def __post_init__(self) -> None:
        if not 0 <= self.learning_rate <= 10:
            raise ValueError(f"learning rate {self.learning_rate} is not from 0 to 10")


def first_parameters() -> Tensors:
    """Names as in ``state_dict()``; short numbers, so that one can calculate along."""
    return {
        "fc1.weight": np.array([[0.5, -0.2], [-0.3, 0.4], [0.1, 0.6]]),
        "fc1.bias": np.array([0.1, 0.0, -0.1]),
        "fc2.weight": np.array([[0.7, -0.4, 0.5]]),
        "fc2.bias": np.array([0.2]),
    }


@dataclass(frozen=True, eq=False)
class Moment:
    """After a button: everything that a learner sees. ``hidden`` and ``prediction`` belong to the latest forward.

    ``changed`` are the parameters that a step moved, ``filled`` those whose ``.grad`` backward wrote to, ``refusal``
    what was raised instead.
    """

    button: Button | None
    parameters: Tensors
    grads: Grads
    hidden: Array | None = None
    prediction: float | None = None
    loss: float | None = None
    refusal: Refusal | None = None
    changed: tuple[str, ...] = ()
    filled: tuple[str, ...] = ()
    since_zero: int = 0
    """Times that backward() has added to the gradients since they were last None."""


@dataclass(eq=False)
class _Recorded:
    """What autograd keeps of one forward pass."""

    hidden: Array
    prediction: float
    weight: Array
    version: int
    is_released: bool = False


@dataclass(eq=False)
class _Loss:
    graph: _Recorded
    is_released: bool = False


@dataclass(eq=False)
class _Machine:
    settings: Settings
    now: Moment = field(
        default_factory=lambda: Moment(None, first_parameters(), dict.fromkeys(first_parameters()))
    )
    graph: _Recorded | None = None
    loss: _Loss | None = None
    version: int = 0

    def press(self, button: Button) -> Moment:
        self.now = replace(self.now, button=button, refusal=None, changed=(), filled=())
        act = {
            Button.FORWARD: self._forward,
            Button.LOSS: self._loss,
            Button.ZERO_GRAD: self._zero,
            Button.BACKWARD: self._backward,
            Button.STEP: self._step,
        }[button]
        self.now = act()
        return self.now

    def _forward(self) -> Moment:
        weights = self.now.parameters
        before = weights["fc1.weight"] @ np.array(INPUT) + weights["fc1.bias"]
        is_tanh = self.settings.activation is Activation.TANH
        hidden = np.tanh(before) if is_tanh else np.maximum(before, 0.0)
        prediction = float((weights["fc2.weight"] @ hidden + weights["fc2.bias"])[0])
        self.graph = _Recorded(hidden, prediction, weights["fc2.weight"], self.version)
        return replace(self.now, hidden=hidden, prediction=prediction)

    def _loss(self) -> Moment:
        if self.graph is None:
            return replace(self.now, refusal=Refusal.NO_PREDICTION)
        self.loss = _Loss(self.graph)
        return replace(self.now, loss=(self.graph.prediction - TARGET) ** 2)

    def _zero(self) -> Moment:
        return replace(self.now, grads=dict.fromkeys(self.now.grads), since_zero=0)

    def _backward(self) -> Moment:
        if self.loss is None:
            return replace(self.now, refusal=Refusal.NO_LOSS)
        graph = self.loss.graph
        if self.loss.is_released or graph.is_released:
            self.loss.is_released = True
            return replace(self.now, refusal=Refusal.TWICE)
        self.loss.is_released = True  # the loss's own node has run, and freed what it kept
        if graph.version != self.version:
            return replace(self.now, refusal=Refusal.CHANGED)
        graph.is_released = True
        new = self._gradients(graph)
        grads: Grads = {}
        for name, before in self.now.grads.items():
            grads[name] = new[name] if before is None else before + new[name]
        since = self.now.since_zero + 1
        return replace(self.now, grads=grads, filled=tuple(grads), since_zero=since)

    def _gradients(self, graph: _Recorded) -> Tensors:
        """By the chain rule, from the loss back to the first layer."""
        d_prediction = np.array([2 * (graph.prediction - TARGET)])
        d_hidden = graph.weight.T @ d_prediction
        is_tanh = self.settings.activation is Activation.TANH
        slope = 1 - graph.hidden**2 if is_tanh else (graph.hidden > 0).astype(np.float64)
        d_before = d_hidden * slope
        return {
            "fc1.weight": np.outer(d_before, INPUT),
            "fc1.bias": d_before,
            "fc2.weight": np.outer(d_prediction, graph.hidden),
            "fc2.bias": d_prediction,
        }

    def _step(self) -> Moment:
        parameters = dict(self.now.parameters)
        changed = tuple(name for name, grad in self.now.grads.items() if grad is not None)
        for name in changed:
            parameters[name] = parameters[name] - self.settings.learning_rate * np.asarray(
                self.now.grads[name]
            )
        # In place: a graph that keeps the weight notices, even where the numbers stay the same.
        self.version += bool(changed)
        return replace(self.now, parameters=parameters, changed=changed)


def replay(buttons: Sequence[Button], settings: Settings | None = None) -> tuple[Moment, ...]:
    """The moment before any button, and one after each.

    >>> moments = replay([Button.FORWARD, Button.LOSS, Button.BACKWARD])
    >>> round(moments[-1].loss, 6), moments[-1].since_zero
    (0.184777, 1)
    """
    machine = _Machine(settings or Settings())
    return (machine.now, *(machine.press(button) for button in buttons))


_LINES = {
    Button.FORWARD: "pred = model(x)",
    Button.LOSS: "loss = F.mse_loss(pred, target)",
    Button.ZERO_GRAD: "optimizer.zero_grad()",
    Button.BACKWARD: "loss.backward()",
    Button.STEP: "optimizer.step()",
}


def session_code(moments: Sequence[Moment], settings: Settings) -> str:
    """The program of the buttons pressed, in torch; what was refused stands in it as a comment.

    >>> program = session_code(replay([Button.BACKWARD]), Settings())
    >>> "# loss.backward()" in program
    True
    """
    layer = "nn.Tanh()" if settings.activation is Activation.TANH else "nn.ReLU()"
    lines = [
        "from collections import OrderedDict",
        "",
        "import torch",
        "import torch.nn.functional as F",
        "from torch import nn",
        "",
        "",
        *SHORT.splitlines(),
        "",
        "",
        f"layers = OrderedDict(fc1=nn.Linear(2, 3), act={layer}, fc2=nn.Linear(3, 1))",
        "model = nn.Sequential(layers).double()",
        "model.load_state_dict({",
        *(
            f'    "{name}": torch.tensor({value.tolist()}, dtype=torch.float64),'
            for name, value in first_parameters().items()
        ),
        "})",
        f"optimizer = torch.optim.SGD(model.parameters(), lr={settings.learning_rate!r})",
        f"x = torch.tensor([{list(INPUT)}], dtype=torch.float64)",
        f"target = torch.tensor([[{TARGET}]], dtype=torch.float64)",
        "",
    ]
    for moment in moments:
        if moment.button is None:
            continue
        line = _LINES[moment.button]
        if moment.refusal is None:
            lines.append(line)
        else:
            # What it was before it raised is spent: the failed line is run, as on the page.
            lines += [f"# {line}", f"#   {moment.refusal}"]
    lines += [
        "",
        "for name, parameter in model.named_parameters():",
        "    grad = None if parameter.grad is None else parameter.grad.tolist()",
        '    print(f"{name} = {short(parameter.tolist())}")',
        '    print(f"{name}.grad = {short(grad)}")',
    ]
    return "\n".join(lines)
