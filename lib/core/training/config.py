"""What defines a training run: the network, the optimizer, the data and the device. Imports no torch."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from enum import StrEnum
from itertools import pairwise
from typing import Any

from lib.core.training.conv_block import (
    MAX_BLOCKS,
    BlockShape,
    ConvBlock,
    block_shapes,
    blocks_from_json,
    blocks_to_json,
    conv_text,
)
from lib.core.training.errors import ConfigError as ConfigError
from lib.core.training.errors import require_number, require_whole

IMAGE_PIXELS = 28 * 28
CLASSES = 10
TRAIN_IMAGES = 60_000
TEST_IMAGES = 10_000

MAX_HIDDEN_LAYERS = 4
MAX_HIDDEN_SIZE = 1024
MAX_BATCH_SIZE = 4096
MAX_EPOCHS = 50
MAX_LEARNING_RATE = 10.0
MAX_WEIGHT_DECAY = 1.0
MAX_SEED = 2**31 - 1
MIN_TRAIN_SHARE = 0.01
MAX_MACS = 16_000_000
"""For one image: minutes an epoch on one core."""
MAX_BATCH_VALUES = 2**25
"""Of all layers' outputs for one batch together: about 0.4 GB while it is trained."""


class Activation(StrEnum):
    """The non-linearity after each hidden layer, named as in ``torch.nn``."""

    RELU = "ReLU"
    TANH = "Tanh"
    SIGMOID = "Sigmoid"
    GELU = "GELU"


class OptimizerKind(StrEnum):
    """The update rule. Values are stable: they stand in addresses and in downloaded files."""

    ADAM = "Adam"
    ADAMW = "AdamW"
    SGD = "SGD"
    MOMENTUM = "SGD+momentum"
    NESTEROV = "Nesterov"
    RMSPROP = "RMSprop"
    ADAGRAD = "Adagrad"


MOMENTUM = 0.9
USUAL_RATES: dict[OptimizerKind, float] = {
    OptimizerKind.ADAM: 0.001,
    OptimizerKind.ADAMW: 0.001,
    OptimizerKind.SGD: 0.1,
    OptimizerKind.MOMENTUM: 0.01,
    OptimizerKind.NESTEROV: 0.01,
    OptimizerKind.RMSPROP: 0.001,
    OptimizerKind.ADAGRAD: 0.01,
}
"""Learning rates that one usually begins with. Plain SGD crawls at Adam's."""
USUAL_DECAYS: dict[OptimizerKind, float] = {OptimizerKind.ADAMW: 0.01}
"""Weight decays, 0 where none is named; without any AdamW is Adam."""

SOFTMAX_FLOOR = math.log(math.e + CLASSES - 1) - 1
"""Cross-entropy (nats) of logits that are probabilities: the best are a 1 and nine 0s. ln(e + 9) - 1 = 1.4612."""


def largest_batch(conv: Sequence[ConvBlock]) -> int:
    """How many images at a time a network with these blocks may be trained on.

    >>> largest_batch(()), largest_batch((ConvBlock(8), ConvBlock(16)))
    (4096, 2853)
    """
    values = sum(each.block.channels * (each.side_conv**2 + each.side_out**2) for each in block_shapes(conv))
    return min(MAX_BATCH_SIZE, MAX_BATCH_VALUES // values) if values else MAX_BATCH_SIZE


@dataclass(frozen=True)
class TrainConfig:
    """One MNIST training run, complete: the same config and seed on the same device give the same result.

    ``conv`` are the blocks before the linear layers; without any the network is an MLP. With ``softmax_first`` the
    loss is given probabilities instead of logits: a common mistake, as an experiment.

    >>> TrainConfig().layer_sizes
    (784, 50, 10)
    >>> TrainConfig(conv=(ConvBlock(8), ConvBlock(16)), hidden=()).layer_sizes
    (784, 10)
    >>> TrainConfig(hidden=(2048,))
    Traceback (most recent call last):
    ...
    lib.core.training.errors.ConfigError: hidden = 2048 is not possible; allowed: 1 to 1024, whole
    """

    hidden: tuple[int, ...] = (50,)
    activation: Activation = Activation.RELU
    optimizer: OptimizerKind = OptimizerKind.ADAM
    learning_rate: float = 0.001
    batch_size: int = 64
    epochs: int = 10
    weight_decay: float = 0.0
    seed: int = 0
    train_share: float = field(default=1.0, metadata={"unit": "fraction of the 60,000 training images"})
    device: str = "cpu"
    conv: tuple[ConvBlock, ...] = ()
    softmax_first: bool = False

    def __post_init__(self) -> None:
        if len(self.hidden) > MAX_HIDDEN_LAYERS:
            raise ConfigError("hidden", self.hidden, f"0 to {MAX_HIDDEN_LAYERS} layers")
        for size in self.hidden:
            require_whole("hidden", size, 1, MAX_HIDDEN_SIZE)
        if self.activation not in list(Activation):
            raise ConfigError("activation", self.activation, ", ".join(Activation))
        if self.optimizer not in list(OptimizerKind):
            raise ConfigError("optimizer", self.optimizer, ", ".join(OptimizerKind))
        require_number("learning_rate", self.learning_rate, 0, MAX_LEARNING_RATE, above=True)
        require_whole("batch_size", self.batch_size, 1, MAX_BATCH_SIZE)
        require_whole("epochs", self.epochs, 1, MAX_EPOCHS)
        require_number("weight_decay", self.weight_decay, 0, MAX_WEIGHT_DECAY)
        require_whole("seed", self.seed, 0, MAX_SEED)
        require_number("train_share", self.train_share, MIN_TRAIN_SHARE, 1.0)
        if not isinstance(self.device, str) or not self.device:
            raise ConfigError("device", self.device, "cpu, cuda:N, mps")
        self._require_small_blocks()
        object.__setattr__(self, "activation", Activation(self.activation))
        object.__setattr__(self, "optimizer", OptimizerKind(self.optimizer))

    def _require_small_blocks(self) -> None:
        if not self.conv:
            return
        if len(self.conv) > MAX_BLOCKS:
            raise ConfigError("conv", conv_text(self.conv), f"0 to {MAX_BLOCKS} blocks")
        if self.macs > MAX_MACS:
            raise ConfigError("conv", conv_text(self.conv), f"at most {MAX_MACS:,} MACs")
        most = largest_batch(self.conv)
        if self.batch_size > most:
            raise ConfigError("batch_size", self.batch_size, f"1 to {most}")

    @property
    def is_convolutional(self) -> bool:
        """Whether there are blocks of convolution before the linear layers."""
        return bool(self.conv)

    @property
    def conv_shapes(self) -> list[BlockShape]:
        """The blocks with the shapes between them."""
        return block_shapes(self.conv)

    @property
    def layer_sizes(self) -> tuple[int, ...]:
        """Units per linear layer, what the first of them takes and the output included."""
        shapes = self.conv_shapes
        features = shapes[-1].block.channels * shapes[-1].side_out ** 2 if shapes else IMAGE_PIXELS
        return (features, *self.hidden, CLASSES)

    @property
    def macs(self) -> int:
        """Multiplications with additions for one image.

        >>> TrainConfig().macs
        39700
        """
        linear = sum(fan_in * fan_out for fan_in, fan_out in pairwise(self.layer_sizes))
        return linear + sum(each.macs for each in self.conv_shapes)

    @property
    def train_images(self) -> int:
        """How many training images one epoch passes through.

        >>> TrainConfig(train_share=0.01).train_images
        600
        """
        return round(TRAIN_IMAGES * self.train_share)

    @property
    def steps_per_epoch(self) -> int:
        """Minibatches an epoch; the last one may be smaller, as in ``DataLoader(drop_last=False)``.

        >>> TrainConfig().steps_per_epoch
        938
        """
        return -(-self.train_images // self.batch_size)

    @property
    def total_steps(self) -> int:
        """Minibatches in the whole run.

        >>> TrainConfig().total_steps
        9380
        """
        return self.steps_per_epoch * self.epochs

    @property
    def parameter_count(self) -> int:
        """Weights and biases of all layers.

        >>> TrainConfig().parameter_count
        39760
        """
        linear = sum((fan_in + 1) * fan_out for fan_in, fan_out in pairwise(self.layer_sizes))
        return linear + sum(each.block.parameters(each.channels_in) for each in self.conv_shapes)

    @property
    def loss_floor(self) -> float:
        """What no minibatch's loss can fall below.

        >>> TrainConfig().loss_floor, round(TrainConfig(softmax_first=True).loss_floor, 4)
        (0.0, 1.4612)
        """
        return SOFTMAX_FLOOR if self.softmax_first else 0.0

    @property
    def held_bytes(self) -> int:
        """About what a training holds in memory beyond the data: parameters, gradients, the optimizer's, one batch's.

        >>> TrainConfig(hidden=(1024,) * 4).held_bytes // 2**20
        64
        """
        values = sum(each.block.channels * each.side_conv**2 for each in self.conv_shapes)
        values += IMAGE_PIXELS + sum(self.layer_sizes)
        return 4 * (4 * self.parameter_count + 3 * values * self.batch_size)

    @property
    def identity(self) -> str:
        """A digest: equal for equal configs, in any process and on any day.

        >>> TrainConfig().identity == TrainConfig(epochs=10).identity
        True
        """
        text = json.dumps(self.to_dict(), sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()[:16]

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values, the inverse of :meth:`from_dict`; what is absent by default is left out.

        >>> [name for name in TrainConfig().to_dict() if name in ("conv", "softmax_first")]
        []
        """
        plain = {each.name: getattr(self, each.name) for each in fields(TrainConfig)}
        plain["hidden"] = list(self.hidden)
        plain["conv"] = blocks_to_json(self.conv)
        absent = {name for name in ("conv", "softmax_first") if not plain[name]}
        return {name: plain[name] for name in plain if name not in absent}

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> TrainConfig:
        """A config from plain values; unknown names and impossible values raise ConfigError.

        >>> TrainConfig.from_dict(TrainConfig(hidden=(64, 32)).to_dict()).hidden
        (64, 32)
        """
        known = {f.name for f in fields(cls)}
        for name in values:
            if name not in known:
                raise ConfigError(name, values[name], ", ".join(sorted(known)))
        plain = dict(values)
        if "hidden" in plain:
            plain["hidden"] = tuple(plain["hidden"])
        if "conv" in plain:
            plain["conv"] = blocks_from_json(plain["conv"])
        return cls(**plain)
