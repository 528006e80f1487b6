"""A training set down between two steps: all it takes to go on with the same numbers, in another process, too.

As bytes it is a safetensors file: tensors and one line of JSON, nothing that could run.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields

import safetensors.torch
import torch
from torch import Tensor

_META = "__metadata__"
_KEY = "shapelab.training"
_LENGTH_BYTES = 8


class StateError(ValueError):
    """These bytes are no training's state, or another training's."""


@dataclass(frozen=True)
class Place:
    """How far a training has come. ``identity`` is its config's.

    ``epoch`` counts from 1; ``batch`` counts the epoch's minibatches that are done, ``epoch_loss`` adds their
    losses up, each times its images; ``seconds`` and ``samples`` as in a StepsReport.
    """

    identity: str
    epoch: int
    batch: int
    is_epoch_over: bool
    steps_done: int
    samples: int
    epoch_loss: float
    seconds: float


@dataclass(frozen=True)
class TrainState:
    """A place, and copies of the tensors: parameters, the optimizer's memory, the generator of the epoch's order."""

    place: Place
    tensors: Mapping[str, Tensor]

    def to_bytes(self) -> bytes:
        """As a safetensors file.

        >>> state = TrainState(Place("a", 1, 5, False, 5, 320, 0.1 + 0.2, 1.5), {"w": torch.ones(2)})
        >>> TrainState.from_bytes(state.to_bytes()).place == state.place
        True
        """
        return safetensors.torch.save(dict(self.tensors), {_KEY: json.dumps(asdict(self.place))})

    @classmethod
    def from_bytes(cls, data: bytes) -> TrainState:
        """The inverse of :meth:`to_bytes`. Raises: StateError."""
        try:
            length = int.from_bytes(data[:_LENGTH_BYTES], "little")
            header = json.loads(data[_LENGTH_BYTES : _LENGTH_BYTES + length])
            values = json.loads(header[_META][_KEY])
            if set(values) != {each.name for each in fields(Place)}:
                raise StateError(f"a state with {sorted(values)}")
            return cls(Place(**values), safetensors.torch.load(data))
        except (ValueError, KeyError, TypeError, safetensors.SafetensorError) as error:
            raise StateError(f"no training's state: {error}") from error


def copies(tensors: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Copies on the CPU."""
    return {name: value.detach().cpu().clone() for name, value in tensors.items()}


def held_bytes(tensors: Mapping[str, Tensor]) -> int:
    """What their elements take.

    >>> held_bytes({"w": torch.ones(2, 3), "b": torch.ones(3, dtype=torch.uint8)})
    27
    """
    return sum(value.nbytes for value in tensors.values())


def fill(tensors: Mapping[str, Tensor], values: Mapping[str, Tensor], prefix: str) -> None:
    """Write the values of that prefix into the tensors, in place. Raises: StateError where they do not fit."""
    found = {name.removeprefix(prefix): value for name, value in values.items() if name.startswith(prefix)}
    if found.keys() != tensors.keys():
        raise StateError(f"{sorted(found)} for {sorted(tensors)}")
    for name, tensor in tensors.items():
        if tensor.shape != found[name].shape or tensor.dtype != found[name].dtype:
            raise StateError(f"{prefix}{name} is {found[name].dtype} of {tuple(found[name].shape)}")
        with torch.no_grad():
            tensor.copy_(found[name])
