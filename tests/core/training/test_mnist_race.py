"""The race on MNIST: each entrant trains as it would alone, Muon as torch's own, the range test's rates work."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest
import torch

from lib.core.training.config import ConfigError, OptimizerKind, TrainConfig
from lib.core.training.data import EpochOrders, mnist_tensors
from lib.core.training.engine import train
from lib.core.training.mnist_race import (
    RANGE_STEPS,
    REST_DECAY,
    REST_RATE,
    Entrant,
    MnistRaceConfig,
    RaceEpoch,
    RaceSteps,
    Rule,
    losses_of,
    range_rates,
    suggested_rate,
)
from lib.core.training.model import build_model
from lib.core.training.optimizers import muon_update, torch_optimizer
from lib.core.training.reports import EpochReport, StepsReport
from lib.core.training.side_by_side import race

FOUR = (
    Entrant(Rule.SGD, 0.1),
    Entrant(Rule.MOMENTUM, 0.02, 0.001),
    Entrant(Rule.ADAM, 0.003),
    Entrant(Rule.MUON, 0.02, 0.1),
)


def test_entrants_train_as_they_would_alone() -> None:
    config = MnistRaceConfig(FOUR, epochs=2, train_share=0.03, hidden=20, seed=5)
    chunks = iter([1, 7, 100, 100, 3, 3, 100])
    reports = list(race(config, chunk_steps=lambda: next(chunks)))
    losses = losses_of(reports, 4)
    assert losses.shape == (4, config.total_steps)
    assert [report.steps_done for report in reports if isinstance(report, RaceEpoch)] == [29, 58]
    for place in range(3):
        alone = list(train(config.train_config(place)))
        expected = np.concatenate([r.losses for r in alone if isinstance(r, StepsReport)])
        assert np.array_equal(losses[place], expected)
        ends = [r for r in alone if isinstance(r, EpochReport)]
        mine = [report for report in reports if isinstance(report, RaceEpoch)]
        assert [r.test_correct[place] for r in mine] == [r.test_correct for r in ends]


def by_autograd(config: MnistRaceConfig, place: int, steps: int) -> list[float]:
    """The plain loop with torch's own modules, gradients and optimizers."""
    entrant, single = config.entrants[place], config.train_config(place)
    model, data = build_model(single), mnist_tensors("cpu")
    hidden, *rest = model.parameters()
    muon = torch.optim.Muon([hidden], lr=entrant.learning_rate, weight_decay=entrant.weight_decay)
    adamw = torch.optim.AdamW(rest, lr=REST_RATE, weight_decay=REST_DECAY)
    optimizers: list[torch.optim.Optimizer] = [muon, adamw]
    order = next(EpochOrders(single.train_images, config.seed))
    losses = []
    for i, indices in enumerate(torch.split(order, config.batch_size)[:steps]):
        if config.is_range_test:
            muon.param_groups[0]["lr"] = float(range_rates()[i])
        loss = torch.nn.functional.cross_entropy(
            model(data.train_images[indices].float() / 255), data.train_labels[indices]
        )
        model.zero_grad()
        torch.autograd.backward(loss)
        for optimizer in optimizers:
            optimizer.step()
        losses.append(float(loss.detach()))
    return losses


def test_the_rest_moves_by_adamws_own_decay_not_by_muons() -> None:
    # At this rate the hidden matrix stays where it is.
    config = MnistRaceConfig((Entrant(Rule.MUON, 1e-9, 1.0),), hidden=4)
    run = race(config, chunk_steps=lambda: 100)
    first = next(run)
    run.close()
    assert isinstance(first, RaceSteps)
    assert first.losses[0] == pytest.approx(by_autograd(config, 0, 100), rel=1e-4)


def test_a_race_on_given_data_is_reported_step_by_step() -> None:
    whole = mnist_tensors()
    few = replace(whole, train_images=whole.train_images[:600], train_labels=whole.train_labels[:600],
                  test_images=whole.test_images[:300], test_labels=whole.test_labels[:300])  # fmt: skip
    config = MnistRaceConfig(FOUR[:2], epochs=2, train_share=0.01, hidden=3)
    chunks = iter([0, 1, 3, 99, 99])
    reports = list(race(config, few, chunk_steps=lambda: next(chunks)))
    steps = [report for report in reports if isinstance(report, RaceSteps)]
    assert [(report.first_step, report.losses.shape) for report in steps] == [
        (0, (2, 1)), (1, (2, 1)), (2, (2, 3)), (5, (2, 5)), (10, (2, 10)),
    ]  # fmt: skip
    ends = [report for report in reports if isinstance(report, RaceEpoch)]
    assert [(report.epoch, report.steps_done) for report in ends] == [(1, 10), (2, 20)]
    for place in range(2):
        alone = [each for each in train(config.train_config(place), few) if isinstance(each, EpochReport)]
        assert [each.test_losses[place] for each in ends] == [each.test_loss for each in alone]
        assert [each.test_correct[place] for each in ends] == [each.test_correct for each in alone]


@pytest.mark.parametrize("is_range_test", [False, True])
def test_muon_is_torchs_on_the_hidden_matrix_and_adamw_on_the_rest(is_range_test: bool) -> None:
    config = MnistRaceConfig((Entrant(Rule.MUON, 0.02, 0.1),), hidden=16, is_range_test=is_range_test)
    run = race(config, chunk_steps=lambda: 20)
    first = next(run)
    run.close()
    assert isinstance(first, RaceSteps)
    assert first.losses[0] == pytest.approx(by_autograd(config, 0, 20), rel=2e-3)


@pytest.mark.parametrize("shape", [(50, 784), (128, 10), (7, 7)])
def test_muon_written_out_is_torchs(shape: tuple[int, int]) -> None:
    generator = torch.Generator().manual_seed(2)
    start = torch.randn(shape, generator=generator)
    theirs, mine = torch.nn.Parameter(start.clone()), start.clone()
    gradient = torch.empty(shape)
    optimizer = torch.optim.Muon([theirs], lr=0.03, weight_decay=0.1)
    update = muon_update(mine, gradient, 0.1, lambda: 0.03)
    for _ in range(8):
        gradient.copy_(torch.randn(shape, generator=generator))
        theirs.grad = gradient
        steps: list[torch.optim.Optimizer] = [optimizer]
        steps[0].step()
        update()
        torch.testing.assert_close(mine, theirs.detach(), rtol=1e-3, atol=1e-4)


def test_a_race_does_not_load_what_takes_seconds() -> None:
    program = (
        "import sys; from lib.core.training.side_by_side import race; from lib.core.training.mnist_race import *\n"
        "for rules in (list(Rule)[:4], list(Rule)[4:]):\n"
        "    for test in (False, True):\n"
        "        next(race(MnistRaceConfig(tuple(Entrant(r, .01) for r in rules), is_range_test=test),"
        " chunk_steps=lambda: 2))\n"
        "print('torch._dynamo' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.split()[-1] == "False"


def test_the_range_test_suggests_rates_that_train() -> None:
    rules = list(Rule)
    for group in (rules[:4], rules[4:]):
        config = MnistRaceConfig(tuple(Entrant(rule, 1e-6) for rule in group), is_range_test=True)
        losses = losses_of(list(race(config)), len(group))
        assert losses.shape == (len(group), RANGE_STEPS)
        found = [suggested_rate(row) for row in losses]
        assert all(found), dict(zip(group, found, strict=True))
        entrants = tuple(Entrant(rule, rate or 1) for rule, rate in zip(group, found, strict=True))
        trained = losses_of(
            list(race(replace(config, entrants=entrants, is_range_test=False, train_share=0.3))), len(group)
        )
        assert (trained[:, -40:].mean(axis=1) < 0.6).all(), trained[:, -40:].mean(axis=1)


def test_no_rate_is_suggested_where_the_loss_does_not_fall() -> None:
    assert suggested_rate(np.full(RANGE_STEPS, 2.3, np.float32)) is None
    assert suggested_rate(np.linspace(2, 9, RANGE_STEPS, dtype=np.float32)) is None
    assert suggested_rate(np.full(RANGE_STEPS, np.nan, np.float32)) is None


def falling(steps: int, *, low: float = 0.2, lowest: int | None = None) -> np.ndarray:
    """A loss that falls steadily to its lowest step and rises after it."""
    lowest = steps - 1 if lowest is None else lowest
    down = np.linspace(2.0, low, lowest + 1)
    return np.concatenate([down, np.linspace(low, 3, steps - lowest)[1:]]).astype(np.float32)


def by_hand(losses: np.ndarray) -> float:
    """Where TensorBoard's average falls most steeply to the next step but one, from step 20 on to its lowest point."""
    smoothed, average = [], 0.0
    for step, loss in enumerate(losses.tolist(), start=1):
        average = 0.9 * average + 0.1 * loss
        smoothed.append(average / (1 - 0.9**step))
    lowest = smoothed.index(min(smoothed))
    slopes = {
        step: smoothed[min(step + 1, len(smoothed) - 1)] - smoothed[step - 1]
        for step in range(20, lowest + 1)
    }
    if lowest == len(smoothed) - 1:  # to one side alone, over half the way
        slopes[lowest] *= 2
    return float(f"{range_rates()[min(slopes, key=slopes.__getitem__)]:.2g}")


def test_the_suggested_rate_is_where_the_loss_falls_most() -> None:
    rates = range_rates()
    for centre in (1e-4, 1e-2, 0.3):
        losses = (0.3 + 2 / (1 + (rates / centre) ** 1.5) + np.where(rates > 3, rates, 0)).astype(np.float32)
        assert suggested_rate(losses) == by_hand(losses)
        assert 0.3 * centre < by_hand(losses) < 10 * centre
        cut = losses.copy()
        cut[270:] = np.nan
        assert suggested_rate(cut) == suggested_rate(losses[:270]) == by_hand(losses[:270])


def test_a_rate_needs_a_loss_that_falls_for_long_enough_and_far_enough() -> None:
    assert suggested_rate(falling(39)) is None
    assert suggested_rate(falling(40)) is not None
    assert suggested_rate(falling(100, lowest=5)) is None
    assert suggested_rate(falling(100, low=1.95)) is None
    assert suggested_rate(falling(100, low=1.7)) is not None
    spike = np.full(100, 2.0, np.float32)
    spike[50] = 1.5  # of which the average keeps a tenth
    assert suggested_rate(spike) is None


def test_a_fall_that_ends_with_the_warm_up_or_begins_with_a_rise_is_none() -> None:
    dip = np.concatenate([np.linspace(2, 0.5, 21), np.full(79, 9.0)]).astype(np.float32)
    assert suggested_rate(dip) is None, "its lowest average is that of step 20"
    rising = np.concatenate([[2.0], np.full(40, 2.4), np.full(59, 1.95)]).astype(np.float32)
    assert suggested_rate(rising) is None, "97 % of where it began, 91 % of where it was then"


def test_the_last_step_before_the_loss_left_the_numbers_counts() -> None:
    cliff = np.full(RANGE_STEPS, 2.0, np.float32)
    cliff[150:], cliff[151:] = 0.1, np.nan
    cliff[100:150] = 1.8
    assert suggested_rate(cliff) == by_hand(cliff[:151]) == float(f"{range_rates()[150]:.2g}")


def test_equal_races_are_one_and_others_are_not() -> None:
    config = MnistRaceConfig(FOUR)
    assert config.identity == MnistRaceConfig(tuple(FOUR)).identity
    others = [
        replace(config, seed=1),
        replace(config, is_range_test=True),
        replace(config, entrants=FOUR[:3]),
    ]
    assert len({config.identity, *(other.identity for other in others)}) == 4


@pytest.mark.parametrize(
    ("changes", "name", "allowed"),
    [
        ({"entrants": ()}, "entrants", "1 to 5"),
        (
            {"entrants": (*FOUR, Entrant(Rule.ADAGRAD, 0.1), Entrant(Rule.NESTEROV, 0.1))},
            "entrants",
            "1 to 5",
        ),
        ({"entrants": (FOUR[0], Entrant(Rule.SGD, float("nan")))}, "learning_rate", "above 0 to 10"),
        ({"entrants": (Entrant(Rule.SGD, 0.1, -1.0),)}, "weight_decay", "0 to 1"),
        ({"hidden": 129}, "hidden", "1 to 128, whole"),
        ({"hidden": 0}, "hidden", "1 to 128, whole"),
        ({"epochs": 6}, "epochs", "1 to 5, whole"),
        ({"epochs": 0}, "epochs", "1 to 5, whole"),
        ({"train_share": 0.0}, "train_share", "0.01 to 1"),
        ({"batch_size": 0}, "batch_size", "1 to 4096, whole"),
        ({"seed": -1}, "seed", "0 to 2147483647, whole"),
        ({"device": ""}, "device", "cpu, cuda:N, mps"),
    ],
)
def test_impossible_races_are_refused(changes: dict[str, object], name: str, allowed: str) -> None:
    with pytest.raises(ConfigError) as caught:
        replace(MnistRaceConfig(FOUR), **changes)  # type: ignore[arg-type]
    assert (caught.value.setting, caught.value.allowed) == (name, allowed)
    value = changes.get(name)
    if name == "entrants":
        assert caught.value.value == len(value)  # type: ignore[arg-type]
    elif value is not None:
        assert caught.value.value == value


def test_the_last_possible_races_and_the_run_of_an_entrant() -> None:
    race_of_all = MnistRaceConfig(
        FOUR, hidden=128, batch_size=7, epochs=5, train_share=0.02, seed=9, device="cuda:1"
    )
    assert MnistRaceConfig(FOUR[:1], hidden=1, epochs=1).total_steps == 938
    kinds = [OptimizerKind.SGD, OptimizerKind.MOMENTUM, OptimizerKind.ADAM, OptimizerKind.ADAMW]
    for place, (entrant, kind) in enumerate(zip(FOUR, kinds, strict=True)):
        assert race_of_all.train_config(place) == TrainConfig(
            hidden=(128,), optimizer=kind, learning_rate=entrant.learning_rate, weight_decay=entrant.weight_decay,
            batch_size=7, epochs=5, train_share=0.02, seed=9, device="cuda:1",
        )  # fmt: skip
    nothing = losses_of([], 3)
    assert (nothing.shape, str(nothing.dtype)) == ((3, 0), "float32")


def test_in_a_range_test_each_step_has_its_own_rate() -> None:
    config = MnistRaceConfig(
        (Entrant(Rule.ADAGRAD, 0.1, 0.2), Entrant(Rule.SGD, 0.1)), hidden=3, is_range_test=True
    )
    run = race(config, chunk_steps=lambda: 200)
    first = next(run)
    run.close()
    assert isinstance(first, RaceSteps)
    data = mnist_tensors()
    for place in range(2):
        single = config.train_config(place)
        model = build_model(single)
        optimizer = torch_optimizer(single, list(model.parameters()))
        batches = torch.split(next(EpochOrders(single.train_images, config.seed)), config.batch_size)
        losses = []
        for rate, indices in zip(range_rates()[:200].tolist(), batches[:200], strict=True):
            optimizer.param_groups[0]["lr"] = rate
            loss = torch.nn.functional.cross_entropy(
                model(data.train_images[indices].float() / 255), data.train_labels[indices]
            )
            optimizer.zero_grad()
            torch.autograd.backward(loss)
            optimizer.step()
            losses.append(float(loss.detach()))
        assert losses[-1] < 0.97 * losses[0]
        assert first.losses[place] == pytest.approx(losses, rel=2e-3)
