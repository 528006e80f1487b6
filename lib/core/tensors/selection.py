"""What an index does to each axis, step by step, and the nearest index that PyTorch accepts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np

from lib.core.tensors.errors import (
    TORCH_RAISES,
    TensorInputError,
    TorchError,
)
from lib.core.tensors.index import (
    NAME,
    Access,
    Compared,
    Computed,
    Flip,
    Gather,
    IndexExpression,
    Inverted,
    Item,
    Joined,
    Many,
    MaskRule,
    NewAxis,
    NotWhole,
    Part,
    Range,
    Reorder,
    Rest,
    Subscript,
    Whole,
    apply_access,
    consumed,
    flatten,
    listed_shape,
    parse_index,
    resolved,
    width_of,
)
from lib.core.tensors.parse import Nested
from lib.core.tensors.trace import Traced, shares_storage

if TYPE_CHECKING:
    import torch


class Effect(StrEnum):
    """What an item does to its axis. Pages word it."""

    PICKED = "picked"
    SLICED = "sliced"
    LISTED = "listed"
    MASKED = "masked"
    KEPT = "kept"
    NEW = "new"
    PAIRED = "paired"


@dataclass(frozen=True)
class AxisNote:
    """One item and its axes: ``sizes`` before and ``result`` after (empty where the axis disappears).

    Several lists or masks go in step: the first has their common axes as its result, the others, PAIRED, none.
    """

    effect: Effect
    text: str
    axes: tuple[int, ...]
    sizes: tuple[int, ...]
    result: tuple[int, ...]


@dataclass(frozen=True)
class Stage:
    """One access of a chain: what it was applied to, as Python, and the shapes before and after.

    ``notes`` explain a subscript axis by axis; ``moved`` says that lists with something between them put their
    axis first.
    """

    access: Access
    prefix: str
    before: tuple[int, ...]
    after: tuple[int, ...]
    notes: tuple[AxisNote, ...] = ()
    moved: bool = False


@dataclass(frozen=True)
class Selection:
    """What an index expression selects, or why it cannot.

    ``stages`` are the accesses that worked, ``fix`` is an index that works where this one does not. ``flags`` is
    what the name ``mask`` stands for, where the expression has it and torch makes it.
    """

    expression: IndexExpression
    before: Traced
    after: Traced | None = None
    stages: tuple[Stage, ...] = ()
    error: TorchError | None = None
    problem: TensorInputError | None = None
    fix: str | None = None
    flags: torch.Tensor | None = None

    @property
    def shares(self) -> bool:
        """Whether the result is a view of ``x``."""
        return self.after is not None and shares_storage(self.before.values, self.after.values)


def select(expression: IndexExpression, traced: Traced) -> Selection:
    """Apply an expression to a tensor; raises nothing that a learner's input can cause.

    >>> import torch
    >>> from lib.core.tensors.trace import number_elements
    >>> x = number_elements([torch.arange(24).reshape(2, 3, 4)])[0]
    >>> select(parse_index("x[0, 1:3, ::2]"), x).after.values.tolist()
    [[4, 6], [8, 10]]
    """
    current = traced
    stages: list[Stage] = []
    flags: torch.Tensor | None = None
    try:  # first, as in the code for the screen: its refusal is the one that is seen
        if expression.mask is not None:
            flags = expression.mask.mask(traced.values)
    except TensorInputError as problem:
        return Selection(expression, traced, problem=problem)
    except TORCH_RAISES as error:
        return Selection(expression, traced, error=TorchError.of(error))
    for written, prefix in zip(expression.accesses, expression.prefixes, strict=True):
        try:
            access = resolved(written, traced.values)
            following = apply_access(access, current)
        except TensorInputError as problem:
            return Selection(expression, traced, stages=tuple(stages), problem=problem, flags=flags)
        except TORCH_RAISES as error:
            fix, torchs = suggest(expression, traced), TorchError.of(error)
            return Selection(expression, traced, stages=tuple(stages), error=torchs, fix=fix, flags=flags)
        notes: tuple[AxisNote, ...] = ()
        moved = False
        if isinstance(access, Subscript):
            notes, moved = axis_notes(access, current.shape), has_split_lists(access.items)
        stages.append(Stage(access, prefix, current.shape, following.shape, notes, moved))
        current = following
    return Selection(expression, traced, current, tuple(stages), flags=flags)


def gather_rule(name: str, gather: Gather, ndim: int) -> str:
    """Where each cell of a gather comes from, as an equation.

    >>> gather_rule("x", Gather(-1, Many([[0]], (1, 1), False, True)), 2)
    'y[i, j] = x[i, index[i, j]]'
    """
    letters = "ijklmnop"[:ndim]
    place = ", ".join(letters)
    taken = [
        f"index[{place}]" if axis == gather.dim % ndim else letter for axis, letter in enumerate(letters)
    ]
    return f"y[{place}] = {name}[{', '.join(taken)}]"


def index_presets(shape: tuple[int, ...]) -> dict[str, str]:
    """Examples by name that work on a tensor of a shape; those that need more axes or places are left out.

    >>> index_presets((3, 4))["diagonal"], index_presets((2, 3, 4))["diagonal"]
    ('x[[0, 1, 2], [0, 1, 2]]', 'x[0, [0, 1, 2], [0, 1, 2]]')
    """
    if not shape or 0 in shape:
        return {"comparison": f"x[{NAME} > 9]", "mask": "x[mask]", "new_axis": "x[None]"}
    lead = "0, " * (len(shape) - 2)
    presets = {"first": f"x[{min(1, shape[0] - 1)}]"}
    if len(shape) > 1:
        presets["row"] = f"x[..., {min(1, shape[-2] - 1)}, :]"
        presets["column"] = f"x[..., {min(2, shape[-1] - 1)}]"
        both = list(range(min(*shape[-2:], 4)))
        presets["diagonal"] = f"x[{lead}{both}, {both}]"
        presets["step"] = f"x[{lead}:, ::2]"
        presets["transpose"] = "x.T" if len(shape) == 2 else "x.transpose(-2, -1)"
    else:
        presets["step"] = "x[::2]"
    places = [min(place, shape[-1] - 1) for place in (0, 1, 3)]
    rows = min(shape[-2] if len(shape) > 1 else 1, len(places))
    nested: object = [[place] for place in places[:rows]] if len(shape) > 1 else places[::-1]
    for _ in range(len(shape) - 2):
        nested = [nested]
    return presets | {
        "comparison": f"x[{NAME} > 9]",
        "mask": "x[mask]",
        "new_axis": "x[:, None]",
        "gather": f"x.gather({len(shape) - 1}, torch.tensor({nested}))",
    }


def axis_notes(access: Subscript, shape: tuple[int, ...]) -> tuple[AxisNote, ...]:
    """What each item of a legal subscript does, in the order of writing; untouched axes at the end."""
    taken = consumed(access.items, shape)
    common = np.broadcast_shapes(
        *(listed_shape(item) for item in access.items if isinstance(item, Many | Computed))
    )
    notes: list[AxisNote] = []
    for item, text, axes in zip(access.items, access.texts, taken, strict=True):
        sizes = tuple(shape[axis] for axis in axes)
        effect, result = _effect(item, sizes, common)
        if effect in {Effect.LISTED, Effect.MASKED} and any(
            note.effect in {Effect.LISTED, Effect.MASKED} for note in notes
        ):
            effect, result = Effect.PAIRED, ()
        notes.append(AxisNote(effect, text, axes, sizes, result))
    last = max((axis for axes in taken for axis in axes), default=-1)
    kept = [AxisNote(Effect.KEPT, ":", (a,), (shape[a],), (shape[a],)) for a in range(last + 1, len(shape))]
    return (*notes, *kept)


def _effect(item: Item, sizes: tuple[int, ...], common: tuple[int, ...]) -> tuple[Effect, tuple[int, ...]]:
    match item:
        case Whole() | NotWhole():
            return Effect.PICKED, ()
        case Range(start, stop, step):
            return Effect.SLICED, (len(range(*slice(start, stop, step).indices(sizes[0]))),)
        case NewAxis():
            return Effect.NEW, (1,)
        case Many(is_mask=True) | Computed(is_mask=True):
            return Effect.MASKED, common
        case Many() | Computed():
            return Effect.LISTED, common
        case _:
            return Effect.KEPT, sizes


def has_split_lists(items: Sequence[Item]) -> bool:
    """Whether lists or masks have a slice, ``...`` or ``None`` between them; torch then puts their axis first.

    >>> has_split_lists(parse_index("x[[0, 1], :, [1, 2]]").accesses[0].items)
    True
    """
    # Unlike NumPy, torch takes single places out first: they neither join nor part the lists.
    others = [item for item in items if not isinstance(item, Whole)]
    lists = [
        index for index, item in enumerate(others) if isinstance(item, Many | MaskRule | Part | Computed)
    ]
    return bool(lists) and lists[-1] - lists[0] + 1 != len(lists)


def result_shape(notes: Sequence[AxisNote], *, moved: bool) -> tuple[int, ...]:
    """The result's shape put together from the notes: what the explanation on screen adds up to.

    >>> result_shape([AxisNote(Effect.PICKED, "0", (0,), (2,), ()), AxisNote(Effect.KEPT, ":", (1,), (3,), (3,))],
    ...              moved=False)
    (3,)
    """
    shape: list[int] = []
    common: tuple[int, ...] = ()
    for note in notes:
        if moved and note.effect in {Effect.LISTED, Effect.MASKED}:
            common = note.result
        else:
            shape += note.result
    return (*common, *shape)


def suggest(expression: IndexExpression, traced: Traced) -> str | None:
    """The nearest expression that works: places moved inside, surplus items dropped, steps made positive.

    >>> import torch
    >>> from lib.core.tensors.trace import number_elements
    >>> suggest(parse_index("x[5, 0, 0]"), number_elements([torch.zeros(2, 3)])[0])
    'x[1, 0]'
    """
    text = NAME
    current = traced
    try:
        for written in expression.accesses:
            access = resolved(written, traced.values)
            if isinstance(access, Reorder):
                text += access.code
                current = apply_access(access, current)
                continue
            if not isinstance(access, Subscript):
                return None
            flipped = _flipped(access.items, current.shape)
            text += f".flip({', '.join(map(str, flipped))})" if flipped else ""
            items = _fitted(access.items, current.shape)
            if not items:
                return None
            accesses: list[Access] = [Flip(flipped)] if flipped else []
            if not flipped or any(item not in (Range(None, None, None), Rest()) for item in items):
                text += f"[{', '.join(map(_item_text, items))}]"
                accesses.append(_parsed_alone(text))
            for each in accesses:
                current = apply_access(resolved(each, traced.values), current)
    except (TensorInputError, *TORCH_RAISES):
        return None
    return text


def _parsed_alone(text: str) -> Access:
    return parse_index(text).accesses[-1]


def _flipped(items: Sequence[Item], shape: tuple[int, ...]) -> tuple[int, ...]:
    """The axes that are to be read backwards: PyTorch has ``flip`` for that.

    >>> _flipped([Range(None, None, -2)], (2, 3))
    (0,)
    """
    taken = consumed(items, shape)
    return tuple(
        axes[0]
        for item, axes in zip(items, taken, strict=True)
        if isinstance(item, Range) and item.step is not None and item.step < 0 and axes
    )


def _forwards(item: Range, size: int) -> Range:
    """What a range with a negative step selects, counted from the other end.

    >>> str(_forwards(Range(5, 1, -2), 7)), str(_forwards(Range(None, None, -2), 7))
    ('1:5:2', '::2')
    """
    assert item.step is not None
    start, stop, step = slice(item.start, item.stop, item.step).indices(size)
    return Range(
        None if item.start is None else size - 1 - start,
        None if item.stop is None else size - 1 - stop,
        None if step == -1 else -step,
    )


def _fitted(items: Sequence[Item], shape: tuple[int, ...]) -> list[Item]:
    fitted: list[Item] = []
    for item, axes in zip(items, consumed(items, shape), strict=True):
        is_surplus = len(axes) < (width_of(item) or 0)
        if not is_surplus and not (isinstance(item, Rest) and item in fitted):
            fitted.append(_fit_item(item, tuple(shape[axis] for axis in axes)))
    return _as_grid(fitted)


def _as_grid(items: list[Item]) -> list[Item]:
    """Lists that cannot go in step, turned so that they span a grid: the first as a column, the last as a row."""
    places = [index for index, item in enumerate(items) if isinstance(item, Many)]
    lists = [item for item in items if isinstance(item, Many)]
    try:
        np.broadcast_shapes(*map(listed_shape, lists))
    except ValueError:
        if any(item.is_mask or len(item.shape) != 1 for item in lists):
            return items
        turned = list(items)
        for rank, (index, item) in enumerate(zip(places[:-1], lists[:-1], strict=True)):
            values: list[Nested] = list(flatten(item.values))
            for _ in range(len(lists) - 1 - rank):
                values = [[value] for value in values]
            turned[index] = Many(values, (len(values), *(1,) * (len(lists) - 1 - rank)), False, True)
        return turned
    return items


def _fit_item(item: Item, sizes: tuple[int, ...]) -> Item:
    if isinstance(item, Whole) and sizes[0]:
        return Whole(min(max(item.value, -sizes[0]), sizes[0] - 1))
    if isinstance(item, NotWhole):
        return _fit_item(Whole(int(item.value)), sizes)
    if isinstance(item, Range) and item.step is not None and item.step <= 0:
        return _forwards(item, sizes[0]) if item.step else replace(item, step=None)
    if isinstance(item, Many) and not item.is_mask and len(item.shape) == 1 and sizes[0]:
        places = [min(max(int(value), -sizes[0]), sizes[0] - 1) for value in flatten(item.values)]
        return Many(list(places), item.shape, False, item.as_tensor)
    if isinstance(item, Many) and item.is_mask and len(item.shape) == 1:
        flags = [bool(value) for value in flatten(item.values)][: sizes[0]]
        flags += [False] * (sizes[0] - len(flags))
        return Many(list(flags), (len(flags),), True, item.as_tensor)
    return item


def _item_text(item: Item) -> str:
    match item:
        case Whole(value) | NotWhole(value):
            return str(value)
        case Range():
            return str(item)
        case Rest():
            return "..."
        case NewAxis():
            return "None"
        case Compared() | Joined() | Inverted() | Many() | Part() | Computed():
            return item.code
