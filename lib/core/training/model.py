"""The network as PyTorch's own modules: the oracle for the fast engine, and its source of initial weights."""

from __future__ import annotations

from itertools import pairwise

import torch
from torch import nn

from lib.core.training.config import Activation, TrainConfig

ACTIVATIONS: dict[Activation, type[nn.Module]] = {
    Activation.RELU: nn.ReLU,
    Activation.TANH: nn.Tanh,
    Activation.SIGMOID: nn.Sigmoid,
    Activation.GELU: nn.GELU,
}


def build_model(config: TrainConfig) -> nn.Sequential:
    """Flatten, then Linear layers with an activation between each two: (N, 1, 28, 28) -> (N, 10).

    The weights are what ``torch.manual_seed(config.seed)`` and then this construction give; the caller's
    random state stays as it was.

    >>> [tuple(p.shape) for p in build_model(TrainConfig()).parameters()]
    [(50, 784), (50,), (10, 50), (10,)]
    """
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(config.seed)
        layers: list[nn.Module] = [nn.Flatten()]
        for fan_in, fan_out in pairwise(config.layer_sizes):
            if len(layers) > 1:
                layers.append(ACTIVATIONS[config.activation]())
            layers.append(nn.Linear(fan_in, fan_out))
        return nn.Sequential(*layers)
