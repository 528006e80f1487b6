"""The picture's numbers: small whole ones wherever possible, so that a sum can be checked in the head."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache

import numpy as np
from numpy.typing import NDArray

from lib.core.conv.cost import weight_shape
from lib.core.conv.layer import Layer, LayerKind
from lib.core.conv.look import NAMED_KERNELS, Edit, InputKind, KernelKind, Look
from lib.core.conv.shape import output_sizes
from lib.core.conv.values import Floats, forward
from lib.core.mnist import FOLDER, parse_idx, read_checked

DIGIT_SIDE = 28
BRIGHT = 9
INPUT_LOW, INPUT_HIGH = 0, 10
WEIGHT_LOW, WEIGHT_HIGH = -2, 3
MAX_INPUT_CELLS = 2_000_000
MAX_CHANNEL_MACS = 40_000_000
_WINDOW_CELLS = 4_000_000
"""What is laid out at once of the cells that the windows meet: 32 MB."""
Pixels = NDArray[np.uint8]

_SMOOTH, _SLOPE = (1, 2, 1), (-1, 0, 1)
CLASSIC: dict[KernelKind, tuple[tuple[int, int, int], ...]] = {
    KernelKind.SHARPEN: ((0, -1, 0), (-1, 5, -1), (0, -1, 0)),
    KernelKind.LAPLACIAN: ((0, 1, 0), (1, -4, 1), (0, 1, 0)),
    KernelKind.EMBOSS: ((-2, -1, 0), (-1, 1, 1), (0, 1, 2)),
}


@dataclass(frozen=True)
class PictureData:
    """``inputs`` (C_in, H, W); ``weight`` as in PyTorch with two kernel axes, ``bias`` (C_out,), or None."""

    inputs: Floats
    weight: Floats | None
    bias: Floats | None

    def outputs(self, layer: Layer) -> Floats:
        """(C_out, H_out, W_out); only for a layer without a problem."""
        return forward(layer, self.inputs, self.weight, self.bias)

    def output(self, layer: Layer, channel: int) -> Floats:
        """(H_out, W_out): one channel of the outputs, from the inputs of its group alone, some of them at a time.

        >>> from lib.core.conv.layer import worked_example
        >>> shown = picture_data(worked_example(), Look(), np.zeros((28, 28), np.uint8))
        >>> bool((shown.output(worked_example(), 1) == shown.outputs(worked_example())[1]).all())
        True
        """
        if self.weight is None:
            return np.asarray(forward(layer, self.inputs[channel : channel + 1], None, None)[0])
        own = layer.in_channels // layer.groups
        group, within = divmod(channel, layer.out_channels // layer.groups)
        inputs = self.inputs[group * own : (group + 1) * own]
        if layer.kind is LayerKind.TRANSPOSED:
            weight = self.weight[group * own : (group + 1) * own, within : within + 1]
        else:
            weight = self.weight[channel : channel + 1]
        alone = replace(layer, groups=1)
        taps = layer.height.kernel * layer.width.kernel
        at_once = max(1, _WINDOW_CELLS // max(1, taps * int(np.prod(output_sizes(layer), dtype=np.int64))))
        total = np.zeros(()) if self.bias is None else self.bias[channel]
        for first in range(0, own, at_once):
            some = slice(first, first + at_once)
            part = weight[some] if layer.kind is LayerKind.TRANSPOSED else weight[:, some]
            total = total + forward(alone, inputs[some], part, None)[0]
        return np.asarray(total)


@cache
def test_digits() -> Pixels:
    """MNIST's 10,000 test images, (10000, 28, 28).

    Raises: MnistFileError, which names the file and the remedy.
    """
    return parse_idx(read_checked(FOLDER, "t10k-images-idx3-ubyte"))


test_digits.__test__ = False  # type: ignore[attr-defined]


def fits_picture(layer: Layer) -> bool:
    """Whether the numbers of a layer, legal or not, are few enough to be computed while a slider moves.

    >>> from lib.core.conv.layer import square, worked_example
    >>> fits_picture(worked_example())
    True
    """
    cells_out = np.prod([max(size, 0) for size in output_sizes(layer)], dtype=np.int64)
    per_channel = int(cells_out) * max(layer.in_channels // layer.groups, 1)
    taps = layer.height.kernel * layer.width.kernel
    cells = layer.in_channels * layer.height.size * layer.width.size
    return cells <= MAX_INPUT_CELLS and per_channel * taps <= MAX_CHANNEL_MACS


def digit_rows(pixels: Pixels, height: int, width: int) -> NDArray[np.int64]:
    """A digit in tones 0 to 9, at most 28 x 28: (28, 28) -> (min(height, 28), min(width, 28)).

    Each cell is the mean of the pixels under it, scaled so that the brightest is 9. Whole numbers all the
    way: the browser computes the same.

    >>> digit_rows(np.eye(28, dtype=np.uint8) * 255, 2, 2).tolist()
    [[9, 0], [0, 9]]
    """
    rows, columns = (_overlaps(min(side, DIGIT_SIDE)) for side in (height, width))
    sums = rows @ pixels.astype(np.int64) @ columns.T
    brightest = max(int(sums.max()), 1)
    return np.asarray((2 * BRIGHT * sums + brightest) // (2 * brightest))


def _overlaps(cells: int) -> NDArray[np.int64]:
    """(cells, 28): how much of each pixel lies under each cell, in units of 1 / (28 cells)."""
    starts = np.arange(cells)[:, None] * DIGIT_SIDE
    pixels = np.arange(DIGIT_SIDE)[None, :] * cells
    overlap = np.minimum(starts + DIGIT_SIDE, pixels + cells) - np.maximum(starts, pixels)
    return np.asarray(np.maximum(overlap, 0))


def enlarged(rows: NDArray[np.int64], height: int, width: int) -> NDArray[np.int64]:
    """Cells repeated to a larger size.

    >>> enlarged(np.array([[1, 2]]), 2, 4).tolist()
    [[1, 1, 2, 2], [1, 1, 2, 2]]
    """
    have_rows, have_columns = rows.shape
    across = np.arange(width) * have_columns // width
    return np.asarray(rows[np.arange(height) * have_rows // height][:, across])


def base_image(look: Look, height: int, width: int, pixels: Pixels) -> NDArray[np.int64]:
    """(height, width): the first channel, before edits and shift; for all but random inputs."""
    rows, columns = np.arange(height)[:, None], np.arange(width)[None, :]
    if look.input is InputKind.DIGIT:
        return enlarged(digit_rows(pixels, height, width), height, width)
    if look.input is InputKind.DRAWN:
        drawn = np.zeros((height, width), np.int64)
        for r, row in enumerate(look.drawn[:height]):
            tones = [int(tone) for tone in row[:width]]
            drawn[r, : len(tones)] = tones
        return drawn
    if look.input is InputKind.RAMP:
        return np.broadcast_to(columns * 10 // max(width, 10), (height, width))
    if look.input is InputKind.CHECKER:
        tile = checker_tile(width)
        return np.asarray(BRIGHT * ((rows // tile + columns // tile) % 2))
    return np.asarray(((rows == height // 2) & (columns == width // 2)).astype(np.int64))


def checker_tile(width: int) -> int:
    """Cells along one side of a checkerboard's square.

    >>> checker_tile(8), checker_tile(32)
    (1, 4)
    """
    return max(1, width // 8)


def torch_randint(low: int, high: int, count: int, seed: int) -> NDArray[np.int64]:
    """What ``torch.randint(low, high, (count,), generator=torch.Generator().manual_seed(seed))`` gives on the CPU.

    >>> torch_randint(-4, 5, 6, seed=5).tolist()
    [4, -1, 3, -1, 4, 3]

    Source: MT19937, seeded as by Matsumoto and Nishimura's init_genrand; a draw modulo the range.
    """
    generator = np.random.MT19937()
    key = np.random.RandomState(seed).get_state(legacy=False)
    generator.state = {"bit_generator": "MT19937", "state": {"key": key["state"]["key"], "pos": 624}}
    return (generator.random_raw(count) % np.uint64(high - low)).astype(np.int64) + low


def picture_inputs(layer: Layer, look: Look, pixels: Pixels) -> Floats:
    """(C_in, H, W): what the picture's input holds. Channel c of all but random inputs is turned by c columns."""
    channels, height, width = layer.in_channels, layer.height.size, layer.width.size
    if look.input is InputKind.RANDOM:
        flat = torch_randint(INPUT_LOW, INPUT_HIGH, channels * height * width, look.number)
        inputs = flat.reshape(channels, height, width).astype(np.float64)
    else:
        base = base_image(look, height, width, pixels)
        inputs = np.stack([np.roll(base, channel, axis=1) for channel in range(channels)]).astype(np.float64)
    _apply(inputs, look.input_edits)
    return shifted(inputs, *look.shift)


def _apply(values: Floats, edits: tuple[Edit, ...]) -> None:
    for edit in edits:
        if all(at < size for at, size in zip(edit.place, values.shape, strict=True)):
            values[edit.place] = edit.value


def shifted(inputs: Floats, right: int, down: int) -> Floats:
    """Moved, zeros behind it: (C, H, W) -> (C, H, W).

    >>> shifted(np.array([[[1.0, 2.0, 3.0]]]), 1, 0).tolist()
    [[[0.0, 1.0, 2.0]]]
    """
    height, width = inputs.shape[1:]
    moved = np.zeros_like(inputs)
    rows, columns = np.arange(height) - down, np.arange(width) - right
    good_rows, good_columns = (rows >= 0) & (rows < height), (columns >= 0) & (columns < width)
    moved[:, np.flatnonzero(good_rows)[:, None], np.flatnonzero(good_columns)] = inputs[
        :, rows[good_rows][:, None], columns[good_columns]
    ]
    return moved


def named_kernel(kind: KernelKind, height: int, width: int) -> Floats:
    """(height, width): a classic 3 x 3 kernel, folded where there is less room.

    Where there is more, Sobel's grow with it, each weight over a third of the side; the others are set into zeros.

    >>> named_kernel(KernelKind.SOBEL_X, 1, 3).tolist()
    [[-1.0, 0.0, 1.0]]
    >>> named_kernel(KernelKind.SOBEL_X, 2, 5).tolist()
    [[-2.0, -2.0, 0.0, 2.0, 2.0], [-2.0, -2.0, 0.0, 2.0, 2.0]]
    >>> named_kernel(KernelKind.BLUR, 3, 3).tolist()
    [[0.0625, 0.125, 0.0625], [0.125, 0.25, 0.125], [0.0625, 0.125, 0.0625]]
    """
    if kind is KernelKind.IDENTITY:
        kernel = np.zeros((height, width))
        kernel[(height - 1) // 2, (width - 1) // 2] = 1
        return kernel
    if kind is KernelKind.BLUR:
        return np.outer(_binomial(height), _binomial(width))
    if kind is KernelKind.SOBEL_X:
        return np.outer(_in_thirds(_SMOOTH, height), _in_thirds(_SLOPE, width))
    if kind is KernelKind.SOBEL_Y:
        return np.outer(_in_thirds(_SLOPE, height), _in_thirds(_SMOOTH, width))
    return np.asarray(_fitted(height) @ np.array(CLASSIC[kind], np.float64) @ _fitted(width).T)


def _binomial(size: int) -> Floats:
    row = np.ones(1)
    for _ in range(size - 1):
        row = np.convolve(row, [0.5, 0.5])
    return row


def _in_thirds(weights: tuple[int, int, int], size: int) -> Floats:
    """(size,): three weights over an axis of that size, the cell itself where there is only one."""
    if size == 1:
        return np.ones(1)
    if size == 2:
        return np.asarray(_fitted(2) @ np.array(weights, np.float64))
    side = (size + 1) // 3
    return np.repeat(np.array(weights, np.float64), (side, size - 2 * side, side))


def _fitted(size: int) -> Floats:
    """(size, 3): spreads three weights over an axis of that size."""
    if size == 1:
        return np.ones((1, 3))
    if size == 2:
        return np.array([[1, 0.5, 0], [0, 0.5, 1]])
    fitted = np.zeros((size, 3))
    fitted[(size - 3) // 2 + np.arange(3), np.arange(3)] = 1
    return fitted


def named_kernels(look: Look, layer: Layer, count: int) -> Floats:
    """(count, F, F): the chosen kernel and those that follow it in the list, one an output channel."""
    first = NAMED_KERNELS.index(look.kernel)
    kinds = [NAMED_KERNELS[(first + i) % len(NAMED_KERNELS)] for i in range(count)]
    return np.stack([named_kernel(kind, layer.height.kernel, layer.width.kernel) for kind in kinds])


def full_weight_shape(layer: Layer) -> tuple[int, ...]:
    """``weight_shape`` with two kernel axes also for Conv1d."""
    shape = weight_shape(layer)
    return (*shape[:2], 1, shape[2]) if layer.kind is LayerKind.CONV1D else shape


def picture_weight(layer: Layer, look: Look) -> Floats | None:
    """The kernel's numbers, shaped by :func:`full_weight_shape`; None for a pool."""
    shape = full_weight_shape(layer)
    if not shape:
        return None
    if look.kernel is KernelKind.RANDOM:
        flat = torch_randint(WEIGHT_LOW, WEIGHT_HIGH, int(np.prod(shape)), look.kernel_seed)
        weight = flat.reshape(shape).astype(np.float64)
    elif layer.kind is LayerKind.TRANSPOSED:
        weight = np.broadcast_to(named_kernels(look, layer, shape[1])[None], shape).copy()
    else:
        weight = np.broadcast_to(named_kernels(look, layer, shape[0])[:, None], shape).copy()
    _apply(weight, look.weight_edits)
    return weight


def picture_bias(layer: Layer) -> Floats | None:
    """(C_out,): 1, 0, -1, 1, ...; None without a bias.

    >>> from lib.core.conv.layer import square
    >>> picture_bias(square(size=5, kernel=3)).tolist()
    [1.0]
    """
    if layer.kind.is_pool or not layer.bias:
        return None
    return np.asarray(1.0 - np.arange(layer.out_channels) % 3, dtype=np.float64)


def picture_data(layer: Layer, look: Look, pixels: Pixels) -> PictureData:
    """All numbers of the picture; for layers whose groups divide their channels."""
    return PictureData(picture_inputs(layer, look, pixels), picture_weight(layer, look), picture_bias(layer))
