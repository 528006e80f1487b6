"""The trained networks that come with the explorer, trained by the engine itself: an MLP and a small CNN.

``python -m lib.core.training.bundled`` (``make weights``) trains them anew and writes them to assets/models.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from safetensors import safe_open

from lib.core.bundled_files import BundledFileError, reading
from lib.core.mnist import load_mnist
from lib.core.training.config import TrainConfig
from lib.core.training.conv_block import ConvBlock
from lib.core.training.evaluate import final_line
from lib.core.training.export import weights_safetensors
from lib.core.training.reports import FinalReport

FOLDER = Path(__file__).resolve().parents[3] / "assets" / "models"


@dataclass(frozen=True)
class Recipe:
    """A bundled network: its file in assets/models, and the settings that it is trained with."""

    file: str
    config: TrainConfig

    @property
    def path(self) -> Path:
        """Where it lies."""
        return FOLDER / self.file


MLP = Recipe("mnist_mlp.safetensors", TrainConfig())
CNN = Recipe(
    "mnist_cnn.safetensors",
    TrainConfig(
        conv=(ConvBlock(8, kernel=5, padding=2), ConvBlock(16, kernel=5, padding=2)), hidden=(), epochs=8
    ),
)


@dataclass(frozen=True, eq=False)
class Trained:
    """A network's settings and its weights, named as in ``build_model(config).state_dict()``."""

    config: TrainConfig
    weights: dict[str, NDArray[np.float32]]


def read_weights(path: Path) -> Trained:
    """Weights with the settings that stand beside them in the file.

    Raises: BundledFileError where it is missing or damaged.
    """
    with reading(path), safe_open(path, framework="numpy") as file:
        config = TrainConfig.from_dict(json.loads(file.metadata()["config"]))
        return Trained(config, {name: file.get_tensor(name) for name in file.keys()})  # noqa: SIM118


@cache
def bundled(recipe: Recipe = MLP) -> Trained:
    """A bundled network.

    >>> {name: weight.shape for name, weight in sorted(bundled().weights.items())}
    {'1.bias': (50,), '1.weight': (50, 784), '3.bias': (10,), '3.weight': (10, 50)}
    >>> bundled(CNN).weights["0.weight"].shape
    (8, 1, 5, 5)
    """
    return read_weights(recipe.path)


def bundled_problem(recipe: Recipe) -> BundledFileError | None:
    """Why a bundled network cannot be used; None where it can.

    >>> bundled_problem(MLP) is None
    True
    """
    try:
        bundled(recipe)
    except BundledFileError as error:
        return error
    return None


def train_bundled(recipe: Recipe = MLP) -> tuple[Trained, int]:
    """Train it: the network, and how many of the 10,000 test images it gets right."""
    from lib.core.training.engine import train

    *_, final = train(recipe.config)
    assert isinstance(final, FinalReport)
    correct = int((final.predictions == load_mnist().test_labels).sum())
    return Trained(recipe.config, final.weights), correct


def main() -> None:
    """Train and write."""
    for recipe in (MLP, CNN):
        trained, correct = train_bundled(recipe)
        recipe.path.parent.mkdir(parents=True, exist_ok=True)
        recipe.path.write_bytes(weights_safetensors(trained.config, trained.weights))
        print(f"{final_line(correct, len(load_mnist().test_labels))}: {recipe.file}", flush=True)


if __name__ == "__main__":
    main()
