"""The race as a program: it trains what the race trains."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import torch

from lib.core.codegen.mnist_race_script import optimizers_code, race_script
from lib.core.training.mnist_race import Entrant, MnistRaceConfig, RaceEpoch, Rule
from lib.core.training.optimizers import MUON_COEFFICIENTS, MUON_MOMENTUM, MUON_ROUNDS, torch_optimizer
from lib.core.training.side_by_side import race
from lib.core.training.textbook import unpack_for_torchvision
from tests.core.codegen.test_mnist_script import run


def test_the_program_prints_the_races_results(tmp_path: Path) -> None:
    entrants = (Entrant(Rule.NESTEROV, 0.02), Entrant(Rule.ADAMW, 0.003, 0.02), Entrant(Rule.MUON, 0.02, 0.1))
    config = MnistRaceConfig(entrants, hidden=20, train_share=0.01, seed=3)
    printed = run(race_script(config), unpack_for_torchvision(tmp_path / "data"), tmp_path)
    found = {name: int(count) for name, count in re.findall(r"^(\S+): (\d+) of 10000 right$", printed, re.M)}
    *_, end = race(config)
    assert isinstance(end, RaceEpoch)
    for entrant, correct in zip(entrants, end.test_correct, strict=True):
        assert abs(found[entrant.rule] - correct) <= 30, (found, end)


@pytest.mark.parametrize("rule", list(Rule))
def test_each_line_makes_the_races_own_optimizers(rule: Rule) -> None:
    model = torch.nn.Sequential(
        torch.nn.Flatten(), torch.nn.Linear(784, 8), torch.nn.ReLU(), torch.nn.Linear(8, 10)
    )
    names = ("SGD", "Adagrad", "RMSprop", "Adam", "AdamW", "Muon")
    space = {name: getattr(torch.optim, name) for name in names} | {"model": model}
    made = eval(optimizers_code(Entrant(rule, 0.05, 0.01)), space)  # noqa: S307
    config = MnistRaceConfig((Entrant(rule, 0.05, 0.01),), hidden=8).train_config(0)
    first, *rest = made
    hidden = next(iter(model.parameters()))
    if rule is Rule.MUON:
        assert first.defaults == torch.optim.Muon([hidden], lr=0.05, weight_decay=0.01).defaults
        assert first.defaults["ns_coefficients"] == MUON_COEFFICIENTS
        assert first.defaults["momentum"] == MUON_MOMENTUM
        assert first.defaults["ns_steps"] == MUON_ROUNDS
        [adamw] = rest
        moved = first.param_groups[0]["params"] + adamw.param_groups[0]["params"]
        assert {id(p) for p in moved} == {id(p) for p in model.parameters()}
    else:
        own = torch_optimizer(config, list(model.parameters()))
        assert (type(first), first.defaults, rest) == (type(own), own.defaults, [])
