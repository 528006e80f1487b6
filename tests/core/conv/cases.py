"""Layers of all kinds for hypothesis, the same layers in PyTorch, and what PyTorch says to them."""

from __future__ import annotations

import warnings
from dataclasses import replace
from typing import Any

import numpy as np
import torch
from hypothesis import strategies as st
from torch import nn

from lib.core.conv.layer import POINT, Axis, Layer, LayerKind, NamedPadding, PaddingMode
from lib.core.conv.values import Floats


@st.composite
def axes(draw: st.DrawFn, kind: LayerKind, *, large: bool) -> Axis:
    """Settings along one axis: mostly small, where the borders between legal and illegal are."""
    return Axis(
        size=draw(st.integers(1, 40 if large else 9)),
        kernel=draw(st.integers(1, 11 if large else 5)),
        stride=draw(st.integers(1, 8 if large else 4)),
        padding=draw(st.integers(0, 10 if large else 5)),
        dilation=draw(st.integers(1, 4)) if kind.dilates else 1,
        output_padding=draw(st.integers(0, 3)) if kind is LayerKind.TRANSPOSED else 0,
    )


@st.composite
def layers(draw: st.DrawFn, kind: LayerKind | None = None) -> Layer:
    """A layer of any kind, legal or not."""
    kind = kind or draw(st.sampled_from(list(LayerKind)))
    large = draw(st.booleans())
    width = draw(axes(kind, large=large))
    height = POINT if kind is LayerKind.CONV1D else draw(st.one_of(st.just(width), axes(kind, large=large)))
    channels = st.integers(1, 6)
    return Layer(
        kind,
        height,
        width,
        batch=draw(st.integers(1, 3)),
        in_channels=draw(channels),
        out_channels=draw(channels),
        groups=draw(st.sampled_from([1, 1, 1, 2, 3])),
        bias=draw(st.booleans()),
        padding_mode=PaddingMode.ZEROS if kind.is_pool else draw(st.sampled_from(list(PaddingMode))),
        named_padding=draw(st.sampled_from([None, None, *NamedPadding])) if kind.is_conv else None,
        ceil_mode=draw(st.booleans()),
        count_include_pad=draw(st.booleans()),
        batched=draw(st.sampled_from([True, True, True, False])),
    )


def torch_layer(layer: Layer) -> nn.Module:
    """The layer in PyTorch; raises where PyTorch does."""
    per_axis: dict[str, Any] = {
        name: tuple(getattr(axis, name) for axis in layer.axes)
        for name in ("stride", "padding", "dilation", "output_padding")
    }
    kernel: Any = tuple(axis.kernel for axis in layer.axes)
    if layer.kind.is_pool:
        options = {"ceil_mode": layer.ceil_mode, "stride": per_axis["stride"], "padding": per_axis["padding"]}
        if layer.kind is LayerKind.AVG_POOL:
            return nn.AvgPool2d(kernel, **options, count_include_pad=layer.count_include_pad)
        return nn.MaxPool2d(kernel, **options, dilation=per_axis["dilation"])
    if layer.named_padding is not None:
        per_axis["padding"] = str(layer.named_padding)
    if layer.kind is not LayerKind.TRANSPOSED:
        del per_axis["output_padding"]
    make = getattr(nn, layer.kind)
    made: nn.Module = make(
        layer.in_channels,
        layer.out_channels,
        kernel,
        **per_axis,
        groups=layer.groups,
        bias=layer.bias,
        padding_mode=str(layer.padding_mode),
    )
    return made


def torch_refusal(layer: Layer) -> tuple[str, str] | None:
    """The name and text of what PyTorch raises; None where the layer works."""
    # For a transposed layer whose output has no cells, oneDNN (chosen by batch, groups and kernel size) skips
    # PyTorch's own check: it gives an empty tensor, or words for nobody. The check is what the page shows.
    with torch.backends.mkldnn.flags(enabled=layer.kind is not LayerKind.TRANSPOSED):
        return _raised(layer)


def _raised(layer: Layer) -> tuple[str, str] | None:
    with warnings.catch_warnings(), torch.no_grad():
        warnings.simplefilter("ignore")  # "same" with an even kernel warns about a copy
        try:
            torch_layer(layer)(torch.zeros(layer.input_shape))
        except (ValueError, RuntimeError) as error:
            return type(error).__name__, str(error)
    return None


def torch_forward(layer: Layer, inputs: Floats, weight: Floats | None, bias: Floats | None) -> Floats:
    """What PyTorch computes in float64: (C_in, H, W) -> (C_out, H_out, W_out)."""
    flat = layer.kind is LayerKind.CONV1D
    with warnings.catch_warnings(), torch.no_grad():
        warnings.simplefilter("ignore")
        made = torch_layer(layer).double()
        if weight is not None:
            tensor = torch.from_numpy(weight)
            made.weight.copy_(tensor.squeeze(2) if flat else tensor)  # type: ignore[operator]
        if bias is not None:
            made.bias.copy_(torch.from_numpy(bias))  # type: ignore[operator]
        sample = torch.from_numpy(inputs[:, 0] if flat else inputs)[None]
        output = made(sample)[0]
        return np.asarray((output[:, None] if flat else output).numpy())


def legal_groups(layer: Layer) -> Layer:
    """The layer with groups that divide its channels: the shape of its weight exists."""
    divides = layer.in_channels % layer.groups == 0 and layer.out_channels % layer.groups == 0
    return layer if divides else replace(layer, groups=1)
