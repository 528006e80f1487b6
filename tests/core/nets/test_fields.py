"""Receptive fields against the gradient: max pools made average pools, positive weights, no norms, no activations."""

from __future__ import annotations

import torch
from hypothesis import Phase, given, settings
from torch import Tensor, nn

from lib.core.conv.layer import PaddingMode
from lib.core.nets.analysis import Analysis, analyse
from lib.core.nets.graph import INPUT, Network
from lib.core.nets.layers import (
    Activation,
    AdaptiveAvgPool,
    AdaptiveMaxPool,
    AvgPool,
    BatchNorm,
    Conv,
    Dropout,
    MaxPool,
)
from lib.core.nets.modules import RunningNetwork, module_of
from lib.core.nets.units import Region, seen_by
from tests.core.nets.cases import networks

STACKS = 1_000


class Averaging(nn.Module):
    """The mean of a max pool's windows, dilated or not."""

    def __init__(self, pool: MaxPool) -> None:
        super().__init__()
        self.pool = pool

    def forward(self, x: Tensor) -> Tensor:
        kernels = x.new_ones(x.shape[1], 1, *self.pool.kernel)
        height, width = self.pool.padding
        more = 16 if self.pool.ceil_mode else 0  # windows may stand out
        padded = nn.functional.pad(x, (width, width + more, height, height + more))
        full = nn.functional.conv2d(
            padded, kernels, stride=self.pool.stride, dilation=self.pool.dilation, groups=x.shape[1]
        )
        shape = module_of(self.pool, tuple(x.shape))(x).shape
        return full[..., : shape[2], : shape[3]]


def linear_twin(found: Analysis) -> RunningNetwork:
    """The network with all that could hide a dependence taken out."""
    running = RunningNetwork(found.network, [row.shape for row in found.rows])
    for number, row in enumerate(found.network.rows):
        match row.layer:
            case Activation() | BatchNorm() | Dropout():
                running.rows[number] = nn.Identity()
            case MaxPool():
                running.rows[number] = Averaging(row.layer)
            case AdaptiveMaxPool():
                running.rows[number] = module_of(AdaptiveAvgPool(row.layer.output), found.rows[number].shape)
            case AvgPool():
                # A divisor of its own would hide nothing, but 0 cells of it do: as the max pool's windows.
                running.rows[number] = Averaging(
                    MaxPool(
                        row.layer.kernel, row.layer.stride, row.layer.padding, (1, 1), row.layer.ceil_mode
                    )
                )
    with torch.no_grad():
        for parameter in running.parameters():
            parameter.abs_().add_(0.1)
    return running.double()


def gradient_cells(
    found: Analysis, running: RunningNetwork, row: int, unit: tuple[int, int]
) -> list[set[int]]:
    """Rows and columns of the input on which a unit depends."""
    x = torch.ones(found.network.input_shape, dtype=torch.float64, requires_grad=True)
    output = running(x, row)
    cells = output[:, :, unit[0], unit[1]] if output.dim() == 4 else output
    (gradient,) = torch.autograd.grad(cells.sum(), x, allow_unused=True)
    if gradient is None:
        return [set(), set()]
    touched = gradient.abs().sum(dim=(0, 1)) > 0
    return [set(torch.nonzero(touched.any(dim=1 - axis)).flatten().tolist()) for axis in (0, 1)]


def test_a_units_field_is_the_gradients() -> None:
    """1,000 graphs, a unit in the middle of the last row; where no border interferes, also the formula's field."""
    seen = {"whole": 0, "inside": 0}

    @settings(
        max_examples=STACKS,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.explicit, Phase.generate],
    )
    @given(networks(joins=True))
    def agrees(network: Network) -> None:
        found = analyse(network)
        if not found.rows:
            return
        last = len(found.rows) - 1
        short = Network(network.input_shape, network.rows[: last + 1])
        found = analyse(short)
        shape = found.rows[last].shape
        unit = (shape[2] // 2, shape[3] // 2) if len(shape) == 4 else (0, 0)
        expected = gradient_cells(found, linear_twin(found), last, unit)
        region: Region = seen_by(short, tuple(row.shape for row in found.rows), last, unit).get(
            INPUT, (frozenset(), frozenset())
        )
        assert [set(each) for each in region] == expected
        _formula(found, unit, expected, seen)

    agrees()
    assert min(seen.values()) > STACKS / 20, seen


def _formula(found: Analysis, unit: tuple[int, int], cells: list[set[int]], seen: dict[str, int]) -> None:
    """The field that the table shows holds for units whose way back meets no border."""
    field = found.rows[-1].field
    sides = found.network.input_shape[2:]
    if field.whole:
        seen["whole"] += 1
    if any(
        isinstance(row.layer, Conv) and row.layer.padding_mode is not PaddingMode.ZEROS
        for row in found.network.rows
    ):
        return  # what pads with the input's own cells reaches beyond the interval
    for axis, at, reached, side in zip((field.height, field.width), unit, cells, sides, strict=True):
        low, high = axis.interval(at)
        if reached:
            assert max(low, 0) <= min(reached)
            assert max(reached) <= min(high, side - 1)
        if low >= 0 and high < side and not _touches_a_border(found):
            seen["inside"] += 1
            assert (low, high) == (min(reached), max(reached))


def _touches_a_border(found: Analysis) -> bool:
    """Whether any window of the network can reach into padding."""
    return any(
        getattr(row.layer, "padding", (0, 0)) != (0, 0)
        or getattr(row.layer, "named_padding", None) is not None
        or getattr(row.layer, "ceil_mode", False)
        for row in found.network.rows
    )
