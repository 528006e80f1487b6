"""Several optimizers on MNIST in lockstep: the engine's runs, one step of each after the other."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from dataclasses import replace
from typing import TypeVar

import numpy as np

from lib.core.training import engine
from lib.core.training.conv_network import ConvNetwork
from lib.core.training.data import MnistTensors, mnist_tensors
from lib.core.training.mnist_race import (
    REST_DECAY,
    REST_RATE,
    MnistRaceConfig,
    RaceEpoch,
    RaceSteps,
    Rule,
    range_rates,
)
from lib.core.training.network import Network
from lib.core.training.optimizers import Rate, Update, flat_update, muon_update
from lib.core.training.reports import EpochReport, Report, StepsReport

R = TypeVar("R", StepsReport, EpochReport)
MakeUpdate = Callable[[Network | ConvNetwork], Update]


def race(
    config: MnistRaceConfig,
    data: MnistTensors | None = None,
    *,
    chunk_steps: Callable[[], int] = lambda: engine.DEFAULT_CHUNK,
) -> Generator[RaceSteps | RaceEpoch, None, None]:
    """Train all entrants side by side: losses in chunks, test results after each epoch.

    ``chunk_steps`` is asked before each chunk, as in :func:`lib.core.training.engine.train`.

    >>> from lib.core.training.mnist_race import Entrant, Rule
    >>> two = (Entrant(Rule.SGD, 0.1), Entrant(Rule.ADAM, 0.001))
    >>> next(race(MnistRaceConfig(two, train_share=0.01), chunk_steps=lambda: 4)).losses.shape
    (2, 4)
    """
    data = data if data is not None else mnist_tensors(config.device)
    allowed = 1
    runs = [
        engine.train(
            config.train_config(place),
            data,
            chunk_steps=lambda: allowed,
            make_update=_maker(config, place),
        )
        for place in range(len(config.entrants))
    ]
    done = 0
    for epoch in range(1, config.epochs + 1):
        end = config.total_steps if config.is_range_test else epoch * config.steps_per_epoch
        while done < end:
            allowed = min(max(1, chunk_steps()), end - done)
            losses = [_next(run, StepsReport).losses for run in runs]
            yield RaceSteps(done, np.stack(losses))
            done += allowed
        if config.is_range_test:
            return
        ends = [_next(run, EpochReport) for run in runs]
        yield RaceEpoch(epoch, done, tuple(e.test_loss for e in ends), tuple(e.test_correct for e in ends))


def _next(run: Iterator[Report], kind: type[R]) -> R:
    report = next(run)
    assert isinstance(report, kind)
    return report


def _maker(config: MnistRaceConfig, place: int) -> MakeUpdate | None:
    """The entrant's update, with learning rates that rise in a range test; None for what the engine does anyway."""
    entrant = config.entrants[place]
    rising = iter(range_rates().tolist())

    def rate() -> float:
        return float(next(rising)) if config.is_range_test else entrant.learning_rate

    if entrant.rule is Rule.MUON:
        return lambda network: _muon(config, place, network, rate)
    if not config.is_range_test:
        return None
    single = config.train_config(place)
    return lambda network: flat_update(single, network.parameters, network.gradients, rate)


def _muon(config: MnistRaceConfig, place: int, network: Network | ConvNetwork, rate: Rate) -> Update:
    """Muon for the hidden layer's matrix, AdamW for what lies behind it in the flat buffers."""
    assert isinstance(network, Network)
    hidden = network.layers[0]
    end = hidden.weight.numel()
    moves_hidden = muon_update(hidden.weight, hidden.weight_grad, config.entrants[place].weight_decay, rate)
    rest = replace(config.train_config(place), learning_rate=REST_RATE, weight_decay=REST_DECAY)
    moves_rest = flat_update(rest, network.parameters[end:], network.gradients[end:])

    def update() -> None:
        moves_hidden()
        moves_rest()

    return Update(update)
