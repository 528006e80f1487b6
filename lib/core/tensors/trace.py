"""Following elements: a tensor together with where each of its elements came from."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import torch

NO_SOURCE = -1


@dataclass(frozen=True)
class Traced:
    """``values``, and ``layers`` of element numbers with the values' shape and strides.

    Elements of the inputs are numbered once: the first input's from 0 in row-major order, the second's from
    where the first ends. A sum of two tensors has two layers; NO_SOURCE
    marks a place without a second source.
    """

    values: torch.Tensor
    layers: tuple[torch.Tensor, ...]

    @property
    def shape(self) -> tuple[int, ...]:
        """Sizes of the axes."""
        return tuple(self.values.shape)

    def source_map(self, layer: int = 0) -> NDArray[np.int32]:
        """Element numbers in row-major order: (elements,) int32.

        >>> import torch
        >>> number_elements([torch.zeros(2, 2)])[0].apply(lambda x: x.t()).source_map().tolist()
        [0, 2, 1, 3]
        """
        flat: NDArray[np.int32] = self.layers[layer].reshape(-1).numpy().astype(np.int32)
        return flat

    def apply(self, function: Callable[[torch.Tensor], torch.Tensor]) -> Traced:
        """The same rearrangement of values and of numbers: ``function`` may move, repeat or drop elements."""
        return Traced(function(self.values), tuple(function(layer) for layer in self.layers))


def number_elements(tensors: Sequence[torch.Tensor]) -> list[Traced]:
    """Tensors with their elements numbered through, first tensor first.

    >>> import torch
    >>> [t.layers[0].tolist() for t in number_elements([torch.ones(2), torch.ones(2, 1)])]
    [[0, 1], [[2], [3]]]
    """
    import torch

    numbered: list[Traced] = []
    first = 0
    for tensor in tensors:
        numbers = torch.arange(first, first + tensor.numel(), dtype=torch.int64).reshape(tensor.shape)
        # The numbers lie in memory as the values do, so that views succeed or fail alike.
        layer = torch.empty_strided(tensor.shape, tensor.stride(), dtype=torch.int64).copy_(numbers)
        numbered.append(Traced(tensor, (layer,)))
        first += tensor.numel()
    return numbered


def same_layers(tensors: Sequence[Traced]) -> list[Traced]:
    """Tensors that go into one operation, padded to the same number of layers with NO_SOURCE."""
    import torch

    most = max(len(traced.layers) for traced in tensors)
    return [
        Traced(
            traced.values,
            (
                *traced.layers,
                *(torch.full_like(traced.layers[0], NO_SOURCE) for _ in range(most - len(traced.layers))),
            ),
        )
        for traced in tensors
    ]


def shares_storage(left: torch.Tensor, right: torch.Tensor) -> bool:
    """Whether two tensors look at the same memory block.

    >>> import torch
    >>> x = torch.arange(4)
    >>> shares_storage(x, x[1:]), shares_storage(x, x.clone())
    (True, False)
    """
    return left.untyped_storage().data_ptr() == right.untyped_storage().data_ptr() != 0
