"""What defines the screen of /convolution: the layer, and the numbers in its picture."""

from __future__ import annotations

from dataclasses import replace
from enum import StrEnum
from typing import Any

from lib.core.conv.layer import Layer, LayerKind, NamedPadding, PaddingMode
from lib.core.conv.look import KernelKind, Look, parse_look
from lib.core.conv.presets import Preset, opening_layer, preset_layer, preset_look
from lib.core.conv.settings import (
    AXIS_LIMITS,
    CHANNEL_KEYS,
    CHANNEL_LIMITS,
    HEIGHT_KEYS,
    MAX_SIZE,
    WIDTH_KEYS,
    Settings,
    default_layer,
)
from lib.ui.lang import Lang
from lib.ui.state import Choice, Flag, Key, Memo, Scripted, State, Table, Text, Whole


class Padding(StrEnum):
    """How the padding is given: as a number, or by one of PyTorch's names."""

    NUMBER = "number"
    SAME = "same"
    VALID = "valid"

    @property
    def named(self) -> NamedPadding | None:
        """PyTorch's name, where it is one.

        >>> Padding.SAME.named, Padding.NUMBER.named
        (<NamedPadding.SAME: 'same'>, None)
        """
        return None if self is Padding.NUMBER else NamedPadding(self.value)


_DEFAULTS = Settings(default_layer()).values()
_LIMITS = {
    **{key: AXIS_LIMITS[name] for keys in (WIDTH_KEYS, HEIGHT_KEYS) for name, key in keys.items()},
    **{key: CHANNEL_LIMITS[name] for name, key in CHANNEL_KEYS.items()},
}


def _look_text(look: Look) -> str:
    return look.text


KIND = Choice("kind", LayerKind, default=LayerKind.CONV2D)
NUMBERS = {
    key: Whole(key, low, high, default=_DEFAULTS[key], nearest=True) for key, (low, high) in _LIMITS.items()
}
"""All numbers of the layer by their names in the address; one beyond its limit becomes the nearest within."""
HEIGHTS = tuple(NUMBERS[key] for key in HEIGHT_KEYS.values())
OWN_AXES = Flag("own", default=False)
PADDING = Choice("pad", Padding, default=Padding.NUMBER)
MODE = Choice("mode", PaddingMode, default=PaddingMode.ZEROS)
BIAS = Flag("bias", default=True)
CEIL_MODE = Flag("ceil", default=False)
COUNT_PADDING = Flag("cip", default=True)
RELU = Flag("relu", default=False)
"""An activation after the layer."""
BATCHED = Flag("batched", default=True)
LOOK = Text(
    "look",
    default=Look(),
    parse=parse_look,
    write=_look_text,
    allowed={
        Lang.EN: f"an input and a kernel such as `{Look().text}`",
        Lang.ZH: f"输入与卷积核，例如 `{Look().text}`",
    },
)
"""Input and kernel: the picture's own script keeps them."""
PIN = Scripted("at")
"""The pinned cell."""
LARGE = Flag("large", default=False, in_address=False)
"""Whether the sliders reach sizes that the picture cannot show with numbers."""
LAST_LOOK = Memo("last_look", default=Look())
LOOK_NEWS = Memo("look_news", default=0)
"""Rises when the address, and not the picture, brings another look."""
SEEN_NEWS = Memo("seen_news", default=0)

TABLE = Table(
    "convolution",
    KIND,
    *NUMBERS.values(),
    OWN_AXES,
    PADDING,
    MODE,
    BIAS,
    CEIL_MODE,
    COUNT_PADDING,
    RELU,
    BATCHED,
    LOOK,
    PIN,
    LARGE,
    LAST_LOOK,
    LOOK_NEWS,
    SEEN_NEWS,
)


def layer_changes(layer: Layer, *, own_axes: bool) -> dict[Key[Any], object]:
    """What sets every control to a layer."""
    numbers = Settings(layer, own_axes).values()
    changes: dict[Key[Any], object] = {NUMBERS[key]: value for key, value in numbers.items()}
    if not own_axes:
        changes |= {key: key.default for key in HEIGHTS}
    return changes | {
        KIND: layer.kind,
        PADDING: Padding(layer.named_padding or Padding.NUMBER),
        MODE: layer.padding_mode,
        OWN_AXES: own_axes,
        BIAS: layer.bias,
        CEIL_MODE: layer.ceil_mode,
        COUNT_PADDING: layer.count_include_pad,
        BATCHED: layer.batched,
        LARGE: max(axis.size for axis in layer.axes) > MAX_SIZE,
    }


def preset_changes(preset: Preset) -> dict[Key[Any], object]:
    """What a preset sets: the layer, and a kernel where the learner's would not show what it is about."""
    now = TABLE.now()
    look, own = now[LOOK], preset_look(preset)
    changes = layer_changes(preset_layer(preset), own_axes=False)
    is_borrowed = look.kernel is KernelKind.RANDOM and look.kernel_seed == preset_look(Preset.ONE).kernel_seed
    if own.kernel is not Look().kernel or is_borrowed:
        look = replace(look, kernel=own.kernel, kernel_seed=own.kernel_seed, weight_edits=())
        changes |= {LOOK: look, LOOK_NEWS: now[LOOK_NEWS] + 1}
    return changes


def open_kind() -> None:
    """After another kind was chosen: numbers that show what it is for, unless the learner has set others."""
    now = TABLE.now()
    widths = {key: now[NUMBERS[key]] for key in WIDTH_KEYS.values()}
    openings = {kind: Settings(opening_layer(kind)).values() for kind in LayerKind}
    if any(widths == {key: opening[key] for key in widths} for opening in openings.values()):
        TABLE.change({NUMBERS[key]: openings[now[KIND]][key] for key in widths})


def open_by_address(state: State) -> None:
    """An address with a kind and none of its numbers opens as if the kind had been chosen here."""
    widths = [NUMBERS[key] for key in WIDTH_KEYS.values()]
    if state.came(KIND) and not any(key.name in state.session.query for key in widths):
        opening = Settings(opening_layer(state[KIND])).values()
        for key in widths:
            state.set(key, opening[key.name])


def say_numbers(state: State) -> None:
    """Let the address of such a kind have its numbers, also those that are another kind's default."""
    for key in WIDTH_KEYS.values():
        state.say(NUMBERS[key], is_said=state[KIND] is not KIND.default)
