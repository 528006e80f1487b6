"""Shapes, refusals, parameters, multiply-accumulates and kept bytes of random networks against PyTorch itself."""

from __future__ import annotations

import pytest
import torch
from hypothesis import Phase, given, settings
from hypothesis.strategies import SearchStrategy
from torch.utils.flop_counter import FlopCounterMode

from lib.core.nets.analysis import Analysis, analyse
from lib.core.nets.failures import When
from lib.core.nets.graph import Network
from lib.core.nets.modules import RunningNetwork
from tests.core.nets.cases import Ran, backward_refusal, networks, run, run_plainly

STACKS = 1_000
# A stack as it is drawn is small enough to read: shrinking it further takes minutes.
bounded = settings(
    max_examples=STACKS,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.explicit, Phase.generate],
)


@pytest.mark.parametrize(
    "drawn",
    [networks(), networks(joins=True), networks(overwriting=True), networks(joins=True, overwriting=True)],
    ids=["sequences", "graphs", "sequences in place", "graphs in place"],
)
def test_a_network_is_what_torch_makes_of_it(drawn: SearchStrategy[Network]) -> None:
    """1,000 of each: sequences, graphs with skips and branches, and both with many in-place layers."""
    seen = {"legal": 0, "forward": 0, "backward": 0}

    @bounded
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
    assert seen["legal"] > STACKS / 3
    assert seen["forward"] + seen["backward"] > STACKS / 30


def _same_rows(found: Analysis, ran: Ran) -> None:
    assert tuple(row.shape for row in found.rows) == ran.shapes
    assert tuple(row.kept_bytes for row in found.rows) == ran.kept
    for row, module in zip(found.rows, ran.modules, strict=True):
        assert row.parameters == sum(each.numel() for each in module.parameters())


def test_macs_are_the_flop_counters() -> None:
    counted = 0

    @bounded
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
