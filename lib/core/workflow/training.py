"""Training the workflow's networks: the plain loop of the code on the page. Imports torch: for workers and tests."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import cast

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn
from torch.nn import functional as F
from torch.utils.data import DataLoader, Dataset

from lib.core.mnist import load_mnist
from lib.core.training.reports import StepsReport
from lib.core.workflow.batches import collate
from lib.core.workflow.model import Weights, prepare
from lib.core.workflow.path import (
    PICTURE_LEARNING_RATE,
    TEXT_LEARNING_RATE,
    TRAIN_PICTURES,
    WIDTH,
    Path,
    PicturePath,
    Pooling,
    TextPath,
    WorkflowConfig,
)
from lib.core.workflow.reviews import LABELS
from lib.core.workflow.text import encode_all, vocabulary_of

Sample = tuple[object, int]


@dataclass(frozen=True)
class PathReport:
    """A trained path: its place in the config, its weights, and what it says to the test set.

    ``predictions`` uint8 (T,), ``confidences`` float32 (T,): softmax at the predicted class; ``losses`` float32
    (steps,); ``seconds`` of training.
    """

    index: int
    weights: Weights
    predictions: NDArray[np.uint8]
    confidences: NDArray[np.float32]
    losses: NDArray[np.float32]
    seconds: float


class Classifier(nn.Module):
    """Embedding, pooling over the sentence, linear layer: (N, L) ids and mask -> (N, 2) logits."""

    def __init__(self, vocabulary: int, pooling: Pooling) -> None:
        super().__init__()
        self.embedding = nn.Embedding(vocabulary, WIDTH, padding_idx=0)
        self.head = nn.Linear(WIDTH, len(LABELS))
        self.pooling = pooling

    def forward(self, ids: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """Logits (N, 2)."""
        vectors = self.embedding(ids)
        kept = mask.unsqueeze(-1)
        if self.pooling is Pooling.MAX:
            pooled = vectors.masked_fill(~kept, -torch.inf).amax(dim=1)
        elif self.pooling is Pooling.MEAN_UNMASKED:
            pooled = vectors.mean(dim=1)
        else:
            pooled = (vectors * kept).sum(dim=1) / kept.sum(dim=1)
        logits: torch.Tensor = self.head(pooled)
        return logits


def picture_network(path: PicturePath) -> nn.Sequential:
    """The MLP of a picture path, or one linear layer where it has no hidden one."""
    if path.hidden:
        return nn.Sequential(nn.Flatten(), nn.Linear(784, path.hidden), nn.ReLU(), nn.Linear(path.hidden, 10))
    return nn.Sequential(nn.Flatten(), nn.Linear(784, 10))


def _text_collate(samples: Sequence[tuple[tuple[int, ...], int]]) -> tuple[torch.Tensor, ...]:
    batch = collate([ids for ids, _ in samples])
    labels = torch.tensor([label for _, label in samples])
    return torch.from_numpy(batch.ids), torch.from_numpy(batch.mask), labels


def _picture_collate(samples: Sequence[tuple[NDArray[np.float32], int]]) -> tuple[torch.Tensor, ...]:
    return torch.from_numpy(np.stack([values for values, _ in samples])), torch.tensor(
        [n for _, n in samples]
    )


@dataclass(frozen=True)
class _Blocks:
    """What the loop needs of a path: samples, collate, network, learning rate."""

    train: Sequence[Sample]
    test: Sequence[Sample]
    collate: Callable[..., tuple[torch.Tensor, ...]]
    network: nn.Module
    learning_rate: float


def _blocks(path: Path) -> _Blocks:
    """The blocks of a path, the network with its first weights: seeded here, before anything else draws."""
    torch.manual_seed(path.seed)
    if isinstance(path, TextPath):
        vocabulary = vocabulary_of(path.spec)
        sets = [
            list(zip(encode_all(path.spec, [r.text for r in part]), [r.label for r in part], strict=True))
            for part in (path.train_set, path.test_set)
        ]
        network: nn.Module = Classifier(len(vocabulary.tokens), path.pooling)
        return _Blocks(sets[0], sets[1], _text_collate, network, TEXT_LEARNING_RATE)
    mnist = load_mnist()
    train = prepare(mnist.train_images[:TRAIN_PICTURES], path.transform)
    test = prepare(mnist.test_images, path.transform)
    return _Blocks(
        list(zip(train, mnist.train_labels[:TRAIN_PICTURES].tolist(), strict=True)),
        list(zip(test, mnist.test_labels.tolist(), strict=True)),
        _picture_collate,
        picture_network(path),
        PICTURE_LEARNING_RATE,
    )


def train(config: WorkflowConfig, *, chunk_steps: Callable[[], int]) -> Iterator[StepsReport | PathReport]:
    """Train the paths in turn; a report a chunk of steps, and one for each trained path."""
    done, seconds = 0, 0.0
    for index, path in enumerate(config.paths):
        blocks = _blocks(path)
        optimizer = torch.optim.Adam(blocks.network.parameters(), lr=blocks.learning_rate)
        losses: list[float] = []
        began = seconds
        for chunk in _chunks(path, blocks, optimizer, chunk_steps):
            losses += chunk.losses
            seconds += chunk.seconds
            yield StepsReport(done, np.array(chunk.losses, np.float32), seconds, done * path.batch_size)
            done += len(chunk.losses)
        yield _report(index, blocks, losses, seconds - began)


def _loader(
    blocks: _Blocks, samples: Sequence[Sample], size: int, *, shuffle: bool
) -> Iterable[list[torch.Tensor]]:
    dataset = cast("Dataset[Sample]", samples)  # a list is all that a loader needs
    return DataLoader(dataset, size, shuffle=shuffle, collate_fn=blocks.collate)


@dataclass(frozen=True)
class _Chunk:
    losses: list[float]
    seconds: float


def _chunks(
    path: Path, blocks: _Blocks, optimizer: torch.optim.Optimizer, chunk_steps: Callable[[], int]
) -> Iterator[_Chunk]:
    allowed, started, losses = chunk_steps(), time.perf_counter(), list[float]()
    for _ in range(path.epochs):
        loader = _loader(blocks, blocks.train, path.batch_size, shuffle=True)
        for *inputs, labels in loader:
            if len(losses) >= allowed:
                yield _Chunk(losses, time.perf_counter() - started)
                allowed, started, losses = chunk_steps(), time.perf_counter(), []
            loss = F.cross_entropy(blocks.network(*inputs), labels)
            optimizer.zero_grad()
            torch.autograd.backward(loss)
            optimizer.step()
            losses.append(loss.item())
    if losses:
        yield _Chunk(losses, time.perf_counter() - started)


@torch.no_grad()
def _report(index: int, blocks: _Blocks, losses: list[float], seconds: float) -> PathReport:
    blocks.network.eval()
    loader = _loader(blocks, blocks.test, 256, shuffle=False)
    shares = torch.cat([blocks.network(*inputs).softmax(dim=1) for *inputs, _ in loader])
    best = shares.max(dim=1)
    return PathReport(
        index,
        {name: values.numpy().copy() for name, values in blocks.network.state_dict().items()},
        best.indices.numpy().astype(np.uint8),
        best.values.numpy(),
        np.array(losses, np.float32),
        seconds,
    )
