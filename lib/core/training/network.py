"""The network with its gradients written out by hand: PyTorch's kernels, without autograd's bookkeeping.

At 64 images a step the arithmetic of the default network takes about 0.1 ms, and building and walking an
autograd graph takes several times that. Here all parameters lie in one flat buffer, all gradients in another,
every result has its place beforehand, and the kernels are those that autograd itself would call.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from itertools import pairwise, zip_longest

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from lib.core.adapters.log_softmax import log_softmax_backward, softmax_backward
from lib.core.training.config import IMAGE_PIXELS, Activation, TrainConfig
from lib.core.training.data import LitPixels
from lib.core.training.model import build_model

_aten = torch.ops.aten
_MEAN, _NO_IGNORED_CLASS = 1, -100
Call = Callable[[], object]

PIXEL_SCALE = 1 / 255
"""ToTensor's division by 255, done by the first matrix product and its gradient on the way."""


@dataclass(frozen=True)
class Layer:
    """Views into the flat buffers: weight (out, in), bias (out,), and their gradients."""

    weight: Tensor
    bias: Tensor
    weight_grad: Tensor
    bias_grad: Tensor


class Network:
    """All parameters of an MLP in one buffer ``parameters`` (P,), their gradients in ``gradients`` (P,)."""

    def __init__(self, config: TrainConfig, start: Mapping[str, NDArray[np.float32]] | None = None) -> None:
        """``start`` holds trained weights to go on from, named as in ``build_model(config).state_dict()``."""
        self.config = config
        self.device = torch.device(config.device)
        model = build_model(config)
        if start is not None:
            model.load_state_dict({name: torch.tensor(values) for name, values in start.items()})
        initial = torch.cat([p.detach().flatten() for p in model.parameters()])
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

    @property
    def memory(self) -> dict[str, Tensor]:
        """All that a training changes, in place."""
        return {"parameters": self.parameters}

    def first_weights(self) -> Tensor:
        """(units, 784): the first layer's."""
        return self.layers[0].weight

    def step(self, images: Tensor, labels: Tensor, batch_size: int) -> BatchStep:
        """One training step on batches of one size, picked from ``images`` and ``labels``."""
        return BatchStep(self, images, labels, batch_size)

    def logits(self, rows: Tensor) -> Tensor:
        """(N, 784) uint8 pixels -> (N, 10) logits, with buffers of its own: for evaluation."""
        activate = _FORWARD[self.config.activation]
        values, scale = rows.float(), PIXEL_SCALE
        for i, layer in enumerate(self.layers):
            values = torch.addmm(layer.bias, values, layer.weight.t(), alpha=scale)
            scale = 1.0
            if i < len(self.layers) - 1:
                values = activate(values, torch.empty_like(values))
        return values

    def lit_logits(self, pixels: LitPixels) -> Tensor:
        """The same for images that are read over and over: (N, 10), equal but for the order of a sum.

        Values lie feature by feature, which is a fifth faster.
        """
        activate = _FORWARD[self.config.activation]
        values, scale = pixels.values.t(), PIXEL_SCALE
        for i, layer in enumerate(self.layers):
            weight = layer.weight if i else layer.weight.index_select(1, pixels.places)
            values = torch.addmm(layer.bias.unsqueeze(1), weight, values, alpha=scale)
            scale = 1.0
            if i < len(self.layers) - 1:
                values = activate(values, torch.empty_like(values))
        return values.t()


_FORWARD: dict[Activation, Callable[[Tensor, Tensor], Tensor]] = {
    Activation.RELU: lambda values, out: torch.clamp_min(values, 0, out=out),
    Activation.TANH: lambda values, out: torch.tanh(values, out=out),
    Activation.SIGMOID: lambda values, out: torch.sigmoid(values, out=out),
    Activation.GELU: lambda values, out: _aten.gelu.out(values, out=out),
}


class LossHead:
    """Cross-entropy of a batch, and its slope at the logits; every buffer made once, by the kernels of autograd."""

    def __init__(self, logits: Tensor, labels: Tensor, slope: Tensor, *, softmax_first: bool) -> None:
        """``logits`` (10, B) and ``labels`` (B,) are read, ``slope`` (10, B) is written.

        With ``softmax_first`` the loss takes the logits' softmax for its logits.
        """
        self._logits, self._labels, self._slope = logits, labels, slope
        self._probabilities = torch.empty_like(logits) if softmax_first else None
        self._log_probabilities = torch.empty_like(logits)
        self._by_sample = self._log_probabilities.t()
        self._one = torch.ones((), device=logits.device)
        self._count = torch.full((), float(logits.shape[1]), device=logits.device)

    def run(self) -> Tensor:
        """The mean loss (), in nats; the slope is written.

        >>> logits, slope = torch.zeros(10, 1), torch.empty(10, 1)
        >>> round(float(LossHead(logits, torch.tensor([3]), slope, softmax_first=False).run()), 4)
        2.3026
        >>> round(float(slope[3]), 4)
        -0.9
        """
        given, by_sample, labels = self._logits, self._by_sample, self._labels
        if self._probabilities is not None:
            given = torch.softmax(given, 0, out=self._probabilities)
        torch.log_softmax(given, 0, out=self._log_probabilities)
        loss: Tensor = _aten.nll_loss_forward(by_sample, labels, None, _MEAN, _NO_IGNORED_CLASS)[0]
        slope = _aten.nll_loss_backward(
            self._one, by_sample, labels, None, _MEAN, _NO_IGNORED_CLASS, self._count
        )
        log_softmax_backward(slope.t(), self._log_probabilities, self._slope)
        if self._probabilities is not None:
            softmax_backward(self._slope, self._probabilities, self._slope)
        return loss


class BatchStep:
    """One training step on batches of one size, short of the update; every buffer and call made once.

    Values lie feature by feature, (units, B): the softmax over ten classes then runs along whole vectors of
    samples, several times faster than along rows of ten.
    """

    def __init__(self, network: Network, images: Tensor, labels: Tensor, batch_size: int) -> None:
        """``images`` uint8 (N, 784) and ``labels`` int64 (N,) are what :meth:`run` picks its batches from."""
        self.batch_size = batch_size
        self._images, self._labels = images, labels
        device = network.device
        self._rows = torch.empty(batch_size, IMAGE_PIXELS, dtype=torch.uint8, device=device)
        self._pixels = torch.empty(batch_size, IMAGE_PIXELS, device=device)
        self._batch_labels = torch.empty(batch_size, dtype=torch.int64, device=device)
        self._ones = torch.ones(batch_size, device=device)
        sizes = network.config.layer_sizes[1:]
        sums = [torch.empty(size, batch_size, device=device) for size in sizes]
        keeps_sums = network.config.activation is Activation.GELU
        values = [torch.empty_like(z) if keeps_sums else z for z in sums[:-1]]
        slopes = [torch.empty_like(z) for z in sums]
        softmax_first = network.config.softmax_first
        self._loss = LossHead(sums[-1], self._batch_labels, slopes[-1], softmax_first=softmax_first)
        self._forward = self._forward_calls(network, sums, values)
        self._backward = self._backward_calls(network, sums, values, slopes)

    def run(self, indices: Tensor) -> Tensor:
        """Train on the samples at ``indices`` (B,): gradients into the network's flat buffer, loss () returned."""
        torch.index_select(self._images, 0, indices, out=self._rows)
        torch.index_select(self._labels, 0, indices, out=self._batch_labels)
        for call in self._forward:
            call()
        loss = self._loss.run()
        for call in self._backward:
            call()
        return loss

    def _forward_calls(self, network: Network, sums: list[Tensor], values: list[Tensor]) -> list[Call]:
        activate = _FORWARD[network.config.activation]
        calls: list[Call] = [partial(self._pixels.copy_, self._rows)]
        below, scale = self._pixels.t(), PIXEL_SCALE
        for layer, total, value in zip_longest(network.layers, sums, values):
            bias = layer.bias.unsqueeze(1)
            calls.append(partial(torch.addmm, bias, layer.weight, below, alpha=scale, out=total))
            if value is not None:
                calls.append(partial(activate, total, value))
                below, scale = value, 1.0
        return calls

    def _backward_calls(
        self, network: Network, sums: list[Tensor], values: list[Tensor], slopes: list[Tensor]
    ) -> list[Call]:
        differentiate = _BACKWARD[network.config.activation]
        calls: list[Call] = []
        for i in range(len(slopes) - 1, -1, -1):
            layer, slope = network.layers[i], slopes[i]
            below, scale = (values[i - 1].t(), 1.0) if i else (self._pixels, PIXEL_SCALE)
            grad = layer.weight_grad
            calls.append(partial(torch.addmm, grad, slope, below, beta=0, alpha=scale, out=grad))
            calls.append(partial(torch.mv, slope, self._ones, out=layer.bias_grad))
            if i:
                calls.append(partial(torch.mm, layer.weight.t(), slope, out=slopes[i - 1]))
                calls.append(partial(differentiate, slopes[i - 1], sums[i - 1], values[i - 1]))
        return calls


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
