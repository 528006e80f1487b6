"""A trained network as PyTorch's own modules, and what it says of a batch of images. Imports torch."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from lib.core.digits.prepare import SIDE
from lib.core.training.config import TrainConfig
from lib.core.training.model import build_model

Floats = NDArray[np.float32]


def load_classifier(config: TrainConfig, weights: Mapping[str, Floats]) -> nn.Sequential:
    """The network of a config with trained weights, ready to predict: (N, 784) or (N, 1, 28, 28) -> (N, 10).

    >>> from lib.core.training.bundled import bundled
    >>> model = load_classifier(bundled().config, bundled().weights)
    >>> model(torch.zeros(2, 784)).shape
    torch.Size([2, 10])
    """
    model = _OnImages(*build_model(config)) if config.is_convolutional else build_model(config)
    model.load_state_dict({name: torch.tensor(values) for name, values in weights.items()})
    return model.requires_grad_(False).eval()


class _OnImages(nn.Sequential):
    """Layers that want (N, 1, 28, 28), given rows of 784 pixels, too."""

    def forward(self, rows: Tensor) -> Tensor:
        """(N, 784) or (N, 1, 28, 28) -> (N, 10)."""
        images: Tensor = super().forward(rows.view(-1, 1, SIDE, SIDE))  # type: ignore[no-untyped-call]
        return images


@dataclass(frozen=True, eq=False)
class Answer:
    """What a network says of one image: ``logits`` and ``probabilities`` (10,) float32."""

    logits: Floats
    probabilities: Floats

    @property
    def is_number(self) -> bool:
        """Whether it is an answer at all: a network whose training diverged has NaN or infinity for logits."""
        return bool(np.isfinite(self.logits).all())

    @property
    def digit(self) -> int:
        """The class with the largest logit."""
        return int(self.logits.argmax())

    @property
    def confidence(self) -> float:
        """The probability of that class, 0 to 1."""
        return float(self.probabilities[self.digit])


@torch.inference_mode()
def answer(model: nn.Sequential, pixels: Floats) -> Answer:
    """(784,) pixels from 0 to 1 -> logits and their softmax."""
    logits: Tensor = model(torch.from_numpy(pixels).view(1, -1))[0]
    return Answer(logits.numpy(), logits.softmax(dim=0).numpy())


@torch.inference_mode()
def predict(model: nn.Sequential, images: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """(N, 28, 28) uint8 -> (N,) predicted digits."""
    if not len(images):
        return np.zeros(0, np.uint8)
    rows = torch.tensor(images).view(len(images), -1) / 255
    return np.asarray(model(rows).argmax(dim=1).to(torch.uint8).numpy())
