"""The training engine as a work of :mod:`lib.jobs`. Imports torch: for workers only."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from lib.core.training.config import TrainConfig
from lib.core.training.data import mnist_tensors
from lib.core.training.engine import Training
from lib.core.training.pictures import Draft
from lib.core.training.reports import EpochReport, Report, StepsReport
from lib.core.training.state import TrainState
from lib.jobs.seen import SEEN
from lib.jobs.work import Keeper


def warm_up() -> None:
    """Have torch imported and MNIST loaded before the first run asks for them."""
    mnist_tensors("cpu")


def train(
    config: TrainConfig, *, chunk_steps: Callable[[], int], keeper: Keeper | None = None
) -> Iterator[object]:
    """The engine's reports."""
    return reports_of(Training(config), config, chunk_steps, keeper)


def reports_of(
    training: Training, config: TrainConfig, chunk_steps: Callable[[], int], keeper: Keeper | None
) -> Iterator[Report | Draft]:
    """The reports of a training that begins, or is taken up, and can be set down."""
    if keeper is not None:
        if keeper.taken_up is not None:
            training.restore(TrainState.from_bytes(keeper.taken_up))
        keeper.offer(lambda: training.state().to_bytes())
    SEEN.begin(config.identity)
    for report in waiting_after_the_epoch(config, chunk_steps, training.with_pictures):
        if isinstance(report, Draft):
            SEEN.note(config.identity, report.step, report.state)
        yield report


def waiting_after_the_epoch(
    config: TrainConfig,
    chunk_steps: Callable[[], int],
    start: Callable[[Callable[[], int]], Iterator[Report | Draft]],
) -> Iterator[Report | Draft]:
    """The reports of an engine; where a run waits at an epoch's end, the evaluation comes before the wait.

    The engine asks for a chunk once more at the end of an epoch, to find no batches left; that question is
    answered here, because ``chunk_steps`` may hold it up until the learner goes on.
    """
    is_epoch_trained = False

    def steps() -> int:
        return 1 if is_epoch_trained else chunk_steps()

    for report in start(steps):
        if isinstance(report, StepsReport):
            is_epoch_trained = report.steps_done % config.steps_per_epoch == 0
        elif isinstance(report, EpochReport):
            is_epoch_trained = False
        yield report
