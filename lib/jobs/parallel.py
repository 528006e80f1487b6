"""Two processes that train one model with DistributedDataParallel, as a work of :mod:`lib.jobs`.

The worker is rank 0 and starts one child, rank 1. They meet over a file and speak gloo over the loopback. The child
lives as long as its stdin is open: however the worker ends, the system closes that, and the child is gone.
"""

from __future__ import annotations

import contextlib
import os
import pickle
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import numpy as np
import torch
import torch.distributed as dist
import torch.nn.functional as F
from torch import nn
from torch.nn.parallel import DistributedDataParallel

from lib.core.autograd.parallel import RANKS, RATE, ParallelConfig, ParallelStep, batch_of, first_weights
from lib.core.autograd.values import Array

ROOT = Path(__file__).resolve().parents[2]
CHILD_SECONDS = 60.0
GRACE_SECONDS = 5.0
_PATIENCE = timedelta(minutes=10)
"""How long a process waits for the other within a step: a paused run waits before one."""
_READY = b"ready\n"
_LOOK_SECONDS = 0.2
_GROUP = threading.Lock()


class ChildError(RuntimeError):
    """The second process ended, or never began."""


def train(config: ParallelConfig, *, chunk_steps: Callable[[], int]) -> Iterator[object]:
    """One report a step. Raises: ChildError where the second process cannot be had."""
    chunk_steps()  # a place in the queue first, then the second process
    with tempfile.TemporaryDirectory(prefix="shapelab-ddp-") as folder:
        child = _start_child(config, Path(folder) / "meet")
        try:
            _wait_until_ready(child, chunk_steps)
            with _alone(chunk_steps), _group(0, Path(folder) / "meet"):
                rank = Rank(0, config)
                for number in range(config.total_steps):
                    if number:
                        chunk_steps()
                    child.stdin.write(b"step\n")  # type: ignore[union-attr]
                    child.stdin.flush()  # type: ignore[union-attr]
                    step = rank.step(number)
                    assert step is not None
                    yield step
        except (OSError, RuntimeError) as error:
            if _has_ended(child):
                raise ChildError(f"the second process ended with exit code {child.returncode}") from error
            raise
        finally:
            _end(child)


def _has_ended(child: subprocess.Popen[bytes]) -> bool:
    """Whether the process has ended, or does so in a moment: its connections close before its threads are gone."""
    with contextlib.suppress(subprocess.TimeoutExpired):
        child.wait(GRACE_SECONDS)
    return child.returncode is not None


class Rank:
    """One process's share of the work; rank 0 keeps a single process's training beside it for comparison."""

    def __init__(self, rank: int, config: ParallelConfig) -> None:
        self._rank = rank
        self._config = config
        x, y = (torch.from_numpy(part) for part in batch_of(config.batch))
        part = slice(0, config.first) if rank == 0 else slice(config.first, None)
        self._all, self._own = (x, y), (x[part], y[part])
        self._model, self._alone = fresh_model(), fresh_model()
        self._parallel = DistributedDataParallel(self._model)
        self._optimizer = torch.optim.SGD(self._model.parameters(), lr=RATE)
        self._alone_optimizer = torch.optim.SGD(self._alone.parameters(), lr=RATE)

    def step(self, number: int) -> ParallelStep | None:
        """Forward, backward with DDP's averaging, step; the report on rank 0, None on rank 1."""
        with self._parallel.no_sync():
            local = self._gradient(self._parallel, self._own)
        averaged = self._gradient(self._parallel, self._own)
        self._optimizer.step()
        pid = torch.tensor(float(os.getpid()), dtype=torch.float64)
        mine = torch.cat([local, flat(self._model), pid[None]])
        gathered = [torch.empty_like(mine) for _ in range(RANKS)]
        dist.all_gather(gathered, mine)
        if self._rank != 0:
            return None
        single = self._gradient(self._alone, self._all)
        self._alone_optimizer.step()
        first, second = (part.numpy().copy() for part in gathered)
        return ParallelStep(
            number + 1,
            (first[:3], second[:3]),
            averaged.numpy().copy(),
            single.numpy().copy(),
            (first[3:6], second[3:6]),
            flat(self._alone).numpy().copy(),
            (int(first[6]), int(second[6])),
        )

    def _gradient(self, model: nn.Module, samples: tuple[torch.Tensor, torch.Tensor]) -> torch.Tensor:
        model.zero_grad()
        x, y = samples
        F.mse_loss(model(x), y, reduction=str(self._config.reduction)).backward()  # type: ignore[no-untyped-call]
        grads = [parameter.grad for parameter in model.parameters()]
        return torch.cat([grad.reshape(-1).clone() for grad in grads if grad is not None])


def fresh_model() -> nn.Linear:
    """The linear model before any step."""
    model = nn.Linear(RANKS, 1, dtype=torch.float64)
    weights: Array = first_weights()
    with torch.no_grad():
        model.weight.copy_(torch.from_numpy(np.asarray(weights[None, :2])))
        model.bias.fill_(float(weights[2]))
    return model


def flat(model: nn.Module) -> torch.Tensor:
    """(3,) weights and bias."""
    return torch.cat([parameter.detach().reshape(-1) for parameter in model.parameters()])


@contextlib.contextmanager
def _alone(chunk_steps: Callable[[], int]) -> Iterator[None]:
    """A process has one group at a time: another training of this worker may be within its steps, waiting."""
    while not _GROUP.acquire(timeout=_LOOK_SECONDS):
        chunk_steps()
    try:
        yield
    finally:
        _GROUP.release()


@contextlib.contextmanager
def _group(rank: int, meeting: Path) -> Iterator[None]:
    """The process group, over the loopback; left behind whatever happens."""
    if sys.platform != "win32":
        os.environ.setdefault("GLOO_SOCKET_IFNAME", "lo" if sys.platform == "linux" else "lo0")
    dist.init_process_group(
        "gloo", init_method=meeting.as_uri(), rank=rank, world_size=RANKS, timeout=_PATIENCE
    )
    try:
        yield
    finally:
        dist.destroy_process_group()


def _start_child(config: ParallelConfig, meeting: Path) -> subprocess.Popen[bytes]:
    child = subprocess.Popen(
        [sys.executable, "-m", "lib.jobs.parallel"],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert child.stdin is not None
    body = pickle.dumps((config, str(meeting)))
    child.stdin.write(len(body).to_bytes(8, "big") + body)
    child.stdin.flush()
    return child


def _wait_until_ready(child: subprocess.Popen[bytes], chunk_steps: Callable[[], int]) -> None:
    """Until the second process has imported torch; a cancelled run ends here, by what ``chunk_steps`` raises."""
    said: list[bytes] = []
    assert child.stdout is not None
    listener = threading.Thread(target=lambda: said.append(child.stdout.readline()), daemon=True)  # type: ignore[union-attr]
    listener.start()
    deadline = time.monotonic() + CHILD_SECONDS
    while listener.is_alive():
        if time.monotonic() > deadline:
            raise ChildError(f"the second process was not ready after {CHILD_SECONDS:g} s")
        listener.join(_LOOK_SECONDS)
        chunk_steps()
    if said != [_READY]:
        child.wait(5)
        raise ChildError(f"the second process ended with exit code {child.returncode}")


def _end(child: subprocess.Popen[bytes]) -> None:
    """Close its stdin, which ends it; by force where it does not listen."""
    assert child.stdin is not None
    assert child.stdout is not None
    with contextlib.suppress(OSError):
        child.stdin.close()
    try:
        child.wait(5)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()
    child.stdout.close()


def main() -> None:
    """Rank 1: one training step for each line that it is sent; gone once the line is closed."""
    incoming = os.fdopen(os.dup(0), "rb")
    length = int.from_bytes(incoming.read(8), "big")
    config, meeting = pickle.loads(incoming.read(length))
    torch.set_num_threads(1)
    ordered = threading.Semaphore(0)

    def listen() -> None:
        while incoming.readline():
            ordered.release()
        os._exit(0)  # the worker is gone, or has what it wanted

    threading.Thread(target=listen, daemon=True).start()
    sys.stdout.buffer.write(_READY)
    sys.stdout.buffer.flush()
    with _group(1, Path(meeting)):
        rank = Rank(1, config)
        for number in range(config.total_steps):
            ordered.acquire()
            rank.step(number)
        threading.Event().wait()  # rank 0 ends the group first


if __name__ == "__main__":
    main()
