"""The nearest settings that work: legal ones for an illegal layer, exact ones for one that loses pixels."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from lib.core.conv.coverage import coverage, read_cells
from lib.core.conv.layer import Axis, Layer, LayerKind, PaddingMode
from lib.core.conv.legality import problem_of
from lib.core.conv.settings import AXIS_LIMITS, CHANNEL_LIMITS, with_axis
from lib.core.conv.shape import axis_shape

MAX_OFFERS = 3
MAX_CHANGES = 3
MAX_TRIED = 8
Rank = tuple[int, int]
EXACT_ORDER = ("padding", "stride", "kernel", "size")
_ORDER = ("padding", "kernel", "stride", "dilation", "output_padding", "size")


@dataclass(frozen=True)
class Change:
    """One setting and its new value. ``which`` is "height", "width" or "both" for an axis' number, else ""."""

    setting: str
    value: int | str
    which: str = ""


@dataclass(frozen=True)
class Fix:
    """Changes and the layer that they make."""

    changes: tuple[Change, ...]
    layer: Layer


def legal_fixes(layer: Layer, *, linked: bool) -> tuple[Fix, ...]:
    """The smallest changes that make an illegal layer legal, the smallest first, one a setting.

    >>> from lib.core.conv.layer import square
    >>> [fix.changes[0] for fix in legal_fixes(square(size=5, kernel=7), linked=True)][0]
    Change(setting='padding', value=1, which='both')
    """
    return _fixes(layer, linked, MAX_CHANGES)


def _fixes(layer: Layer, linked: bool, depth: int) -> tuple[Fix, ...]:
    problem = problem_of(layer)
    if problem is None or depth == 0:
        return ()
    best: dict[str, tuple[Rank, Fix]] = {}
    halfway: list[tuple[Rank, Fix]] = []
    for order, (distance, change, changed) in enumerate(_neighbours(layer, linked)):
        found = problem_of(changed)
        fix = Fix((change,), changed)
        rank = (distance, order)
        if found is None:
            if change.setting not in best or rank < best[change.setting][0]:
                best[change.setting] = (rank, fix)
        elif found != problem and found.reason is not problem.reason:
            halfway.append((rank, fix))
    if best:
        ranked = sorted(best.values(), key=lambda pair: pair[0])
        return tuple(fix for _, fix in ranked)[:MAX_OFFERS]
    return _two_steps(halfway, linked, depth)


def _two_steps(halfway: list[tuple[Rank, Fix]], linked: bool, depth: int) -> tuple[Fix, ...]:
    """Where no single change is enough: one that ends this problem, then one for what is left."""
    for _, first in sorted(halfway, key=lambda pair: pair[0])[:MAX_TRIED]:
        for second in _fixes(first.layer, linked, depth - 1)[:1]:
            return (Fix(first.changes + second.changes, second.layer),)
    return ()


def _neighbours(layer: Layer, linked: bool) -> Iterator[tuple[int, Change, Layer]]:
    """Layers with one setting changed, and by how much."""
    if layer.named_padding is not None:
        yield 1, Change("named_padding", "number"), replace(layer, named_padding=None)
    if layer.padding_mode is not PaddingMode.ZEROS:
        zeros = replace(layer, padding_mode=PaddingMode.ZEROS)
        yield 2, Change("padding_mode", str(PaddingMode.ZEROS)), zeros
    for name in _ORDER:
        if _is_used(layer, name):
            for which in _axes(layer, linked):
                yield from _numbers(layer, name, which)
    if not layer.kind.is_pool:
        for value in _outward(layer.groups, CHANNEL_LIMITS["groups"]):
            if value <= layer.in_channels:
                yield abs(value - layer.groups), Change("groups", value), replace(layer, groups=value)
        yield from _channels(layer)


def _channels(layer: Layer) -> Iterator[tuple[int, Change, Layer]]:
    """The nearest channels that the groups can share."""
    for name, now in (("in_channels", layer.in_channels), ("out_channels", layer.out_channels)):
        fewer = now // layer.groups * layer.groups
        for value in (fewer, fewer + layer.groups) if fewer != now else ():
            if 1 <= value <= CHANNEL_LIMITS[name][1]:
                changes: dict[str, Any] = {name: value}
                yield abs(value - now), Change(name, value), replace(layer, **changes)


def _is_used(layer: Layer, name: str) -> bool:
    if name == "padding":
        return layer.named_padding is None
    if name == "dilation":
        return layer.kind.dilates
    return name != "output_padding" or layer.kind is LayerKind.TRANSPOSED


def _axes(layer: Layer, linked: bool) -> tuple[str, ...]:
    if layer.kind is LayerKind.CONV1D:
        return ("width",)
    return ("both",) if linked else ("height", "width", "both")


def _numbers(layer: Layer, name: str, which: str) -> Iterator[tuple[int, Change, Layer]]:
    now = getattr(layer.height if which == "height" else layer.width, name)
    for value in _outward(now, AXIS_LIMITS[name]):
        yield abs(value - now), Change(name, value, which), with_axis(layer, name, value, which)


def _outward(now: int, limits: tuple[int, int]) -> Iterator[int]:
    """The other values within the limits, the nearest first."""
    low, high = limits
    for distance in range(1, high - low + 1):
        for value in (now - distance, now + distance):
            if low <= value <= high:
                yield value


def exact_fixes(layer: Layer, *, linked: bool) -> tuple[Fix, ...]:
    """The nearest P, S, F and W with which the windows read every cell of the padded input, one fix for each.

    A fix of a layer whose axes are set one by one changes each axis that needs it. Nothing where no pixel is
    lost: padding alone is no loss.

    >>> from lib.core.conv.layer import square
    >>> offers = exact_fixes(square(size=8, kernel=3, stride=2), linked=True)
    >>> [(fix.changes[0].setting, fix.changes[0].value) for fix in offers]
    [('stride', 1), ('kernel', 2), ('size', 7)]
    >>> exact_fixes(square(size=6, kernel=3, stride=2, padding=1), linked=True)
    ()
    """
    if layer.kind is LayerKind.TRANSPOSED or not coverage(layer).lost:
        return ()
    fixes = (_read_all(layer, name, linked) for name in EXACT_ORDER if _is_used(layer, name))
    return tuple(fix for fix in fixes if fix is not None)


def _read_all(layer: Layer, name: str, linked: bool) -> Fix | None:
    """The nearest values of one setting with which every cell is read, None where there are none."""
    changes: tuple[Change, ...] = ()
    changed = layer
    for which in _axes(layer, linked)[:2]:
        axis = layer.height if which == "height" else layer.width
        if read_cells(layer, axis).all():
            continue
        for distance, change, candidate in _numbers(changed, name, which):
            if name == "size" and distance > axis.stride:
                return None  # sizes repeat themselves from stride to stride, but for the smallest
            turned = candidate.height if which == "height" else candidate.width
            if problem_of(candidate) is None and _reads_axis(candidate, turned):
                changes, changed = (*changes, change), candidate
                break
        else:
            return None
    return Fix(changes, changed) if changes else None


def _reads_axis(layer: Layer, axis: Axis) -> bool:
    return not axis_shape(layer, axis).after and bool(read_cells(layer, axis).all())
