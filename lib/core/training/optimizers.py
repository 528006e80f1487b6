"""The update rules, on one flat buffer of all parameters.

An optimizer's rule looks at one number at a time, so that one long vector is updated exactly as its pieces
would be. Where PyTorch has a fused kernel it is called without ``torch.optim``'s own bookkeeping, which costs
more than the arithmetic at this size; the numbers are the same.
"""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor

from lib.core.training.config import MOMENTUM, OptimizerKind, TrainConfig

Update = Callable[[], None]
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
    makers = {
        OptimizerKind.ADAM: _adam,
        OptimizerKind.ADAMW: _adam,
        OptimizerKind.SGD: _sgd,
        OptimizerKind.MOMENTUM: _sgd,
        OptimizerKind.NESTEROV: _sgd,
        OptimizerKind.ADAGRAD: _adagrad,
    }
    make = makers.get(config.optimizer)
    if make is not None and parameters.device.type in FUSED_DEVICES and _has_kernel(config.optimizer):
        return make(config, parameters, gradients)
    return _by_torch_optim(config, parameters, gradients)


def _has_kernel(kind: OptimizerKind) -> bool:
    names = {
        OptimizerKind.ADAM: "_fused_adam_",
        OptimizerKind.ADAMW: "_fused_adamw_",
        OptimizerKind.ADAGRAD: "_fused_adagrad_",
    }
    return hasattr(torch, names.get(kind, "_fused_sgd_"))


def _adam(config: TrainConfig, parameters: Tensor, gradients: Tensor) -> Update:
    decoupled = config.optimizer is OptimizerKind.ADAMW
    kernel = torch._fused_adamw_ if decoupled else torch._fused_adam_
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


def _sgd(config: TrainConfig, parameters: Tensor, gradients: Tensor) -> Update:
    momentum = 0.0 if config.optimizer is OptimizerKind.SGD else MOMENTUM
    buffers = [torch.zeros_like(parameters)] if momentum else []
    lr, decay = config.learning_rate, config.weight_decay
    nesterov = config.optimizer is OptimizerKind.NESTEROV
    first = True

    def update() -> None:
        nonlocal first
        torch._fused_sgd_(
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


def _adagrad(config: TrainConfig, parameters: Tensor, gradients: Tensor) -> Update:
    if parameters.device.type != "cpu":
        return _by_torch_optim(config, parameters, gradients)
    total, step = torch.zeros_like(parameters), torch.zeros(())
    lr, decay = config.learning_rate, config.weight_decay

    def update() -> None:
        step.add_(1)
        torch._fused_adagrad_(
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


def _by_torch_optim(config: TrainConfig, parameters: Tensor, gradients: Tensor) -> Update:
    parameter = torch.nn.Parameter(parameters, requires_grad=False)
    parameter.grad = gradients
    optimizer = torch_optimizer(config, [parameter])

    def update() -> None:
        optimizer.step()

    return update
