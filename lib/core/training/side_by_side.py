"""Several optimizers on MNIST in lockstep: the engine's runs, one step of each after the other."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from typing import TypeVar

import numpy as np
import torch

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
from lib.core.training.optimizers import Update, torch_optimizer
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


def optimizers_of(
    config: MnistRaceConfig, place: int, network: Network | ConvNetwork
) -> list[torch.optim.Optimizer]:
    """The entrant's own optimizer first; for Muon the rest's AdamW after it."""
    entrant = config.entrants[place]
    if entrant.rule is not Rule.MUON:
        return [
            torch_optimizer(config.train_config(place), [_parameter(network.parameters, network.gradients)])
        ]
    assert isinstance(network, Network)
    first, head = network.layers
    hidden = _parameter(first.weight, first.weight_grad)
    rest = [
        _parameter(first.bias, first.bias_grad),
        _parameter(head.weight, head.weight_grad),
        _parameter(head.bias, head.bias_grad),
    ]
    return [
        torch.optim.Muon([hidden], lr=entrant.learning_rate, weight_decay=entrant.weight_decay),
        torch.optim.AdamW(rest, lr=REST_RATE, weight_decay=REST_DECAY),
    ]


def _parameter(values: torch.Tensor, gradient: torch.Tensor) -> torch.nn.Parameter:
    parameter = torch.nn.Parameter(values, requires_grad=False)
    parameter.grad = gradient
    return parameter


def _maker(config: MnistRaceConfig, place: int) -> MakeUpdate | None:
    """None for what the engine can do by itself, faster."""
    if config.is_range_test:
        return lambda network: _rising(optimizers_of(config, place, network))
    if config.entrants[place].rule is not Rule.MUON:
        return None
    return lambda network: _all_steps(optimizers_of(config, place, network))


def _all_steps(optimizers: list[torch.optim.Optimizer]) -> Update:
    def update() -> None:
        for optimizer in optimizers:
            optimizer.step()

    return update


def _rising(optimizers: list[torch.optim.Optimizer]) -> Update:
    rates = iter(range_rates().tolist())

    def update() -> None:
        optimizers[0].param_groups[0]["lr"] = next(rates)
        for optimizer in optimizers:
            optimizer.step()

    return update
