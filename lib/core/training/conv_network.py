"""A small convolutional network as the engine trains it: the textbook's numbers in less than half of its time.

Channels lie innermost (``torch.channels_last``), all parameters in one flat buffer in that order, and a maximum
is taken before a monotone activation instead of after it: the same numbers, a quarter of the activations.
Convolutions cost so much more than autograd's bookkeeping that autograd does the gradients.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from lib.core.training.config import TrainConfig
from lib.core.training.conv_block import IMAGE_SIDE
from lib.core.training.model import build_model

_MONOTONE = (nn.ReLU, nn.Tanh, nn.Sigmoid)
_TEST_BATCH = 250
"""Larger batches leave the cache."""


class ConvNetwork:
    """A network with blocks of convolution; ``parameters`` (P,) and ``gradients`` (P,) hold all of it."""

    def __init__(self, config: TrainConfig, start: Mapping[str, NDArray[np.float32]] | None = None) -> None:
        """``start`` holds trained weights to go on from, named as in ``build_model(config).state_dict()``."""
        self.config = config
        self.device = torch.device(config.device)
        self._model = build_model(config)
        if start is not None:
            self._model.load_state_dict({name: torch.tensor(values) for name, values in start.items()})
        self._model.to(self.device)
        if self.device.type == "cuda":
            convolve_exactly()
        count = sum(parameter.numel() for parameter in self._model.parameters())
        self.parameters = torch.empty(count, device=self.device)
        self.gradients = torch.zeros_like(self.parameters)
        self._move_into_the_buffers()
        self._layers = maximum_first(list(self._model))

    def _move_into_the_buffers(self) -> None:
        start = 0
        for parameter in self._model.parameters():
            place = slice(start, start + parameter.numel())
            value = parameter.detach()
            parameter.data = _view(self.parameters[place], value.shape).copy_(value)
            parameter.grad = _view(self.gradients[place], value.shape)
            start = place.stop

    def named_weights(self) -> dict[str, Tensor]:
        """Copies on the CPU under the names of ``build_model(config).state_dict()``.

        Of a batch norm also its running statistics and, as int64, how many batches made them.
        """
        state = self._model.state_dict()
        return {
            name: value.cpu().clone(memory_format=torch.contiguous_format) for name, value in state.items()
        }

    @property
    def memory(self) -> dict[str, Tensor]:
        """All that a training changes, in place: the parameters, and what batch norms count."""
        return {"parameters": self.parameters, **dict(self._model.named_buffers())}

    def first_weights(self) -> Tensor:
        """(channels, 1, k, k): the first block's kernels."""
        return next(self._model.parameters()).detach()

    def logits(self, rows: Tensor) -> Tensor:
        """(N, 784) uint8 pixels -> (N, 10) logits, as after ``eval()``."""
        self._model.eval()
        return torch.cat([self._forward(part) for part in torch.split(rows, _TEST_BATCH)])

    def _forward(self, rows: Tensor) -> Tensor:
        values = rows.float().div_(255).view(-1, 1, IMAGE_SIDE, IMAGE_SIDE)
        for layer in self._layers:
            values = layer(values)
        return values

    def step(self, images: Tensor, labels: Tensor, batch_size: int) -> ConvStep:
        """One training step on batches of one size, picked from ``images`` and ``labels``."""
        return ConvStep(self, images, labels, batch_size)

    def train_on(self, rows: Tensor, labels: Tensor) -> Tensor:
        """Gradients of the mean cross-entropy (B, 784), (B,) into the flat buffer; the loss () returned."""
        self._model.train()
        self.gradients.zero_()
        logits = self._forward(rows)
        loss = nn.functional.cross_entropy(
            logits.softmax(dim=1) if self.config.softmax_first else logits, labels
        )
        loss.backward()  # type: ignore[no-untyped-call]
        return loss.detach()


class ConvStep:
    """What the engine calls once a batch."""

    def __init__(self, network: ConvNetwork, images: Tensor, labels: Tensor, batch_size: int) -> None:
        self.batch_size = batch_size
        self._network = network
        self._images, self._labels = images, labels

    def run(self, indices: Tensor) -> Tensor:
        """Train on the samples at ``indices`` (B,): gradients into the network's flat buffer, loss () returned."""
        with torch.inference_mode(False), torch.enable_grad():
            return self._network.train_on(self._images[indices], self._labels[indices])


def convolve_exactly() -> None:
    """Have this process's convolutions on a GPU keep all 24 bits of a float32, and add up the same way each time.

    Left alone they round what they multiply to 11 bits (TF32), and may add up in whatever order threads finish.
    Source: torch's notes "CUDA semantics" (TensorFloat-32) and "Reproducibility".

    >>> convolve_exactly()
    >>> torch.backends.cudnn.conv.fp32_precision, torch.backends.cudnn.deterministic
    ('ieee', True)
    """
    torch.backends.cudnn.conv.fp32_precision = "ieee"  # type: ignore[attr-defined]
    torch.backends.cudnn.deterministic = True
    torch.backends.cudnn.benchmark = False


def _view(flat: Tensor, shape: torch.Size) -> Tensor:
    """Part of a flat buffer as a parameter: a kernel (O, I, h, w) lies there as (O, h, w, I)."""
    if len(shape) != 4:
        return flat.view(shape)
    outputs, inputs, height, width = shape
    return flat.view(outputs, height, width, inputs).permute(0, 3, 1, 2)


def maximum_first(layers: list[nn.Module]) -> list[nn.Module]:
    """The layers with each max pooling before the monotone activation that it follows.

    The largest of f(x) is f of the largest x where f never falls: the numbers stay the same. GELU falls below
    -0.75, and a mean of f(x) is no f of a mean: these keep their place.

    >>> [type(layer).__name__ for layer in maximum_first([nn.ReLU(), nn.MaxPool2d(2)])]
    ['MaxPool2d', 'ReLU']
    """
    ordered = list(layers)
    for i, (first, second) in enumerate(pairwise(layers)):
        if isinstance(first, _MONOTONE) and isinstance(second, nn.MaxPool2d):
            ordered[i], ordered[i + 1] = second, first
    return ordered
