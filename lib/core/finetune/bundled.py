"""The base networks that come with the explorer: trained on the digits 0 to 4.

``python -m lib.core.finetune.bundled`` (``make weights``) trains them anew and writes them to assets/models.
"""

from __future__ import annotations

import sys
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from lib.core.bundled_files import reading
from lib.core.finetune.config import BATCH, OLD_CLASSES, Base

FOLDER = Path(__file__).resolve().parents[3] / "assets" / "models"
EPOCHS = 2
LEARNING_RATE = 0.002
Weights = dict[str, NDArray[np.float32]]


def weights_file(base: Base) -> Path:
    """Where a base network's weights lie."""
    return FOLDER / f"digits_0_to_4_{base}.safetensors"


@cache
def base_weights(base: Base) -> Weights:
    """The weights and batch norm's running statistics, named as in ``state_dict()``.

    >>> base_weights(Base.PLAIN)["head.weight"].shape
    (5, 784)

    Raises: BundledFileError where the file is missing or damaged.
    """
    from safetensors.numpy import load_file

    path = weights_file(base)
    with reading(path):
        return load_file(path)


def train_base(base: Base) -> Weights:
    """Train a base network here and now. Imports torch."""
    import torch
    from torch.nn import functional as F

    from lib.core.finetune.network import build
    from lib.core.finetune.training import images_of
    from lib.core.mnist import load_mnist

    mnist = load_mnist()
    images = images_of(mnist.train_images, mnist.train_labels, OLD_CLASSES)
    torch.manual_seed(0)
    model = build(base, len(OLD_CLASSES))
    optimizer = torch.optim.Adam(model.parameters(), lr=LEARNING_RATE)
    for _ in range(EPOCHS):
        order = torch.randperm(len(images.labels))
        for start in range(0, len(order), 2 * BATCH):
            places = order[start : start + 2 * BATCH]
            loss = F.cross_entropy(model(images.pictures[places]), images.labels[places])
            optimizer.zero_grad()
            torch.autograd.backward(loss)
            optimizer.step()
    return {name: values.numpy() for name, values in model.state_dict().items()}


def main() -> int:
    """Train both and write them."""
    from safetensors.numpy import save_file

    for base in Base:
        save_file(train_base(base), weights_file(base))
        print(f"{weights_file(base).name}: {weights_file(base).stat().st_size:,} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main())
