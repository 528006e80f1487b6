"""A tiny language whose words learn where they belong: an embedding trained on the spot.

The task is to guess a word from the other words of its sentence (CBOW; Mikolov et al. 2013). Words that stand in
the same places of the same sentences get like vectors, and so the groups appear, which nobody told the network.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import torch

STEPS = 120
SNAPSHOTS = 25
LEARNING_RATE = 0.05
MAX_WIDTH = 16


@dataclass(frozen=True)
class Group:
    """Words that belong together, by their name in the code; ``words`` are written in English."""

    name: str
    words: tuple[str, ...]


GROUPS = (
    Group("animals", ("cat", "dog", "horse", "rabbit", "bird")),
    Group("foods", ("bread", "rice", "apple", "cheese", "soup")),
    Group("vehicles", ("car", "bus", "train", "bicycle", "boat")),
    Group("places", ("city", "village", "station", "harbour", "bridge")),
    Group("verbs", ("eats", "smells", "passes", "reaches")),
)
WORDS: tuple[str, ...] = tuple(word for group in GROUPS for word in group.words)
CHINESE: dict[str, str] = {
    "cat": "猫",
    "dog": "狗",
    "horse": "马",
    "rabbit": "兔子",
    "bird": "鸟",
    "bread": "面包",
    "rice": "米饭",
    "apple": "苹果",
    "cheese": "奶酪",
    "soup": "汤",
    "car": "汽车",
    "bus": "公交车",
    "train": "火车",
    "bicycle": "自行车",
    "boat": "船",
    "city": "城市",
    "village": "村庄",
    "station": "车站",
    "harbour": "港口",
    "bridge": "桥",
    "eats": "吃",
    "smells": "闻",
    "passes": "经过",
    "reaches": "到达",
}


def group_of(word: int) -> int:
    """The group of a word, both by number.

    >>> GROUPS[group_of(WORDS.index("bus"))].name
    'vehicles'
    """
    ends = np.cumsum([len(group.words) for group in GROUPS])
    return int(np.searchsorted(ends, word, side="right"))


def sentences() -> NDArray[np.int64]:
    """All sentences of the tiny language: (S, 3) word numbers.

    An animal eats or smells a food; a vehicle passes or reaches a place.

    >>> len(sentences())
    100
    """
    number = {word: index for index, word in enumerate(WORDS)}
    animals, foods, vehicles, places, verbs = ([number[word] for word in group.words] for group in GROUPS)
    eating = product(animals, verbs[:2], foods)
    driving = product(vehicles, verbs[2:], places)
    return np.array([*eating, *driving], dtype=np.int64)


@dataclass(frozen=True)
class Learned:
    """Snapshots of the table while it learned: ``tables`` (T, words, width), ``losses`` (T,) in nats.

    ``steps`` (T,) are the training steps before each snapshot.
    """

    tables: NDArray[np.float32]
    losses: NDArray[np.float32]
    steps: NDArray[np.int64]


def context_pairs() -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """For each word of each sentence: its two neighbours (P, 2) and the word itself (P,).

    >>> [part.shape for part in context_pairs()]
    [(300, 2), (300,)]
    """
    lines = sentences()
    contexts = np.concatenate([lines[:, [1, 2]], lines[:, [0, 2]], lines[:, [0, 1]]])
    targets = np.concatenate([lines[:, 0], lines[:, 1], lines[:, 2]])
    return contexts, targets


def learn(width: int = 8, seed: int = 0) -> Learned:
    """Train the embedding with Adam on all pairs at once; the same seed gives the same table.

    >>> learned = learn(width=4)
    >>> bool(learned.losses[-1] < learned.losses[0])
    True
    """
    import torch

    generator = torch.Generator().manual_seed(seed)
    table = torch.randn(len(WORDS), width, generator=generator).requires_grad_()
    output = (torch.randn(len(WORDS), width, generator=generator) / width**0.5).requires_grad_()
    optimizer = torch.optim.Adam([table, output], lr=LEARNING_RATE)
    contexts, targets = (torch.from_numpy(part) for part in context_pairs())
    keep = set(np.linspace(0, STEPS, SNAPSHOTS).round().astype(int).tolist())
    tables, losses, steps = [], [], []
    for step in range(STEPS + 1):
        loss = _loss(table, output, contexts, targets)
        if step in keep:
            tables.append(table.detach().numpy().copy())
            losses.append(float(loss.detach()))
            steps.append(step)
        optimizer.zero_grad()
        torch.autograd.backward(loss)
        optimizer.step()
    return Learned(np.stack(tables), np.array(losses, dtype=np.float32), np.array(steps))


def _loss(
    table: torch.Tensor, output: torch.Tensor, contexts: torch.Tensor, targets: torch.Tensor
) -> torch.Tensor:
    import torch

    hidden = torch.nn.functional.embedding(contexts, table).mean(dim=1)
    return torch.nn.functional.cross_entropy(hidden @ output.T, targets)


def learning_code(width: int, seed: int, word: str, count: int) -> str:
    """The same training as Python that runs as it stands: the same table, the word's neighbours, and the map."""
    groups = "\n".join(f"{group.name} = {list(group.words)}" for group in GROUPS)
    return f"""import itertools
import torch
from torch import nn

{groups}
words = {" + ".join(group.name for group in GROUPS)}
number = {{word: index for index, word in enumerate(words)}}
lines = [*itertools.product(animals, verbs[:2], foods), *itertools.product(vehicles, verbs[2:], places)]
lines = torch.tensor([[number[word] for word in line] for line in lines])
contexts = torch.cat([lines[:, [1, 2]], lines[:, [0, 2]], lines[:, [0, 1]]])
targets = torch.cat([lines[:, 0], lines[:, 1], lines[:, 2]])

torch.manual_seed({seed})
embedding = nn.Embedding(len(words), {width})
output = nn.Parameter(torch.randn(len(words), {width}) / {width} ** 0.5)
optimizer = torch.optim.Adam([embedding.weight, output], lr={LEARNING_RATE})
for step in range({STEPS}):
    hidden = embedding(contexts).mean(dim=1)
    loss = nn.functional.cross_entropy(hidden @ output.T, targets)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
print(loss.item())

table = embedding.weight.detach()
rows = nn.functional.normalize(table)
cosines = rows @ rows[number[{word!r}]]
for other in cosines.argsort(descending=True)[1:{count + 1}].tolist():
    print(words[other], round(cosines[other].item(), 2))
centred = table - table.mean(dim=0)
axes = torch.linalg.svd(centred, full_matrices=False).Vh[:2]  # the principal components
places = centred @ axes.T
"""
