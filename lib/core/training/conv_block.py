"""The convolutional part of a small network: blocks of convolution, activation and pooling. Imports no torch."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from lib.core.training.errors import ConfigError, require_whole

IMAGE_SIDE = 28
POOL_WINDOW = 2

MAX_BLOCKS = 4
MAX_CHANNELS = 64
MAX_KERNEL = 7
MAX_PADDING = 3
MAX_TEXT = 60
_USUAL_KERNEL = 3


class Pooling(StrEnum):
    """What stands after the activation: 2 x 2 windows, stride 2, or nothing."""

    MAX = "max"
    AVERAGE = "average"
    NONE = "none"


_LETTERS = {Pooling.MAX: "m", Pooling.AVERAGE: "a", Pooling.NONE: "n"}
_BLOCK = re.compile(r"(\d{1,3})(?:k(\d{1,2}))?(?:p(\d{1,2}))?([man])?(b)?", re.ASCII)
TEXT_ALLOWED = f"1 to {MAX_BLOCKS} blocks like 8 or 8k5p2m, commas or dots between them"
_BETWEEN = re.compile(r"\s*[,，、.]\s*|\s+")


@dataclass(frozen=True)
class ConvBlock:
    """A convolution with stride 1, batch norm if wanted, the activation, then pooling.

    >>> ConvBlock(8).sides(28)
    (28, 14)
    >>> ConvBlock(200)
    Traceback (most recent call last):
    ...
    lib.core.training.errors.ConfigError: channels = 200 is not possible; allowed: 1 to 64, whole
    """

    channels: int
    kernel: int = 3
    padding: int = 1
    pool: Pooling = Pooling.MAX
    batch_norm: bool = False

    def __post_init__(self) -> None:
        require_whole("channels", self.channels, 1, MAX_CHANNELS)
        require_whole("kernel", self.kernel, 1, MAX_KERNEL)
        require_whole("padding", self.padding, 0, MAX_PADDING)
        if self.pool not in list(Pooling):
            raise ConfigError("pool", self.pool, ", ".join(Pooling))
        if not isinstance(self.batch_norm, bool):
            raise ConfigError("batch_norm", self.batch_norm, "true, false")
        object.__setattr__(self, "pool", Pooling(self.pool))

    def sides(self, side: int) -> tuple[int, int]:
        """Height and width (equal) after the convolution and after the pooling, of an input ``side`` wide."""
        after = side + 2 * self.padding - self.kernel + 1
        return after, after if self.pool is Pooling.NONE else after // POOL_WINDOW

    def parameters(self, channels_in: int) -> int:
        """Weights and biases, batch norm's scale and shift among them.

        >>> ConvBlock(8).parameters(1)
        80
        """
        norm = 2 * self.channels if self.batch_norm else 0
        return self.channels * (channels_in * self.kernel**2 + 1) + norm


@dataclass(frozen=True)
class BlockShape:
    """A block in its place: channels it takes, and the sides of its input, convolution and output."""

    block: ConvBlock
    channels_in: int
    side_in: int
    side_conv: int
    side_out: int

    @property
    def macs(self) -> int:
        """Multiplications with additions for one image.

        >>> block_shapes([ConvBlock(8)])[0].macs == 8 * 9 * 28 * 28
        True
        """
        return self.block.channels * self.channels_in * self.block.kernel**2 * self.side_conv**2


def block_shapes(blocks: Sequence[ConvBlock]) -> list[BlockShape]:
    """The blocks on a 28 x 28 image with one channel, one after the other.

    >>> [(each.side_conv, each.side_out) for each in block_shapes([ConvBlock(8), ConvBlock(16, 5, 0)])]
    [(28, 14), (10, 5)]

    Raises: ConfigError where nothing is left of the picture.
    """
    shapes: list[BlockShape] = []
    channels, side = 1, IMAGE_SIDE
    for block in blocks:
        conv, out = block.sides(side)
        if out < 1:
            raise ConfigError("conv", conv_text(blocks), f"kernels that fit {side} × {side}")
        shapes.append(BlockShape(block, channels, side, conv, out))
        channels, side = block.channels, out
    return shapes


def conv_text(blocks: Sequence[ConvBlock]) -> str:
    """Blocks as a learner would type them: channels, and what is not as usual.

    Usual are a 3 x 3 kernel, the padding that keeps height and width, and max pooling.

    >>> conv_text([ConvBlock(8), ConvBlock(16, kernel=5, padding=0, pool=Pooling.AVERAGE, batch_norm=True)])
    '8, 16k5p0ab'
    """
    return ", ".join(_block_text(each) for each in blocks)


def _block_text(block: ConvBlock) -> str:
    kernel = "" if block.kernel == _USUAL_KERNEL else f"k{block.kernel}"
    padding = "" if block.padding == block.kernel // 2 else f"p{block.padding}"
    pool = "" if block.pool is Pooling.MAX else _LETTERS[block.pool]
    return f"{block.channels}{kernel}{padding}{pool}{'b' if block.batch_norm else ''}"


def parse_conv(text: str) -> tuple[ConvBlock, ...]:
    """The inverse of :func:`conv_text`; commas, dots or spaces between the blocks.

    >>> parse_conv("8.16k5p0ab")[0] == ConvBlock(8)
    True
    >>> parse_conv("8k5")[0].padding
    2

    Raises: ConfigError where the text is no stack of blocks, or one that leaves nothing of a digit.
    """
    parts = _BETWEEN.split(text.strip()) if len(text) <= MAX_TEXT else []
    if not 1 <= len(parts) <= MAX_BLOCKS:
        raise ConfigError("conv", text[:MAX_TEXT], TEXT_ALLOWED)
    blocks = tuple(_parse_block(part, text) for part in parts)
    block_shapes(blocks)
    return blocks


def _parse_block(part: str, text: str) -> ConvBlock:
    found = _BLOCK.fullmatch(part)
    if found is None:
        raise ConfigError("conv", text, TEXT_ALLOWED)
    pools = {letter: pool for pool, letter in _LETTERS.items()}
    channels, kernel, padding, pool, norm = found.groups()
    size = int(kernel or _USUAL_KERNEL)
    return ConvBlock(
        int(channels),
        size,
        int(padding) if padding else min(size // 2, MAX_PADDING),
        pools[pool or "m"],
        norm is not None,
    )


def blocks_from_json(values: Sequence[Mapping[str, Any]]) -> tuple[ConvBlock, ...]:
    """Blocks from plain values, the inverse of :func:`blocks_to_json`.

    >>> blocks_from_json(blocks_to_json([ConvBlock(8)])) == (ConvBlock(8),)
    True

    Raises: ConfigError.
    """
    try:
        return tuple(ConvBlock(**dict(each)) for each in values)
    except TypeError as error:
        raise ConfigError("conv", values, TEXT_ALLOWED) from error


def blocks_to_json(blocks: Sequence[ConvBlock]) -> list[dict[str, Any]]:
    """Blocks as plain JSON values.

    >>> blocks_to_json([ConvBlock(8)])[0]["pool"]
    'max'
    """
    return [{**asdict(each), "pool": str(each.pool)} for each in blocks]
