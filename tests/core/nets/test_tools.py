"""What five counters say of the classics: our rules against the tools themselves."""

from __future__ import annotations

import importlib
import warnings
from typing import Any

import pytest
import torch
from torch import nn

from lib.core.nets.analysis import analyse
from lib.core.nets.classics import Classic, classic
from lib.core.nets.graph import sequence
from lib.core.nets.layers import (
    Activation,
    AvgPool,
    BatchNorm,
    Conv,
    Flatten,
    Function,
    Layer,
    Linear,
    MaxPool,
)
from lib.core.nets.modules import module_of
from lib.core.nets.tools import Tool, five_counts
from lib.core.torchvision_compat import import_torchvision
from tests.core.nets.test_classics import torchvision_model

SIZE = 96


def tools_say(make: Any, shape: tuple[int, ...]) -> dict[str, int]:
    """Their numbers for a fresh network in evaluation."""
    import_torchvision()  # thop wants it
    fvcore, ptflops, thop, torchinfo = map(
        importlib.import_module, ("fvcore.nn", "ptflops", "thop", "torchinfo")
    )

    x = torch.zeros(shape)
    with warnings.catch_warnings(), torch.no_grad():
        warnings.simplefilter("ignore")
        analysis = fvcore.FlopCountAnalysis(make().eval(), x)
        analysis.unsupported_ops_warnings(False).uncalled_modules_warnings(False).tracer_warnings("none")
        found = {
            Tool.TORCHINFO: torchinfo.summary(make().eval(), input_data=x, verbose=0).total_mult_adds,
            Tool.FVCORE: analysis.total(),
            Tool.PTFLOPS: ptflops.get_model_complexity_info(
                make().eval(), shape[1:], as_strings=False, print_per_layer_stat=False, verbose=False
            )[0],
            Tool.THOP: thop.profile(make().eval(), inputs=(x,), verbose=False)[0],
        }
    return {str(tool): int(number) for tool, number in found.items()}


@pytest.mark.parametrize("name", [Classic.ALEXNET, Classic.RESNET18, Classic.RESNET50, Classic.GOOGLENET])
def test_the_rules_give_the_tools_numbers(name: Classic) -> None:
    found = analyse(classic(name, size=SIZE))
    mine = {
        str(count.tool): count.total for count in five_counts(found) if count.tool is not Tool.FLOP_COUNTER
    }
    assert mine == tools_say(lambda: torchvision_model(name), (1, 3, SIZE, SIZE))


def test_the_rules_hold_for_a_small_stack() -> None:
    layers: list[Layer] = [
        Conv(8, padding=(1, 1)),
        BatchNorm(),
        Activation(),
        AvgPool(),
        Conv(6, bias=False),
        Activation(Function.TANH),
        MaxPool(),
        Flatten(),
        Linear(20),
        Activation(),
        Linear(5, bias=False),
    ]
    found = analyse(sequence((1, 3, 20, 20), layers))
    shapes = [row.input_shapes[0] for row in found.rows]

    def make() -> nn.Module:
        return nn.Sequential(*(module_of(*pair) for pair in zip(layers, shapes, strict=True)))

    mine = {
        str(count.tool): count.total for count in five_counts(found) if count.tool is not Tool.FLOP_COUNTER
    }
    assert mine == tools_say(make, (1, 3, 20, 20))


def test_extras_add_up() -> None:
    for count in five_counts(analyse(classic(Classic.VGG16))):
        assert count.total == 15_470_264_320 + sum(amount for _, amount in count.extras)
