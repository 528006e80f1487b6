"""nn.Embedding: a lookup, the one-hot product that gives the same, and which rows learn from it."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from lib.core.item_size import FLOAT_BYTES, INDEX_BYTES
from lib.core.tensors.errors import Problem, TensorInputError, TorchError
from lib.core.tensors.parse import Nested, check_shape, nested_list, not_allowed, syntax_tree

if TYPE_CHECKING:
    import torch

MAX_WEIGHTS = 2_000_000
MAX_VOCABULARY = 20_000
MAX_WIDTH = 1000
MAX_INDICES = 64
MAX_INDEX_DIMS = 3
SEED = 0
KEPT_FROM = 16_000
MAX_DRAWN = 12
"""Rows of a table that are drawn."""


@dataclass(frozen=True)
class Lookup:
    """A table of ``vocabulary`` rows and ``width`` columns, and the indices to look up.

    >>> Lookup().output_shape
    (2, 3, 100)
    >>> Lookup().one_hot_bytes
    240000
    >>> Lookup(vocabulary=20_000, width=200)
    Traceback (most recent call last):
    ...
    lib.core.tensors.errors.TensorInputError: too_many_elements: elements=4000000, limit=2000000
    """

    vocabulary: int = 10_000
    width: int = 100
    indices: tuple[int, ...] = (1, 2, 3, 4, 5, 6)
    index_shape: tuple[int, ...] = (2, 3)
    padding_idx: int | None = None

    def __post_init__(self) -> None:
        _require("num_embeddings", self.vocabulary, 1, MAX_VOCABULARY)
        _require("embedding_dim", self.width, 1, MAX_WIDTH)
        if self.vocabulary * self.width > MAX_WEIGHTS:
            raise TensorInputError(
                Problem.TOO_MANY_ELEMENTS,
                {"elements": self.vocabulary * self.width, "limit": MAX_WEIGHTS},
            )
        if len(self.indices) > MAX_INDICES or math.prod(self.index_shape) != len(self.indices):
            details: dict[str, str | int] = {"elements": len(self.indices), "limit": MAX_INDICES}
            raise TensorInputError(Problem.TOO_MANY_ELEMENTS, details)
        if self.padding_idx is not None:
            _require("padding_idx", self.padding_idx, -self.vocabulary, self.vocabulary - 1)

    @property
    def output_shape(self) -> tuple[int, ...]:
        """Shape of what the lookup returns: the indices' axes, then the row's."""
        return (*self.index_shape, self.width)

    @property
    def padding_row(self) -> int | None:
        """The padding row counted from 0."""
        return None if self.padding_idx is None else self.padding_idx % self.vocabulary

    @property
    def bad_indices(self) -> tuple[int, ...]:
        """Indices outside 0 to vocabulary - 1: torch refuses them, negative ones too."""
        return tuple(index for index in self.indices if not 0 <= index < self.vocabulary)

    @property
    def index_bytes(self) -> int:
        """Of the indices, int64: what goes into the lookup."""
        return len(self.indices) * INDEX_BYTES

    @property
    def one_hot_bytes(self) -> int:
        """Of the one-hot matrix, float32 (indices x vocabulary): what goes into the product instead."""
        return len(self.indices) * self.vocabulary * FLOAT_BYTES

    @property
    def multiplications(self) -> int:
        """Of the product of the one-hot matrix and the table; a lookup has none."""
        return len(self.indices) * self.vocabulary * self.width

    def weight(self) -> torch.Tensor:
        """The table that ``torch.manual_seed(SEED)`` and ``nn.Embedding`` make: (vocabulary, width) float32."""
        weight = normal_table(self.vocabulary * self.width).view(self.vocabulary, self.width)
        if self.padding_row is not None:
            weight = weight.clone()
            weight[self.padding_row] = 0
        return weight

    def index_tensor(self) -> torch.Tensor:
        """The indices as int64."""
        import torch

        return torch.tensor(self.indices, dtype=torch.int64).reshape(self.index_shape)

    def code(self, *, backward: bool = False) -> str:
        """Python for the lookup, and where wanted for the backward pass."""
        # torch.tensor([]) is float32, which an embedding does not take
        typed = "" if self.indices else ", dtype=torch.int64"
        padding = "" if self.padding_idx is None else f", padding_idx={self.padding_idx}"
        return "\n".join(
            [
                "import torch",
                "from torch import nn",
                "",
                f"torch.manual_seed({SEED})",
                f"embedding = nn.Embedding({self.vocabulary}, {self.width}{padding})",
                f"indices = torch.tensor({self.index_tensor().tolist()}{typed})",
                "vectors = embedding(indices)",
                "print(vectors.shape)",
                *(_BACKWARD if backward else []),
            ]
        )


_BACKWARD = (
    "",
    "vectors.sum().backward()",
    "print(embedding.weight.grad.abs().sum(dim=1).nonzero().flatten())",
)


def normal_table(elements: int) -> torch.Tensor:
    """The first ``elements`` draws of N(0, 1) after ``torch.manual_seed(SEED)``: (elements,) float32, read only.

    A longer draw begins with a shorter one wherever the shorter is a multiple of 16, the block in which torch
    fills; so that a slider move need not draw two million numbers, those are cut from one draw.
    """
    if elements >= KEPT_FROM and elements % 16 == 0 and _longest_draw() is not None:
        kept = _longest_draw()
        assert kept is not None
        return kept[:elements]
    return _draw(elements)


def _draw(elements: int) -> torch.Tensor:
    import torch

    return torch.empty(elements).normal_(generator=torch.Generator().manual_seed(SEED))


@lru_cache(maxsize=1)
def _longest_draw() -> torch.Tensor | None:
    """The longest table, once a server; None where this build of torch fills in another order."""
    import torch

    longest = _draw(MAX_WEIGHTS)
    return longest if torch.equal(longest[:KEPT_FROM], _draw(KEPT_FROM)) else None


def _require(name: str, value: int, low: int, high: int) -> None:
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        details: dict[str, str | int] = {"name": name, "value": str(value)[:60], "allowed": f"{low}–{high}"}
        raise TensorInputError(Problem.BAD_VALUE, details)


def parse_indices(text: str) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Typed indices: the flat numbers and their shape.

    >>> parse_indices("[[1, 2, 3], [4, 5, 6]]")
    ((1, 2, 3, 4, 5, 6), (2, 3))

    Raises: TensorInputError.
    """
    node = syntax_tree(text)
    nested = nested_list(node)
    check_shape(nested.shape)
    flat = _flat(nested.values)
    if any(isinstance(value, float) for value in flat):
        raise TensorInputError(Problem.NOT_AN_INDEX_DTYPE, {"dtype": "float32"})
    if any(isinstance(value, bool) for value in flat):  # torch makes bool of bools alone, int64 of a mixture
        raise TensorInputError(Problem.NOT_AN_INDEX_DTYPE, {"dtype": "bool"})
    if len(nested.shape) > MAX_INDEX_DIMS:
        details: dict[str, str | int] = {"dims": len(nested.shape), "limit": MAX_INDEX_DIMS}
        raise TensorInputError(Problem.TOO_MANY_DIMS, details)
    if len(flat) > MAX_INDICES:
        raise TensorInputError(Problem.TOO_MANY_ELEMENTS, {"elements": len(flat), "limit": MAX_INDICES})
    if any(abs(value) >= 2**62 for value in flat):
        raise not_allowed(node)
    return tuple(int(value) for value in flat), nested.shape


def _flat(values: Nested) -> list[int | float | bool]:
    if isinstance(values, list):
        return [number for part in values for number in _flat(part)]
    return [values]


@dataclass(frozen=True)
class Looked:
    """What the layer did: ``rows`` are the table's rows that are drawn, ``table`` their weights (rows, width).

    ``output`` (indices, width); ``grad_rows`` the rows whose gradient is not zero after ``sum().backward()``,
    with how often each was looked up in ``grad_values``. ``error`` is torch's refusal; then there is no output.
    """

    rows: tuple[int, ...]
    table: NDArray[np.float32]
    output: NDArray[np.float32] | None
    grad_rows: tuple[int, ...] = ()
    grad_values: tuple[float, ...] = ()
    error: TorchError | None = None


class Updater(StrEnum):
    """An optimizer, named as in ``torch.optim``, whose step may move more rows than have a gradient."""

    SGD = "SGD"
    MOMENTUM = "SGD, momentum=0.9"
    ADAGRAD = "Adagrad"
    ADAM = "Adam"
    ADAMW = "AdamW"


EXAMPLE_ROWS = 6
EXAMPLE_STEPS = ((1, 2), (3,))
"""The rows that the example looks up: in its first step, and in its second."""


@lru_cache(maxsize=1)
def rows_moved() -> dict[Updater, tuple[tuple[int, ...], tuple[int, ...]]]:
    """The rows of a table of EXAMPLE_ROWS that each optimizer moves in two steps, run by torch.

    >>> rows_moved()[Updater.MOMENTUM]
    ((1, 2), (1, 2, 3))
    """
    import torch

    makers: dict[Updater, Callable[[list[torch.nn.Parameter]], torch.optim.Optimizer]] = {
        Updater.SGD: lambda weights: torch.optim.SGD(weights, lr=0.1),
        Updater.MOMENTUM: lambda weights: torch.optim.SGD(weights, lr=0.1, momentum=0.9),
        Updater.ADAGRAD: lambda weights: torch.optim.Adagrad(weights, lr=0.1),
        Updater.ADAM: lambda weights: torch.optim.Adam(weights, lr=0.1),
        Updater.ADAMW: lambda weights: torch.optim.AdamW(weights, lr=0.1),
    }
    return {updater: _two_steps(make) for updater, make in makers.items()}


def _two_steps(
    make: Callable[[list[torch.nn.Parameter]], torch.optim.Optimizer],
) -> tuple[tuple[int, ...], tuple[int, ...]]:
    import torch

    weight = torch.nn.Parameter(_draw(EXAMPLE_ROWS * 2).view(EXAMPLE_ROWS, 2))
    optimizer = make([weight])
    moved = []
    for rows in EXAMPLE_STEPS:
        before = weight.detach().clone()
        loss = torch.nn.functional.embedding(torch.tensor(rows), weight).sum()
        weight.grad = torch.autograd.grad(loss, weight)[0]
        optimizer.step()
        changed = (weight.detach() != before).any(dim=1)
        moved.append(tuple(int(row) for row in changed.nonzero().flatten()))
    return moved[0], moved[1]


def drawn_rows(lookup: Lookup) -> tuple[int, ...]:
    """The rows to draw: the first, the looked-up ones, the padding row, the last; MAX_DRAWN at most.

    >>> drawn_rows(Lookup())
    (0, 1, 2, 3, 4, 5, 6, 9999)
    """
    last = lookup.vocabulary - 1
    wanted = [0, last, *(() if lookup.padding_row is None else (lookup.padding_row,))]
    wanted += [index for index in lookup.indices if 0 <= index <= last]
    kept = list(dict.fromkeys(wanted))[:MAX_DRAWN]
    for row in range(last + 1):
        if len(kept) >= min(MAX_DRAWN // 2, last + 1):
            break
        if row not in kept:
            kept.append(row)
    return tuple(sorted(kept))


def look_up(lookup: Lookup) -> Looked:
    """Run the layer forward and ``sum().backward()``.

    >>> look_up(Lookup(vocabulary=4, width=2, indices=(1, 1, 3), index_shape=(3,))).grad_values
    (2.0, 1.0)
    """
    import torch

    weight = lookup.weight().requires_grad_()
    rows = drawn_rows(lookup)
    table: NDArray[np.float32] = weight.detach()[list(rows)].numpy().copy()
    # Flat: torch 2.13 fails in the backward pass of a single (0-D) index that is the padding row.
    indices = lookup.index_tensor().reshape(-1)
    try:
        # The sparse gradient has the rows of the dense one and skips the millions of zeros.
        output = torch.nn.functional.embedding(indices, weight, padding_idx=lookup.padding_idx, sparse=True)
    except IndexError as error:
        return Looked(rows, table, None, error=TorchError.of(error))
    (gradient,) = torch.autograd.grad(output.sum(), weight)
    summed = gradient.coalesce()
    values = summed.values().reshape(-1, lookup.width)[:, 0]  # torch gives an empty gradient no second axis
    pairs = list(zip(summed.indices()[0].tolist(), values.tolist(), strict=True))
    flat: NDArray[np.float32] = output.detach().reshape(-1, lookup.width).numpy().copy()
    return Looked(rows, table, flat, tuple(row for row, _ in pairs), tuple(value for _, value in pairs))


@dataclass(frozen=True)
class Costs:
    """Lookup against one-hot product: seconds measured.

    ``equal`` says whether both gave the same numbers.
    """

    lookup_seconds: float
    one_hot_seconds: float
    equal: bool


def one_hot_code(lookup: Lookup) -> str:
    """The same vectors by matrix product, as Python."""
    head = lookup.code().split("print(vectors.shape)")[0]
    return head + "\n".join(
        [
            "",
            f"one_hot = nn.functional.one_hot(indices, {lookup.vocabulary}).float()",
            "product = one_hot @ embedding.weight",
            "print(torch.allclose(product, vectors))",
        ]
    )


def compare_costs(lookup: Lookup, repeats: int = 5) -> Costs:
    """Measure both ways on this machine: the fastest of a few repeats, in seconds.

    >>> compare_costs(Lookup(vocabulary=50, width=4)).equal
    True
    """
    import torch

    weight = lookup.weight()
    layer = torch.nn.Embedding(lookup.vocabulary, lookup.width, _weight=weight)
    indices = lookup.index_tensor()

    def product() -> torch.Tensor:
        one_hot = torch.nn.functional.one_hot(indices, lookup.vocabulary).float()
        return one_hot @ weight

    with torch.no_grad():
        equal = torch.allclose(layer(indices), product(), atol=1e-6)
        fast = min(_seconds(lambda: layer(indices)) for _ in range(repeats))
        slow = min(_seconds(product) for _ in range(repeats))
    return Costs(lookup_seconds=fast, one_hot_seconds=slow, equal=equal)


def _seconds(work: object) -> float:
    assert callable(work)
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def nearest(vectors: NDArray[np.float32], row: int, count: int = 5) -> list[tuple[int, float]]:
    """The rows most alike by cosine, the best first, without the row itself.

    >>> nearest(np.array([[1, 0], [2, 0.1], [0, 1]], dtype=np.float32), 0, 1)[0][0]
    1
    """
    lengths = np.linalg.norm(vectors, axis=1)
    cosines = vectors @ vectors[row] / np.maximum(lengths * lengths[row], 1e-12)
    order = [int(index) for index in np.argsort(-cosines, kind="stable") if index != row]
    return [(index, float(cosines[index])) for index in order[:count]]


def project(frames: Sequence[NDArray[np.float32]]) -> NDArray[np.float32]:
    """Snapshots (T, V, D) onto the two main axes of the last one (principal components): (T, V, 2).

    >>> project([np.eye(3, dtype=np.float32)]).shape
    (1, 3, 2)
    """
    stacked = np.stack(frames)
    centred = stacked - stacked.mean(axis=1, keepdims=True)
    axes = np.linalg.svd(centred[-1], full_matrices=False)[2][:2]
    if len(axes) < 2:
        axes = np.vstack([axes, np.zeros_like(axes)])
    flat: NDArray[np.float32] = (centred @ axes.T).astype(np.float32)
    return flat
