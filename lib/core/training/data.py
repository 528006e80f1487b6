"""MNIST as tensors on a device, and the order in which a textbook's DataLoader would visit it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from lib.core.mnist import load_mnist
from lib.core.training.config import IMAGE_PIXELS
from lib.core.training.picture_codec import CONFUSION_DIGITS


@dataclass(frozen=True)
class LitPixels:
    """Images to be read over and over, without the pixels that are 0 in all of them: those add nothing to a sum.

    ``values`` float32 (N, K), from 0 to 255; ``places`` int64 (K,), where they lie among the 784.
    """

    values: Tensor
    places: Tensor


@dataclass(frozen=True)
class MnistTensors:
    """Bytes, not floats: a quarter of the memory. Images (N, 784) uint8, labels (N,) int64."""

    train_images: Tensor
    train_labels: Tensor
    test_images: Tensor
    test_labels: Tensor

    @cached_property
    def confusion_pixels(self) -> LitPixels:
        """Of the first test images, which every picture of a training reads.

        >>> mnist_tensors().confusion_pixels.values.shape
        torch.Size([1000, 599])
        """
        images = self.test_images[:CONFUSION_DIGITS]
        places = images.any(dim=0).nonzero()[:, 0]
        return LitPixels(images[:, places].float(), places)


@lru_cache(maxsize=2)
def mnist_tensors(device: str = "cpu") -> MnistTensors:
    """MNIST on a device, kept for the next run of this process.

    >>> mnist_tensors().train_images.shape
    torch.Size([60000, 784])

    Raises: MnistFileError where a file is missing or damaged.
    """
    mnist = load_mnist()
    where = torch.device(device)

    def images(pixels: NDArray[np.uint8]) -> Tensor:
        return torch.from_numpy(pixels).view(-1, IMAGE_PIXELS).to(where)

    def labels(values: object) -> Tensor:
        return torch.tensor(values).long().to(where)

    return MnistTensors(
        images(mnist.train_images),
        labels(mnist.train_labels),
        images(mnist.test_images),
        labels(mnist.test_labels),
    )


class EpochOrders:
    """For each epoch, the order (count,) in which a shuffling DataLoader visits ``count`` samples.

    The loader is ``DataLoader(data, batch_size, shuffle=True, generator=g)`` without workers, where ``g`` is
    ``torch.Generator().manual_seed(seed)``. It draws from ``g`` three times an epoch: once for the workers'
    base seed, once for the permutation, and once by the sampler for an empty remainder.

    >>> next(EpochOrders(4, seed=0)).sort().values
    tensor([0, 1, 2, 3])

    Source: torch.utils.data, RandomSampler and _BaseDataLoaderIter.
    """

    def __init__(self, count: int, seed: int) -> None:
        self._count = count
        self._generator = torch.Generator().manual_seed(seed)

    def __iter__(self) -> EpochOrders:
        return self

    def __next__(self) -> Tensor:
        torch.empty((), dtype=torch.int64).random_(generator=self._generator)
        order = torch.randperm(self._count, generator=self._generator)
        torch.randperm(self._count, generator=self._generator)
        return order

    @property
    def state(self) -> Tensor:
        """A copy of the generator's state, uint8: the next order follows from it."""
        return self._generator.get_state()

    @state.setter
    def state(self, value: Tensor) -> None:
        self._generator.set_state(value)
