"""The MNIST program in nine steps, as a learner would write it, for the settings at hand. Imports no torch.

The program gives the engine's numbers: the same seed before the model is made, the same shuffling generator.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from lib.core.codegen.functional_network import functional_network, sizes_of
from lib.core.codegen.layers import layer_codes
from lib.core.codegen.torchvision_import import WITHOUT_INTERNET, torchvision_import
from lib.core.training.config import MOMENTUM, TRAIN_IMAGES, OptimizerKind, TrainConfig

STEP_KEYS = (
    "imports",
    "network",
    "device",
    "hyperparameters",
    "data",
    "loss",
    "training",
    "evaluation",
    "images",
)


@dataclass(frozen=True)
class CodeStep:
    """One of the nine: its number, its key in the lesson, its code without a newline at the end."""

    number: int
    key: str
    code: str


class Style(StrEnum):
    """How the network is written: its layers in a row, or called one after the other in ``forward``."""

    SEQUENTIAL = "sequential"
    FUNCTIONAL = "functional"


def nine_steps(config: TrainConfig, style: Style = Style.SEQUENTIAL) -> tuple[CodeStep, ...]:
    """The program in order: joined by empty lines, the steps are the whole of it.

    >>> [step.key for step in nine_steps(TrainConfig())][:2]
    ['imports', 'network']
    """
    codes = (
        _imports(config, style),
        _network(config, style),
        _device(config),
        _hyperparameters(config),
        _data(config),
        _loss(config, style),
        _training(config),
        _EVALUATION,
        _IMAGES,
    )
    pairs = zip(STEP_KEYS, codes, strict=True)
    return tuple(CodeStep(i, key, code.strip("\n")) for i, (key, code) in enumerate(pairs, start=1))


def script(config: TrainConfig, style: Style = Style.SEQUENTIAL) -> str:
    """The whole program as one file.

    >>> script(TrainConfig()).splitlines()[0]
    '# 1. imports'
    """
    return (
        "\n\n".join(f"# {step.number}. {step.key}\n{step.code}" for step in nine_steps(config, style)) + "\n"
    )


def notebook(
    config: TrainConfig, titles: Sequence[str], prose: Sequence[str], style: Style = Style.SEQUENTIAL
) -> str:
    """The program as a Jupyter notebook (nbformat 4.5): a text cell and a code cell for each step.

    ``titles`` and ``prose`` are nine each, in the learner's language.
    """
    cells: list[dict[str, object]] = []
    for step, title, text in zip(nine_steps(config, style), titles, prose, strict=True):
        cells.append(
            {
                "cell_type": "markdown",
                "id": f"text-{step.number}",
                "metadata": {},
                "source": f"## {step.number}. {title}\n\n{text}",
            }
        )
        cells.append(
            {
                "cell_type": "code",
                "id": f"code-{step.number}",
                "metadata": {},
                "execution_count": None,
                "outputs": [],
                "source": step.code,
            }
        )
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    metadata = {"kernelspec": kernel, "language_info": {"name": "python"}}
    document = {"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}
    return json.dumps(document, ensure_ascii=False, indent=1)


def _imports(config: TrainConfig, style: Style) -> str:
    loader = "DataLoader, Subset" if _is_share(config) else "DataLoader"
    functional = "import torch.nn.functional as F\n" if style is Style.FUNCTIONAL else ""
    return f"""
import os

import matplotlib.pyplot as plt
import numpy as np
import torch
{functional}from torch import nn, optim
from torch.utils.data import {loader}

{torchvision_import("datasets, transforms")}
"""


def _is_share(config: TrainConfig) -> bool:
    return config.train_images < TRAIN_IMAGES


def _network(config: TrainConfig, style: Style) -> str:
    if style is Style.FUNCTIONAL:
        return functional_network(config)
    layers = "\n".join(f"            {layer}," for layer in layer_codes(config))
    return f"""
class Network(nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = nn.Sequential(
{layers}
        )

    def forward(self, images):
        return self.layers(images)
"""


_EXACT = """
torch.backends.cudnn.conv.fp32_precision = "ieee"  # as on the page: a GPU's convolutions else round to TF32,
torch.backends.cudnn.deterministic = True  # and may add up in another order each time"""


def _device(config: TrainConfig) -> str:
    threads = "torch.set_num_threads(1)  # as on the page: several threads add up in another order"
    if config.device.startswith("mps"):
        return f'device = torch.device("mps" if torch.backends.mps.is_available() else "cpu")\n{threads}'
    kind = config.device if config.device.startswith("cuda") else "cuda"
    exact = _EXACT if config.device.startswith("cuda") and config.is_convolutional else ""
    return f'device = torch.device("{kind}" if torch.cuda.is_available() else "cpu")\n{threads}{exact}'


def _hyperparameters(config: TrainConfig) -> str:
    return f"""
learning_rate = {config.learning_rate!r}
batch_size = {config.batch_size}
epochs = {config.epochs}
seed = {config.seed}
"""


def _data(config: TrainConfig) -> str:
    share = f"train_set = Subset(train_set, range({config.train_images}))\n" if _is_share(config) else ""
    return f"""
{WITHOUT_INTERNET}
root = os.environ.get("MNIST_ROOT", "data")
train_set = datasets.MNIST(root, train=True, transform=transforms.ToTensor(), download=True)
test_set = datasets.MNIST(root, train=False, transform=transforms.ToTensor(), download=True)
{share}train_loader = DataLoader(
    train_set, batch_size=batch_size, shuffle=True, generator=torch.Generator().manual_seed(seed)
)
test_loader = DataLoader(test_set, batch_size=1000)
"""


_CLASSES = {
    OptimizerKind.ADAM: ("Adam", ""),
    OptimizerKind.ADAMW: ("AdamW", ""),
    OptimizerKind.SGD: ("SGD", ""),
    OptimizerKind.MOMENTUM: ("SGD", f", momentum={MOMENTUM}"),
    OptimizerKind.NESTEROV: ("SGD", f", momentum={MOMENTUM}, nesterov=True"),
    OptimizerKind.RMSPROP: ("RMSprop", ""),
    OptimizerKind.ADAGRAD: ("Adagrad", ""),
}


def _loss(config: TrainConfig, style: Style) -> str:
    name, options = _CLASSES[config.optimizer]
    # AdamW alone decays by default: there a 0 must be said.
    if config.weight_decay or config.optimizer is OptimizerKind.ADAMW:
        options += f", weight_decay={config.weight_decay!r}"
    made = "Network()"
    if style is Style.FUNCTIONAL:
        input_size, num_classes = sizes_of(config)
        made = f"Network(input_size={input_size}, num_classes={num_classes})"
    return f"""
torch.manual_seed(seed)
model = {made}.to(device)
criterion = nn.CrossEntropyLoss()
optimizer = optim.{name}(model.parameters(), lr=learning_rate{options})
"""


_PLAIN = "        loss = criterion(model(images), labels)\n"
_SOFTMAX_FIRST = """        # The experiment: CrossEntropyLoss expects logits, and here it is given their softmax.
        loss = criterion(model(images).softmax(dim=1), labels)
"""


def _training(config: TrainConfig) -> str:
    return _TRAINING.replace(_PLAIN, _SOFTMAX_FIRST) if config.softmax_first else _TRAINING


_TRAINING = """
for epoch in range(1, epochs + 1):
    model.train()
    total_loss = 0.0
    for images, labels in train_loader:
        images, labels = images.to(device), labels.to(device)
        loss = criterion(model(images), labels)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        total_loss += loss.item() * len(labels)
    print(f"epoch {epoch}: mean loss {total_loss / len(train_loader.dataset):.6f}")
"""

_EVALUATION = """
model.eval()
correct = 0
with torch.no_grad():
    for images, labels in test_loader:
        predictions = model(images.to(device)).argmax(dim=1).cpu()
        correct += (predictions == labels).sum().item()
total = len(test_set)
print(f"Got {correct} / {total} with accuracy {100 * correct / total:.2f}")
model.train()
"""

_IMAGES = """
chosen = np.random.default_rng(0).choice(len(test_set), 10, replace=False).tolist()  # the page's first ten
print("test images", chosen)
images = torch.stack([test_set[i][0] for i in chosen])
model.eval()
with torch.no_grad():
    predictions = model(images.to(device)).argmax(dim=1).tolist()
figure, axes = plt.subplots(2, 5, figsize=(10, 5))
for axis, i, image, prediction in zip(axes.flat, chosen, images, predictions):
    label = test_set[i][1]
    axis.imshow(image.squeeze(0), cmap="gray")
    axis.set_title(f"label {label}, read {prediction}", color="green" if label == prediction else "red")
    axis.axis("off")
figure.savefig("ten_digits.png")
plt.show()
"""
