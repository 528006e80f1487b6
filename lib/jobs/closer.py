"""A run looked at more closely, as a work of :mod:`lib.jobs`. Imports torch: for workers only.

The run is trained again: same seed, same numbers. Where this worker has just trained it, or a stretch before, it
goes on from there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from lib.core.training.closer import CloserConfig, Trained
from lib.core.training.config import TrainConfig
from lib.core.training.data import MnistTensors
from lib.core.training.engine import Training
from lib.core.training.handwriting import HandwritingConfig
from lib.core.training.pictures import Draft, Reader
from lib.core.training.reports import StepsReport
from lib.jobs.handwriting import handwriting_data
from lib.jobs.seen import PLACES, SEEN


def train(config: CloserConfig, *, chunk_steps: Callable[[], int]) -> Iterator[object]:
    """Pictures, or what the network says of the digit, step by step, with the steps trained for them."""
    run = config.run
    reader = Reader(run, config.digit) if config.digit else None
    seen = SEEN.states(run.identity)
    if reader is not None and not config.every and set(config.steps) <= seen.keys():
        for step in sorted(seen):
            yield reader.read(step, seen[step])
        return
    if not config.every:
        SEEN.begin(run.identity)
    for report in _trained(config, chunk_steps):
        if not isinstance(report, Draft):
            yield report
            continue
        if config.every:
            yield report
        else:
            SEEN.note(run.identity, report.step, report.state)
        if reader is not None:
            yield reader.read(report.step, report.state)


def _trained(config: CloserConfig, chunk_steps: Callable[[], int]) -> Iterator[Trained | Draft]:
    """How far it has come, and drafts of the steps that are asked for, the last of them last."""
    run = config.run
    training = Training(run, _data(run), start=getattr(run, "start", None))
    place = PLACES.before(
        run.identity, config.first - 1
    )  # its loss comes with a step: one at least is trained
    if place is not None:
        training.restore(place)
    due = config.steps

    def steps() -> int:
        return max(1, min(chunk_steps(), config.last - training.steps_done))

    for report in training.with_pictures(steps, due):
        if isinstance(report, Draft):
            yield report
        elif isinstance(report, StepsReport):
            yield Trained(report.steps_done)
        if training.steps_done >= config.last and (isinstance(report, Draft) or config.last not in due):
            break
    if config.every:
        PLACES.put(training.state())


def _data(config: TrainConfig) -> MnistTensors | None:
    return handwriting_data(config) if isinstance(config, HandwritingConfig) else None
