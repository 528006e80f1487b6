"""What the tests of the engine share: MNIST as a dataset, and the engine run to its end."""

from __future__ import annotations

import numpy as np
import torch

from lib.core.training.config import TrainConfig
from lib.core.training.data import mnist_tensors
from lib.core.training.engine import train
from lib.core.training.reports import FinalReport, StepsReport


class AsTensors(torch.utils.data.Dataset[tuple[torch.Tensor, int]]):
    """What ToTensor gives, without its cost: that it is exactly that, test_mnist shows."""

    def __getitem__(self, index: int) -> tuple[torch.Tensor, int]:
        data = mnist_tensors()
        image = data.train_images[index].float().div(255).view(1, 28, 28)
        return image, int(data.train_labels[index])

    def __len__(self) -> int:
        return 60_000


def engine_weights_after(config: TrainConfig, steps: int) -> tuple[dict[str, np.ndarray], np.ndarray]:
    """Weights and losses of the engine where the run ends after ``steps`` steps."""
    assert config.total_steps == steps
    losses, final = [], None
    for report in train(config, chunk_steps=lambda: 7):
        if isinstance(report, StepsReport):
            losses.append(report.losses)
        elif isinstance(report, FinalReport):
            final = report
    assert final is not None
    return final.weights, np.concatenate(losses)
