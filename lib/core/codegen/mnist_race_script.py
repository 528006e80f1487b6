"""The race on MNIST as a program in plain PyTorch. Imports no torch."""

from __future__ import annotations

from lib.core.codegen.torchvision_import import WITHOUT_INTERNET, torchvision_import
from lib.core.training.config import MOMENTUM
from lib.core.training.mnist_race import REST_DECAY, REST_RATE, Entrant, MnistRaceConfig, Rule

_CALLS = {
    Rule.SGD: "SGD({all}, lr={lr}, weight_decay={wd})",
    Rule.MOMENTUM: f"SGD({{all}}, lr={{lr}}, momentum={MOMENTUM}, weight_decay={{wd}})",
    Rule.NESTEROV: f"SGD({{all}}, lr={{lr}}, momentum={MOMENTUM}, nesterov=True, weight_decay={{wd}})",
    Rule.ADAGRAD: "Adagrad({all}, lr={lr}, weight_decay={wd})",
    Rule.RMSPROP: "RMSprop({all}, lr={lr}, weight_decay={wd})",
    Rule.ADAM: "Adam({all}, lr={lr}, weight_decay={wd})",
    Rule.ADAMW: "AdamW({all}, lr={lr}, weight_decay={wd})",
    Rule.MUON: "Muon([model[1].weight], lr={lr}, weight_decay={wd})",
}


def optimizers_code(entrant: Entrant) -> str:
    """The list of the entrant's optimizers, as Python.

    >>> optimizers_code(Entrant(Rule.ADAM, 0.003))
    '[Adam(model.parameters(), lr=0.003, weight_decay=0.0)]'
    """
    call = _CALLS[entrant.rule].format(
        all="model.parameters()", lr=entrant.learning_rate, wd=entrant.weight_decay
    )
    if entrant.rule is not Rule.MUON:
        return f"[{call}]"
    rest = f"AdamW([model[1].bias, *model[3].parameters()], lr={REST_RATE}, weight_decay={REST_DECAY})"
    return f"[{call},\n        {rest}]"


def race_script(config: MnistRaceConfig) -> str:
    """The whole program; it prints how many test images each entrant gets right."""
    rows = "\n".join(f'    "{e.rule}": lambda model: {optimizers_code(e)},' for e in config.entrants)
    classes = ["SGD", "Adagrad", "RMSprop", "Adam", "AdamW", "Muon"]
    used = sorted(name for name in classes if f"{name}(" in rows)
    images = config.train_config(0).train_images
    return f"""import os

import torch
from torch import nn
from torch.optim import {", ".join(used)}
from torch.utils.data import DataLoader, Subset

{torchvision_import("datasets, transforms")}

racers = {{
{rows}
}}
{WITHOUT_INTERNET}
root = os.environ.get("MNIST_ROOT", "data")
digits = [datasets.MNIST(root, train=t, transform=transforms.ToTensor(), download=True) for t in (True, False)]
train_set, test_set = Subset(digits[0], range({images})), digits[1]
for name, make in racers.items():
    torch.manual_seed({config.seed})  # the same weights for all
    model = nn.Sequential(nn.Flatten(), nn.Linear(784, {config.hidden}), nn.ReLU(), nn.Linear({config.hidden}, 10))
    optimizers = make(model)
    order = torch.Generator().manual_seed({config.seed})  # and the same batches
    for epoch in range({config.epochs}):
        for images, labels in DataLoader(train_set, {config.batch_size}, shuffle=True, generator=order):
            loss = nn.functional.cross_entropy(model(images), labels)
            model.zero_grad()
            loss.backward()
            for optimizer in optimizers:
                optimizer.step()
    with torch.no_grad():
        correct = sum((model(x).argmax(1) == y).sum().item() for x, y in DataLoader(test_set, 1000))
    print(f"{{name}}: {{correct}} of 10000 right")
"""
