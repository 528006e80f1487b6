"""nn.Module against nn.functional: the same network both ways, and what train() and eval() change, asked of torch.

Imports torch when it asks, not before.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass

import numpy as np

from lib.core.autograd.values import Array

INPUTS, HIDDEN, OUTPUTS, ROWS = 4, 8, 3, 6
_ONE_AT_A_TIME = threading.Lock()


@dataclass(frozen=True)
class ModuleSettings:
    """Dropout's probability from 0 to 0.9, and whether the model is in train()."""

    dropout: float = 0.5
    training: bool = True

    def __post_init__(self) -> None:
        if not 0 <= self.dropout <= 0.9:
            raise ValueError(f"dropout {self.dropout}: 0 to 0.9")


@dataclass(frozen=True, eq=False)
class ModuleFacts:
    """What torch says of both ways.

    ``parameters`` and ``buffers`` are (name, shape) of the module; ``same`` whether both ways give the same output.
    ``module_dropout``, ``functional_dropout`` and ``careless_dropout`` (HIDDEN,) are ones after nn.Dropout, after
    ``F.dropout(x, p, training=self.training)`` and after ``F.dropout(x, p)``. ``running_mean`` (HIDDEN,) before and
    after one batch, with every parameter frozen; ``batches`` is ``num_batches_tracked`` after it.
    """

    parameters: tuple[tuple[str, tuple[int, ...]], ...]
    buffers: tuple[tuple[str, tuple[int, ...]], ...]
    same: bool
    module_dropout: Array
    functional_dropout: Array
    careless_dropout: Array
    running_mean: tuple[Array, Array]
    batches: int


def module_facts(settings: ModuleSettings) -> ModuleFacts:
    """Build both networks, run both.

    >>> facts = module_facts(ModuleSettings(0.5, training=False))
    >>> facts.same, facts.batches, [name for name, _ in facts.parameters][:2]
    (True, 0, ['fc1.weight', 'fc1.bias'])
    """
    space: dict[str, object] = {}
    # Dropout draws from torch's global generator: it is left as it was.
    import torch

    with _ONE_AT_A_TIME, torch.random.fork_rng(devices=[]):
        exec(compile(_BOTH_WAYS.format(**_slots(settings)), "both_ways", "exec"), space)  # noqa: S102, our own text
    named, kept = space["named"], space["kept"]
    arrays = {name: np.asarray(space[name], np.float64) for name in ("by_module", "by_function", "careless")}
    before, after = (np.asarray(space[name], np.float64) for name in ("mean_before", "mean_after"))
    return ModuleFacts(
        tuple(named),  # type: ignore[arg-type]
        tuple(kept),  # type: ignore[arg-type]
        bool(space["same"]),
        arrays["by_module"],
        arrays["by_function"],
        arrays["careless"],
        (before, after),
        int(str(space["batches"])),
    )


def _slots(settings: ModuleSettings) -> dict[str, object]:
    return {
        "p": settings.dropout,
        "mode": "train" if settings.training else "eval",
        "inputs": INPUTS,
        "hidden": HIDDEN,
        "outputs": OUTPUTS,
        "rows": ROWS,
    }


_BOTH_WAYS = """\
import torch
import torch.nn.functional as F
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc1 = nn.Linear({inputs}, {hidden})
        self.norm = nn.BatchNorm1d({hidden})
        self.drop = nn.Dropout({p})
        self.fc2 = nn.Linear({hidden}, {outputs})

    def forward(self, x):
        return self.fc2(self.drop(torch.relu(self.norm(self.fc1(x)))))


def net(x, state, training):
    x = F.linear(x, state["fc1.weight"], state["fc1.bias"])
    x = F.batch_norm(x, state["norm.running_mean"], state["norm.running_var"],
                     state["norm.weight"], state["norm.bias"], training=training)
    x = F.dropout(torch.relu(x), {p}, training=training)
    return F.linear(x, state["fc2.weight"], state["fc2.bias"])


torch.manual_seed(0)
model = Net().{mode}()
x = torch.randn({rows}, {inputs})
state = {{name: value.clone() for name, value in model.state_dict().items()}}
model.requires_grad_(False)  # frozen: no parameter can learn

mean_before = model.norm.running_mean.tolist()
torch.manual_seed(1)
by_class = model(x)
torch.manual_seed(1)
by_hand = net(x, state, model.training)
same = torch.equal(by_class, by_hand)
mean_after = model.norm.running_mean.tolist()
batches = model.norm.num_batches_tracked.item()

ones = torch.ones({hidden})
torch.manual_seed(2)
by_module = model.drop(ones).tolist()
torch.manual_seed(2)
by_function = F.dropout(ones, {p}, training=model.training).tolist()
torch.manual_seed(2)
careless = F.dropout(ones, {p}).tolist()  # training=True unless told otherwise

named = [(name, tuple(p.shape)) for name, p in model.named_parameters()]
kept = [(name, tuple(b.shape)) for name, b in model.named_buffers()]
"""

_PRINTS = """
print("same output:", same)
print("state_dict:", ", ".join(model.state_dict()))
print("nn.Dropout:", [round(v, 4) for v in by_module])
print("F.dropout(x, p):", [round(v, 4) for v in careless])
print("num_batches_tracked:", batches)"""


def module_code(settings: ModuleSettings) -> str:
    """Both ways as one program.

    >>> "F.dropout" in module_code(ModuleSettings())
    True
    """
    return _BOTH_WAYS.format(**_slots(settings)) + _PRINTS


def printed(facts: ModuleFacts) -> list[str]:
    """What the program prints.

    >>> printed(module_facts(ModuleSettings(training=False)))[0]
    'same output: True'
    """
    names = _state_names(facts)
    return [
        f"same output: {facts.same}",
        f"state_dict: {', '.join(names)}",
        f"nn.Dropout: {[round(float(value), 4) for value in facts.module_dropout]}",
        f"F.dropout(x, p): {[round(float(value), 4) for value in facts.careless_dropout]}",
        f"num_batches_tracked: {facts.batches}",
    ]


def _state_names(facts: ModuleFacts) -> list[str]:
    """Module by module, as state_dict() has them: parameters, then buffers."""
    parameters = [name for name, _ in facts.parameters]
    buffers = [name for name, _ in facts.buffers]
    modules = list(dict.fromkeys(name.rpartition(".")[0] for name in parameters))
    return [
        name for module in modules for name in [*parameters, *buffers] if name.rpartition(".")[0] == module
    ]
