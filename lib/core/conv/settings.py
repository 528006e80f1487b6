"""The page's settings as the address names them, their limits, and a layer made of them and back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace

from lib.core.conv.layer import POINT, Axis, Layer, LayerKind

MAX_LARGE_SIZE = 256
MAX_SIZE = 32
AXIS_LIMITS: dict[str, tuple[int, int]] = {
    "size": (1, MAX_LARGE_SIZE),
    "kernel": (1, 11),
    "padding": (0, 10),
    "stride": (1, 8),
    "dilation": (1, 6),
    "output_padding": (0, 5),
}
WIDTH_KEYS = {
    "size": "W",
    "kernel": "F",
    "padding": "P",
    "stride": "S",
    "dilation": "D",
    "output_padding": "OP",
}
HEIGHT_KEYS = {
    "size": "H",
    "kernel": "FH",
    "padding": "PH",
    "stride": "SH",
    "dilation": "DH",
    "output_padding": "OPH",
}
CHANNEL_LIMITS: dict[str, tuple[int, int]] = {
    "batch": (1, 1024),
    "in_channels": (1, 1024),
    "out_channels": (1, 1024),
    "groups": (1, 1024),
}
CHANNEL_KEYS = {"batch": "N", "in_channels": "Cin", "out_channels": "Cout", "groups": "G"}


@dataclass(frozen=True)
class Settings:
    """A layer, and whether its axes are set one by one.

    >>> Settings(layer=default_layer()).values()["F"]
    3
    """

    layer: Layer
    own_axes: bool = False

    def values(self) -> dict[str, int]:
        """The numbers by their keys in the address."""
        layer = self.layer
        numbers = {key: getattr(layer.width, name) for name, key in WIDTH_KEYS.items()}
        numbers |= {key: getattr(layer.height, name) for name, key in HEIGHT_KEYS.items()}
        return numbers | {key: getattr(layer, name) for name, key in CHANNEL_KEYS.items()}

    def changed(self, other: Settings) -> dict[str, int]:
        """Numbers of ``other`` that differ from these and that the learner has a control for."""
        before, after = self.values(), other.values()
        hidden = set() if other.own_axes else set(HEIGHT_KEYS.values())
        return {key: value for key, value in after.items() if value != before[key] and key not in hidden}


def default_layer() -> Layer:
    """What the page opens with: 7 x 7, a 3 x 3 kernel that keeps the size."""
    axis = Axis(size=7, kernel=3, padding=1)
    return Layer(LayerKind.CONV2D, axis, axis)


def axis_from(values: Mapping[str, int], keys: Mapping[str, str], kind: LayerKind) -> Axis:
    """An axis from numbers by address key; what the kind has no use for is left at its default.

    >>> axis_from({"W": 9, "F": 3, "D": 2}, WIDTH_KEYS, LayerKind.AVG_POOL).dilation
    1
    """
    used = set(WIDTH_KEYS)
    if kind is not LayerKind.TRANSPOSED:
        used -= {"output_padding"}
    if not kind.dilates:
        used -= {"dilation"}
    return Axis(**{name: values[key] for name, key in keys.items() if name in used and key in values})


def layer_axes(values: Mapping[str, int], kind: LayerKind, *, own_axes: bool) -> tuple[Axis, Axis]:
    """Height and width from numbers by address key."""
    width = axis_from(values, WIDTH_KEYS, kind)
    if kind is LayerKind.CONV1D:
        return POINT, width
    return (axis_from(values, HEIGHT_KEYS, kind) if own_axes else width), width


def nearest(value: int, limits: tuple[int, int]) -> int:
    """The legal value nearest to one that is not.

    >>> nearest(99, (1, 11))
    11
    """
    return min(max(value, limits[0]), limits[1])


def with_axis(layer: Layer, name: str, value: int, which: str) -> Layer:
    """The layer with one number changed: ``which`` is "height", "width" or "both".

    >>> with_axis(default_layer(), "stride", 2, "width").width.stride
    2
    """
    height = layer.height if which == "width" else replace(layer.height, **{name: value})
    width = layer.width if which == "height" else replace(layer.width, **{name: value})
    return layer.with_axes(height, width)


assert set(WIDTH_KEYS) == {field.name for field in fields(Axis)}
