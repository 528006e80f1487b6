"""The settings of the layer, as widgets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from lib.core.conv.fixes import Change, Fix
from lib.core.conv.layer import Layer, LayerKind, NamedPadding, PaddingMode
from lib.core.conv.presets import Preset
from lib.core.conv.settings import (
    CHANNEL_KEYS,
    HEIGHT_KEYS,
    MAX_SIZE,
    WIDTH_KEYS,
    Settings,
    layer_axes,
)
from lib.lessons.convolution.state import (
    BATCHED,
    BIAS,
    CEIL_MODE,
    COUNT_PADDING,
    HEIGHTS,
    KIND,
    LARGE,
    MODE,
    NUMBERS,
    OWN_AXES,
    PADDING,
    RELU,
    TABLE,
    Padding,
    layer_changes,
    open_kind,
    preset_changes,
)
from lib.lessons.convolution.texts import ConvolutionTexts
from lib.ui.frame import Frame
from lib.ui.state import State, offers


def controls(state: State, texts: ConvolutionTexts, place: DeltaGenerator) -> Settings:
    """Draw the settings: sliders in a row, the others behind a button in ``place``.

    Returns the layer that they make, which PyTorch may refuse.
    """
    kind = state[KIND]
    own_axes = kind is not LayerKind.CONV1D and state[OWN_AXES]
    with place, st.popover(texts.more, icon=":material/tune:"):
        more = _more(state, texts, kind)
    with st.container(key="conv_axes"):
        values = _sliders(state, texts, kind, own_axes=own_axes, has_padding=more.named_padding is None)
    if not own_axes:
        for key in HEIGHTS:
            state.set(key, key.default)
    height, width = layer_axes(values, kind, own_axes=own_axes)
    layer = Layer(
        kind,
        height,
        width,
        batch=more.batch,
        in_channels=more.channels["in_channels"],
        out_channels=more.channels.get("out_channels", 1),
        groups=more.channels.get("groups", 1),
        bias=more.bias,
        padding_mode=more.padding_mode,
        named_padding=more.named_padding,
        ceil_mode=more.ceil_mode,
        count_include_pad=more.count_include_pad,
        batched=more.batched,
    )
    return Settings(layer, own_axes)


@dataclass(frozen=True)
class _More:
    """Settings that have no slider."""

    batched: bool
    batch: int
    channels: dict[str, int]
    bias: bool
    padding_mode: PaddingMode
    named_padding: NamedPadding | None
    ceil_mode: bool
    count_include_pad: bool


def _more(state: State, texts: ConvolutionTexts, kind: LayerKind) -> _More:
    batched = state.toggle(BATCHED, texts.batched)
    channels = _channels(state, texts, kind, batched=batched)
    bias = kind.is_pool or state.toggle(BIAS, texts.bias)
    ceil_mode = kind.is_pool and state.toggle(CEIL_MODE, texts.ceil_mode)
    counts = kind is not LayerKind.AVG_POOL or state.toggle(COUNT_PADDING, texts.count_include_pad)
    named = None
    if kind.is_conv:
        named = state.choice(
            PADDING,
            texts.padding_choice,
            format=lambda name: texts.padding_number if name is Padding.NUMBER else f'"{name}"',
        ).named
    mode = PaddingMode.ZEROS
    if not kind.is_pool:
        mode = state.choice(
            MODE, texts.padding_mode, format=lambda name: texts.padding_modes[name], widget="select"
        )
    state.toggle(LARGE, texts.large)
    if kind is not LayerKind.CONV1D:
        state.toggle(OWN_AXES, texts.own_axes, on_change=_split_axes)
    if not kind.is_pool:
        state.toggle(RELU, texts.relu)
    return _More(batched, channels.pop("batch", 1), channels, bias, mode, named, ceil_mode, counts)


def choose_kind(state: State, texts: ConvolutionTexts) -> DeltaGenerator:
    """Title and the layer's kind in one row, which is returned."""
    row = st.container(horizontal=True, vertical_alignment="center", key="conv_head")
    with row:
        st.title(texts.title, width="content")
        state.choice(KIND, texts.kind, format=lambda kind: f"nn.{kind}", on_change=open_kind)
    return row


def choose_preset(texts: ConvolutionTexts) -> None:
    """Well-known layers, one press each."""
    with st.container(key="conv_presets"):
        offers(
            TABLE,
            "_preset",
            texts.preset,
            list(Preset),
            changes=preset_changes,
            format=lambda name: texts.presets[name],
        )


def _sliders(
    state: State, texts: ConvolutionTexts, kind: LayerKind, *, own_axes: bool, has_padding: bool
) -> dict[str, int]:
    values = {}
    for name, width_key in WIDTH_KEYS.items():
        if name == "padding" and not has_padding:
            continue
        if name == "dilation" and not kind.dilates:
            continue
        if name == "output_padding" and kind is not LayerKind.TRANSPOSED:
            continue
        for key in (width_key, HEIGHT_KEYS[name]) if own_axes else (width_key,):
            label = f"{texts.axis_words[name]} {width_key}"
            side = texts.width_of if key == width_key else texts.height_of
            values[key] = state.slider(
                NUMBERS[key],
                side.format(label=label) if own_axes else label,
                high=MAX_SIZE if name == "size" and not state[LARGE] else None,
            )
    return values


def _split_axes() -> None:
    """Start the height where the width is."""
    now = TABLE.now()
    TABLE.change({NUMBERS[HEIGHT_KEYS[name]]: now[NUMBERS[key]] for name, key in WIDTH_KEYS.items()})


def _channels(state: State, texts: ConvolutionTexts, kind: LayerKind, *, batched: bool) -> dict[str, int]:
    names = ("batch", "in_channels") if kind.is_pool else tuple(CHANNEL_KEYS)
    names = names if batched else names[1:]
    values = {}
    for names_of_row in (names[:2], names[2:]):
        for column, name in zip(st.columns(2) if names_of_row else (), names_of_row, strict=False):
            with column:
                values[name] = state.number(NUMBERS[CHANNEL_KEYS[name]], texts.channel_words[name])
    return values


def change_text(change: Change, texts: ConvolutionTexts, *, own_axes: bool) -> str:
    """A change as the learner reads it on its button, such as ``P = 2``."""
    if change.setting == "named_padding":
        return texts.change.format(name=texts.padding_choice, value=texts.padding_number)
    if change.setting == "padding_mode":
        return texts.change.format(
            name=texts.padding_mode, value=texts.padding_modes[PaddingMode(str(change.value))]
        )
    if change.setting in CHANNEL_KEYS:
        return f"{texts.channel_words[change.setting]} = {change.value}"
    keys = {"height": (HEIGHT_KEYS,), "width": (WIDTH_KEYS,), "both": (WIDTH_KEYS, HEIGHT_KEYS)}
    used = keys[change.which] if own_axes else (WIDTH_KEYS,)
    return f"{' = '.join(each[change.setting] for each in used)} = {change.value}"


def fix_buttons(
    view: Frame, fixes: Sequence[Fix], texts: ConvolutionTexts, *, key: str, own_axes: bool
) -> None:
    """One button a fix: a press sets the controls to its layer."""
    with st.container(horizontal=True, gap="small"):
        for number, fix in enumerate(fixes):
            label = view.texts.comma.join(
                change_text(change, texts, own_axes=own_axes) for change in fix.changes
            )
            st.button(
                label,
                key=f"{key}_{number}",
                on_click=TABLE.change,
                args=(layer_changes(fix.layer, own_axes=own_axes),),
            )
