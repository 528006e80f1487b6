"""The home page's example: one handwritten digit and one small convolution, computed without torch."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

SOBEL_VERTICAL: tuple[tuple[float, ...], ...] = ((-1, 0, 1), (-2, 0, 2), (-1, 0, 1))
STRIDE = 2


@dataclass(frozen=True)
class HeroExample:
    """``pixels`` (14, 14) from 0 to 1, ``kernel`` (3, 3), ``output`` (6, 6)."""

    pixels: NDArray[np.float32]
    kernel: NDArray[np.float32]
    output: NDArray[np.float32]
    stride: int


def strided_correlation(
    image: NDArray[np.float32], kernel: NDArray[np.float32], stride: int
) -> NDArray[np.float32]:
    """What ``torch.nn.functional.conv2d`` does to one channel: (H, W) -> (H_out, W_out).

    >>> strided_correlation(np.ones((5, 5), np.float32), np.ones((3, 3), np.float32), 2)
    array([[9., 9.],
           [9., 9.]], dtype=float32)
    """
    height, width = kernel.shape
    windows = sliding_window_view(image, (height, width))[::stride, ::stride]
    return np.asarray(np.einsum("ijkl,kl->ij", windows, kernel), dtype=np.float32)


def hero_example(digit: NDArray[np.uint8]) -> HeroExample:
    """A 28 x 28 digit at half its size under a vertical-edge kernel."""
    pixels = (digit.reshape(14, 2, 14, 2).mean(axis=(1, 3)) / 255).astype(np.float32)
    kernel = np.array(SOBEL_VERTICAL, dtype=np.float32)
    return HeroExample(pixels, kernel, strided_correlation(pixels, kernel, STRIDE), STRIDE)
