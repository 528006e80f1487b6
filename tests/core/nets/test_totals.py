"""torchinfo's totals: by torch's own modules, and by torchinfo itself."""

from __future__ import annotations

import sys
from dataclasses import replace

import pytest
import torch
import torchinfo
from torch import Tensor, nn

from lib.core.nets.analysis import analyse
from lib.core.nets.classics import Classic, classic
from lib.core.nets.modules import RunningNetwork
from lib.core.nets.totals import torchinfo_totals

BATCH = 2


@pytest.mark.parametrize("name", list(Classic))
def test_totals_are_torchinfos(name: Classic) -> None:
    network = classic(name, size=32 if name.is_lenet else 96)
    network = replace(network, input_shape=(BATCH, *network.input_shape[1:]))
    found = analyse(network)
    model = RunningNetwork(network, [row.shape for row in found.rows]).eval()
    passed = 0

    def count(module: nn.Module, _inputs: object, output: Tensor) -> None:
        nonlocal passed
        if any(True for _ in module.parameters()):
            passed += 2 * output.nbytes

    leaves = [module for module in model.modules() if not any(module.children())]
    hooks = [leaf.register_forward_hook(count) for leaf in leaves]
    x = torch.zeros(network.input_shape)
    with torch.no_grad():
        model(x)
    for hook in hooks:
        hook.remove()
    totals = torchinfo_totals(found)
    assert totals.parameters == sum(each.numel() for each in model.parameters())
    assert totals.trainable == sum(each.numel() for each in model.parameters() if each.requires_grad)
    assert totals.parameter_bytes == sum(each.nbytes for each in model.parameters())
    assert (totals.input_bytes, totals.pass_bytes) == (x.nbytes, passed)
    theirs = torchinfo.summary(model, input_data=x, verbose=0)
    assert (totals.parameters, totals.trainable) == (theirs.total_params, theirs.trainable_params)
    assert totals.mult_adds == theirs.total_mult_adds
    storage = sys.getsizeof(
        x.untyped_storage()
    )  # with the Python object around it, which is none of the network's
    assert theirs.total_input == storage
    theirs_in_all = theirs.total_input + theirs.total_output_bytes + theirs.total_param_bytes
    assert totals.total_bytes + storage - x.nbytes == theirs_in_all
    assert f"Forward/backward pass size (MB): {totals.pass_bytes / 1e6:.2f}" in str(theirs)
