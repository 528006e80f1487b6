"""Programs of one batch on several devices: DistributedDataParallel in two processes, and what DataParallel does."""

from __future__ import annotations

from lib.core.autograd.numbers import SHORT
from lib.core.autograd.parallel import RATE, STEPS, ParallelConfig, batch_of, first_weights


def ddp_code(config: ParallelConfig, step: int = 1) -> str:
    """A program that starts both processes itself: ``torch.multiprocessing`` and DistributedDataParallel on gloo.

    It prints the gradients of training step ``step``, 1 to STEPS.

    >>> "DistributedDataParallel" in ddp_code(ParallelConfig())
    True

    Raises: ValueError.
    """
    return _start_code(config, step, _DDP_IMPORTS) + _work_code(step) + _MAIN_CODE


def data_parallel_code(config: ParallelConfig, step: int = 1) -> str:
    """What ``nn.DataParallel`` does on several GPUs, on one device: replicas, one loss over all their outputs.

    It prints the gradients of training step ``step``, 1 to STEPS.

    >>> "nn.DataParallel(model)" in data_parallel_code(ParallelConfig())
    True

    Raises: ValueError.
    """
    return _start_code(config, step, _ONE_PROCESS_IMPORTS) + _replicas_code(step)


_ONE_PROCESS_IMPORTS = """\
import copy

import torch
import torch.nn.functional as F
from torch import nn
"""
_DDP_IMPORTS = """\
import copy
import os
import tempfile

import torch
import torch.distributed as dist
import torch.nn.functional as F
from torch import nn
from torch.nn.parallel import DistributedDataParallel
"""


def _start_code(config: ParallelConfig, step: int, imports: str) -> str:
    """Imports, the batch, how it is shared out, the model, its loss and gradients."""
    if not 1 <= step <= STEPS:
        raise ValueError(f"step {step}: 1 to {STEPS}")
    x, y = batch_of(config.batch)
    first, second, bias = first_weights().tolist()
    return f"""\
{imports}
X = torch.tensor({x.tolist()}, dtype=torch.float64)
Y = torch.tensor({y.tolist()}, dtype=torch.float64)
SHARDS = [slice(0, {config.first}), slice({config.first}, None)]


{SHORT}

def fresh():
    model = nn.Linear(2, 1).double()
    with torch.no_grad():
        model.weight.copy_(torch.tensor([[{first}, {second}]]))
        model.bias.copy_(torch.tensor([{bias}]))
    return model


def loss(outputs, y):
    return F.mse_loss(outputs, y, reduction="{config.reduction}")


def grads(model):
    return [*model.weight.grad[0].tolist(), model.bias.grad.item()]


"""


def _work_code(step: int) -> str:
    """What each process does."""
    return f"""\
def work(rank, path):
    dist.init_process_group("gloo", init_method=f"file://{{path}}", rank=rank, world_size=2)
    model, alone = fresh(), fresh()
    parallel = DistributedDataParallel(model)
    optimizers = [torch.optim.SGD(each.parameters(), lr={RATE}) for each in (model, alone)]
    for step in range({step}):
        own = copy.deepcopy(model)  # without DDP: what this process finds by itself
        for each in (own, parallel, alone):
            each.zero_grad()
        loss(own(X[SHARDS[rank]]), Y[SHARDS[rank]]).backward()
        loss(parallel(X[SHARDS[rank]]), Y[SHARDS[rank]]).backward()
        loss(alone(X), Y).backward()
        for each in optimizers:
            each.step()
    gathered = [None, None]
    dist.all_gather_object(gathered, grads(own))
    if rank == 0:
        print("process 0 ", short(gathered[0]))
        print("process 1 ", short(gathered[1]))
        print("averaged  ", short(grads(model)))
        print("one alone ", short(grads(alone)))
    dist.destroy_process_group()


"""


_MAIN_CODE = """\
if __name__ == "__main__":
    if os.name != "nt":
        os.environ.setdefault("GLOO_SOCKET_IFNAME", "lo" if os.uname().sysname == "Linux" else "lo0")
    with tempfile.TemporaryDirectory() as folder:
        torch.multiprocessing.spawn(work, args=(os.path.join(folder, "meet"),), nprocs=2)"""


def _replicas_code(step: int) -> str:
    """Replicas, outputs, one loss."""
    return f"""\
model, alone = fresh(), fresh()
optimizers = [torch.optim.SGD(each.parameters(), lr={RATE}) for each in (model, alone)]
for step in range({step}):
    # On GPUs: outputs = nn.DataParallel(model)(X), with as many replicas as there are GPUs.
    replicas = [copy.deepcopy(model) for _ in SHARDS]
    for each in (*replicas, alone):
        each.zero_grad()
    outputs = torch.cat([replica(X[part]) for replica, part in zip(replicas, SHARDS)])
    loss(outputs, Y).backward()
    for parameter, *parts in zip(model.parameters(), *(replica.parameters() for replica in replicas)):
        parameter.grad = sum(part.grad for part in parts)
    loss(alone(X), Y).backward()
    for each in optimizers:
        each.step()
print("replica 0 ", short(grads(replicas[0])))
print("replica 1 ", short(grads(replicas[1])))
print("summed    ", short(grads(model)))
print("one alone ", short(grads(alone)))"""
