"""A storage and a view on it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from lib.core.tensors.create import Creation, parse_creation
from lib.core.tensors.errors import Problem, TensorInputError
from lib.core.tensors.strides import (
    MAX_SIZE,
    MAX_STORAGE,
    MAX_VIEW_DIMS,
    PRESETS,
    Preset,
    View,
    fit,
    highest_offset,
    highest_size,
    highest_stride,
    numpy_flip_strides,
)
from lib.lessons.memory.state import (
    DEFAULT_STORAGE,
    DEFAULT_VIEW,
    DIMS,
    FLIP,
    OFFSET,
    SIZES,
    STORAGE,
    STORAGE_SEEN,
    STRIDES,
    TABLE,
    Topic,
    view_changes,
)
from lib.lessons.memory.texts import MemoryTexts
from lib.ui.components.columns import settings_and_picture
from lib.ui.components.tensor import Group, Mark, Picture, Scene, picture_of, tensor_scene
from lib.ui.frame import Frame
from lib.ui.state import State, offers
from lib.ui.tensors.fields import typed_tensor
from lib.ui.tensors.problems import show_problem
from lib.ui.tensors.words import TensorWords

if TYPE_CHECKING:
    import torch


def storage_and_view(view: Frame, state: State, texts: MemoryTexts, words: TensorWords) -> str:
    """The first topic; returns the code for the screen."""
    spec, storage = _storage(state, texts, words)
    offers(
        TABLE,
        "_preset",
        texts.topics[Topic.STRIDES],
        list(Preset),
        changes=lambda name: {**view_changes(PRESETS[name]), FLIP: name is Preset.FLIP},
        format=lambda name: texts.presets[name],
    )
    settings, shown = settings_and_picture("storage")
    with settings:
        looked = _view_sliders(view, state, texts, storage.numel())
        flipped = state.toggle(FLIP, texts.flip_toggle)
    with shown:
        _storage_picture(view, texts, words, looked, storage, flipped=flipped)
        index = tuple(size - 1 for size in looked.size)
        terms = " + ".join(
            [str(looked.offset), *(f"{i}·{step}" for i, step in zip(index, looked.stride, strict=True))]
        )
        written = ", ".join(map(str, index))
        st.markdown(texts.place.format(index=written, terms=terms, place=looked.highest))
        tensor = looked.tensor(storage)
        order = words.contiguous if looked.contiguous else words.not_contiguous
        st.markdown(
            f"`v.size()` → `{tensor.size()}` · `v.shape` → `{tensor.shape}`"
            f"{view.texts.colon}{texts.both_shapes_why}\n\n"
            f"`v.stride()` → `{tensor.stride()}` · `v.storage_offset()` → `{tensor.storage_offset()}` · {order}"
        )
        if flipped:
            _flip_evidence(texts, tensor)
    return looked.code(None if spec.expression == DEFAULT_STORAGE else spec.code("x"), flipped=flipped)


def _storage(state: State, texts: MemoryTexts, words: TensorWords) -> tuple[Creation, torch.Tensor]:
    """The learner's tensor and its elements in a row; the default where it is too large or empty."""
    spec, _ = typed_tensor(state, STORAGE, texts.storage_of, words, help=words.input_help)
    tensor = spec.make().detach()
    if not 1 <= tensor.numel() <= MAX_STORAGE:
        if tensor.numel():
            details: dict[str, str | int] = {"elements": tensor.numel(), "limit": MAX_STORAGE}
            show_problem(TensorInputError(Problem.TOO_MANY_ELEMENTS, details), words)
        else:
            st.error(texts.empty_storage, icon=":material/block:")
        st.caption(words.last_good.format(text=DEFAULT_STORAGE))
        spec = parse_creation(DEFAULT_STORAGE)
        tensor = spec.make().detach()
    _start_with_its_own_shape(state, spec, tensor)
    return spec, tensor.flatten()


def _start_with_its_own_shape(state: State, spec: Creation, tensor: torch.Tensor) -> None:
    """A new tensor opens with the view that it is itself; the first one, where the address says none."""
    seen = state[STORAGE_SEEN]
    state.set(STORAGE_SEEN, spec.expression)
    said = not seen and any(state.came(key) for key in (DIMS, *SIZES, *STRIDES))
    if said or spec.expression == (seen or DEFAULT_STORAGE):
        return
    shaped = tensor if 1 <= tensor.dim() <= MAX_VIEW_DIMS else tensor.flatten()
    # An axis of size 1 may have a stride that leads past the end: nobody takes that step, and no slider reaches it.
    strides = tuple(min(stride, shaped.numel() - 1) for stride in shaped.contiguous().stride())
    chosen = View(tuple(shaped.shape), strides, 0, shaped.numel())
    if spec.expression == DEFAULT_STORAGE:
        chosen = DEFAULT_VIEW
    if max(chosen.size) <= MAX_SIZE:
        for key, value in view_changes(chosen).items():
            state.set(key, value)


def _flip_evidence(texts: MemoryTexts, tensor: torch.Tensor) -> None:
    pointers = (f"{each.data_ptr():#x}" for each in (tensor, tensor.flip(0)))
    st.markdown(texts.pointers_of.format(**dict(zip("vf", pointers, strict=True))))
    st.markdown(texts.flip.format(stride=numpy_flip_strides(tensor)))


def _view_sliders(view: Frame, state: State, texts: MemoryTexts, storage: int) -> View:
    """Sliders whose ranges keep the view inside the storage: each one's range follows from the others."""
    dims = state.slider(DIMS, texts.axes)
    size = tuple(state[key] for key in SIZES[:dims])
    stride = tuple(state[key] for key in STRIDES[:dims])
    wanted = (size, stride, state[OFFSET])
    looked = fit(*wanted, storage)

    def up_to(name: str, high: int) -> str:
        return view.texts.aside.format(name=name, note=f"≤ {high}")

    if (looked.size, looked.stride, looked.offset) != wanted:
        st.caption(texts.fitted)
    for key, value in view_changes(looked).items():
        state.set(key, value)
    for axis in range(dims):
        left, right = st.columns(2)
        with left:
            high = highest_size(looked, axis)
            state.slider(SIZES[axis], up_to(texts.size.format(axis=axis), high), high=high)
        with right:
            high = highest_stride(looked, axis)
            state.slider(STRIDES[axis], up_to(texts.stride.format(axis=axis), high), high=high)
    high = highest_offset(looked)
    state.slider(OFFSET, up_to(texts.offset, high), high=high)
    return looked


def _storage_picture(
    view: Frame,
    texts: MemoryTexts,
    words: TensorWords,
    looked: View,
    storage: torch.Tensor,
    *,
    flipped: bool,
) -> None:
    import torch

    count = storage.numel()
    flat = looked.places().reshape(-1)
    marks = np.full(count, Mark.FADED, dtype=np.uint8)
    marks[flat] = Mark.SELECTED

    def part(
        id: str, title: str, shape: tuple[int, ...], taken: NDArray[np.int64], **options: Any
    ) -> Picture:
        values = storage[torch.from_numpy(taken)].reshape(shape)
        return picture_of(id, title, values, sources=(taken.astype(np.int32),), **options)

    pictures = [
        part("view", texts.view, looked.size, flat),
        part("storage", texts.storage, (count,), np.arange(count), marks=marks, fold=True),
    ]
    if flipped:
        turned = np.ascontiguousarray(np.flip(looked.places(), 0)).reshape(
            -1
        )  # torch takes no negative strides
        pictures.append(part("flipped", "f = v.flip(0)", looked.size, turned))
        pictures.append(part("copied", texts.flip_storage, (turned.size,), turned, fold=True))
    first = looked.tensor(storage).flatten()[:24].tolist()
    shown = ", ".join(f"{value:.4g}" for value in first) + (" …" if flat.size > 24 else "")
    tensor_scene(
        Scene(
            tuple(pictures),
            texts.strides_reading.format(
                size=looked.size, stride=looked.stride, offset=looked.offset, values=shown
            ),
            groups=(Group(texts.storage, (count,), 0, count),),
            play_to=None,
        ),
        key="storage",
        colours=view.palette,
        words=words,
    )
