"""Some of MNIST's test digits to choose from: a few of each class. Imports no torch."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from lib.core.mnist import load_mnist
from lib.core.training.config import CLASSES

OF_EACH = 3


@dataclass(frozen=True, eq=False)
class Samples:
    """Numbers of test images, their labels, and their pixels (N, 28, 28): 0 to 9, then 0 to 9 again, ..."""

    numbers: tuple[int, ...]
    labels: tuple[int, ...]
    pixels: NDArray[np.uint8]


@cache
def sample_digits() -> Samples:
    """The first test images of each class.

    >>> sample_digits().numbers[:3], sample_digits().labels[:3], len(sample_digits().pixels)
    ((3, 2, 1), (0, 1, 2), 30)

    Raises: MnistFileError where MNIST's files are missing or damaged.
    """
    mnist = load_mnist()
    found = np.stack([np.flatnonzero(mnist.test_labels == digit)[:OF_EACH] for digit in range(CLASSES)])
    numbers = found.T.reshape(-1)
    return Samples(
        tuple(int(number) for number in numbers),
        tuple(int(label) for label in mnist.test_labels[numbers]),
        mnist.test_images[numbers],
    )
