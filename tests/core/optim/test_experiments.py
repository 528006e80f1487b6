"""The experiments: every curve that torch computes equals torch's, every program prints what it says, known numbers."""

from __future__ import annotations

import contextlib
import io
import itertools

import pytest
import torch
from hypothesis import given
from hypothesis import settings as budget
from hypothesis import strategies as st

from lib.core.optim.experiments import (
    Experiment,
    Knobs,
    drop_at,
    in_torch,
    overshoot,
    printed,
    torch_code,
    trials,
)
from tests.core.optim.cases import assert_close, by_torch

knobs = st.builds(
    Knobs,
    lr=st.floats(0.01, 1.0),
    wd=st.floats(0.01, 1.0),
    mu=st.floats(0.1, 0.99),
    damp=st.floats(0, 1),
    gradient=st.integers(-10, 3).map(lambda power: 10.0**power),
    steps=st.integers(10, 60),
)


@pytest.mark.parametrize("experiment", list(Experiment))
@given(turned=knobs)
@budget(max_examples=12, deadline=None)
def test_curves_are_torchs(experiment: Experiment, turned: Knobs) -> None:
    for trial in trials(experiment, turned):
        if trial.settings is not None:
            gradients = [None if g is None else [g] for g in trial.gradients]
            points, _ = by_torch(trial.settings, [1.0], gradients, trial.rates)
            assert_close(trial.points[1:], [point[0] for point in points])


@pytest.mark.parametrize("experiment", list(Experiment))
@pytest.mark.parametrize("turned", [Knobs(), Knobs(0.03, 0.5, 0.5, 0.2, 1e-8, 41)])
def test_programs_print_what_they_say(experiment: Experiment, turned: Knobs) -> None:
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        exec(torch_code(experiment, turned), {})  # noqa: S102
    assert out.getvalue().strip() == printed(experiment, turned)
    assert printed(experiment, turned)


def test_l2_against_decoupled_decay() -> None:
    sgd, momentum, adam, adamw, _ = trials(Experiment.DECAY, Knobs())
    assert [round(t.points[1], 2) for t in (sgd, adam, adamw)] == [0.99, 0.90, 0.99]
    assert [round(t.points[30], 2) for t in (momentum, adam, adamw)] == [-0.13, -0.03, 0.74]


def test_torch_multiplies_the_decay_by_the_learning_rate_and_the_paper_does_not() -> None:
    for lr in (0.1, 0.01):
        *_, adamw, paper = trials(Experiment.DECAY, Knobs(lr=lr))
        assert adamw.points == pytest.approx([(1 - lr * 0.1) ** t for t in range(31)])
        assert paper.points == pytest.approx([0.9**t for t in range(31)])
    assert [round(value, 2) for value in (adamw.points[1], paper.points[1], paper.points[30])] == [
        1.0,
        0.9,
        0.04,
    ]


def test_bias_correction() -> None:
    corrected, uncorrected, _ = trials(Experiment.BIAS, Knobs())
    ratios = [b / a for a, b in zip(corrected.moves, uncorrected.moves, strict=True)]
    assert (round(ratios[0], 2), round(ratios[11], 2)) == (3.16, 6.57)
    assert ratios == pytest.approx([overshoot(t) for t in range(1, 31)], rel=1e-5)
    assert max(range(200), key=lambda t: overshoot(t + 1)) + 1 == 12
    for size in (1e-3, 1.0, 1e3):
        assert trials(Experiment.BIAS, Knobs(gradient=size))[0].moves[0] == pytest.approx(0.1, rel=1e-4)


def test_adagrads_steps_shrink_and_adams_keep_their_length() -> None:
    adam, _, adagrad = trials(Experiment.BIAS, Knobs())
    assert [round(move, 4) for move in (adagrad.moves[0], adagrad.moves[29])] == [0.1, 0.0183]
    assert all(later < before for before, later in itertools.pairwise(adagrad.moves))
    assert adam.moves == pytest.approx([0.1] * 30)
    p = torch.tensor([1.0], dtype=torch.float64, requires_grad=True)
    optimizer, points = torch.optim.Adagrad([p], lr=0.1), [1.0]
    for _ in range(30):
        p.grad = torch.ones_like(p)
        optimizer.step()
        points.append(p.item())
    assert adagrad.points == pytest.approx(points)
    assert "Adagrad([p], lr=0.1)" in torch_code(Experiment.BIAS, Knobs())


def test_two_definitions_of_momentum() -> None:
    torchs, other = trials(Experiment.MOMENTUM, Knobs())
    assert drop_at(30) == 20
    assert torchs.points[:21] == pytest.approx(other.points[:21])
    assert (round(torchs.moves[20], 4), round(other.moves[20], 4)) == (0.0891, 0.8006)


def test_dampening_is_skipped_at_first() -> None:
    _, torchs, always = trials(Experiment.DAMPENING, Knobs())
    assert torchs.moves == pytest.approx([0.1] * 30)
    assert always.moves[0] == pytest.approx(0.01)
    assert all(a < 0.1 for a in always.moves)


def test_nesterov_takes_the_new_velocity() -> None:
    momentum, torchs, old = trials(Experiment.NESTEROV, Knobs())
    assert old.points == pytest.approx(momentum.points)
    assert torchs.moves[0] == pytest.approx(0.19)


def test_amsgrad_takes_the_maximum_before_the_correction() -> None:
    adam, torchs, after = trials(Experiment.AMSGRAD, Knobs(steps=200))
    assert torchs.points == adam.points
    assert after.moves[-1] < 0.2 * torchs.moves[-1]


def test_epsilon_stands_after_the_root() -> None:
    torchs, before, inside = (t.moves[0] for t in trials(Experiment.EPS, Knobs(gradient=1e-8)))
    assert torchs == pytest.approx(0.05)
    assert inside < before < torchs / 10
    assert [t.moves[0] for t in trials(Experiment.EPS, Knobs())] == pytest.approx([0.1] * 3, rel=1e-5)


def test_none_is_not_zero() -> None:
    none, zero = trials(Experiment.NONE, Knobs(steps=10))
    assert (round(none.points[1], 2), round(none.points[6], 2)) == (0.89, 0.89)
    assert (round(zero.points[1], 2), round(zero.points[6], 2)) == (0.89, 0.39)


def test_what_is_not_in_torch_is_marked() -> None:
    foreign = {f"{e} {t.name}" for e in Experiment for t in trials(e, Knobs()) if not in_torch(t)}
    assert foreign == {
        "decay paper",
        "bias uncorrected",
        "momentum sutskever",
        "dampening always",
        "nesterov old",
        "amsgrad after",
        "eps before",
        "eps inside",
    }
