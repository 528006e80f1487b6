"""The base network and what becomes of it in each mode. Imports torch: for workers, scripts and tests."""

from __future__ import annotations

from collections import OrderedDict

import torch
from torch import nn

from lib.core.finetune.config import CHANNELS, FEATURES, HIDDEN, OLD_CLASSES, Base, FinetuneConfig, Mode


def build(base: Base, classes: int) -> nn.Sequential:
    """Two convolutions with batch norm, then the head: (N, 1, 28, 28) -> (N, classes)."""
    first, second = CHANNELS
    layers: OrderedDict[str, nn.Module] = OrderedDict(
        conv1=nn.Conv2d(1, first, 3, padding=1),
        bn1=nn.BatchNorm2d(first),
        relu1=nn.ReLU(),
        pool1=nn.MaxPool2d(2),
        conv2=nn.Conv2d(first, second, 3, padding=1),
        bn2=nn.BatchNorm2d(second),
        relu2=nn.ReLU(),
        pool2=nn.MaxPool2d(2),
        flatten=nn.Flatten(),
    )
    width = FEATURES
    if base is Base.HIDDEN:
        layers["hidden"] = nn.Linear(FEATURES, HIDDEN)
        layers["relu3"] = nn.ReLU()
        width = HIDDEN
    layers["head"] = nn.Linear(width, classes)
    return nn.Sequential(layers)


def start(
    config: FinetuneConfig, mode: Mode, trained: dict[str, torch.Tensor], classes: int
) -> tuple[nn.Sequential, torch.optim.Optimizer]:
    """The network of a mode before its first step, and its optimizer; seeded here."""
    torch.manual_seed(config.seed)
    if mode is Mode.SCRATCH:
        model = build(config.base, classes)
        return model, torch.optim.Adam(model.parameters(), lr=config.new_rate)
    if mode is Mode.SHARED:
        model = build(config.base, classes + len(OLD_CLASSES))
        _load_all_but_the_head(model, trained)
        with torch.no_grad():  # the first five classes keep what they know
            for name, parameter in model.named_parameters():
                if name.startswith("head"):
                    parameter[: len(OLD_CLASSES)] = trained[name]
    else:
        model = build(config.base, classes)
        _load_all_but_the_head(model, trained)
    if mode is Mode.PARTIAL:
        for name, parameter in model.named_parameters():
            parameter.requires_grad_(name in config.trainable)
    old = [
        each for name, each in model.named_parameters() if not name.startswith("head") and each.requires_grad
    ]
    new = [each for name, each in model.named_parameters() if name.startswith("head") and each.requires_grad]
    groups = [{"params": old, "lr": config.old_rate}, {"params": new, "lr": config.new_rate}]
    return model, torch.optim.Adam([group for group in groups if group["params"]])


def _load_all_but_the_head(model: nn.Sequential, trained: dict[str, torch.Tensor]) -> None:
    body = {name: values for name, values in trained.items() if not name.startswith("head")}
    model.load_state_dict(body, strict=False)


@torch.no_grad()
def with_old_head(model: nn.Sequential, trained: dict[str, torch.Tensor], base: Base) -> nn.Sequential:
    """The body as it is now under the head that the base network had: what is left of the old task."""
    old = build(base, len(OLD_CLASSES))
    body = {name: values for name, values in model.state_dict().items() if not name.startswith("head")}
    head = {name: values for name, values in trained.items() if name.startswith("head")}
    old.load_state_dict(body | head)
    return old
