"""Settings worth a look, one press each."""

from __future__ import annotations

from dataclasses import replace
from enum import StrEnum

from lib.core.conv.layer import POINT, Axis, Layer, LayerKind, worked_example
from lib.core.conv.look import KernelKind, Look


class Preset(StrEnum):
    """Names of the presets; the page has their titles."""

    SAME = "same"
    HALVING = "halving"
    ONE = "one"
    DEPTHWISE = "depthwise"
    DILATED = "dilated"
    ALEXNET = "alexnet"
    RESNET = "resnet"
    WORKED = "worked"


def _of(axis: Axis, in_channels: int = 1, out_channels: int = 1, groups: int = 1) -> Layer:
    return Layer(
        LayerKind.CONV2D, axis, axis, in_channels=in_channels, out_channels=out_channels, groups=groups
    )


def preset_layer(preset: Preset) -> Layer:
    """The layer of a preset.

    >>> from lib.core.conv.shape import output_shape
    >>> output_shape(preset_layer(Preset.ALEXNET)), output_shape(preset_layer(Preset.RESNET))
    ((1, 64, 55, 55), (1, 64, 112, 112))

    Source: torchvision.models, alexnet (after A. Krizhevsky, "One weird trick", 2014) and resnet18.
    """
    layers = {
        Preset.SAME: _of(Axis(size=7, kernel=3, padding=1)),
        Preset.HALVING: _of(Axis(size=8, kernel=3, stride=2, padding=1)),
        Preset.ONE: _of(Axis(size=7, kernel=1), in_channels=4, out_channels=2),
        Preset.DEPTHWISE: _of(Axis(size=7, kernel=3, padding=1), 3, 3, groups=3),
        Preset.DILATED: _of(Axis(size=9, kernel=3, dilation=2)),
        Preset.ALEXNET: _of(Axis(size=224, kernel=11, stride=4, padding=2), 3, 64),
        Preset.RESNET: replace(_of(Axis(size=224, kernel=7, stride=2, padding=3), 3, 64), bias=False),
        Preset.WORKED: worked_example(),
    }
    return layers[preset]


PAPER_CHANNELS = 96
"""Output channels of AlexNet's first layer in the paper of 2012; torchvision's has 64."""


def preset_look(preset: Preset) -> Look:
    """Input and kernel that show what a preset is about: 1 x 1 mixes channels, each by a weight of its own.

    >>> preset_look(Preset.ONE).kernel, preset_look(Preset.SAME) == Look()
    (<KernelKind.RANDOM: 'random'>, True)
    """
    return Look(kernel=KernelKind.RANDOM, kernel_seed=4) if preset is Preset.ONE else Look()


def opening_layer(kind: LayerKind) -> Layer:
    """A layer of the kind that shows what it is for: transposed ones enlarge, pools halve.

    >>> from lib.core.conv.shape import output_shape
    >>> [output_shape(opening_layer(kind))[-1] for kind in LayerKind]
    [7, 7, 9, 4, 4]
    """
    openings = {
        LayerKind.TRANSPOSED: Axis(size=4, kernel=3, stride=2),
        LayerKind.MAX_POOL: Axis(size=8, kernel=2, stride=2),
        LayerKind.AVG_POOL: Axis(size=8, kernel=2, stride=2),
    }
    axis = openings.get(kind, Axis(size=7, kernel=3, padding=1))
    return Layer(kind, POINT if kind is LayerKind.CONV1D else axis, axis)
