"""The classics against torchvision.models, module by module and number by number; LeNet-5 against its paper."""

from __future__ import annotations

import importlib
from typing import Any

import pytest
import torch
from torch import nn
from torch.utils.flop_counter import FlopCounterMode

from lib.core.nets.analysis import analyse
from lib.core.nets.classics import PUBLISHED, Classic, classic
from lib.core.nets.classics.lenet import POPULAR, LeNetParts
from lib.core.nets.graph import Network
from lib.core.nets.layers import Activation, Add, Concat, Flatten
from lib.core.nets.modules import RunningNetwork, module_of
from lib.core.torchvision_compat import import_torchvision
from tests.core.nets.cases import run

OF_TORCHVISION = [name for name in Classic if not name.is_lenet]
FACTS = {
    Classic.ALEXNET: (61_100_840, 714_188_480, 195, 7.5),
    Classic.VGG16: (138_357_544, 15_470_264_320, 212, 146.7),
    Classic.RESNET18: (11_689_512, 1_814_073_344, 435, 44.4),
    Classic.RESNET34: (21_797_672, 3_663_761_408, 899, None),
    Classic.RESNET50: (25_557_032, 4_089_184_256, 427, 172.0),
    Classic.GOOGLENET: (6_624_904, 1_498_376_192, 379, 96.4),
    Classic.LENET5: (61_706, 416_520, 16, None),
    Classic.LENET5_1998: (60_000, 325_680, 16, None),
}


def torchvision_models() -> Any:
    import_torchvision()
    return importlib.import_module("torchvision.models")


def torchvision_model(name: Classic, **options: Any) -> nn.Module:
    models = torchvision_models()
    if name is Classic.GOOGLENET:
        options = {"aux_logits": False, "init_weights": False, **options}
    made: nn.Module = models.get_model(str(name), **options)
    return made


@pytest.mark.parametrize("name", list(Classic))
def test_the_facts(name: Classic) -> None:
    parameters, macs, field, megabytes = FACTS[name]
    found = analyse(classic(name))
    assert found.failure is None
    assert (found.parameters, found.macs) == (parameters, macs)
    assert found.last_map is not None
    assert found.rows[found.last_map].field.sizes == (field, field)
    if megabytes is not None:
        kept = analyse(classic(name).resized(batch=2)).kept_bytes
        assert round(kept / 1e6, 1) == megabytes


@pytest.mark.parametrize(
    ("name", "aux"), [*((name, False) for name in OF_TORCHVISION), (Classic.GOOGLENET, True)], ids=str
)
def test_module_by_module(name: Classic, aux: bool) -> None:
    """Every leaf of torchvision's network is a row with the same arguments, and the other way round."""
    with torch.device("meta"):
        model = torchvision_model(name, **({"aux_logits": True} if aux else {}))
        leaves = {path: module for path, module in model.named_modules() if not list(module.children())}
        network = classic(name, aux=aux)
        shapes = [row.shape for row in analyse(network).rows]
        unmatched = dict(leaves)
        for row in network.rows:
            path = row.name
            if isinstance(row.layer, Add | Concat | Flatten):
                continue
            if isinstance(row.layer, Activation) and row.layer.functional:
                continue
            if ".relu" in path and path not in leaves:
                path = f"{row.block}.relu"  # one module, called after each convolution
            if path.endswith(".avgpool") and path not in leaves:
                continue  # an auxiliary head calls the function
            module = leaves[path]
            shape = network.input_shape if row.inputs[0] < 0 else shapes[row.inputs[0]]
            mine = module_of(row.layer, shape)
            assert type(mine) is type(module)
            assert _settings(mine) == _settings(module), path
            unmatched.pop(path, None)
    assert unmatched == {}


def _settings(module: nn.Module) -> dict[str, Any]:
    names = (
        *getattr(module, "__constants__", ()),
        "kernel_size",
        "stride",
        "padding",
        "dilation",
        "groups",
        "p",
    )
    found = {each: getattr(module, each) for each in names if hasattr(module, each)}
    found.pop("eps", None)  # GoogLeNet's batch norms add 0.001, which changes no shape and no cost
    pair = {each: (value, value) for each, value in found.items() if type(value) is int and each != "groups"}
    bias = {"bias": getattr(module, "bias", None) is not None}
    return {**found, **{each: value for each, value in pair.items() if "channels" not in each}, **bias}


@pytest.mark.parametrize("name", [Classic.RESNET18, Classic.RESNET50, Classic.GOOGLENET])
def test_the_graph_computes_what_torchvision_computes(name: Classic) -> None:
    """With the same weights the same output: every row stands where it belongs."""
    torch.manual_seed(0)
    theirs = torchvision_model(name, num_classes=7).eval()
    network = classic(name, size=64, classes=7)
    mine = RunningNetwork(network, [row.shape for row in analyse(network).rows]).eval()
    state = theirs.state_dict()
    with torch.no_grad():
        for row, module in zip(network.rows, mine.rows, strict=True):
            for part, tensor in module.state_dict().items():
                tensor.copy_(state.pop(f"{row.name}.{part}"))
            if isinstance(module, nn.BatchNorm2d):
                module.eps = theirs.get_submodule(row.name).eps  # type: ignore[assignment]
        assert state == {}
        x = torch.randn(2, 3, 64, 64)
        torch.testing.assert_close(mine(x), theirs(x), rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize("name", [Classic.LENET5, Classic.LENET5_1998, Classic.ALEXNET, Classic.RESNET18])
def test_kept_bytes_are_autograds(name: Classic) -> None:
    network = classic(name, size=None if name.is_lenet else 96).resized(batch=2)
    found, ran = analyse(network), run(network)
    assert ran.error is None
    assert tuple(row.kept_bytes for row in found.rows) == ran.kept


@pytest.mark.parametrize("name", list(Classic))
def test_macs_are_the_flop_counters(name: Classic) -> None:
    network = classic(name)
    with torch.device("meta"):
        running = RunningNetwork(network, [row.shape for row in analyse(network).rows])
        with FlopCounterMode(display=False) as counter:
            running(torch.zeros(network.input_shape))
    assert FACTS[name][1] == counter.get_total_flops() / 2


@pytest.mark.parametrize("name", list(PUBLISHED))
def test_published_accuracy_is_torchvisions(name: Classic) -> None:
    models = torchvision_models()
    weights = models.get_model_weights(str(name))
    mine = {each.weights: (each.top1, each.top5) for each in PUBLISHED[name]}
    theirs = {each.name: each.meta["_metrics"]["ImageNet-1K"] for each in weights}
    theirs = {
        each: found for each, found in theirs.items() if found["acc@1"] == found["acc@1"]
    }  # features have none
    assert mine == {each: (found["acc@1"], found["acc@5"]) for each, found in theirs.items()}


def test_lenet_of_1998_as_its_paper_counts() -> None:
    """Each layer's trainable parameters and connections, and the difference that each switch makes."""
    found = analyse(classic(Classic.LENET5_1998))
    assert found.connections == 340_908
    parts = {row.name: report for row, report in zip(found.network.rows, found.rows, strict=True)}
    counted = {name: parts[name].parameters for name in ("c1", "s2", "c3", "s4", "c5", "f6", "output")}
    assert counted == {"c1": 156, "s2": 12, "c3": 1_516, "s4": 32, "c5": 48_120, "f6": 10_164, "output": 0}
    assert parts["output"].connections == 840

    def parameters(parts: LeNetParts) -> int:
        return analyse(classic(Classic.LENET5, parts=parts)).parameters

    plain = parameters(POPULAR)
    assert plain - parameters(LeNetParts(True, False, False, False)) == 900
    assert plain - parameters(LeNetParts(False, True, False, False)) == -44
    assert plain - parameters(LeNetParts(False, False, True, False)) == 850
    assert plain - parameters(LeNetParts(False, False, False, True)) == 0


def test_c3_sees_three_four_or_six_maps() -> None:
    network: Network = classic(Classic.LENET5_1998)
    layer = next(row.layer for row in network.rows if row.name == "c3")
    seen = [len(maps) for maps in layer.sources]  # type: ignore[union-attr]
    assert [seen.count(maps) for maps in (3, 4, 6)] == [6, 9, 1]
    # Table I, its first and last columns.
    assert layer.sources[0] == (0, 1, 2)  # type: ignore[union-attr]
    assert layer.sources[12:] == ((0, 1, 3, 4), (1, 2, 4, 5), (0, 2, 3, 5), (0, 1, 2, 3, 4, 5))  # type: ignore[union-attr]
