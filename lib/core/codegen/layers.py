"""The layers of a run's network as code, one ``nn`` module each. Imports no torch."""

from __future__ import annotations

from itertools import pairwise

from lib.core.training.config import TrainConfig
from lib.core.training.conv_block import POOL_WINDOW, BlockShape, Pooling

_POOLS = {Pooling.MAX: "MaxPool2d", Pooling.AVERAGE: "AvgPool2d"}


def layer_codes(config: TrainConfig) -> list[str]:
    """What stands in ``nn.Sequential(...)``, in the order of ``lib.core.training.model.build_model``.

    >>> layer_codes(TrainConfig())
    ['nn.Flatten()', 'nn.Linear(784, 50)', 'nn.ReLU()', 'nn.Linear(50, 10)']
    """
    activation = f"nn.{config.activation}()"
    codes: list[str] = []
    for shape in config.conv_shapes:
        codes += _block(shape, activation)
    codes.append("nn.Flatten()")
    for i, (fan_in, fan_out) in enumerate(pairwise(config.layer_sizes)):
        if i:
            codes.append(activation)
        codes.append(f"nn.Linear({fan_in}, {fan_out})")
    return codes


def _block(shape: BlockShape, activation: str) -> list[str]:
    block = shape.block
    padding = f", padding={block.padding}" if block.padding else ""
    codes = [f"nn.Conv2d({shape.channels_in}, {block.channels}, kernel_size={block.kernel}{padding})"]
    if block.batch_norm:
        codes.append(f"nn.BatchNorm2d({block.channels})")
    codes.append(activation)
    if block.pool is not Pooling.NONE:
        codes.append(f"nn.{_POOLS[block.pool]}({POOL_WINDOW})")
    return codes
