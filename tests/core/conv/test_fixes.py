"""What is offered works: legal where it says legal, nothing lost where it says exact, and nothing nearer exists."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from lib.core.conv.coverage import coverage, read_cells
from lib.core.conv.fixes import Change, exact_fixes, legal_fixes
from lib.core.conv.layer import Axis, Layer, LayerKind, NamedPadding, PaddingMode, square
from lib.core.conv.legality import problem_of
from lib.core.conv.presets import Preset, preset_layer
from lib.core.conv.settings import AXIS_LIMITS, Settings, with_axis
from lib.core.conv.shape import axis_shape
from tests.core.conv.cases import axes, layers, torch_refusal


def applied(layer: Layer, change: Change) -> Layer:
    """The change, made by other means than those that found it."""
    from dataclasses import replace

    if change.which:
        assert isinstance(change.value, int)
        return with_axis(layer, change.setting, change.value, change.which)
    if change.setting == "named_padding":
        return replace(layer, named_padding=None)
    if change.setting == "padding_mode":
        return replace(layer, padding_mode=PaddingMode(str(change.value)))
    assert isinstance(change.value, int)
    changes: dict[str, Any] = {change.setting: change.value}
    return replace(layer, **changes)


@settings(max_examples=400, deadline=None, derandomize=True, database=None)
@given(layers(), st.booleans())
def test_every_illegal_layer_has_a_fix_that_torch_accepts(layer: Layer, linked: bool) -> None:
    linked = linked and layer.height == layer.width
    fixes = legal_fixes(layer, linked=linked)
    if problem_of(layer) is None:
        assert fixes == ()
        return
    assert fixes
    for fix in fixes:
        changed = layer
        for change in fix.changes:
            changed = applied(changed, change)
        assert changed == fix.layer
        assert torch_refusal(fix.layer) is None


def distance(layer: Layer, change: Change) -> int:
    axis = layer.height if change.which == "height" else layer.width
    assert isinstance(change.value, int)
    return abs(change.value - int(getattr(axis, change.setting)))


@settings(max_examples=400, deadline=None, derandomize=True, database=None)
@given(layers(), st.booleans())
def test_exact_offers_lose_nothing_and_are_the_nearest(layer: Layer, linked: bool) -> None:
    linked = linked and layer.height == layer.width
    if problem_of(layer) is not None:
        return
    offers = exact_fixes(layer, linked=linked)
    assert not offers or coverage(layer).lost
    for fix in offers:
        assert problem_of(fix.layer) is None
        assert coverage(fix.layer).reads_all
        if linked and layer.kind is not LayerKind.CONV1D:
            assert [change.which for change in fix.changes] == ["both"]
        for change in fix.changes:
            low, high = AXIS_LIMITS[change.setting]
            for value in range(low, high + 1):
                other = with_axis(layer, change.setting, value, change.which)
                axis = other.height if change.which == "height" else other.width
                if problem_of(other) is None and read_cells(other, axis).all():
                    nearer = Change(change.setting, value, change.which)
                    assert distance(layer, change) <= distance(layer, nearer)


def test_what_no_window_reads_inside_is_not_called_exact() -> None:
    layer = square(size=8, kernel=1, stride=2)
    offers = {fix.changes[0].setting: fix.changes[0].value for fix in exact_fixes(layer, linked=True)}
    assert offers == {"stride": 1, "kernel": 2}


def test_kernel_larger_than_input_offers_padding_kernel_and_size() -> None:
    fixes = legal_fixes(square(size=5, kernel=8), linked=True)
    assert [(fix.changes[0].setting, fix.changes[0].value) for fix in fixes] == [
        ("padding", 2),
        ("kernel", 5),
        ("size", 8),
    ]


def test_two_problems_are_solved_together() -> None:
    from dataclasses import replace

    layer = replace(square(size=3, kernel=9), in_channels=4, out_channels=4, groups=3)
    (fix,) = legal_fixes(layer, linked=True)
    assert {change.setting for change in fix.changes} == {"groups", "padding"}
    assert torch_refusal(fix.layer) is None


def test_same_with_a_stride_offers_stride_one_first() -> None:
    from dataclasses import replace

    layer = replace(square(size=7, kernel=3, stride=2), named_padding=NamedPadding.SAME)
    settings_offered = [fix.changes[0].setting for fix in legal_fixes(layer, linked=True)]
    assert set(settings_offered) == {"named_padding", "stride"}


def test_presets_are_legal_and_within_reach_of_the_controls() -> None:
    for preset in Preset:
        layer = preset_layer(preset)
        assert torch_refusal(layer) is None
        for axis in layer.axes:
            for name, (low, high) in AXIS_LIMITS.items():
                assert low <= getattr(axis, name) <= high


def test_changed_names_the_keys_of_the_address() -> None:
    before = Settings(square(size=7, kernel=3))
    after = Settings(with_axis(before.layer, "stride", 2, "both"))
    assert before.changed(after) == {"S": 2}
    both = Settings(after.layer, own_axes=True)
    assert before.changed(both) == {"S": 2, "SH": 2}
    assert before.layer.kind is LayerKind.CONV2D


@settings(max_examples=300, deadline=None, derandomize=True, database=None)
@given(axes(LayerKind.CONV2D, large=False), axes(LayerKind.CONV2D, large=False))
def test_axes_of_their_own_are_each_mended_where_they_lose_and_nowhere_else(
    height: Axis, width: Axis
) -> None:
    layer = Layer(LayerKind.CONV2D, height, width)
    if problem_of(layer) is not None or not coverage(layer).lost:
        return
    losing = {
        which for which, axis in (("height", height), ("width", width)) if not read_cells(layer, axis).all()
    }
    offers = {fix.changes[0].setting: fix for fix in exact_fixes(layer, linked=False)}
    for name in ("padding", "stride", "kernel", "size"):
        nearest = {}
        for which in sorted(losing):
            axis = height if which == "height" else width
            now, (low, high) = getattr(axis, name), AXIS_LIMITS[name]
            reach = axis.stride if name == "size" else high
            reading = [
                value
                for value in range(max(low, now - reach), min(high, now + reach) + 1)
                if value != now and reads_all(with_axis(layer, name, value, which), which)
            ]
            nearest[which] = min((abs(value - now) for value in reading), default=None)
        if None in nearest.values():
            assert name not in offers
        else:
            fix = offers[name]
            assert {change.which: distance(layer, change) for change in fix.changes} == nearest
            assert [change.which for change in fix.changes] == sorted(losing)


def reads_all(layer: Layer, which: str) -> bool:
    axis = layer.height if which == "height" else layer.width
    return (
        problem_of(layer) is None
        and bool(read_cells(layer, axis).all())
        and not axis_shape(layer, axis).after
    )
