"""MNIST as tensors on a device, and the order in which a textbook's DataLoader would visit it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import torch
from torch import Tensor

from lib.core.mnist import load_mnist
from lib.core.training.config import IMAGE_PIXELS


@dataclass(frozen=True)
class MnistTensors:
    """Bytes, not floats: a quarter of the memory. Images (N, 784) uint8, labels (N,) int64."""

    train_images: Tensor
    train_labels: Tensor
    test_images: Tensor
    test_labels: Tensor


@lru_cache(maxsize=2)
def mnist_tensors(device: str = "cpu") -> MnistTensors:
    """MNIST on a device, kept for the next run of this process.

    >>> mnist_tensors().train_images.shape
    torch.Size([60000, 784])

    Raises: MnistFileError where a file is missing or damaged.
    """
    mnist = load_mnist()
    where = torch.device(device)

    def images(pixels: object) -> Tensor:
        return torch.tensor(pixels).view(-1, IMAGE_PIXELS).to(where)

    def labels(values: object) -> Tensor:
        return torch.tensor(values).long().to(where)

    return MnistTensors(
        images(mnist.train_images),
        labels(mnist.train_labels),
        images(mnist.test_images),
        labels(mnist.test_labels),
    )


def epoch_orders(count: int, seed: int) -> Iterator[Tensor]:
    """For each epoch, the order (count,) in which a shuffling DataLoader visits ``count`` samples.

    The loader is ``DataLoader(data, batch_size, shuffle=True, generator=g)`` without workers, where ``g`` is
    ``torch.Generator().manual_seed(seed)``. It draws from ``g`` three times an epoch: once for the workers'
    base seed, once for the permutation, and once by the sampler for an empty remainder.

    >>> next(epoch_orders(4, seed=0)).sort().values
    tensor([0, 1, 2, 3])

    Source: torch.utils.data, RandomSampler and _BaseDataLoaderIter.
    """
    generator = torch.Generator().manual_seed(seed)
    while True:
        torch.empty((), dtype=torch.int64).random_(generator=generator)
        yield torch.randperm(count, generator=generator)
        torch.randperm(count, generator=generator)
