"""The trained network that comes with the explorer: the default settings, trained by the engine itself.

``python -m lib.core.training.bundled`` (``make weights``) trains it anew and writes it to assets/models.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from safetensors import safe_open

from lib.core.mnist import load_mnist
from lib.core.training.config import TrainConfig
from lib.core.training.evaluate import final_line
from lib.core.training.export import weights_safetensors

FILE = Path(__file__).resolve().parents[3] / "assets" / "models" / "mnist_mlp.safetensors"
CONFIG = TrainConfig()


@dataclass(frozen=True, eq=False)
class Trained:
    """A network's settings and its weights, named as in ``build_model(config).state_dict()``."""

    config: TrainConfig
    weights: dict[str, NDArray[np.float32]]


def read_weights(path: Path) -> Trained:
    """Weights with the settings that stand beside them in the file."""
    with safe_open(path, framework="numpy") as file:
        config = TrainConfig.from_dict(json.loads(file.metadata()["config"]))
        return Trained(config, {name: file.get_tensor(name) for name in file.keys()})  # noqa: SIM118


@cache
def bundled() -> Trained:
    """The bundled network.

    >>> {name: weight.shape for name, weight in sorted(bundled().weights.items())}
    {'1.bias': (50,), '1.weight': (50, 784), '3.bias': (10,), '3.weight': (10, 50)}
    """
    return read_weights(FILE)


def train_bundled() -> tuple[Trained, int]:
    """Train it: the network, and how many of the 10,000 test images it gets right."""
    from lib.core.training.engine import train

    *_, final = train(CONFIG)
    correct = int((final.predictions == load_mnist().test_labels).sum())  # type: ignore[union-attr]
    return Trained(CONFIG, final.weights), correct  # type: ignore[union-attr]


def main() -> None:
    """Train and write."""
    trained, correct = train_bundled()
    FILE.parent.mkdir(parents=True, exist_ok=True)
    FILE.write_bytes(weights_safetensors(trained.config, trained.weights))
    print(f"{final_line(correct, len(load_mnist().test_labels))}: {FILE.name}")


if __name__ == "__main__":
    main()
