"""What a ``DataLoader`` does with its workers: in which order it draws, who assembles which batch, and when.

The order is that of ``DataLoader(data, size, shuffle=True, generator=torch.Generator().manual_seed(seed))``, epoch
by epoch, without importing torch: the generator is a Mersenne Twister, as NumPy's legacy one is.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

SAMPLES = 22
"""So many samples of the data set are drawn from: every number has room on the screen."""
BATCH = 4
PREFETCH = 2
"""Batches that each worker may be ahead, torch's default."""
MAX_WORKERS = 4
EPOCHS = 3


@lru_cache(maxsize=64)
def shuffled_orders(samples: int, seed: int, epochs: int = EPOCHS) -> tuple[tuple[int, ...], ...]:
    """The order of each epoch.

    >>> shuffled_orders(5, 0, 2)[0]
    (3, 1, 0, 4, 2)

    Source: torch.randperm; torch.utils.data: the loader draws a seed of 64 bits for its workers when an epoch
    begins, and RandomSampler one more order when it ends, of which it needs nothing.
    """
    draw = np.random.RandomState(seed)._bit_generator.random_raw
    orders = []
    for _ in range(epochs):
        draw(), draw()  # the workers' seed
        order = list(range(samples))
        for place in range(samples - 1):
            other = place + int(draw()) % (samples - place)
            order[place], order[other] = order[other], order[place]
        orders.append(tuple(order))
        for _ in range(samples - 1):
            draw()
    return tuple(orders)


@dataclass(frozen=True)
class LoaderSettings:
    """Arguments of a ``DataLoader``, the epoch to look at, and how long things take, in milliseconds.

    ``prepare_ms`` is one batch's ``__getitem__`` and collate, ``step_ms`` one training step.

    >>> LoaderSettings(workers=9)
    Traceback (most recent call last):
    ...
    ValueError: workers: 0 to 4
    """

    shuffle: bool = True
    drop_last: bool = False
    workers: int = 2
    epoch: int = 1
    seed: int = 0
    prepare_ms: int = 60
    step_ms: int = 20

    def __post_init__(self) -> None:
        if not 0 <= self.workers <= MAX_WORKERS:
            raise ValueError(f"workers: 0 to {MAX_WORKERS}")
        if not 1 <= self.epoch <= EPOCHS:
            raise ValueError(f"epoch: 1 to {EPOCHS}")
        if min(self.prepare_ms, self.step_ms) < 1:
            raise ValueError("milliseconds: 1 or more")


@dataclass(frozen=True)
class Loaded:
    """One batch: its samples, who assembled it (None: the training process itself), and when, in milliseconds."""

    samples: tuple[int, ...]
    worker: int | None
    prepared: tuple[int, int]
    stepped: tuple[int, int]


def batches_of(settings: LoaderSettings) -> tuple[tuple[int, ...], ...]:
    """The samples of each batch of the epoch.

    >>> batches_of(LoaderSettings(shuffle=False))[-1], len(batches_of(LoaderSettings(drop_last=True)))
    ((20, 21), 5)
    """
    order = tuple(range(SAMPLES))
    if settings.shuffle:
        order = shuffled_orders(SAMPLES, settings.seed)[settings.epoch - 1]
    cut = [order[start : start + BATCH] for start in range(0, SAMPLES, BATCH)]
    return tuple(batch for batch in cut if len(batch) == BATCH or not settings.drop_last)


def timetable(settings: LoaderSettings) -> tuple[Loaded, ...]:
    """When each batch is assembled and used: batch k by worker k mod the number of workers, used in order.

    A worker begins its next batch when it has finished the last one and the loader has asked for it: at the start
    for the first PREFETCH batches of each worker, then for one more each time a batch is handed over.

    >>> [each.worker for each in timetable(LoaderSettings())]
    [0, 1, 0, 1, 0, 1]
    >>> timetable(LoaderSettings(workers=0))[1].prepared, timetable(LoaderSettings())[1].prepared
    ((80, 140), (0, 60))
    """
    found: list[Loaded] = []
    free = [0] * settings.workers
    handed: list[int] = []
    now = 0
    for number, samples in enumerate(batches_of(settings)):
        if settings.workers == 0:
            start, worker = now, None
            end = start + settings.prepare_ms
        else:
            worker = number % settings.workers
            ahead = number - PREFETCH * settings.workers
            start = max(free[worker], handed[ahead] if ahead >= 0 else 0)
            end = free[worker] = start + settings.prepare_ms
        begin = max(now, end)
        handed.append(begin)
        now = begin + settings.step_ms
        found.append(Loaded(samples, worker, (start, end), (begin, now)))
    return tuple(found)


def epoch_ms(settings: LoaderSettings) -> int:
    """Milliseconds of the whole epoch, the workers' start left out.

    >>> epoch_ms(LoaderSettings(workers=0)), epoch_ms(LoaderSettings(workers=2)), epoch_ms(LoaderSettings(workers=4))
    (480, 220, 180)
    """
    return timetable(settings)[-1].stepped[1]


def loader_script(settings: LoaderSettings) -> str:
    """The same loader as a program: it prints each batch's samples, and the worker that assembled it.

    >>> "num_workers=2" in loader_script(LoaderSettings())
    True
    """
    return f"""import torch
from torch.utils.data import DataLoader, Dataset, get_worker_info


class Numbered(Dataset):
    def __len__(self):
        return {SAMPLES}

    def __getitem__(self, index):
        worker = get_worker_info()
        return index, "training process" if worker is None else f"worker {{worker.id}}"


if __name__ == "__main__":  # workers may import this file
    loader = DataLoader(
        Numbered(),
        batch_size={BATCH},
        shuffle={settings.shuffle},
        drop_last={settings.drop_last},
        num_workers={settings.workers},
        generator=torch.Generator().manual_seed({settings.seed}),
    )
    for epoch in range(1, {settings.epoch + 1}):
        for indices, workers in loader:
            print(epoch, indices.tolist(), workers[0])
"""


def printed(settings: LoaderSettings) -> str:
    """What the program prints.

    >>> printed(LoaderSettings(shuffle=False)).splitlines()[-1]
    '1 [20, 21] worker 1'
    """
    lines = []
    for epoch in range(1, settings.epoch + 1):
        each = LoaderSettings(settings.shuffle, settings.drop_last, settings.workers, epoch, settings.seed)
        for batch in timetable(each):
            who = "training process" if batch.worker is None else f"worker {batch.worker}"
            lines.append(f"{epoch} {list(batch.samples)} {who}")
    return "\n".join(lines)
