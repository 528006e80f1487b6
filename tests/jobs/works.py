"""Small works for what a real training cannot be made to show: exact steps, errors, noise, crashes."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path

import numpy as np

from lib.core.training.reports import EpochReport, FinalReport, StepsReport
from lib.jobs import work


class Trouble(StrEnum):
    """What goes wrong after half of the steps."""

    NONE = "none"
    ERROR = "error"
    CRASH = "crash"
    GPU_LOST = "gpu lost"
    GPU_FULL = "gpu full"
    NOISE = "noise"
    UNPICKLABLE = "unpicklable"
    GAP = "gap"
    DEAF = "deaf"


@dataclass(frozen=True)
class CountConfig:
    """Counts instead of training: the loss of step i is i."""

    tag: str = ""
    epochs: int = 2
    steps_per_epoch: int = 50
    step_seconds: float = 0.001
    weights: int = 10
    trouble: Trouble = Trouble.NONE
    device: str = "cpu"

    @property
    def identity(self) -> str:
        """Equal for equal configs."""
        return repr(asdict(self))

    @property
    def total_steps(self) -> int:
        """Of all epochs."""
        return self.epochs * self.steps_per_epoch


def endless(tag: str) -> CountConfig:
    """One that nobody waits for to end."""
    return CountConfig(tag=tag, epochs=10_000)


ENDLESS = endless("endless")


def count(config: CountConfig, *, chunk_steps: Callable[[], int]) -> Iterator[object]:
    """The shape of a training: chunks that never cross an epoch's end, epochs, a final report."""
    done = 0
    for epoch in range(1, config.epochs + 1):
        while done < epoch * config.steps_per_epoch:
            steps = min(chunk_steps(), epoch * config.steps_per_epoch - done)
            time.sleep(steps * config.step_seconds)
            losses = np.arange(done, done + steps, dtype=np.float32)
            yield StepsReport(done, losses, seconds=0.0, samples=(done + steps) * 64)
            done += steps
            if done >= config.total_steps // 2:
                yield from _trouble(config.trouble, done, config.tag)
        yield EpochReport(epoch, done, 0.5, 0.4, 9700 + epoch, 10_000, seconds=0.0)
    ones = np.ones(config.weights, np.float32)
    yield FinalReport({"1.weight": ones}, np.zeros(3, np.uint8), ones[:3], ones[:3])


def _trouble(trouble: Trouble, done: int, tag: str) -> Iterator[object]:
    if trouble is Trouble.ERROR:
        raise RuntimeError("the loss went to the moon")
    if trouble is Trouble.GPU_LOST:
        raise RuntimeError("CUDA error: unspecified launch failure\nCUDA kernel errors might be ...")
    if trouble is Trouble.GPU_FULL:
        raise RuntimeError(
            "CUDA out of memory. Tried to allocate 2.00 MiB. GPU 0 has a total capacity of ..."
        )
    if trouble is Trouble.CRASH:
        os.kill(os.getpid(), signal.SIGSEGV)
    if trouble is Trouble.NOISE:
        print("noise on stdout", flush=True)
        os.write(1, b"noise below Python\n")
    if trouble is Trouble.UNPICKLABLE:
        yield lambda: None
    if trouble is Trouble.GAP:
        yield StepsReport(done + 7, np.zeros(1, np.float32), seconds=0.0, samples=0)
    if trouble is Trouble.DEAF:
        Path(tag).touch()  # from here on it hears nothing
        time.sleep(3600)


@dataclass(frozen=True)
class RandomConfig(CountConfig):
    """Draws its losses from torch's global generator."""


def draw(config: RandomConfig, *, chunk_steps: Callable[[], int]) -> Iterator[object]:
    """Each loss is the next number of the generator that torch seeds with 1."""
    import torch

    torch.manual_seed(1)
    done = 0
    while done < config.total_steps:
        steps = min(chunk_steps(), config.total_steps - done)
        time.sleep(steps * config.step_seconds)
        yield StepsReport(done, torch.rand(steps).numpy(), seconds=0.0, samples=0)
        done += steps


@dataclass(frozen=True)
class InsideReport:
    """What a worker is like inside."""

    pid: int
    modules: tuple[str, ...]
    threads: int
    niceness: int


@dataclass(frozen=True)
class InsideConfig(CountConfig):
    """Asks a worker about itself."""


def look_inside(config: InsideConfig, *, chunk_steps: Callable[[], int]) -> Iterator[object]:
    """One report, about the process that makes it."""
    import torch

    chunk_steps()
    yield StepsReport(0, np.zeros(config.total_steps, np.float32), seconds=0.0, samples=0)
    yield InsideReport(os.getpid(), tuple(sys.modules), torch.get_num_threads(), os.nice(0))


@dataclass(frozen=True)
class FloodConfig(CountConfig):
    """Yields far more reports than anybody wants to hear."""


def flood(config: FloodConfig, *, chunk_steps: Callable[[], int]) -> Iterator[object]:
    """One report a step, however many steps are allowed."""
    for step in range(config.total_steps):
        chunk_steps()
        yield StepsReport(step, np.zeros(1, np.float32), seconds=0.0, samples=0)


@dataclass(frozen=True)
class LoggedConfig(CountConfig):
    """Counts, too: the one work of its kind in a log to which every manager of the process writes."""


@dataclass(frozen=True)
class KeptConfig(CountConfig):
    """Counts, and can be set down between any two steps; past half of them only once there is a file ``gate``.

    Once set down it takes its time to let go: until there is a file ``lets_go``.
    """

    held_bytes: int = 2**20
    gate: str = ""
    lets_go: str = ""


@dataclass(frozen=True)
class Began:
    """A worker has begun, or gone on, after so many steps."""

    steps_done: int
    pid: int


def count_kept(
    config: KeptConfig, *, chunk_steps: Callable[[], int], keeper: work.Keeper | None = None
) -> Iterator[object]:
    """The loss of step i is i; the state is how far it has come."""
    done = int(keeper.taken_up) if keeper is not None and keeper.taken_up is not None else 0
    if keeper is not None:
        keeper.offer(lambda: str(done).encode())
    yield Began(done, os.getpid())
    try:
        while done < config.total_steps:
            steps = min(chunk_steps(), _end(config) - done)
            if steps <= 0:
                time.sleep(0.01)
                continue
            time.sleep(steps * config.step_seconds)
            losses = np.arange(done, done + steps, dtype=np.float32)
            done += steps
            yield StepsReport(done - steps, losses, seconds=0.0, samples=done * 64)
    finally:
        while config.lets_go and not Path(config.lets_go).exists():
            time.sleep(0.01)


def _end(config: KeptConfig) -> int:
    """How far it may go now."""
    is_open = not config.gate or Path(config.gate).exists()
    return config.total_steps if is_open else config.total_steps // 2


@dataclass(frozen=True)
class Word:
    """A report that moves nothing forward: it says no step."""

    text: str


@dataclass(frozen=True)
class TalkConfig(CountConfig):
    """Says three words; its first worker dies before the first, if ``tag`` names a file that is not there yet."""


def talk(config: TalkConfig, *, chunk_steps: Callable[[], int]) -> Iterator[object]:
    """Three words, then all steps."""
    chunk_steps()
    if config.tag and not Path(config.tag).exists():
        Path(config.tag).touch()
        os.kill(os.getpid(), signal.SIGKILL)
    for text in ("one", "two", "three"):
        yield Word(text)
    yield StepsReport(0, np.zeros(config.total_steps, np.float32), seconds=0.0, samples=0)


@dataclass(frozen=True)
class AgainConfig(CountConfig):
    """Counts what another run's settings would give again."""


@dataclass(frozen=True)
class ShyConfig(CountConfig):
    """Counts, and waits as if it had had a turn already."""


work.register(TalkConfig, "tests.jobs.works:talk")
work.register(AgainConfig, "tests.jobs.works:count")
work.register(ShyConfig, "tests.jobs.works:count")
work.WORKED_OUT_AGAIN |= {AgainConfig, ShyConfig}
work.GIVES_WAY.add(ShyConfig)
work.register(KeptConfig, "tests.jobs.works:count_kept", can_be_set_down=True)
work.register(LoggedConfig, "tests.jobs.works:count")
work.register(CountConfig, "tests.jobs.works:count")
work.register(RandomConfig, "tests.jobs.works:draw")
work.register(InsideConfig, "tests.jobs.works:look_inside")
work.register(FloodConfig, "tests.jobs.works:flood")
