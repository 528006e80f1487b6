"""The loop of every tutorial, unchanged: the oracle of the engine's tests, the baseline of its speed."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from pathlib import Path

import torch
from torch import nn
from torch.utils.data import DataLoader, Dataset, Subset

from lib.core.mnist import FOLDER, MD5
from lib.core.torchvision_compat import import_torchvision
from lib.core.training.config import TrainConfig
from lib.core.training.model import build_model
from lib.core.training.optimizers import torch_optimizer


def unpack_for_torchvision(root: Path) -> Path:
    """Put the bundled files where ``torchvision.datasets.MNIST(root)`` looks; returns ``root``."""
    raw = root / "MNIST" / "raw"
    raw.mkdir(parents=True, exist_ok=True)
    for name in MD5:
        (raw / name).write_bytes(gzip.decompress((FOLDER / f"{name}.gz").read_bytes()))
    return root


def torchvision_mnist(root: Path, *, train: bool) -> Dataset[tuple[torch.Tensor, int]]:
    """``datasets.MNIST`` with ``ToTensor``, as in tutorials."""
    torchvision = import_torchvision()
    dataset: Dataset[tuple[torch.Tensor, int]] = torchvision.datasets.MNIST(
        root, train=train, transform=torchvision.transforms.ToTensor()
    )
    return dataset


def make_loader(
    config: TrainConfig, dataset: Dataset[tuple[torch.Tensor, int]]
) -> DataLoader[tuple[torch.Tensor, int]]:
    """The shuffling loader over the first ``config.train_images`` images."""
    return DataLoader(
        Subset(dataset, range(config.train_images)),
        batch_size=config.batch_size,
        shuffle=True,
        generator=torch.Generator().manual_seed(config.seed),
    )


def textbook_steps(
    config: TrainConfig, dataset: Dataset[tuple[torch.Tensor, int]]
) -> Iterator[tuple[nn.Sequential, float]]:
    """After each step of the whole run: the model (one and the same) and the minibatch's loss."""
    device = torch.device(config.device)
    model = build_model(config).to(device)
    loader = make_loader(config, dataset)
    criterion = nn.CrossEntropyLoss()
    optimizer = torch_optimizer(config, list(model.parameters()))
    for _ in range(config.epochs):
        for images, labels in loader:
            images, labels = images.to(device), labels.to(device)
            logits = model(images)
            loss = criterion(logits.softmax(dim=1) if config.softmax_first else logits, labels)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            yield model, loss.item()
