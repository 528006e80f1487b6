"""The effective receptive field: where a unit's gradient really lies in a picture. torch is imported when called.

Source: Luo, Li, Urtasun, Zemel: Understanding the effective receptive field in deep convolutional neural networks,
NeurIPS 2016. A Gaussian's mass within two standard deviations, 95.45 %, says how wide it is.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from math import prod
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from lib.core.item_size import FLOAT_BYTES
from lib.core.nets.analysis import Analysis, analyse
from lib.core.nets.graph import INPUT, Network, Row
from lib.core.nets.shapes import sees_padding_alone

if TYPE_CHECKING:
    from torch import nn

MASS = 0.9545
MAX_MACS = 20_000_000_000
MAX_PARAMETERS = 40_000_000
MAX_OUTPUT_BYTES = 400_000_000
MAX_SIDE = 512
SHOWN_SIDE = 112
_one_at_a_time = threading.Lock()


class TooLargeError(ValueError):
    """A network that is too large to run here for one question."""


class PaddingAloneError(ValueError):
    """A network whose gradient PyTorch would write outside its memory: a max pool sees padding alone."""


@dataclass(frozen=True, eq=False)
class EffectiveField:
    """``heat`` is the gradient's magnitude, (h, w), 0 to 1, at most 112 cells a side.

    ``side`` is that of the square around ``middle`` with 95.45 % of the magnitude, in pixels of the input,
    None where no gradient arrives; ``middle`` (row, column, from 0) is the unit's, which may lie outside the
    picture; ``theoretical`` the longer side of the field that the layers allow.
    ``pretrained`` says whose weights it was.
    """

    heat: NDArray[np.float32]
    side: int | None
    middle: tuple[float, float]
    theoretical: int
    pretrained: bool

    @property
    def ratio(self) -> float | None:
        """The effective side as a share of the theoretical one."""
        return None if self.side is None else self.side / self.theoretical


def side_of_mass(heat: NDArray[np.float64], middle: tuple[float, float]) -> int | None:
    """The side of the square around a point that holds MASS of all; parts outside the picture count as empty.

    >>> heat = np.zeros((9, 9)); heat[4, 4] = 1.0
    >>> side_of_mass(heat, (4.0, 4.0))
    1
    >>> side_of_mass(np.ones((9, 9)), (4.0, 4.0))
    9
    >>> side_of_mass(np.zeros((9, 9)), (4.0, 4.0)) is None
    True
    """
    total = float(heat.sum())
    if not np.isfinite(total) or total <= 0:
        return None
    rows = np.abs(np.arange(heat.shape[0]) - middle[0])
    columns = np.abs(np.arange(heat.shape[1]) - middle[1])
    reach = np.maximum(rows[:, None], columns[None, :]).ravel()
    order = np.argsort(reach, kind="stable")
    held = np.cumsum(heat.ravel()[order])
    at = min(int(np.searchsorted(held, MASS * total)), held.size - 1)
    return int(2 * np.floor(reach[order[at]]) + 1)


def effective_field(
    network: Network,
    row: int,
    unit: tuple[int, int],
    picture: Callable[[int, int], NDArray[np.float32]],
    weights: Path | None = None,
) -> EffectiveField:
    """The gradient of a unit, summed over its channels, on a picture.

    ``picture`` makes it, of so many channels and of that side, (1, C, H, H): it is asked once the limits are kept.

    Weights are drawn at random as He et al. do, always the same, unless ``weights`` names a file of torchvision's.
    Runs in evaluation: dropout off, batch norm as at its start. One network a time.

    Raises: TooLargeError where the network exceeds what one question may cost; PaddingAloneError where a max pool
    on the way has a window that sees padding alone.
    """
    short = _needed(network.resized(batch=1), row)
    found = analyse(short)
    if any(
        sees_padding_alone(each.layer, report.input_shapes[0])
        for each, report in zip(short.rows, found.rows, strict=False)
    ):
        raise PaddingAloneError
    if (
        found.macs > MAX_MACS
        or found.parameters > MAX_PARAMETERS
        or found.output_bytes > MAX_OUTPUT_BYTES
        or FLOAT_BYTES * prod(short.input_shape) > MAX_OUTPUT_BYTES
        or max(short.input_shape[2:]) > MAX_SIDE
    ):
        raise TooLargeError
    _, channels, side_of_input, _ = short.input_shape
    with _one_at_a_time:
        heat, pretrained = _gradient(found, unit, picture(channels, side_of_input), weights)
    field = found.rows[-1].field
    intervals = (
        field.height.interval(min(unit[0], field.height.count - 1)),
        field.width.interval(min(unit[1], field.width.count - 1)),
    )
    middle = ((intervals[0][0] + intervals[0][1]) / 2, (intervals[1][0] + intervals[1][1]) / 2)
    side = side_of_mass(heat, middle)
    return EffectiveField(_shown(heat), side, middle, max(field.sizes), pretrained)


def _needed(network: Network, row: int) -> Network:
    """The rows on the way to one row."""
    wanted = {row}
    for number in range(row, -1, -1):
        if number in wanted:
            wanted.update(network.rows[number].inputs)
    kept = sorted(number for number in wanted if number != INPUT)
    places = {INPUT: INPUT, **{number: place for place, number in enumerate(kept)}}
    rows = tuple(
        Row(each.layer, tuple(places[source] for source in each.inputs), each.name)
        for each in (network.rows[number] for number in kept)
    )
    return Network(network.input_shape, rows)


def _gradient(
    found: Analysis, unit: tuple[int, int], picture: NDArray[np.float32], weights: Path | None
) -> tuple[NDArray[np.float64], bool]:
    import torch

    from lib.core.nets.modules import RunningNetwork

    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        running = RunningNetwork(found.network, [report.shape for report in found.rows]).eval()
        _draw_weights(running)
    pretrained = weights is not None and _load(running, weights)
    for parameter in running.parameters():
        parameter.requires_grad_(False)
    for module in running.modules():
        if getattr(module, "inplace", False):
            module.inplace = False  # type: ignore[assignment]
    x = torch.from_numpy(picture).requires_grad_()
    output = running(x)
    cells = output[:, :, unit[0], unit[1]] if output.dim() == 4 else output
    (gradient,) = torch.autograd.grad(cells.sum(), x, allow_unused=True)
    if gradient is None:
        return np.zeros(picture.shape[2:]), pretrained
    return np.asarray(gradient.abs().sum(dim=(0, 1)).double().numpy()), pretrained


def _draw_weights(running: nn.Module) -> None:
    from torch import nn

    for module in running.modules():
        if isinstance(module, nn.Conv2d | nn.Linear):
            nn.init.kaiming_normal_(module.weight, nonlinearity="relu")
            if module.bias is not None:
                nn.init.zeros_(module.bias)


def cached_weights(name: str, file: str) -> Path | None:
    """Where torch keeps a file of weights that somebody has fetched before; nothing is fetched here.

    >>> cached_weights("checkpoints", "no-such-file.pth") is None
    True
    """
    import os

    home = os.environ.get("TORCH_HOME") or Path(os.environ.get("XDG_CACHE_HOME") or "~/.cache") / "torch"
    path = Path(home).expanduser() / "hub" / name / file
    return path if path.is_file() else None


def _load(running: nn.Module, path: Path) -> bool:
    """Copy torchvision's weights row by row; False, and nothing copied, where the file does not fit."""
    import torch
    from torch import nn

    assert isinstance(running.rows, nn.ModuleList)
    network: Network = running.network  # type: ignore[assignment]
    try:
        state = torch.load(path, map_location="cpu", weights_only=True, mmap=True)
        pairs = [
            (tensor, state[f"{row.name}.{part}"])
            for row, module in zip(network.rows, running.rows, strict=True)
            for part, tensor in module.state_dict().items()
        ]
    except (OSError, RuntimeError, KeyError, ValueError, EOFError):
        return False
    if any(mine.shape != theirs.shape for mine, theirs in pairs):
        return False
    with torch.no_grad():
        for mine, theirs in pairs:
            mine.copy_(theirs)
    return True


def _shown(heat: NDArray[np.float64]) -> NDArray[np.float32]:
    """Fewer cells, each the mean of a square, and the largest 1."""
    step = -(-max(heat.shape) // SHOWN_SIDE)
    height, width = (-(-side // step) for side in heat.shape)
    padded = np.zeros((height * step, width * step))
    padded[: heat.shape[0], : heat.shape[1]] = heat
    means = padded.reshape(height, step, width, step).mean(axis=(1, 3))
    largest = means.max()
    scaled: NDArray[np.float32] = (means / largest if largest > 0 else means).astype(np.float32)
    return scaled
