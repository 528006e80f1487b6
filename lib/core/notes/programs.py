"""The same checks as programs to take away. Without torch: they are text."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from math import prod
from types import MappingProxyType
from typing import Any

from lib.core.notes.note import SCORES, SQUEEZED_SHAPE, TABLE_SHAPE, Note, PaddingWord, Way

_SAID = """
def said(call):
    try:
        return call()
    except Exception as error:
        return f"{type(error).__name__}: {error}".splitlines()[0]

"""


def program(note: Note, *values: Any) -> str:
    """The check as a program: what it prints is what the page shows. The arguments are the check's.

    >>> print(program(Note.CHANNELS, 3).splitlines()[-1])
    print("PyTorch:", said(lambda: nn.Conv2d(3, kernel_size=3).weight.shape))
    """
    return _PROGRAMS[note](*values).strip() + "\n"


def _floor(size: int, kernel: int, padding: int, stride: int, dilation: int) -> str:
    return f"""
import torch
from torch import nn

{_SAID.strip()}

W, F, P, S, D = {size}, {kernel}, {padding}, {stride}, {dilation}
conv = nn.Conv2d(1, 1, F, stride=S, padding=P, dilation=D)
print("notes:  ", f"{{(W - F + 2 * P) / S + 1:g}}")
print("PyTorch:", said(lambda: conv(torch.zeros(1, 1, W, W)).shape[-1]))
"""


def _padded(size: int, kernel: int, padding: int) -> str:
    return f"""
import torch
import torch.nn.functional as F

x = torch.ones(1, 1, {size}, {size})
weight = torch.ones(1, 1, {kernel}, {kernel})
edge = F.pad(F.conv2d(x, weight), ({padding}, {padding}, {padding}, {padding}))
print("notes:  ", edge[0, 0, 0].tolist())
print("PyTorch:", F.conv2d(x, weight, padding={padding})[0, 0, 0].tolist())
"""


def _field(layers: int, kernel: int, stride: int, dilation: int) -> str:
    return f"""
import torch
from torch import nn

layers = [nn.Conv1d(1, 1, {kernel}, stride={stride}, dilation={dilation}) for _ in range({layers})]
reach, jump = 1, 1
for layer in layers:
    nn.init.ones_(layer.weight)
    reach, jump = reach + {dilation} * ({kernel} - 1) * jump, jump * {stride}
x = torch.ones(1, 1, reach + 4, requires_grad=True)
nn.Sequential(*layers)(x)[0, 0, 0].backward()
seen = x.grad[0, 0].nonzero()
print("notes:  ", {kernel})
print("PyTorch:", (seen[-1] - seen[0] + 1).item())
"""


def _channels(channels: int) -> str:
    return f"""
from torch import nn

{_SAID.strip()}

print("notes:  ", [{channels}, {channels}, 3, 3])
print("PyTorch:", said(lambda: nn.Conv2d({channels}, kernel_size=3).weight.shape))
"""


def _pair(above: int, left: int) -> str:
    return f"""
import torch
from torch import nn

conv = nn.Conv2d(1, 1, 1, padding=({above}, {left}))
print("notes:  ", [3 + 2 * {left}, 4 + 2 * {above}])
print("PyTorch:", list(conv(torch.ones(1, 1, 3, 4)).shape[2:]))
"""


def _mode(mode: PaddingWord, padding: int) -> str:
    known = mode in {PaddingWord.ZEROS, PaddingWord.REFLECT, PaddingWord.REPLICATE}
    notes = "padded()" if known else '"ValueError"'
    return f"""
import torch
from torch import nn

def padded():
    try:
        conv = nn.Conv1d(1, 1, 1, padding={padding}, padding_mode="{mode}", bias=False)
    except ValueError:
        return "ValueError"
    nn.init.ones_(conv.weight)
    return conv(torch.arange(1.0, 6.0).reshape(1, 1, 5))[0, 0].long().tolist()

print("notes:  ", {notes})
print("PyTorch:", padded())
"""


def _groups(inputs: int, outputs: int, groups: int) -> str:
    return f"""
from torch import nn

{_SAID.strip()}

inputs, outputs, groups = {inputs}, {outputs}, {groups}
allowed = groups == inputs == outputs
print("notes:  ", [outputs, inputs // groups, 1, 1] if allowed else "ValueError")
print("PyTorch:", said(lambda: list(nn.Conv2d(inputs, outputs, 1, groups=groups).weight.shape)))
"""


def _squeeze(dim: int) -> str:
    return f"""
import torch

x = torch.arange({prod(SQUEEZED_SHAPE)}).reshape{SQUEEZED_SHAPE}
print("notes:  ", [size for axis, size in enumerate(x.shape) if axis != {dim}])
print("PyTorch:", list(x.squeeze({dim}).shape), list(x.squeeze().shape))
"""


def _cat(dim: int, rows: int, columns: int) -> str:
    return f"""
import torch

{_SAID.strip()}

a = torch.arange(6).reshape(2, 3)
b = torch.arange(10, {10 + rows * columns}).reshape({rows}, {columns})
print("notes:  ", said(lambda: list(torch.cat((a, b)).shape)))
print("PyTorch:", said(lambda: list(torch.cat((a, b), dim={dim}).shape)))
"""


_PAIRS: Mapping[Way, str] = MappingProxyType(
    {
        Way.NUMPY: "x = torch.zeros(3)\n    array = x.numpy()",
        Way.FROM_NUMPY: "array = np.zeros(3, np.float32)\n    x = torch.from_numpy(array)",
        Way.TENSOR: "array = np.zeros(3, np.float32)\n    x = torch.tensor(array)",
        Way.GRAD: "x = torch.zeros(3, requires_grad=True)\n    array = x.numpy()",
    }
)


def _shared(way: Way) -> str:
    numpy = "import numpy as np\n" if "np." in _PAIRS[way] else ""
    return f"""
{numpy}import torch

{_SAID.strip()}

def changed():
    {_PAIRS[way]}
    array[0] = 7
    return x[0].item()

print("notes:  ", 7.0)
print("PyTorch:", said(changed))
"""


def _embedding(row: int) -> str:
    rows, width = TABLE_SHAPE
    return f"""
import torch
import torch.nn.functional as F
from torch import nn

table = nn.Embedding({rows}, {width})
index = torch.tensor([{row}])
looked_up = table(index)
product = F.one_hot(index, {rows}).float() @ table.weight
print("notes:  ", type(product.grad_fn).__name__)
print("PyTorch:", type(looked_up.grad_fn).__name__, torch.equal(looked_up, product))
"""


def _adam(steps: int, lr: float) -> str:
    return f"""
import torch

x, total, momentum = 0.0, 0.0, 0.0
w = torch.zeros(1, dtype=torch.float64, requires_grad=True)
adam = torch.optim.Adam([w], lr={lr:g})
for _ in range({steps}):
    total += 1.0 ** 2
    momentum = 0.9 * momentum + 0.1 * 1.0
    x -= {lr:g} * momentum / total ** 0.5
    w.grad = torch.ones_like(w)
    adam.step()
print("notes:  ", f"{{x:.4g}}")
print("PyTorch:", f"{{w.item():.4g}}")
"""


def _adamw(steps: int, lr: float, decay: float) -> str:
    return f"""
import torch

def walk(optimizer):
    w = torch.ones(1, dtype=torch.float64, requires_grad=True)
    steps = optimizer([w], lr={lr:g}, weight_decay={decay:g})
    for _ in range({steps}):
        w.grad = torch.ones_like(w)
        steps.step()
    return f"{{w.item():.4g}}"

print("notes:  ", walk(torch.optim.Adam))
print("PyTorch:", walk(torch.optim.AdamW))
"""


def _argmax(dim: int) -> str:
    return f"""
import torch

{_SAID.strip()}

scores = {SCORES}
print("notes:  ", torch.tensor(scores).argmax(dim={dim}))
print("PyTorch:", said(lambda: torch.argmax(scores, dim={dim})))
"""


def _pretrained() -> str:
    return """
import warnings
from torchvision.models import resnet18

with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")
    resnet18(pretrained=False)  # True would fetch the weights
print("notes:  ", None)
print("PyTorch:", caught[0].message)
"""


def _rates(old: float, new: float) -> str:
    return f"""
import torch
from torch import nn

features, head = nn.Linear(4, 4), nn.Linear(4, 2)
adam = torch.optim.Adam([
    {{"params": features.parameters(), "lr": {old:g}}},
    {{"params": head.parameters(), "lr": {new:g}}},
])
print("notes:  ", [0.01, 0.001])
print("PyTorch:", [group["lr"] for group in adam.param_groups])
"""


def _parallel() -> str:
    return """
from torch import nn

words = " ".join(nn.DataParallel.__doc__.split())
advice = words[words.index("It is recommended"):].partition(". ")[0]
print("notes:  ", "nn.DataParallel")
print("PyTorch:", advice.replace(":class:`~", "").replace("`", ""))
"""


_PROGRAMS: Mapping[Note, Callable[..., str]] = MappingProxyType(
    {
        Note.FLOOR: _floor,
        Note.PADDED: _padded,
        Note.FIELD: _field,
        Note.CHANNELS: _channels,
        Note.PAIR: _pair,
        Note.MODE: _mode,
        Note.GROUPS: _groups,
        Note.SQUEEZE: _squeeze,
        Note.CAT: _cat,
        Note.SHARED: _shared,
        Note.EMBEDDING: _embedding,
        Note.ADAM: _adam,
        Note.ADAMW: _adamw,
        Note.ARGMAX: _argmax,
        Note.PRETRAINED: _pretrained,
        Note.RATES: _rates,
        Note.PARALLEL: _parallel,
    }
)
