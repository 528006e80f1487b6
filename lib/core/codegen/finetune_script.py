"""Fine-tuning as programs to take away. Imports no torch."""

from __future__ import annotations

from lib.core.codegen.torchvision_import import WITHOUT_INTERNET, torchvision_import
from lib.core.finetune.bundled import weights_file
from lib.core.finetune.config import BATCH, CHANNELS, FEATURES, HIDDEN, Base, FinetuneConfig, Mode

RESNET_CLASSES = 100


def script(config: FinetuneConfig, mode: Mode) -> str:
    """The program of one mode: the page's labels, batches and rates; prints the page's accuracies.

    >>> "requires_grad_" in script(FinetuneConfig(), Mode.PARTIAL)
    True
    """
    shift = " + 5" if mode is Mode.SHARED else ""
    return (
        _network(config)
        + _new_task(config)
        + f"torch.manual_seed({config.seed})\n{_start(config, mode)}\n\n"
        + _training(config, shift)
        + _ACCURACY
        + f'print(f"new task {{accuracy(model, 5, 9, {0 if mode is Mode.SHARED else 5}):.4f}}")\n'
        + f"{_old_task(mode)}\n"
    )


def _network(config: FinetuneConfig) -> str:
    """Imports, the bundled weights, the network."""
    return f"""import os
from collections import OrderedDict

import numpy as np
import torch
from safetensors.torch import load_file
from torch import nn
from torch.nn import functional as F

{torchvision_import("datasets")}

root = os.environ.get("MNIST_ROOT", "data")
trained = load_file("{weights_file(config.base).name}")  # learned on the digits 0 to 4


def build(classes):
    return nn.Sequential(OrderedDict(
        conv1=nn.Conv2d(1, {CHANNELS[0]}, 3, padding=1), bn1=nn.BatchNorm2d({CHANNELS[0]}), relu1=nn.ReLU(),
        pool1=nn.MaxPool2d(2),
        conv2=nn.Conv2d({CHANNELS[0]}, {CHANNELS[1]}, 3, padding=1), bn2=nn.BatchNorm2d({CHANNELS[1]}), relu2=nn.ReLU(),
        pool2=nn.MaxPool2d(2), flatten=nn.Flatten(),
        {_head(config.base)}
    ))


"""


def _new_task(config: FinetuneConfig) -> str:
    """The labels of the new task: so many of each digit, as the page draws them."""
    return f"""# the new task: {config.labels[0]} images of each digit from 5 to 9
{WITHOUT_INTERNET}
train_set, test_set = (datasets.MNIST(root, train=part, download=True) for part in (True, False))
labels = train_set.targets.numpy()
order = np.random.default_rng({config.seed}).permutation(len(labels))
ranks = np.zeros(len(labels), np.int64)
for digit in range(5, 10):
    places = order[labels[order] == digit][:{config.labels[0]}]
    ranks[places] = np.arange(1, len(places) + 1)
chosen = np.flatnonzero(ranks)
chosen = chosen[np.argsort(ranks[chosen], kind="stable")]
images, targets = train_set.data[chosen].unsqueeze(1) / 255, train_set.targets[chosen] - 5

"""


def _training(config: FinetuneConfig, shift: str) -> str:
    """The loop: batches in torch's order."""
    return f"""model.train()
generator = torch.Generator().manual_seed({config.seed})
step = 0
while step < {config.steps}:
    for places in torch.randperm(len(targets), generator=generator).split({BATCH}):
        if step == {config.steps}:
            break
        loss = F.cross_entropy(model(images[places]), targets[places]{shift})
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        step += 1
model.eval()


"""


_ACCURACY = """@torch.no_grad()
def accuracy(model, low, high, shift):
    kept = (test_set.targets >= low) & (test_set.targets <= high)
    answers = model(test_set.data[kept].unsqueeze(1) / 255).argmax(dim=1)
    return (answers == test_set.targets[kept] - shift).float().mean().item()


"""


def _head(base: Base) -> str:
    if base is Base.HIDDEN:
        return f"hidden=nn.Linear({FEATURES}, {HIDDEN}), relu3=nn.ReLU(), head=nn.Linear({HIDDEN}, classes),"
    return f"head=nn.Linear({FEATURES}, classes),"


_BODY = """body = {name: values for name, values in trained.items() if not name.startswith("head")}
model.load_state_dict(body, strict=False)"""
_GROUPS = """learning = [(name, each) for name, each in model.named_parameters() if each.requires_grad]
groups = [
    {{"params": [each for name, each in learning if not name.startswith("head")], "lr": {old}}},
    {{"params": [each for name, each in learning if name.startswith("head")], "lr": {new}}},
]
optimizer = torch.optim.Adam([group for group in groups if group["params"]])"""


def _start(config: FinetuneConfig, mode: Mode) -> str:
    if mode is Mode.SCRATCH:
        return f"""model = build(5)  # nothing is taken over
optimizer = torch.optim.Adam(model.parameters(), lr={config.new_rate})"""
    groups = _GROUPS.format(old=config.old_rate, new=config.new_rate)
    if mode is Mode.SHARED:
        return f"""model = build(10)  # one head for all ten digits
{_BODY}
with torch.no_grad():  # its first five classes keep what they know
    model.head.weight[:5], model.head.bias[:5] = trained["head.weight"], trained["head.bias"]
{groups}"""
    frozen = ""
    if mode is Mode.PARTIAL:
        names = ", ".join(f'"{name}"' for name in config.trainable)
        frozen = f"""
trainable = {{{names}}}
for name, parameter in model.named_parameters():
    parameter.requires_grad_(name in trainable)"""
    return f"""model = build(5)  # a new last layer
{_BODY}{frozen}
{groups}"""


def _old_task(mode: Mode) -> str:
    if mode is Mode.SCRATCH:
        return ""
    if mode is Mode.SHARED:
        return 'print(f"old task {accuracy(model, 0, 4, 0):.4f}")'
    return """old_model = build(5).eval()  # the body as it is now, under the old head
head = {name: values for name, values in trained.items() if name.startswith("head")}
body = {name: values for name, values in model.state_dict().items() if not name.startswith("head")}
old_model.load_state_dict(body | head)
print(f"old task {accuracy(old_model, 0, 4, 0):.4f}")"""


def resnet_script(mode: Mode, old_rate: float, new_rate: float) -> str:
    """The same with torchvision's resnet18 and 100 classes, in today's API.

    >>> "weights=models.ResNet18_Weights.DEFAULT" in resnet_script(Mode.PARTIAL, 1e-4, 1e-3)
    True
    """
    start = "models.resnet18(weights=models.ResNet18_Weights.DEFAULT)"
    if mode is Mode.SCRATCH:
        start = f"models.resnet18(weights=None, num_classes={RESNET_CLASSES})"
    frozen = (
        """
for parameter in model.parameters():  # freeze all ...
    parameter.requires_grad_(False)"""
        if mode is Mode.PARTIAL
        else ""
    )
    head = (
        ""
        if mode is Mode.SCRATCH
        else f"""
model.fc = nn.Linear(model.fc.in_features, {RESNET_CLASSES})  # ... a new last layer learns"""
    )
    if mode is Mode.FULL:
        optimizer = f"""old = [each for name, each in model.named_parameters() if not name.startswith("fc.")]
optimizer = torch.optim.AdamW([
    {{"params": old, "lr": {old_rate}}},
    {{"params": model.fc.parameters(), "lr": {new_rate}}},
])"""
    else:
        learn = "model.fc.parameters()" if mode is Mode.PARTIAL else "model.parameters()"
        optimizer = f"optimizer = torch.optim.AdamW({learn}, lr={new_rate})"
    train = (
        """model.eval()  # the statistics of frozen batch norms stay, too
model.fc.train()"""
        if mode is Mode.PARTIAL
        else "model.train()"
    )
    return f"""import torch
from torch import nn
from torch.nn import functional as F

{torchvision_import("models")}

model = {start}{frozen}{head}
{optimizer}

{train}
images, labels = torch.randn(8, 3, 64, 64), torch.randint({RESNET_CLASSES}, (8,))  # put your loader here
loss = F.cross_entropy(model(images), labels)
optimizer.zero_grad()
loss.backward()
optimizer.step()
learning = sum(each.numel() for each in model.parameters() if each.requires_grad)
print(f"{{learning:,}} of {{sum(each.numel() for each in model.parameters()):,}} parameters learn")
"""
