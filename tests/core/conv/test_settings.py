"""Presets and openings are the layers they are named after; settings survive the way through the address."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from lib.core.conv.layer import POINT, Axis, Layer, LayerKind, square
from lib.core.conv.presets import Preset, opening_layer, preset_layer, preset_look
from lib.core.conv.settings import (
    CHANNEL_KEYS,
    HEIGHT_KEYS,
    WIDTH_KEYS,
    Settings,
    axis_from,
    default_layer,
    layer_axes,
    nearest,
    with_axis,
)
from tests.core.conv.cases import layers, torch_layer

SEVEN = "Conv2d(1, 1, kernel_size=(3, 3), stride=(1, 1), padding=(1, 1))"
PRESETS = {
    Preset.SAME: (SEVEN, (1, 1, 7, 7)),
    Preset.HALVING: ("Conv2d(1, 1, kernel_size=(3, 3), stride=(2, 2), padding=(1, 1))", (1, 1, 8, 8)),
    Preset.ONE: ("Conv2d(4, 2, kernel_size=(1, 1), stride=(1, 1))", (1, 4, 7, 7)),
    Preset.DEPTHWISE: (
        "Conv2d(3, 3, kernel_size=(3, 3), stride=(1, 1), padding=(1, 1), groups=3)",
        (1, 3, 7, 7),
    ),
    Preset.DILATED: ("Conv2d(1, 1, kernel_size=(3, 3), stride=(1, 1), dilation=(2, 2))", (1, 1, 9, 9)),
    # torchvision.models.alexnet().features[0] and resnet18().conv1
    Preset.ALEXNET: (
        "Conv2d(3, 64, kernel_size=(11, 11), stride=(4, 4), padding=(2, 2))",
        (1, 3, 224, 224),
    ),
    Preset.RESNET: (
        "Conv2d(3, 64, kernel_size=(7, 7), stride=(2, 2), padding=(3, 3), bias=False)",
        (1, 3, 224, 224),
    ),
    Preset.WORKED: (
        "Conv2d(3, 64, kernel_size=(3, 3), stride=(1, 1), padding=(1, 1))",
        (32, 3, 128, 128),
    ),
}
OPENINGS = {
    LayerKind.CONV2D: (SEVEN, (1, 1, 7, 7)),
    LayerKind.CONV1D: ("Conv1d(1, 1, kernel_size=(3,), stride=(1,), padding=(1,))", (1, 1, 7)),
    LayerKind.TRANSPOSED: ("ConvTranspose2d(1, 1, kernel_size=(3, 3), stride=(2, 2))", (1, 1, 4, 4)),
    LayerKind.MAX_POOL: (
        "MaxPool2d(kernel_size=(2, 2), stride=(2, 2), padding=(0, 0), dilation=(1, 1), ceil_mode=False)",
        (1, 1, 8, 8),
    ),
    LayerKind.AVG_POOL: ("AvgPool2d(kernel_size=(2, 2), stride=(2, 2), padding=(0, 0))", (1, 1, 8, 8)),
}


@pytest.mark.parametrize("preset", list(Preset))
def test_a_preset_is_the_layer_of_its_name(preset: Preset) -> None:
    layer = preset_layer(preset)
    assert (repr(torch_layer(layer)), layer.input_shape) == PRESETS[preset]


@pytest.mark.parametrize("preset", list(Preset))
def test_a_presets_look_stands_in_the_address_as_ever(preset: Preset) -> None:
    expected = "digit.0~random.4~0_0~~" if preset is Preset.ONE else "digit.0~sobel_x~0_0~~"
    assert preset_look(preset).text == expected


@pytest.mark.parametrize("kind", list(LayerKind))
def test_a_kind_opens_with_its_example(kind: LayerKind) -> None:
    layer = opening_layer(kind)
    assert (repr(torch_layer(layer)), layer.input_shape) == OPENINGS[kind]
    assert (layer.height == POINT) is (kind is LayerKind.CONV1D)
    if kind is LayerKind.CONV2D:
        assert default_layer() == layer


@pytest.mark.parametrize("kind", list(LayerKind))
def test_a_square_layer_has_one_axis_twice_except_where_there_is_no_height(kind: LayerKind) -> None:
    layer = square(kind, size=9, kernel=3, stride=2, padding=1)
    assert layer.width == Axis(size=9, kernel=3, stride=2, padding=1)
    assert layer.height == (POINT if kind is LayerKind.CONV1D else layer.width)


@given(layers(), st.booleans())
def test_a_layers_numbers_go_through_the_address_and_back(layer: Layer, own_axes: bool) -> None:
    values = Settings(layer, own_axes).values()
    assert set(values) == {*WIDTH_KEYS.values(), *HEIGHT_KEYS.values(), *CHANNEL_KEYS.values()}
    height, width = layer_axes(values, layer.kind, own_axes=own_axes)
    assert width == layer.width
    assert height == (layer.height if own_axes or layer.kind is LayerKind.CONV1D else layer.width)
    assert {name: values[key] for name, key in CHANNEL_KEYS.items()} == {
        name: getattr(layer, name) for name in CHANNEL_KEYS
    }


@given(layers(), st.sampled_from(sorted(WIDTH_KEYS)), st.integers(1, 5), st.booleans())
def test_what_changed_is_what_the_learner_can_see(
    layer: Layer, name: str, value: int, own_axes: bool
) -> None:
    assume(not (layer.kind is LayerKind.AVG_POOL and name == "dilation"))  # it has none to set
    before = Settings(layer, own_axes)
    after = Settings(with_axis(layer, name, value, "both"), own_axes)
    expected = {}
    if getattr(layer.width, name) != value:
        expected[WIDTH_KEYS[name]] = value
    if own_axes and layer.kind is not LayerKind.CONV1D and getattr(layer.height, name) != value:
        expected[HEIGHT_KEYS[name]] = value
    assert before.changed(after) == expected
    assert before.changed(before) == {}


@pytest.mark.parametrize("kind", list(LayerKind))
def test_an_axis_takes_only_what_its_kind_has(kind: LayerKind) -> None:
    axis = axis_from({"W": 9, "F": 3, "P": 1, "S": 2, "D": 2, "OP": 1}, WIDTH_KEYS, kind)
    assert axis == Axis(9, 3, 2, 1, 2 if kind.dilates else 1, 1 if kind is LayerKind.TRANSPOSED else 0)


@given(st.integers(-50, 50), st.integers(-9, 9), st.integers(0, 9))
def test_the_nearest_legal_value(value: int, low: int, width: int) -> None:
    legal = range(low, low + width + 1)
    assert nearest(value, (low, low + width)) == min(legal, key=lambda each: abs(each - value))
