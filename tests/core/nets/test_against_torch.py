"""Shapes, refusals, parameters, multiply-accumulates and kept bytes of random networks against PyTorch itself."""

from __future__ import annotations

import pytest
import torch
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy
from torch.utils.flop_counter import FlopCounterMode

from lib.core.nets.analysis import Analysis, analyse
from lib.core.nets.failures import Problem, When
from lib.core.nets.graph import Network
from lib.core.nets.layers import MaxPool, Pair
from lib.core.nets.modules import RunningNetwork
from lib.core.nets.shapes import sees_padding_alone, shape_after
from tests.core.nets.cases import Ran, backward_refusal, networks, pairs, run, run_plainly

STACKS = 1_000


def bounded(examples: int) -> settings:
    """A stack as it is drawn is small enough to read: shrinking it further takes minutes."""
    phases = [Phase.explicit, Phase.generate]
    return settings(max_examples=examples, deadline=None, derandomize=True, database=None, phases=phases)


@pytest.mark.parametrize(
    ("drawn", "examples"),
    [
        (networks(), STACKS),
        (networks(joins=True), STACKS // 2),
        (networks(overwriting=True), 2 * STACKS // 5),
        (networks(joins=True, overwriting=True), 2 * STACKS // 5),
    ],
    ids=["sequences", "graphs", "sequences in place", "graphs in place"],
)
def test_a_network_is_what_torch_makes_of_it(drawn: SearchStrategy[Network], examples: int) -> None:
    """2,300 in all: sequences, graphs with skips and branches, and both with many in-place layers."""
    seen = {"legal": 0, "forward": 0, "backward": 0}

    @bounded(examples)
    @given(drawn)
    def agrees(network: Network) -> None:
        found, ran = analyse(network), run(network)
        _same_rows(found, ran)
        if ran.error is not None:
            seen["forward"] += 1
            assert found.failure is not None
            problem = found.failure.problem
            assert (found.failure.row, problem.error, problem.message) == ran.error
            return
        refused = backward_refusal([run_plainly(network)])
        if refused is None:
            seen["legal"] += 1
            assert found.failure is None
            return
        seen["backward"] += 1
        assert found.failure is not None
        assert found.failure.when is When.BACKWARD
        assert (found.failure.problem.error, found.failure.problem.message) == refused

    agrees()
    assert seen["legal"] > examples / 3
    assert seen["forward"] + seen["backward"] > examples / 100


def _same_rows(found: Analysis, ran: Ran) -> None:
    assert tuple(row.shape for row in found.rows) == ran.shapes
    assert tuple(row.kept_bytes for row in found.rows) == ran.kept
    for row, module in zip(found.rows, ran.modules, strict=True):
        assert row.parameters == sum(each.numel() for each in module.parameters())


@bounded(300)
@given(
    kernel=pairs(1, 4),
    stride=pairs(1, 3),
    padding=pairs(0, 2),
    dilation=pairs(1, 6),
    size=pairs(1, 7),
    ceil_mode=st.booleans(),
)
def test_a_max_pool_that_sees_padding_alone_gives_minus_infinity(
    kernel: Pair, stride: Pair, padding: Pair, dilation: Pair, size: Pair, ceil_mode: bool
) -> None:
    layer = MaxPool(kernel, stride, padding, dilation, ceil_mode)
    shape = (1, 1, *size)
    if isinstance(shape_after(layer, (shape,)), Problem):
        assert not sees_padding_alone(layer, shape)
        return
    out = torch.nn.functional.max_pool2d(torch.zeros(shape), kernel, stride, padding, dilation, ceil_mode)
    assert sees_padding_alone(layer, shape) == bool(out.isinf().any())


def test_macs_are_the_flop_counters() -> None:
    counted = 0

    @bounded(STACKS)
    @given(networks(joins=True))
    def agrees(network: Network) -> None:
        nonlocal counted
        found = analyse(network)
        if len(found.rows) < len(network.rows):
            return
        running = RunningNetwork(network, [row.shape for row in found.rows])
        with FlopCounterMode(display=False) as counter, torch.no_grad():
            running(torch.zeros(network.input_shape))
        assert found.macs == counter.get_total_flops() / 2
        counted += found.macs > 0

    agrees()
    assert counted > STACKS / 3
