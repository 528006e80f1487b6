"""Fine-tuning the bundled base network, mode beside mode, on the same batches. Imports torch."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn
from torch.nn import functional as F

from lib.core.digits.prepare import SIDE
from lib.core.finetune.bundled import base_weights
from lib.core.finetune.config import (
    BATCH,
    CURVE_IMAGES,
    NEW_CLASSES,
    OLD_CLASSES,
    FinetuneConfig,
    Mode,
    OwnDigits,
)
from lib.core.finetune.network import start, with_old_head
from lib.core.finetune.reports import ModeReport, PointReport
from lib.core.mnist import load_mnist
from lib.core.training.reports import StepsReport

Report = StepsReport | PointReport | ModeReport
_AT_ONCE = 100
"""Pictures that a network reads at once when it is tested: as fast as 500, and a fifth of what lies between layers."""


@dataclass(frozen=True)
class Images:
    """Pictures float32 (N, 1, 28, 28), 0 to 1, and labels int64 (N,) that count from 0 within the task."""

    pictures: torch.Tensor
    labels: torch.Tensor

    def first(self, count: int) -> Images:
        """The first ``count``."""
        return Images(self.pictures[:count], self.labels[:count])


def images_of(pixels: NDArray[np.uint8], labels: NDArray[np.uint8], classes: tuple[int, ...]) -> Images:
    """The pictures (N, 28, 28) uint8 that show one of the classes, in order.

    >>> images_of(np.zeros((2, 28, 28), np.uint8), np.array([7, 3], np.uint8), (5, 6, 7)).labels.tolist()
    [2]
    """
    chosen = np.isin(labels, classes)
    pictures = torch.from_numpy(pixels[chosen].astype(np.float32) / 255).view(-1, 1, SIDE, SIDE)
    return Images(pictures, torch.from_numpy(np.searchsorted(classes, labels[chosen])))


@cache
def _test_images(classes: tuple[int, ...]) -> Images:
    mnist = load_mnist()
    return images_of(mnist.test_images, mnist.test_labels, classes)


def few_labels(labels_per_class: int, seed: int) -> Images:
    """That many training images of each new digit, drawn by the seed; a smaller number is part of a larger one."""
    mnist = load_mnist()
    order = np.random.default_rng(seed).permutation(len(mnist.train_labels))
    ranks = np.zeros(len(order), np.int64)
    for digit in NEW_CLASSES:
        places = order[mnist.train_labels[order] == digit][:labels_per_class]
        ranks[places] = np.arange(1, len(places) + 1)
    chosen = np.flatnonzero(ranks)
    chosen = chosen[np.argsort(ranks[chosen], kind="stable")]
    return images_of(mnist.train_images[chosen], mnist.train_labels[chosen], NEW_CLASSES)


def own_images(own: OwnDigits) -> tuple[Images, Images]:
    """A learner's drawings to train on, and those held out."""
    pixels = np.frombuffer(own.images, np.uint8).reshape(-1, SIDE, SIDE)
    labels, held = np.frombuffer(own.labels, np.uint8), np.frombuffer(own.held, np.bool_)
    everything = tuple(range(10))
    return (
        images_of(pixels[~held], labels[~held], everything),
        images_of(pixels[held], labels[held], everything),
    )


@torch.no_grad()
def accuracy(model: nn.Module, images: Images) -> float:
    """Fraction that is right, in eval mode; NaN without images."""
    was_training = model.training
    model.eval().to(memory_format=torch.channels_last)  # type: ignore[call-overload]  # pools twice as fast
    right = 0
    for start_at in range(0, len(images.labels), _AT_ONCE):
        part = slice(start_at, start_at + _AT_ONCE)
        right += int((model(images.pictures[part]).argmax(dim=1) == images.labels[part]).sum().item())
    model.train(was_training).to(memory_format=torch.contiguous_format)  # type: ignore[call-overload]
    return right / len(images.labels) if len(images.labels) else float("nan")


@dataclass
class _Run:
    """One mode while it trains."""

    config: FinetuneConfig
    mode: Mode
    labels: int
    trained: dict[str, torch.Tensor]
    classes: int
    seconds: float = 0.0
    model: nn.Sequential = field(init=False)
    optimizer: torch.optim.Optimizer = field(init=False)
    before: dict[str, torch.Tensor] = field(init=False)

    def __post_init__(self) -> None:
        self.model, self.optimizer = start(self.config, self.mode, self.trained, self.classes)
        self.model.train()
        self.before = {name: values.clone() for name, values in self.model.state_dict().items()}

    @property
    def shift(self) -> int:
        """By how much labels are moved: one shared head has the old digits first."""
        return len(OLD_CLASSES) if self.mode is Mode.SHARED else 0

    def step(self, pictures: torch.Tensor, labels: torch.Tensor) -> float:
        began = time.perf_counter()
        loss = F.cross_entropy(self.model(pictures), labels + self.shift)
        self.optimizer.zero_grad()
        torch.autograd.backward(loss)
        self.optimizer.step()
        self.seconds += time.perf_counter() - began
        return loss.item()

    def new_accuracy(self, images: Images) -> float:
        return accuracy(self.model, Images(images.pictures, images.labels + self.shift))

    def old_accuracy(self, count: int | None = None) -> float | None:
        """What is left of the old task: under the old head, or under the shared one, all ten classes competing."""
        if self.mode is Mode.SCRATCH:
            return None
        images = _test_images(OLD_CLASSES)
        images = images if count is None else images.first(count)
        if self.mode is Mode.SHARED:
            return accuracy(self.model, images)
        return accuracy(with_old_head(self.model, self.trained, self.config.base).eval(), images)

    def report(self, images: Images, old_before: float | None) -> ModeReport:
        now = self.model.state_dict()
        names = [name for name, _ in self.model.named_parameters()]
        moved = {
            name: (float((now[name] - self.before[name]).norm()), float(self.before[name].norm()))
            for name in names
        }
        kernels = [state["conv1.weight"][:, 0].numpy().copy() for state in (self.before, now)]
        counters = [int(state["bn1.num_batches_tracked"]) for state in (self.before, now)]
        running = (now["bn1.running_mean"] - self.before["bn1.running_mean"]).abs().mean()
        return ModeReport(
            mode=self.mode,
            labels=self.labels,
            new=self.new_accuracy(images),
            old_before=old_before,
            old=self.old_accuracy(),
            trainable=sum(each.numel() for each in self.model.parameters() if each.requires_grad),
            parameters=sum(each.numel() for each in self.model.parameters()),
            seconds=self.seconds,
            moved=moved,
            kernels=(kernels[0], kernels[1]),
            batches=(counters[0], counters[1]),
            running=float(running),
            tested=len(images.labels),
        )


def batches(count: int, steps: int, seed: int) -> Iterator[torch.Tensor]:
    """Places of each step's images: a new order each epoch, the last batch of an epoch may be smaller."""
    generator = torch.Generator().manual_seed(seed)
    done = 0
    while True:
        order = torch.randperm(count, generator=generator)
        for start_at in range(0, count, BATCH):
            if done == steps:
                return
            yield order[start_at : start_at + BATCH]
            done += 1


def train(config: FinetuneConfig, *, chunk_steps: Callable[[], int]) -> Iterator[Report]:
    """All modes side by side, for each number of labels: points as they come, and a report a mode at the end."""
    trained = {name: torch.from_numpy(values.copy()) for name, values in base_weights(config.base).items()}
    progress = _Progress(chunk_steps)
    for labels in config.labels:
        yield from _one_number(config, labels, trained, progress)


class _Progress:
    """Steps that may be trained before the next question, and those that were, over the whole run."""

    def __init__(self, chunk_steps: Callable[[], int]) -> None:
        self._chunk_steps = chunk_steps
        self._allowed = 0
        self._done = 0
        self._losses: list[float] = []
        self.seconds = 0.0

    def ask(self) -> Iterator[StepsReport]:
        """Report and ask again where the allowance is used up."""
        if len(self._losses) >= self._allowed:
            yield from self.report()
            self._allowed = self._chunk_steps()

    def note(self, loss: float) -> None:
        self._losses.append(loss)

    def report(self) -> Iterator[StepsReport]:
        if self._losses:
            losses = np.array(self._losses, np.float32)
            yield StepsReport(self._done, losses, self.seconds, (self._done + len(losses)) * BATCH)
            self._done += len(losses)
            self._losses = []
            self._allowed = 0


def _one_number(
    config: FinetuneConfig, labels: int, trained: dict[str, torch.Tensor], progress: _Progress
) -> Iterator[Report]:
    if config.own is None:
        task, test, classes = few_labels(labels, config.seed), _test_images(NEW_CLASSES), len(NEW_CLASSES)
    else:
        (task, test), classes = own_images(config.own), 10
    runs = [_Run(config, mode, labels, trained, classes) for mode in config.modes]
    old_before = [run.old_accuracy() for run in runs]
    curve = test.first(CURVE_IMAGES)
    measured = set() if config.is_sweep else set(config.measured_steps)

    def points(step: int) -> Iterator[PointReport]:
        for run in runs if step in measured else ():
            yield PointReport(run.mode, labels, step, run.new_accuracy(curve), run.old_accuracy(CURVE_IMAGES))

    yield from points(0)
    for step, places in enumerate(batches(len(task.labels), config.steps, config.seed), start=1):
        for run in runs:
            yield from progress.ask()
            began = time.perf_counter()
            progress.note(run.step(task.pictures[places], task.labels[places]))
            progress.seconds += time.perf_counter() - began
        if step in measured:
            yield from progress.report()
        yield from points(step)
    yield from progress.report()
    for run, before in zip(runs, old_before, strict=True):
        yield run.report(test, before)
