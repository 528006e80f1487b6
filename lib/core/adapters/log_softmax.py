"""The gradients of log_softmax and softmax, into a buffer that is there already.

Private: ``torch._log_softmax_backward_data``, ``torch._softmax_backward_data``. Without them the gradient is written
out: the same formula in three passes instead of one, and a slower step.
"""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor

KERNEL: Callable[..., object] | None = getattr(torch, "_log_softmax_backward_data", None)
SOFTMAX_KERNEL: Callable[..., object] | None = getattr(torch, "_softmax_backward_data", None)


def log_softmax_backward(slope: Tensor, log_probabilities: Tensor, out: Tensor) -> None:
    """From the slope at log_softmax's output, along axis 0, to the one at its input; all three (K, B).

    >>> logits = torch.tensor([[1.0], [2.0]], requires_grad=True)
    >>> values = torch.log_softmax(logits, 0)
    >>> values[0, 0].backward()
    >>> out = torch.empty(2, 1)
    >>> log_softmax_backward(torch.tensor([[1.0], [0.0]]), values.detach(), out)
    >>> torch.allclose(out, logits.grad)
    True
    """
    if KERNEL is None:
        written_out(slope, log_probabilities, out)
    else:
        KERNEL(slope, log_probabilities, 0, torch.float32, out=out)


def written_out(slope: Tensor, log_probabilities: Tensor, out: Tensor) -> None:
    """The same by its formula: the slope less each class's probability times the slopes' sum."""
    torch.sub(slope, log_probabilities.exp() * slope.sum(0, keepdim=True), out=out)


def softmax_backward(slope: Tensor, probabilities: Tensor, out: Tensor) -> None:
    """From the slope at softmax's output, along axis 0, to the one at its input; all three (K, B).

    >>> logits = torch.tensor([[1.0], [2.0]], requires_grad=True)
    >>> values = torch.softmax(logits, 0)
    >>> values[0, 0].backward()
    >>> out = torch.empty(2, 1)
    >>> softmax_backward(torch.tensor([[1.0], [0.0]]), values.detach(), out)
    >>> torch.allclose(out, logits.grad)
    True
    """
    if SOFTMAX_KERNEL is None:
        softmax_written_out(slope, probabilities, out)
    else:
        SOFTMAX_KERNEL(slope, probabilities, 0, torch.float32, grad_input=out)


def softmax_written_out(slope: Tensor, probabilities: Tensor, out: Tensor) -> None:
    """The same by its formula: each probability times how far its slope is above their mean slope."""
    mean = (slope * probabilities).sum(0, keepdim=True)
    torch.mul(probabilities, slope - mean, out=out)
