"""What defines a training run: the network, the optimizer, the data and the device. Imports no torch."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from enum import StrEnum
from itertools import pairwise
from typing import Any

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


@dataclass(eq=False)
class ConfigError(ValueError):
    """A setting outside what is allowed: which one, what it was, and what is allowed.

    ``allowed`` is language-neutral ("1 to 1024", "ReLU, Tanh, ..."); the page words the rest.
    """

    setting: str
    value: object
    allowed: str

    def __str__(self) -> str:
        return f"{self.setting} = {self.value!r} is not possible; allowed: {self.allowed}"


def _require_whole(setting: str, value: object, low: int, high: int) -> None:
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        raise ConfigError(setting, value, f"{low} to {high}, whole")


def _require_number(setting: str, value: object, low: float, high: float, *, above: bool = False) -> None:
    legal = isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
    if not legal or not low <= float(value) <= high or (above and float(value) == low):  # type: ignore[arg-type]
        raise ConfigError(setting, value, f"{'above ' if above else ''}{low:g} to {high:g}")


@dataclass(frozen=True)
class TrainConfig:
    """One MNIST training run, complete: the same config and seed on the same device give the same result.

    >>> TrainConfig().layer_sizes
    (784, 50, 10)
    >>> TrainConfig(hidden=(2048,))
    Traceback (most recent call last):
    ...
    lib.core.training.config.ConfigError: hidden = 2048 is not possible; allowed: 1 to 1024, whole
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

    def __post_init__(self) -> None:
        if len(self.hidden) > MAX_HIDDEN_LAYERS:
            raise ConfigError("hidden", self.hidden, f"0 to {MAX_HIDDEN_LAYERS} layers")
        for size in self.hidden:
            _require_whole("hidden", size, 1, MAX_HIDDEN_SIZE)
        if self.activation not in list(Activation):
            raise ConfigError("activation", self.activation, ", ".join(Activation))
        if self.optimizer not in list(OptimizerKind):
            raise ConfigError("optimizer", self.optimizer, ", ".join(OptimizerKind))
        _require_number("learning_rate", self.learning_rate, 0, MAX_LEARNING_RATE, above=True)
        _require_whole("batch_size", self.batch_size, 1, MAX_BATCH_SIZE)
        _require_whole("epochs", self.epochs, 1, MAX_EPOCHS)
        _require_number("weight_decay", self.weight_decay, 0, MAX_WEIGHT_DECAY)
        _require_whole("seed", self.seed, 0, MAX_SEED)
        _require_number("train_share", self.train_share, MIN_TRAIN_SHARE, 1.0)
        if not isinstance(self.device, str) or not self.device:
            raise ConfigError("device", self.device, "cpu, cuda:N, mps")
        object.__setattr__(self, "activation", Activation(self.activation))
        object.__setattr__(self, "optimizer", OptimizerKind(self.optimizer))

    @property
    def layer_sizes(self) -> tuple[int, ...]:
        """Units per layer, input and output included."""
        return (IMAGE_PIXELS, *self.hidden, CLASSES)

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
        sizes = self.layer_sizes
        return sum((fan_in + 1) * fan_out for fan_in, fan_out in pairwise(sizes))

    @property
    def identity(self) -> str:
        """A digest: equal for equal configs, in any process and on any day.

        >>> TrainConfig().identity == TrainConfig(epochs=10).identity
        True
        """
        text = json.dumps(self.to_dict(), sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()[:16]

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values, the inverse of :meth:`from_dict`."""
        return {**asdict(self), "hidden": list(self.hidden)}

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
        return cls(**plain)
