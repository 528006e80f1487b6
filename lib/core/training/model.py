"""The network as PyTorch's own modules: the oracle for the fast engine, and its source of initial weights."""

from __future__ import annotations

from itertools import pairwise

import torch
from torch import nn

from lib.core.training.config import Activation, TrainConfig
from lib.core.training.conv_block import POOL_WINDOW, BlockShape, Pooling

ACTIVATIONS: dict[Activation, type[nn.Module]] = {
    Activation.RELU: nn.ReLU,
    Activation.TANH: nn.Tanh,
    Activation.SIGMOID: nn.Sigmoid,
    Activation.GELU: nn.GELU,
}


POOLS: dict[Pooling, type[nn.Module]] = {Pooling.MAX: nn.MaxPool2d, Pooling.AVERAGE: nn.AvgPool2d}


def build_model(config: TrainConfig) -> nn.Sequential:
    """Blocks of convolution where there are any, Flatten, Linear layers: (N, 1, 28, 28) -> (N, 10).

    A block is Conv2d, BatchNorm2d if wanted, the activation, pooling if wanted; between two Linear layers
    stands an activation. The weights are what ``torch.manual_seed(config.seed)`` and then this construction
    give; the caller's random state stays as it was.

    >>> [tuple(p.shape) for p in build_model(TrainConfig()).parameters()]
    [(50, 784), (50,), (10, 50), (10,)]
    >>> from lib.core.training.conv_block import ConvBlock
    >>> [type(layer).__name__ for layer in build_model(TrainConfig(conv=(ConvBlock(8),), hidden=()))]
    ['Conv2d', 'ReLU', 'MaxPool2d', 'Flatten', 'Linear']
    """
    activation = ACTIVATIONS[config.activation]
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(config.seed)
        layers: list[nn.Module] = []
        for shape in config.conv_shapes:
            layers += _block(shape, activation)
        layers.append(nn.Flatten())
        for i, (fan_in, fan_out) in enumerate(pairwise(config.layer_sizes)):
            if i:
                layers.append(activation())
            layers.append(nn.Linear(fan_in, fan_out))
        return nn.Sequential(*layers)


def _block(shape: BlockShape, activation: type[nn.Module]) -> list[nn.Module]:
    block = shape.block
    layers: list[nn.Module] = [
        nn.Conv2d(shape.channels_in, block.channels, block.kernel, padding=block.padding)
    ]
    if block.batch_norm:
        layers.append(nn.BatchNorm2d(block.channels))
    layers.append(activation())
    if block.pool is not Pooling.NONE:
        layers.append(POOLS[block.pool](POOL_WINDOW))
    return layers
