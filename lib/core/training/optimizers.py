"""The update rules, on one flat buffer of all parameters.

An optimizer's rule looks at one number at a time, so that one long vector is updated exactly as its pieces
would be. Where PyTorch has a fused kernel it is called without ``torch.optim``'s own bookkeeping, which costs
more than the arithmetic at this size; the numbers are the same.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import torch
from torch import Tensor

from lib.core.adapters.fused_optimizers import Rule, fused_kernel
from lib.core.training.config import MOMENTUM, OptimizerKind, TrainConfig


@dataclass(frozen=True)
class Update:
    """A step of the optimizer on its buffers, and what it remembers from step to step, changed in place.

    >>> Update(lambda: None).memory
    {}
    """

    step: Callable[[], None]
    memory: Mapping[str, Tensor] = field(default_factory=dict)

    def __call__(self) -> None:
        """Take the step."""
        self.step()


Rate = Callable[[], float]
"""The learning rate of the step that comes."""
Kernel = Callable[..., object]
FUSED_DEVICES = ("cpu", "cuda", "mps")


def torch_optimizer(config: TrainConfig, parameters: list[torch.nn.Parameter]) -> torch.optim.Optimizer:
    """The optimizer as a textbook makes it, from ``torch.optim``.

    >>> torch_optimizer(TrainConfig(), [torch.nn.Parameter(torch.zeros(2))]).defaults["lr"]
    0.001
    """
    lr, decay = config.learning_rate, config.weight_decay
    match config.optimizer:
        case OptimizerKind.ADAM:
            return torch.optim.Adam(parameters, lr=lr, weight_decay=decay)
        case OptimizerKind.ADAMW:
            return torch.optim.AdamW(parameters, lr=lr, weight_decay=decay)
        case OptimizerKind.SGD:
            return torch.optim.SGD(parameters, lr=lr, weight_decay=decay)
        case OptimizerKind.MOMENTUM:
            return torch.optim.SGD(parameters, lr=lr, momentum=MOMENTUM, weight_decay=decay)
        case OptimizerKind.NESTEROV:
            return torch.optim.SGD(parameters, lr=lr, momentum=MOMENTUM, nesterov=True, weight_decay=decay)
        case OptimizerKind.RMSPROP:
            return torch.optim.RMSprop(parameters, lr=lr, weight_decay=decay)
        case OptimizerKind.ADAGRAD:
            return torch.optim.Adagrad(parameters, lr=lr, weight_decay=decay)


def flat_update(
    config: TrainConfig, parameters: Tensor, gradients: Tensor, rate: Rate | None = None
) -> Update:
    """A function that updates ``parameters`` (P,) in place from ``gradients`` (P,).

    ``rate`` is asked for each step's learning rate; without it that is the config's.
    """
    rate = rate or (lambda: config.learning_rate)
    if config.optimizer is OptimizerKind.RMSPROP:
        return _rmsprop(config, parameters, gradients, rate)
    known = _FUSED.get(config.optimizer)
    kernel = fused_kernel(known[0]) if known else None
    if known is None or kernel is None or parameters.device.type not in FUSED_DEVICES:
        return _by_torch_optim(config, parameters, gradients, rate)
    return known[1](kernel, config, parameters, gradients, rate)


def _adam(kernel: Kernel, config: TrainConfig, parameters: Tensor, gradients: Tensor, rate: Rate) -> Update:
    mean, square = torch.zeros_like(parameters), torch.zeros_like(parameters)
    step = torch.zeros((), device=parameters.device)
    decay = config.weight_decay

    def update() -> None:
        step.add_(1)
        kernel(
            [parameters],
            [gradients],
            [mean],
            [square],
            [],
            [step],
            lr=rate(),
            beta1=0.9,
            beta2=0.999,
            weight_decay=decay,
            eps=1e-8,
            amsgrad=False,
            maximize=False,
        )

    return Update(update, {"mean": mean, "square": square, "step": step})


def _sgd(kernel: Kernel, config: TrainConfig, parameters: Tensor, gradients: Tensor, rate: Rate) -> Update:
    momentum = 0.0 if config.optimizer is OptimizerKind.SGD else MOMENTUM
    buffers = [torch.zeros_like(parameters)] if momentum else []
    decay = config.weight_decay
    nesterov = config.optimizer is OptimizerKind.NESTEROV
    begun = torch.zeros((), dtype=torch.bool)  # on the CPU, whatever the device: it is asked at each step

    def update() -> None:
        kernel(
            [parameters],
            [gradients],
            buffers,
            weight_decay=decay,
            momentum=momentum,
            lr=rate(),
            dampening=0.0,
            nesterov=nesterov,
            maximize=False,
            is_first_step=momentum > 0 and not begun,
        )
        begun.fill_(True)

    return Update(update, {"momentum": buffers[0], "begun": begun} if momentum else {})


def _adagrad(
    kernel: Kernel, config: TrainConfig, parameters: Tensor, gradients: Tensor, rate: Rate
) -> Update:
    if parameters.device.type != "cpu":
        return _by_torch_optim(config, parameters, gradients, rate)
    total, step = torch.zeros_like(parameters), torch.zeros(())
    decay = config.weight_decay

    def update() -> None:
        step.add_(1)
        kernel(
            [parameters],
            [gradients],
            [total],
            [step],
            lr=rate(),
            lr_decay=0.0,
            weight_decay=decay,
            eps=1e-10,
            maximize=False,
        )

    return Update(update, {"total": total, "step": step})


def _rmsprop(config: TrainConfig, parameters: Tensor, gradients: Tensor, rate: Rate) -> Update:
    """torch's own operations in its order: there is no fused kernel, and ``torch.optim`` takes seconds to load."""
    square, decay = torch.zeros_like(parameters), config.weight_decay
    below, slope = torch.empty_like(parameters), torch.empty_like(parameters)

    def update() -> None:
        grad = torch.add(gradients, parameters, alpha=decay, out=slope) if decay else gradients
        square.mul_(0.99).addcmul_(grad, grad, value=1 - 0.99)
        torch.sqrt(square, out=below).add_(1e-8)
        parameters.addcdiv_(grad, below, value=-rate())

    return Update(update, {"square": square})


MUON_MOMENTUM, MUON_ROUNDS, MUON_EPS = 0.95, 5, 1e-7
MUON_COEFFICIENTS = (3.4445, -4.7750, 2.0315)
"""Defaults of ``torch.optim.Muon``."""


def muon_update(matrix: Tensor, gradient: Tensor, decay: float, rate: Rate) -> Update:
    """A function that updates a ``matrix`` (out, in) in place as ``torch.optim.Muon`` does.

    The momentum's matrix is made nearly orthogonal by Newton and Schulz's iteration, in bfloat16.
    Source: torch.optim.Muon; Keller Jordan 2024, "Muon".
    """
    momentum = torch.zeros_like(matrix)
    scale = max(1.0, matrix.size(0) / matrix.size(1)) ** 0.5

    def update() -> None:
        momentum.lerp_(gradient, 1 - MUON_MOMENTUM)
        direction = orthogonal(gradient.lerp(momentum, MUON_MOMENTUM))
        lr = rate()
        matrix.mul_(1 - lr * decay)
        matrix.add_(direction, alpha=-lr * scale)

    return Update(update, {"momentum": momentum})


def orthogonal(matrix: Tensor) -> Tensor:
    """(out, in) -> the same shape, with singular values near 1, as bfloat16.

    >>> values = torch.linalg.svdvals(orthogonal(torch.diag(torch.tensor([3.0, 2.0, 1.0]))).float())
    >>> bool((values > 0.5).all() and (values < 1.3).all())
    True
    """
    a, b, c = MUON_COEFFICIENTS
    is_tall = matrix.size(0) > matrix.size(1)
    found = matrix.bfloat16()
    found = found.T if is_tall else found
    found = found / found.norm().clamp(min=MUON_EPS)
    for _ in range(MUON_ROUNDS):
        gram = found @ found.T
        found = torch.addmm(found, torch.addmm(gram, gram, gram, beta=b, alpha=c), found, beta=a)
    return found.T if is_tall else found


_FUSED: dict[OptimizerKind, tuple[Rule, Callable[[Kernel, TrainConfig, Tensor, Tensor, Rate], Update]]] = {
    OptimizerKind.ADAM: ("adam", _adam),
    OptimizerKind.ADAMW: ("adamw", _adam),
    OptimizerKind.SGD: ("sgd", _sgd),
    OptimizerKind.MOMENTUM: ("sgd", _sgd),
    OptimizerKind.NESTEROV: ("sgd", _sgd),
    OptimizerKind.ADAGRAD: ("adagrad", _adagrad),
}


def _by_torch_optim(config: TrainConfig, parameters: Tensor, gradients: Tensor, rate: Rate) -> Update:
    parameter = torch.nn.Parameter(parameters, requires_grad=False)
    parameter.grad = gradients
    optimizer = torch_optimizer(config, [parameter])
    memory = _empty_memory(optimizer, parameter)

    def update() -> None:
        optimizer.param_groups[0]["lr"] = rate()
        optimizer.step()

    return Update(update, memory)


def _empty_memory(optimizer: torch.optim.Optimizer, parameter: torch.nn.Parameter) -> dict[str, Tensor]:
    """What it will remember, all zeros: ``torch.optim`` makes that in its first step, so one is taken for it."""
    kept = parameter.detach().clone()
    optimizer.step()
    memory = {name: value for name, value in optimizer.state[parameter].items() if value is not None}
    with torch.no_grad():
        parameter.copy_(kept)
        for value in memory.values():
            value.zero_()
    return memory
