"""The update rules, on one flat buffer of all parameters.

An optimizer's rule looks at one number at a time, so that one long vector is updated exactly as its pieces
would be. Where PyTorch has a fused kernel it is called without ``torch.optim``'s own bookkeeping, which costs
more than the arithmetic at this size; the numbers are the same.
"""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor

from lib.core.adapters.fused_optimizers import Rule, fused_kernel
from lib.core.training.config import MOMENTUM, OptimizerKind, TrainConfig

Update = Callable[[], None]
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


def flat_update(config: TrainConfig, parameters: Tensor, gradients: Tensor) -> Update:
    """A function that updates ``parameters`` (P,) in place from ``gradients`` (P,)."""
    known = _FUSED.get(config.optimizer)
    kernel = fused_kernel(known[0]) if known else None
    if known is None or kernel is None or parameters.device.type not in FUSED_DEVICES:
        return _by_torch_optim(config, parameters, gradients)
    return known[1](kernel, config, parameters, gradients)


def _adam(kernel: Kernel, config: TrainConfig, parameters: Tensor, gradients: Tensor) -> Update:
    mean, square = torch.zeros_like(parameters), torch.zeros_like(parameters)
    step = torch.zeros((), device=parameters.device)
    lr, decay = config.learning_rate, config.weight_decay

    def update() -> None:
        step.add_(1)
        kernel(
            [parameters],
            [gradients],
            [mean],
            [square],
            [],
            [step],
            lr=lr,
            beta1=0.9,
            beta2=0.999,
            weight_decay=decay,
            eps=1e-8,
            amsgrad=False,
            maximize=False,
        )

    return update


def _sgd(kernel: Kernel, config: TrainConfig, parameters: Tensor, gradients: Tensor) -> Update:
    momentum = 0.0 if config.optimizer is OptimizerKind.SGD else MOMENTUM
    buffers = [torch.zeros_like(parameters)] if momentum else []
    lr, decay = config.learning_rate, config.weight_decay
    nesterov = config.optimizer is OptimizerKind.NESTEROV
    first = True

    def update() -> None:
        nonlocal first
        kernel(
            [parameters],
            [gradients],
            buffers,
            weight_decay=decay,
            momentum=momentum,
            lr=lr,
            dampening=0.0,
            nesterov=nesterov,
            maximize=False,
            is_first_step=first,
        )
        first = False

    return update


def _adagrad(kernel: Kernel, config: TrainConfig, parameters: Tensor, gradients: Tensor) -> Update:
    if parameters.device.type != "cpu":
        return _by_torch_optim(config, parameters, gradients)
    total, step = torch.zeros_like(parameters), torch.zeros(())
    lr, decay = config.learning_rate, config.weight_decay

    def update() -> None:
        step.add_(1)
        kernel(
            [parameters],
            [gradients],
            [total],
            [step],
            lr=lr,
            lr_decay=0.0,
            weight_decay=decay,
            eps=1e-10,
            maximize=False,
        )

    return update


_FUSED: dict[OptimizerKind, tuple[Rule, Callable[[Kernel, TrainConfig, Tensor, Tensor], Update]]] = {
    OptimizerKind.ADAM: ("adam", _adam),
    OptimizerKind.ADAMW: ("adamw", _adam),
    OptimizerKind.SGD: ("sgd", _sgd),
    OptimizerKind.MOMENTUM: ("sgd", _sgd),
    OptimizerKind.NESTEROV: ("sgd", _sgd),
    OptimizerKind.ADAGRAD: ("adagrad", _adagrad),
}


def _by_torch_optim(config: TrainConfig, parameters: Tensor, gradients: Tensor) -> Update:
    parameter = torch.nn.Parameter(parameters, requires_grad=False)
    parameter.grad = gradients
    optimizer = torch_optimizer(config, [parameter])

    def update() -> None:
        optimizer.step()

    return update
