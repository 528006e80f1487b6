"""A network as it was after some steps, as a work of :mod:`lib.jobs`: trained again. Imports torch."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from lib.core.training.as_of import AsOfConfig
from lib.core.training.engine import state_after
from lib.core.training.handwriting import HandwritingConfig
from lib.jobs.handwriting import handwriting_data


def train(config: AsOfConfig, *, chunk_steps: Callable[[], int]) -> Iterator[object]:
    """The engine's reports; the last says what the network is and does then."""
    run = config.run
    if isinstance(run, HandwritingConfig):
        yield from state_after(run, config.step, handwriting_data(run), chunk_steps, start=run.start)
    else:
        yield from state_after(run, config.step, None, chunk_steps)
