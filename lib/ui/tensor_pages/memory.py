"""/memory: a storage and a view on it, two boxes that share or do not, and what a cast loses."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from lib.core.tensors import strides as storage_views
from lib.core.tensors.create import DTYPES, Creation, parse_creation
from lib.core.tensors.dtypes import (
    Cast,
    DtypeInfo,
    cast,
    cast_code,
    divide,
    dtype_table,
    parse_value,
    promote,
    promotion,
)
from lib.core.tensors.errors import Problem, TensorInputError
from lib.core.tensors.sharing import (
    ARRAY_DTYPES,
    FROM_ARRAY,
    MAX_EDIT,
    TENSOR_DTYPES,
    Box,
    Edit,
    Experiment,
    Refusal,
    Shared,
    Way,
    edits_text,
    parse_edits,
    run,
)
from lib.core.tensors.strides import (
    MAX_SIZE,
    MAX_STORAGE,
    PRESETS,
    Preset,
    View,
    fit,
    highest_offset,
    highest_size,
    highest_stride,
    numpy_flip_strides,
)
from lib.ui.address import bound_choice, bound_number, bound_slider, keep_in_address
from lib.ui.components.tensor import Edited, Group, Mark, Picture, Scene, picture_of, tensor_scene
from lib.ui.devices import devices
from lib.ui.frame import Frame
from lib.ui.tensor_pages.controls import pick_once, show_problem, show_refusal, typed_tensor
from lib.ui.texts.memory import MemoryTexts
from lib.ui.texts.tensors import TensorWords
from lib.ui.torch_once import use_torch

if TYPE_CHECKING:
    import torch

MAX_TYPED = 99_999
SIZES, STRIDES = ("s0", "s1", "s2"), ("t0", "t1", "t2")
DEFAULT = PRESETS[Preset.ROWS]
DEFAULT_STORAGE = "arange(24)"
EDITS = "edits"
_STORAGE_SEEN = "_storage_of"
_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_EDITS_STATE = "_edits"


# --- storage and view -----------------------------------------------------------------------------------------


def storage_and_view(view: Frame, texts: MemoryTexts, words: TensorWords) -> str:
    """The first topic; returns the code for the screen."""
    spec, storage = _storage(texts, words)
    _preset_buttons(texts)
    settings, shown = st.columns([3, 7], gap="medium")
    with settings:
        looked = _view_sliders(texts, storage.numel())
        flipped = st.toggle(texts.flip_toggle, key="flip", bind="query-params")
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
            f"`v.size()` → `{tensor.size()}` · `v.shape` → `{tensor.shape}`: {texts.both_shapes_why}\n\n"
            f"`v.stride()` → `{tensor.stride()}` · `v.storage_offset()` → `{tensor.storage_offset()}` · {order}"
        )
        if flipped:
            _flip_evidence(texts, tensor)
    return looked.code(None if spec.expression == DEFAULT_STORAGE else spec.code("x"), flipped=flipped)


def _storage(texts: MemoryTexts, words: TensorWords) -> tuple[Creation, torch.Tensor]:
    """The learner's tensor and its elements in a row; the default where it is too large or empty."""
    spec, _ = typed_tensor(
        texts.storage_of, key="st", default=DEFAULT_STORAGE, words=words, help=words.input_help
    )
    if not 1 <= spec.elements <= MAX_STORAGE:
        details: dict[str, str | int] = {"elements": spec.elements, "limit": MAX_STORAGE}
        show_problem(TensorInputError(Problem.TOO_MANY_ELEMENTS, details), words)
        st.caption(words.last_good.format(text=DEFAULT_STORAGE))
        spec = parse_creation(DEFAULT_STORAGE)
    tensor = spec.make().detach()
    _start_with_its_own_shape(spec, tensor)
    return spec, tensor.flatten()


def _start_with_its_own_shape(spec: Creation, tensor: torch.Tensor) -> None:
    """A new tensor opens with the view that it is itself; the first one, where the address says none."""
    seen = st.session_state.get(_STORAGE_SEEN)
    st.session_state[_STORAGE_SEEN] = spec.expression
    said = seen is None and any(key in st.query_params for key in ("dims", *SIZES, *STRIDES))
    if said or spec.expression == (seen or DEFAULT_STORAGE):
        return
    if spec.expression == DEFAULT_STORAGE:
        _load_view(DEFAULT)
        return
    shaped = tensor if 1 <= tensor.dim() <= storage_views.MAX_VIEW_DIMS else tensor.flatten()
    if max(shaped.shape) <= MAX_SIZE:
        _load_view(View(tuple(shaped.shape), shaped.contiguous().stride(), 0, shaped.numel()))


def _load_view(chosen: View) -> None:
    """Set the sliders to a view."""
    st.session_state["dims"] = len(chosen.size)
    st.session_state["off"] = chosen.offset
    for axis in range(storage_views.MAX_VIEW_DIMS):
        known = axis < len(chosen.size)
        st.session_state[SIZES[axis]] = chosen.size[axis] if known else 1
        st.session_state[STRIDES[axis]] = chosen.stride[axis] if known else 1


def _flip_evidence(texts: MemoryTexts, tensor: torch.Tensor) -> None:
    pointers = (f"{each.data_ptr():#x}" for each in (tensor, tensor.flip(0)))
    st.markdown(texts.pointers_of.format(**dict(zip("vf", pointers, strict=True))))
    st.markdown(texts.flip.format(stride=numpy_flip_strides(tensor)))


def _preset_buttons(texts: MemoryTexts) -> None:
    def load(name: str) -> None:
        _load_view(PRESETS[Preset(name)])
        st.session_state["flip"] = name == Preset.FLIP

    pick_once(
        texts.topics["strides"],
        list(Preset),
        key="_preset",
        format_func=lambda name: texts.presets[Preset(name)],
        pick=load,
    )


def _view_sliders(texts: MemoryTexts, storage: int) -> View:
    """Sliders whose ranges keep the view inside the storage: each one's range follows from the others."""
    most = storage_views.MAX_VIEW_DIMS
    dims = min(max(_wanted("dims", len(DEFAULT.size)), 1), most)
    _slider(texts.axes, "dims", 1, most, dims, len(DEFAULT.size))
    defaults = (*DEFAULT.size, 1), (*DEFAULT.stride, 1)
    size = tuple(_wanted(SIZES[axis], defaults[0][axis]) for axis in range(dims))
    stride = tuple(_wanted(STRIDES[axis], defaults[1][axis]) for axis in range(dims))
    wanted = (size, stride, _wanted("off", DEFAULT.offset))
    looked = fit(*wanted, storage)
    if (looked.size, looked.stride, looked.offset) != wanted:
        st.caption(texts.fitted)
    for axis in range(dims):
        left, right = st.columns(2)
        with left:
            high = highest_size(looked, axis)
            label = f"{texts.size.format(axis=axis)} (≤ {high})"
            _slider(label, SIZES[axis], 1, high, looked.size[axis], defaults[0][axis])
        with right:
            high = highest_stride(looked, axis)
            label = f"{texts.stride.format(axis=axis)} (≤ {high})"
            _slider(label, STRIDES[axis], 0, high, looked.stride[axis], defaults[1][axis])
    high = highest_offset(looked)
    _slider(f"{texts.offset} (≤ {high})", "off", 0, high, looked.offset, DEFAULT.offset)
    for axis in range(dims, most):
        for key in (SIZES[axis], STRIDES[axis]):
            st.session_state.pop(key, None)
            keep_in_address(key, None)
    return looked


def _wanted(key: str, default: int) -> int:
    return bound_number(key, -MAX_TYPED, MAX_TYPED, default)


def _slider(label: str, key: str, low: int, high: int, value: int, default: int) -> None:
    bound_slider(label, key=key, low=low, high=high, default=default, value=value)


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
        turned = np.flip(looked.places(), 0).reshape(-1)
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


# --- who shares -----------------------------------------------------------------------------------------------


def sharing(view: Frame, texts: MemoryTexts, words: TensorWords) -> str:
    """The second topic; returns the code for the screen."""
    settings, shown = st.columns([3, 7], gap="medium")
    with settings:
        experiment = _experiment(texts)
    result = run(experiment)
    with shown:
        _boxes(view, texts, words, experiment, result)
        if result.error is not None and result.refusal is not None:
            to_array = experiment.way not in FROM_ARRAY
            is_dtype = result.refusal is Refusal.DTYPE
            refusals = texts.refusals
            show_refusal(
                result.error,
                words,
                refusals[result.refusal] if to_array or not is_dtype else texts.array_dtype,
            )
            lines = experiment.code().splitlines()
            why = " ".join(str(result.error).split())
            at = 3 if result.left is None and experiment.device == "cpu" and experiment.dtype != "str" else 4
            return "\n".join([*lines[:at], f"# {lines[at]}  # {why}"])
        assert result.left is not None
        assert result.right is not None
        _verdict(texts, experiment, result.left, result.right, result)
    return experiment.code()


def _experiment(texts: MemoryTexts) -> Experiment:
    way = Way(
        bound_choice(
            texts.way,
            [*Way],
            key="way",
            default=Way.NUMPY,
            format_func=lambda name: texts.ways[Way(name)],
            widget="select",
        )
    )
    from_array = way in FROM_ARRAY
    dtype = bound_choice(
        texts.dtype,
        ARRAY_DTYPES if from_array else TENSOR_DTYPES,
        key="adtype" if from_array else "tdtype",
        default="float32",
        format_func=lambda name: f"np.{name}" if from_array and name != "str" else name,
        widget="select",
    )
    device, requires_grad = "cpu", False
    if not from_array:
        requires_grad = st.toggle(texts.requires_grad, key="agrad", bind="query-params")
    if way is Way.NUMPY:
        others = [found.name for found in devices() if found.name != "cpu"]
        device = bound_choice(
            texts.device, ["cpu", *others, "meta"], key="adevice", default="cpu", format_func=str
        )
    edits = _edits(texts)
    st.caption(texts.edit_hint)
    if edits:
        st.button(texts.reset, icon=":material/undo:", on_click=_keep_edits, args=((),))
    return Experiment(way, dtype, requires_grad, device, edits)


def _edits(texts: MemoryTexts) -> tuple[Edit, ...]:
    in_address = st.query_params.get(EDITS)
    state = st.session_state.get(_EDITS_STATE)
    if state is None or state[0] != in_address:
        try:
            edits = parse_edits(in_address or "")
        except TensorInputError:
            st.warning(texts.bad_edits, icon=":material/link_off:")
            edits = ()
        st.session_state[_EDITS_STATE] = state = (in_address, edits)
    kept: tuple[Edit, ...] = state[1]
    return kept


def _keep_edits(edits: tuple[Edit, ...]) -> None:
    text = edits_text(edits)
    if text:
        st.query_params[EDITS] = text
    else:
        st.query_params.pop(EDITS, None)
    st.session_state[_EDITS_STATE] = (text or None, parse_edits(text))


def _add_edit(edited: Edited) -> None:
    if edited.tensor not in {"a", "b"} or not 0 <= edited.place < 6 or abs(edited.value) > MAX_EDIT:
        return
    state = st.session_state.get(_EDITS_STATE)
    before: tuple[Edit, ...] = state[1] if state is not None else ()
    _keep_edits((*before, Edit(edited.tensor, edited.place, edited.value)))


def _box_picture(id: str, title: str, box: Box, changed: tuple[int, ...]) -> Picture:
    marks = np.zeros(box.values.size, dtype=np.uint8)
    marks[list(changed)] = Mark.CHANGED
    return Picture(
        id,
        title,
        box.values.shape,
        box.values.reshape(-1),
        kind="float" if "float" in box.kind else "int",
        note=box.kind,
        marks=marks,
        role="input" if id == "a" else "output",
        editable=True,
    )


def _boxes(
    view: Frame, texts: MemoryTexts, words: TensorWords, experiment: Experiment, result: Shared
) -> None:
    code = texts.ways[experiment.way]
    pictures = []
    if result.left is not None:
        pictures.append(_box_picture("a", texts.original, result.left, result.changed_left))
    if result.right is not None:
        pictures.append(_box_picture("b", texts.made, result.right, result.changed_right))
        verdict = texts.shares if result.shares else texts.apart
        reading = texts.sharing_reading.format(code=code, verdict=verdict)
    else:
        reading = texts.refused_reading.format(code=code, message=result.error)
    tensor_scene(
        Scene(tuple(pictures), reading, joiners=(f"→ {code}",)),
        key="boxes",
        colours=view.palette,
        words=words,
        on_edit=_add_edit,
    )


def _verdict(texts: MemoryTexts, experiment: Experiment, left: Box, right: Box, result: Shared) -> None:
    icon = ":material/link:" if result.shares else ":material/link_off:"
    st.markdown(f"{icon} **{texts.shares if result.shares else texts.apart}**")
    st.markdown(texts.pointers.format(left=f"{left.pointer:#x}", right=f"{right.pointer:#x}"))
    if experiment.edits:
        # Edits of both boxes change both, shared or not; and a view need not show every element.
        both = result.shares and bool(result.changed_left) and bool(result.changed_right)
        st.caption(texts.changed_both if both else texts.changed_one)


# --- dtypes ---------------------------------------------------------------------------------------------------


def dtypes(view: Frame, texts: MemoryTexts, words: TensorWords) -> str:
    """The third topic; returns the code for the screen."""
    use_torch()
    _cast_presets(texts)
    left, middle, right = st.columns(3)
    text = left.text_input(texts.value, value="300", key="value", max_chars=30, bind="query-params")
    with middle:
        source = _dtype_choice(texts.source, "from", "int64")
    with right:
        target = _dtype_choice(texts.target, "to", "int8")
    try:
        value = parse_value(text or "")
    except TensorInputError as problem:
        show_problem(problem, words)
        st.caption(texts.shown_instead.format(value=300))
        value = 300
    _cast_result(view, texts, words, cast(value, source, target), source, target)
    st.markdown(
        texts.promote.format(
            left=source,
            right=target,
            result=promote(source, target),
            rule=texts.promotions[promotion(source, target)],
        )
    )
    _division(texts)
    st.markdown(f"**{texts.all_dtypes}**")
    with st.container(key="dtype_table"):
        st.markdown(table_text(texts.table, dtype_table()))
    return (
        f"{cast_code(value, source, target)}\n"
        f"print(torch.promote_types(torch.{source}, torch.{target}))\n"
        f"{_division_code()}"
    )


def _division_code() -> str:
    a, b = st.session_state.get("num", 7), st.session_state.get("den", 2)
    lines = [f"a, b = torch.tensor({a}), torch.tensor({b})", "print(a / b)"]
    if b:
        lines += ["print(a // b)", 'print(torch.div(a, b, rounding_mode="trunc"))']
    return "\n".join(lines)


def _dtype_choice(label: str, key: str, default: str) -> str:
    return bound_choice(label, DTYPES, key=key, default=default, format_func=str, widget="select")


def _cast_presets(texts: MemoryTexts) -> None:
    def load(preset: str) -> None:
        keys = ("value", "from", "to")
        for key, part in zip(keys, preset.split("|"), strict=True):
            st.session_state[key] = part

    pick_once(
        texts.cast,
        list(texts.cast_presets),
        key="_cast_preset",
        format_func=lambda preset: texts.cast_presets[preset],
        pick=load,
    )


def _cast_result(
    view: Frame, texts: MemoryTexts, words: TensorWords, done: Cast, source: str, target: str
) -> None:
    if done.error is not None:
        show_refusal(done.error, words)
        return
    stored, becomes = texts.stored.format(source=source), texts.becomes.format(target=target)
    st.markdown(f"{stored}: `{done.stored}` → {becomes}: **`{done.result}`**")
    if not done.stored_exactly:
        st.markdown(
            texts.stored_otherwise.format(typed=f"{done.typed:.6g}", source=source, stored=done.stored)
        )
    st.markdown(texts.losses[done.loss])
    roles = ("wrong", "weight", "input")
    pictures = []
    start = 0
    for name, count, role in zip(texts.bit_names, done.fields, roles, strict=True):
        if not count:
            continue
        bits = np.array([float(bit) for bit in done.bits[start : start + count]])
        start += count
        title = name if sum(done.fields[1:2]) or name == texts.bit_names[0] else texts.bits
        pictures.append(Picture(name, title, (count,), bits, kind="int", role=role, fold=True))  # type: ignore[arg-type]
    tensor_scene(
        Scene(tuple(pictures), f"{texts.bits}: {done.bits}"), key="bits", colours=view.palette, words=words
    )


def _division(texts: MemoryTexts) -> None:
    left, right = st.columns(2)
    a = int(left.number_input(texts.left, -999, 999, 7, key="num", bind="query-params"))
    b = int(right.number_input(texts.right, -999, 999, 2, key="den", bind="query-params"))
    try:
        done = divide(a, b)
    except ZeroDivisionError:
        import torch

        st.warning(texts.zero_division.format(a=a, true=(torch.tensor(a) / torch.tensor(b)).item()))
        return
    st.markdown(texts.division.format(a=a, b=b, true=done.true, floor=done.floor, trunc=done.trunc))


def table_text(heads: tuple[str, ...], rows: tuple[DtypeInfo, ...]) -> str:
    """All dtypes as a Markdown table."""
    lines = [f"| {' | '.join(heads)} |", f"|{'---|' * len(heads)}"]
    for info in rows:
        names = ", ".join(f"`{alias}`" for alias in info.aliases)
        twin = f"`{info.numpy}`" if info.numpy else "–"
        epsilon = "–" if info.epsilon is None else f"{info.epsilon:.3g}"
        digits = "–" if info.digits is None else str(info.digits)
        low, high = (_limit(info, value) for value in (info.lowest, info.highest))
        lines.append(
            f"| `{info.name}` | {names} | {twin} | {info.nbytes} | {low} | {high} | {epsilon} | {digits} |"
        )
    return "\n".join(lines)


def _limit(info: DtypeInfo, value: float) -> str:
    if info.epsilon is not None:
        return f"{value:.5g}"
    if abs(value) < 2**31 - 1:
        return str(int(value))
    power = str(info.nbytes * 8 - 1).translate(_RAISED)
    return f"−2{power}" if value < 0 else f"2{power} − 1"
