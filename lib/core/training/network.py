"""The network with its gradients written out by hand: PyTorch's kernels, without autograd's bookkeeping.

At 64 images a step the arithmetic of the default network takes about 0.1 ms, and building and walking an
autograd graph takes several times that. Here all parameters lie in one flat buffer, all gradients in another,
every result has its place beforehand, and the kernels are those that autograd itself would call.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

import torch
from torch import Tensor

from lib.core.training.config import IMAGE_PIXELS, Activation, TrainConfig
from lib.core.training.model import build_model

_aten = torch.ops.aten
_MEAN, _NO_IGNORED_CLASS = 1, -100


@dataclass(frozen=True)
class Layer:
    """Views into the flat buffers: weight (out, in), bias (out,), and their gradients."""

    weight: Tensor
    bias: Tensor
    weight_grad: Tensor
    bias_grad: Tensor


class Network:
    """All parameters of an MLP in one buffer ``parameters`` (P,), their gradients in ``gradients`` (P,)."""

    def __init__(self, config: TrainConfig) -> None:
        self.config = config
        self.device = torch.device(config.device)
        initial = torch.cat([p.detach().flatten() for p in build_model(config).parameters()])
        self.parameters = initial.to(self.device)
        self.gradients = torch.zeros_like(self.parameters)
        self.layers = self._views()

    def _views(self) -> list[Layer]:
        layers, start = [], 0
        for fan_in, fan_out in pairwise(self.config.layer_sizes):
            middle, end = start + fan_in * fan_out, start + (fan_in + 1) * fan_out
            weight, bias = slice(start, middle), slice(middle, end)
            layers.append(
                Layer(
                    self.parameters[weight].view(fan_out, fan_in),
                    self.parameters[bias],
                    self.gradients[weight].view(fan_out, fan_in),
                    self.gradients[bias],
                )
            )
            start = end
        return layers

    def named_weights(self) -> dict[str, Tensor]:
        """Copies on the CPU under the names of ``build_model(config).state_dict()``."""
        names = build_model(self.config).state_dict().keys()
        views = [view for layer in self.layers for view in (layer.weight, layer.bias)]
        return {name: view.cpu().clone() for name, view in zip(names, views, strict=True)}

    def logits(self, pixels: Tensor) -> Tensor:
        """(N, 784) pixels from 0 to 1 -> (N, 10), with buffers of its own: for evaluation."""
        activate = _FORWARD[self.config.activation]
        values = pixels
        for i, layer in enumerate(self.layers):
            values = torch.addmm(layer.bias, values, layer.weight.t())
            if i < len(self.layers) - 1:
                values = activate(values, values if self.config.activation is not Activation.GELU else None)
        return values


def _into(function: Callable[..., Tensor]) -> Callable[[Tensor, Tensor | None], Tensor]:
    return lambda values, out: function(values) if out is None else function(values, out=out)


_FORWARD: dict[Activation, Callable[[Tensor, Tensor | None], Tensor]] = {
    Activation.RELU: lambda values, out: torch.clamp_min(values, 0, out=out),
    Activation.TANH: _into(torch.tanh),
    Activation.SIGMOID: _into(torch.sigmoid),
    Activation.GELU: lambda values, out: (
        _aten.gelu(values) if out is None else _aten.gelu.out(values, out=out)
    ),
}


class BatchStep:
    """Forward and backward of batches of one size, every buffer made once.

    ``run(rows, labels)`` takes uint8 pixels (B, 784) and int64 labels (B,), leaves the gradients of the mean
    cross-entropy in the network's flat buffer, and returns the loss, a tensor of shape ().
    """

    def __init__(self, network: Network, batch_size: int) -> None:
        self.batch_size = batch_size
        device = network.device
        self.pixels = torch.empty(batch_size, IMAGE_PIXELS, device=device)
        self._layers = network.layers
        self._activation = network.config.activation
        sizes = network.config.layer_sizes[1:]
        self._sums = [torch.empty(batch_size, size, device=device) for size in sizes]
        keeps_sums = self._activation is Activation.GELU
        self._values = [torch.empty_like(s) if keeps_sums else s for s in self._sums[:-1]]
        self._deltas = [torch.empty_like(s) for s in self._sums]
        self._log_probabilities = torch.empty_like(self._sums[-1])
        self._weights_t = [layer.weight.t() for layer in self._layers]
        self._deltas_t = [delta.t() for delta in self._deltas]
        self._one = torch.ones((), device=device)
        self._total = torch.full((), float(batch_size), device=device)
        self._forward = _FORWARD[self._activation]
        self._backward = _BACKWARD[self._activation]

    def run(self, rows: Tensor, labels: Tensor) -> Tensor:
        """One batch: gradients in place, the loss returned."""
        # ToTensor's own arithmetic: bytes become float32, then a division by 255 (not a product with 1/255).
        self.pixels.copy_(rows).div_(255)
        self._predict()
        log_probabilities = self._log_probabilities
        loss: Tensor
        loss, _ = _aten.nll_loss_forward(log_probabilities, labels, None, _MEAN, _NO_IGNORED_CLASS)
        slope = _aten.nll_loss_backward(
            self._one, log_probabilities, labels, None, _MEAN, _NO_IGNORED_CLASS, self._total
        )
        torch._log_softmax_backward_data(slope, log_probabilities, 1, torch.float32, out=self._deltas[-1])
        self._differentiate()
        return loss

    def _predict(self) -> None:
        values, last = self.pixels, len(self._layers) - 1
        for i, layer in enumerate(self._layers):
            torch.addmm(layer.bias, values, self._weights_t[i], out=self._sums[i])
            if i < last:
                values = self._forward(self._sums[i], self._values[i])
        torch.log_softmax(self._sums[last], 1, out=self._log_probabilities)

    def _differentiate(self) -> None:
        for i in range(len(self._layers) - 1, -1, -1):
            layer, delta = self._layers[i], self._deltas[i]
            below = self._values[i - 1] if i else self.pixels
            torch.mm(self._deltas_t[i], below, out=layer.weight_grad)
            torch.sum(delta, 0, out=layer.bias_grad)
            if i:
                torch.mm(delta, layer.weight, out=self._deltas[i - 1])
                self._backward(self._deltas[i - 1], self._sums[i - 1], self._values[i - 1])


# Each takes the slope at the activation's output (changed in place), its input and its output.
_BACKWARD: dict[Activation, Callable[[Tensor, Tensor, Tensor], Tensor]] = {
    Activation.RELU: lambda slope, _, value: _aten.threshold_backward.grad_input(
        slope, value, 0, grad_input=slope
    ),
    Activation.TANH: lambda slope, _, value: _aten.tanh_backward.grad_input(slope, value, grad_input=slope),
    Activation.SIGMOID: lambda slope, _, value: _aten.sigmoid_backward.grad_input(
        slope, value, grad_input=slope
    ),
    Activation.GELU: lambda slope, total, _: _aten.gelu_backward.grad_input(slope, total, grad_input=slope),
}
