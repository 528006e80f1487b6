"""Which function does the work of which config. Names, not imports: the manager reads them without torch."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterator
from typing import Any, Protocol, runtime_checkable

from lib.core.autograd.parallel import ParallelConfig
from lib.core.finetune.config import FinetuneConfig
from lib.core.training.as_of import AsOfConfig
from lib.core.training.closer import CloserConfig
from lib.core.training.config import TrainConfig
from lib.core.training.handwriting import HandwritingConfig
from lib.core.training.mnist_race import MnistRaceConfig
from lib.core.workflow.path import WorkflowConfig


class WorkConfig(Protocol):
    """What the manager needs to know of a config: a frozen, picklable dataclass."""

    @property
    def identity(self) -> str:
        """Equal for configs whose results are equal."""

    @property
    def total_steps(self) -> int:
        """Steps in the whole run."""

    @property
    def steps_per_epoch(self) -> int:
        """Steps that :attr:`Action.EPOCH` goes ahead."""

    @property
    def device(self) -> str:
        """ "cpu", "cuda:N" or "mps": whose queue the run joins."""


WorkFunction = Callable[..., Iterator[object]]
"""``work(config, *, chunk_steps)``: a generator of picklable reports.

It calls ``chunk_steps()`` before each chunk of steps and trains at most as many as that returns; the call may
block (a paused run) or raise (a cancelled one), so neither locks nor half-done steps may be held across it. A
:class:`~lib.core.training.reports.StepsReport`, or any report with a ``steps_done``, moves the run forward.
A report that takes long to work out may be a :class:`Draft`.
Reports hold NumPy arrays, never tensors: the server that reads them has no torch.
"""


@runtime_checkable
class Draft(Protocol):
    """A report that is still to be worked out: the worker does so in a thread of its own, draft after draft.

    Meanwhile the training goes on, as long as those that wait do not hold too much.
    """

    @property
    def nbytes(self) -> int:
        """What it holds until it is finished."""

    def finish(self) -> object:
        """The report."""


class Keeper(Protocol):
    """What a worker lends to works that can be set down: those of :data:`CAN_BE_SET_DOWN`."""

    @property
    def taken_up(self) -> bytes | None:
        """The state to go on from; None where the work begins."""

    def offer(self, state: Callable[[], bytes]) -> None:
        """``state`` gives all it takes to go on; it is asked for inside ``chunk_steps`` alone, if at all."""


WORK: dict[type[Any], str] = {
    TrainConfig: "lib.jobs.training:train",
    AsOfConfig: "lib.jobs.as_of:train",
    CloserConfig: "lib.jobs.closer:train",
    HandwritingConfig: "lib.jobs.handwriting:train",
    WorkflowConfig: "lib.jobs.workflow:train",
    ParallelConfig: "lib.jobs.parallel:train",
    FinetuneConfig: "lib.jobs.finetune:train",
    MnistRaceConfig: "lib.jobs.race:train",
}
"""Config type to "module:function", looked up in the worker. Tests add theirs with :func:`register`."""


CAN_BE_SET_DOWN: set[type[Any]] = {TrainConfig, HandwritingConfig}
"""Works that take one more argument, ``keeper``: a :class:`Keeper`, or None where there is no room for their state."""

WORKED_OUT_AGAIN: set[type[Any]] = {AsOfConfig, CloserConfig}
"""Works that a run's settings give again at any time: forgotten before what learners trained, and never stored."""

GIVES_WAY: set[type[Any]] = {CloserConfig}
"""Works that nobody asked for by a press: they wait as if they had had a turn already."""

_SMALL_BYTES = 4 * 2**20


def held_bytes(config: WorkConfig) -> int:
    """About what a training of it holds in a worker's memory beyond the data that all of them share.

    >>> held_bytes(TrainConfig(hidden=(1024,) * 4)) // 2**20
    64
    """
    held: int = getattr(config, "held_bytes", _SMALL_BYTES)
    return held


def register(config_type: type[Any], target: str, *, can_be_set_down: bool = False) -> None:
    """Let configs of this type be submitted; ``target`` is "module:function" of a :data:`WorkFunction`.

    A work that ``can_be_set_down`` takes a :class:`Keeper` as ``keeper``.

    Raises: ValueError where the target is not of that form.
    """
    module, _, function = target.partition(":")
    if not module or not function:
        raise ValueError(f"{target!r} is not of the form 'module:function'")
    WORK[config_type] = target
    if can_be_set_down:
        CAN_BE_SET_DOWN.add(config_type)


def resolve(target: str) -> Any:
    """Import what a target names.

    >>> resolve("math:sqrt")(9.0)
    3.0

    Raises: ImportError or AttributeError where there is no such thing.
    """
    module, _, name = target.partition(":")
    found = importlib.import_module(module)
    return getattr(found, name) if name else found
