"""What the page measures in torch: its claims hold, and each program prints what the screen shows."""

from __future__ import annotations

import contextlib
import io
import itertools
import math

import numpy as np
import pytest
import torch

from lib.core.autograd import accumulate as accumulation
from lib.core.autograd import depth, modules
from lib.core.autograd.accumulate import PARTS, Accumulation, accumulate, accumulation_code
from lib.core.autograd.depth import Init, Nonlinearity, Stack, depth_code, measure
from lib.core.autograd.modules import ModuleSettings, module_code, module_facts


def output_of(program: str) -> list[str]:
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(program, {})  # noqa: S102, a program of our own making
    return printed.getvalue().splitlines()


ACCUMULATIONS = [
    Accumulation(parts, unequal, norm, divide)
    for parts in PARTS
    for unequal, norm, divide in itertools.product((False, True), repeat=3)
]


@pytest.mark.parametrize("settings", ACCUMULATIONS)
def test_accumulation_equals_the_whole_batch_just_where_it_is_said(settings: Accumulation) -> None:
    result = accumulate(settings)
    if settings.is_faithful:
        assert result.difference < 1e-12
    elif settings.parts > 1:
        assert result.difference > 0.005
    assert output_of(accumulation_code(settings)) == accumulation.printed(settings, result)


def test_without_division_the_gradient_is_k_times_as_long() -> None:
    result = accumulate(Accumulation(4, divide=False))
    np.testing.assert_allclose(result.summed, 4 * result.whole, rtol=1e-10)


@pytest.mark.parametrize("stack", [Stack(12, each, init) for each in Nonlinearity for init in Init])
def test_depth_is_measured_as_the_program_measures(stack: Stack) -> None:
    assert output_of(depth_code(stack)) == depth.printed(stack, measure(stack))


def test_gradients_vanish_explode_and_die_as_the_page_says() -> None:
    assert measure(Stack(20, Nonlinearity.SIGMOID, Init.DEFAULT)).norms[0] < depth.VANISHES
    assert measure(Stack(20, Nonlinearity.RELU, Init.LARGE)).norms.max() > depth.EXPLODES
    fair = measure(Stack(20, Nonlinearity.RELU, Init.KAIMING)).norms
    assert depth.VANISHES < fair.min() < fair.max() < depth.EXPLODES
    dead = measure(Stack(20, Nonlinearity.RELU, Init.DEAD))
    assert dead.loss == pytest.approx(math.log(10))
    assert round(dead.loss, 3) == 2.303
    np.testing.assert_array_equal(dead.norms, 0)


def test_the_default_is_the_linear_layers_own() -> None:
    layer = torch.nn.Linear(depth.WIDTH, depth.WIDTH)
    bound = depth.WIDTH**-0.5
    for parameter in layer.parameters():
        assert 0.9 * bound < parameter.abs().max().item() <= bound


@pytest.mark.parametrize("dropout", [0.0, 0.5, 0.9])
@pytest.mark.parametrize("training", [True, False])
def test_both_ways_are_one_network(dropout: float, training: bool) -> None:
    before = torch.get_rng_state()
    settings = ModuleSettings(dropout, training)
    facts = module_facts(settings)
    assert torch.equal(before, torch.get_rng_state())
    assert facts.same
    np.testing.assert_array_equal(facts.module_dropout, facts.functional_dropout)
    if not training:
        np.testing.assert_array_equal(facts.module_dropout, 1)
    if dropout:
        assert (facts.careless_dropout == 0).any()
    moved = not np.array_equal(*facts.running_mean)
    assert moved == training == (facts.batches == 1)
    assert output_of(module_code(settings)) == modules.printed(facts)
