"""The settings of the layer, as widgets bound to the address; a bad number there becomes the nearest legal one."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from lib.core.conv.fixes import Change, Fix
from lib.core.conv.layer import Layer, LayerKind, NamedPadding, PaddingMode
from lib.core.conv.presets import Preset, preset_layer
from lib.core.conv.settings import (
    AXIS_LIMITS,
    CHANNEL_KEYS,
    CHANNEL_LIMITS,
    HEIGHT_KEYS,
    MAX_SIZE,
    WIDTH_KEYS,
    Settings,
    default_layer,
    layer_axes,
    nearest,
)
from lib.ui.address import (
    address_has_news,
    bound_choice,
    bound_number_input,
    bound_slider,
    bound_toggle,
    check_address,
    choice,
    keep_all_in_address,
    keep_in_address,
)
from lib.ui.frame import Frame
from lib.ui.tensor_pages.controls import pick_once
from lib.ui.texts.convolution import ConvolutionTexts

NUMBER = "number"
PADDINGS = (NUMBER, *NamedPadding)
DEFAULTS = Settings(default_layer()).values()
LIMITS = {
    **{key: AXIS_LIMITS[name] for keys in (WIDTH_KEYS, HEIGHT_KEYS) for name, key in keys.items()},
    **{key: CHANNEL_LIMITS[name] for name, key in CHANNEL_KEYS.items()},
}
_HEIGHTS = frozenset(HEIGHT_KEYS.values())
_LARGE = "_large"
_CORRECTED = "_conv_corrected"


def controls(texts: ConvolutionTexts, place: DeltaGenerator) -> Settings:
    """Draw the settings: sliders in a row, the others behind a button in ``place``.

    Returns the layer that they make, which PyTorch may refuse.
    """
    kind = LayerKind(st.session_state["kind"])
    # The switch stands below what it splits; at the first run of a session only the address knows it.
    news = address_has_news("own")
    chosen = st.query_params.get("own") == "true" if news else st.session_state["own"]
    own_axes = kind is not LayerKind.CONV1D and bool(chosen)
    with place, st.popover(texts.more, icon=":material/tune:"):
        more = _more(texts, kind)
    values = _axes(texts, kind, own_axes=own_axes, has_padding=more.named_padding is None)
    if not own_axes:
        keep_all_in_address(dict.fromkeys(HEIGHT_KEYS.values()))
    height, width = layer_axes(values, kind, own_axes=own_axes)
    layer = Layer(
        kind,
        height,
        width,
        **more.channels,
        bias=more.bias,
        padding_mode=more.padding_mode,
        named_padding=more.named_padding,
        ceil_mode=more.ceil_mode,
        count_include_pad=more.count_include_pad,
    )
    return Settings(layer, own_axes)


@dataclass(frozen=True)
class _More:
    """Settings that have no slider."""

    channels: dict[str, int]
    bias: bool
    padding_mode: PaddingMode
    named_padding: NamedPadding | None
    ceil_mode: bool
    count_include_pad: bool


def _more(texts: ConvolutionTexts, kind: LayerKind) -> _More:
    channels = _channels(texts, kind)
    bias = kind.is_pool or bound_toggle(texts.bias, key="bias", default=True)
    ceil_mode = kind.is_pool and bound_toggle(texts.ceil_mode, key="ceil", default=False)
    counts = kind is not LayerKind.AVG_POOL or bound_toggle(texts.count_include_pad, key="cip", default=True)
    named = _padding(texts, kind)
    mode = PaddingMode.ZEROS
    if not kind.is_pool:
        mode = PaddingMode(
            bound_choice(
                texts.padding_mode,
                [*PaddingMode],
                key="mode",
                default=PaddingMode.ZEROS,
                format_func=lambda name: texts.padding_modes[PaddingMode(name)],
                widget="select",
            )
        )
    st.toggle(texts.large, key=_LARGE)
    if kind is not LayerKind.CONV1D:
        bound_toggle(texts.own_axes, key="own", default=False, on_change=_split_axes)
    return _More(channels, bias, mode, named, ceil_mode, counts)


def explain_address(view: Frame, texts: ConvolutionTexts) -> None:
    """Say what the address has wrong, above all else."""
    truth = ["true", "false"]
    params = [choice("kind", [*LayerKind]), choice("pad", PADDINGS), choice("mode", [*PaddingMode])]
    check_address(
        "convolution", [*params, *(choice(key, truth) for key in ("own", "bias", "ceil", "cip"))], view.lang
    )
    _correct_numbers(texts)


def choose_kind(texts: ConvolutionTexts) -> DeltaGenerator:
    """Title and the layer's kind in one row, which is returned."""
    row = st.container(horizontal=True, vertical_alignment="center", key="conv_head")
    with row:
        st.title(texts.title, width="content")
        bound_choice(
            texts.kind,
            [*LayerKind],
            key="kind",
            default=LayerKind.CONV2D,
            format_func=lambda kind: f"nn.{kind}",
        )
    return row


def choose_preset(texts: ConvolutionTexts) -> None:
    """Well-known layers, one press each."""
    with st.container(key="conv_presets"):
        pick_once(
            texts.preset,
            [*Preset],
            key="_preset",
            format_func=lambda name: texts.presets[Preset(name)],
            pick=lambda name: take(preset_layer(Preset(name)), own_axes=False),
        )


def _correct_numbers(texts: ConvolutionTexts) -> None:
    """Put the nearest legal number in place of each bad one, and say so until the learner moves that control."""
    corrected: dict[str, tuple[str, int]] = st.session_state.setdefault(_CORRECTED, {})
    for key, limits in LIMITS.items():
        text = st.query_params.get(key)
        if text is None or key in st.session_state:
            continue
        used = legal_number(text, limits, DEFAULTS[key])
        if str(used) != text:
            st.session_state[key] = used
            keep_in_address(key, None if used == DEFAULTS[key] else str(used))
            corrected[key] = (text[:40].replace("`", "'"), used)
    news = [st.query_params.get(key, "") for key in ("W", "H") if address_has_news(key)]
    is_large = any(legal_number(text, LIMITS["W"], 1) > MAX_SIZE for text in news)
    st.session_state[_LARGE] = is_large or st.session_state.get(_LARGE, False)
    with st.container():
        for key, (text, used) in list(corrected.items()):
            if st.session_state.get(key, used) != used:
                del corrected[key]
                continue
            low, high = LIMITS[key]
            st.warning(
                texts.nearest.format(key=key, value=text, used=used, low=low, high=high),
                icon=":material/link_off:",
            )


def legal_number(text: str, limits: tuple[int, int], default: int) -> int:
    """The whole number within the limits that is nearest to what a text says; the default where it says none.

    >>> [legal_number(text, (1, 11), 3) for text in ("5", "99", "-1e9", "4.6", "x", "nan")]
    [5, 11, 1, 5, 3, 3]
    """
    try:
        value = float(text[:40])
    except ValueError:
        return default
    if math.isnan(value):
        return default
    return nearest(round(min(max(value, limits[0]), limits[1])), limits)


def _padding(texts: ConvolutionTexts, kind: LayerKind) -> NamedPadding | None:
    if not kind.is_conv:
        return None
    chosen = bound_choice(
        texts.padding_choice,
        PADDINGS,
        key="pad",
        default=NUMBER,
        format_func=lambda name: texts.padding_number if name == NUMBER else f'"{name}"',
    )
    return None if chosen == NUMBER else NamedPadding(chosen)


def _axes(texts: ConvolutionTexts, kind: LayerKind, *, own_axes: bool, has_padding: bool) -> dict[str, int]:
    with st.container(key="conv_axes"):
        return _sliders(texts, kind, own_axes=own_axes, has_padding=has_padding)


def _sliders(
    texts: ConvolutionTexts, kind: LayerKind, *, own_axes: bool, has_padding: bool
) -> dict[str, int]:
    values = {}
    is_large = st.session_state[_LARGE]
    for name, width_key in WIDTH_KEYS.items():
        if name == "padding" and not has_padding:
            continue
        if name == "dilation" and not kind.dilates:
            continue
        if name == "output_padding" and kind is not LayerKind.TRANSPOSED:
            continue
        for key in (width_key, HEIGHT_KEYS[name]) if own_axes else (width_key,):
            low, high = AXIS_LIMITS[name]
            label = f"{texts.axis_words[name]} {width_key}"
            side = texts.width_of if key == width_key else texts.height_of
            values[key] = bound_slider(
                side.format(label=label) if own_axes else label,
                key=key,
                low=low,
                high=high if name != "size" or is_large else MAX_SIZE,
                default=DEFAULTS[key],
            )
    return values


def _split_axes() -> None:
    """Start the height where the width is."""
    for name, key in WIDTH_KEYS.items():
        if key in st.session_state:
            st.session_state[HEIGHT_KEYS[name]] = st.session_state[key]


def _channels(texts: ConvolutionTexts, kind: LayerKind) -> dict[str, int]:
    names = ("batch", "in_channels") if kind.is_pool else tuple(CHANNEL_KEYS)
    values = {}
    for names_of_row in (names[:2], names[2:]):
        for column, name in zip(st.columns(2) if names_of_row else (), names_of_row, strict=False):
            low, high = CHANNEL_LIMITS[name]
            key = CHANNEL_KEYS[name]
            with column:
                values[name] = bound_number_input(
                    texts.channel_words[name], key=key, low=low, high=high, default=DEFAULTS[key]
                )
    return values


def take(layer: Layer, *, own_axes: bool) -> None:
    """Set every control to a layer; for callbacks, which come before the widgets."""
    state = st.session_state
    numbers = Settings(layer, own_axes).values()
    choices: dict[str, tuple[str | int, str | int]] = {
        "kind": (str(layer.kind), str(LayerKind.CONV2D)),
        "pad": (NUMBER if layer.named_padding is None else str(layer.named_padding), NUMBER),
        "mode": (str(layer.padding_mode), str(PaddingMode.ZEROS)),
        "own": (own_axes, False),
        "bias": (layer.bias, True),
        "ceil": (layer.ceil_mode, False),
        "cip": (layer.count_include_pad, True),
        **{key: (value, DEFAULTS[key]) for key, value in numbers.items() if own_axes or key not in _HEIGHTS},
    }
    for key, (value, _) in choices.items():
        state[key] = value
    state[_LARGE] = max(axis.size for axis in layer.axes) > MAX_SIZE
    # Also for controls that are not there yet: they would begin with what the address said before.
    keep_all_in_address(
        {key: None if value == default else _written(value) for key, (value, default) in choices.items()}
    )


def _written(value: str | int) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


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


def offers(fixes: Sequence[Fix], texts: ConvolutionTexts, *, key: str, own_axes: bool) -> None:
    """One button a fix: a press sets the controls to its layer."""
    with st.container(horizontal=True, gap="small"):
        for number, fix in enumerate(fixes):
            label = ", ".join(change_text(change, texts, own_axes=own_axes) for change in fix.changes)
            st.button(
                label,
                key=f"{key}_{number}",
                on_click=take,
                args=(fix.layer,),
                kwargs={"own_axes": own_axes},
            )
