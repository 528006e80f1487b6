"""/optimizers without a browser: what the browser is given, what the address may say, every program runs."""

from __future__ import annotations

import json
import re

import numpy as np
import pytest
import torch
from streamlit.testing.v1 import AppTest

from lib.core.lessons import load_lesson
from lib.core.optim.experiments import Experiment, Knobs, trials
from lib.core.optim.methods import Method
from lib.core.optim.racers import Race, parse_race
from lib.core.optim.schedules import ScheduleKind
from lib.core.optim.surfaces import SurfaceName
from lib.core.training.mnist_race import MAX_ENTRANTS, RaceEpoch, RaceSteps, Rule, losses_of
from lib.core.training.race_recorded import CONFIG, recorded
from lib.core.training.side_by_side import race
from lib.figures.palette import palette
from lib.lessons.optimizers.experiment_texts import EXPERIMENT_TEXTS
from lib.lessons.optimizers.mnist_texts import MNIST_TEXTS
from lib.lessons.optimizers.picture import props
from lib.lessons.optimizers.state import DEFAULT_RATES, Topic
from lib.lessons.optimizers.texts import OPTIMIZERS_TEXTS
from lib.ui.lang import Lang
from tests.lessons.page import open_page, run_code, shown_text


def stays_in_its_language(at: AppTest, lang: Lang) -> None:
    assert bool(re.search(r"[一-鿿]", shown_text(at))) == (lang is Lang.ZH)


@pytest.mark.parametrize("surface", [*SurfaceName, "sin(x)*y + x**2"])
def test_the_browser_gets_all_it_needs(surface: str) -> None:
    given = props(surface, 4.0, Race(), "1", Lang.EN, palette(dark=False))
    plain = json.loads(json.dumps(given))
    assert (plain["rows"] is None) == (surface not in list(SurfaceName))
    assert plain["rows"] is None or all(len(row) == 51 for row in plain["rows"].values())
    assert set(plain["options"]) == set(Method)
    assert len(plain["colours"]["series"]) >= len(Method)
    names = {option["name"] for options in plain["options"].values() for option in options}
    assert names == set(plain["optionNames"])
    assert set(plain["scheduleNames"]) == set(ScheduleKind)


@pytest.mark.parametrize("lang", list(Lang))
def test_a_surface_with_a_point_says_it(lang: Lang) -> None:
    said = {
        name: props(name, 4.0, Race(), "1", lang, palette(dark=False))["about"]
        for name in (*SurfaceName, "x**2")
    }
    assert {name for name, about in said.items() if about} == {SurfaceName.SHALLOW}
    assert "(−2, 0)" in said[SurfaceName.SHALLOW]


@pytest.mark.parametrize("lang", list(Lang))
def test_every_experiment_has_words_and_a_program_that_runs(lang: Lang) -> None:
    texts = EXPERIMENT_TEXTS[lang]
    assert set(texts.names) == set(Experiment)
    for experiment in Experiment:
        at = open_page("optimizers", topic="experiments", exp=experiment, lang=lang)
        assert not at.error
        _, printed = run_code(at)
        said = [line.removeprefix("# ") for line in at.code[-1].value.splitlines() if line.startswith("# ")]
        assert said[1:] == printed.splitlines()
        stays_in_its_language(at, lang)


def test_a_function_may_be_typed_and_bad_ones_are_explained_in_place() -> None:
    at = open_page("optimizers", surface="x**2 + y**4")
    assert at.number_input(key="w").value == 4.0
    at.text_input(key="surface").input("x**2 + foo(y)").run()
    assert "At character 8" in at.error[0].value
    assert "`foo`" in at.error[0].value
    assert at.query_params["surface"] == "x**2 + y**4"
    at.text_input(key="surface").input("rosenbrock").run()
    assert not at.error
    assert "w" not in [field.key for field in at.number_input]


def test_a_surface_of_the_shelf_begins_at_its_own_start() -> None:
    at = open_page("optimizers", race="SGD;start=1,1;steps=50")
    at.button_group(key="_surfaces").set_value(SurfaceName.BEALE).run()
    assert at.query_params["surface"] == "beale"
    assert parse_race(at.query_params["race"]).start is None
    assert parse_race(at.query_params["race"]).steps == 50


@pytest.mark.parametrize("lang", list(Lang))
def test_mnist_offers_every_rule_and_races_so_many_at_most(lang: Lang) -> None:
    at = open_page("optimizers", topic="mnist", rules=",".join(Rule), lang=lang)
    assert MNIST_TEXTS[lang].too_many.format(most=MAX_ENTRANTS) in shown_text(at)
    rates = {field.key: field.value for field in at.number_input if str(field.key).endswith("_lr")}
    assert rates == {f"{rule.name.lower()}_lr": DEFAULT_RATES[rule] for rule in list(Rule)[:MAX_ENTRANTS]}
    assert "Muon" not in at.code[-1].value
    at = open_page("optimizers", topic="mnist", lang=lang)
    assert "Muon([model[1].weight], lr=0.02, weight_decay=0.1)" in at.code[-1].value
    stays_in_its_language(at, lang)


def test_the_race_on_mnist_opens_with_a_recorded_one() -> None:
    at = open_page("optimizers", topic="mnist", lang="en")
    shown = shown_text(at)
    assert MNIST_TEXTS[Lang.EN].recorded in shown
    reports = recorded(CONFIG)
    assert reports is not None
    (end,) = [report for report in reports if isinstance(report, RaceEpoch)]
    for entrant, right in zip(CONFIG.entrants, end.test_correct, strict=True):
        assert re.search(rf"\| {re.escape(entrant.rule)} \|.* {right / 100:.2f} % \|", shown)
    other = shown_text(open_page("optimizers", topic="mnist", mseed="1", lang="en"))
    assert MNIST_TEXTS[Lang.EN].recorded not in other


def test_the_recorded_race_is_what_a_race_measures() -> None:
    reports = recorded(CONFIG)
    assert reports is not None
    first = next(report for report in race(CONFIG, chunk_steps=lambda: 25) if isinstance(report, RaceSteps))
    np.testing.assert_allclose(first.losses, losses_of(reports, 4)[:, :25], atol=2e-3)


@pytest.mark.parametrize(("lang", "hidden"), [(Lang.EN, 50), (Lang.ZH, 128)])
def test_what_the_page_says_of_muon_is_so(lang: Lang, hidden: int) -> None:
    with pytest.raises(ValueError, match="Muon only supports 2D parameters") as refused:
        torch.optim.Muon([torch.nn.Linear(784, hidden).bias])
    at = open_page("optimizers", topic="mnist", lang=lang, mhidden=str(hidden))
    assert f"`{refused.value}`" in shown_text(at)


def test_muon_moves_every_direction_about_equally_far() -> None:
    """Its defaults, and how far it goes along each singular direction of an uneven gradient."""
    torch.manual_seed(0)
    p = torch.nn.Parameter(torch.zeros(50, 784))
    muon = torch.optim.Muon([p], lr=1.0, weight_decay=0.0)
    assert (muon.defaults["ns_steps"], muon.defaults["nesterov"]) == (5, True)
    p.grad = torch.logspace(0, 2, 50)[:, None] * torch.randn(50, 784)
    muon.step()  # type: ignore[no-untyped-call]
    gradient, moved = torch.linalg.svdvals(p.grad), torch.linalg.svdvals(p.detach())
    assert gradient.max() > 100 * gradient.min()
    assert 0.5 < moved.min() < moved.max() < 1.5
    weight = 1 - muon.defaults["momentum"]  # the buffer is a running average of gradients, from zero on
    torch.testing.assert_close(muon.state[p]["momentum_buffer"], weight * p.grad)
    assert "five Newton–Schulz rounds" in MNIST_TEXTS[Lang.EN].muon
    assert "五轮 Newton–Schulz" in MNIST_TEXTS[Lang.ZH].muon


@pytest.mark.parametrize("lang", list(Lang))
def test_what_is_often_mistaken_is_shown_in_numbers_where_the_race_says(lang: Lang) -> None:
    at = open_page("optimizers", lang=lang)
    said = load_lesson("optimizers", lang)["rumours"].body
    assert said in shown_text(at)
    assert OPTIMIZERS_TEXTS[lang].topics[Topic.EXPERIMENTS] in said
    names = {experiment: [t.name for t in trials(experiment, Knobs())] for experiment in Experiment}
    assert {"corrected", "adagrad"} <= set(names[Experiment.BIAS])
    assert {"adam", "adamw"} <= set(names[Experiment.DECAY])
    assert {"torch", "sutskever"} <= set(names[Experiment.MOMENTUM])


def test_a_run_that_is_not_there_is_explained() -> None:
    at = open_page("optimizers", topic="mnist", run="nobody-knows")
    assert "`nobody-knows`" in shown_text(at)


@pytest.mark.parametrize("lang", list(Lang))
def test_all_choices_have_words(lang: Lang) -> None:
    texts = OPTIMIZERS_TEXTS[lang]
    assert set(texts.surfaces) == set(SurfaceName)
    assert set(texts.schedules) == set(ScheduleKind)
