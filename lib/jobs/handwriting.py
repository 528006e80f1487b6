"""Fine-tuning on a learner's digits as a work of :mod:`lib.jobs`. Imports torch: for workers only."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import torch

from lib.core.training.config import IMAGE_PIXELS
from lib.core.training.data import MnistTensors, mnist_tensors
from lib.core.training.engine import Training
from lib.core.training.handwriting import HandwritingConfig
from lib.jobs.training import reports_of
from lib.jobs.work import Keeper


def handwriting_data(config: HandwritingConfig) -> MnistTensors:
    """The digits, ``copies`` times, then MNIST's; tested on MNIST's 10,000 test images as every run is."""
    mnist = mnist_tensors(config.device)
    images = torch.frombuffer(bytearray(config.images), dtype=torch.uint8).view(-1, IMAGE_PIXELS)
    labels = torch.frombuffer(bytearray(config.labels), dtype=torch.uint8).long()
    own_images = images.repeat(config.copies, 1).to(config.device)
    own_labels = labels.repeat(config.copies).to(config.device)
    return replace(
        mnist,
        train_images=torch.cat([own_images, mnist.train_images[: config.mixed]]),
        train_labels=torch.cat([own_labels, mnist.train_labels[: config.mixed]]),
    )


def train(
    config: HandwritingConfig, *, chunk_steps: Callable[[], int], keeper: Keeper | None = None
) -> Iterator[object]:
    """The engine's reports, from the given weights on."""
    training = Training(config, handwriting_data(config), start=config.start)
    return reports_of(training, config, chunk_steps, keeper)
